"""Reading and writing tables: CSV or Parquet by the file's name, the same bytes for the same rows."""

import re
import warnings
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.domain.errors import UserError
from pipeline.domain.schema import TABLES

_TYPES: dict[str, Any] = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}


def read_table(path: Path, schema: str = "") -> pd.DataFrame:
    """A CSV (every cell as text, empty cells empty) or Parquet file; typed by the schema's columns where one is named.

    Raises UserError where the file is missing, empty, or not of its format.
    """
    try:
        table = pd.read_parquet(path) if path.suffix == ".parquet" else _read_csv(path)
    except FileNotFoundError:
        raise UserError(f"{path}: not found; check the path") from None
    except IsADirectoryError:
        raise UserError(f"{path}: is a folder; give a file") from None
    except pd.errors.EmptyDataError:
        raise UserError(f"{path}: is empty; give a table with a header row") from None
    except UnicodeDecodeError:
        raise UserError(f"{path}: is not UTF-8; save it as 'CSV UTF-8' and try again") from None
    except pd.errors.ParserError as error:
        told = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", str(error))
        fault = "row {1} has {2} cells, the header {0}".format(*told.groups()) if told else str(error).splitlines()[0]
        raise UserError(f"{path}: {fault}; quote texts that hold separators and save it again") from None
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: cannot be read as a table ({str(error).splitlines()[0]}); save it again") from None
    return typed(table, schema) if schema else table


def _read_csv(path: Path) -> pd.DataFrame:
    """Cells as text. Spreadsheets of many languages separate by semicolons: the header tells."""
    with path.open(encoding="utf-8-sig") as lines:
        header = lines.readline()
    separator = ";" if ";" in header and "," not in header else ","
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)  # else rows longer than the header lose cells
        try:
            table = pd.read_csv(
                path, dtype=str, keep_default_na=False, encoding="utf-8-sig", sep=separator, index_col=False
            )
        except pd.errors.ParserWarning:
            raise UserError(
                f"{path}: every row has more cells than the header; quote texts and save it again"
            ) from None
    return table.fillna("")  # the missing cells of short rows


def typed(table: pd.DataFrame, schema: str) -> pd.DataFrame:
    """The table with numbers and booleans as the schema says; raises UserError for a cell that is neither."""
    for column in TABLES[schema].columns:
        if column.name in table and column.type in _TYPES and pd.api.types.is_string_dtype(table[column.name]):
            cells = table[column.name].replace({"": None, "True": True, "False": False, "true": True, "false": False})
            try:
                table[column.name] = (
                    cells.astype(_TYPES[column.type])
                    if column.type == "boolean"
                    else pd.to_numeric(cells).astype(_TYPES[column.type])
                )
            except (ValueError, TypeError):
                raise UserError(
                    f"column '{column.name}' of {schema} holds a cell that is no {column.type}; correct it"
                ) from None
    return table


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write CSV (UTF-8, line feed) or Parquet by the file's name, in one step; folders are made as needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.part")
    if path.suffix == ".parquet":
        table.to_parquet(unfinished, index=False)
    else:
        table.to_csv(unfinished, index=False, lineterminator="\n", encoding="utf-8")
    unfinished.replace(path)
