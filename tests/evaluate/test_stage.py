"""The evaluate stage: which figures it writes, beside which baselines, and what it refuses."""

import json
import shutil

import pandas as pd
import pytest

from pipeline.domain.codebook import CLUSTERS, LEVELS
from pipeline.domain.errors import UserError
from pipeline.evaluate.stage import evaluate

PARAMS = {"threshold": "involve", "bootstrap": 20, "seed": 1}


@pytest.fixture
def classifier(small_models, tmp_path):
    return shutil.copytree(small_models / "classifier", tmp_path / "classifier")


@pytest.fixture
def real(classifier, tmp_path):
    """Coded real rows: those evaluated with what the baselines said of them, and others."""
    rows = pd.read_csv(classifier / "out_of_fold.csv", keep_default_na=False)[["id", "gold_cluster", "gold_level"]]
    rows = rows.rename(columns={"gold_cluster": "cluster", "gold_level": "iap2_level"}).assign(unseen="yes")
    rows["keywords_cluster"], rows["keywords_level"] = "service_design", rows["iap2_level"]
    rows["tfidf_cluster"], rows["tfidf_level"] = rows["cluster"], "none"
    known = pd.DataFrame({"id": ["k1", "k2"], "cluster": "not_digital", "iap2_level": "none", "unseen": ""})
    path = tmp_path / "real.csv"
    pd.concat([rows, known]).to_csv(path, index=False)
    return path


def test_figures_and_files(classifier, real, tmp_path):
    metrics = evaluate(classifier, real, PARAMS, tmp_path / "out")
    assert json.loads((tmp_path / "out" / "metrics.json").read_text()) == metrics
    table = pd.read_csv(classifier / "out_of_fold.csv", keep_default_na=False)
    assert metrics["rows"] == len(table)
    assert metrics["headline"]["cluster_accuracy"] == pytest.approx(
        (table["cluster"] == table["gold_cluster"]).mean(), abs=1e-4
    )
    low, high = metrics["interval_95"]["cluster_macro_f1"]
    assert 0 <= low <= high <= 1
    assert sum(row["count"] for row in json.loads((tmp_path / "out" / "confusion.json").read_text())) == len(table)
    pairs = pd.read_csv(tmp_path / "out" / "confusion_level.csv", keep_default_na=False)
    assert set(pairs["coded"]) <= set(LEVELS) and len(pairs) == len(table)
    assert set(pd.read_csv(tmp_path / "out" / "per_class.csv")["value"]) == {*CLUSTERS, *LEVELS}
    reliability = pd.read_csv(tmp_path / "out" / "reliability.csv")
    assert reliability.groupby("head")["n"].sum().to_dict() == {"cluster": len(table), "level": len(table)}


def test_baselines_stand_beside_the_model(classifier, real, tmp_path):
    baselines = evaluate(classifier, real, PARAMS, tmp_path / "out")["baselines"]
    assert baselines["keywords"]["level_accuracy"] == 1
    assert baselines["tfidf"]["cluster_accuracy"] == 1
    table = pd.read_csv(classifier / "out_of_fold.csv", keep_default_na=False)
    assert baselines["majority"]["cluster_accuracy"] == pytest.approx(
        (table["gold_cluster"] == "not_digital").mean(), abs=1e-4
    )
    assert {figures["n"] for figures in baselines.values()} == {len(table)}


def test_the_same_bytes_twice(classifier, real, tmp_path):
    for name in ("1", "2"):
        evaluate(classifier, real, PARAMS, tmp_path / name)
    for path in (tmp_path / "1").iterdir():
        assert path.read_bytes() == (tmp_path / "2" / path.name).read_bytes()


def test_without_predictions_or_real_rows(classifier, real, tmp_path):
    with pytest.raises(UserError, match=r"nowhere\.csv: not found"):
        evaluate(classifier, tmp_path / "nowhere.csv", PARAMS, tmp_path / "out")
    (classifier / "out_of_fold.csv").unlink()
    with pytest.raises(UserError, match=r"out_of_fold\.csv: .*participation-deficit train"):
        evaluate(classifier, real, PARAMS, tmp_path / "out")


def test_real_rows_without_their_columns(classifier, tmp_path):
    (tmp_path / "real.csv").write_text("id,cluster\nr1,service_design\n")
    with pytest.raises(UserError, match="no column 'iap2_level'"):
        evaluate(classifier, tmp_path / "real.csv", PARAMS, tmp_path / "out")
