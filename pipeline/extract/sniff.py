"""What a file is, by its first bytes and, for text, by its name."""

import zipfile
from pathlib import Path

from pipeline.domain.codebook import Status
from pipeline.domain.errors import DocumentError

TEXT_SUFFIXES = {
    **dict.fromkeys((".md", ".markdown"), "markdown"),
    **dict.fromkeys((".txt", ".text"), "plain"),
    **dict.fromkeys((".csv", ".tsv"), "csv"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
    ".rst": "rst",
}
SUFFIXES = frozenset((".pdf", ".docx", ".xlsx", *TEXT_SUFFIXES))
"""Suffixes of the files that the stage reads; commands use it to list a folder's documents."""

_ZIP_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_UNSUPPORTED = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old or encrypted Office file; save it as DOCX or XLSX without a password",
    ),
    (b"{\\rtf", "an RTF file; save it as DOCX"),
    (b"\x89PNG", "a picture; put the pages into a PDF"),
    (b"\xff\xd8\xff", "a picture; put the pages into a PDF"),
    (b"II*\x00", "a picture; put the pages into a PDF"),
    (b"MM\x00*", "a picture; put the pages into a PDF"),
    (b"GIF8", "a picture; put the pages into a PDF"),
    (b"\x1f\x8b", "a compressed file; unpack it"),
    (b"Rar!", "a compressed file; unpack it"),
    (b"7z\xbc\xaf", "a compressed file; unpack it"),
)


def kind_of(path: Path) -> tuple[str, str]:
    """Kind of the file and a note where its name is wrong.

    Kinds are `pdf`, `docx`, `xlsx`, `html`, `markdown`, `rst`, `plain`, `csv`.

    Raises DocumentError: missing, empty, of an unsupported format, or not what its name says.
    """
    if not path.is_file():
        raise DocumentError(Status.MISSING, "file not found; correct the path")
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise DocumentError(Status.UNREADABLE, f"cannot be opened ({error.strerror}); check its permissions") from None
    suffix = path.suffix.lower()
    if not head.strip(b"\x00 \t\r\n"):
        raise DocumentError(Status.EMPTY, "the file is empty; download it again")
    kind = _by_content(path, head, suffix)
    expected = TEXT_SUFFIXES.get(suffix, suffix.lstrip("."))
    if kind in ("pdf", "docx", "xlsx"):
        return (
            kind,
            ""
            if expected == kind
            else f"named {suffix or 'without suffix'} but is {kind.upper()}; read as {kind.upper()}",
        )
    if suffix in (".pdf", ".docx", ".xlsx"):
        what = "an HTML page" if kind == "html" else "text" if kind else "damaged or of another format"
        raise DocumentError(Status.UNREADABLE, f"not {suffix[1:].upper()} inside: {what}; download it again")
    if not kind:
        raise DocumentError(Status.UNREADABLE, "binary content in a text file; check the file")
    if suffix not in TEXT_SUFFIXES:
        if kind == "html":
            return "html", ""
        raise DocumentError(
            Status.UNSUPPORTED,
            f"format {suffix or 'unknown'} is not read; save it as PDF, DOCX, HTML, Markdown, text, CSV or XLSX",
        )
    return TEXT_SUFFIXES[suffix], ""


def _by_content(path: Path, head: bytes, suffix: str) -> str:
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK"):
        return _by_parts(path, suffix)
    for magic, what in _UNSUPPORTED:
        if head.startswith(magic):
            status = (
                Status.ENCRYPTED
                if magic.startswith(b"\xd0\xcf") and suffix in (".docx", ".xlsx")
                else Status.UNSUPPORTED
            )
            raise DocumentError(status, what)
    low = head[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if low.startswith((b"<!doctype html", b"<html")):
        return "html"
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return "" if b"\x00" in head and not wide else "text"


def _by_parts(path: Path, suffix: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError):
        raise DocumentError(
            Status.UNREADABLE, "damaged archive (cut off, or not an Office file); download it again"
        ) from None
    for part, kind in _ZIP_PARTS.items():
        if part in names:
            return kind
    if suffix in (".docx", ".xlsx"):
        raise DocumentError(
            Status.UNREADABLE, f"not {suffix[1:].upper()} inside: an archive of other files; check the file"
        )
    raise DocumentError(Status.UNSUPPORTED, "an archive or a format that is not read; save it as PDF, DOCX or XLSX")
