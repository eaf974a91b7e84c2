"""Calibration and prediction sets, on simulated rows whose true probabilities are known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.classify.calibration import apply_calibration, fit_calibration, nonconformity, prediction_sets
from pipeline.classify.heads import decide, nominal_probabilities, ordinal_probabilities


def simulated(rows, ordinal, seed, sharpening=3.0):
    """Scores that are `sharpening` times too sure of themselves, and outcomes drawn from the honest probabilities."""
    rng = np.random.default_rng(seed)
    if ordinal:
        honest = rng.normal(0, 2, size=(rows, 1)) - np.arange(4)
        probabilities = ordinal_probabilities(honest)
    else:
        honest = rng.normal(size=(rows, 6))
        probabilities = nominal_probabilities(honest)
    truth = (probabilities.cumsum(axis=1) > rng.random((rows, 1))).argmax(axis=1)
    return honest * sharpening, truth, probabilities


def log_loss(probabilities, truth):
    return -np.log(probabilities[np.arange(len(truth)), truth] + 1e-9).mean()


@pytest.mark.parametrize("ordinal", [False, True])
def test_calibration_takes_back_overconfidence(ordinal):
    scores, truth, _ = simulated(2000, ordinal, seed=0)
    classes = 5 if ordinal else 6
    calibration = fit_calibration(scores, np.eye(classes)[truth], ordinal)
    fresh, outcome, honest = simulated(2000, ordinal, seed=1)
    raw = ordinal_probabilities(fresh) if ordinal else nominal_probabilities(fresh)
    mended = apply_calibration(fresh, calibration, ordinal)
    assert log_loss(mended, outcome) < log_loss(raw, outcome) - 0.1
    assert log_loss(mended, outcome) < log_loss(honest, outcome) + 0.02
    assert calibration[0] == pytest.approx(3.0, rel=0.15)


def test_honest_scores_are_left_alone():
    scores, truth, _ = simulated(4000, False, seed=2, sharpening=1.0)
    calibration = fit_calibration(scores, np.eye(6)[truth], ordinal=False)
    assert calibration[0] == pytest.approx(1.0, rel=0.1)


@pytest.mark.parametrize("ordinal", [False, True])
@pytest.mark.parametrize("coverage", [0.8, 0.9])
def test_sets_hold_the_truth_as_often_as_stated(ordinal, coverage):
    shares = []
    for seed in range(8):
        scores, truth, _ = simulated(400, ordinal, seed=seed)
        probabilities = ordinal_probabilities(scores) if ordinal else nominal_probabilities(scores)
        known = nonconformity(probabilities[:200], truth[:200])
        sets = prediction_sets(probabilities[200:], known, coverage, ordinal)
        shares.append(sets[np.arange(200), truth[200:]].mean())
    assert coverage - 0.03 < np.mean(shares)
    assert np.mean(shares) < (1.0 if ordinal else coverage + 0.05)


def test_more_coverage_needs_larger_sets():
    scores, truth, _ = simulated(600, False, seed=4)
    probabilities = nominal_probabilities(scores)
    known = nonconformity(probabilities[:300], truth[:300])
    sizes = [prediction_sets(probabilities[300:], known, c, False).sum(axis=1).mean() for c in (0.6, 0.8, 0.95)]
    assert sizes[0] < sizes[1] < sizes[2]


rows = st.lists(st.floats(0.001, 1), min_size=6, max_size=6).map(lambda row: np.array(row) / sum(row))


@settings(deadline=None, max_examples=60)
@given(st.lists(rows, min_size=1, max_size=5), st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_sets_are_never_empty_hold_the_code_and_levels_have_no_gap(given_rows, known):
    probabilities = np.array(given_rows)
    for ordinal in (False, True):
        sets = prediction_sets(probabilities, np.sort(known), 0.9, ordinal)
        assert sets[np.arange(len(sets)), decide(probabilities, ordinal)].all()
        if ordinal:
            for row in sets:
                inside = np.flatnonzero(row)
                assert len(inside) == inside[-1] - inside[0] + 1
