"""Field names of templates ("Lead agency: …") in a block, and the values beside them."""

import re

from pipeline.segment.cues import Cues, fold
from pipeline.segment.element import Element

_INLINE = re.compile(
    r"(?:^|(?<=[.;])\s+|(?<=[.;])\n|\n|[(]|\s[–—•-]\s)(?P<name>[A-ZÀ-Ý¿][^.:;\n()]{1,70}?)\s?:(?=\s|$)"
)
LABEL_WORDS = 9


def find(element: Element, cues: Cues) -> list[tuple[str, str, str]]:
    """Fields of a template that a block holds, cell by cell or sentence by sentence, as (kind, name, value)."""
    found: list[tuple[str, str, str]] = []
    if element.cells:
        cells = element.cells
        skip = False
        for place, cell in enumerate(cells):
            if skip:
                skip = False
                continue
            kind = cues.fields.get(fold(cell)) if len(cell.split()) <= LABEL_WORDS + 6 else None
            if kind:
                value = cells[place + 1] if place + 1 < len(cells) else ""
                following = cues.fields.get(fold(value)) if value else None
                found.append((kind, fold(cell), "" if following else value))
                skip = bool(value) and not following
            else:
                found.extend(_colon_field(cell, "", cues))
        return found
    return _colon_field(element.text, element.lead, cues)


def _colon_field(text: str, lead: str, cues: Cues) -> list[tuple[str, str, str]]:
    short = fold(text) if len(text.split()) <= LABEL_WORDS + 6 else ""
    if short and short in cues.fields:
        return [(cues.fields[short], short, "")]
    if lead and fold(lead) in cues.fields and text.startswith(lead) and ":" not in text[len(lead) + 2 :]:
        return [(cues.fields[fold(lead)], fold(lead), text[len(lead) :].strip(" :–—-"))]
    found: list[tuple[str, str, str, int]] = []
    for match in _INLINE.finditer(text):
        name = fold(match["name"])
        if name in cues.fields:
            if found:
                found[-1] = (*found[-1][:2], text[found[-1][3] : match.start()].strip(" .;"), found[-1][3])
            found.append((cues.fields[name], name, text[match.end() :].strip(), match.end()))
    return [(kind, name, value) for kind, name, value, _ in found]
