"""Blocks of formats without pages: headings, paragraphs, list items and table rows in document order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.extract.normalise import clean, drop_private, split_marker

# Sizes in points that stand for heading levels 1 to 6, so that levels rank as sizes do in a PDF; body text has 11.
LEVEL_SIZES = (24.0, 20.0, 16.0, 14.0, 13.0, 12.5)
BODY_SIZE = 11.0

Run = tuple[str, bool, bool, bool]
"""Text, bold, italic, underlined."""


@dataclass(slots=True)
class Paragraph:
    """One block; `level` is the heading's level from 1, 0 for everything else."""

    kind: str
    text: str
    level: int = 0
    bold: float = 0.0
    italic: float = 0.0
    lead: str = ""
    marker: str = ""
    page: int = 1


def paragraph(kind: str, runs: Sequence[Run], level: int = 0, marker: str = "") -> Paragraph:
    """A block from its runs: text normalised, shares of bold and italics, and the run-in title, if any.

    >>> paragraph("paragraph", [("Open data.", True, False, False), (" We publish.", False, False, False)]).lead
    'Open data.'
    """
    text = drop_private(clean(" ".join("".join(run[0] for run in runs).split())))
    if not marker and kind in ("paragraph", "list_item", "heading"):
        marker, text = split_marker(text) if split_marker(text)[1] else ("", text)
        if marker and kind == "paragraph":
            kind = "list_item"
    total = sum(len(run[0].strip()) for run in runs) or 1
    bold, italic = (sum(len(run[0].strip()) for run in runs if run[place]) / total for place in (1, 2))
    if kind == "paragraph" and bold > 0.9 and text[-1:] not in ".,;" and 0 < len(text.split()) <= 20:
        kind, level = "heading", 4  # a line in bold is a heading to its reader
    return Paragraph(kind, text, level, round(bold, 3), round(italic, 3), _lead(runs, text), marker)


def _lead(runs: Sequence[Run], text: str) -> str:
    filled = [run for run in runs if run[0].strip()]
    for place in (1, 3, 2):
        if not filled or not filled[0][place] or all(run[place] for run in filled):
            continue
        prefix: list[str] = []
        for run in filled:
            if not run[place]:
                break
            prefix.append(run[0])
        lead = drop_private(clean(" ".join("".join(prefix).split())))
        lead = lead if text.startswith(lead) else split_marker(lead)[1]
        if lead and text.startswith(lead):
            return lead
    return ""


def rows(name: str, paragraphs: Iterable[Paragraph]) -> list[dict[str, Any]]:
    """The blocks as rows of schema BLOCKS; boxes are 0, since these formats have no positions."""
    result: list[dict[str, Any]] = []
    for item in paragraphs:
        if not item.text:
            continue
        size = LEVEL_SIZES[min(item.level, 6) - 1] if item.level else BODY_SIZE
        result.append(
            {
                "document": name,
                "page": item.page,
                "page_end": item.page,
                "block": len(result),
                "kind": item.kind,
                **dict.fromkeys(("x0", "y0", "x1", "y1"), 0.0),
                "text": item.text,
                "size": size,
                "bold": item.bold,
                "italic": item.italic,
                "lead": item.lead,
                "font": "",
                "marker": item.marker,
            }
        )
    return result
