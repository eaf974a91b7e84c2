"""The agreement that corpus/labelled/README.md states is the agreement in second-coding.csv."""

import re

import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score

from pipeline.domain.codebook import CLUSTERS, LEVEL_RANK, LEVELS
from pipeline.domain.params import ROOT
from pipeline.train.examples import read_labelled

FOLDER = ROOT / "corpus" / "labelled"


@pytest.fixture(scope="module")
def codings():
    return pd.read_csv(FOLDER / "agreement" / "second-coding.csv", dtype=str, keep_default_na=False)


def test_the_stated_figures_are_those_of_the_file(codings):
    stated = re.findall(
        r"^\| (\w+) \| (\d+) \| ([\d.]+) % \| ([\d.]+) \| ([\d.]+) % \| ([\d.]+) \|$",
        (FOLDER / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert {row[0] for row in stated} == {"all", *codings["language"]}
    for language, *figures in stated:
        rows = codings if language == "all" else codings[codings["language"] == language]
        found = (
            len(rows),
            100 * (rows["first_cluster"] == rows["second_cluster"]).mean(),
            cohen_kappa_score(rows["first_cluster"], rows["second_cluster"]),
            100 * (rows["first_level"] == rows["second_level"]).mean(),
            cohen_kappa_score(
                rows["first_level"].map(LEVEL_RANK), rows["second_level"].map(LEVEL_RANK), weights="quadratic"
            ),
        )
        assert [float(figure) for figure in figures] == pytest.approx(found, abs=0.051), language
        assert float(figures[2]) == pytest.approx(found[2], abs=0.00051)
        assert float(figures[4]) == pytest.approx(found[4], abs=0.00051)


def test_every_coding_uses_the_codebook(codings):
    assert not codings["id"].duplicated().any()
    for name in ("first", "second"):
        assert set(codings[f"{name}_cluster"]) <= set(CLUSTERS)
        assert set(codings[f"{name}_level"]) <= set(LEVELS)
    agreed = (codings["first_cluster"] == codings["second_cluster"]) & (
        codings["first_level"] == codings["second_level"]
    )
    assert (agreed == (codings["outcome"] == "agreed")).all()


def test_examples_and_codings_tell_the_same_story(codings):
    labelled = read_labelled(FOLDER).set_index("id")
    outcome = codings.set_index("id")["outcome"]
    assert set(labelled.index[labelled["coded"] == "twice"]) <= set(outcome.index)
    gone = outcome.index[outcome == "drop"]
    assert not set(gone) & set(labelled.index)
    agreed = codings[codings["outcome"] == "agreed"].set_index("id")
    both = labelled.index.intersection(agreed.index)
    assert (labelled.loc[both, "cluster"] == agreed.loc[both, "first_cluster"]).all()
    assert (labelled.loc[both, "iap2_level"] == agreed.loc[both, "first_level"]).all()
