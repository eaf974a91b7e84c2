"""From the table of blocks to the elements of the running text, in reading order."""

import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pandas as pd

from pipeline.segment.cues import Cues, fold
from pipeline.segment.describing import label_pattern
from pipeline.segment.element import Element
from pipeline.segment.numbering import parse

_BODY = ("heading", "paragraph", "list_item", "table_row")
_PAGE_NUMBER = re.compile(r"^[\s|.()\[\]–—-]*\d{1,4}[\s|.()\[\]–—-]*$")


def running_text(blocks: pd.DataFrame, cues: Cues) -> list[Element]:
    """Elements of one document, not yet described; without headers, footers, footnotes, captions and page numbers."""
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
    return _split_joined(elements) if elements else []


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
            match = label_pattern(words).match(str(row["text"]))
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
