"""Adds one document to `corpus/sources.csv`."""

import csv
import io
import re
import shutil
import unicodedata
from pathlib import Path, PurePosixPath

from pipeline.collect.fields import problems
from pipeline.collect.sources import checksum, delimiter, read_sources, records
from pipeline.domain.errors import UserError
from pipeline.domain.schema import SOURCES

DOCUMENTS_FOLDER = "documents"


def add_document(
    file: Path,
    sources: Path,
    country: str,
    year: int | str,
    kind: str,
    title: str = "",
    language: str = "",
    address: str = "",
    licence: str = "",
    mapping: str = "",
    needed: tuple[str, ...] = ("country", "year", "kind"),
) -> dict[str, str]:
    """Appends `file` to the table `sources` (created where absent) and gives the new row, keys as in SOURCES.

    A file outside the folder of `sources` is copied into `documents/` there; one inside stays where it is. Either both
    the copy and the row are made or neither. `needed`: columns that may not be empty.

    Raises UserError for a missing or empty file, a value that the table may not hold, a document that is already
    listed, and a file name that another document has.
    """
    if not file.is_file():
        raise UserError(f"{file}: not found or not a file; give the path of one document")
    if not file.stat().st_size:
        raise UserError(f"{file}: is empty; download it again")
    listed = records(read_sources(sources)) if sources.exists() else []
    corpus = sources.resolve().parent
    inside = file.resolve().is_relative_to(corpus)
    path = file.resolve().relative_to(corpus).as_posix() if inside else f"{DOCUMENTS_FOLDER}/{file.name}"
    cells = {
        "id": _new_id(file.stem, {other["id"] for other in listed}),
        "title": title or file.stem,
        "country": country.upper(),
        "year": str(year),
        "kind": kind,
        "language": language,
        "address": address,
        "licence": licence,
        "sha256": checksum(file),
        "mapping": mapping,
    }
    row = {name: " ".join(cells.get(name, "").split()) for name in SOURCES.names} | {"path": path}
    _refuse(file, row, listed, sources, needed)
    extended = _extended(sources, row)
    if not inside:
        _copy(file, corpus / path)
    _replace(sources, extended)
    return row


def _refuse(
    file: Path, row: dict[str, str], listed: list[dict[str, str]], sources: Path, required: tuple[str, ...]
) -> None:
    """Raises UserError for what `row` lacks, may not hold, or has in common with a document that is listed."""
    for name in required:
        if not row[name]:
            raise UserError(f"{file}: {name} is missing; give it with --{name}")
    if wrong := problems(row):
        raise UserError(f"{file}: {wrong[0]}")
    for other in listed:
        if other["sha256"].lower() == row["sha256"]:
            raise UserError(f"{file}: is already listed as '{other['id']}' in {sources}; nothing was added")
        if other["path"] == row["path"] and file.resolve() == (sources.resolve().parent / row["path"]):
            remedy = f"set its sha256 in {sources} to {row['sha256']}"
            raise UserError(f"{file}: is listed as '{other['id']}' and has changed since; {remedy}")
        if PurePosixPath(other["path"]).name == file.name:
            raise UserError(f"{file}: '{other['id']}' has the same file name; rename the file and add it again")
    target = sources.parent / row["path"]
    if target.exists() and checksum(target) != row["sha256"]:
        raise UserError(f"{file}: another file lies at {row['path']} in the corpus; rename the file and add it again")


def _new_id(stem: str, taken: set[str]) -> str:
    """A short name from the file's: lower-case letters, digits and hyphens, with a number where it is taken."""
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "document"
    candidates = [name, *(f"{name}-{number}" for number in range(2, len(taken) + 3))]
    return next(candidate for candidate in candidates if candidate not in taken)


def _copy(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.part")
    shutil.copyfile(file, unfinished)
    unfinished.replace(target)


def _extended(sources: Path, row: dict[str, str]) -> bytes:
    """The file `sources` with `row` below the others, which keep their bytes."""
    text = sources.read_bytes().decode("utf-8") if sources.exists() else ",".join(SOURCES.names) + "\n"
    header = text.lstrip("\ufeff").splitlines()[0]
    line_end = "\r\n" if "\r\n" in text else "\n"
    separator = delimiter(header)
    names = [name.strip() for name in next(csv.reader([header], delimiter=separator))]
    if lost := [name for name, cell in row.items() if cell and name not in names]:
        raise UserError(f"{sources}: has no column '{lost[0]}'; add it to the first line and try again")
    line = io.StringIO()
    csv.writer(line, delimiter=separator, lineterminator=line_end).writerow([row[name] for name in names])
    return (text.rstrip("\r\n") + line_end + line.getvalue()).encode("utf-8")


def _replace(path: Path, content: bytes) -> None:
    """Writes `content` to `path` in one step: a reader sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_bytes(content)
    unfinished.replace(path)
