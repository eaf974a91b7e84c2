"""Resampling weights and the intervals made from them.

The Bayesian bootstrap (Rubin 1981) is used in its smooth form: every document (or commitment) gets an exponential
weight with mean 1. One set of weights then serves every group at once, and no group is ever left without a document.
"""

from typing import NamedTuple

import numpy as np
from scipy import stats
from scipy.special import expit, logit

FEW_DOCUMENTS = 5  # below it, documents are too few to resample: commitments are
COVERAGE = 0.95


class Weights(NamedTuple):
    """Weights by document (D, B) and by commitment (N, B), and two half pseudo-observations (2, B)."""

    documents: np.ndarray
    commitments: np.ndarray
    pseudo: np.ndarray


def weights(documents: int, commitments: int, draws: int, seed: int) -> Weights:
    """Exponential weights from `seed`; the same for the same sizes."""
    generator = np.random.default_rng([seed, 1])
    return Weights(
        generator.standard_exponential((documents, draws), dtype=np.float32),
        generator.standard_exponential((commitments, draws), dtype=np.float32),
        # Weights of Jeffreys' prior: without them a group where all agree would get an interval of width zero.
        generator.standard_gamma(0.5, (2, draws), dtype=np.float32),
    )


def inflation(units: np.ndarray) -> np.ndarray:
    """Factor by which a bootstrap of `units` must be widened for few units: Student's t and the missing n / (n - 1)."""
    units = np.maximum(units, 2)
    quantile = (1 + COVERAGE) / 2
    return stats.t.ppf(quantile, units - 1) / stats.norm.ppf(quantile) * np.sqrt((units + 1) / (units - 1))


def interval_of_ratio(
    numerator: np.ndarray, denominator: np.ndarray, pseudo: np.ndarray, top: float, step: float, factor: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Ends (K,) of the interval of `numerator` / `denominator` (K, B), a value from 0 to `top`.

    Half a pseudo-observation of value 0 and half one of value `step` are added; draws are spread around their median
    by `factor` (K,) on the log-odds scale, so that the ends stay inside the measure's range.
    """
    ratio = (numerator + step * pseudo[0]) / (denominator + pseudo.sum(axis=0))
    odds = logit(np.clip(ratio / top, 1e-9, 1 - 1e-9))
    tail = (1 - COVERAGE) / 2
    low, middle, high = np.quantile(odds, [tail, 0.5, 1 - tail], axis=1)
    return top * expit(middle + factor * (low - middle)), top * expit(middle + factor * (high - middle))


def interval_of_draws(draws: np.ndarray, top: float, factor: float = 1.0) -> tuple[float, float]:
    """Ends of the interval of `draws` (B,), spread by `factor` on the log-odds scale of the range from 0 to `top`."""
    tail = (1 - COVERAGE) / 2
    low, middle, high = logit(np.clip(np.quantile(draws, [tail, 0.5, 1 - tail]) / top, 1e-9, 1 - 1e-9))
    ends = top * expit(np.array([middle + factor * (low - middle), middle + factor * (high - middle)]))
    # Draws at an end of the range stay there: clipping must not leave a trace such as 0.999999999.
    ends = np.where(ends < 1e-6 * top, 0, np.where(ends > (1 - 1e-6) * top, top, ends))
    return float(ends[0]), float(ends[1])
