"""Which column of a table of commitments holds what: by a mapping, or by the headers that `headers.yaml` knows."""

import re
from functools import cache
from importlib import resources
from typing import Any

import yaml

from pipeline.domain.codebook import LANGUAGES, LIST_SEPARATOR, Status
from pipeline.domain.errors import DocumentError
from pipeline.domain.folding import folded

_LANGUAGE_SUFFIX = re.compile(rf"^(.*\S)\s+({'|'.join((*LANGUAGES, 'english', 'french', 'spanish'))})$")


@cache
def known_headers() -> dict[str, Any]:
    """Names of headers by field, and of levels, from `headers.yaml`."""
    text = resources.files("pipeline.extract").joinpath("headers.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def layout_of(table: list[list[str]], mapping: str, language: str) -> tuple[int, dict[str, int], str]:
    """Index of the first data row, the column of each field, and a note on columns that were passed over."""
    if not table:
        raise DocumentError(Status.EMPTY, "the table is empty")
    if mapping.strip():
        return _mapped(table, mapping)
    best: tuple[int, dict[str, int], str] | None = None
    for place, row in enumerate(table[:20]):  # exports may have a title above their header
        columns, note = _recognised(row, language)
        if ("text" in columns or "title" in columns) and (best is None or len(columns) > len(best[1])):
            best = place + 1, columns, note
    if best is None or ("text" not in best[1] and len(best[1]) < 2 and len(table[0]) > 1):
        shown = ", ".join(cell for cell in table[0] if cell)[:120]
        raise DocumentError(
            Status.UNREADABLE,
            f"no column with the commitments' text among: {shown}; name it in the mapping, such as text=Description",
        )
    return best


def _mapped(table: list[list[str]], mapping: str) -> tuple[int, dict[str, int], str]:
    names = {}
    for pair in mapping.split(LIST_SEPARATOR):
        field, equals, header = pair.partition("=")
        if not equals or field.strip() not in known_headers() or field.strip() == "levels":
            fields = ", ".join(name for name in known_headers() if name != "levels")
            raise DocumentError(
                Status.UNREADABLE, f"mapping '{pair.strip()}' is not field=header with one of the fields {fields}"
            )
        names[field.strip()] = header.strip()
    for place, row in enumerate(table[:20]):
        headers = {plain(cell): column for column, cell in reversed(list(enumerate(row)))}
        if all(plain(header) in headers for header in names.values()):
            if "text" not in names and "title" not in names:
                raise DocumentError(Status.UNREADABLE, "the mapping names no text column; add text=HEADER")
            return place + 1, {field: headers[plain(header)] for field, header in names.items()}, ""
    known = {plain(cell) for cell in table[0]}
    lacking = [header for header in names.values() if plain(header) not in known]
    raise DocumentError(
        Status.UNREADABLE, f"the table has no column '{', '.join(lacking)}' that the mapping names; correct the mapping"
    )


def _recognised(row: list[str], language: str) -> tuple[dict[str, int], str]:
    simple = [plain(cell) for cell in row]
    split = [(match[1], match[2][:2]) if (match := _LANGUAGE_SUFFIX.match(name)) else (name, "") for name in simple]
    suffixes = list(dict.fromkeys(code for _, code in split if code))
    chosen = language if language in suffixes else suffixes[0] if suffixes else ""
    columns: dict[str, int] = {}
    for field, names in known_headers().items():
        if field == "levels":
            continue
        for name in map(plain, names):
            places = [
                column
                for column, (base, code) in enumerate(split)
                if base == name and code in ("", chosen) and column not in columns.values()
            ]
            exact = [column for column, whole in enumerate(simple) if whole == name and column not in columns.values()]
            if exact or places:
                columns[field] = (exact or places)[0]
                break
    passed = [cell for cell, (_, code) in zip(row, split, strict=True) if code and code != chosen]
    return columns, f"read in '{chosen}'; columns in other languages passed over: {', '.join(passed)}" if passed else ""


def plain(text: str) -> str:
    """Header without case, accents and punctuation."""
    return " ".join(re.sub(r"[^\w#]|_", " ", folded(str(text))).split())
