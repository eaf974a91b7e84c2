"""The classifier's mistakes in the estimates and their intervals."""

import numpy as np
import pandas as pd
import pytest
from fictional import PARAMS, confusion, documents_of, misread, truth

from pipeline.domain import codebook
from pipeline.domain.errors import UserError
from pipeline.measure import misclassification, powered, resample
from pipeline.measure.stage import measure

HEADLINE = "below_threshold/involve"


def headline(commitments, confused=None, reviewed=None, **params):
    tables = measure(commitments, documents_of(commitments), PARAMS | params, confused, reviewed)
    return tables["deficit"].set_index("estimate_id").loc[HEADLINE]


def below(table):
    scope = table[table["cluster"] != "not_digital"]
    return scope["iap2_level"].isin(["none", "inform", "consult"]).mean()


@pytest.fixture(scope="module")
def world():
    true = truth(80, 14, seed=3)
    tested = truth(60, 20, seed=4)
    return true, misread(true, 5), confusion(tested, misread(tested, 6))


def test_the_confusion_corrects_what_the_count_gets_wrong(world):
    true, coded, confused = world
    row = headline(coded, confused)
    assert abs(row["counted"] - below(true)) > 0.02  # the faulty classifier reads too high a level
    assert abs(row["estimate"] - below(true)) < abs(row["counted"] - below(true))
    assert row["low"] <= below(true) <= row["high"]
    assert row["method"] == "evaluation's confusion carried; documents resampled"


def test_carrying_the_confusion_widens_the_interval(world):
    _, coded, confused = world
    with_error, without = headline(coded, confused), headline(coded)
    assert with_error["high"] - with_error["low"] > without["high"] - without["low"]
    assert without["method"] == "classifier's error not included; documents resampled"
    assert without["estimate"] == without["counted"]


def test_a_faultless_classifier_needs_no_correction(world):
    true, _, _ = world
    tested = truth(100, 20, seed=8)
    row = headline(true, confusion(tested, tested))
    assert row["estimate"] == pytest.approx(below(true), abs=0.02)


def test_other_measures_say_which_error_they_leave_out(world):
    _, coded, confused = world
    deficit = measure(coded, None, PARAMS, confused)["deficit"].set_index("estimate_id")
    assert "not the error in publics" in deficit.loc["expert_substitution", "method"]


def test_probabilities_of_the_model_serve_where_no_confusion_is_known(world):
    _, coded, _ = world
    for words, name in ((codebook.CLUSTERS, "cluster"), (codebook.LEVELS, "iap2_level")):
        for word in words:
            coded = coded.assign(**{f"p_{word}": np.where(coded[name] == word, 0.75, 0.05)})
    row = headline(coded)
    assert row["method"].startswith("model's own probabilities carried")
    # A quarter of all codes may be any other, so a share near 0.8 is drawn towards the middle.
    assert row["estimate"] < row["counted"]


def test_reviewed_rows_drawn_by_chance_correct_the_model(world):
    true, coded, _ = world
    chosen = np.random.default_rng(1).random(len(true)) < 0.4
    mixed = coded.copy()
    for name in ("cluster", "iap2_level"):
        mixed.loc[chosen, name] = true.loc[chosen, name]
    mixed.loc[chosen, "source"] = "review"
    reviewed = pd.DataFrame(
        {
            "commitment_id": coded.loc[chosen, "commitment_id"],
            "model_cluster": coded.loc[chosen, "cluster"],
            "model_iap2_level": coded.loc[chosen, "iap2_level"],
            "random": 1,
        }
    )
    row = headline(mixed, None, reviewed)
    assert row["method"] == f"prediction-powered by {chosen.sum()} reviewed rows; documents resampled"
    assert row["low"] <= below(true) <= row["high"]
    assert abs(row["estimate"] - below(true)) < abs(row["counted"] - below(true))


def test_rows_reviewed_for_another_reason_do_not_pass_for_a_sample(world):
    true, coded, confused = world
    hard = true["iap2_level"].eq("empower").to_numpy()
    mixed = coded.copy()
    mixed.loc[hard, ["cluster", "iap2_level"]] = true.loc[hard, ["cluster", "iap2_level"]]
    mixed.loc[hard, "source"] = "review"
    reviewed = pd.DataFrame(
        {
            "commitment_id": coded.loc[hard, "commitment_id"],
            "model_cluster": coded.loc[hard, "cluster"],
            "model_iap2_level": coded.loc[hard, "iap2_level"],
            "random": 0,
        }
    )
    row = headline(mixed, confused, reviewed)
    assert row["method"].startswith("evaluation's confusion carried")


def test_a_corpus_reviewed_in_full_is_counted(world):
    true, _, confused = world
    row = headline(true.assign(source="review"), confused)
    assert row["estimate"] == pytest.approx(below(true), abs=1e-6)
    assert row["method"].startswith("every row reviewed")


def test_few_documents_are_described_by_their_commitments(world):
    _, coded, _ = world
    deficit = measure(coded, None, PARAMS, None)["deficit"]
    plans = deficit[(deficit["grouping"] == "document") & (deficit["measure"] == "below_threshold")]
    assert plans["method"].str.endswith("commitments resampled").all()
    countries = deficit[(deficit["grouping"] == "country") & (deficit["measure"] == "below_threshold")]
    assert countries["method"].str.endswith("documents resampled").all()


def test_a_prediction_powered_ratio_by_hand():
    # Four rows, two reviewed; the model says "yes" everywhere, the reviewer said yes and no. The model's constant
    # answer carries no information (power 0), so the estimate is the reviewed rows' own share.
    true = (np.array([1.0, 0.0, 0.0, 0.0]), np.ones(4))
    model = (np.ones(4), np.ones(4))
    weight = np.array([2.0, 2.0, 0.0, 0.0])
    estimate, low, high = powered.estimate(true, model, weight, np.ones((4, 200)), np.zeros((2, 200)), 4, 1.0, 1.0)
    assert estimate == pytest.approx(0.5)
    assert low <= 0.5 <= high


def test_a_small_sample_without_errors_is_not_taken_for_certainty():
    # Fifty of 600 rows reviewed, all below the threshold as the model said. Jeffreys' interval for 50 of 50 starts at
    # 0.951 (beta distribution with 50.5 and 0.5).
    everything = (np.ones(600), np.ones(600))
    weight = np.where(np.arange(600) < 50, 12.0, 0.0)
    drawn = resample.weights(40, 600, 4000, 1)
    by_row = drawn.documents[np.arange(600) % 40]
    estimate, low, high = powered.estimate(everything, everything, weight, by_row, drawn.pseudo, 40, 1.0, 1.0)
    assert estimate == high == 1.0
    assert 0.92 < low < 0.96
    # A mean whose largest value is 5 and whose pseudo-observation is 1: the room is for a row of 1.
    nothing = (np.zeros(600), np.ones(600))
    estimate, low, high = powered.estimate(nothing, nothing, weight, by_row, drawn.pseudo, 40, 5.0, 1.0)
    assert estimate == low == 0.0
    assert 0.04 < high < 0.08


def test_reviewed_rows_stand_for_the_rest_of_their_stratum():
    reviewed = np.array([True] * 20 + [False] * 30 + [True] * 5)
    random = np.array([True] * 20 + [False] * 35)
    weight = powered.sample_weights(reviewed, random, np.zeros(55, dtype=int))
    assert weight[:20] == pytest.approx(np.full(20, 50 / 20))  # for themselves and the thirty not reviewed
    assert (weight[20:50] == 0).all()
    assert (weight[50:] == 1).all()  # picked for their doubt: they stand for themselves
    assert weight.sum() == pytest.approx(55)


def test_power_is_full_for_predictions_that_are_right_and_nil_for_noise():
    generator = np.random.default_rng(0)
    true, noise, weight = generator.random((400, 1)), generator.random((400, 1)), np.ones((400, 1))
    assert powered.power(true, true, weight) == pytest.approx([1], abs=1e-3)
    assert powered.power(true, noise, weight)[0] < 0.15


def test_intervals_of_few_units_are_wider():
    assert resample.inflation(np.array([3])) > resample.inflation(np.array([6])) > resample.inflation(np.array([500]))
    assert resample.inflation(np.array([100_000])) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"gold_cluster": "service_design"}], "rows lack gold_level"),
        (
            [
                {
                    "gold_cluster": "service_design",
                    "gold_level": "high",
                    "predicted_cluster": "service_design",
                    "predicted_level": "none",
                    "count": 1,
                }
            ],
            "unknown gold_level 'high'",
        ),
    ],
)
def test_a_bad_confusion_is_told(rows, message):
    with pytest.raises(UserError, match=message):
        misclassification.counts(rows)


def test_reviewed_rows_never_change_in_the_draws(world):
    true, coded, confused = world
    from pipeline.measure.coded import code

    codes = code(coded).cells
    fixed = np.zeros(len(coded), dtype=bool)
    fixed[::3] = True
    drawn = misclassification.draw(
        codes, np.zeros(len(coded), dtype=int), fixed, misclassification.counts(confused), 40, 1
    )
    kept = codes.cluster[fixed]
    assert (drawn.cluster[fixed] == kept[:, None]).all()
    assert (drawn.cluster[~fixed] != codes.cluster[~fixed, None]).any()
