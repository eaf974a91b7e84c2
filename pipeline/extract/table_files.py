"""Tables from files: CSV in any dialect, and the first filled sheet of an XLSX workbook, as rows of text."""

import csv
import io
import warnings
from pathlib import Path

from pipeline.domain.codebook import Status
from pipeline.domain.errors import DocumentError
from pipeline.extract.archive import check_office_file
from pipeline.extract.document import MAX_TEXT_BYTES
from pipeline.extract.encoding import decode

MAX_ROWS = 200_000
MAX_COLUMNS = 500


def read_rows(path: Path) -> list[list[str]]:
    """The table's rows. Raises DocumentError for damaged, encrypted and too large files."""
    return _xlsx(path) if path.suffix.lower() == ".xlsx" else _csv(path)


def _csv(path: Path) -> list[list[str]]:
    if path.stat().st_size > MAX_TEXT_BYTES:
        raise DocumentError(Status.LIMIT, f"table of more than {MAX_TEXT_BYTES // 2**20} MiB; split it")
    text = decode(path.read_bytes())
    sample = text[:8192]
    try:
        delimiter = csv.Sniffer().sniff(sample, delimiters=",;\t|").delimiter
    except csv.Error:
        delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    first = sample.split("\n", 1)[0]
    if first.count(delimiter) == 0:
        delimiter = max(",;\t|", key=first.count)
    csv.field_size_limit(2**24)
    try:
        rows = []
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row[:MAX_COLUMNS])
            if len(rows) > MAX_ROWS:
                raise DocumentError(Status.LIMIT, f"more than {MAX_ROWS} rows; split the table")
        return rows
    except csv.Error as error:
        raise DocumentError(Status.UNREADABLE, f"not a readable CSV table ({error}); export it again") from None


def _xlsx(path: Path) -> list[list[str]]:
    check_office_file(path, "xl/workbook.xml")
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            rows: list[list[str]] = []
            for sheet in book.worksheets:
                for row in sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS):
                    if any(cell is not None for cell in row):
                        rows.append([_shown(cell) for cell in row])
                    if len(rows) > MAX_ROWS:
                        raise DocumentError(Status.LIMIT, f"more than {MAX_ROWS} rows; split the table")
                if rows:
                    break  # the first sheet with content
            book.close()
            return rows
    except DocumentError:
        raise
    except Exception as error:  # openpyxl raises errors of many kinds on damaged parts
        raise DocumentError(
            Status.UNREADABLE, f"damaged XLSX ({type(error).__name__}); open and save it again"
        ) from None


def _shown(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    date = getattr(cell, "date", None)
    return date().isoformat() if callable(date) else str(cell)
