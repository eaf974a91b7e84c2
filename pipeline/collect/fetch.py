"""Fetches documents of the registry into the corpus: downloads, compares with the first fetch, lists what failed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from pipeline.collect.add import DOCUMENTS_FOLDER, add_document
from pipeline.collect.download import download
from pipeline.collect.fetch_error import FetchError
from pipeline.collect.limits import Limits
from pipeline.collect.pace import Pace
from pipeline.collect.registry import Entry
from pipeline.collect.sources import checksum, document_path, read_sources, records
from pipeline.domain.errors import UserError
from pipeline.domain.schema import FETCHED


class _ChangedError(Exception):
    """The document is not, or no longer, the one that was fetched first."""


def fetch(
    entries: list[Entry],
    sources: Path,
    downloads: Path,
    limits: Limits,
    again: bool = False,
    step: Callable[[int], None] | None = None,
) -> pd.DataFrame:
    """Brings the documents of `entries` into the corpus of the table `sources`, one after the other, in their order.

    A document that is listed and whose file has the recorded checksum is left as it is; with `again` it is downloaded
    and compared. A listed document whose file is missing is downloaded and put back only if the checksum is the same.
    `downloads`: folder of unfinished files, which the next run continues. `step` is called with 1 after each document.

    Gives one row an entry (columns of `schema.FETCHED`); no failure ends the run. Raises UserError where `sources`
    cannot be read or a folder cannot be written.
    """
    pace = Pace(limits.delay, limits.longest_wait)
    rows = []
    for entry in entries:
        row = dict.fromkeys(FETCHED.names, "") | {"id": entry.id, "address": entry.address}
        try:
            status, path = _one(entry, sources, downloads, pace, limits, again)
            file = document_path(sources, path)
            row |= {"status": status, "path": path, "bytes": str(file.stat().st_size), "sha256": checksum(file)}
        except FetchError as error:
            row |= {"status": "failed", "reason": _line(error)}
        except _ChangedError as error:
            row |= {"status": "changed", "reason": _line(error)}
        except OSError as error:
            where = error.filename or downloads
            raise UserError(
                f"{where}: {error.strerror}; make room or correct the permissions, then run again"
            ) from None
        rows.append(row)
        if step:
            step(1)
    return pd.DataFrame(rows, columns=FETCHED.names, dtype=str)


def _one(entry: Entry, sources: Path, downloads: Path, pace: Pace, limits: Limits, again: bool) -> tuple[str, str]:
    """Status and path of one document that is in the corpus afterwards."""
    listed = _listed(entry, sources)
    if listed:
        file = document_path(sources, listed["path"])
        if file.is_file() and checksum(file) != listed["sha256"].lower():
            raise _ChangedError(f"{listed['path']} is not the file that was fetched first; restore or delete it")
        if file.is_file() and not again:
            return "present", listed["path"]
    was_there = listed is not None and document_path(sources, listed["path"]).is_file()
    fetched = download(entry, downloads, pace, limits, again)
    if listed:
        _put_back(fetched, listed, sources)
        return ("present" if was_there else "fetched"), listed["path"]
    try:
        row = add_document(
            fetched,
            sources,
            entry.country,
            entry.year,
            entry.corpus_kind,
            entry.title,
            entry.language,
            entry.address,
            needed=("year", "kind"),
        )
    except UserError as error:
        raise FetchError(str(error)) from None
    fetched.unlink()
    return "fetched", row["path"]


def _listed(entry: Entry, sources: Path) -> dict[str, str] | None:
    """The row of `sources` that holds the document: by its address, or by the name that it is fetched under."""
    path = f"{DOCUMENTS_FOLDER}/{entry.file_name}"
    rows = records(read_sources(sources)) if sources.exists() else []
    by_address = [row for row in rows if row["address"] == entry.address]
    return next(iter(by_address or [row for row in rows if row["path"] == path]), None)


def _put_back(fetched: Path, listed: dict[str, str], sources: Path) -> None:
    """Moves the file `fetched` to where `listed` has it; raises _ChangedError where the checksum is another."""
    digest = checksum(fetched)
    if digest != listed["sha256"].lower():
        what = "what the address serves is not what was fetched first" if listed["sha256"] else "has no sha256 yet"
        raise _ChangedError(
            f"{what} (now {digest}); nothing was replaced; the new file is {fetched.as_posix()}: "
            f"add it under another name, or delete it"
        )
    file = document_path(sources, listed["path"])
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f".{file.name}.part")
        shutil.copyfile(fetched, unfinished)
        unfinished.replace(file)
    fetched.unlink()


def _line(error: Exception) -> str:
    return " ".join(str(error).split())
