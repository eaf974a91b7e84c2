"""The classifier's mistakes, carried into every measure: draws of what the true cluster and level may be.

A commitment coded `p` was truly `z` with a probability proportional to (how common `z` is in its document) times (how
often the evaluation saw a true `z` coded as `p`). The second factor comes from the evaluation's confusion; the first is
unknown and is drawn along with `z`: documents differ around a common spread of codes (a Dirichlet model, sampled by
Gibbs steps; compare Swartz et al. 2004, "Bayesian identifiability and misclassification in multinomial data"). The
confusion itself is uncertain and is redrawn each time: by country where it names countries, else cell by cell. Because
only the confusion is taken from the evaluation, a corpus with another spread of levels is not pulled towards it.
"""

from typing import Any

import numpy as np
import pandas as pd
from scipy.special import digamma

from pipeline.domain import codebook
from pipeline.domain.errors import UserError
from pipeline.measure.coded import CLUSTER_INDEX, OUT, Cells

LEVELS = len(codebook.LEVELS)
STATES = len(codebook.IN_SCOPE) * LEVELS + 1  # cluster x level, and one state for everything out of scope
SMOOTHING = 5.0  # rows' worth of trust in "cluster and level are confused independently of each other"
BETWEEN_DOCUMENTS = 10.0  # how alike documents are: rows' worth of the common spread that each starts from
COMMON = 20.0  # rows' worth of the evaluation's own spread of codes that the corpus starts from
BURN_IN = 100
# A confusion is held while the rest settles to it, and then for a few draws: were it redrawn at every step, the slower
# rest would see its average only, and intervals too narrow (Plummer 2015, "Cuts in Bayesian graphical models").
SETTLE, HOLD = 10, 5
FEW_COUNTRIES = 8
TINY = np.float32(1e-30)
NEEDED = ("gold_cluster", "gold_level", "predicted_cluster", "predicted_level", "count")


def state(cluster: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Number of the state of each cluster index and level rank; levels out of scope are not told apart."""
    return np.where(cluster == OUT, STATES - 1, cluster.astype(int) * LEVELS + level)


def counts(confusion: dict[str, Any] | list[dict[str, Any]]) -> np.ndarray:
    """Confusion as counts (countries, true state, coded state) from rows with the columns `NEEDED` and `country`.

    Raises UserError where rows lack a column or hold an unknown value.
    """
    rows = confusion["rows"] if isinstance(confusion, dict) else confusion
    table = pd.DataFrame(rows)
    missing = [name for name in NEEDED if name not in table]
    if missing:
        raise UserError(f"confusion.json: rows lack {', '.join(missing)}; run `dvc repro evaluate` again")
    for name in NEEDED[:4]:
        legal = codebook.CLUSTERS if name.endswith("cluster") else codebook.LEVELS
        unknown = sorted(set(table[name]) - set(legal))
        if unknown:
            raise UserError(f"confusion.json: unknown {name} '{unknown[0]}'; run `dvc repro evaluate` again")
    country = table["country"].fillna("") if "country" in table else pd.Series("", index=table.index)
    labels = sorted(set(country))
    result = np.zeros((len(labels), STATES, STATES))
    true = state(
        table["gold_cluster"].map(CLUSTER_INDEX).to_numpy(), table["gold_level"].map(codebook.LEVEL_RANK).to_numpy()
    )
    given = state(
        table["predicted_cluster"].map(CLUSTER_INDEX).to_numpy(),
        table["predicted_level"].map(codebook.LEVEL_RANK).to_numpy(),
    )
    place = country.map({label: index for index, label in enumerate(labels)}).to_numpy()
    np.add.at(result, (place, true, given), table["count"].to_numpy(dtype=float))
    return result


def _independent(total: np.ndarray) -> np.ndarray:
    """Coded state given true state (STATES, STATES), if cluster and level were confused independently: the smoother."""
    inside = total[:-1, :-1].reshape(len(codebook.IN_SCOPE), LEVELS, len(codebook.IN_SCOPE), LEVELS)
    # One row's worth of prior a level, on near levels more than on far ones: misread levels are mostly neighbours.
    near = 0.3 ** np.abs(np.subtract.outer(np.arange(LEVELS), np.arange(LEVELS)))
    level = inside.sum(axis=(0, 2)) + near / near.sum(axis=1, keepdims=True)
    level /= level.sum(axis=1, keepdims=True)
    clusters = np.zeros((OUT + 1, OUT + 1))
    clusters[:-1, :-1] = inside.sum(axis=(1, 3))
    clusters[:-1, -1] = total[:-1, -1].reshape(len(codebook.IN_SCOPE), LEVELS).sum(axis=1)
    clusters[-1, :-1] = total[-1, :-1].reshape(len(codebook.IN_SCOPE), LEVELS).sum(axis=1)
    clusters[-1, -1] = total[-1, -1]
    clusters += 1 / len(clusters)
    clusters /= clusters.sum(axis=1, keepdims=True)
    drawn_in = total[-1, :-1].reshape(len(codebook.IN_SCOPE), LEVELS).sum(axis=0) + 1 / LEVELS
    drawn_in /= drawn_in.sum()
    smooth = np.zeros((STATES, STATES))
    smooth[:-1, :-1] = np.einsum("ab,cd->acbd", clusters[:-1, :-1], level).reshape(STATES - 1, STATES - 1)
    smooth[:-1, -1] = np.repeat(clusters[:-1, -1], LEVELS)
    smooth[-1, :-1] = np.outer(clusters[-1, :-1], drawn_in).ravel()
    smooth[-1, -1] = clusters[-1, -1]
    return smooth


def _confusion_draw(by_country: np.ndarray, smooth: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """One draw of the probability of each coded state given each true state (rows sum to 1)."""
    if len(by_country) >= FEW_COUNTRIES:
        # Countries differ in how well the classifier reads them, so countries, not rows, are resampled.
        # Gamma weights with mean 1 and the variance that makes up for few countries: n - 1, not n + 1, in the divisor.
        shape = (len(by_country) - 1) / (len(by_country) + 1)
        weight = generator.standard_gamma(shape, len(by_country)) / shape
        drawn = np.einsum("c,cts->ts", weight, by_country) + SMOOTHING * smooth
    else:
        drawn = generator.standard_gamma(by_country.sum(axis=0) + SMOOTHING * smooth) + 1e-12
    return drawn / drawn.sum(axis=1, keepdims=True)


def draw(coded: Cells, document: np.ndarray, fixed: np.ndarray, by_country: np.ndarray, draws: int, seed: int) -> Cells:
    """`draws` versions of the true cluster and level of each commitment: Cells of shape (N, draws).

    `coded`: as the model coded them, or, where `fixed` is true (reviewed), as the reviewer did: these never change.
    `document`: number of each row's document from 0. `by_country`: see `counts`.
    """
    generator = np.random.default_rng([seed, 2])
    given = state(coded.cluster, coded.level)
    pairs, pair_of = np.unique(document.astype(np.int64) * STATES + given, return_inverse=True)
    pair_document, pair_given = pairs // STATES, pairs % STATES
    number = int(document.max()) + 1 if len(document) else 0
    total = by_country.sum(axis=0)
    smooth = _independent(total)
    start = COMMON * (total.sum(axis=1) + 0.5) / (total.sum() + 0.5 * STATES)
    common = start / start.sum()
    current = given.copy()
    kept = np.empty((len(given), draws), dtype=np.int8)
    likelihood = np.empty((0, 0), dtype=np.float32)
    recorded, step = 0, -BURN_IN
    while recorded < draws:
        if step <= 0 or step % (SETTLE + HOLD) == 0:
            likelihood = _confusion_draw(by_country, smooth, generator).astype(np.float32)[:, pair_given].T
        held = np.bincount(document * STATES + current, minlength=number * STATES).reshape(number, STATES)
        base = BETWEEN_DOCUMENTS * common
        # Expected number of documents' independent draws from the common spread (tables of the Chinese restaurant).
        tables = (base * (digamma(base + held) - digamma(base))).sum(axis=0)
        common = generator.dirichlet(np.maximum(start + tables, 1e-6))
        common = np.maximum(common, 1e-8)
        spread = generator.standard_gamma(np.maximum(BETWEEN_DOCUMENTS * common + held, 1e-8)).astype(np.float32)
        cumulated = np.cumsum((spread[pair_document] + TINY) * likelihood, axis=1)
        chance = generator.random(len(given), dtype=np.float32) * cumulated[pair_of, -1]
        current = (chance[:, None] > cumulated[pair_of, :-1]).sum(axis=1)
        current[fixed] = given[fixed]
        if step >= 0 and step % (SETTLE + HOLD) >= SETTLE:
            kept[:, recorded] = current
            recorded += 1
        step += 1
    return _cells(kept)


def _cells(states: np.ndarray) -> Cells:
    """Cluster and level of state numbers; what is out of scope gets level none."""
    out = states == STATES - 1
    return Cells(
        np.where(out, OUT, states // LEVELS).astype(np.int8), np.where(out, 0, states % LEVELS).astype(np.int8)
    )


def draw_from_probabilities(
    cluster: np.ndarray, level: np.ndarray, coded: Cells, fixed: np.ndarray, draws: int, seed: int
) -> Cells:
    """As `draw`, from the model's own probabilities of clusters (N, 6) and levels (N, 6), taken as calibrated."""
    generator = np.random.default_rng([seed, 2])

    def choose(probabilities: np.ndarray, given: np.ndarray) -> np.ndarray:
        bounds = np.cumsum(probabilities, axis=1)
        bounds /= bounds[:, -1:]
        chance = generator.random((len(given), draws), dtype=np.float32)
        chosen = np.zeros((len(given), draws), dtype=np.int8)
        for index in range(bounds.shape[1] - 1):
            chosen += chance > bounds[:, [index]]
        chosen[fixed] = given[fixed, None]
        return chosen

    return Cells(choose(cluster, coded.cluster), choose(level, coded.level))
