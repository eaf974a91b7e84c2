"""Fragments of a page from its glyphs: text, box and the runs of one style."""

from collections.abc import Callable
from itertools import repeat

import numpy as np

from pipeline.extract import pdfium_calls as call
from pipeline.extract.glyphs import Glyphs
from pipeline.extract.page import Fragment, Style
from pipeline.extract.pdfium_drawings import Drawings

Run = tuple[int, int, Style, bool, int]
"""First glyph, last glyph + 1, style, underlined, text object."""


def style_runs(handle: int, glyphs: Glyphs, style_of: Callable[[int, float], Style], drawings: Drawings) -> list[Run]:
    """Runs of one style, each within a fragment; `handle` is the text page's.

    Words in a row that come from one text object are one run; a word of several objects is looked at glyph by glyph.
    """
    x0, y0, x1, y1 = glyphs.boxes
    index = glyphs.index
    firsts = np.flatnonzero(glyphs.word_start)
    lasts = np.append(firsts[1:], index.size) - 1
    one = np.array([obj or 0 for obj in map(call.char_object, repeat(handle), index[firsts].tolist())], np.int64)
    # Where the next word comes from the same object, so does this word's last glyph.
    two = one.copy()
    asked = np.append(np.flatnonzero(one[1:] != one[:-1]), len(one) - 1)
    two[asked] = [obj or 0 for obj in map(call.char_object, repeat(handle), index[lasts[asked]].tolist())]
    marks = drawings.underlined(x0[firsts], x1[lasts], y0[firsts], y1[firsts])
    heights = np.round(y1 - y0, 1)

    mixed = one != two
    new = np.ones(len(one), bool)
    new[1:] = mixed[1:] | mixed[:-1] | (one[1:] != one[:-1]) | (marks[1:] != marks[:-1])
    new |= glyphs.fragment_start[firsts]
    starts = np.flatnonzero(new)
    ends = np.append(starts[1:], len(one)) - 1
    columns = (firsts[starts], lasts[ends], one[starts], mixed[starts], marks[starts])
    runs: list[Run] = []
    for first, last, obj, several, mark in zip(*(column.tolist() for column in columns), strict=True):
        begin, current = first, obj
        if several:
            for glyph in range(first + 1, last + 1):
                other = call.char_object(handle, int(index[glyph])) or 0
                if other != current:
                    runs.append((begin, glyph, style_of(current, heights[begin]), mark, current))
                    begin, current = glyph, other
        runs.append((begin, last + 1, style_of(current, heights[begin]), mark, current))
    return runs


def fragments(glyphs: Glyphs, runs: list[Run], drawings: Drawings) -> tuple[list[Fragment], bool]:
    """The fragments that a reader sees, and whether they come from the invisible layer of a recognised scan."""
    spaces = glyphs.word_start & ~glyphs.fragment_start
    text = np.insert(glyphs.codes, np.flatnonzero(spaces), 32).astype("<u4").tobytes().decode("utf-32-le", "replace")
    offsets = np.cumsum(spaces).tolist()  # spaces put before each glyph
    x0, y0, x1, y1 = glyphs.boxes
    starts = np.flatnonzero(glyphs.fragment_start)
    left = np.minimum.reduceat(x0, starts).tolist()
    right = np.maximum.reduceat(x1, starts).tolist()
    ends = np.append(starts[1:], glyphs.count).tolist()
    turned = drawings.frame.rotation % 2 == 1
    visible = hidden = place = 0
    pieces: list[Fragment] = []
    for order, (start, end) in enumerate(zip(starts.tolist(), ends, strict=True)):
        stop = place
        while stop < len(runs) and runs[stop][0] < end:
            stop += 1
        mine = runs[place:stop]
        place = stop
        style = mine[0][2]
        if style.rotated != turned:
            continue
        if style.invisible:
            hidden += end - start
        else:
            visible += end - start
        size, tall = _main_size(mine)
        height = float(y1[tall] - y0[tall])
        if not 0.4 * height < size < 2.5 * height:  # scaled by a form, or a font without metrics
            size = round(height, 1)
        shift = start + offsets[start]
        shown = text[shift : end + offsets[end - 1]]
        spans = _spans(mine, offsets, shift)
        box = (left[order], float(y0[tall]), right[order], float(y1[tall]))
        pieces.append(Fragment(shown, *box, size, spans, order, mine[0][4]))
    # A scan with an invisible layer of recognised text is read through that layer; else invisible text is dropped.
    recognised = hidden > 4 * visible and bool(drawings.images)
    if not recognised and hidden:
        pieces = [piece for piece in pieces if not piece.runs[0][2].invisible]
    return drawings.uncovered(pieces), recognised


def _main_size(runs: list[Run]) -> tuple[float, int]:
    """Size of most glyphs, and the first glyph of the largest size, whose box stands for the line's height."""
    if len(runs) == 1:
        return runs[0][2].size, runs[0][0]
    weights: dict[float, int] = {}
    for first, last, style, _, _ in runs:
        weights[style.size] = weights.get(style.size, 0) + last - first
    largest = max(weights)
    tall = next(first for first, _, style, _, _ in runs if style.size == largest)
    return max(weights, key=lambda size: weights[size]), tall


def _spans(runs: list[Run], offsets: list[int], shift: int) -> list[tuple[int, int, Style, bool]]:
    """The runs as places in the fragment's text; neighbours of one style are made one."""
    spans: list[tuple[int, int, Style, bool]] = []
    for first, last, style, mark, _ in runs:
        start, end = first + offsets[first] - shift, last + offsets[last - 1] - shift
        if spans and spans[-1][2] is style and spans[-1][3] == mark:
            spans[-1] = (spans[-1][0], end, style, mark)
        else:
            spans.append((start, end, style, mark))
    return spans
