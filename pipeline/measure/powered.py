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


def power(true: np.ndarray, predicted: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """How far predictions are trusted, 0 to 1: the value that makes the estimate's variance smallest.

    `true`, `predicted`: linearised contributions of the n reviewed rows (n, B); `weight`: what each stands for in
    each of B resamples (n, B). Returns (B,). Reviewed rows are among all rows here, so the factor 1 + n / N of PPI++
    (whose unlabelled rows are others) falls away.
    """
    share = weight / np.maximum(weight.sum(axis=0), 1e-12)
    spread = predicted - (share * predicted).sum(axis=0)
    variance = (share * spread**2).sum(axis=0)
    covariance = (share * spread * (true - (share * true).sum(axis=0))).sum(axis=0)
    return np.clip(covariance / np.maximum(variance, 1e-12), 0, 1)


def _ratios(
    true: tuple[np.ndarray, np.ndarray],
    predicted: tuple[np.ndarray, np.ndarray],
    weight: np.ndarray,
    resampled: np.ndarray,
    pseudo: np.ndarray,
    step: float,
) -> np.ndarray:
    """The corrected ratio under each of B resamples (B,); the power is found anew in each, so that its luck is seen.

    `pseudo` (2, B): how much of a row of value `step`, and of one of value 0, is added to the sample.
    """
    seen = weight > 0
    stands = weight[seen, None] * resampled[seen]
    sums = [
        (part[seen] @ stands, guess @ resampled, guess[seen] @ stands)
        for part, guess in zip(true, predicted, strict=True)
    ]
    plain = sums[0][0] / np.maximum(sums[1][0], 1e-9)
    lever = power(
        true[0][seen, None] - plain * true[1][seen, None],
        predicted[0][seen, None] - plain * predicted[1][seen, None],
        stands,
    )
    above, below = (actual + lever * (everywhere - there) for actual, everywhere, there in sums)
    # What one row of the sample stands for: the mean, each row counted by its weight, so that rows that stand for
    # themselves only do not lower it.
    one = (weight**2).sum() / weight.sum()
    return (above + one * step * pseudo[0]) / np.maximum(below + one * pseudo.sum(axis=0), 1e-9)


def estimate(
    true: tuple[np.ndarray, np.ndarray],
    predicted: tuple[np.ndarray, np.ndarray],
    weight: np.ndarray,
    resampled: np.ndarray,
    pseudo: np.ndarray,
    units: int,
    top: float,
    step: float,
) -> tuple[float, float, float]:
    """Estimate and interval of a ratio over n rows.

    `true`, `predicted`: numerator and denominator (n,) by the reviewer (read where `weight` > 0 only) and by the model;
    `weight`: see `sample_weights`; `resampled`: weights (n, B); `pseudo`: half a pseudo-observation of value 0 and half
    one of value `step` (2, B), as in `resample.interval_of_ratio`: fifty rows without a single error say little about
    errors of one in a hundred, and resampling alone would take them for certainty; `units`: how many documents (or
    rows) the sample comes from; `top`: the ratio's largest value. Returns NaNs where no denominator is left.
    """
    seen = weight > 0
    if (weight[seen] * true[1][seen]).sum() <= 0:
        return np.nan, np.nan, np.nan
    whole = float(
        np.clip(_ratios(true, predicted, weight, np.ones((len(weight), 1)), np.zeros((2, 1)), step)[0], 0, top)
    )
    draws = _ratios(true, predicted, weight, resampled, pseudo, step)
    low, high = interval_of_draws(draws, top, float(inflation(np.array(units))))
    return whole, min(low, whole), max(high, whole)
