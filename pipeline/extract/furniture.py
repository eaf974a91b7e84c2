"""Running headers, footers and page numbers, recognised over the whole document by text and place."""

import re
from collections import defaultdict

from pipeline.extract.page import Fragment, Page

ZONE = 0.13  # share of the page height at top and bottom in which headers and footers stand
_NUMBER = re.compile(
    r"^\W*(?:(?:page|página|pagina|seite|pág|p)\.?\s*)?(?:\d{1,4}|[ivxlc]{1,7})(?:\s*(?:/|of|de|von|di|sur|\|)\s*\d{1,3})?\W*$",
    re.IGNORECASE,
)
# "Commitment 5" at the top of page after page is a title; only a word for "page" makes it a page number.
_LABEL = re.compile(r"^\W*(?!(?:page|página|pagina|seite|pág|p)\b)[^\W\d]{3,}\W{1,3}\d{1,3}\W*$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")


def find(pages: list[Page], body_size: float) -> dict[int, dict[int, str]]:
    """For each page number the fragments (by `order`) that are `header` or `footer`.

    A row in the outer zone belongs to the furniture when it is a bare page number, or when the same words (figures
    apart) stand at the same height on enough pages: three, and a tenth of all. Larger type than the body's is a
    title unless it is on half of the pages, and so is a word with a number (`Commitment 5`).
    """
    seen: dict[tuple[str, bool], list[tuple[int, float]]] = defaultdict(list)
    edges = {page.number: _edges(page) for page in pages}
    for page in pages:
        for at_top, row in edges[page.number]:
            seen[_key(row), at_top].append((page.number, _height(page, row)))
    result: dict[int, dict[int, str]] = {}
    beside = _beside(pages)
    needed = max(3, round(0.08 * len(pages)))
    for page in pages:
        mine: dict[int, str] = {}
        stopped = {True: False, False: False}
        for at_top, row in edges[page.number]:
            if stopped[at_top]:
                continue
            place = _height(page, row)
            alike = {number for number, other in seen[_key(row), at_top] if abs(other - place) < 8}
            text = " ".join(piece.text for piece in row)
            large = max(piece.size for piece in row) > 1.2 * body_size
            repeated = len(alike) >= needed and (not large or len(alike) >= 0.5 * len(pages))
            repeated = repeated and not _LABEL.match(text)
            if repeated or _NUMBER.match(text):
                mine.update((piece.order, "header" if at_top else "footer") for piece in row)
            elif len(text) > 3:
                stopped[at_top] = True
        mine.update((order, "footer") for order in beside.get(page.number, ()))
        if mine:
            result[page.number] = mine
    return result


def _beside(pages: list[Page]) -> dict[int, list[int]]:
    """Page numbers that stand in the side margin, at the same place on at least three pages."""
    places: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for page in pages:
        for piece in page.fragments:
            if len(piece.text) <= 4 and piece.text.isdigit() and not 0.1 * page.width < piece.x0 < 0.9 * page.width:
                places[round(piece.x0 / 8), round(piece.y0 / 8)].append((page.number, piece.order))
    result: dict[int, list[int]] = defaultdict(list)
    for found in places.values():
        if len({number for number, _ in found}) >= 3:
            for number, order in found:
                result[number].append(order)
    return result


def _key(row: list[Fragment]) -> str:
    return _DIGITS.sub("#", " ".join(piece.text for piece in row).casefold()).strip()


def _height(page: Page, row: list[Fragment]) -> float:
    return row[0].y0 if row[0].y0 < page.height / 2 else row[0].y0 - page.height


def _edges(page: Page) -> list[tuple[bool, list[Fragment]]]:
    """Rows in the outer zones, from the edge inwards: (at the top?, fragments)."""
    top = sorted((piece for piece in page.fragments if piece.y1 < ZONE * page.height), key=lambda piece: piece.y0)
    bottom = sorted(
        (piece for piece in page.fragments if piece.y0 > (1 - ZONE) * page.height), key=lambda piece: -piece.y0
    )
    result: list[tuple[bool, list[Fragment]]] = []
    for at_top, pieces in ((True, top), (False, bottom)):
        row: list[Fragment] = []
        found = 0
        for piece in pieces:
            if row and abs(piece.y0 - row[0].y0) > 3:
                result.append((at_top, sorted(row, key=lambda item: item.x0)))
                row = []
                found += 1
                if found >= 5:
                    break
            row.append(piece)
        if row and found < 5:
            result.append((at_top, sorted(row, key=lambda item: item.x0)))
    return result
