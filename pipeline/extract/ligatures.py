"""Lost ligatures: glyphs for fi, ff, ffi … that a font maps to control characters, put back by the document's words."""

import re
from collections import Counter, defaultdict

from pipeline.extract.normalise import vocabulary
from pipeline.extract.page import Fragment, Page

CANDIDATES = ("fi", "fl", "ff", "ffi", "ffl", "ti", "tt", "ft", "tf", "th", "ct", "st")
# Where the words do not tell: the places that TeX's text fonts give these ligatures.
TEX = {"\x0b": "ff", "\x0c": "fi", "\x0d": "fl", "\x0e": "ffi", "\x0f": "ffl"}
_LOST = "\x01\x03-\x08\x0b-\x0f\x10-\x1f"
_LOST_GLYPH = re.compile(f"[{_LOST}]")
_LOST_WORD = re.compile(f"[^\\W\\d_]*[{_LOST}][^\\W\\d_]*")


def repair_ligatures(pages: list[Page]) -> None:
    """Replace, in place, control characters inside words by the ligature that makes most of their words known.

    The words known are those of the document itself; a glyph for which no candidate gives a known word takes TeX's
    meaning, and is dropped where it has none.
    """
    damaged = [piece for page in pages for piece in page.fragments if _LOST_GLYPH.search(piece.text)]
    if not damaged:
        return
    known = vocabulary(
        piece.text for page in pages for piece in page.fragments if not _LOST_GLYPH.search(piece.text)
    ).known
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for piece in damaged:
        for word in _LOST_WORD.findall(piece.text.lower()):
            glyphs = _LOST_GLYPH.findall(word)
            if len(glyphs) == 1 and len(word) > 2:
                for candidate in CANDIDATES:
                    if word.replace(glyphs[0], candidate) in known:
                        votes[_font(piece), glyphs[0]][candidate] += 1
    for piece in damaged:
        _replace(piece, votes)


def _font(piece: Fragment) -> str:
    return piece.runs[0][2].font if piece.runs else ""


def _replace(piece: Fragment, votes: dict[tuple[str, str], Counter[str]]) -> None:
    positions = [(match.start(), match.group()) for match in _LOST_GLYPH.finditer(piece.text)]
    for place, glyph in reversed(positions):
        counted = votes.get((_font(piece), glyph))
        whole = piece.text[max(0, place - 1) : place + 2]
        inside = any(c.isalpha() for c in whole)
        text = counted.most_common(1)[0][0] if counted else TEX.get(glyph, "")
        text = text if inside else ""
        piece.text = piece.text[:place] + text + piece.text[place + 1 :]
        shift = len(text) - 1
        piece.runs = [
            (start + shift * (start > place), end + shift * (end > place), style, mark)
            for start, end, style, mark in piece.runs
        ]
