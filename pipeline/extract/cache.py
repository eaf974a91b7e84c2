"""Readings kept by content: a document is read again only when it, the extractor or the parameters change."""

from pathlib import Path
from typing import Any

from pipeline.domain import kept
from pipeline.extract.ocr import engine

STAGE = "extract"
LIBRARIES = (
    "pypdfium2",
    "pdfplumber",
    "python-docx",
    "lxml",
    "trafilatura",
    "markdown-it-py",
    "docutils",
    "openpyxl",
    "py3langid",
)
_RESULT_PARAMS = ("ocr", "ocr_dpi")  # limits do not change what is read


def extractor_version() -> str:
    """Digest of the extractor's code and of the libraries' versions."""
    return kept.code_version((STAGE,), LIBRARIES)


def key_of(sha256: str, suffix: str, params: dict[str, Any], language: str, mapping: str) -> str:
    """Key of a document's result. The installed OCR engine is part of it, so that installing one takes effect."""
    recognised = engine() if params.get("ocr", "auto") != "off" else ()
    chosen = {name: params.get(name) for name in _RESULT_PARAMS}
    return kept.key_of(sha256, suffix.lower(), extractor_version(), chosen, recognised, language, mapping)


def load(key: str) -> dict[str, Any] | None:
    """The kept reading; None where there is none."""
    return kept.load(STAGE, key)


def store(key: str, result: dict[str, Any]) -> None:
    """Keep a reading."""
    kept.store(STAGE, key, result)


def folder() -> Path:
    """Where readings are kept."""
    return kept.folder(STAGE)
