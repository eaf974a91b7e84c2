"""What the cells of one row of `sources.csv` may hold."""

import re
from pathlib import PurePosixPath, PureWindowsPath

from pipeline.domain import codebook
from pipeline.domain.countries import country
from pipeline.domain.languages import ISO_639_1
from pipeline.domain.schema import COMMITMENTS, SOURCES

_YEAR = SOURCES.column("year")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


def problems(row: dict[str, str]) -> list[str]:
    """What is wrong with the cells of `row` (keys: columns of SOURCES), each with a remedy; empty when all is well."""
    found = [f"{name} is empty; fill it in" for name in ("id", "path") if not row[name]]
    checks = (_path(row["path"]), _country(row["country"]), _year(row["year"]), _mapping(row["mapping"]))
    found += [problem for problem in checks if problem]
    if row["kind"] and row["kind"] not in codebook.KINDS:
        found.append(f"kind '{row['kind']}' is unknown; use one of {', '.join(codebook.KINDS)}")
    if row["language"] and row["language"] not in ISO_639_1:
        coded = ", ".join(codebook.LANGUAGES)
        found.append(f"language '{row['language']}' is unknown; use one of {coded}, or another code of ISO 639-1")
    if row["sha256"] and not _SHA256.fullmatch(row["sha256"]):
        found.append("sha256 is not 64 hexadecimal digits; empty the cell to be told the right value")
    return found


def _path(path: str) -> str:
    # Absolute paths would name one machine's folders in the dataset; `..` would leave the corpus.
    absolute = path.startswith("/") or bool(PureWindowsPath(path).drive)
    if absolute or ".." in PurePosixPath(path).parts or "\\" in path:
        return f"path '{path}' must be relative to the folder of sources.csv, with '/'; use `participation-deficit add`"
    return ""


def _country(code: str) -> str:
    if code and country(code) is None:
        return f"country '{code}' is no ISO 3166-1 alpha-3 code; use three capitals such as BRA or FRA"
    return ""


def _year(year: str) -> str:
    low, high = int(_YEAR.minimum or 0), int(_YEAR.maximum or 9999)
    if year and not (re.fullmatch(r"[0-9]{4}", year) and low <= int(year) <= high):
        return f"year '{year}' is no year from {low} to {high}; give the year of adoption"
    return ""


def _mapping(mapping: str) -> str:
    for pair in filter(None, mapping.split(codebook.LIST_SEPARATOR)):
        column, equals, header = pair.partition("=")
        if not equals or not header.strip() or column.strip() not in COMMITMENTS.names:
            return f"mapping '{pair}' is not column=header with a column such as title, text, number; correct it"
    return ""
