"""Repeated commitments: contents, summaries and annexes repeat titles; the richest occurrence is kept."""

import re
from collections import Counter

from pipeline.segment.choose import Unit
from pipeline.segment.outline import Outline, is_skip

_LETTERS = re.compile(r"[^\W_]+")
ALIKE = 0.8  # share of words in common from which on two titles are the same
ALIKE_NUMBERED = 0.5  # the same where label and number are the same too
LONGEST = 300  # characters; longer texts are compared for equality only
POORER = 0.7  # share of the longer text below which the shorter one is a repetition


def drop(units: list[Unit], outline: Outline) -> list[Unit]:
    """The units without poorer repetitions, and without parts that do not commit, where those are the exception."""
    elements = outline.elements
    kept = [
        unit
        for unit in units
        if outline.field_counts[unit.end] - outline.field_counts[unit.start] >= 2
        or not is_skip(elements[unit.start], outline.cues)
    ]
    aside = [unit for unit in kept if outline.skipped[unit.start]]
    if aside and len(aside) <= 0.45 * len(kept):
        kept = [unit for unit in kept if not outline.skipped[unit.start]]
    kept = kept or units
    if any(elements[unit.start].label_kind == "law" for unit in kept):
        pattern = outline.cues.sections["law_skip"]
        kept = [unit for unit in kept if not pattern.search(elements[unit.start].title)]
    titles = [_title(unit, outline) for unit in kept]
    words = [outline.words[unit.end] - outline.words[unit.start] for unit in kept]
    dropped: set[int] = set()
    for place, title in enumerate(titles):
        for other in range(place):
            if other in dropped or not _same(kept[place], kept[other], title, titles[other], outline):
                continue
            bare = max(words[place], words[other]) <= 1.5 * len(title.split()) + 4
            if bare or words[place] <= POORER * words[other]:
                dropped.add(place)
                break
            if words[other] <= POORER * words[place]:
                dropped.add(other)
    return [unit for place, unit in enumerate(kept) if place not in dropped]


def _title(unit: Unit, outline: Outline) -> str:
    element = outline.elements[unit.start]
    title = element.title if not element.fields or element.form == "head" else ""
    if not title:  # untitled: only the same text is a repetition
        title = " ".join(part.text for part in outline.elements[unit.start : unit.end])
    return " ".join(_LETTERS.findall(title.casefold()))


def _same(one: Unit, other: Unit, title: str, earlier: str, outline: Outline) -> bool:
    if not title or not earlier:
        return False
    if title == earlier:
        return True
    if max(len(title), len(earlier)) > LONGEST:
        return False
    a, b = outline.elements[one.start], outline.elements[other.start]
    same_number = bool(a.label) and a.label == b.label and a.number and b.number and a.number.values == b.number.values
    if not same_number and a.number and b.number and a.number.values != b.number.values:
        return False
    if not same_number and abs(len(title) - len(earlier)) > 0.3 * max(len(title), len(earlier)):
        return False
    mine, others = Counter(title.split()), Counter(earlier.split())
    shared = 2 * (mine & others).total() / (mine.total() + others.total())
    return shared >= (ALIKE_NUMBERED if same_number else ALIKE)
