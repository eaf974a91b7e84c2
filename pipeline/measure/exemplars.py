"""Commitments worth a look: models to adapt, and near-misses that inform where they could have asked."""

import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import yaml

from pipeline.domain import codebook, schema
from pipeline.measure.organisations import _text, fold

EXEMPLARS = 5  # a cluster
NEAR_MISSES = 5  # a cluster
BEFORE, AFTER = 60, 140  # characters of a near-miss's quotation around the place found


class Place(NamedTuple):
    """A place in a text where the public could be heard: what it is, the level it fits, and where it stands."""

    place: str
    level: str
    start: int
    end: int


@cache
def _rules() -> tuple[list[tuple[str, str, re.Pattern[str]]], re.Pattern[str]]:
    content = yaml.safe_load((Path(__file__).parent / "near_misses.yaml").read_text(encoding="utf-8"))
    rules = [
        (entry["place"], entry["level"], re.compile(r"(?<!\w)(?:" + "|".join(entry["patterns"]) + ")"))
        for entry in content["places"]
    ]
    return rules, re.compile(r"(?<!\w)(?:" + "|".join(content["blocked"]) + r")\s+(?:\w+\s+){0,2}$")


def _fold_in_place(text: str) -> str:
    """`text` folded character by character, so that positions stay those of `text`."""
    return "".join(" " if character.isspace() else (fold(character) or character)[0] for character in text)


def places(text: str) -> list[Place]:
    """Places in `text` where consult or involve would fit: those that fit a higher level first, then as they stand."""
    rules, blocked = _rules()
    folded = _fold_in_place(text)
    found = []
    for place, level, pattern in rules:
        for match in pattern.finditer(folded):
            if not blocked.search(folded[max(0, match.start() - 40) : match.start()]):
                found.append(Place(place, level, match.start(), match.end()))
                break
    return sorted(found, key=lambda found: (-codebook.LEVEL_RANK[found.level], found.start))


def quotation(text: str, start: int, end: int) -> str:
    """The sentence of `text` around the span, cut to whole words near it; an exact substring of `text`."""
    low, high = max(0, start - BEFORE), min(len(text), end + AFTER)
    before = [match.end() for match in re.finditer(r"[.!?]\s+|\n", text[low:start])]
    after = re.search(r"[.!?](?=\s|$)|\n", text[end:high])
    if before:
        low += before[-1]
    elif low:
        low += re.search(r"\s|$", text[low:start]).end()  # type: ignore[union-attr]
    if after:
        high = end + after.end()
    elif high < len(text):
        high = end + max(text[end:high].rfind(" "), 0)
    return text[low:high].strip()


def choose(table: pd.DataFrame, params: dict[str, Any]) -> pd.DataFrame:
    """The `exemplars` table (columns: schema.EXEMPLARS): for each cluster the highest commitments and the near-misses.

    Exemplars reach at least the threshold of `params`; higher levels first, then surer ones, then as the table stands.
    Near-misses are commitments at `inform` with a place found; no commitment stands in both.
    """
    threshold = codebook.LEVEL_RANK[params["threshold"]]
    rows: list[dict[str, Any]] = []
    data = table.assign(
        _rank=table["iap2_level"].map(codebook.LEVEL_RANK),
        _sure=pd.to_numeric(table["iap2_probability"], errors="coerce").fillna(-1.0)
        if "iap2_probability" in table
        else -1.0,
    )
    for cluster in codebook.IN_SCOPE:
        inside = data[data["cluster"] == cluster]
        best = inside[inside["_rank"] >= threshold].sort_values(["_rank", "_sure"], ascending=False, kind="stable")
        for rank, row in enumerate(_spread(best), start=1):
            rows.append(_row(row, "exemplar", rank, _text(row.get("evidence")) or _text(row.get("title"))))
        inform = inside[inside["iap2_level"] == "inform"]
        near: list[tuple[Any, ...]] = []
        for row in _records(inform):
            text = _text(row.get("text"))
            if found := places(text):
                near.append(
                    (-codebook.LEVEL_RANK[found[0].level], -len(found), -row["_sure"], len(near), row, found[0])
                )
        for rank, (*_, row, place) in enumerate(sorted(near, key=lambda entry: entry[:4])[:NEAR_MISSES], start=1):
            quoted = quotation(_text(row.get("text")), place.start, place.end)
            rows.append(_row(row, "near_miss", rank, quoted) | {"suggested_level": place.level, "place": place.place})
    result = pd.DataFrame(rows, columns=schema.EXEMPLARS.names)
    result["year"] = pd.to_numeric(result["year"], errors="coerce").astype("Int64")
    result["page"] = pd.to_numeric(result["page"], errors="coerce").astype("Int64")
    result["rank"] = result["rank"].astype("Int64")
    return result.sort_values("role", kind="stable").reset_index(drop=True)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _spread(best: pd.DataFrame) -> list[dict[str, Any]]:
    """The first EXEMPLARS of `best`, at most two of one document while others are to be had."""
    chosen: list[dict[str, Any]] = []
    waiting: list[dict[str, Any]] = []
    held: dict[str, int] = {}
    for row in _records(best):
        document = _text(row.get("document"))
        if document and held.get(document, 0) >= 2:
            waiting.append(row)
            continue
        held[document] = held.get(document, 0) + 1
        chosen.append(row)
    return (chosen + waiting)[:EXEMPLARS]


def _row(row: dict[str, Any], role: str, rank: int, quoted: str) -> dict[str, Any]:
    page = _text(row.get("evidence_page")) if role == "exemplar" else ""
    probability = row["_sure"]
    return {
        "commitment_id": row["commitment_id"],
        "role": role,
        "rank": rank,
        "cluster": row["cluster"],
        "iap2_level": row["iap2_level"],
        "iap2_probability": None if probability < 0 else probability,
        "document": _text(row.get("document")),
        "country": _text(row.get("country")),
        "year": _text(row.get("year")) or None,
        "title": _text(row.get("title")),
        "quotation": quoted,
        "page": page or _text(row.get("page_start")) or None,
        "suggested_level": "",
        "place": "",
    }
