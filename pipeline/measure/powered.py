"""Prediction-powered estimates: a random sample of reviewed rows corrects what the model coded on all rows.

The estimator is PPI++ (Angelopoulos, Duchi, Zrnic 2023, arXiv:2311.01453) for a ratio of two sums, with the bootstrap
of Zrnic (2024, arXiv:2405.18379). `ppi-python` offers both for independent rows only; here rows come in documents, the
denominator (in scope or not) is itself predicted, and rows reviewed for another reason than chance count as known but
correct nothing else, so the same arithmetic is written out for weights by document.
"""

import numpy as np

from pipeline.measure.resample import inflation, interval_of_draws

MINIMUM = 10  # reviewed rows that a stratum of the random sample needs to be kept apart


def sample_weights(reviewed: np.ndarray, random: np.ndarray, stratum: np.ndarray) -> np.ndarray:
    """How many rows each reviewed row stands for (N,); 0 where not reviewed.

    `random`: reviewed because chance drew it. Other reviewed rows stand for themselves; the random ones for the rest of
    their `stratum` (an integer a row), or for the whole rest where a stratum has fewer than MINIMUM of them.
    """
    rest = ~reviewed | random
    drawn = reviewed & random
    strata = [stratum == value for value in np.unique(stratum[rest])]
    if any((drawn & rows).sum() < MINIMUM for rows in strata):
        strata = [np.ones(len(reviewed), dtype=bool)]
    weight = (reviewed & ~random).astype(float)
    for rows in strata:
        if (drawn & rows).any():
            weight[drawn & rows] = (rest & rows).sum() / (drawn & rows).sum()
    return weight


def power(true: np.ndarray, predicted: np.ndarray, weight: np.ndarray, rows: int) -> float:
    """How far predictions are trusted, 0 to 1: the value that makes the estimate's variance smallest (PPI++, eq. 12).

    `true`, `predicted`: linearised contributions of the reviewed rows; `weight`: see `sample_weights`; `rows`: all.
    """
    if len(true) < 2:
        return 0.0
    covariance = np.cov(true, predicted, aweights=weight)
    variance = covariance[1, 1]
    return float(np.clip(covariance[0, 1] / ((1 + len(true) / rows) * variance), 0, 1)) if variance > 0 else 0.0


def estimate(
    true: tuple[np.ndarray, np.ndarray],
    predicted: tuple[np.ndarray, np.ndarray],
    weight: np.ndarray,
    resampled: np.ndarray,
    units: int,
    top: float,
) -> tuple[float, float, float]:
    """Estimate and interval of a ratio over n rows.

    `true`, `predicted`: numerator and denominator (n,) by the reviewer (read where `weight` > 0 only) and by the model;
    `resampled`: weights (n, B); `units`: how many documents (or rows) were resampled; `top`: the ratio's largest value.
    Returns NaNs where no denominator is left.
    """
    seen = weight > 0
    base = (weight[seen] * true[1][seen]).sum()
    if base <= 0:
        return np.nan, np.nan, np.nan
    ratio = (weight[seen] * true[0][seen]).sum() / base
    lever = power(
        (true[0] - ratio * true[1])[seen], (predicted[0] - ratio * predicted[1])[seen], weight[seen], len(weight)
    )
    parts = []
    for actual, guess in zip(true, predicted, strict=True):
        parts.append(lever * guess + weight * (np.where(seen, actual, 0) - lever * guess))
    draws = (parts[0] @ resampled) / np.maximum(parts[1] @ resampled, 1e-9)
    low, high = interval_of_draws(draws, top, float(inflation(np.array(units))))
    whole = float(np.clip(parts[0].sum() / max(parts[1].sum(), 1e-9), 0, top))
    return whole, min(low, whole), max(high, whole)
