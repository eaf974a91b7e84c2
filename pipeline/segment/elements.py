"""Blocks seen as elements of a plan: headings, run-in titles, items and rows, with label, number, title and fields."""

from collections import Counter

import pandas as pd

from pipeline.segment.cues import Cues, fold
from pipeline.segment.describing import describe, learned_labels
from pipeline.segment.element import Element
from pipeline.segment.field_names import LABEL_WORDS
from pipeline.segment.reading import body_size, running_text


def read(blocks: pd.DataFrame, cues: Cues) -> list[Element]:
    """Elements of one document in reading order, described: `blocks` has schema BLOCKS."""
    elements = running_text(blocks, cues)
    if not elements:
        return []
    body = body_size(elements)
    learned = learned_labels(elements, cues, body)
    for element in elements:
        describe(element, cues, learned, body)
    _mark_run_in(elements, body)
    elements = _join_titles(elements)
    _mark_templates(elements)
    _measure_indents(elements)
    return elements


def _mark_run_in(elements: list[Element], body: float) -> None:
    """A bold line of body size that ends like a sentence, or whose lead goes on in plain type, is a run-in title."""
    for element, following in zip(elements, [*elements[1:], None], strict=True):
        if element.form != "head" or element.label or not element.title or abs(element.size - body) > 0.06 * body:
            continue
        spills = bool(element.lead) and len(element.text) - len(element.lead) > 2 + len(element.marker)
        plain = following is not None and following.kind == "paragraph" and following.bold < 0.5
        beside = following is not None and abs(following.x0 - element.x0) < 14
        sentence = element.text.endswith(".") and element.words > 2 and element.number is None
        if (spills or sentence) and plain and beside:
            element.form = "runin"
            if spills:
                element.title = element.lead.rstrip(" :–—-")


def _join_titles(elements: list[Element]) -> list[Element]:
    """A label or number that stands alone takes the heading after it as its title."""
    result: list[Element] = []
    for element in elements:
        last = result[-1] if result else None
        alone = (
            last is not None
            and last.form in ("head", "item", "text")
            and last.words <= 6
            and not last.title
            and (last.label or last.number)
        )
        near = last is not None and element.page - last.page in (0, 1) and element.place - last.place == 1
        if alone and near and last is not None and not element.label and element.number is None and not element.cells:
            short = element.words <= 20 and element.text[-1] not in ".:;"
            titled = element.form in ("head", "runin") or (last.form == "head" and bool(last.label) and short)
            if titled and not element.fields:
                _absorb(last, element)
                continue
        result.append(element)
    for place, element in enumerate(result):
        element.place = place
    return result


def _absorb(first: Element, second: Element) -> None:
    first.text = f"{first.text}\n{second.text}"
    first.page_end = max(first.page_end, second.page_end)
    first.title = second.title or second.text
    first.form = "head" if second.form == "head" or first.form == "head" else second.form
    if second.page == first.page:
        first.x0, first.y0 = min(first.x0, second.x0), min(first.y0, second.y0)
        first.x1, first.y1 = max(first.x1, second.x1), max(first.y1, second.y1)
    first.weight = min(first.weight, second.weight) if second.form == "head" else first.weight


def template_key(element: Element) -> str:
    """What a repeated sub-heading or field name is recognised by; empty where the block cannot be one."""
    if element.label or (element.number and element.form != "head"):
        return ""
    if element.cells:
        first = next((cell for cell in element.cells if cell), "")
        return fold(first) if 0 < len(first.split()) <= LABEL_WORDS else ""
    if element.form == "head":
        short = element.words <= LABEL_WORDS
        return f"{fold(element.title or element.text)} {element.weight:.0f}" if short else ""
    if element.form == "runin" and len(element.lead.split()) <= LABEL_WORDS:
        return fold(element.lead)
    head, colon, _ = element.text.partition(":")
    return fold(head) if colon and len(head.split()) <= 6 else ""


def _mark_templates(elements: list[Element]) -> None:
    """Sub-headings and field names that the document repeats ("Recommended actions", "Lead:") are marked."""
    counts = Counter(key for key in map(template_key, elements) if key)
    for element in elements:
        key = template_key(element)
        element.template = bool(key) and (counts[key] >= 4 or (bool(element.fields) and counts[key] >= 2))


def _measure_indents(elements: list[Element]) -> None:
    """Distance of every element from the left edge of its column, columns being halves of a page with text in both."""
    pages: dict[int, list[Element]] = {}
    for element in elements:
        pages.setdefault(element.page, []).append(element)
    for mine in pages.values():
        right = max(element.x1 for element in mine)
        left = min(element.x0 for element in mine)
        middle = (left + right) / 2
        columns = [element for element in mine if element.x1 <= middle + 5], [e for e in mine if e.x0 >= middle - 5]
        two = all(len(column) >= 2 for column in columns)
        for element in mine:
            edge = left
            if two and element.x0 >= middle - 5:
                edge = min(e.x0 for e in columns[1])
            element.indent = element.x0 - edge
