"""One document in, its text blocks out, whatever the format."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.domain.codebook import Status
from pipeline.domain.errors import DocumentError
from pipeline.domain.schema import BLOCKS
from pipeline.extract import pdf
from pipeline.extract.pdf_blocks import Block


@dataclass
class Extraction:
    """What was read from a document; `blocks` has the columns of schema BLOCKS, in reading order."""

    blocks: pd.DataFrame
    status: Status = Status.OK
    reason: str = ""
    pages: int = 0
    method: str = ""
    language: str = ""
    pages_ocr: list[int] = field(default_factory=list)
    pages_without_text: list[int] = field(default_factory=list)


def extract_document(path: Path, params: dict[str, Any], language: str = "") -> Extraction:
    """Read the document at `path`. Never raises for a bad file: the status and reason tell."""
    try:
        return _extract_pdf(path, params, language)
    except DocumentError as error:
        return Extraction(pd.DataFrame(columns=BLOCKS.names), Status(error.status), error.reason)


def _extract_pdf(path: Path, params: dict[str, Any], language: str) -> Extraction:
    document = pdf.open_pdf(path)
    try:
        pages, failed = pdf.read_pages(document)
        blocks, tables = pdf.blocks_of(pages)
        without = [page.number for page in pages if page.characters < 1]
        frame = pd.DataFrame([_row(path.name, number, block) for number, block in enumerate(blocks)], columns=BLOCKS.names)
        return Extraction(frame, Status.OK, "", len(pages), "pypdfium2+pdfplumber" if tables else "pypdfium2", language, [], without)
    finally:
        document.close()


def _row(name: str, number: int, block: Block) -> dict[str, Any]:
    first = block.lines[0]
    mine = [line for line in block.lines if line.page == first.page and line.region == first.region]
    letters = sum(len(line.text) for line in block.lines) or 1
    fonts: dict[str, int] = {}
    for line in block.lines:
        for run in line.runs:
            fonts[run[5]] = fonts.get(run[5], 0) + len(run[0])
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
        "bold": round(sum(line.bold * len(line.text) for line in block.lines) / letters, 3),
        "italic": round(sum(line.italic * len(line.text) for line in block.lines) / letters, 3),
        "lead": block.lead,
        "font": max(fonts, key=lambda key: fonts[key]) if fonts else "",
        "marker": block.marker,
    }
