"""Heads that begin as the encoder's own and are moved by the rows that it has not seen.

While the encoder was tuned it learned its training rows by heart: a head fitted anew on their vectors trusts features
that say more about those rows than about the next ones (docs/evaluation.md has the figures). Its own heads were learned
before that. So they stay, and rows new to the encoder (unseen countries, reviews, examples of your own) add a
correction that is held small: a logistic regression with the own scores as offset and a ridge on all that departs.
"""

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax

from pipeline.classify.heads import LinearHead, sigmoid


def adapted(
    features: np.ndarray, own: np.ndarray, targets: np.ndarray, weight: np.ndarray, c: float, nominal: bool
) -> LinearHead:
    """A head over `features` (rows, d), of which the columns `own` (indices) are the encoder's scores for it.

    `targets`: (rows, outputs) in 0 to 1; shares of the classes where `nominal`, else independent outcomes. `weight`:
    (rows,). `c`: inverse strength of the ridge. The own scores are stretched by one slope, with a prior at 1. Without
    rows the head is the encoder's own.
    """
    rest = np.setdiff1d(np.arange(features.shape[1]), own)
    outputs = len(own)
    centre, scale = np.zeros(features.shape[1]), np.ones(features.shape[1])
    if len(features):
        spread = features[:, rest].std(axis=0)
        centre[rest], scale[rest] = features[:, rest].mean(axis=0), np.where(spread > 1e-9, spread, 1.0)
    known, offset = ((features - centre) / scale)[:, rest], features[:, own]

    def loss(values: np.ndarray) -> tuple[float, np.ndarray]:
        slope, intercept, moved = np.exp(values[0]), *_parts(values, outputs)
        scores = slope * offset + intercept + known @ moved.T
        each, wrong = _losses(scores, targets, nominal)
        wrong = wrong * weight[:, None]
        ridge = 0.5 * (np.square(values[1:]).sum() / c + values[0] ** 2)
        gradient = [slope * (wrong * offset).sum() + values[0]]
        held = np.concatenate([wrong.sum(axis=0), (wrong.T @ known).ravel()]) + values[1:] / c
        return float((each * weight).sum() + ridge), np.concatenate([gradient, held])

    found = minimize(loss, np.zeros(1 + outputs * (1 + len(rest))), jac=True, method="L-BFGS-B").x
    intercept, moved = _parts(found, outputs)
    weights = np.zeros((outputs, features.shape[1]))
    weights[:, rest] = moved
    weights[np.arange(outputs), own] = np.exp(found[0])
    return LinearHead(weights, intercept, centre, scale)


def _parts(values: np.ndarray, outputs: int) -> tuple[np.ndarray, np.ndarray]:
    """Intercepts (outputs,) and corrections (outputs, features) in the vector that is optimised."""
    return values[1 : 1 + outputs], values[1 + outputs :].reshape(outputs, -1)


def _losses(scores: np.ndarray, targets: np.ndarray, nominal: bool) -> tuple[np.ndarray, np.ndarray]:
    """Log loss of each row (rows,), and its gradient by the scores (rows, outputs)."""
    if nominal:
        logged = log_softmax(scores, axis=1)
        return -(targets * logged).sum(axis=1), np.exp(logged) - targets
    return (np.logaddexp(0, scores) - targets * scores).sum(axis=1), sigmoid(scores) - targets
