"""Corrections at work: the commitments of a document with merges, splits, drops and additions applied."""

from typing import Any

import pandas as pd

from pipeline.domain.codebook import LIST_SEPARATOR
from pipeline.domain.errors import UserError
from pipeline.domain.schema import SEGMENTS
from pipeline.extract.language import detect
from pipeline.segment.cues import fold
from pipeline.segment.identity import ids
from pipeline.segment.overrides import Override, targets


def apply(segments: pd.DataFrame, corrections: list[Override], document: str) -> pd.DataFrame:
    """The commitments of one document with its corrections, in order. Raises UserError where one does not fit."""
    if not corrections:
        return segments
    rows = [{str(key): value for key, value in row.items()} for row in segments.to_dict("records")]
    for item in corrections:
        if item.action == "add":
            rows = _add(rows, item)
            continue
        places = [_find(target, rows, item) for target in targets(item.values)]
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
