"""The fields that a plan prints with a commitment: who leads, who supports, when it starts and ends, milestones."""

import re

from pipeline.domain.codebook import LIST_SEPARATOR
from pipeline.segment.element import Element

_SPLIT = re.compile(r"\s*(?:;|\n|•|·)\s*")
_RANGE = re.compile(
    r"^\W*(?:from|de|du|desde|da|dal|dalla|von|ab|between|entre)?\s*(?P<start>.{3,40}?)\s*"
    r"(?:–|—|\bto\b|\buntil\b|\ba\b|\bal\b|\bau\b|\baté\b|\bhasta\b|\bà\b|\bbis\b|\bfino a\b|\s-\s|/(?=\s))"
    r"\s*(?P<end>.{3,40}?)\W*$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_STEP_LABEL = re.compile(r"^[^\W\d_]{3,12}\s+\d+(?:\.\d+)*\s*[:.–—-]\s*", re.IGNORECASE)
VALUE_LIMIT = 300  # characters; a longer value is running text, not a name


def parse(elements: list[Element]) -> dict[str, str]:
    """Lead and supporting institutions, start, end and milestones of one commitment, by column; empty if not given."""
    values: dict[str, list[str]] = {"lead": [], "support": [], "start": [], "end": [], "period": [], "milestones": []}
    for place, element in enumerate(elements):
        for kind, _, value in element.fields:
            if kind not in values:
                continue
            value = value or _value_below(kind, elements, place)
            if value and (len(value) <= VALUE_LIMIT or kind == "milestones"):
                values[kind].append(value)
        if element.label_kind == "step" and place:
            values["milestones"].append(element.title or element.text)
    start, end = _dates(values)
    return {
        "lead_institution": _join(values["lead"]),
        "supporting_institutions": _join(values["support"]),
        "start": start,
        "end": end,
        "milestones": _join(
            [_STEP_LABEL.sub("", item) for value in values["milestones"] for item in _SPLIT.split(value)]
        ),
    }


def _value_below(kind: str, elements: list[Element], place: int) -> str:
    """The value of a field whose name stands alone: the blocks below it, up to the next field or heading."""
    found: list[str] = []
    for element in elements[place + 1 : place + 12]:
        if element.fields or element.form == "head" or element.label_kind == "step":
            break
        found.append(element.text)
        if kind != "milestones":
            break
    return "\n".join(found)


def _dates(values: dict[str, list[str]]) -> tuple[str, str]:
    start = values["start"][0] if values["start"] else ""
    end = values["end"][0] if values["end"] else ""
    period = values["period"][0] if values["period"] else ""
    if period and not (start and end):
        match = _RANGE.match(period)
        if match and (_YEAR.search(match["end"]) or _YEAR.search(match["start"])):
            return start or match["start"].strip(" :.,"), end or match["end"].strip(" :.,")
        return start, end or period.strip(" .")
    return start.strip(" ."), end.strip(" .")


def _join(values: list[str]) -> str:
    cleaned = (value.replace(LIST_SEPARATOR, "/").strip(" .;") for value in values)
    return LIST_SEPARATOR.join(dict.fromkeys(value for value in cleaned if value))
