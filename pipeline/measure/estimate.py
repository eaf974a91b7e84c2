"""Every measure for every group, with its interval."""

from dataclasses import dataclass
from typing import Any

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


class Sums:
    """Sums over groups of resampled, drawn values; denominators that measures share are summed once."""

    def __init__(self, evidence: Evidence, weights: Weights):
        self.evidence, self.weights = evidence, weights
        self.by_row: np.ndarray | None = None
        if len(evidence.document) * weights.pseudo.shape[1] <= LARGEST:
            self.by_row = weights.documents[evidence.document]
        self.known: dict[tuple[int, int, int], tuple[np.ndarray, np.ndarray, np.ndarray]] = {}
        documents = evidence.document
        self.in_document = sparse.csr_matrix(
            (np.ones(len(documents), dtype=np.float32), (np.arange(len(documents)), documents))
        )

    def documents(self, part: Slice, values: np.ndarray) -> np.ndarray:
        """Number of documents (K,) with a value other than 0."""
        flagged = sparse.diags_array((values != 0).astype(np.float32)) @ self.in_document
        return np.diff((part.groups.rows @ flagged).tocsr().sorted_indices().indptr)

    def of(self, rule: Rule, part: Slice, few: np.ndarray, key: tuple[int, int, int] | None = None) -> Any:
        """Counted (K,), expected (K,), resampled (K, B) sums of `rule`; in `few` groups commitments are resampled."""
        if key is not None and key in self.known:
            return self.known[key]
        evidence, rows = self.evidence, part.groups.rows
        counted = rows @ part.cut(rule(evidence.coded.cells, evidence.coded).astype(np.float32), evidence.coded.cells)
        cells = evidence.drawn or Cells(evidence.coded.cells.cluster[:, None], evidence.coded.cells.level[:, None])
        number = self.weights.pseudo.shape[1]
        result = np.empty((rows.shape[0], number), dtype=np.float32)
        mean = np.zeros(len(evidence.coded))
        step = max(1, PART // max(1, len(evidence.coded)))
        for start in range(0, number, step):
            chosen = slice(start, start + step)
            drawn = cells if evidence.drawn is None else Cells(cells.cluster[:, chosen], cells.level[:, chosen])
            values = part.cut(rule(drawn, evidence.coded).astype(np.float32), drawn)
            mean += values.mean(axis=1, dtype=float) * (min(step, number - start) / number)
            if (~few).any():
                if self.by_row is None:
                    whole = self.weights.documents[:, chosen][evidence.document] * values
                else:
                    whole = self.by_row[:, chosen] * values
                result[~few, chosen] = rows[np.flatnonzero(~few)] @ whole
            if few.any():
                result[few, chosen] = rows[np.flatnonzero(few)] @ (self.weights.commitments[:, chosen] * values)
        sums = (counted, rows @ mean, result)
        if key is not None:
            self.known[key] = sums
        return sums


def tabulate(
    measures: list[Measure],
    plain: Groups,
    crossed: Groups,
    evidence: Evidence,
    weights: Weights,
    params: dict[str, Any],
) -> pd.DataFrame:
    """One row an estimate (columns of DEFICIT without `region` joined, ids or sorting)."""
    sums = Sums(evidence, weights)
    rows: list[dict[str, Any]] = []
    for pairs in (False, True):
        # Pairs of groups are estimated for some measures only, so those have their own slices.
        slices = [Slice(plain.take(plain.paired == pairs), None)]
        slices += [Slice(crossed.take(crossed.paired == pairs), cluster) for cluster in codebook.IN_SCOPE]
        for number, part in enumerate(slices):
            if not part.groups.keys:
                continue
            scope = part.cut(evidence.coded.cells.in_scope.astype(np.float32), evidence.coded.cells)
            few = sums.documents(part, scope) < FEW_DOCUMENTS
            for measure in measures:
                if pairs and not measure.pairs or measure.needs and measure.needs not in evidence.coded.has:
                    continue
                key = (id(measure.within), number, int(pairs))
                rows += _estimates(measure, part, few, sums, key, params)
    return pd.DataFrame(rows)


def _estimates(
    measure: Measure, part: Slice, few: np.ndarray, sums: Sums, key: tuple[int, int, int], params: dict[str, Any]
) -> list[dict[str, Any]]:
    """The rows of one measure for one slice; groups in which nothing is within the measure are left out."""
    evidence = sums.evidence
    above = sums.of(_product(measure.value, measure.within), part, few)
    below = sums.of(measure.within, part, few, key)
    within = part.cut(measure.within(evidence.coded.cells, evidence.coded).astype(np.float32), evidence.coded.cells)
    documents = sums.documents(part, within)
    units = np.where(few, np.rint(below[0]), np.maximum(documents, FEW_DOCUMENTS))
    low, high = resample.interval_of_ratio(
        above[2], below[2], sums.weights.pseudo, measure.top, measure.step, resample.inflation(units)
    )
    rows = []
    for index, group in enumerate(part.groups.keys):
        n = int(round(float(below[0][index])))
        if n == 0:
            continue
        counted = float(above[0][index] / below[0][index])
        estimate = float(above[1][index] / below[1][index]) if below[1][index] > 0 else counted
        found = _reviewed(measure, part, index, bool(few[index]), int(documents[index]), sums, params)
        resampled = "commitments" if few[index] else "documents"
        if found is None:
            ends = (min(float(low[index]), estimate), max(float(high[index]), estimate))
            method = f"{_carried(measure, evidence)}; {resampled} resampled"
        else:
            estimate, *ends_found, seen = found
            ends = (ends_found[0], ends_found[1])
            method = f"prediction-powered by {seen} reviewed rows; {resampled} resampled"
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
    if random.sum() < params.get("min_reviewed", 50):
        return None

    def values(coded: Coded) -> tuple[np.ndarray, np.ndarray]:
        chosen = coded.take(rows)
        within = part.cut(measure.within(chosen.cells, chosen).astype(float), chosen.cells)
        return measure.value(chosen.cells, chosen) * within, within

    weight = powered.sample_weights(evidence.reviewed[rows], random, evidence.doubtful[rows].astype(int))
    if few:
        resampled, units = sums.weights.commitments[rows], len(rows)
    else:
        resampled, units = sums.weights.documents[evidence.document[rows]], max(documents, FEW_DOCUMENTS)
    estimate, low, high = powered.estimate(values(evidence.coded), values(model), weight, resampled, units, measure.top)
    return None if np.isnan(estimate) else (estimate, low, high, int(random.sum()))
