"""Read what comes back from Excel, LibreOffice and Google Sheets, whatever they made of the file.

XLSX by openpyxl; CSV in UTF-8 (with or without BOM), UTF-16 or Windows-1252, with commas, semicolons, tabs or bars;
header anywhere in the first rows, columns in any order and with others between them, blank rows anywhere.
"""

import csv
import datetime
import io
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from pipeline.domain.errors import UserError
from pipeline.publish.safe_csv import restore
from pipeline.review.sheet import COLUMNS

KEY = "commitment_id"
_SEPARATORS = ",;\t|"
_HEADER_ROWS = 20
_INVISIBLE = dict.fromkeys([0, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF]) | {0xA0: " ", 0x202F: " "}


@dataclass(frozen=True)
class Row:
    """One filled row of a sheet: its number there (1 is the first line), and its cells by column as cleaned text."""

    number: int
    cells: dict[str, str]


def read_sheet(path: Path) -> list[Row]:
    """The filled rows of a returned file. Raises UserError where it is missing, cut or no such sheet."""
    if not path.is_file():
        raise UserError(f"{path}: not found; check the path")
    content = path.read_bytes()
    if not content.strip():
        raise UserError(f"{path}: is empty; export the sheet again")
    if content.startswith(b"PK"):
        return _table(_workbook(path), path)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UserError(f"{path}: is the old .xls, or has a password; save it as .xlsx or CSV without a password")
    return _table(_text_rows(_decoded(content, path), path), path)


def column_name(header: Any) -> str:
    """A header as the program spells it: `Reviewed Cluster ` gives `reviewed_cluster`."""
    words = str(header or "").translate(_INVISIBLE).casefold().replace("-", " ").replace("_", " ").split()
    return "_".join(words)


def clean(value: Any) -> str:
    """A cell as text: trimmed, no invisible characters, dates as ISO, neutralised formulas restored."""
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).translate(_INVISIBLE).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    return restore(text)


def _workbook(path: Path) -> list[list[Any]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of parts that other programs add
            book = load_workbook(path, data_only=True)
            sheets = [[list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, SyntaxError):
        raise UserError(f"{path}: is no readable .xlsx (cut?); save it again as .xlsx or CSV") from None
    for rows in sheets:
        if _header(rows) is not None:
            return rows
    return sheets[0] if sheets else []


def _decoded(content: bytes, path: Path) -> str:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    # Latin-1 takes the five bytes that Windows-1252 leaves out.
    encodings = ["utf-16"] if wide else ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UserError(f"{path}: was cut in the middle of a character; get the file again")


def _text_rows(text: str, path: Path) -> list[list[str]]:
    """Cells by the separator under which most of the program's columns are found."""
    first, _, after = text.partition("\n")
    if first.strip().strip('"').casefold().startswith("sep=") and len(first.strip().strip('"')) <= 5:
        text = "\n" + after  # Excel's own line; an empty one keeps the row numbers
    best: tuple[int, list[list[str]]] = (0, [])
    cut = False
    for separator in _SEPARATORS:
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
        except csv.Error as error:
            cut |= "unexpected end" in str(error)
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
            found = _known(rows)
            if cut and found > best[0]:
                raise UserError(f"{path}: ends in the middle of a cell: it was cut; get the file again") from None
        if (found := _known(rows)) > best[0]:
            best = (found, rows)
    rows = best[1]
    if len(rows) > 1 and not text.endswith(("\n", "\r")) and len(rows[-1]) < max(map(len, rows[:_HEADER_ROWS])):
        raise UserError(f"{path}, row {len(rows)}: ends in the middle of the row: the file was cut; get it again")
    return rows


def _known(rows: list[list[Any]]) -> int:
    at = _header(rows)
    return 0 if at is None else len({column_name(cell) for cell in rows[at]} & set(COLUMNS))


def _header(rows: list[list[Any]]) -> int | None:
    return next((at for at, row in enumerate(rows[:_HEADER_ROWS]) if KEY in map(column_name, row)), None)


def _table(rows: list[list[Any]], path: Path) -> list[Row]:
    at = _header(rows)
    if at is None:
        raise UserError(f"{path}: no row with the column '{KEY}'; keep the header row of the exported queue")
    names = [column_name(cell) for cell in rows[at]]
    doubled = next((name for name in names if name in COLUMNS and names.count(name) > 1), None)
    if doubled:
        raise UserError(f"{path}: has the column '{doubled}' twice; keep one of them")
    result = []
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        cells = {name: clean(value) for name, value in zip(names, row, strict=False) if name}
        if any(cells.values()):
            result.append(Row(number, cells))
    return result
