"""Groups of commitments: by one column or a pair of them, as one truth matrix that sums arrays group by group."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from pipeline.domain import codebook
from pipeline.measure.coded import Coded

SINGLES = ("country", "region", "year", "document", "kind", "language", "policy_area")
PAIRS = (("country", "year"), ("country", "kind"), ("region", "year"), ("kind", "year"), ("kind", "policy_area"))
# Clusters are drawn by the error model, so they are crossed in when summing and not here.
WITH_CLUSTER = ((), ("country",), ("region",), ("year",), ("kind",), ("language",), ("policy_area",))


@dataclass(frozen=True)
class Groups:
    """K groups of N commitments: `keys` (column → value), `rows` (K, N) of ones, `paired`: two columns or more."""

    keys: list[dict[str, str]]
    rows: sparse.csr_matrix
    paired: np.ndarray

    def take(self, chosen: np.ndarray) -> "Groups":
        """The groups at `chosen` (truth values)."""
        keys = [key for key, keep in zip(self.keys, chosen, strict=True) if keep]
        return Groups(keys, self.rows[np.flatnonzero(chosen)], self.paired[chosen])


def _columns(table: pd.DataFrame, coded: Coded) -> dict[str, tuple[list[str], sparse.csr_matrix]]:
    """For each group column that holds a value: its labels (sorted; areas in codebook order) and (labels, N) matrix."""
    columns = {}
    for name in SINGLES:
        if name == "policy_area":
            labels, member = list(codebook.POLICY_AREAS), coded.areas.T
        elif name in table:
            values = table[name].fillna("").astype(str).to_numpy()
            labels = sorted(set(values) - {""})
            member = np.array([values == label for label in labels]).reshape(len(labels), len(table))
        else:
            continue
        filled = np.atleast_1d(member.any(axis=1))
        if filled.any():
            kept = [label for label, there in zip(labels, filled, strict=True) if there]
            columns[name] = (kept, sparse.csr_matrix(member[filled].astype(np.float32)))
    return columns


def group(table: pd.DataFrame, coded: Coded) -> tuple[Groups, Groups]:
    """The groups that `table` has the columns for: those without the cluster, and those to be crossed with it."""
    columns = _columns(table, coded)

    def make(combinations: list[tuple[str, ...]], extra: int) -> Groups:
        keys: list[dict[str, str]] = []
        rows = []
        paired: list[bool] = []
        for names in combinations:
            if any(name not in columns for name in names):
                continue
            matrix = sparse.csr_matrix(np.ones((1, len(table)), dtype=np.float32))
            labels: list[dict[str, str]] = [{}]
            for name in names:
                values, member = columns[name]
                matrix = sparse.vstack([matrix.multiply(member[[index]]) for index in range(len(values))]).tocsr()
                labels = [{**label, name: value} for value in values for label in labels]
            filled = np.flatnonzero(np.asarray(matrix.sum(axis=1)).ravel())
            keys += [labels[index] for index in filled]
            rows.append(matrix[filled])
            paired += [len(names) + extra > 1] * len(filled)
        return Groups(keys, sparse.vstack(rows).tocsr().astype(np.float32), np.array(paired))

    plain = make([(), *((name,) for name in SINGLES), *PAIRS], 0)
    return plain, make(list(WITH_CLUSTER), 1)
