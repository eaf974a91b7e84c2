"""The linear heads on encoder features: the cluster, and the level as an ordinal scale.

Both are plain numbers (weights, intercepts, temperature), saved with `numpy.savez`: nothing is unpickled on loading.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression


@dataclass(frozen=True)
class LinearHead:
    """Scores `features @ weights.T + intercept`, with features standardised by `centre` and `scale`.

    `weights`: (outputs, features). Outputs are classes for a nominal head, and "above level k" for an ordinal one.
    """

    weights: np.ndarray
    intercept: np.ndarray
    centre: np.ndarray
    scale: np.ndarray

    def scores(self, features: np.ndarray) -> np.ndarray:
        """Raw scores (logits), shape (rows, outputs)."""
        return ((features - self.centre) / self.scale) @ self.weights.T + self.intercept


def fit_projection(vectors: np.ndarray, components: int, seed: int) -> LinearHead:
    """Principal components of vectors (rows, d), as a head whose scores are the coordinates; at most `components`."""
    kept = min(components, *vectors.shape)
    pca = PCA(kept, svd_solver="randomized", random_state=seed).fit(vectors)
    return LinearHead(pca.components_, np.zeros(kept), pca.mean_, np.ones(vectors.shape[1]))


def beside(projection: LinearHead, own: dict[str, LinearHead]) -> tuple[LinearHead, dict[str, np.ndarray]]:
    """The projection with the heads `own` (on the same vectors) as further coordinates, and their columns by name."""
    weights, intercepts, columns, at = [projection.weights], [projection.intercept], {}, len(projection.weights)
    for name, head in own.items():
        weights.append(head.weights / head.scale * projection.scale)
        intercepts.append(head.intercept + (head.weights / head.scale) @ (projection.centre - head.centre))
        columns[name] = np.arange(at, at + len(head.weights))
        at += len(head.weights)
    return (
        LinearHead(np.concatenate(weights), np.concatenate(intercepts), projection.centre, projection.scale),
        columns,
    )


def fit_nominal(features: np.ndarray, targets: np.ndarray, weight: np.ndarray, c: float) -> LinearHead:
    """Multinomial logistic regression on soft targets (rows, classes): a row counts for each class it may be."""
    rows, classes, share = _unfold(targets)
    centre, scale = _standard(features, weight)
    standard = (features - centre) / scale
    weights = np.zeros((targets.shape[1], features.shape[1]))
    intercept = np.full(targets.shape[1], -20.0)  # a class without any example is practically excluded
    if len(set(classes)) < 2:
        intercept[classes] = 0.0
        return LinearHead(weights, intercept, centre, scale)
    model = LogisticRegression(C=c, max_iter=2000).fit(standard[rows], classes, sample_weight=weight[rows] * share)
    if len(model.classes_) == 2:
        weights[model.classes_] = np.vstack([-model.coef_[0] / 2, model.coef_[0] / 2])
        intercept[model.classes_] = [-model.intercept_[0] / 2, model.intercept_[0] / 2]
    else:
        weights[model.classes_] = model.coef_
        intercept[model.classes_] = model.intercept_
    return LinearHead(weights, intercept, centre, scale)


def fit_ordinal(features: np.ndarray, targets: np.ndarray, weight: np.ndarray, c: float) -> LinearHead:
    """Cumulative binary regressions (Frank and Hall 2001), one a threshold, on soft targets (rows, levels)."""
    centre, scale = _standard(features, weight)
    standard = (features - centre) / scale
    above = above_thresholds(targets)
    weights, intercepts = [], []
    for k in range(above.shape[1]):
        rows, outcome, share = _unfold(np.stack([1 - above[:, k], above[:, k]], axis=1))
        if len(set(outcome)) < 2:
            weights.append(np.zeros(features.shape[1]))
            intercepts.append(20.0 if outcome[0] else -20.0)
            continue
        model = LogisticRegression(C=c, max_iter=2000).fit(standard[rows], outcome, sample_weight=weight[rows] * share)
        weights.append(model.coef_[0])
        intercepts.append(model.intercept_[0])
    return LinearHead(np.array(weights), np.array(intercepts), centre, scale)


def fit_independent(features: np.ndarray, targets: np.ndarray, weight: np.ndarray, c: float) -> LinearHead:
    """One binary regression for each column of `targets` (rows, labels): labels that do not exclude each other."""
    centre, scale = _standard(features, weight)
    standard = (features - centre) / scale
    weights, intercepts = np.zeros((targets.shape[1], features.shape[1])), np.full(targets.shape[1], -20.0)
    for k in range(targets.shape[1]):
        outcome = targets[:, k] > 0.5
        if outcome.any() and not outcome.all():
            model = LogisticRegression(C=c, max_iter=2000).fit(standard, outcome, sample_weight=weight)
            weights[k], intercepts[k] = model.coef_[0], model.intercept_[0]
    return LinearHead(weights, intercepts, centre, scale)


def nominal_probabilities(scores: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Softmax of scores (rows, classes) at a temperature."""
    shifted = scores / temperature
    exponent = np.exp(shifted - shifted.max(axis=1, keepdims=True))
    return exponent / exponent.sum(axis=1, keepdims=True)


def ordinal_probabilities(scores: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Probabilities of the levels, (rows, thresholds + 1), from cumulative scores, made monotone first."""
    above = np.minimum.accumulate(sigmoid(scores / temperature), axis=1)
    edges = np.hstack([np.ones((len(above), 1)), above, np.zeros((len(above), 1))])
    return edges[:, :-1] - edges[:, 1:]


def decide(probabilities: np.ndarray, ordinal: bool) -> np.ndarray:
    """Index of the class decided on, for each row: the likeliest; on an ordinal scale the median, which errs least."""
    if ordinal:
        return (np.cumsum(probabilities, axis=1) < 0.5 - 1e-9).sum(axis=1)
    return probabilities.argmax(axis=1)


def sigmoid(scores: np.ndarray) -> np.ndarray:
    """Logistic function without overflow."""
    return 0.5 * (1 + np.tanh(scores / 2))


def above_thresholds(targets: np.ndarray) -> np.ndarray:
    """Shares of levels (rows, levels) as shares above each threshold, (rows, levels - 1)."""
    return 1 - np.cumsum(targets, axis=1)[:, :-1]


def one_hot(values: list[str], legal: tuple[str, ...]) -> np.ndarray:
    """Targets (rows, legal values) from labels."""
    table = np.zeros((len(values), len(legal)))
    table[np.arange(len(values)), [legal.index(value) for value in values]] = 1
    return table


def soft_targets(labels: list[str], alternatives: list[str], legal: tuple[str, ...], share: float) -> np.ndarray:
    """Like `one_hot`, but a borderline row gives `share` of itself to the alternative that its coder named."""
    table = one_hot(labels, legal)
    for row, alternative in enumerate(alternatives):
        if alternative in legal:
            table[row] *= 1 - share
            table[row, legal.index(alternative)] += share
    return table


def _unfold(targets: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows, classes = np.nonzero(targets > 1e-9)
    return rows, classes, targets[rows, classes]


def _standard(features: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if not len(features):
        return np.zeros(features.shape[1]), np.ones(features.shape[1])
    centre = np.average(features, axis=0, weights=weight)
    spread = np.sqrt(np.average((features - centre) ** 2, axis=0, weights=weight))
    return centre, np.where(spread > 1e-9, spread, 1.0)
