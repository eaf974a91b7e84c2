"""Coding a table: columns, order, quotations, and codes that never contradict the codebook."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.classify.choose import load_encoder
from pipeline.classify.model import load
from pipeline.classify.predict import classify_table
from pipeline.domain.codebook import CLUSTERS, LEVEL_RANK, LEVELS
from pipeline.domain.schema import CLASSIFIED

CODES = [name for name in CLASSIFIED.names if name not in ("id", "text")]


@pytest.fixture(scope="module")
def coder(small_models):
    model, encoder = load(small_models / "classifier"), load_encoder("lexical", small_models)
    return lambda table: classify_table(table, model, encoder)


@pytest.fixture(scope="module")
def coded(coder, few_examples):
    return coder(few_examples[["id", "title", "text", "language"]])


def test_own_columns_and_order_are_kept(coder, few_examples):
    table = few_examples[["id", "text"]].assign(note="seen", year="2020")[::-1]
    found = coder(table)
    assert list(found.columns) == ["id", "text", "note", "year", *CODES]
    assert found["id"].tolist() == table["id"].tolist()
    assert found["note"].eq("seen").all()


def test_a_column_of_the_analyst_with_one_of_our_names_is_kept_under_another(coder, few_examples):
    table = few_examples[["id", "text"]].assign(source="IRM", cluster="mine", evidence="page 3")
    found = coder(table)
    assert found["given_source"].eq("IRM").all() and found["given_cluster"].eq("mine").all()
    assert found["given_evidence"].eq("page 3").all()
    assert found["source"].eq("model").all() and found["cluster"].isin(CLUSTERS).all()


def test_coding_again_replaces_the_codes_and_keeps_what_was_given(coder, few_examples):
    first = coder(few_examples[["id", "text"]].assign(source="IRM"))
    again = coder(first)
    assert list(again.columns) == list(first.columns)
    assert again["given_source"].eq("IRM").all()


def test_probabilities_sum_to_one_and_the_stated_one_is_that_of_the_code(coded):
    for legal, code, stated in (
        (CLUSTERS, "cluster", "cluster_probability"),
        (LEVELS, "iap2_level", "iap2_probability"),
    ):
        p = coded[[f"p_{value}" for value in legal]]
        assert np.allclose(p.sum(axis=1), 1, atol=0.001)
        said = [row[f"p_{value}"] for (_, row), value in zip(p.iterrows(), coded[code], strict=True)]
        assert coded[stated].tolist() == said
    likeliest = coded[[f"p_{value}" for value in CLUSTERS]].idxmax(axis=1).str.removeprefix("p_")
    assert (likeliest == coded["cluster"]).mean() > 0.99


def test_the_code_is_in_its_set_and_doubt_asks_for_review(coded):
    for row in coded.itertuples():
        clusters, levels = row.cluster_set.split("|"), row.iap2_set.split("|")
        assert row.cluster in clusters and row.iap2_level in levels
        ranks = [LEVEL_RANK[level] for level in levels]
        assert ranks == list(range(ranks[0], ranks[-1] + 1))
        assert row.needs_review == (len(clusters) > 1 or len(levels) > 1)
    assert coded["needs_review"].any()


def test_quotations_are_exact_and_empty_only_at_level_none(coded):
    assert {"none", "inform", "consult"} <= set(coded["iap2_level"])
    for row in coded.itertuples():
        assert row.evidence in row.text or row.evidence in row.title
        assert (row.evidence == "") == (row.iap2_level == "none")
        assert len(row.evidence.split()) <= 25


def test_it_has_learned_something(coded, few_examples):
    assert (coded["cluster"] == few_examples["cluster"]).mean() > 0.5
    distance = abs(coded["iap2_level"].map(LEVEL_RANK) - few_examples["iap2_level"].map(LEVEL_RANK))
    assert distance.mean() < 0.9  # a level in the middle, whatever the row, is 1.5 off: each level has as many rows


def test_drivers_are_words_of_the_row(coded):
    for row in coded.head(40).itertuples():
        cluster, level = row.drivers.split("; level: ")
        drivers = [*cluster.removeprefix("cluster: ").split(", "), *level.split(", ")]
        assert drivers[0]
        assert all(word in f"{row.title} {row.text}" for word in drivers)


def test_a_row_is_coded_the_same_alone_and_among_others(coder, few_examples, coded):
    alone = coder(few_examples[["id", "title", "text", "language"]].iloc[[7]])
    pd.testing.assert_frame_equal(alone[CODES], coded[CODES].iloc[[7]].reset_index(drop=True), rtol=1e-3)


def test_codes_of_an_earlier_run_are_replaced(coder, coded):
    again = coder(coded.assign(cluster="not_digital", mandate="yes"))
    pd.testing.assert_frame_equal(again[CODES], coded[CODES])


def test_an_empty_table_gets_its_columns(coder):
    found = coder(pd.DataFrame({"id": [], "text": []}))
    assert list(found.columns) == ["id", "text", *CODES] and len(found) == 0


def test_without_titles_or_with_missing_ones(coder):
    rows = pd.DataFrame({"id": ["a", "b"], "text": ["Publish open data on the portal.", "…"], "title": [None, "Votes"]})
    assert len(coder(rows)) == 2
    assert len(coder(rows.drop(columns="title"))) == 2


def test_progress_counts_rows(small_models, few_examples):
    steps = []
    model, encoder = load(small_models / "classifier"), load_encoder("lexical", small_models)
    many = pd.concat([few_examples] * 3, ignore_index=True)
    classify_table(many, model, encoder, steps.append)
    assert sum(steps) == len(many) and len(steps) > 1


def scores(width):
    return arrays(float, width, elements=st.floats(-30, 30))
