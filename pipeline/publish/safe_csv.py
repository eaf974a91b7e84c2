"""CSV that is safe to open in a spreadsheet, and the way back.

A text cell that a spreadsheet would run as a formula (it starts with = + - @, a tab or a carriage return) gets an
apostrophe in front. Cells that already start with apostrophes before such a character get one more, so that dropping
one apostrophe always restores the original.
"""

import csv
import io
import re
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.domain.schema import Table

DANGEROUS = re.compile(r"'*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
DECIMALS = 6


def neutralise(text: str) -> str:
    """`text`, with an apostrophe in front where a spreadsheet would take it for a formula."""
    return "'" + text if DANGEROUS.match(text) else text


def restore(text: str) -> str:
    """The text that `neutralise` was given."""
    return text[1:] if text.startswith("'") and DANGEROUS.match(text[1:]) else text


def _cell(value: Any, kind: str) -> str:
    """One cell as published: empty for nothing, true and false, whole numbers without a point, six decimals at most."""
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "integer":
        return str(int(value))
    if kind == "number":
        # Adding 0.0 turns minus zero into zero.
        return f"{round(float(value), DECIMALS) + 0.0:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return neutralise(str(value))


def to_csv(data: pd.DataFrame, table: Table) -> bytes:
    """`data` (columns of `table`) as UTF-8 CSV: comma, minimal quoting, line feeds, columns in published order."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(table.names)
    columns = [[_cell(value, column.type) for value in data[column.name].tolist()] for column in table.columns]
    writer.writerows(zip(*columns, strict=True))
    return buffer.getvalue().encode("utf-8")


def read_csv(path: Path) -> pd.DataFrame:
    """A published CSV as text, formulas restored; empty cells are empty strings."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    return table.apply(lambda column: column.map(restore))
