"""Tables of commitments (CSV, XLSX): each row is a commitment, recognised by the names of its columns.

The layout of OGP's commitments export is recognised, and any table whose headers `headers.yaml` knows. A mapping in
`corpus/sources.csv` names other columns: `title=Headline|text=What we will do`. A column `level` tells commitments
from their milestones, whose text is added to the commitment's; rows of other levels (indicators) are left out.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.domain.codebook import LANGUAGES, LIST_SEPARATOR, Status
from pipeline.domain.countries import code_of
from pipeline.domain.errors import DocumentError
from pipeline.domain.schema import SEGMENTS
from pipeline.extract.document import Reading
from pipeline.extract.language import detect
from pipeline.extract.table_files import read_rows
from pipeline.extract.table_layout import known_headers, layout_of, plain

if TYPE_CHECKING:
    import pandas as pd

TITLE_WORDS = 25  # a text as short as this is a title
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def read_commitments(path: Path, mapping: str = "", language: str = "") -> "pd.DataFrame":
    """The commitments of a table, with the columns of schema SEGMENTS; `page_start` and `page_end` are 1.

    `text` holds the title too, on a line of its own. `country` and `year` are the row's own (a country that no list
    knows stays as printed; the year is the plan's first), empty where the table does not tell. Where texts stand in
    several languages side by side, those in `language` are read (else the first), so that no commitment counts twice.
    Raises DocumentError for a table without a text column, two rows with one id, a mapping to a column that is not
    there, or an empty table.
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
    table = read_rows(path)
    start, columns, note = layout_of(table, mapping, language)
    rows = [
        (place, [" ".join(str(cell).split("\0")).strip() for cell in row])
        for place, row in enumerate(table[start:], start + 1)
    ]
    rows = [(place, row) for place, row in rows if any(row)]
    if not rows:
        raise DocumentError(Status.EMPTY, "the table has a header but no rows")
    result: list[dict[str, Any]] = []
    numbers: dict[tuple[str, ...], int] = {}  # an export of many plans numbers each from 1
    for place, row in rows:
        cell = {field: row[column] if column < len(row) else "" for field, column in columns.items()}
        kind = _level(cell.get("level", ""))
        if kind == "milestone" and result:
            _add_milestone(result[-1], cell)
        if kind != "commitment":
            continue
        number = cell.get("number", "")
        mark = (cell.get("country", ""), cell.get("plan", ""), number)
        if number and mark in numbers:
            raise DocumentError(
                Status.UNREADABLE,
                f"rows {numbers[mark]} and {place} have the same id '{number}'; give every commitment its own",
            )
        numbers[mark] = place
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
        "language": code if code in LANGUAGES else language or detect(text),  # the row itself knows best
        "country": code_of(cell.get("country", "")) or cell.get("country", ""),
        "year": _year(cell.get("year", ""), cell.get("plan", ""), cell.get("period", "")),
        "parent": cell.get("parent", ""),
        "lead_institution": cell.get("lead_institution", ""),
        "supporting_institutions": cell.get("supporting_institutions", ""),
        "start": cell.get("start", "") or (period[1] if period else ""),
        "end": cell.get("end", "") or (period[2] if period else ""),
        "milestones": LIST_SEPARATOR.join(
            part.strip() for part in re.split(r"[\n;|]", cell.get("milestones", "")) if part.strip()
        ),
    }


def _year(*cells: str) -> str:
    """The first year that any of the cells names: a plan is known by the year in which it begins."""
    return next((found[0] for cell in cells if (found := _YEAR.search(cell))), "")


def _add_milestone(commitment: dict[str, Any], cell: dict[str, str]) -> None:
    text = " ".join((cell.get("text") or cell.get("title", "")).split())
    if text:
        commitment["text"] += f"\n{text}"
        clean = text.replace(LIST_SEPARATOR, "/")
        commitment["milestones"] = f"{commitment['milestones']}{LIST_SEPARATOR}{clean}".strip(LIST_SEPARATOR)


def _level(value: str) -> str:
    key = plain(value)
    if not key:
        return "commitment"
    return next(
        (level for level, names in known_headers()["levels"].items() if key in {plain(name) for name in names}), "other"
    )
