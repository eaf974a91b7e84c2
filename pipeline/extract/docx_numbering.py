"""Numbers and bullets of DOCX lists, which the file defines apart from the paragraphs that carry them."""

import re
from collections import defaultdict

import lxml.etree
from docx.document import Document
from docx.oxml.ns import qn

_VAL = qn("w:val")


class Numbering:
    """Counts list paragraphs as a word processor does; `marker` must be called in document order."""

    def __init__(self, document: Document):
        self.formats: dict[tuple[str, int], tuple[str, str, int]] = {}
        self.abstract: dict[str, str] = {}
        self.counts: dict[str, dict[int, int]] = defaultdict(dict)
        root = _definitions(document)
        if root is None:
            return
        for abstract in root.iter(qn("w:abstractNum")):
            name = abstract.get(qn("w:abstractNumId"), "")
            for level in abstract.iter(qn("w:lvl")):
                depth = _number(level.get(qn("w:ilvl")), 0)
                self.formats[name, depth] = (
                    _value(level, "numFmt", "decimal"),
                    _value(level, "lvlText", ""),
                    _number(_value(level, "start", "1"), 1),
                )
        for number in root.iter(qn("w:num")):
            self.abstract[number.get(qn("w:numId"), "")] = _value(number, "abstractNumId", "")

    def marker(self, element: lxml.etree._Element, style: object | None) -> str:
        """Bullet (`•`) or number of the paragraph; empty where it is in no list."""
        found = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        hops = 0
        while found is None and style is not None and hops < 10:
            found = style.element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")  # type: ignore[attr-defined]
            style = getattr(style, "base_style", None)
            hops += 1
        if found is None:
            return ""
        number, depth = _value(found, "numId", "0"), _number(_value(found, "ilvl", "0"), 0)
        if number == "0":  # the paragraph is taken out of its style's list
            return ""
        kind, text, start = self.formats.get((self.abstract.get(number, ""), depth), ("bullet", "", 1))
        counts = self.counts[number]
        counts[depth] = counts.get(depth, start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        if kind in ("bullet", "none"):
            return "•" if kind == "bullet" else ""

        def shown(match: re.Match[str]) -> str:
            level = int(match[1]) - 1
            form, _, first = self.formats.get((self.abstract.get(number, ""), level), ("decimal", "", 1))
            return _shown(counts.get(level, first), form)

        return re.sub(r"%(\d)", shown, text).strip()


def _definitions(document: Document) -> lxml.etree._Element | None:
    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.endswith("/numbering"):
            parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True)
            return lxml.etree.fromstring(relation.target_part.blob, parser)
    return None


def _value(element: lxml.etree._Element, name: str, default: str) -> str:
    found = element.find(qn(f"w:{name}"))
    return found.get(_VAL, default) if found is not None else default


def _number(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text) else default


def _shown(count: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter") and 0 < count <= 702:
        letters = chr(96 + (count - 1) % 26 + 1)
        return letters if form == "lowerLetter" else letters.upper()
    if form in ("lowerRoman", "upperRoman") and 0 < count < 4000:
        result, rest = "", count
        for value, sign in zip(
            (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
            ["m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"],
            strict=True,
        ):
            result += sign * (rest // value)
            rest %= value
        return result if form == "lowerRoman" else result.upper()
    return str(count)
