"""One document's blocks in, its commitments out, as the document itself delimits them."""

import re

import pandas as pd

from pipeline.domain.codebook import LIST_SEPARATOR
from pipeline.domain.schema import SEGMENTS
from pipeline.extract.language import detect_document
from pipeline.segment import fields, narrative, repeats
from pipeline.segment.choose import Unit, choose
from pipeline.segment.cues import Cues, fold, load
from pipeline.segment.element import Element
from pipeline.segment.elements import read
from pipeline.segment.identity import ids
from pipeline.segment.outline import Outline

_STATED = re.compile(r"\b(?P<count>\d{1,3})\s+(?:[^\W\d_]+\s+){0,2}?(?P<word>[^\W\d_]{5,})")
_MARKUP = re.compile(r"[*_`]+")


def segment_document(blocks: pd.DataFrame, language: str = "", kind: str = "") -> pd.DataFrame:
    """The commitments of one document, in reading order, with the columns of schema SEGMENTS.

    `blocks` has the columns of schema BLOCKS and holds one document; `language` is an ISO 639-1 code, detected where it
    is empty. `kind` (`nap` or `digital_policy`) is the kind of document; the structure is read alike for both.
    Method: docs/segmentation.md.
    """
    if blocks.empty:
        return pd.DataFrame(columns=SEGMENTS.names)
    document = str(blocks["document"].iloc[0])
    blocks = blocks.fillna({"lead": "", "marker": "", "font": "", "text": "", "size": 0, "bold": 0, "italic": 0})
    language = language or detect_document(blocks["text"].astype(str))
    cues = load(language)
    elements = read(blocks, cues)
    if not elements:
        return pd.DataFrame(columns=SEGMENTS.names)
    outline = Outline(elements, cues)
    units = repeats.drop(choose(outline, stated_counts(elements, cues)), outline)
    units = units or narrative.paragraphs(outline)
    return rows(document, units, outline, language)


def stated_counts(elements: list[Element], cues: Cues) -> set[int]:
    """Numbers of commitments or actions that the document itself states ("contains 24 initiatives")."""
    pattern = cues.sections["commitments"]
    return {
        int(match["count"])
        for element in elements
        for match in _STATED.finditer(element.text)
        if 2 < int(match["count"]) < 400 and pattern.search(match[0])
    }


def rows(document: str, units: list[Unit], outline: Outline, language: str) -> pd.DataFrame:
    """A row for each unit, with the columns of schema SEGMENTS."""
    result = []
    for unit in units:
        parts = outline.elements[unit.start : unit.end]
        first = parts[0]
        titled = unit.series[0] != "narrative"
        result.append(
            {
                **dict.fromkeys(SEGMENTS.names, ""),
                "document": document,
                "number": first.number.printed if first.number and titled else "",
                "title": title_of(parts) if titled else "",
                "text": text_of(parts),
                "page_start": first.page,
                "page_end": max(part.page_end for part in parts),
                "language": language,
                "parent": parent(unit, units, outline),
                "boxes": LIST_SEPARATOR.join(part.box for part in parts),
                **fields.parse(parts),
            }
        )
    frame = pd.DataFrame(result)
    if frame.empty:
        return pd.DataFrame(columns=SEGMENTS.names)
    frame["commitment_id"] = ids(document, frame["text"])
    return frame[SEGMENTS.names]


def text_of(parts: list[Element]) -> str:
    """The whole text of a unit, one block a line."""
    return "\n".join(part.text for part in parts)


def title_of(parts: list[Element]) -> str:
    """The title of a unit: its opener's, or a short text that is all of it; none where it opens with a field."""
    first = parts[0]
    if first.fields and first.form != "head" and fold(first.text).startswith(first.fields[0][1]):
        return ""
    return _clean(first.title or (first.text if len(parts) == 1 and first.words <= 30 else ""))


def _clean(title: str) -> str:
    title = " ".join(_MARKUP.sub("", title).split())
    return title[:-1] if title.endswith((".", ":")) and title.count(".") <= 1 else title


def parent(unit: Unit, units: list[Unit], outline: Outline) -> str:
    """The heading that the unit stands under and that is no unit itself; empty where there is none."""
    openers = {other.start for other in units}
    above = [place for place in outline.ancestors[unit.start] if place not in openers]
    if not above:
        return ""
    element = outline.elements[above[-1]]
    return " ".join(element.text.split())[:200]
