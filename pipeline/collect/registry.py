"""The registry: addresses of published documents (`corpus/registry.csv`), read, checked and chosen from."""

import csv
import io
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx

from pipeline.domain.countries import country as known_country
from pipeline.domain.errors import UserError
from pipeline.domain.schema import REGISTRY

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_YEAR = REGISTRY.column("year")


@dataclass(frozen=True)
class Entry:
    """One row of the registry: where a document is published, and the facts that its row in sources.csv will hold."""

    id: str
    country: str
    kind: str
    title: str
    year: int
    language: str
    format: str
    address: str

    @property
    def corpus_kind(self) -> str:
        """Kind in the corpus (a value of `codebook.KINDS`): whatever is no action plan is a digital policy."""
        return "nap" if self.kind == "nap" else "digital_policy"

    @property
    def file_name(self) -> str:
        """Name of the fetched file; its stem becomes the document's id."""
        return f"{self.id}.{self.format}"


def read_registry(path: Path) -> list[Entry]:
    """The rows of the registry at `path`, in its order.

    Raises UserError, naming the row, where the file is missing, is no UTF-8 CSV with the columns of `schema.REGISTRY`,
    or a cell holds what it may not.
    """
    try:
        reader = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True)
        rows = [[cell.strip() for cell in row] for row in reader if any(row)]
    except FileNotFoundError:
        raise UserError(f"{path}: not found; restore it from git or name another registry with --registry") from None
    except IsADirectoryError:
        raise UserError(f"{path}: is a folder; name the file registry.csv in it") from None
    except (UnicodeDecodeError, csv.Error):
        raise UserError(f"{path}: is not a readable CSV in UTF-8; save it again as 'CSV UTF-8'") from None
    if not rows or rows[0] != REGISTRY.names:
        raise UserError(f"{path}: its first line must be {','.join(REGISTRY.names)}; correct it")
    entries: dict[str, Entry] = {}
    for number, row in enumerate(rows[1:], 1):
        cells = dict(zip(REGISTRY.names, row, strict=False))
        wrong = "has too few or too many cells" if len(row) != len(REGISTRY.names) else _wrong(cells)
        if not wrong and cells["id"] in entries:
            wrong = f"repeats the id '{cells['id']}'"
        if wrong:
            raise UserError(f"{path}: row {number} {wrong}; correct or delete the row")
        entries[cells["id"]] = Entry(**(cells | {"year": int(cells["year"])}))  # type: ignore[arg-type]
    return list(entries.values())


def _wrong(cells: dict[str, str]) -> str:
    """What a row's cells hold that they may not; empty where all is well."""
    for column in REGISTRY.columns:
        cell = cells[column.name]
        if column.required and not cell:
            return f"has an empty {column.name}"
        if column.values and cell not in column.values:
            return f"has the {column.name} '{cell}', which is none of {', '.join(column.values)}"
    if not _ID.fullmatch(cells["id"]):
        return f"has the id '{cells['id']}'; an id is lower-case letters, digits and hyphens"
    if cells["country"] and known_country(cells["country"]) is None:
        return f"has the country '{cells['country']}', which is no ISO 3166-1 alpha-3 code"
    low, high = int(_YEAR.minimum or 0), int(_YEAR.maximum or 9999)
    if not (re.fullmatch(r"[0-9]{4}", cells["year"]) and low <= int(cells["year"]) <= high):
        return f"has the year '{cells['year']}', which is no year from {low} to {high}"
    return _wrong_address(cells["address"])


def _wrong_address(address: str) -> str:
    try:
        urlsplit(address)  # stricter with brackets
        url = httpx.URL(address)
    except (httpx.InvalidURL, ValueError):
        return f"has the address '{address}', which cannot be read"
    if url.scheme not in ("http", "https") or not url.host:
        return f"has the address '{address}', which does not start with http:// or https:// and a host"
    return "has a user name or password in its address" if url.userinfo else ""


def choose(
    entries: list[Entry],
    countries: Collection[str] = (),
    kinds: Collection[str] = (),
    years: Collection[int] = (),
    ids: Collection[str] = (),
) -> list[Entry]:
    """The entries that fit every filter given, in their order; an empty filter lets everything through.

    A kind fits as the registry says it (`ai_policy`) or as the corpus will (`digital_policy`: all but action plans).
    Raises UserError for a value that no entry has, and where nothing fits all filters together.
    """
    wanted = [code.upper() for code in countries]
    have: dict[str, set[Any]] = {
        "country": {entry.country for entry in entries},
        "kind": {kind for entry in entries for kind in (entry.kind, entry.corpus_kind)},
        "year": {entry.year for entry in entries},
        "id": {entry.id for entry in entries},
    }
    given: dict[str, Collection[Any]] = {"country": wanted, "kind": kinds, "year": years, "id": ids}
    for name, values in given.items():
        for value in values:
            if value not in have[name]:
                raise UserError(f"--{name} {value}: no document of the registry has it; look it up in the registry")
    chosen = [
        entry
        for entry in entries
        if (not wanted or entry.country in wanted)
        and (not kinds or entry.kind in kinds or entry.corpus_kind in kinds)
        and (not years or entry.year in years)
        and (not ids or entry.id in ids)
    ]
    if not chosen:
        raise UserError("no document of the registry fits all of the options together; leave one out")
    return chosen
