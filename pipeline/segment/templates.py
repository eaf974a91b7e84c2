"""Series that tables and templates make: fields that recur in cycles, and tables with one commitment a row."""

from collections import defaultdict

from pipeline.segment.cues import fold
from pipeline.segment.elements import Element
from pipeline.segment.outline import Outline
from pipeline.segment.series import Series

REACH = 8  # elements before the first field of a template among which its title is looked for


def cycles(outline: Outline) -> list[Series]:
    """A series for the field name that recurs most regularly; each span starts at the title before the field."""
    elements = outline.elements
    places: dict[str, list[int]] = defaultdict(list)
    for element in elements:
        for kind, label, _ in element.fields:
            if kind != "milestones" and (not places[label] or places[label][-1] != element.place):
                places[label].append(element.place)
    frequent = {label: found for label, found in places.items() if len(found) >= 3}
    if len(frequent) < 2:
        return []
    most = max(len(found) for found in frequent.values())
    anchors = [label for label, found in frequent.items() if len(found) >= 0.8 * most]
    anchor = min(anchors, key=lambda label: frequent[label][0])
    openers: list[int] = []
    for place in frequent[anchor]:
        openers.append(_title_before(place, openers[-1] if openers else -1, elements))
    return [Series(("template", anchor), openers)]


def _title_before(anchor: int, previous: int, elements: list[Element]) -> int:
    """The title of the template whose first field stands at `anchor`: the nearest heading before it, or the field."""
    for place in range(anchor, max(previous, anchor - REACH - 1), -1):
        element = elements[place]
        if place < anchor and element.fields and element.form != "head":
            return place + 1
        if element.form == "head" and not element.template and not element.fields:
            return place
        if element.label_kind in ("commitment", "action") or (place < anchor and element.number and element.title):
            return place
    return anchor


def rows(outline: Outline) -> list[Series]:
    """Tables whose header names a commitment or action beside fields: every row below opens a span of one row."""
    groups: dict[str, list[int]] = defaultdict(list)
    header, column = "", -1
    for element in outline.elements:
        if element.form != "row":
            if element.form == "head" and not element.contents:
                header, column = "", -1
            continue
        found = _header(element, outline)
        if found >= 0:
            header, column = fold(element.text), found
        elif header and column < len(element.cells) and element.cells[column]:
            element.title = element.title or element.cells[column]
            groups[header].append(element.place)
    return [Series(("rows", header), places) for header, places in groups.items() if len(places) >= 2]


def _header(element: Element, outline: Outline) -> int:
    """The column of the commitment where the row is a table's header, else -1."""
    labels, fields = outline.cues.labels, outline.cues.fields
    named = -1
    known = 0
    for place, cell in enumerate(element.cells):
        word = fold(cell)
        kind = labels.get(word) or labels.get(word.rstrip("s")) or labels.get(word.removesuffix("es"))
        if kind in ("commitment", "action") and named < 0 and "milestone" not in word:
            named = place
            known += 1
        elif word in fields or word in ("n", "no", "nº", "n°", "nr", "#", "number", "número", "id"):
            known += 1
    return named if known >= 2 and known >= 0.6 * len(element.cells) else -1
