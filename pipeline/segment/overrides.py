"""The analyst's corrections of a segmentation: merge, split, drop or add a commitment of a document.

Corrections lie in `corpus/overrides/`, any number of CSV or YAML files (docs/segmentation.md shows both). Each names
its document and its commitment by id or by title, so that it holds from run to run.
"""

import csv
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from pipeline.domain.codebook import LIST_SEPARATOR
from pipeline.domain.errors import UserError
from pipeline.domain.schema import SEGMENTS
from pipeline.extract.language import detect
from pipeline.segment.cues import fold
from pipeline.segment.identity import ids

ACTIONS = ("merge", "split", "drop", "add")
KEYS = ("document", "action", "commitment", "at", "number", "title", "text", "page_start", "page_end", "parent", "note")
_NEEDS = {
    "merge": ("commitment",),
    "split": ("commitment", "at"),
    "drop": ("commitment",),
    "add": ("text", "page_start"),
}
_SUFFIXES = (".csv", ".yaml", ".yml")


@dataclass(frozen=True)
class Override:
    """One correction: `where` names file and row, `values` holds the cells of KEYS that are filled."""

    where: str
    document: str
    action: str
    values: dict[str, str]


def load(folder: Path) -> list[Override]:
    """All corrections of a folder, by file name and row. Raises UserError for a file or row that is not valid."""
    if not folder.is_dir():
        raise UserError(f"{folder}: not a folder; give the folder that holds the corrections, or none")
    found: list[Override] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~")) or path.is_dir() or path.suffix.lower() in (".md", ".txt"):
            continue
        if path.suffix.lower() not in _SUFFIXES:
            raise UserError(f"{path}: corrections are CSV or YAML files; rename or remove it")
        rows = _csv(path) if path.suffix.lower() == ".csv" else _yaml(path)
        found.extend(_check(where, values, path) for where, values in rows)
    return found


def _csv(path: Path) -> list[tuple[str, dict[str, Any]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"{path}: not UTF-8; save it as 'CSV UTF-8'") from None
    reader = csv.DictReader(text.splitlines(keepends=True), strict=True)
    try:
        unknown = [name for name in reader.fieldnames or () if name not in KEYS]
        if not reader.fieldnames or "document" not in reader.fieldnames or unknown:
            shown = f"has an unknown column '{unknown[0]}'" if unknown else "has no column 'document'"
            raise UserError(f"{path}: {shown}; its columns must be among {', '.join(KEYS)}")
        rows = [(f"{path}, line {reader.line_num}", dict(row)) for row in reader]
    except csv.Error as error:
        raise UserError(f"{path}: not a readable CSV table ({error}); save it again from the spreadsheet") from None
    for where, row in rows:
        if None in row:
            raise UserError(f"{where}: has more cells than the header; put texts with commas in quotes")
    return [(where, row) for where, row in rows if any(row.values())]


def _yaml(path: Path) -> list[tuple[str, dict[str, Any]]]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise UserError(f"{path}: not UTF-8; save it as UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" (line {mark.line + 1})" if mark else ""
        raise UserError(f"{path}: not valid YAML{line}; correct it") from None
    if content is None:
        return []
    if not isinstance(content, list):
        raise UserError(f"{path}: must be a list of corrections, each beginning with '- document:'; correct it")
    return [(f"{path}, entry {number}", item) for number, item in enumerate(content, 1)]


def _check(where: str, values: Any, path: Path) -> Override:
    if not isinstance(values, dict):
        raise UserError(f"{where}: is not a correction with keys such as document and action; correct it")
    filled: dict[str, str] = {}
    for key, value in values.items():
        if key not in KEYS:
            raise UserError(f"{where}: unknown key '{key}'; use {', '.join(KEYS)}")
        if isinstance(value, list):
            value = LIST_SEPARATOR.join(str(part) for part in value)
        if value is not None and str(value).strip():
            filled[key] = str(value).strip()
    document, action = filled.pop("document", ""), filled.pop("action", "").lower()
    if not document:
        raise UserError(f"{where}: names no document; fill 'document' with the file name")
    if action not in ACTIONS:
        raise UserError(f"{where}: action '{action}' is not one of {', '.join(ACTIONS)}; correct it")
    for key in _NEEDS[action]:
        if key not in filled:
            raise UserError(f"{where}: '{action}' needs '{key}'; fill it")
    if action == "merge" and len(_targets(filled)) < 2:
        raise UserError(f"{where}: 'merge' needs two or more commitments, separated by '{LIST_SEPARATOR}'; name them")
    for key in ("page_start", "page_end"):
        if key in filled and not (filled[key].isdigit() and int(filled[key]) > 0):
            raise UserError(f"{where}: {key} '{filled[key]}' is not a page number; give a whole number from 1")
    return Override(where, document, action, filled)


def _targets(values: dict[str, str]) -> list[str]:
    return [part.strip() for part in values.get("commitment", "").split(LIST_SEPARATOR) if part.strip()]


def apply(segments: pd.DataFrame, corrections: list[Override], document: str) -> pd.DataFrame:
    """The commitments of one document with its corrections, in order. Raises UserError where one does not fit."""
    if not corrections:
        return segments
    rows = [{str(key): value for key, value in row.items()} for row in segments.to_dict("records")]
    for item in corrections:
        if item.action == "add":
            rows = _add(rows, item)
            continue
        places = [_find(target, rows, item) for target in _targets(item.values)]
        if item.action == "drop":
            rows = [row for place, row in enumerate(rows) if place not in places]
        elif item.action == "merge":
            rows = _merge(rows, sorted(set(places)), item)
        else:
            rows = _split(rows, places[0], item)
        _name(rows, document)
    _name(rows, document)
    return pd.DataFrame(rows, columns=SEGMENTS.names)


def _find(target: str, rows: list[dict[str, Any]], item: Override) -> int:
    exact = [place for place, row in enumerate(rows) if row["commitment_id"] == target]
    titled = [place for place, row in enumerate(rows) if row["title"] and fold(str(row["title"])) == fold(target)]
    found = exact or titled
    if not found:
        raise UserError(
            f"{item.where}: {item.document} has no commitment '{target}'; "
            "take its id or title from the output of 'segment'"
        )
    if len(found) > 1:
        raise UserError(
            f"{item.where}: {item.document} has {len(found)} commitments titled '{target}'; name one by its id"
        )
    return found[0]


def _name(rows: list[dict[str, Any]], document: str) -> None:
    for row, name in zip(rows, ids(document, [str(row["text"]) for row in rows]), strict=True):
        row["commitment_id"] = name


def _merge(rows: list[dict[str, Any]], places: list[int], item: Override) -> list[dict[str, Any]]:
    parts = [rows[place] for place in places]
    whole = dict(parts[0])
    whole["text"] = "\n".join(str(part["text"]) for part in parts)
    whole["page_start"] = min(int(part["page_start"]) for part in parts)
    whole["page_end"] = max(int(part["page_end"]) for part in parts)
    for key in ("boxes", "supporting_institutions", "milestones"):
        whole[key] = LIST_SEPARATOR.join(str(part[key]) for part in parts if part[key])
    for key in ("lead_institution", "start", "end"):
        whole[key] = next((str(part[key]) for part in parts if part[key]), "")
    whole |= _given(item)
    kept = [row for place, row in enumerate(rows) if place not in places[1:]]
    kept[places[0]] = whole
    return kept


def _split(rows: list[dict[str, Any]], place: int, item: Override) -> list[dict[str, Any]]:
    """Two commitments from one: the second begins at the words `at` and takes number, title and pages as given."""
    whole = rows[place]
    text = str(whole["text"])
    at = " ".join(item.values["at"].split())
    start = _position(text, at)
    if start <= 0:
        raise UserError(f"{item.where}: the words '{at}' do not stand inside that commitment; copy them from its text")
    first, second = dict(whole), dict(whole)
    first["text"], second["text"] = text[:start].strip(), text[start:].strip()
    second |= {"number": "", "title": "", "lead_institution": "", "supporting_institutions": ""}
    second |= {"start": "", "end": "", "milestones": ""} | _given(item)
    first["page_end"] = min(int(first["page_end"]), int(second["page_start"]))
    return [*rows[:place], first, second, *rows[place + 1 :]]


def _position(text: str, words: str) -> int:
    """Where `words` begin in `text`, whatever the spaces and line ends between them; -1 where they do not."""
    spaced = "".join(" " if character.isspace() else character for character in text)
    start = spaced.find(words)
    if start >= 0:
        return start
    compact = [place for place, character in enumerate(text) if not character.isspace()]
    found = "".join(text[place] for place in compact).find("".join(words.split()))
    return compact[found] if found >= 0 else -1


def _add(rows: list[dict[str, Any]], item: Override) -> list[dict[str, Any]]:
    row: dict[str, Any] = dict.fromkeys(SEGMENTS.names, "")
    row |= {"document": item.document, "language": detect(item.values["text"]), "text": item.values["text"]}
    row |= _given(item)
    row["page_end"] = max(int(row["page_end"] or 0), int(row["page_start"]))
    later = [place for place, other in enumerate(rows) if int(other["page_start"]) > int(row["page_start"])]
    place = later[0] if later else len(rows)
    return [*rows[:place], row, *rows[place:]]


def _given(item: Override) -> dict[str, Any]:
    given: dict[str, Any] = {
        key: item.values[key] for key in ("number", "title", "parent", "text") if key in item.values
    }
    given |= {key: int(item.values[key]) for key in ("page_start", "page_end") if key in item.values}
    return given


def tell_unused(corrections: list[Override], documents: set[str]) -> None:
    """Warn of corrections for documents that are not part of the run: a name may be misspelt."""
    for item in corrections:
        if item.document not in documents:
            warnings.warn(
                f"{item.where}: no document '{item.document}' in this run; correction not applied", stacklevel=2
            )
