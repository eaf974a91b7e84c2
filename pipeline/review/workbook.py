"""The queue as XLSX: drop-downs of legal values, frozen header, wrapped text, locked id columns, a guide."""

import math
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.publish.safe_csv import neutralise
from pipeline.review.sheet import CODES, SINGLE, TO_FILL, legal_values, meaning

_LONGEST = 32_000  # characters; a cell holds 32,767
_WIDTHS = {
    "text": 80,
    "title": 36,
    "quotation": 44,
    "reviewed_evidence": 44,
    "comment": 36,
    "reason": 30,
    "document": 28,
}
_WIDTH = 18  # characters; of the other columns
_LINE, _TALLEST = 13.5, 240.0  # points; a row holds 409 at most, and one that fills the screen is hard to work in
_BROKEN = 1.1  # lines end at words, so they hold less than the width
_HEAD = {True: PatternFill("solid", fgColor="1F6F54"), False: PatternFill("solid", fgColor="44546A")}
_FILL = PatternFill("solid", fgColor="F1F8F4")


def write_workbook(table: pd.DataFrame, path: Path) -> None:
    """Write the sheet (columns of `pipeline.review.sheet`, all text) as XLSX, in one step."""
    book = Workbook()
    queue = book.active
    assert isinstance(queue, Worksheet)
    queue.title = "queue"
    lists = book.create_sheet("lists")
    _rows(queue, table)
    _drop_downs(queue, lists, len(table))
    _guide(book.create_sheet("guide", 1))
    lists.sheet_state = "hidden"
    book.security = WorkbookProtection(lockStructure=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.stem}.part.xlsx")
    book.save(unfinished)
    unfinished.replace(path)


def _rows(queue: Worksheet, table: pd.DataFrame) -> None:
    queue.append(list(table.columns))
    for place, name in enumerate(table.columns, start=1):
        head = queue.cell(1, place)
        head.font, head.fill = Font(bold=True, color="FFFFFF"), _HEAD[name in TO_FILL]
        head.alignment = Alignment(wrap_text=True, vertical="top")
        queue.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(name, _WIDTH)
    queue.row_dimensions[1].height = 2 * _LINE
    for number, row in enumerate(table.to_dict("records"), start=2):
        for place, name in enumerate(table.columns, start=1):
            cell = queue.cell(number, place)
            assert isinstance(cell, Cell)
            _set(cell, str(row[name]))
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.protection = Protection(locked=name not in TO_FILL)
            if name in TO_FILL:
                cell.fill = _FILL
                cell.number_format = "@"  # text: else the program turns what looks like a date or a number
            if name == "link" and row[name]:
                cell.hyperlink = str(row[name])
                cell.style = "Hyperlink"
        queue.row_dimensions[number].height = _height({str(name): str(value) for name, value in row.items()})
    queue.freeze_panes = queue.cell(2, list(table.columns).index("commitment_id") + 2)
    queue.auto_filter.ref = queue.dimensions
    queue.protection.sheet = True  # no password: it guards against slips, not against the reviewer
    for name in ("formatColumns", "formatRows", "formatCells", "autoFilter", "sort"):
        setattr(queue.protection, name, False)  # False: allowed


def _height(row: dict[str, str]) -> float:
    """Points that show a row's wrapped texts, up to _TALLEST: not every program fits rows to their text by itself."""
    lines = [
        sum(max(1, math.ceil(_BROKEN * len(part) / _WIDTHS.get(name, _WIDTH))) for part in text.split("\n"))
        for name, text in row.items()
        if name != "link"
    ]
    return min(_TALLEST, _LINE * max(lines))


def _set(cell: Cell, text: str) -> None:
    cell.value = neutralise(ILLEGAL_CHARACTERS_RE.sub("", text))[:_LONGEST]
    cell.data_type = "s"  # text whatever it begins with


def _drop_downs(queue: Worksheet, lists: Worksheet, rows: int) -> None:
    columns = [str(cell.value) for cell in queue[1]]
    singles = ["status", *(f"reviewed_{code}" for code in SINGLE)]
    for place, name in enumerate(singles, start=1):
        values = legal_values(name)
        lists.cell(1, place, name)
        for number, value in enumerate(values, start=2):
            lists.cell(number, place, value)
        letter = get_column_letter(place)
        rule = DataValidation(
            type="list",
            formula1=f"lists!${letter}$2:${letter}${len(values) + 1}",
            allow_blank=True,
            showErrorMessage=True,
        )
        rule.errorTitle, rule.error = name, "Choose one of: " + ", ".join(values)[:200]
        _apply(rule, queue, columns.index(name) + 1, rows)
    for code in CODES:
        if code not in SINGLE:
            # No error: a cell may hold several of them, which a drop-down cannot offer.
            rule = DataValidation(showInputMessage=True)
            rule.promptTitle = f"reviewed_{code}"
            rule.prompt = f"Any of these, parted by |: {', '.join(legal_values(f'reviewed_{code}'))}"[:250]
            _apply(rule, queue, columns.index(f"reviewed_{code}") + 1, rows)


def _apply(rule: DataValidation, queue: Worksheet, place: int, rows: int) -> None:
    letter = get_column_letter(place)
    rule.add(f"{letter}2:{letter}{max(rows, 1) + 1}")
    queue.add_data_validation(rule)


def _guide(guide: Worksheet) -> None:
    lines = [
        ("How to review", "Read the text (or the picture in queue.html), then fill the green columns of the row."),
        (
            "",
            "A row counts as reviewed when you choose a status or give cluster and level, and only then.",
        ),
        ("", "The evidence is copied word for word from title or text; it is empty where the level is none."),
        ("", "Columns with several values: part them by |."),
        ("", ""),
        *((value, meaning("status", value)) for value in legal_values("status")),
        ("", ""),
        *((value, meaning("cluster", value)) for value in legal_values("reviewed_cluster")),
        ("", ""),
        *((value, meaning("iap2_level", value)) for value in legal_values("reviewed_iap2_level")),
    ]
    for number, (name, words) in enumerate(lines, start=1):
        guide.cell(number, 1, name).font = Font(bold=True)
        guide.cell(number, 2, words).alignment = Alignment(wrap_text=True)
    guide.column_dimensions["A"].width, guide.column_dimensions["B"].width = 24, 100
