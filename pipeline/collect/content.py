"""Whether a server sends what the registry says: first by its header, then by the bytes."""

from pathlib import Path

from pipeline.collect.fetch_error import FetchError
from pipeline.domain.errors import DocumentError
from pipeline.extract.archive import check_office_file
from pipeline.extract.sniff import kind_of

# What servers say when they do not know; the bytes decide.
_ANY = {
    "",
    "application/octet-stream",
    "binary/octet-stream",
    "application/download",
    "application/force-download",
    "application/x-download",
}
_TYPES = {
    "pdf": {"application/pdf", "application/x-pdf"},
    "html": {"text/html", "application/xhtml+xml"},
    "docx": {
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/msword",
        "application/zip",
    },
    "csv": {"text/csv", "application/csv", "text/plain", "application/vnd.ms-excel"},
}
_PDF_END = 64 * 1024
_REMEDY = "open the address in a browser and correct it in the registry"


def check_type(header: str, form: str) -> None:
    """Raises FetchError where the `Content-Type` header contradicts the format `form`."""
    name = header.partition(";")[0].strip().lower()
    if name not in _ANY | _TYPES[form]:
        raise FetchError(f"the server sends {name} instead of {form.upper()}; {_REMEDY}")


def check_bytes(file: Path, form: str) -> None:
    """Raises FetchError where the file, whose suffix is `form`, is empty, of another format, cut off, or a bomb."""
    try:
        kind, _ = kind_of(file)
        if kind == "docx":
            check_office_file(file, "word/document.xml")
    except DocumentError as error:
        raise FetchError(f"what the server sent is no usable {form.upper()}: {error.reason}") from None
    size = file.stat().st_size
    with file.open("rb") as handle:
        head = handle.read(1024).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        handle.seek(max(0, size - _PDF_END))
        tail = handle.read()
    if kind != form or (form == "csv" and head.startswith((b"<!doctype", b"<html"))):
        found = "an HTML page" if head.startswith((b"<!doctype", b"<html")) else kind.upper()
        raise FetchError(f"what the server sent is {found} instead of {form.upper()}; {_REMEDY}")
    if form == "pdf" and b"%%EOF" not in tail:
        raise FetchError("the PDF that the server sent is cut off; run the command again")
