"""Gather the training rows: written examples, real commitments as stored vectors, and reviewed rows."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.classify.encoder import Encoder
from pipeline.classify.heads import LinearHead, beside, fit_projection
from pipeline.domain import codebook
from pipeline.domain.errors import UserError
from pipeline.domain.schema import LABELLED
from pipeline.domain.tables import read_table
from pipeline.review.learn import training_rows
from pipeline.train.vectors import content_keys, load_real, load_store, vectors_of

CODES = ("cluster", "iap2_level", "participation_in", "publics", "mandate", "policy_areas", "touchpoints")
_FEWEST = 50  # below this the folds lack whole classes, and no figure means anything
_ALTERNATIVES = {"cluster": codebook.CLUSTERS, "iap2_level": codebook.LEVELS}


@dataclass(frozen=True)
class Examples:
    """Training rows: `table` (codes, `origin`, `group`, `unseen`, `alternative_*`), `features` (rows, d), `weight`.

    `features` are what `projection` makes of the encoder's vectors: their principal components, and the scores of the
    encoder's own heads where it has any; `own` names the columns of these by head, and `fresh` (rows,) then says which
    rows the encoder was not tuned on. `unseen` marks those fresh rows that can tell how good the classifier is.
    """

    table: pd.DataFrame
    features: np.ndarray
    weight: np.ndarray
    projection: LinearHead
    own: dict[str, np.ndarray] = field(default_factory=dict)
    fresh: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))


def read_labelled(folder: Path) -> pd.DataFrame:
    """All labelled examples under `folder` (CSV files of schema LABELLED), in order of file name.

    Raises UserError for an unknown label, a repeated id or a missing column, naming file, row and remedy.
    """
    tables = []
    for path in sorted(folder.glob("*.csv")):
        table = read_table(path)
        absent = [column.name for column in LABELLED.columns if column.required and column.name not in table]
        if absent:
            raise UserError(f"{path}: has no column '{absent[0]}'; see corpus/labelled/README.md for the columns")
        for column in LABELLED.columns:
            if column.name in table and column.values:
                _check_values(path, table, column.name, column.values, column.many, column.required)
        if "alternative" in table:
            _check_alternatives(path, table["alternative"])
        table = table.reindex(columns=LABELLED.names, fill_value="")
        tables.append(table.assign(manner=table["manner"].replace("", codebook.MANNERS[-1]), file=path.name))
    if not tables:
        raise UserError(f"{folder}: holds no labelled examples (*.csv); restore them from git")
    labelled = pd.concat(tables, ignore_index=True)
    repeated = labelled["id"][labelled["id"].duplicated()]
    if len(repeated):
        raise UserError(f"{folder}: id '{repeated.iloc[0]}' is used by two examples; give each its own id")
    if len(labelled) < _FEWEST:
        raise UserError(f"{folder}: holds {len(labelled)} labelled examples; training needs at least {_FEWEST}")
    return labelled


def gather(
    labelled: pd.DataFrame,
    vectors: Path,
    encoder: Encoder,
    params: dict[str, Any],
    reviewed: pd.DataFrame | None = None,
) -> Examples:
    """Written, real and reviewed rows with their features and weights, as `params` (block `train`) weighs them.

    `reviewed`: settled reviews (`pipeline.review.settle.settled`); they are encoded on the spot.
    """
    written = labelled.assign(origin="written", group="written:" + labelled["language"], unseen=False)
    store = load_store(vectors / "written.npz", encoder.name)
    features = [vectors_of(written, encoder, store)]
    fresh = [np.array([key not in store for key in content_keys(written)])]
    tables = [written]
    weights = [written["manner"].map({name: float(params[f"{name}_weight"]) for name in codebook.MANNERS}).to_numpy()]
    real, real_features = load_real(vectors, encoder.name)
    if len(real):
        tables.append(real.assign(origin="real", group=real["country"], unseen=real["unseen"] == "yes"))
        features.append(real_features)
        fresh.append((real["unseen"] == "yes").to_numpy())
        weights.append(np.ones(len(real)))
    if reviewed is not None and len(reviewed):
        rows = training_rows(reviewed)
        tables.append(rows)
        features.append(vectors_of(rows, encoder, {}))
        fresh.append(np.ones(len(rows), dtype=bool))
        weights.append(np.full(len(rows), float(params.get("reviewed_weight", 1.0))))
    table = pd.concat(tables, ignore_index=True)
    table["country"] = table["country"].fillna("") if "country" in table else ""
    return examples_of(
        alternatives(table), np.concatenate(features), np.concatenate(weights), np.concatenate(fresh), encoder, params
    )


def examples_of(
    table: pd.DataFrame,
    vectors: np.ndarray,
    weight: np.ndarray,
    fresh: np.ndarray,
    encoder: Encoder,
    params: dict[str, Any],
) -> Examples:
    """Training rows from the encoder's vectors (rows, d)."""
    components = fit_projection(vectors, int(params["components"]), int(params["seed"]))
    projection, own = beside(components, encoder.heads)
    return Examples(table, projection.scores(vectors), weight, projection, own, fresh)


def alternatives(table: pd.DataFrame) -> pd.DataFrame:
    """The table with `alternative_cluster` and `alternative_iap2_level`: what the coder of a borderline row named."""
    named = table["alternative"].fillna("") if "alternative" in table else pd.Series("", index=table.index)
    columns = {f"alternative_{name}": [_alternative(text, name) for text in named] for name in _ALTERNATIVES}
    return table.assign(**columns)


def _alternative(text: str, name: str) -> str:
    """The value that a coder named as defensible: `iap2_level=involve` gives `involve` for `iap2_level`."""
    return dict(_named(text)).get(name, "")


def _named(text: str) -> list[tuple[str, str]]:
    """The pairs of an `alternative` cell, such as `iap2_level=involve|cluster=service_design`."""
    parts = str(text).replace(";", codebook.LIST_SEPARATOR).split(codebook.LIST_SEPARATOR)
    pairs = [part.partition("=") for part in parts if part.strip()]
    return [(key.strip(), value.strip()) for key, _, value in pairs]


def _check_alternatives(path: Path, cells: pd.Series) -> None:
    for row, cell in enumerate(cells, start=2):
        for key, value in _named(cell):
            if value not in _ALTERNATIVES.get(key, ()):
                legal = ", ".join(_ALTERNATIVES.get(key, ()))
                remedy = f"allowed after '{key}=': {legal}" if legal else "write cluster=… or iap2_level=…"
                raise UserError(f"{path}, row {row}: alternative is '{cell}'; {remedy}")


def _check_values(
    path: Path, table: pd.DataFrame, name: str, legal: tuple[str, ...], many: bool, required: bool
) -> None:
    for row, cell in enumerate(table[name], start=2):
        values = cell.split(codebook.LIST_SEPARATOR) if many else [cell]
        for value in values:
            if value not in legal and (value or required):
                raise UserError(f"{path}, row {row}: {name} is '{value}'; allowed: {', '.join(legal)}")
