"""Blocks seen as elements of a plan: headings, run-in titles, items and rows, with label, number, title and fields."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import pandas as pd

from pipeline.segment.cues import Cues, fold
from pipeline.segment.numbering import Number, parse

_BODY = ("heading", "paragraph", "list_item", "table_row")
_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|(?:_\s?){4,}")
_PAGE_NUMBER = re.compile(r"^[\s|.()\[\]–—-]*\d{1,4}[\s|.()\[\]–—-]*$")
_NUMBER_AHEAD = re.compile(r"^(\S{1,8})(?:\s+(?=\S)|$)")
SENTENCE_END = re.compile(r"(?<=[^\W\d_]{3}[.!?”\"»)])\s+(?=[\"“«(¿¡]?[A-ZÀ-Ý0-9])")
_LOOSE_NUMBER = re.compile(r"^(\d{1,2})\s*[–—-]\s+(?=\S)")
_CODE_BEHIND = re.compile(
    r"(?:^|[\s(\[])(?P<code>[A-Z]{2,6}\d{1,3}\.[A-Z]{1,4}\d{1,3}|[A-Z]{1,4}[.-]\d{1,3}(?:[.-]\d{1,3})*)[)\]]?\W{0,3}$"
)
_INLINE = re.compile(
    r"(?:^|(?<=[.;])\s+|(?<=[.;])\n|\n|[(]|\s[–—•-]\s)(?P<name>[A-ZÀ-Ý¿][^.:;\n()]{1,70}?)\s?:(?=\s|$)"
)
HEADING_WORDS = 45
LABEL_WORDS = 9


@dataclass(slots=True)
class Element:
    """A block of running text.

    `form` is head, runin, item, row or text; `weight` orders headings (points of type size, a little more for bold and
    capitals); `indent` is the distance in points from the left edge of the block's column; `fields` are the
    (kind, label, value) of a template that the block holds.
    """

    place: int
    block: int
    page: int
    kind: str
    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    bold: float
    italic: float
    marker: str
    lead: str
    page_end: int = 0
    form: str = "text"
    number: Number | None = None
    label: str = ""
    label_kind: str = ""
    title: str = ""
    weight: float = 0.0
    indent: float = 0.0
    cells: list[str] = field(default_factory=list)
    fields: list[tuple[str, str, str]] = field(default_factory=list)
    template: bool = False
    contents: bool = False

    @property
    def words(self) -> int:
        """Number of words, roughly."""
        return self.text.count(" ") + 1

    @property
    def box(self) -> str:
        """Place on the page in the notation of the dataset."""
        return f"{self.page}:{self.x0:g},{self.y0:g},{self.x1:g},{self.y1:g}"


def read(blocks: pd.DataFrame, cues: Cues) -> list[Element]:
    """Elements of one document in reading order, without headers, footers, footnotes, captions and page numbers."""
    elements: list[Element] = []
    usual = float(blocks["size"].median()) if len(blocks) else 0.0
    for row in _in_order(blocks, cues):
        text, marker = str(row["text"]).strip(), str(row["marker"] or "").strip()
        if parse(marker) is not None:
            text = f"{marker} {text}".strip()
        if not text or (_PAGE_NUMBER.match(text) and not marker and float(row["size"]) <= 1.5 * usual):
            continue
        page = int(row["page"])
        sides: dict[str, Any] = {side: float(row[side]) for side in ("x0", "y0", "x1", "y1")}
        sides |= {name: float(row[name]) for name in ("size", "bold", "italic")}
        words: dict[str, Any] = {
            "text": text,
            "marker": marker,
            "lead": str(row["lead"] or "").strip(),
            "kind": str(row["kind"]),
        }
        if marker and sides["size"] > 1.6 * usual and words["kind"] == "list_item":
            sides["size"] = usual  # only the bullet is that large
        last = int(row.get("page_end") or page)
        elements.append(Element(len(elements), int(row["block"]), page, **words, **sides, page_end=last))
    elements = _split_joined(elements)
    body = body_size(elements)
    learned = _learned_labels(elements, cues, body)
    for element in elements:
        _describe(element, cues, learned, body)
    _mark_run_in(elements, body)
    elements = _join_titles(elements)
    _mark_templates(elements)
    _measure_indents(elements)
    return elements


def _in_order(blocks: pd.DataFrame, cues: Cues) -> list[dict[str, Any]]:
    """Rows of the body, and the titles that stand at the top of a page and were taken for running headers.

    A row such as "Commitment 5" at the same height on many pages looks like a header; where its number is new, it
    opens a commitment and is put before the page's text.
    """
    words = tuple(word for word, kind in cues.labels.items() if kind in ("commitment", "action", "law"))
    seen: set[str] = set()
    pages: dict[int, list[dict[str, Any]]] = {}
    for item in blocks.to_dict("records"):
        row = {str(name): value for name, value in item.items()}
        mine = pages.setdefault(int(row["page"]), [])
        if row["kind"] in _BODY:
            mine.append(row)
        elif row["kind"] == "header":
            match = _label_pattern(words).match(str(row["text"]))
            if match and match["number"][0].isdigit() and fold(match[0]) not in seen:
                seen.add(fold(match[0]))
                mine.insert(0, {**row, "kind": "heading"})
    return [row for page in sorted(pages) for row in pages[page]]


def _split_joined(elements: list[Element]) -> list[Element]:
    """Items that the text layer ran together are parted: `8. …` that holds `9. …` where the next item is `10.`."""
    result: list[Element] = []
    for element, following in zip(elements, [*elements[1:], None], strict=True):
        result.append(element)
        number, later = parse(element.marker), parse(following.marker) if following else None
        if (
            not number
            or not later
            or number.style != "arabic"
            or number.depth != 1
            or later.values != (number.values[0] + 2,)
        ):
            continue
        missing = element.marker.replace(str(number.values[0]), str(number.values[0] + 1))
        before, found, after = element.text.partition(f" {missing} ")
        if found and after[:1].isupper() | after[:1].isdigit():
            element.text = before
            second = replace(element, text=f"{missing} {after}", marker=missing, lead="")
            result.append(second)
    for place, element in enumerate(result):
        element.place = place
    return result


def body_size(elements: list[Element]) -> float:
    """Type size that most of the text is set in, in points; 0 where sizes are unknown."""
    sizes: Counter[float] = Counter()
    for element in elements:
        sizes[round(element.size * 2) / 2] += len(element.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


@lru_cache(maxsize=32)
def _label_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    alternatives = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(
        rf"^\W{{0,3}}(?P<label>{alternatives})\.?\s*(?:(?:n[.º°o]{{1,2}}|no\.?|nr\.?|num\.?|number|número|#)\s*)?"
        r"(?P<number>(?:[A-Z]{1,3}[.\-]?)?\d{1,3}(?:[.\-]\d{1,3}){0,3}|[IVXLC]{1,7}(?![\w'’])|[A-H](?=[\s:.)–—-]|$))"
        r"(?:\.?[ºª°])?(?P<separator>\s*[:.|)–—\-]+\s*|\s+|$)(?P<title>.*)$",
        re.IGNORECASE | re.DOTALL,
    )


_ANY_LABEL = re.compile(
    r"^(?P<label>[^\W\d_]{3,20}(?: [^\W\d_]{2,20})?)\s+(?P<number>\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5})\b"
)


def _learned_labels(elements: list[Element], cues: Cues, body: float) -> dict[str, str]:
    """Labels of this document that no cue file knows: a word before rising numbers in titles, at least four times."""
    seen: dict[str, list[int]] = {}
    for element in elements:
        match = _ANY_LABEL.match(element.text)
        if not match or not (_looks_head(element, body) or element.lead.startswith(match["label"])):
            continue
        word, number = fold(match["label"]), parse(match["number"])
        if number and word not in cues.labels:
            seen.setdefault(word, []).append(number.values[-1])
    return {
        word: "learned"
        for word, values in seen.items()
        if len(values) >= 4
        and sum(b in (a + 1, 1) for a, b in zip(values, values[1:], strict=False)) >= 0.8 * (len(values) - 1)
    }


def _looks_head(element: Element, body: float) -> bool:
    words = element.words
    if element.kind == "table_row" or words > HEADING_WORDS:
        return False
    if words > 20 and element.text.rstrip()[-1:] in ".;," and element.size <= 1.05 * body:
        return False
    if element.kind == "heading":
        return True
    if element.size > 1.12 * body and body:
        return words <= 30
    if element.bold >= 0.85:
        return True
    if element.italic >= 0.9 and element.size > 1.05 * body and element.kind == "paragraph" and body:
        return True
    return element.italic >= 0.9 and element.kind == "paragraph" and words <= 16 and element.text[-1] not in ".;,"


def _describe(element: Element, cues: Cues, learned: dict[str, str], body: float) -> None:
    head = _looks_head(element, body)
    text = element.text
    element.contents = bool(_LEADERS.search(text))
    element.weight = element.size + 0.3 * (element.bold > 0.6) + 0.2 * _is_caps(text) + 0.1 * (element.italic > 0.6)
    if element.kind == "table_row":
        element.cells = [cell.strip() for cell in text.split(" | ")]
        element.form = "row"
    elif head:
        element.form = "head"
    elif element.lead and len(element.lead) > 2:
        element.form = "runin"
    elif element.kind == "list_item" or element.marker:
        element.form = "item"
    labels = {**cues.labels, **learned}
    first = next((cell for cell in element.cells if cell), text)
    match = _label_pattern(tuple(labels)).match(first)
    if match and _is_label(element, match, head):
        element.label = fold(match["label"])
        element.label_kind = labels.get(element.label, "learned")
        element.number = parse(match["number"])
        rest = match["title"] or " ".join(cell for cell in element.cells[1:2])
        element.title = _first_title(rest, element, head)
    else:
        ahead = _NUMBER_AHEAD.match(first)
        element.number = parse(ahead[1]) if ahead else None
        if element.number and not _is_numbering(element, ahead[1] if ahead else ""):
            element.number = None
        loose = None if element.number else _LOOSE_NUMBER.match(first)
        if loose:
            element.number = parse(loose[1])
        rest = first
        if element.number:
            rest = first[(ahead or loose).end() :] if (ahead or loose) else first  # type: ignore[union-attr]
        element.title = _first_title(rest, element, head)
    if element.form != "head" and head and element.lead and len(element.lead) > 2:
        element.form = "head"
    element.fields = _fields(element, cues)
    code = _CODE_BEHIND.search(text) if element.form in ("item", "runin", "text") and not element.number else None
    if code:
        figures = tuple(int(part) for part in re.findall(r"\d+", code["code"]))
        element.number = Number("code", figures[-2:], re.sub(r"\d+", "#", code["code"]), code["code"])
        element.title = SENTENCE_END.split(text[: code.start()], maxsplit=1)[0].strip(" -–—(") or element.title


def _is_caps(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) > 3 and sum(letter.isupper() for letter in letters) > 0.85 * len(letters)


def _is_label(element: Element, match: re.Match[str], head: bool) -> bool:
    """Whether a label and number open a title, and do not stand in a running sentence ("Action 5 will ...")."""
    number = match["number"]
    if not number[0].isdigit() and not number.isupper():
        return False
    title = match["title"].strip()
    if head or element.cells:
        return not title or not title[0].islower() or bool(match["separator"].strip())
    if element.lead and len(element.lead) >= match.end("number") - 1:
        return True
    if title and element.words <= 20 and title[0].isupper() and title[-1] not in ".;,":
        return True
    if match["separator"].strip(" ") or not title:
        return element.words <= 400 and (not title or not title[0].islower() or ":" in match["separator"])
    return False


def _is_numbering(element: Element, text: str) -> bool:
    """Whether a number at the start is one of a series, not a quantity ("150 people trained")."""
    if element.marker and text.startswith(element.marker[:1]):
        return True
    number = parse(text)
    if number is None:
        return False
    if number.shape or number.depth > 1:
        return number.style != "letter" or bool(number.shape)
    if number.style in ("letter", "LETTER"):
        return False
    if number.style == "roman":
        return False
    return element.form in ("head", "row") and number.values[0] <= 60


def _first_title(rest: str, element: Element, head: bool) -> str:
    rest = rest.strip().lstrip("-–—:. ")
    if head and not (element.lead and len(element.text) - len(element.lead) > 12):
        return rest.rstrip(" :–—-")
    lead = element.lead.strip()
    if lead and len(lead) > 2 and (not element.label or len(lead) > len(element.text) - len(rest) + 2):
        place = rest.find(lead)
        if place == 0 or (0 < place < 6):
            return rest[: place + len(lead)].rstrip(" :–—-")
        if lead in element.text and element.text.find(lead) + len(lead) > len(element.text) - len(rest):
            return rest[: element.text.find(lead) + len(lead) - (len(element.text) - len(rest))].rstrip(" :–—-")
        return lead.rstrip(" :–—-")
    if element.label or element.number:
        first = SENTENCE_END.split(rest, maxsplit=1)[0]
        return first.rstrip(" :–—-") if len(first.split()) <= 60 else ""
    return ""


def _fields(element: Element, cues: Cues) -> list[tuple[str, str, str]]:
    """Fields of a template that the block opens with, cell by cell."""
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
            titled = element.form in ("head", "runin") or (last.form == "head" and element.words <= 20 and last.label)
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
    if element.form == "head" and element.words <= LABEL_WORDS:
        return f"{fold(element.title or element.text)} {element.weight:.0f}"
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
