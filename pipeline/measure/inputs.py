"""What `measure` accepts: the pipeline's commitments, or any classified table with `id`, `cluster`, `iap2_level`."""

from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.domain import codebook
from pipeline.domain.codebook import LIST_SEPARATOR
from pipeline.domain.errors import UserError

CLOSED = {
    "cluster": codebook.CLUSTERS,
    "iap2_level": codebook.LEVELS,
    "participation_in": codebook.PARTICIPATION_IN,
    "mandate": codebook.MANDATES,
}
LISTS = {
    "publics": codebook.PUBLICS,
    "touchpoints": codebook.TOUCHPOINTS,
    "policy_areas": codebook.POLICY_AREAS,
}
REQUIRED = ("cluster", "iap2_level")


def read_classified(path: Path) -> pd.DataFrame:
    """The table in a classified CSV; `id` is taken as `commitment_id`, ids and years keep their spelling.

    Raises UserError where the file is missing, empty, no UTF-8 CSV, or fails `check`.
    """
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except FileNotFoundError:
        raise UserError(f"{path}: not found; give the path of a classified CSV") from None
    except IsADirectoryError:
        raise UserError(f"{path}: is a folder; give the path of a classified CSV") from None
    except pd.errors.EmptyDataError:
        raise UserError(f"{path}: is empty; give a CSV with the columns id, cluster, iap2_level") from None
    except UnicodeDecodeError:
        raise UserError(f"{path}: is not UTF-8; save it as 'CSV UTF-8'") from None
    except pd.errors.ParserError as error:
        raise UserError(
            f"{path}: is not a readable CSV ({str(error).strip().splitlines()[0]}); save it again"
        ) from None
    return check(table, str(path))


def check(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """A copy of `table` with unique `commitment_id` and only the codebook's words in the codes.

    Raises UserError that names the row, the column and the legal values.
    """
    table = table.reset_index(drop=True).copy()
    if "commitment_id" not in table and "id" in table:
        table = table.rename(columns={"id": "commitment_id"})
    missing = [column for column in ("commitment_id", *REQUIRED) if column not in table]
    if missing:
        wanted = "id" if missing[0] == "commitment_id" else missing[0]
        raise UserError(f"{name}: has no column '{wanted}'; run `participation-deficit classify` on it first")
    if not len(table):
        raise UserError(f"{name}: has no rows; nothing can be measured")
    ids = table["commitment_id"].fillna("").astype(str).str.strip()
    for fault, rows in (("has no id", ids.eq("")), ("repeats the id", ids.duplicated())):
        if rows.any():
            row = int(rows.to_numpy().argmax())
            raise UserError(
                f"{name}: row {row + 2} {fault} '{ids[row]}'; give every row an id of its own".replace(" ''", "")
            )
    for column, legal in (*CLOSED.items(), *LISTS.items()):
        if column in table:
            _check_words(table[column], legal, column, name)
    if "source" in table:
        _check_words(table["source"], ("model", "review"), "source", name)
    return table


def _check_words(values: pd.Series, legal: tuple[str, ...], column: str, name: str) -> None:
    """Raises UserError at the first cell of `values` with a word that is not `legal`; lists are split at `|`."""
    words = set(legal) | ({""} if column not in REQUIRED else set())
    for row, cell in enumerate(values.fillna("").astype(str)):
        if cell in words:
            continue
        parts = cell.split(LIST_SEPARATOR) if column in LISTS else [cell]
        for part in parts:
            if part.strip() not in words:
                said = f"'{part.strip()}'" if part.strip() else "nothing"
                raise UserError(f"{name}: row {row + 2} has {said} in {column}; use one of {', '.join(legal)}")


def check_params(params: dict[str, Any]) -> dict[str, Any]:
    """`params` with every value checked; raises UserError that names the one at fault in params.yaml."""

    def fault(key: str, legal: str) -> UserError:
        return UserError(f"params.yaml: measure.{key} is missing or wrong; use {legal}")

    levels = codebook.LEVELS[1:]
    if params.get("threshold") not in levels:
        raise fault("threshold", "one of " + ", ".join(levels))
    targets = params.get("targets")
    if not isinstance(targets, dict):
        raise fault("targets", "a level for each of the five clusters")
    for cluster in codebook.IN_SCOPE:
        if targets.get(cluster) not in codebook.LEVELS:
            raise fault(f"targets.{cluster}", "one of " + ", ".join(codebook.LEVELS))
    for key, least in (("bootstrap", 100), ("min_group", 1), ("min_reviewed", 2), ("seed", 0)):
        if not isinstance(params.get(key), int) or isinstance(params.get(key), bool) or params[key] < least:
            raise fault(key, f"a whole number from {least}")
    return params
