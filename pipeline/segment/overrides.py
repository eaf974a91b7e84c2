"""The analyst's corrections of a segmentation: merge, split, drop or add a commitment of a document.

Corrections lie in `corpus/overrides/`, any number of CSV or YAML files (docs/segmentation.md shows both). Each names
its document and its commitment by id or by title, so that it holds from run to run.
"""

import csv
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipeline.domain.codebook import LIST_SEPARATOR
from pipeline.domain.errors import UserError

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
    if action == "merge" and len(targets(filled)) < 2:
        raise UserError(f"{where}: 'merge' needs two or more commitments, separated by '{LIST_SEPARATOR}'; name them")
    for key in ("page_start", "page_end"):
        if key in filled and not (filled[key].isdigit() and int(filled[key]) > 0):
            raise UserError(f"{where}: {key} '{filled[key]}' is not a page number; give a whole number from 1")
    return Override(where, document, action, filled)


def targets(values: dict[str, str]) -> list[str]:
    """The commitments that a correction names, by id or title."""
    return [part.strip() for part in values.get("commitment", "").split(LIST_SEPARATOR) if part.strip()]


def tell_unused(corrections: list[Override], documents: set[str]) -> None:
    """Warn of corrections for documents that are not part of the run: a name may be misspelt."""
    for item in corrections:
        if item.document not in documents:
            warnings.warn(
                f"{item.where}: no document '{item.document}' in this run; correction not applied", stacklevel=2
            )
