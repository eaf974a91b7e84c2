"""Every measure for every group, with its interval."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from pipeline.domain import codebook
from pipeline.measure import powered, resample
from pipeline.measure.coded import CLUSTER_INDEX, Cells, Coded
from pipeline.measure.formulas import Measure, Rule
from pipeline.measure.groups import Groups
from pipeline.measure.resample import FEW_DOCUMENTS, Weights

PART = 1_000_000  # numbers of an array that are worked on at a time: few enough to stay in the processor's cache
LARGEST = 20_000_000  # numbers of an array that is kept


@dataclass(frozen=True)
class Evidence:
    """What the estimates rest on.

    `coded`: the codes published; `document`: number of each row's document from 0; `drawn`: versions of cluster and
    level (N, B) from the error model, or None; `model`: the codes that the model gave, where rows were reviewed;
    `reviewed`, `random`, `doubtful`: truth values (N,); `error`: how the classifier's error is carried, in words.
    """

    coded: Coded
    document: np.ndarray
    drawn: Cells | None
    error: str
    model: Coded | None
    reviewed: np.ndarray
    random: np.ndarray
    doubtful: np.ndarray


@dataclass(frozen=True)
class Slice:
    """K groups, and the cluster that they are cut to (None: all)."""

    groups: Groups
    cluster: str | None

    def cut(self, values: np.ndarray, cells: Cells) -> np.ndarray:
        """`values` with zeros outside the cluster."""
        return values if self.cluster is None else values * (cells.cluster == CLUSTER_INDEX[self.cluster])


class Sum(NamedTuple):
    """Sums of one rule over the K groups of a slice: as coded (K,), expected over draws (K,), resampled (K, B)."""

    counted: np.ndarray
    expected: np.ndarray
    resampled: np.ndarray


class Sums:
    """Sums over groups of resampled, drawn values."""

    def __init__(self, evidence: Evidence, weights: Weights):
        self.evidence, self.weights = evidence, weights
        documents, draws = evidence.document, weights.pseudo.shape[1]
        self.small = len(documents) * draws <= LARGEST
        self.by_row = weights.documents[documents] if self.small else None
        self.masks: dict[str, np.ndarray] = {}
        self.in_document = sparse.csr_matrix(
            (np.ones(len(documents), dtype=np.float32), (np.arange(len(documents)), documents))
        )

    def documents(self, part: Slice, values: np.ndarray) -> np.ndarray:
        """Number of documents (K,) with a value other than 0."""
        flagged = sparse.diags_array((values != 0).astype(np.float32)) @ self.in_document
        return np.diff((part.groups.rows @ flagged).tocsr().sorted_indices().indptr)

    def _mask(self, cluster: str, chosen: slice) -> np.ndarray:
        """Truth values (N, chosen draws): drawn as `cluster`."""
        drawn, index = self.evidence.drawn, CLUSTER_INDEX[cluster]
        if drawn is None:
            return (self.evidence.coded.cells.cluster == index)[:, None]
        if not self.small:
            return drawn.cluster[:, chosen] == index
        if cluster not in self.masks:
            self.masks[cluster] = drawn.cluster == index
        return self.masks[cluster][:, chosen]

    def of(self, rule: Rule, parts: list[Slice], few: list[np.ndarray]) -> list[Sum]:
        """The sums of `rule` for each slice; in groups that are `few` commitments are resampled, else documents."""
        evidence, number = self.evidence, self.weights.pseudo.shape[1]
        coded = evidence.coded.cells
        whole = rule(coded, evidence.coded).astype(np.float32)
        counted = [part.groups.rows @ part.cut(whole, coded) for part in parts]
        resampled = [np.empty((part.groups.rows.shape[0], number), dtype=np.float32) for part in parts]
        totals = [np.zeros(len(evidence.coded)) for _ in parts]
        step = max(1, PART // max(1, len(evidence.coded)))
        for start in range(0, number, step):
            chosen = slice(start, min(start + step, number))
            if evidence.drawn is None:
                values = np.broadcast_to(whole[:, None], (len(whole), chosen.stop - start))
            else:
                drawn = Cells(evidence.drawn.cluster[:, chosen], evidence.drawn.level[:, chosen])
                values = rule(drawn, evidence.coded).astype(np.float32)
            by_row = (
                self.weights.documents[:, chosen][evidence.document] if self.by_row is None else self.by_row[:, chosen]
            )
            weighted = by_row * values
            for index, part in enumerate(parts):
                mask = None if part.cluster is None else self._mask(part.cluster, chosen)
                kept = values if mask is None else values * mask
                totals[index] += kept.sum(axis=1)
                rows, sparing = part.groups.rows, few[index]
                if not sparing.all():
                    chunk = weighted if mask is None else weighted * mask
                    resampled[index][~sparing, chosen] = rows[np.flatnonzero(~sparing)] @ chunk
                if sparing.any():
                    chunk = self.weights.commitments[:, chosen] * kept
                    resampled[index][sparing, chosen] = rows[np.flatnonzero(sparing)] @ chunk
        expected = [part.groups.rows @ (total / number) for part, total in zip(parts, totals, strict=True)]
        return [Sum(*found) for found in zip(counted, expected, resampled, strict=True)]


def tabulate(
    measures: list[Measure],
    plain: Groups,
    crossed: Groups,
    evidence: Evidence,
    weights: Weights,
    params: dict[str, Any],
) -> pd.DataFrame:
    """One row an estimate (columns of DEFICIT, without ids and order)."""
    sums = Sums(evidence, weights)
    rows: list[dict[str, Any]] = []
    for pairs in (False, True):
        # Pairs of groups are estimated for some measures only, so those have their own slices.
        parts = [Slice(plain.take(plain.paired == pairs), None)]
        parts += [Slice(crossed.take(crossed.paired == pairs), cluster) for cluster in codebook.IN_SCOPE]
        parts = [part for part in parts if part.groups.keys]
        cells = evidence.coded.cells
        scope = cells.in_scope.astype(np.float32)
        few = [sums.documents(part, part.cut(scope, cells)) < FEW_DOCUMENTS for part in parts]
        bases: dict[int, list[Sum]] = {}  # denominators that measures share are summed once
        for measure in measures:
            if pairs and not measure.pairs or measure.needs and measure.needs not in evidence.coded.has:
                continue
            if id(measure.within) not in bases:
                bases[id(measure.within)] = sums.of(measure.within, parts, few)
            above = sums.of(_product(measure.value, measure.within), parts, few)
            for part, sparing, top, base in zip(parts, few, above, bases[id(measure.within)], strict=True):
                rows += _estimates(measure, part, sparing, sums, top, base, params)
    return pd.DataFrame(rows)


def _estimates(
    measure: Measure, part: Slice, few: np.ndarray, sums: Sums, above: Sum, below: Sum, params: dict[str, Any]
) -> list[dict[str, Any]]:
    """The rows of one measure for one slice; groups in which nothing is within the measure are left out."""
    evidence = sums.evidence
    within = part.cut(measure.within(evidence.coded.cells, evidence.coded).astype(np.float32), evidence.coded.cells)
    documents = sums.documents(part, within)
    units = np.where(few, np.rint(below.counted), np.maximum(documents, FEW_DOCUMENTS))
    low, high = resample.interval_of_ratio(
        above.resampled, below.resampled, sums.weights.pseudo, measure.top, measure.step, resample.inflation(units)
    )
    rows = []
    for index, group in enumerate(part.groups.keys):
        n = round(float(below.counted[index]))
        if n == 0:
            continue
        counted = float(above.counted[index] / below.counted[index])
        estimate = float(above.expected[index] / below.expected[index]) if below.expected[index] > 0 else counted
        ends = (min(float(low[index]), estimate), max(float(high[index]), estimate))
        resampled = "commitments" if few[index] else "documents"
        method = f"{_carried(measure, evidence)}; {resampled} resampled"
        found = _reviewed(measure, part, index, bool(few[index]), int(documents[index]), sums, params)
        if found is not None:
            estimate, ends = found[0], (found[1], found[2])
            method = f"prediction-powered by {found[3]} reviewed rows; {resampled} resampled"
        rows.append(
            {
                "measure": measure.name,
                **group,
                **({"cluster": part.cluster} if part.cluster else {}),
                "category": measure.category,
                "unit": measure.unit,
                "counted": counted,
                "estimate": estimate,
                "low": ends[0],
                "high": ends[1],
                "n": n,
                "documents": int(documents[index]),
                "small": n < params["min_group"],
                "method": method,
            }
        )
    return rows


def _product(value: Rule, within: Rule) -> Rule:
    return lambda cells, coded: value(cells, coded) * within(cells, coded)


def _carried(measure: Measure, evidence: Evidence) -> str:
    """How the classifier's error enters the interval of `measure`, in words."""
    if evidence.drawn is None:
        return evidence.error
    if measure.needs:
        return f"{evidence.error}, not the error in {measure.needs}"
    return evidence.error


def _reviewed(
    measure: Measure, part: Slice, index: int, few: bool, documents: int, sums: Sums, params: dict[str, Any]
) -> tuple[float, float, float, int] | None:
    """Prediction-powered estimate, ends and number of random reviewed rows; None where the group has too few."""
    evidence, model = sums.evidence, sums.evidence.model
    if model is None or (measure.needs and measure.needs not in model.has):
        return None
    rows = part.groups.rows[[index]].indices
    random = evidence.reviewed[rows] & evidence.random[rows]
    if random.sum() < params["min_reviewed"]:
        return None

    def values(coded: Coded) -> tuple[np.ndarray, np.ndarray]:
        chosen = coded.take(rows)
        within = part.cut(measure.within(chosen.cells, chosen).astype(float), chosen.cells)
        return measure.value(chosen.cells, chosen) * within, within

    weight = powered.sample_weights(evidence.reviewed[rows], random, evidence.doubtful[rows].astype(int))
    if few:
        resampled, units = sums.weights.commitments[rows], int(random.sum())
    else:
        sampled = len(np.unique(evidence.document[rows][random]))
        resampled, units = sums.weights.documents[evidence.document[rows]], max(min(documents, sampled), FEW_DOCUMENTS)
    estimate, low, high = powered.estimate(
        values(evidence.coded), values(model), weight, resampled, sums.weights.pseudo, units, measure.top, measure.step
    )
    return None if np.isnan(estimate) else (estimate, low, high, int(random.sum()))
