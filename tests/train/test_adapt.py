"""Heads that begin as the encoder's own: they stay without new rows, and move as far as the new rows say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.classify.heads import nominal_probabilities, sigmoid
from pipeline.train.adapt import adapted

OWN = np.array([2, 3, 4])


def rows_where_the_own_scores_miss_a_feature(count=300, seed=0):
    """Own scores of three classes that are blind to the first feature, which turns class 0 into class 1."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(3, size=count)
    features = np.concatenate([rng.normal(size=(count, 2)), np.eye(3)[truth] * 3], axis=1)
    turned = (truth == 0) & (features[:, 0] > 0)
    return features, np.eye(3)[np.where(turned, 1, truth)]


@pytest.mark.parametrize("nominal", [True, False])
def test_without_new_rows_the_head_is_the_encoders_own(nominal):
    head = adapted(np.zeros((0, 5)), OWN, np.zeros((0, 3)), np.zeros(0), 0.1, nominal)
    asked = np.random.default_rng(1).normal(size=(7, 5))
    assert np.allclose(head.scores(asked), asked[:, OWN])


@pytest.mark.parametrize("nominal", [True, False])
def test_rows_that_agree_with_the_own_scores_do_not_turn_them(nominal):
    truth = np.arange(60) % 3
    features = np.concatenate([np.random.default_rng(2).normal(size=(60, 2)), np.eye(3)[truth] * 8 - 4], axis=1)
    head = adapted(features, OWN, np.eye(3)[truth], np.ones(60), 0.01, nominal)
    assert (head.scores(features).argmax(axis=1) == truth).all()


def test_what_the_own_scores_miss_is_learned_from_new_rows():
    features, targets = rows_where_the_own_scores_miss_a_feature()
    asked, truth = rows_where_the_own_scores_miss_a_feature(seed=9)
    head = adapted(features, OWN, targets, np.ones(300), 1.0, nominal=True)

    def right(scores):
        return (scores.argmax(axis=1) == truth.argmax(axis=1)).mean()

    assert right(asked[:, OWN]) < 0.88 and right(head.scores(asked)) > 0.94


def test_the_fewer_the_rows_and_the_smaller_c_the_closer_to_the_own_scores():
    features, targets = rows_where_the_own_scores_miss_a_feature()

    def departure(count, c, weight=1.0):
        head = adapted(features[:count], OWN, targets[:count], np.full(count, weight), c, nominal=True)
        return np.abs(head.weights[:, :2]).sum()

    assert departure(10, 0.1) < departure(100, 0.1) < departure(300, 0.1)
    assert departure(300, 0.01) < departure(300, 0.1) < departure(300, 1.0)
    assert departure(300, 0.1, weight=0.2) < departure(300, 0.1)


def test_a_row_of_weight_two_counts_as_two_rows():
    features, targets = rows_where_the_own_scores_miss_a_feature(40)
    once = adapted(features, OWN, targets, np.full(40, 2.0), 0.1, nominal=True)
    twice = adapted(np.tile(features, (2, 1)), OWN, np.tile(targets, (2, 1)), np.ones(80), 0.1, nominal=True)
    assert np.allclose(once.scores(features), twice.scores(features), atol=1e-3)


def test_own_scores_that_are_too_sure_are_softened():
    rng = np.random.default_rng(4)
    own = rng.normal(size=(500, 1)) * 10
    outcome = (rng.random((500, 1)) < sigmoid(own / 5)).astype(float)
    head = adapted(own, np.array([0]), outcome, np.ones(500), 0.01, nominal=False)
    assert 0.12 < head.weights[0, 0] < 0.35


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 12), st.integers(0, 1000))
def test_scores_are_numbers_whatever_is_learned(count, seed):
    rng = np.random.default_rng(seed)
    features = np.round(rng.normal(size=(count, 5)) * 100)
    targets = np.eye(3)[rng.integers(3, size=count)].reshape(count, 3)
    for nominal in (True, False):
        head = adapted(features, OWN, targets, rng.random(count), 1.0, nominal)
        assert np.isfinite(nominal_probabilities(head.scores(rng.normal(size=(4, 5)) * 100))).all()
