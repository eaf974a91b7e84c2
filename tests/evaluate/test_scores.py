"""Every figure against a value computed by hand."""

import numpy as np
import pandas as pd
import pytest

from pipeline.evaluate import scores
from pipeline.evaluate.baselines import keywords, majority, tfidf


def series(*values):
    return pd.Series(list(values))


def test_macro_f1_by_hand():
    gold = series("a", "a", "a", "b", "b", "c")
    said = series("a", "a", "b", "b", "c", "d")
    # a: precision 1, recall 2/3, F1 0.8; b: 1/2 and 1/2, F1 0.5; c: 0. d is in no gold row and does not count.
    assert scores.macro_f1(gold, said) == pytest.approx((0.8 + 0.5 + 0) / 3)


def test_weighted_kappa_by_hand():
    gold = series("none", "inform", "consult", "none")
    said = series("none", "inform", "none", "none")
    # Observed squared distance: 4/4 = 1. Expected: gold {0: 2, 1: 1, 2: 1}, said {0: 3, 1: 1}:
    # (2*1*1 + 1*3*1 + 1*3*4 + 1*1*1) / 16 = 18/16.
    assert scores.weighted_kappa(gold, said) == pytest.approx(1 - 1 / (18 / 16))


def test_weighted_kappa_of_a_constant_is_zero():
    assert scores.weighted_kappa(series("none", "inform"), series("none", "none")) == 0
    assert scores.weighted_kappa(series("none", "none"), series("none", "none")) == 0


def test_calibration_error_by_hand():
    probability = np.array([0.5] * 4 + [0.9] * 4)
    correct = np.array([1, 1, 1, 0, 1, 1, 0, 0], dtype=float)
    # Bins: said 0.5, right 0.75; said 0.9, right 0.5.
    assert scores.calibration_error(correct, probability, bins=2) == pytest.approx((0.25 + 0.4) / 2)
    assert scores.calibration_error(np.ones(5), np.ones(5)) == 0


def test_deficit_by_hand():
    cluster = series("service_design", "service_design", "tech_regulation", "not_digital")
    level = series("none", "consult", "involve", "none")
    assert scores.deficit(cluster, level, "involve") == pytest.approx(2 / 3)
    assert scores.deficit(cluster, level, "consult") == pytest.approx(1 / 3)


def test_bootstrap_resamples_groups_not_rows():
    # Ten countries agree within themselves: their mean varies as that of 10 draws does, not of 500.
    table = pd.DataFrame({"country": np.repeat(np.arange(10), 50), "hit": np.repeat([1.0, 0.0] * 5, 50)})
    low, high = scores.bootstrap(lambda part: part["hit"].mean(), table, "country", 400, seed=1)
    assert 0.1 <= low <= 0.3 and 0.7 <= high <= 0.9
    assert (low, high) == scores.bootstrap(lambda part: part["hit"].mean(), table, "country", 400, seed=1)
    one = table.assign(country=0)
    assert scores.bootstrap(lambda part: part["hit"].mean(), one, "country", 20, seed=1) == (0.5, 0.5)


def coded():
    return pd.DataFrame(
        {
            "gold_cluster": ["service_design", "service_design", "tech_regulation", "not_digital"],
            "cluster": ["service_design", "tech_regulation", "tech_regulation", "not_digital"],
            "alternative_cluster": ["", "tech_regulation", "", ""],
            "gold_level": ["none", "inform", "consult", "none"],
            "level": ["none", "consult", "involve", "inform"],
            "alternative_level": ["", "", "involve", ""],
        }
    )


def test_headline_by_hand():
    figures = scores.headline(coded())
    assert figures["cluster_accuracy"] == 0.75 and figures["cluster_accuracy_with_alternative"] == 1
    assert figures["level_accuracy"] == 0.25 and figures["level_accuracy_with_alternative"] == 0.5
    assert figures["cluster_macro_f1"] == pytest.approx((2 / 3 + 2 / 3 + 1) / 3)


def test_per_class_names_every_value():
    table = scores.per_class(coded()).set_index("value")
    assert len(table) == 12
    assert table.loc["service_design", "f1"] == pytest.approx(0.6667) and table.loc["service_design", "n"] == 2
    assert table.loc["empower", ["f1", "n"]].tolist() == [0, 0]


def test_majority_learns_from_training_rows_only():
    training = pd.DataFrame({"cluster": ["a", "b", "b"], "iap2_level": ["none", "none", "inform"]})
    found = majority(training, 2)
    assert found.to_dict("list") == {"cluster": ["b", "b"], "iap2_level": ["none", "none"]}


def test_keywords_code_every_row():
    table = pd.DataFrame({"title": ["Open data portal", None], "text": ["Data are published.", "Roads are built."]})
    assert keywords(table).to_numpy().tolist() == [["service_design", "inform"], ["not_digital", "none"]]


def test_tfidf_finds_what_words_tell():
    training = pd.DataFrame(
        {
            "title": [""] * 8,
            "text": ["open data portal published"] * 4 + ["binding law on privacy debated"] * 4,
            "cluster": ["service_design"] * 4 + ["tech_regulation"] * 4,
            "iap2_level": ["inform"] * 4 + ["consult"] * 4,
        }
    )
    found = tfidf(training, pd.DataFrame({"title": ["Privacy law", ""], "text": ["", "a data portal"]}))
    assert found["cluster"].tolist() == ["tech_regulation", "service_design"]
    assert found["iap2_level"].tolist() == ["consult", "inform"]
