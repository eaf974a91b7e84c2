"""The linear heads: what they learn, and that their probabilities are probabilities whatever they are given."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.classify import heads

LEVELS = ("none", "inform", "consult", "involve")


def ladder(rows=400, seed=0):
    """Rows whose first feature rises with the level; the second is noise."""
    rng = np.random.default_rng(seed)
    level = rng.integers(len(LEVELS), size=rows)
    features = np.stack([level + rng.normal(0, 0.4, rows), rng.normal(size=rows)], axis=1)
    return features, level


def hot(values, classes=4):
    return np.eye(classes)[values]


def test_ordinal_head_finds_the_ladder():
    features, level = ladder()
    head = heads.fit_ordinal(features, hot(level), np.ones(len(level)), 1.0)
    fresh, truth = ladder(seed=1)
    found = heads.ordinal_probabilities(head.scores(fresh)).argmax(axis=1)
    assert (found == truth).mean() > 0.75
    assert (abs(found - truth) <= 1).all()


def test_ordinal_head_expects_more_where_the_feature_is_higher():
    features, level = ladder()
    head = heads.fit_ordinal(features, hot(level), np.ones(len(level)), 1.0)
    rising = np.stack([np.linspace(-2, 5, 60), np.zeros(60)], axis=1)
    expected = heads.ordinal_probabilities(head.scores(rising)) @ np.arange(len(LEVELS))
    assert (np.diff(expected) > 0).all()


scores = arrays(float, st.tuples(st.integers(1, 6), st.integers(1, 5)), elements=st.floats(-500, 500))


@settings(deadline=None)
@given(scores, st.floats(0.1, 20))
def test_probabilities_are_never_negative_and_sum_to_one(given_scores, temperature):
    for function in (heads.ordinal_probabilities, heads.nominal_probabilities):
        found = function(given_scores, temperature)
        assert (found >= 0).all()
        assert np.allclose(found.sum(axis=1), 1)
    assert heads.ordinal_probabilities(given_scores).shape[1] == given_scores.shape[1] + 1


def test_crossing_thresholds_give_the_level_in_between_nothing():
    # "Above level 1" can never be likelier than "above level 0".
    assert heads.ordinal_probabilities(np.array([[-1.0, 2.0]]))[0, 1] == 0


def test_nominal_head_tells_classes_apart_and_excludes_an_absent_one():
    rng = np.random.default_rng(3)
    truth = rng.choice([0, 2], size=200)
    features = rng.normal(size=(200, 3)) + 3 * (truth == 2)[:, None]
    head = heads.fit_nominal(features, hot(truth, 3), np.ones(200), 1.0)
    found = heads.nominal_probabilities(head.scores(features))
    assert (found.argmax(axis=1) == truth).mean() > 0.97
    assert found[:, 1].max() < 1e-6


@pytest.mark.parametrize("fit", [heads.fit_nominal, heads.fit_ordinal, heads.fit_independent])
def test_a_class_without_any_example_is_never_found(fit):
    features, level = ladder()
    kept = level != 3
    head = fit(features[kept], hot(level[kept]), np.ones(kept.sum()), 1.0)
    if fit is heads.fit_independent:
        assert heads.sigmoid(head.scores(features))[:, 3].max() < 1e-6
    else:
        probabilities = heads.ordinal_probabilities if fit is heads.fit_ordinal else heads.nominal_probabilities
        assert probabilities(head.scores(features))[:, 3].max() < 1e-6


@pytest.mark.parametrize("fit", [heads.fit_nominal, heads.fit_ordinal])
def test_with_a_single_class_there_is_nothing_else_to_find(fit):
    features = np.random.default_rng(0).normal(size=(20, 3))
    head = fit(features, hot(np.full(20, 1)), np.ones(20), 1.0)
    probabilities = heads.ordinal_probabilities if fit is heads.fit_ordinal else heads.nominal_probabilities
    assert (probabilities(head.scores(features)).argmax(axis=1) == 1).all()


def test_without_any_row_a_nominal_head_has_no_preference():
    head = heads.fit_nominal(np.zeros((0, 3)), np.zeros((0, 2)), np.zeros(0), 1.0)
    assert heads.nominal_probabilities(head.scores(np.ones((1, 3)))).tolist() == [[0.5, 0.5]]


def test_without_any_row_no_label_is_given():
    head = heads.fit_independent(np.zeros((0, 3)), np.zeros((0, 2)), np.zeros(0), 1.0)
    assert heads.sigmoid(head.scores(np.ones((1, 3)))).max() < 1e-6


def test_independent_labels_may_stand_together():
    rng = np.random.default_rng(5)
    features = rng.normal(size=(300, 2))
    targets = (features > 0).astype(float)
    head = heads.fit_independent(features, targets, np.ones(300), 10.0)
    assert ((heads.sigmoid(head.scores(features)) > 0.5) == targets).mean() > 0.95


def test_soft_targets_share_a_borderline_row():
    table = heads.soft_targets(["none", "consult"], ["", "involve"], LEVELS, 0.3)
    assert table.tolist() == [[1, 0, 0, 0], [0, 0, 0.7, 0.3]]


def test_half_of_a_row_counts_half():
    features = np.array([[0.0], [1.0], [1.0], [1.0], [1.0]])
    one = heads.fit_nominal(features, hot([0, 1, 1, 1, 1], 2), np.array([1, 0.5, 0.5, 0.5, 0.5]), 1.0)
    soft = np.array([[1, 0], [0.5, 0.5], [0.5, 0.5], [0, 1], [0, 1]])
    shared = heads.fit_nominal(features, soft, np.ones(5), 1.0)
    assert heads.nominal_probabilities(shared.scores(features))[1, 1] < 0.9
    assert heads.nominal_probabilities(one.scores(features))[1, 1] > 0.5


def test_projection_keeps_distances_of_a_plane():
    rng = np.random.default_rng(1)
    plane = rng.normal(size=(50, 2)) @ rng.normal(size=(2, 30))
    projection = heads.fit_projection(plane, 10, seed=0)
    coordinates = projection.scores(plane)
    assert coordinates.shape == (50, 10)
    assert np.isclose(np.linalg.norm(plane[0] - plane[1]), np.linalg.norm(coordinates[0] - coordinates[1]), rtol=1e-6)


def test_heads_beside_a_projection_score_as_they_do_alone():
    rng = np.random.default_rng(2)
    vectors = rng.normal(size=(40, 12)) * 5 + 3
    projection = heads.LinearHead(rng.normal(size=(4, 12)), rng.normal(size=4), vectors.mean(axis=0), np.full(12, 2.0))
    own = {
        name: heads.LinearHead(
            rng.normal(size=(size, 12)), rng.normal(size=size), rng.normal(size=12), 1 + rng.random(12)
        )
        for name, size in (("cluster", 3), ("level", 2))
    }
    joined, columns = heads.beside(projection, own)
    found = joined.scores(vectors)
    assert found.shape == (40, 9) and np.allclose(found[:, :4], projection.scores(vectors))
    for name, head in own.items():
        assert np.allclose(found[:, columns[name]], head.scores(vectors)), name
