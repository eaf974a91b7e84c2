"""Reading and writing tables: CSV or Parquet by the file's name, the same bytes for the same rows."""

import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pandas as pd

from pipeline.domain.errors import UserError
from pipeline.domain.places import replacing
from pipeline.domain.schema import TABLES

_TYPES: dict[str, Any] = {"integer": "Int64", "number": "Float64", "boolean": "boolean"}


def read_table(path: Path, schema: str = "") -> pd.DataFrame:
    """A CSV (every cell as text, empty cells empty) or Parquet file; typed by the schema's columns where one is named.

    Raises UserError where the file is missing, empty, or not of its format.
    """
    with told(path), path.open("rb") as handle:
        table = pd.read_parquet(handle) if path.suffix == ".parquet" else next(read_csv(handle))
    return typed(table, schema) if schema else table


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what can go wrong with the file of a table into a UserError."""
    try:
        yield
    except FileNotFoundError:
        raise UserError(f"{path}: not found; check the path") from None
    except IsADirectoryError:
        raise UserError(f"{path}: is a folder; give a file") from None
    except pd.errors.EmptyDataError:
        raise UserError(f"{path}: is empty; give a table with a header row") from None
    except UnicodeDecodeError:
        raise UserError(f"{path}: is not UTF-8; save it as 'CSV UTF-8' and try again") from None
    except pd.errors.ParserWarning:
        raise UserError(f"{path}: every row has more cells than the header; quote texts and save it again") from None
    except pd.errors.ParserError as error:
        found = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", str(error))
        fault = "row {1} has {2} cells, the header {0}".format(*found.groups()) if found else _first_line(error)
        raise UserError(f"{path}: {fault}; quote texts that hold separators and save it again") from None
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: cannot be read as a table ({_first_line(error)}); save it again") from None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


def read_csv(handle: IO[bytes], rows: int | None = None) -> Iterator[pd.DataFrame]:
    """Cells as text, `rows` at a time, else all at once; at least one table, if need be without rows.

    Spreadsheets of many languages separate by semicolons: the header tells.
    """
    header = handle.readline().decode("utf-8-sig")
    handle.seek(0)
    separator = ";" if ";" in header and "," not in header else ","
    options: dict[str, Any] = {"dtype": str, "keep_default_na": False, "encoding": "utf-8-sig", "index_col": False}
    reader = _strictly(lambda: pd.read_csv(handle, sep=separator, iterator=True, **options))
    part = _strictly(lambda: reader.read(rows))
    while True:
        yield part.fillna("")  # the missing cells of short rows
        if rows is None or len(part) < rows:
            return
        try:
            part = _strictly(lambda: reader.read(rows))
        except StopIteration:
            return


def _strictly(act: Callable[[], Any]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)  # else rows longer than the header lose cells
        return act()


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
    with replacing(path) as handle:
        if path.suffix == ".parquet":
            table.to_parquet(handle, index=False)
        else:
            handle.write(table.to_csv(index=False, lineterminator="\n").encode("utf-8"))
