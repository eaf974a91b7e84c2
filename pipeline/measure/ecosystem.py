"""The ecosystem of participation: which links between clusters are open, which loops close, what stands alone.

A cluster is *active* for a country or plan when one of its commitments reaches the threshold level; a link is open when
both of its ends are active; a loop is closed when all of its links are open; an activity (a commitment at or above the
threshold) is isolated when no link of its cluster is open.
"""

from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from pipeline.domain import codebook
from pipeline.measure.coded import Cells
from pipeline.measure.estimate import Evidence
from pipeline.measure.resample import inflation, interval_of_draws

LINKS = [(loop, source, target) for loop, links in codebook.LOOPS.items() for source, target in links]
SOURCE = np.array([codebook.IN_SCOPE.index(source) for _, source, _ in LINKS])
TARGET = np.array([codebook.IN_SCOPE.index(target) for _, _, target in LINKS])
LOOP_OF = np.array([list(codebook.LOOPS).index(loop) for loop, _, _ in LINKS])
FEEDER = list(codebook.LOOPS).index("feeder")
# A single link is no loop: the feeder counts as a link only.
RINGS = [index for index in range(len(codebook.LOOPS)) if index != FEEDER]


def active_counts(cells: Cells, threshold: int, group: np.ndarray, groups: int) -> np.ndarray:
    """Commitments at or above `threshold` for each group, cluster (and draw): (groups, 5) or (groups, 5, B).

    `group` numbers the group of each commitment, -1 for none.
    """
    clusters = range(len(codebook.IN_SCOPE))
    reached = np.stack([(cells.cluster == index) & (cells.level >= threshold) for index in clusters], axis=1)
    known = np.flatnonzero(group >= 0)
    member = sparse.csr_matrix(
        (np.ones(len(known), dtype=np.float32), (group[known], known)), shape=(groups, len(group))
    )
    summed = member @ reached.reshape(len(group), -1).astype(np.float32)
    return summed.reshape(groups, *reached.shape[1:]).astype(np.int32)


def open_links(counts: np.ndarray) -> np.ndarray:
    """Which of the six links are open: truth values (groups, 6[, B]) from `active_counts`."""
    return (counts[:, SOURCE] > 0) & (counts[:, TARGET] > 0)


def closed_loops(links: np.ndarray) -> np.ndarray:
    """Which of the two loops are closed: truth values (groups, 2[, B])."""
    return np.stack([links[:, loop == LOOP_OF].all(axis=1) for loop in RINGS], axis=1)


def isolated(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Isolated activities, and all activities, of each group (groups[, B])."""
    links = open_links(counts)
    linked = np.zeros(counts.shape, dtype=bool)
    for link in range(len(LINKS)):
        linked[:, SOURCE[link]] |= links[:, link]
        linked[:, TARGET[link]] |= links[:, link]
    return (counts * ~linked).sum(axis=1), counts.sum(axis=1)


def describe(
    table: pd.DataFrame, evidence: Evidence, params: dict[str, Any], seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The `ecosystem` table, and its measures as rows of `deficit`, for each country and plan that `table` names."""
    links: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for grouping in ("country", "document"):
        if grouping not in table:
            continue
        values = table[grouping].fillna("").astype(str)
        # Where nothing is in scope there is no ecosystem to describe, only documents about something else.
        labels = sorted(set(values[evidence.coded.cells.in_scope]) - {""})
        if not labels:
            continue
        number = values.map({label: index for index, label in enumerate(labels)}).fillna(-1).to_numpy(dtype=int)
        scene = _Scene(grouping, labels, number, table, evidence, params)
        links += scene.links()
        rows += scene.measures(seed)
    return pd.DataFrame(links), pd.DataFrame(rows)


class _Scene:
    """The countries, or the plans, of one table: counts as coded and as drawn from the error model."""

    def __init__(
        self,
        grouping: str,
        labels: list[str],
        number: np.ndarray,
        table: pd.DataFrame,
        evidence: Evidence,
        params: dict[str, Any],
    ):
        self.grouping, self.labels, self.number, self.params = grouping, labels, number, params
        self.evidence = evidence
        threshold = codebook.LEVEL_RANK[params["threshold"]]
        self.coded = active_counts(evidence.coded.cells, threshold, number, len(labels))
        self.drawn = None if evidence.drawn is None else active_counts(evidence.drawn, threshold, number, len(labels))
        country = table["country"].fillna("").astype(str) if "country" in table else pd.Series("", index=table.index)
        first = {int(group): row for row, group in reversed(list(enumerate(number)))}
        self.country = [country.iloc[first[index]] for index in range(len(labels))]
        scope = evidence.coded.cells.in_scope
        self.n = np.bincount(number[scope & (number >= 0)], minlength=len(labels))
        self.documents = [len(np.unique(evidence.document[(number == index) & scope])) for index in range(len(labels))]

    def names(self, index: int) -> dict[str, str]:
        """The group columns of one label; a plan's country stands with it."""
        return {
            "country": self.country[index],
            **({"document": self.labels[index]} if self.grouping == "document" else {}),
        }

    def links(self) -> list[dict[str, Any]]:
        """Rows of the `ecosystem` table."""
        opened, rings = open_links(self.coded), closed_loops(open_links(self.coded))
        chance = None if self.drawn is None else open_links(self.drawn).mean(axis=2)
        rows = []
        for index, label in enumerate(self.labels):
            for link, (loop, source, target) in enumerate(LINKS):
                ring = RINGS.index(LOOP_OF[link]) if LOOP_OF[link] in RINGS else None
                rows.append(
                    {
                        "link_id": f"{self.grouping}={label}/{source}>{target}",
                        "grouping": self.grouping,
                        **self.names(index),
                        "loop": loop,
                        "source": source,
                        "target": target,
                        "open": bool(opened[index, link]),
                        "probability": None if chance is None else float(chance[index, link]),
                        "loop_closed": bool(opened[index, link]) if ring is None else bool(rings[index, ring]),
                        "source_commitments": int(self.coded[index, SOURCE[link]]),
                        "target_commitments": int(self.coded[index, TARGET[link]]),
                    }
                )
        return rows

    def measures(self, seed: int) -> list[dict[str, Any]]:
        """Rows of `deficit`: links and loops of each group, isolated activities, and shares over all groups."""
        opened = open_links(self.coded)
        drawn = None if self.drawn is None else open_links(self.drawn)
        rows = []
        alone, every = isolated(self.coded)
        alone_drawn, every_drawn = (None, None) if self.drawn is None else isolated(self.drawn)
        for index in range(len(self.labels)):
            rows.append(self._row("links_open", "links", index, opened[index].sum(), drawn, len(LINKS)))
            rings = None if drawn is None else closed_loops(drawn)
            rows.append(self._row("loops_closed", "loops", index, closed_loops(opened)[index].sum(), rings, len(RINGS)))
            if every[index]:
                counted = alone[index] / every[index]
                row = self._base("isolated_activities", "share", index, float(counted))
                row["n"] = int(every[index])
                row["small"] = row["n"] < self.params["min_group"]
                if alone_drawn is not None and every_drawn is not None:
                    some = every_drawn[index] > 0
                    ratio = alone_drawn[index][some] / every_drawn[index][some]
                    row |= self._ends(ratio, 1.0) if some.any() else {}
                rows.append(row)
        return rows + self._over_all(opened, drawn, seed)

    def _row(
        self, name: str, unit: str, index: int, counted: float, drawn: np.ndarray | None, top: int
    ) -> dict[str, Any]:
        row = self._base(name, unit, index, float(counted))
        return row if drawn is None else row | self._ends(drawn[index].sum(axis=0).astype(float), top)

    def _ends(self, draws: np.ndarray, top: float) -> dict[str, Any]:
        low, high = interval_of_draws(draws, top)
        estimate = float(draws.mean())
        return {
            "estimate": estimate,
            "low": min(low, estimate),
            "high": max(high, estimate),
            "method": f"{self.evidence.error}; these documents only",
        }

    def _base(self, name: str, unit: str, index: int, counted: float) -> dict[str, Any]:
        return {
            "measure": name,
            **({"country": self.labels[index]} if self.grouping == "country" else {"document": self.labels[index]}),
            "category": self.params["threshold"],
            "unit": unit,
            "counted": counted,
            "estimate": counted,
            "n": int(self.n[index]),
            "documents": self.documents[index],
            "small": bool(self.n[index] < self.params["min_group"]),
            "method": "counted; no interval",
        }

    def _over_all(self, opened: np.ndarray, drawn: np.ndarray | None, seed: int) -> list[dict[str, Any]]:
        """The share of countries (or plans) in which each link is open, each loop closed, resampling them."""
        weight = np.random.default_rng([seed, 3]).standard_exponential((len(self.labels), self.params["bootstrap"]))
        pseudo = np.random.default_rng([seed, 4]).standard_gamma(0.5, (2, self.params["bootstrap"]))
        unit = "countries" if self.grouping == "country" else "plans"
        items = [(f"link_open_{unit}", f"{source}>{target}") for _, source, target in LINKS]
        items += [(f"loop_closed_{unit}", list(codebook.LOOPS)[loop]) for loop in RINGS]
        coded = np.concatenate([opened, closed_loops(opened)], axis=1)
        versions = coded[:, :, None] if drawn is None else np.concatenate([drawn, closed_loops(drawn)], axis=1)
        rows = []
        for index, (name, category) in enumerate(items):
            share = float(coded[:, index].mean())
            draws = ((weight * versions[:, index]).sum(axis=0) + pseudo[0]) / (weight.sum(axis=0) + pseudo.sum(axis=0))
            low, high = interval_of_draws(draws, 1.0, float(inflation(np.array(len(self.labels)))))
            estimate = float(versions[:, index].mean())
            rows.append(
                {
                    "measure": name,
                    "category": category,
                    "unit": "share",
                    "counted": share,
                    "estimate": estimate,
                    "low": min(low, estimate),
                    "high": max(high, estimate),
                    "n": int(self.n.sum()),
                    "documents": int(sum(self.documents)),
                    "small": len(self.labels) < self.params["min_group"],
                    "method": f"{self.evidence.error}; {unit} resampled",
                }
            )
        return rows


def touchpoints_opened(table: pd.DataFrame, evidence: Evidence, params: dict[str, Any]) -> pd.DataFrame:
    """Rows of `deficit`: how many of the five touch-points each country and plan opens, and the mean over them."""
    rows: list[dict[str, Any]] = []
    if "touchpoints" not in evidence.coded.has:
        return pd.DataFrame(rows)
    scope = evidence.coded.cells.in_scope
    for grouping, unit in (("country", "countries"), ("document", "plans")):
        if grouping not in table:
            continue
        values = table[grouping].fillna("").astype(str).to_numpy()
        numbers = []
        for label in sorted(set(values[scope]) - {""}):
            inside = scope & (values == label)
            number = float(evidence.coded.touchpoints[inside].any(axis=0).sum())
            numbers.append(number)
            documents = len(np.unique(evidence.document[inside]))
            rows.append(_opened({grouping: label}, "touchpoints_opened", number, int(inside.sum()), documents, params))
        if numbers:
            documents = len(np.unique(evidence.document[scope]))
            name = f"touchpoints_opened_{unit}"
            rows.append(_opened({}, name, float(np.mean(numbers)), int(scope.sum()), documents, params))
    return pd.DataFrame(rows)


def _opened(
    group: dict[str, str], name: str, number: float, n: int, documents: int, params: dict[str, Any]
) -> dict[str, Any]:
    return {
        "measure": name,
        **group,
        "category": "",
        "unit": "touchpoints",
        "counted": number,
        "estimate": number,
        "n": n,
        "documents": documents,
        "small": n < params["min_group"],
        "method": "counted; no interval",
    }
