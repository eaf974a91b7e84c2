"""A PDF's text blocks: pages through pdfium, then furniture, tables, reading order, footnotes and paragraphs."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pypdfium2

from pipeline.domain.codebook import Status
from pipeline.domain.errors import DocumentError
from pipeline.extract import furniture, pdf_blocks, reading_order, ruled_tables
from pipeline.extract.lines import Line, attach_markers, line_of
from pipeline.extract.normalise import Words, join, vocabulary
from pipeline.extract.pdfium_page import Fragment, Page, PageReader

MAX_PAGES = 5000
_NOTE_NUMBER = re.compile(r"(\d{1,3})[.)]?(?=\D)")


def open_pdf(path: Path) -> pypdfium2.PdfDocument:
    """The open document. Raises DocumentError for encrypted, damaged and empty files, with what to do."""
    try:
        document = pypdfium2.PdfDocument(path)
        pages = len(document)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error) or "ecurity" in str(error):
            raise DocumentError(Status.ENCRYPTED, "the PDF needs a password; save a copy without one") from None
        raise DocumentError(Status.UNREADABLE, "not a readable PDF (damaged or cut off); download it again") from None
    if not pages:
        document.close()
        raise DocumentError(Status.EMPTY, "the PDF has no pages; check the file")
    if pages > MAX_PAGES:
        document.close()
        raise DocumentError(Status.LIMIT, f"the PDF has {pages} pages, more than {MAX_PAGES}; split it")
    return document


def read_pages(document: pypdfium2.PdfDocument, tell: Callable[[int], None] | None = None) -> tuple[list[Page], list[int]]:
    """All pages, and the numbers of those that pdfium could not load."""
    reader = PageReader(document)
    pages, failed = [], []
    for index in range(len(document)):
        try:
            pages.append(reader.read(index))
        except pypdfium2.PdfiumError:
            failed.append(index + 1)
            pages.append(Page(index + 1, 0.0, 0.0))
        if tell:
            tell(index + 1)
    return pages, failed


def blocks_of(pages: list[Page]) -> tuple[list[pdf_blocks.Block], bool]:
    """Blocks of all pages in reading order, and whether a ruled table was read."""
    body_size = main_size(pages)
    aside = furniture.find(pages, body_size)
    words = vocabulary(piece.text for page in pages for piece in page.fragments)
    lines: list[Line] = []
    extras: list[Line] = []
    references: set[str] = set()
    tables = False
    for page in pages:
        marked = aside.get(page.number, {})
        for kind in ("header", "footer"):
            rest = sorted((piece for piece in page.fragments if marked.get(piece.order) == kind), key=lambda piece: (piece.y0, piece.x0))
            for row in reading_order.rows(rest):
                line = line_of(row, page.number, -1)
                if line:
                    line.kind = kind
                    extras.append(line)
        page.fragments = [piece for piece in page.fragments if piece.order not in marked]
        mine, ruled = _page_lines(page, words)
        tables |= ruled
        _mark_footnotes(mine, body_size, page.height, references)
        lines.extend(mine)
    body = [line for line in lines if line.kind in ("", "table_row")]
    blocks = pdf_blocks.group(body, words)
    pdf_blocks.classify(blocks, body_size)
    notes = _notes([line for line in lines if line.kind == "footnote"], words)
    edges = [pdf_blocks.Block(line.kind, [line], line.text) for line in extras]
    return _merge(blocks, notes, edges), tables


def main_size(pages: list[Page]) -> float:
    """Type size, in points, in which most characters of the document are set."""
    counts: Counter[float] = Counter()
    for page in pages:
        for piece in page.fragments:
            counts[round(piece.size * 2) / 2] += len(piece.text)
    return counts.most_common(1)[0][0] if counts else 0.0


def _page_lines(page: Page, words: Words) -> tuple[list[Line], bool]:
    tables = ruled_tables.find(page)
    used = {piece.order for table in tables for row in table.rows for _, pieces in row for piece in pieces}
    items: list[Fragment | ruled_tables.RuledTable] = [*attach_markers([piece for piece in page.fragments if piece.order not in used])]
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
            result.append(Line(page, region, x0, y0, x1, y1, " | ".join(cells), size, runs, kind="table_row", cells=cells))
    return result


def _mark_footnotes(lines: list[Line], body_size: float, height: float, references: set[str]) -> None:
    """Footnotes: small lines that open with a figure to which the text refers, and the small lines after them."""
    for line in lines:
        references.update(line.references)
    sizes: Counter[float] = Counter()
    for line in lines:
        if not line.kind:
            sizes[line.size] += len(line.text)
    usual = sizes.most_common(1)[0][0] if sizes else body_size
    if usual > 0.85 * body_size:  # else the page is mostly notes
        body_size = min(body_size, usual)
    note = 0.0
    for line in lines:
        if line.kind or line.size >= 0.94 * body_size or (note and abs(line.size - note) > 0.6):
            note = 0.0
        if line.kind or line.size >= 0.94 * body_size:
            continue
        number = _NOTE_NUMBER.match(line.text)
        referred = number is not None and number[1] in references
        if line.note or referred or (number and line.y0 > 0.6 * height and line.size < 0.87 * body_size):
            note = line.size
            line.note = True
            if number:
                references.discard(number[1])
        if note:
            line.kind = "footnote"


def _notes(lines: list[Line], words: Words) -> list[pdf_blocks.Block]:
    blocks: list[pdf_blocks.Block] = []
    for line in lines:
        if not blocks or line.note or blocks[-1].lines[-1].page != line.page:
            blocks.append(pdf_blocks.Block("footnote", [line]))
        else:
            blocks[-1].lines.append(line)
    for block in blocks:
        text = ""
        for line in block.lines:
            text = pdf_blocks.join(text, line.text, words)
        block.text = text
    return blocks


def _merge(*groups: list[pdf_blocks.Block]) -> list[pdf_blocks.Block]:
    """Body blocks of a page, then its footnotes, then header and footer; the order within each group is kept."""
    numbered = [(block.lines[0].page, rank, place, block) for rank, group in enumerate(groups) for place, block in enumerate(group)]
    return [block for *_, block in sorted(numbered, key=lambda entry: entry[:3])]
