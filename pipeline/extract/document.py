"""One document in, its text blocks out, whatever the format."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.domain.codebook import Status
from pipeline.domain.errors import DocumentError, UserError
from pipeline.domain.schema import BLOCKS
from pipeline.extract import sniff

if TYPE_CHECKING:  # workers do without pandas: it would cost each of them half a second
    import pandas as pd

MAX_TEXT_BYTES = 50 * 2**20
BODY_KINDS = ("heading", "paragraph", "list_item", "table_row")


@dataclass
class Reading:
    """What was read from a document, as plain values; `rows` are rows of schema BLOCKS in reading order."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    status: Status = Status.OK
    reason: str = ""
    pages: int = 0
    method: str = ""
    language: str = ""
    pages_ocr: list[int] = field(default_factory=list)
    pages_without_text: list[int] = field(default_factory=list)


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


def extract_document(path: Path, params: dict[str, Any], language: str = "", mapping: str = "") -> Extraction:
    """Read the document at `path`. Never raises for a bad file: status and reason tell what is wrong.

    `params` is the block `extract` of params.yaml; `language` (ISO 639-1) is detected when empty; `mapping` names the
    columns of a table of commitments (see `commitment_table`).
    """
    import pandas as pd

    reading = read_document(path, params, language, mapping)
    blocks = pd.DataFrame(reading.rows, columns=BLOCKS.names)
    return Extraction(
        blocks,
        reading.status,
        reading.reason,
        reading.pages,
        reading.method,
        reading.language,
        reading.pages_ocr,
        reading.pages_without_text,
    )


def read_document(path: Path, params: dict[str, Any], language: str = "", mapping: str = "") -> Reading:
    """As `extract_document`, without pandas."""
    try:
        kind, note = sniff.kind_of(path)
        reading = _READERS[kind](path, params, language, mapping)
        reading.reason = "; ".join(part for part in (note, reading.reason) if part)
        if reading.status is Status.OK and not any(row["kind"] in BODY_KINDS for row in reading.rows):
            reading.status, reading.reason = Status.EMPTY, reading.reason or "holds no text; check the file"
        if not language:
            from pipeline.extract.language import detect_document

            language = detect_document(row["text"] for row in reading.rows if row["kind"] in BODY_KINDS)
        reading.language = language
        return reading
    except DocumentError as error:
        return Reading(status=Status(error.status), reason=error.reason)
    except UserError as error:
        return Reading(status=Status.UNREADABLE, reason=str(error))
    except MemoryError:
        return Reading(
            status=Status.LIMIT,
            reason="needs more memory than params.yaml allows (extract.memory_limit); raise it or split the file",
        )
    except RecursionError:
        return Reading(status=Status.UNREADABLE, reason="nested too deeply to be read; save it again or as PDF")


def sha256(path: Path) -> str:
    """SHA-256 of the file, hexadecimal; empty where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _text(path: Path) -> str:
    from pipeline.extract.encoding import decode

    if path.stat().st_size > MAX_TEXT_BYTES:
        raise DocumentError(Status.LIMIT, f"text of more than {MAX_TEXT_BYTES // 2**20} MiB; split it")
    return decode(path.read_bytes())


def _flow(path: Path, blocks: list[Any], method: str) -> Reading:
    from pipeline.extract.flow import rows

    result = rows(path.name, blocks)
    return Reading(result, pages=max((row["page"] for row in result), default=1), method=method)


def _pdf(path: Path, params: dict[str, Any], language: str, mapping: str) -> Reading:
    from pipeline.extract.pdf import read_pdf

    return read_pdf(path, params, language)


def _docx(path: Path, params: dict[str, Any], language: str, mapping: str) -> Reading:
    from pipeline.extract.docx_file import read_docx

    return _flow(path, read_docx(path), "python-docx")


def _html(path: Path, params: dict[str, Any], language: str, mapping: str) -> Reading:
    from pipeline.extract.html import read_html

    return _flow(path, read_html(_text(path)), "lxml+trafilatura")


def _markdown(path: Path, params: dict[str, Any], language: str, mapping: str) -> Reading:
    from pipeline.extract.markdown import read_markdown

    return _flow(path, read_markdown(_text(path)), "markdown-it-py")


def _rst(path: Path, params: dict[str, Any], language: str, mapping: str) -> Reading:
    from pipeline.extract.rst import read_rst

    return _flow(path, read_rst(_text(path)), "docutils")


def _plain(path: Path, params: dict[str, Any], language: str, mapping: str) -> Reading:
    from pipeline.extract.plain_text import read_plain

    return _flow(path, read_plain(_text(path)), "plain text")


def _table(path: Path, params: dict[str, Any], language: str, mapping: str) -> Reading:
    from pipeline.extract.commitment_table import read_table

    return read_table(path, mapping, language)


_READERS = {
    "pdf": _pdf,
    "docx": _docx,
    "html": _html,
    "markdown": _markdown,
    "rst": _rst,
    "plain": _plain,
    "csv": _table,
    "xlsx": _table,
}
