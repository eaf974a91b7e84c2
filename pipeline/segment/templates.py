"""Series that tables and templates make: fields that recur in cycles, and tables with one commitment a row."""

from collections import defaultdict

from pipeline.segment.cues import fold
from pipeline.segment.describing import SENTENCE_END
from pipeline.segment.element import Element
from pipeline.segment.numbering import parse
from pipeline.segment.outline import Outline, is_skip
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
        openers.append(_title_before(place, openers[-1] if openers else -1, outline))
    return [Series(("template", anchor), openers)]


def _title_before(anchor: int, previous: int, outline: Outline) -> int:
    """The title of the template whose first field stands at `anchor`: the nearest heading before it, or the field."""
    elements = outline.elements
    for place in range(anchor, max(previous, anchor - REACH - 1), -1):
        element = elements[place]
        if place < anchor and element.fields and element.form != "head":
            break
        if element.form == "head" and not element.template and not element.fields:
            return anchor if is_skip(element, outline.cues) else place
        short = element.words <= 20 and not element.text.endswith(".")
        numbered = element.number and element.title and (short or element.form in ("head", "row", "runin"))
        if element.label_kind in ("commitment", "action") or (place < anchor and numbered):
            return place
    # No title in the text layer: the template starts with its page, or with its first field where it starts mid-page.
    first = anchor
    while first - 1 > max(previous, anchor - REACH - 1) and elements[first - 1].page == elements[anchor].page:
        first -= 1
    turned = first > 0 and elements[first - 1].page != elements[anchor].page
    return first if turned else anchor


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
            title = SENTENCE_END.split(element.cells[column], maxsplit=1)[0]
            element.title = title if len(title.split()) <= 40 else ""
            if column and element.number is None:
                element.number = parse(element.cells[0])
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
