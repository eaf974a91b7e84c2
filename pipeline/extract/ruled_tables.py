"""Ruled tables: pdfplumber finds the cells in the page's rules, and the text fragments are put into them.

pdfplumber's own page parser reads 17 pages a second and keeps what it reads; its table finder only needs the rules,
which pdfium has already given.
"""

from dataclasses import dataclass

import numpy as np
from pdfplumber.table import TableFinder

from pipeline.extract.page import Fragment, Page

MIN_RULES = 4
MAX_RULES = 1500  # charts and maps
SNAP = 3.5


@dataclass(slots=True)
class RuledTable:
    """Box of a table and its rows; a cell is its box and the fragments in it."""

    x0: float
    y0: float
    x1: float
    y1: float
    rows: list[list[tuple[tuple[float, float, float, float], list[Fragment]]]]


class _Rules:
    """The little of pdfplumber's page that its table finder asks for."""

    def __init__(self, edges: list[dict[str, object]], box: tuple[float, float, float, float]):
        self.edges = edges
        self.bbox = box
        self.chars: list[object] = []


def find(page: Page) -> list[RuledTable]:
    """Tables of at least two rows and two columns with text in them, with their fragments in place."""
    if not MIN_RULES <= len(page.rules) <= MAX_RULES:
        return []
    edges = _edges(page.rules)
    upright = sum(edge["orientation"] == "v" for edge in edges)
    if upright < 2 or len(edges) - upright < 2:
        return []
    settings = {"snap_tolerance": SNAP, "join_tolerance": SNAP, "intersection_tolerance": SNAP, "edge_min_length": 3}
    try:
        found = TableFinder(_Rules(edges, (0, 0, page.width, page.height)), settings).tables  # type: ignore[arg-type]
    except (ValueError, IndexError, ZeroDivisionError):
        return []
    tables = []
    for table in found:
        x0, y0, x1, y1 = table.bbox
        result = RuledTable(x0, y0, x1, y1, [])
        for row in table.rows:
            cells = [cell for cell in row.cells if cell]
            if cells:
                result.rows.append([(cell, []) for cell in cells])
        if len(result.rows) >= 2 and max(len(row) for row in result.rows) >= 2:
            tables.append(result)
    return [table for table in tables if _place(table, page)]


def _edges(rules: np.ndarray) -> list[dict[str, object]]:
    edges: list[dict[str, object]] = []
    for x0, y0, x1, y1 in rules.tolist():
        if y1 - y0 <= x1 - x0:
            middle = (y0 + y1) / 2
            edges.append(
                {
                    "orientation": "h",
                    "x0": x0,
                    "x1": x1,
                    "top": middle,
                    "bottom": middle,
                    "width": x1 - x0,
                    "height": 0.0,
                    "object_type": "line",
                }
            )
        else:
            middle = (x0 + x1) / 2
            edges.append(
                {
                    "orientation": "v",
                    "x0": middle,
                    "x1": middle,
                    "top": y0,
                    "bottom": y1,
                    "width": 0.0,
                    "height": y1 - y0,
                    "object_type": "line",
                }
            )
    return edges


def _place(table: RuledTable, page: Page) -> bool:
    """Put the page's fragments into the cells; False where too few cells hold text to call it a table."""
    inside = [
        piece
        for piece in page.fragments
        if table.x0 - 2 < (piece.x0 + piece.x1) / 2 < table.x1 + 2
        and table.y0 - 2 < (piece.y0 + piece.y1) / 2 < table.y1 + 2
    ]
    placed = 0
    for piece in inside:
        x, y = (piece.x0 + piece.x1) / 2, (piece.y0 + piece.y1) / 2
        for row in table.rows:
            cell = next(
                (
                    pieces
                    for (x0, y0, x1, y1), pieces in row
                    if y0 <= y <= y1 and x0 <= min(max(x, piece.x0 + 1), x1) and x0 - 2 <= x <= x1 + 2
                ),
                None,
            )
            if cell is not None:
                cell.append(piece)
                placed += 1
                break
    filled = sum(bool(pieces) for row in table.rows for _, pieces in row)
    return (
        filled >= 3 and placed >= 0.8 * len(inside) and sum(any(pieces for _, pieces in row) for row in table.rows) >= 2
    )
