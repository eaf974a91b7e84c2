"""`corpus/sources.csv`: read as the analyst keeps it, and checked row by row against the files."""

import csv
import hashlib
import io
from pathlib import Path, PurePosixPath

import pandas as pd

from pipeline.collect.fields import problems
from pipeline.domain.codebook import Status
from pipeline.domain.errors import UserError
from pipeline.domain.schema import SOURCES

REQUIRED = [column.name for column in SOURCES.columns if column.required]


def delimiter(header: str) -> str:
    """The separator of a CSV whose first line is `header`: spreadsheets save `;` or a tab in many countries."""
    return max(",;\t", key=header.count)


def read_sources(path: Path) -> pd.DataFrame:
    """The table as written, every column of `SOURCES` a string (empty where absent), cells stripped; no row is judged.

    Raises UserError where the file is missing, unreadable, lacks a needed column or has a column that nobody knows.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        separator = delimiter(text.partition("\n")[0])
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except FileNotFoundError:
        raise UserError(f"{path}: not found; create it with `participation-deficit add FILE`") from None
    except IsADirectoryError:
        raise UserError(f"{path}: is a folder; name the file sources.csv in it") from None
    except UnicodeDecodeError:
        raise UserError(f"{path}: is not UTF-8; save it as 'CSV UTF-8' in the spreadsheet") from None
    except csv.Error as error:
        raise UserError(f"{path}: is not a readable CSV ({error}); save it again as 'CSV UTF-8'") from None
    rows = [[cell.strip() for cell in row] for row in rows if any(row)]
    if not rows:
        raise UserError(f"{path}: is empty; its first line must be {','.join(SOURCES.names)}")
    header = rows.pop(0)
    _check_header(path, header)
    for number, row in enumerate(rows, 1):
        if len(row) != len(header):
            cells = f"row {number} has {len(row)} cells instead of {len(header)}"
            raise UserError(f"{path}: {cells}; put quotation marks around a cell that contains the separator")
    return pd.DataFrame(rows, columns=header, dtype=str).reindex(columns=SOURCES.names, fill_value="")


def _check_header(path: Path, header: list[str]) -> None:
    for name in REQUIRED:
        if name not in header:
            raise UserError(f"{path}: has no column '{name}'; its first line must be {','.join(SOURCES.names)}")
    for name in header:
        if name not in SOURCES.names:
            raise UserError(f"{path}: has an unknown column '{name}'; rename it to one of {', '.join(SOURCES.names)}")
        if header.count(name) > 1:
            raise UserError(f"{path}: has the column '{name}' twice; delete one")


def records(table: pd.DataFrame) -> list[dict[str, str]]:
    """The rows of a table of strings."""
    return [{str(name): cell for name, cell in row.items()} for row in table.to_dict("records")]


def document_path(sources: Path, path: str) -> Path:
    """The file of a row with the path `path` in the table `sources`."""
    return sources.parent / path


def checksum(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def check_sources(path: Path) -> pd.DataFrame:
    """The table of `read_sources` plus `status` (a `Status`) and `reason` (empty where ok; what is wrong, what to do).

    A row with a mistake stays in the table, so that the document is listed and never silently dropped.
    Raises UserError where the table as a whole cannot be read.
    """
    table = read_sources(path)
    seen: dict[tuple[str, str], str] = {}
    verdicts = [_verdict(path, row, seen) for row in records(table)]
    table["status"] = [status for status, _ in verdicts]
    table["reason"] = [reason for _, reason in verdicts]
    return table


def _verdict(sources: Path, row: dict[str, str], seen: dict[tuple[str, str], str]) -> tuple[str, str]:
    """Status and reason of one row; `seen` maps (column, value) of the rows before to their ids."""
    wrong = problems(row)
    digest = ""
    if not wrong:
        file = document_path(sources, row["path"])
        if not file.is_file():
            return Status.MISSING, f"{row['path']} is not in the corpus folder; put it there or delete its row"
        digest = checksum(file)
        if digest != row["sha256"].lower():
            return Status.CHANGED, _checksum_reason(row, digest)
    wrong += _repeats(row, digest, seen)
    return (Status.INVALID, "; ".join(wrong)) if wrong else (Status.OK, "")


def _checksum_reason(row: dict[str, str], digest: str) -> str:
    what = "has changed since it was added" if row["sha256"] else "has no checksum in sources.csv"
    return f"{row['path']} {what}; restore it, or if it is the right file set sha256 to {digest}"


def _repeats(row: dict[str, str], digest: str, seen: dict[tuple[str, str], str]) -> list[str]:
    """What `row` has in common with a row before it, though it may not: outputs name documents by id and file name."""
    name = PurePosixPath(row["path"]).name
    keys = {
        ("id", row["id"]): f"id '{row['id']}' stands in two rows; give each document its own",
        ("path", row["path"]): f"path '{row['path']}' stands in two rows; delete one",
        ("name", name): f"two documents are called '{name}'; rename one of the files",
        ("sha256", digest): f"{row['path']} has the same content as '{{first}}'; delete one of the two rows",
    }
    wrong = [reason.format(first=seen[key]) for key, reason in keys.items() if key[1] and key in seen]
    for key in keys:
        seen.setdefault(key, row["id"])
    return wrong[:1]
