"""Tables of commitments (CSV, XLSX): each row is a commitment, recognised by the names of its columns.

The layout of OGP's commitments export is recognised, and any table whose headers `headers.yaml` knows. A mapping in
`corpus/sources.csv` names other columns: `title=Headline|text=What we will do`. A column `level` tells commitments
from their milestones, whose text is added to the commitment's; rows of other levels (indicators) are left out.
"""

import csv
import io
import re
import unicodedata
import warnings
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pipeline.domain.codebook import LANGUAGES, LIST_SEPARATOR, Status
from pipeline.domain.errors import DocumentError
from pipeline.domain.schema import SEGMENTS
from pipeline.extract.archive import check_office_file
from pipeline.extract.document import MAX_TEXT_BYTES, Reading
from pipeline.extract.encoding import decode
from pipeline.extract.language import detect

if TYPE_CHECKING:
    import pandas as pd

MAX_ROWS = 200_000
MAX_COLUMNS = 500
TITLE_WORDS = 25  # a text as short as this is a title
_LANGUAGE_SUFFIX = re.compile(rf"^(.*\S)\s+({'|'.join((*LANGUAGES, 'english', 'french', 'spanish'))})$")


@cache
def _headers() -> dict[str, Any]:
    text = resources.files("pipeline.extract").joinpath("headers.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def read_commitments(path: Path, mapping: str = "", language: str = "") -> "pd.DataFrame":
    """The commitments of a table, with the columns of schema SEGMENTS; `page_start` and `page_end` are 1.

    `text` holds the title too, on a line of its own. Where texts stand in several languages side by side, those in
    `language` are read (else the first), so that no commitment counts twice. Raises DocumentError for a table
    without a text column, two rows with one id, a mapping to a column that is not there, or an empty table.
    """
    import pandas as pd

    found, columns, _ = _commitments(path, mapping, language)
    frame = pd.DataFrame(found, columns=SEGMENTS.names)
    return frame.astype({"page_start": "int64", "page_end": "int64"}) if len(frame) else frame


def read_table(path: Path, mapping: str, language: str) -> Reading:
    """The commitments as blocks: one block of kind `table_row` each, its title in `lead`, its number in `marker`.

    The reading's method is `commitment table`: segmentation takes every such block as one commitment.
    """
    found, columns, note = _commitments(path, mapping, language)
    rows = []
    for block, item in enumerate(found):
        row = {
            **dict.fromkeys(("x0", "y0", "x1", "y1"), 0.0),
            "page": 1,
            "page_end": 1,
            "block": block,
            "kind": "table_row",
        }
        row |= {"document": path.name, "text": item["text"], "lead": item["title"], "marker": item["number"]}
        rows.append(row | {"size": 0.0, "bold": 0.0, "italic": 0.0, "font": ""})
    return Reading(rows, Status.OK, note, 1, "commitment table", language)


def _commitments(path: Path, mapping: str, language: str) -> tuple[list[dict[str, Any]], dict[str, int], str]:
    table = _xlsx(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    start, columns, note = _layout(table, mapping, language)
    rows = [[" ".join(str(cell).split("\0")).strip() for cell in row] for row in table[start:]]
    rows = [row for row in rows if any(row)]
    if not rows:
        raise DocumentError(Status.EMPTY, "the table has a header but no rows")
    result: list[dict[str, Any]] = []
    numbers: dict[str, int] = {}
    for place, row in enumerate(rows, start + 2):
        cell = {field: row[column] if column < len(row) else "" for field, column in columns.items()}
        kind = _level(cell.get("level", ""))
        if kind == "milestone" and result:
            _add_milestone(result[-1], cell)
        if kind != "commitment":
            continue
        number = cell.get("number", "")
        if number and number in numbers:
            raise DocumentError(
                Status.UNREADABLE,
                f"rows {numbers[number]} and {place} have the same id '{number}'; give every commitment its own",
            )
        numbers[number] = place
        segment = _segment(path, cell, number or str(len(result) + 1), language)
        if segment["text"]:
            result.append(segment)
    if not result:
        raise DocumentError(Status.EMPTY, "no row of the table holds a commitment's text")
    return result, columns, note


def _segment(path: Path, cell: dict[str, str], number: str, language: str) -> dict[str, Any]:
    title, text = cell.get("title", ""), cell.get("text", "")
    if text and title and not text.casefold().startswith(title.casefold()):
        text = f"{title}\n{text}"
    text = text or title
    if not title and len(text.split()) <= TITLE_WORDS and "\n" not in text:
        title = text
    code = cell.get("language", "").strip().lower()[:2]
    period = re.fullmatch(r"\s*(\d{4})\s*[-–/]\s*(\d{4})\s*", cell.get("period", ""))
    return {
        **dict.fromkeys(SEGMENTS.names, ""),
        "document": path.name,
        "commitment_id": f"{path.stem}-{number}",
        "number": number,
        "title": title,
        "text": text,
        "page_start": 1,
        "page_end": 1,
        "language": language or (code if code in LANGUAGES else detect(text)),
        "parent": cell.get("parent", ""),
        "lead_institution": cell.get("lead_institution", ""),
        "supporting_institutions": cell.get("supporting_institutions", ""),
        "start": cell.get("start", "") or (period[1] if period else ""),
        "end": cell.get("end", "") or (period[2] if period else ""),
        "milestones": LIST_SEPARATOR.join(
            part.strip() for part in re.split(r"[\n;|]", cell.get("milestones", "")) if part.strip()
        ),
    }


def _add_milestone(commitment: dict[str, Any], cell: dict[str, str]) -> None:
    text = " ".join((cell.get("text") or cell.get("title", "")).split())
    if text:
        commitment["text"] += f"\n{text}"
        clean = text.replace(LIST_SEPARATOR, "/")
        commitment["milestones"] = f"{commitment['milestones']}{LIST_SEPARATOR}{clean}".strip(LIST_SEPARATOR)


def _level(value: str) -> str:
    key = _plain(value)
    if not key:
        return "commitment"
    return next(
        (level for level, names in _headers()["levels"].items() if key in {_plain(name) for name in names}), "other"
    )


def _layout(table: list[list[str]], mapping: str, language: str) -> tuple[int, dict[str, int], str]:
    """Index of the first data row, the column of each field, and a note on columns that were passed over."""
    if not table:
        raise DocumentError(Status.EMPTY, "the table is empty")
    if mapping.strip():
        return _mapped(table, mapping)
    best: tuple[int, dict[str, int], str] | None = None
    for place, row in enumerate(table[:20]):  # exports may have a title above their header
        columns, note = _recognised(row, language)
        if ("text" in columns or "title" in columns) and (best is None or len(columns) > len(best[1])):
            best = place + 1, columns, note
    if best is None or ("text" not in best[1] and len(best[1]) < 2 and len(table[0]) > 1):
        shown = ", ".join(cell for cell in table[0] if cell)[:120]
        raise DocumentError(
            Status.UNREADABLE,
            f"no column with the commitments' text among: {shown}; name it in the mapping, such as text=Description",
        )
    return best


def _mapped(table: list[list[str]], mapping: str) -> tuple[int, dict[str, int], str]:
    names = {}
    for pair in mapping.split(LIST_SEPARATOR):
        field, equals, header = pair.partition("=")
        if not equals or field.strip() not in _headers() or field.strip() == "levels":
            fields = ", ".join(name for name in _headers() if name != "levels")
            raise DocumentError(
                Status.UNREADABLE, f"mapping '{pair.strip()}' is not field=header with one of the fields {fields}"
            )
        names[field.strip()] = header.strip()
    for place, row in enumerate(table[:20]):
        headers = {_plain(cell): column for column, cell in reversed(list(enumerate(row)))}
        if all(_plain(header) in headers for header in names.values()):
            if "text" not in names and "title" not in names:
                raise DocumentError(Status.UNREADABLE, "the mapping names no text column; add text=HEADER")
            return place + 1, {field: headers[_plain(header)] for field, header in names.items()}, ""
    known = {_plain(cell) for cell in table[0]}
    lacking = [header for header in names.values() if _plain(header) not in known]
    raise DocumentError(
        Status.UNREADABLE, f"the table has no column '{', '.join(lacking)}' that the mapping names; correct the mapping"
    )


def _recognised(row: list[str], language: str) -> tuple[dict[str, int], str]:
    plain = [_plain(cell) for cell in row]
    split = [(match[1], match[2][:2]) if (match := _LANGUAGE_SUFFIX.match(name)) else (name, "") for name in plain]
    suffixes = list(dict.fromkeys(code for _, code in split if code))
    chosen = language if language in suffixes else suffixes[0] if suffixes else ""
    columns: dict[str, int] = {}
    for field, names in _headers().items():
        if field == "levels":
            continue
        for name in map(_plain, names):
            places = [
                column
                for column, (base, code) in enumerate(split)
                if base == name and code in ("", chosen) and column not in columns.values()
            ]
            exact = [column for column, whole in enumerate(plain) if whole == name and column not in columns.values()]
            if exact or places:
                columns[field] = (exact or places)[0]
                break
    passed = [cell for cell, (_, code) in zip(row, split, strict=True) if code and code != chosen]
    return columns, f"read in '{chosen}'; columns in other languages passed over: {', '.join(passed)}" if passed else ""


def _plain(text: str) -> str:
    """Header without case, accents and punctuation."""
    letters = unicodedata.normalize("NFKD", str(text)).casefold()
    letters = "".join(c for c in letters if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w#]|_", " ", letters).split())


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
