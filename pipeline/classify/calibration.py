"""Calibrated probabilities and prediction sets.

Probabilities: temperature scaling (Guo et al. 2017) with a shrunken bias for each class, fitted on rows that neither
encoder nor heads were trained on. Sets: split conformal prediction (Vovk et al. 2005; crepes) at the stated coverage.
"""

import numpy as np
from crepes import ConformalClassifier
from scipy.optimize import minimize

from pipeline.classify.heads import nominal_probabilities, ordinal_probabilities

_BIAS_SHRINKAGE = 0.02  # keeps the bias of rare classes near 0


def fit_calibration(scores: np.ndarray, targets: np.ndarray, ordinal: bool) -> np.ndarray:
    """Temperature and biases, shape (1 + outputs,), minimising the mean log loss on soft targets (rows, classes)."""
    probabilities = ordinal_probabilities if ordinal else nominal_probabilities

    def loss(parameters: np.ndarray) -> float:
        predicted = probabilities(scores + parameters[1:], float(np.exp(parameters[0])))
        return float(
            -(targets * np.log(predicted + 1e-6)).sum(axis=1).mean() + _BIAS_SHRINKAGE * (parameters[1:] ** 2).mean()
        )

    start = np.zeros(1 + scores.shape[1])
    found = minimize(loss, start, method="L-BFGS-B", bounds=[(-2, 3)] + [(-4, 4)] * scores.shape[1]).x
    return np.concatenate([[np.exp(found[0])], found[1:]])


def apply_calibration(scores: np.ndarray, calibration: np.ndarray, ordinal: bool) -> np.ndarray:
    """Calibrated probabilities (rows, classes)."""
    probabilities = ordinal_probabilities if ordinal else nominal_probabilities
    return probabilities(scores + calibration[1:], float(calibration[0]))


def nonconformity(probabilities: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """How strange each row's true class (index) looks: one minus its probability. Sorted, to be stored."""
    return np.sort(1 - probabilities[np.arange(len(truth)), truth])


def prediction_sets(
    probabilities: np.ndarray, calibration_scores: np.ndarray, coverage: float, ordinal: bool
) -> np.ndarray:
    """Which classes cannot be ruled out, boolean (rows, classes). The likeliest class is always in the set.

    Ordinal sets are closed: what lies between two levels of the set belongs to it.
    """
    conformal = ConformalClassifier().fit(calibration_scores)
    inside = conformal.predict_set(1 - probabilities, confidence=coverage, smoothing=False).astype(bool)
    inside[np.arange(len(inside)), probabilities.argmax(axis=1)] = True
    if ordinal:
        inside = np.logical_or.accumulate(inside, axis=1) & np.logical_or.accumulate(inside[:, ::-1], axis=1)[:, ::-1]
    return inside
