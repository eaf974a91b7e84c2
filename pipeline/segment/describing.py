"""What a block is in the plan: heading, run-in title, item or row; its label, number and title."""

import re
from functools import lru_cache

from pipeline.segment import field_names
from pipeline.segment.cues import Cues, fold
from pipeline.segment.element import Element
from pipeline.segment.numbering import Number, parse

_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}|(?:_\s?){4,}")
_NUMBER_AHEAD = re.compile(r"^(\S{1,8})(?:\s+(?=\S)|$)")
_LOOSE_NUMBER = re.compile(r"^(\d{1,2})\s*[–—-]\s+(?=\S)")
SENTENCE_END = re.compile(r"(?<=[^\W\d_]{3}[.!?”\"»)])\s+(?=[\"“«(¿¡]?[A-ZÀ-Ý0-9])")
_CODE_BEHIND = re.compile(
    r"(?:^|[\s(\[])(?P<code>[A-Z]{2,6}\d{1,3}\.[A-Z]{1,4}\d{1,3}|[A-Z]{1,4}[.-]\d{1,3}(?:[.-]\d{1,3})*)[)\]]?\W{0,3}$"
)
_ANY_LABEL = re.compile(
    r"^(?P<label>[^\W\d_]{3,20}(?: [^\W\d_]{2,20})?)\s+(?P<number>\d{1,2}(?:\.\d{1,2})*|[IVX]{1,5})\b"
)
HEADING_WORDS = 45


@lru_cache(maxsize=32)
def label_pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Matches a label from `words` with its number at the start of a text: groups label, number, separator, title."""
    alternatives = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(
        rf"^\W{{0,3}}(?P<label>{alternatives})\.?\s*(?:(?:n[.º°o]{{1,2}}|no\.?|nr\.?|num\.?|number|número|#)\s*)?"
        r"(?P<number>(?:[A-Z]{1,3}[.\-]?)?\d{1,3}(?:[.\-]\d{1,3}){0,3}|[IVXLC]{1,7}(?![\w'’])|[A-H](?=[\s:.)–—-]|$))"
        r"(?:\.?[ºª°])?(?P<separator>\s*[:.|)–—\-]+\s*|\s+|$)(?P<title>.*)$",
        re.IGNORECASE | re.DOTALL,
    )


def learned_labels(elements: list[Element], cues: Cues, body: float) -> dict[str, str]:
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
    longest = 30 if element.kind == "heading" else 20
    if words > longest and element.text.rstrip()[-1:] in ".;," and element.size <= 1.05 * body:
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


def describe(element: Element, cues: Cues, learned: dict[str, str], body: float) -> None:
    """Set form, label, number, title, weight and fields of an element; `body` is the usual type size in points."""
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
    match = label_pattern(tuple(labels)).match(first)
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
    element.fields = field_names.find(element, cues)
    code = _CODE_BEHIND.search(text) if element.form in ("item", "runin", "text") and not element.number else None
    if code:
        figures = tuple(int(part) for part in re.findall(r"\d+", code["code"]))
        element.number = Number("code", figures[-2:], re.sub(r"\d+", "#", code["code"]), code["code"])
        element.title = SENTENCE_END.split(text[: code.start()], maxsplit=1)[0].strip(" -–—(") or element.title


def _is_caps(text: str) -> bool:
    if len(text) > 400 or text[-1:].islower():
        return False
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
