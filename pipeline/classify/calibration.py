"""Calibrated probabilities and prediction sets.

Probabilities: temperature scaling (Guo et al. 2017), fitted on rows that neither encoder nor heads were trained on.
A bias for each class as well fitted those few rows better, and the next countries worse. Sets: split conformal
prediction (Vovk et al. 2005; crepes) at the stated coverage.
"""

import numpy as np
from crepes import ConformalClassifier
from scipy.optimize import minimize_scalar

from pipeline.classify.heads import decide, nominal_probabilities, ordinal_probabilities


def fit_calibration(scores: np.ndarray, targets: np.ndarray, ordinal: bool) -> np.ndarray:
    """The temperature, shape (1,), that minimises the mean log loss on soft targets (rows, classes)."""

    def loss(log_temperature: float) -> float:
        predicted = apply_calibration(scores, np.exp([log_temperature]), ordinal)
        return float(-(targets * np.log(predicted + 1e-6)).sum(axis=1).mean())

    return np.exp([minimize_scalar(loss, bounds=(-2, 3), method="bounded").x])


def apply_calibration(scores: np.ndarray, calibration: np.ndarray, ordinal: bool) -> np.ndarray:
    """Calibrated probabilities (rows, classes)."""
    probabilities = ordinal_probabilities if ordinal else nominal_probabilities
    return probabilities(scores, float(calibration[0]))


def nonconformity(probabilities: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """How strange each row's true class (index) looks: one minus its probability. Sorted, to be stored."""
    return np.sort(1 - probabilities[np.arange(len(truth)), truth])


def prediction_sets(
    probabilities: np.ndarray, calibration_scores: np.ndarray, coverage: float, ordinal: bool
) -> np.ndarray:
    """Which classes cannot be ruled out, boolean (rows, classes). The class decided on is always in the set.

    Ordinal sets are closed: what lies between two levels of the set belongs to it.
    """
    conformal = ConformalClassifier().fit(calibration_scores)
    inside = conformal.predict_set(1 - probabilities, confidence=coverage, smoothing=False).astype(bool)
    inside[np.arange(len(inside)), decide(probabilities, ordinal)] = True
    if ordinal:
        inside = np.logical_or.accumulate(inside, axis=1) & np.logical_or.accumulate(inside[:, ::-1], axis=1)[:, ::-1]
    return inside
