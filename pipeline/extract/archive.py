"""Office files are zip archives of XML: checked before a library opens them, so that a bomb does no harm."""

import zipfile
from pathlib import Path

from pipeline.domain.codebook import Status
from pipeline.domain.errors import DocumentError

MAX_FILES = 10_000
MAX_BYTES = 300 * 2**20
MAX_XML = 120 * 2**20
MAX_RATIO = 250
_ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # OLE container: an encrypted (or an old binary) office file


def check_office_file(path: Path, part: str) -> None:
    """Raise DocumentError where the archive is encrypted, damaged, a bomb, declares entities, or lacks `part`.

    `part` is the name of the archive member that makes the file what its name says (such as `word/document.xml`).
    """
    with path.open("rb") as file:
        if file.read(8) == _ENCRYPTED:
            raise DocumentError(
                Status.ENCRYPTED,
                "the file is encrypted or in an old Office format; save it as DOCX or XLSX without a password",
            )
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if not any(member.filename == part for member in members):
                raise DocumentError(
                    Status.UNREADABLE, f"not the format that its name says (no {part} inside); check the file"
                )
            if any(member.flag_bits & 1 for member in members):
                raise DocumentError(Status.ENCRYPTED, "the file is encrypted; save a copy without a password")
            total = sum(member.file_size for member in members)
            xml = sum(member.file_size for member in members if member.filename.endswith((".xml", ".rels")))
            packed = sum(member.compress_size for member in members) or 1
            if (
                len(members) > MAX_FILES
                or total > MAX_BYTES
                or xml > MAX_XML
                or (total > 2**24 and total / packed > MAX_RATIO)
            ):
                raise DocumentError(
                    Status.LIMIT, f"unpacks to {total // 2**20} MiB in {len(members)} parts: too large to read safely"
                )
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    _check_xml(archive, member)
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError):
        raise DocumentError(
            Status.UNREADABLE, "damaged archive (cut off, or not an Office file); download it again"
        ) from None


def _check_xml(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    with archive.open(member) as stream:
        try:
            head = stream.read(4096)
        except (zipfile.BadZipFile, EOFError, OSError, ValueError) as error:
            raise zipfile.BadZipFile(str(error)) from None
        except Exception as error:  # zlib.error has no common base with the others
            raise zipfile.BadZipFile(str(error)) from None
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head or "<!DOCTYPE".encode("utf-16-le") in head:
        raise DocumentError(
            Status.UNREADABLE, "declares XML entities, which no Office program does; not opened for safety"
        )
