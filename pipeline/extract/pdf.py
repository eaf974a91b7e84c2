"""A PDF's text blocks: pages through pdfium, then furniture, tables, reading order, footnotes and paragraphs."""

from collections import Counter
from pathlib import Path
from typing import Any

import pypdfium2

from pipeline.domain.codebook import Status
from pipeline.domain.errors import DocumentError
from pipeline.extract import furniture, ocr, pdf_blocks, reading_order
from pipeline.extract.document import Reading
from pipeline.extract.footnotes import footnote_blocks, mark_footnotes
from pipeline.extract.language import detect
from pipeline.extract.ligatures import repair_ligatures
from pipeline.extract.lines import Line, line_of
from pipeline.extract.normalise import vocabulary
from pipeline.extract.page import Page
from pipeline.extract.page_lines import page_lines
from pipeline.extract.pdfium_page import PageReader

MAX_PAGES = 5000


def open_pdf(path: Path) -> pypdfium2.PdfDocument:
    """The open document. Raises DocumentError for encrypted and damaged files, with what to do."""
    try:
        document = pypdfium2.PdfDocument(path)
        pages = len(document)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error) or "ecurity" in str(error):
            raise DocumentError(Status.ENCRYPTED, "the PDF needs a password; save a copy without one") from None
        raise DocumentError(
            Status.UNREADABLE, "not a readable PDF (damaged, cut off or without pages); download it again"
        ) from None
    if pages > MAX_PAGES:
        document.close()
        raise DocumentError(Status.LIMIT, f"the PDF has {pages} pages, more than {MAX_PAGES}; split it")
    return document


def read_pdf(path: Path, params: dict[str, Any], language: str = "") -> Reading:
    """Text of a PDF; pages without a usable text layer go to OCR, or are named where there is none.

    Raises DocumentError for files that cannot be opened.
    """
    document = open_pdf(path)
    try:
        pages, failed = read_pages(document)
        wanted = [page for page in pages if ocr.needs_ocr(page)]
        found = _recognise(document, pages, wanted, params, language)
        blocks, tables = blocks_of(pages)
    finally:
        document.close()
    rows = [_row(path.name, number, block) for number, block in enumerate(blocks)]
    done = found.done if found else []
    # A page on which a working OCR sees no text is a picture; it lacks nothing.
    unread = found.failed if found else [page.number for page in wanted]
    without = sorted({*unread, *failed})
    notes = [found.missing] if found and found.missing else []
    if failed:
        notes.append(f"page{'s' * (len(failed) > 1)} {_listed(failed)} damaged")
    if unread:
        notes.append(f"no usable text layer on page{'s' * (len(unread) > 1)} {_listed(unread)}: {_remedy(params)}")
    methods = ["pypdfium2"] * (len(done) < len(pages)) + ["pdfplumber"] * tables + ["tesseract"] * bool(done)
    status = Status.PARTIAL if without else Status.OK
    if without and not any(row["kind"] in ("heading", "paragraph", "list_item", "table_row") for row in rows):
        status = Status.EMPTY
    return Reading(rows, status, "; ".join(notes), len(pages), "+".join(methods), language, done, without)


def _recognise(
    document: pypdfium2.PdfDocument, pages: list[Page], wanted: list[Page], params: dict[str, Any], language: str
) -> ocr.Recognised | None:
    """What OCR did with the `wanted` pages; None where there is none or it is switched off."""
    if not wanted or params.get("ocr", "auto") == "off" or not ocr.engine()[0]:
        return None
    if not language:
        readable = " ".join(piece.text for page in pages if page not in wanted for piece in page.fragments[:40])
        language = detect(readable) if len(readable) > 500 else ""
    return ocr.recognise(document, wanted, language, int(params.get("ocr_dpi", 200)), int(params.get("workers", 1)))


def _remedy(params: dict[str, Any]) -> str:
    if params.get("ocr", "auto") == "off":
        return "OCR is switched off (extract.ocr in params.yaml)"
    if ocr.engine()[0]:
        return f"OCR failed or took more than {ocr.PAGE_SECONDS} seconds a page; lower extract.ocr_dpi in params.yaml"
    return "needs OCR; install tesseract-ocr and run again"


def _listed(numbers: list[int]) -> str:
    """Numbers as ranges, for people.

    >>> _listed([1, 2, 3, 7])
    '1-3, 7'
    """
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)


def read_pages(document: pypdfium2.PdfDocument) -> tuple[list[Page], list[int]]:
    """All pages, and the numbers of those that pdfium could not load."""
    reader = PageReader(document)
    pages, failed = [], []
    for index in range(len(document)):
        try:
            pages.append(reader.read(index))
        except pypdfium2.PdfiumError:
            failed.append(index + 1)
            pages.append(Page(index + 1, 0.0, 0.0))
    return pages, failed


def blocks_of(pages: list[Page]) -> tuple[list[pdf_blocks.Block], bool]:
    """Blocks of all pages in reading order, and whether a ruled table was read."""
    body_size = main_size(pages)
    aside = furniture.find(pages, body_size)
    repair_ligatures(pages)
    words = vocabulary(piece.text for page in pages for piece in page.fragments)
    lines: list[Line] = []
    extras: list[Line] = []
    references: set[str] = set()
    tables = False
    for page in pages:
        marked = aside.get(page.number, {})
        for kind in ("header", "footer"):
            rest = sorted(
                (piece for piece in page.fragments if marked.get(piece.order) == kind),
                key=lambda piece: (piece.y0, piece.x0),
            )
            for row in reading_order.rows(rest):
                line = line_of(row, page.number, -1)
                if line:
                    line.kind = kind
                    extras.append(line)
        page.fragments = [piece for piece in page.fragments if piece.order not in marked]
        mine, ruled = page_lines(page, words)
        tables |= ruled
        mark_footnotes(mine, body_size, page.height, references)
        lines.extend(mine)
    body = [line for line in lines if line.kind in ("", "table_row")]
    blocks = pdf_blocks.group(body, words)
    pdf_blocks.classify(blocks, body_size)
    notes = footnote_blocks([line for line in lines if line.kind == "footnote"], words)
    edges = [pdf_blocks.Block(line.kind, [line], line.text) for line in extras]
    return _merge(blocks, notes, edges), tables


def main_size(pages: list[Page]) -> float:
    """Type size, in points, in which most characters of the document are set."""
    counts: Counter[float] = Counter()
    for page in pages:
        for piece in page.fragments:
            counts[round(piece.size * 2) / 2] += len(piece.text)
    return counts.most_common(1)[0][0] if counts else 0.0


def _row(name: str, number: int, block: pdf_blocks.Block) -> dict[str, Any]:
    first = block.lines[0]
    mine = [line for line in block.lines if line.page == first.page and line.region == first.region]
    runs = [run for line in block.lines for run in line.runs]
    letters = sum(len(run[0]) for run in runs) or 1
    fonts: Counter[str] = Counter()
    for run in runs:
        fonts[run[5]] += len(run[0])
    return {
        "document": name,
        "page": first.page,
        "page_end": block.lines[-1].page,
        "block": number,
        "kind": block.kind,
        "x0": round(min(line.x0 for line in mine), 1),
        "y0": round(min(line.y0 for line in mine), 1),
        "x1": round(max(line.x1 for line in mine), 1),
        "y1": round(max(line.y1 for line in mine), 1),
        "text": block.text,
        "size": first.size,
        "bold": round(sum(len(run[0]) for run in runs if run[1]) / letters, 3),
        "italic": round(sum(len(run[0]) for run in runs if run[2]) / letters, 3),
        "lead": block.lead,
        "font": fonts.most_common(1)[0][0] if fonts else "",
        "marker": block.marker,
    }


def _merge(*groups: list[pdf_blocks.Block]) -> list[pdf_blocks.Block]:
    """Body blocks of a page, then its footnotes, then header and footer; the order within each group is kept."""
    numbered = [
        (block.lines[0].page, rank, place, block)
        for rank, group in enumerate(groups)
        for place, block in enumerate(group)
    ]
    return [block for *_, block in sorted(numbered, key=lambda entry: entry[:3])]
