"""Labelled examples: read with care, weighed as params.yaml says."""

import numpy as np
import pandas as pd
import pytest

from pipeline.classify.encoder import Encoded, compose, content_key
from pipeline.classify.heads import LinearHead
from pipeline.domain.codebook import CLUSTERS, LEVELS
from pipeline.domain.errors import UserError
from pipeline.domain.params import ROOT
from pipeline.train.examples import alternatives, gather, read_labelled
from pipeline.train.vectors import save_store

PARAMS = {"components": 4, "crisp_weight": 0.25, "styled_weight": 0.25, "reviewed_weight": 1.0, "seed": 1}


class Counting:
    """An encoder whose vectors tell the text's length, and which remembers what it was asked."""

    def __init__(self, name="counting@1", heads=None):
        self.name = name
        self.asked = []
        self.heads = heads or {}

    def encode(self, texts):
        self.asked += texts
        return [Encoded(np.array([len(t), t.count("e"), 1, 0], dtype=np.float32), np.zeros((0, 4))) for t in texts]


def test_shipped_examples_cover_every_cell_in_every_main_language():
    labelled = read_labelled(ROOT / "corpus" / "labelled")
    for language in ("en", "es", "fr", "pt"):
        cells = labelled[labelled["language"] == language].groupby(["cluster", "iap2_level"]).size()
        assert len(cells) == len(CLUSTERS) * len(LEVELS), language


def test_shipped_examples_are_consistent_with_the_codebook():
    labelled = read_labelled(ROOT / "corpus" / "labelled")
    for row in labelled.itertuples():
        assert row.evidence in row.text or row.evidence in row.title, row.id
        assert (row.evidence == "") == (row.iap2_level == "none"), row.id
        outside = row.iap2_level == "none" or row.cluster == "not_digital"
        assert (row.participation_in == "none") == outside, row.id
        assert (row.mandate == "") == (row.iap2_level in ("none", "inform")), row.id
        if row.iap2_level == "none":
            assert set(filter(None, row.publics.split("|"))) <= {"experts", "industry"}, row.id


def test_files_are_joined_in_order_of_name(tmp_path, few_examples):
    rows = few_examples.drop(columns="file")
    rows.iloc[:60].to_csv(tmp_path / "b.csv", index=False)
    rows.iloc[60:120].to_csv(tmp_path / "a.csv", index=False, encoding="utf-8-sig")
    rows.iloc[120:130].drop(columns=["title", "evidence"]).to_csv(tmp_path / "c.csv", index=False, sep=",")
    (tmp_path / "notes.txt").write_text("not a table")
    found = read_labelled(tmp_path)
    assert found["file"].tolist() == ["a.csv"] * 60 + ["b.csv"] * 60 + ["c.csv"] * 10
    assert found["title"].tail(10).eq("").all()


def test_an_id_used_in_two_files_is_told(tmp_path, few_examples):
    rows = few_examples.drop(columns="file")
    rows.to_csv(tmp_path / "a.csv", index=False)
    rows.iloc[[3]].to_csv(tmp_path / "b.csv", index=False)
    with pytest.raises(UserError, match=f"id '{rows['id'][3]}' is used by two"):
        read_labelled(tmp_path)


@pytest.mark.parametrize(
    ("cell", "cluster", "level"),
    [
        ("", "", ""),
        ("iap2_level=involve", "", "involve"),
        ("cluster=service_design|iap2_level=none", "service_design", "none"),
        ("cluster = service_design; iap2_level = none", "service_design", "none"),
    ],
)
def test_alternatives(cell, cluster, level):
    found = alternatives(pd.DataFrame({"alternative": [cell]}))
    assert (found["alternative_cluster"][0], found["alternative_iap2_level"][0]) == (cluster, level)


def test_stored_vectors_are_used_and_only_new_texts_encoded(tmp_path, few_examples):
    first = Counting()
    gather(few_examples, tmp_path, first, PARAMS)
    assert len(first.asked) == few_examples[["title", "text"]].drop_duplicates().shape[0]
    composed = [compose(row.title, row.text) for row in few_examples.itertuples()]
    kept = composed[:-2]
    store = {content_key(t): e.vector for t, e in zip(kept, Counting().encode(kept), strict=True)}
    save_store(tmp_path / "written.npz", "counting@1", store)
    again = Counting()
    gather(few_examples, tmp_path, again, PARAMS)
    assert sorted(again.asked) == sorted(composed[-2:])
    other = Counting("other@2")
    gather(few_examples, tmp_path, other, PARAMS)
    assert len(other.asked) == len(first.asked)


def real_rows(folder, encoder="counting@1", **changes):
    table = pd.DataFrame(
        {
            "id": ["r1", "r2"],
            "country": ["Aland", "Bland"],
            "kind": "nap",
            "language": "en",
            "cluster": "service_design",
            "iap2_level": ["none", "consult"],
            "participation_in": ["none", "digital"],
            "publics": ["", "public"],
            "mandate": ["", "no"],
            "difficulty": ["clear", "borderline"],
            "alternative": ["", "iap2_level=inform"],
            "unseen": ["", "yes"],
        }
    ).assign(**changes)
    table.to_csv(folder / "real.csv", index=False)
    save_store(folder / "real.npz", encoder, {"r1": np.ones(4), "r2": np.arange(4.0)})


def test_real_rows_join_with_their_weight_and_country(tmp_path, few_examples):
    real_rows(tmp_path)
    examples = gather(few_examples, tmp_path, Counting(), PARAMS)
    real = examples.table["origin"] == "real"
    assert real.sum() == 2 and len(examples.features) == len(few_examples) + 2
    assert set(examples.weight[real.to_numpy()]) == {1.0} and set(examples.weight[~real.to_numpy()]) == {0.25}
    assert examples.table["group"][real].tolist() == ["Aland", "Bland"]
    assert examples.table["unseen"].tolist()[-2:] == [False, True] and not examples.table["unseen"][~real].any()
    assert examples.table["alternative_iap2_level"].tolist()[-1] == "inform"


def test_real_rows_of_another_encoder_are_left_out(tmp_path, few_examples):
    real_rows(tmp_path, encoder="another@1")
    assert set(gather(few_examples, tmp_path, Counting(), PARAMS).table["origin"]) == {"written"}


def test_real_rows_that_do_not_fit_their_vectors_are_told(tmp_path, few_examples):
    real_rows(tmp_path, id=["r1", "r9"])
    with pytest.raises(UserError, match="r9 has no vector"):
        gather(few_examples, tmp_path, Counting(), PARAMS)
    (tmp_path / "real.csv").unlink()
    with pytest.raises(UserError, match=r"real\.csv: not found"):
        gather(few_examples, tmp_path, Counting(), PARAMS)


@pytest.mark.parametrize("content", [b"", b"garbage", b"PK\x03\x04 cut"])
def test_a_damaged_store_is_told(tmp_path, few_examples, content):
    (tmp_path / "written.npz").write_bytes(content)
    with pytest.raises(UserError, match=r"written\.npz.*restore it from git, or delete it") as told:
        gather(few_examples, tmp_path, Counting(), PARAMS)
    assert "\n" not in str(told.value)


def test_a_store_is_the_same_file_for_the_same_vectors(tmp_path):
    vectors = {"b": np.ones(3), "a": np.zeros(3)}
    save_store(tmp_path / "1.npz", "e@1", vectors)
    save_store(tmp_path / "2.npz", "e@1", dict(reversed(vectors.items())))
    assert (tmp_path / "1.npz").read_bytes() == (tmp_path / "2.npz").read_bytes()


def test_rows_without_a_stored_vector_are_new_to_the_encoder(tmp_path, few_examples):
    real_rows(tmp_path)
    composed = [compose(row.title, row.text) for row in few_examples.itertuples()]
    kept = composed[:-2]
    store = {content_key(t): e.vector for t, e in zip(kept, Counting().encode(kept), strict=True)}
    save_store(tmp_path / "written.npz", "counting@1", store)
    fresh = gather(few_examples, tmp_path, Counting(), PARAMS).fresh
    assert fresh.tolist() == [text not in kept for text in composed] + [False, True]  # r2 is of a held-out country


def test_the_encoders_own_heads_stand_beside_the_components(tmp_path, few_examples):
    own = LinearHead(np.array([[0.5, 0, 0, 0], [0, -1.0, 0, 0]]), np.array([1.0, 2.0]), np.zeros(4), np.ones(4))
    examples = gather(few_examples, tmp_path, Counting(heads={"cluster": own}), PARAMS)
    assert examples.features.shape[1] == 4 + 2
    asked = [compose(row.title, row.text) for row in few_examples.itertuples()]
    expected = [[1 + len(text) / 2, 2 - text.count("e")] for text in asked]
    assert np.allclose(examples.features[:, examples.own["cluster"]], expected, rtol=1e-4)
    assert set(gather(few_examples, tmp_path, Counting(), PARAMS).own) == set()


def test_a_translation_names_an_example_in_another_language():
    labelled = read_labelled(ROOT / "corpus" / "labelled").set_index("id")
    said_again = labelled[labelled["translation_of"] != ""]
    of = labelled.loc[said_again["translation_of"]]
    assert len(said_again) and (said_again["language"].to_numpy() != of["language"].to_numpy()).all()
