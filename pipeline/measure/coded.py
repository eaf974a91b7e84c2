"""Commitments as arrays: one integer or truth value a code, so that every measure is arithmetic on arrays."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.domain import codebook
from pipeline.domain.codebook import LIST_SEPARATOR

CLUSTER_INDEX = {name: index for index, name in enumerate(codebook.CLUSTERS)}
OUT = CLUSTER_INDEX[codebook.NOT_DIGITAL]


@dataclass(frozen=True)
class Cells:
    """Cluster and level of each commitment: indices into CLUSTERS and ranks in LEVELS.

    Both arrays have the shape (commitments,) as coded, or (commitments, draws) as drawn from an error model.
    """

    cluster: np.ndarray
    level: np.ndarray

    @property
    def in_scope(self) -> np.ndarray:
        """Whether the cluster is one of the five."""
        return self.cluster != OUT


@dataclass(frozen=True)
class Coded:
    """All codes of N commitments.

    `publics` (N, 5), `touchpoints` (N, 5) and `areas` (N, 12) are truth values in codebook order;
    `participation_in` and `mandate` are arrays of the codebook's words, empty where not coded.
    `has` names the secondary codes that the table carried at all.
    """

    cells: Cells
    participation_in: np.ndarray
    mandate: np.ndarray
    publics: np.ndarray
    touchpoints: np.ndarray
    areas: np.ndarray
    has: frozenset[str]

    def __len__(self) -> int:  # noqa: D105
        return len(self.cells.cluster)

    def take(self, rows: np.ndarray) -> "Coded":
        """The commitments at `rows` (positions or truth values)."""
        return Coded(
            Cells(self.cells.cluster[rows], self.cells.level[rows]),
            self.participation_in[rows],
            self.mandate[rows],
            self.publics[rows],
            self.touchpoints[rows],
            self.areas[rows],
            self.has,
        )


def members(values: pd.Series, vocabulary: tuple[str, ...]) -> np.ndarray:
    """Truth values (rows, words of `vocabulary`) of a column of `|` lists; words outside it are ignored."""
    cells = values.fillna("").astype(str)
    split = [{part.strip() for part in cell.split(LIST_SEPARATOR)} for cell in cells]
    return np.array([[word in parts for word in vocabulary] for parts in split], dtype=bool).reshape(
        len(split), len(vocabulary)
    )


def code(table: pd.DataFrame) -> Coded:
    """The codes of a checked table (see `inputs.check`); columns that it lacks count as not coded."""
    secondary = ("participation_in", "mandate", "publics", "touchpoints", "policy_areas")
    has = frozenset(name for name in secondary if name in table and table[name].fillna("").astype(str).ne("").any())

    def text(name: str) -> pd.Series:
        return table[name].fillna("").astype(str) if name in table else pd.Series("", index=table.index)

    return Coded(
        Cells(
            table["cluster"].map(CLUSTER_INDEX).to_numpy(dtype=np.int8),
            table["iap2_level"].map(codebook.LEVEL_RANK).to_numpy(dtype=np.int8),
        ),
        text("participation_in").to_numpy(dtype=object),
        text("mandate").to_numpy(dtype=object),
        members(text("publics"), codebook.PUBLICS),
        members(text("touchpoints"), codebook.TOUCHPOINTS),
        members(text("policy_areas"), codebook.POLICY_AREAS),
        has,
    )
