"""Lines of a page in reading order, with the rows of its ruled tables in their place."""

from pipeline.extract import reading_order, ruled_tables
from pipeline.extract.lines import Line, attach_markers, line_of
from pipeline.extract.normalise import Words, join
from pipeline.extract.page import Fragment, Page


def page_lines(page: Page, words: Words) -> tuple[list[Line], bool]:
    """The lines, each with its column's edges, and whether there is a ruled table among them."""
    tables = ruled_tables.find(page)
    used = {piece.order for table in tables for row in table.rows for _, pieces in row for piece in pieces}
    items: list[Fragment | ruled_tables.RuledTable] = [
        *attach_markers([piece for piece in page.fragments if piece.order not in used])
    ]
    items.extend(tables)
    lines: list[Line] = []
    for number, region in enumerate(reading_order.regions(items)):
        start = len(lines)
        for row in reading_order.rows(region):
            pieces = [item for item in row if isinstance(item, Fragment)]
            for item in row:
                if isinstance(item, ruled_tables.RuledTable):
                    lines.extend(_table_lines(item, page.number, number, words))
            line = line_of(pieces, page.number, number) if pieces else None
            if line:
                lines.append(line)
        text = [line for line in lines[start:] if not line.kind]
        if text:
            left, right = min(line.x0 for line in text), max(line.x1 for line in text)
            for line in text:
                line.left, line.right = left, right
    return lines, bool(tables)


def _table_lines(table: ruled_tables.RuledTable, page: int, region: int, words: Words) -> list[Line]:
    result = []
    for row in table.rows:
        cells, runs, size = [], [], 0.0
        for _, pieces in row:
            text = ""
            for part in reading_order.rows(sorted(pieces, key=lambda piece: (piece.y0, piece.x0))):
                line = line_of(part, page, region)
                if line:
                    text = join(text, line.text, words)
                    runs.extend(line.runs)
                    size = size or line.size
            cells.append(text)
        if any(cells):
            x0, y0, x1, y1 = (pick(box[side] for box, _ in row) for side, pick in enumerate((min, min, max, max)))
            result.append(
                Line(page, region, x0, y0, x1, y1, " | ".join(cells), size, runs, kind="table_row", cells=cells)
            )
    return result
