"""One PDF page as fragments of text with box and style, through pdfium's C interface.

pdfium answers one character a call. The calls go through prototypes without Python's conversions, boxes are written
straight into a numpy buffer, and fonts are asked once a text object, so that a page costs a few milliseconds.
Coordinates are points, origin at the top left of the visible page.
"""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import repeat

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

_POINTER, _INT = ctypes.c_void_p, ctypes.c_int


def _prototype(function: object, result: type, *arguments: type) -> ctypes._CFuncPtr:
    # PYFUNCTYPE keeps the interpreter lock: half the price of a call, and a worker has one thread anyway.
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, _POINTER).value or 0)  # type: ignore[arg-type]


_char_box = _prototype(pdfium.FPDFText_GetLooseCharBox, _INT, _POINTER, _INT, _POINTER)
_char_object = _prototype(pdfium.FPDFText_GetTextObject, _POINTER, _POINTER, _INT)
_char_code = _prototype(pdfium.FPDFText_GetUnicode, ctypes.c_uint, _POINTER, _INT)
_text = _prototype(pdfium.FPDFText_GetText, _INT, _POINTER, _INT, _INT, _POINTER)
_object_font = _prototype(pdfium.FPDFTextObj_GetFont, _POINTER, _POINTER)
_object_size = _prototype(pdfium.FPDFTextObj_GetFontSize, _INT, _POINTER, _POINTER)
_object_mode = _prototype(pdfium.FPDFTextObj_GetTextRenderMode, _INT, _POINTER)
_object_matrix = _prototype(pdfium.FPDFPageObj_GetMatrix, _INT, _POINTER, _POINTER)
_font_name = _prototype(pdfium.FPDFFont_GetBaseFontName, ctypes.c_size_t, _POINTER, _POINTER, ctypes.c_size_t)
_font_weight = _prototype(pdfium.FPDFFont_GetWeight, _INT, _POINTER)
_font_flags = _prototype(pdfium.FPDFFont_GetFlags, _INT, _POINTER, _POINTER)

MAX_CHARS = 200_000  # a page with more is a data dump or a bomb
_BOLD_NAMES = ("bold", "black", "heavy", "semibold", "demi", "-bd", ",bd", "extrabold")
_ITALIC_NAMES = ("italic", "oblique", "-it", "kursiv")
_INVISIBLE = 3
_LEADERS = np.array([0x2E, 0xB7, 0x2026, 0x5F], np.uint32)


@dataclass(frozen=True, slots=True)
class Style:
    """How characters are set. `size` is in points; `rotated` text does not run from left to right."""

    font: str
    size: float
    bold: bool
    italic: bool
    invisible: bool = False
    rotated: bool = False


@dataclass(slots=True)
class Fragment:
    """Characters of one line without a wide gap: text, box, and (start, end, style, underlined) for its runs."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    runs: list[tuple[int, int, Style, bool]]
    order: int
    handle: int = 0
    text_x0: float = 0.0  # where the text after a bullet starts, if the fragment has one


@dataclass(slots=True)
class Page:
    """What pdfium tells about a page."""

    number: int
    width: float
    height: float
    fragments: list[Fragment] = field(default_factory=list)
    rules: np.ndarray = field(default_factory=lambda: np.empty((0, 4)))
    images: list[tuple[float, float, float, float]] = field(default_factory=list)
    characters: int = 0
    unmapped: int = 0
    outlines: int = 0  # drawn paths; text that was turned into outlines has hundreds
    invisible: bool = False


class _Buffers:
    """Memory that is used again for every page of a document: boxes of characters and their addresses."""

    def __init__(self) -> None:
        self.size = 0
        self.grow(8192)

    def grow(self, characters: int) -> None:
        if characters <= self.size:
            return
        self.size = max(characters, 2 * self.size)
        self.boxes = np.zeros((self.size, 4), np.float32)
        start = self.boxes.ctypes.data
        self.addresses = range(start, start + 16 * self.size, 16)
        self.codes = np.zeros(self.size + 2, np.uint16)


class PageReader:
    """Reads the pages of one open document; keeps buffers and the names of fonts between pages."""

    def __init__(self, document: pypdfium2.PdfDocument):
        self.document = document
        self._buffers = _Buffers()
        self._name = ctypes.create_string_buffer(256)
        self._float = ctypes.c_float()
        self._matrix = (ctypes.c_float * 6)()
        self._flags = ctypes.c_int()

    def read(self, index: int) -> Page:
        """Page `index` (from 0). Raises pypdfium2.PdfiumError where the page cannot be loaded."""
        from pipeline.extract.pdfium_drawings import Drawings

        page = self.document[index]
        try:
            textpage = page.get_textpage()
            try:
                return self._read(page, textpage, Drawings(page), index)
            finally:
                textpage.close()
        finally:
            page.close()

    def _read(self, page: pypdfium2.PdfPage, textpage: pypdfium2.PdfTextPage, drawings, index: int) -> Page:  # type: ignore[no-untyped-def]
        frame = drawings.frame
        result = Page(index + 1, frame.width, frame.height, rules=drawings.rules, images=drawings.images, outlines=drawings.outlines)
        count = min(textpage.count_chars(), MAX_CHARS)
        if count <= 0:
            return result
        handle = ctypes.cast(textpage.raw, _POINTER).value or 0
        codes, boxes = self._characters(handle, count)
        x0, y0, x1, y1 = frame.place(boxes)
        _fragments(self, result, handle, codes, x0, y0, x1, y1, drawings)
        return result

    def _characters(self, handle: int, count: int) -> tuple[np.ndarray, np.ndarray]:
        buffers = self._buffers
        buffers.grow(count)
        written = _text(handle, 0, count, buffers.codes.ctypes.data)
        if written == count + 1:
            codes = buffers.codes[:count].astype(np.uint32)
        else:  # characters outside the basic plane, or without a code: ask one by one
            codes = np.fromiter(map(_char_code, repeat(handle), range(count)), np.uint32, count)
        codes[(codes >= 0xD800) & (codes < 0xE000) | (codes > 0x10FFFF)] = 0xFFFD
        for _ in map(_char_box, repeat(handle), range(count), buffers.addresses):
            pass
        return codes, buffers.boxes[:count].copy()

    def styles(self) -> Callable[[int, float], Style]:
        """Lookup of styles for one page: by text object, asking pdfium little where font and height were seen before."""
        by_object: dict[int, Style] = {}
        by_look: dict[tuple[int, float, bool], Style] = {}
        fonts: dict[int, tuple[str, bool, bool]] = {}
        plain = Style("", 0.0, False, False)

        def look_up(handle: int, height: float) -> Style:
            if not handle:
                return plain
            found = by_object.get(handle)
            if found is None:
                font, mode = _object_font(handle) or 0, _object_mode(handle)
                look = font, height, mode in (2, _INVISIBLE)
                found = by_look.get(look)
                if found is None:
                    found = by_look[look] = self._style(handle, font, mode, fonts)
                by_object[handle] = found
            return found

        return look_up

    def _style(self, handle: int, font: int, mode: int, fonts: dict[int, tuple[str, bool, bool]]) -> Style:
        if font not in fonts:
            fonts[font] = self._font(font)
        name, bold, italic = fonts[font]
        size = self._float.value if _object_size(handle, ctypes.addressof(self._float)) else 0.0
        a, b, c, d = 1.0, 0.0, 0.0, 1.0
        if _object_matrix(handle, ctypes.addressof(self._matrix)):
            a, b, c, d = self._matrix[0:4]
        scale = abs(a * d - b * c) ** 0.5
        slanted = abs(c) > 0.15 * abs(d) > 0
        return Style(name, round(size * scale, 1), bold or mode == 2, italic or slanted, mode == _INVISIBLE, abs(b) > abs(a))

    def _font(self, font: int) -> tuple[str, bool, bool]:
        if not font:
            return "", False, False
        length = _font_name(font, ctypes.addressof(self._name), 256)
        name = self._name.raw[: max(0, min(length, 256) - 1)].decode("utf-8", "replace")
        name = name.partition("+")[2] or name
        low = name.lower()
        flags = self._flags.value if _font_flags(font, ctypes.addressof(self._flags)) else 0
        bold = any(part in low for part in _BOLD_NAMES) or bool(flags & 1 << 18) or _font_weight(font) >= 600
        italic = any(part in low for part in _ITALIC_NAMES) or bool(flags & 1 << 6)
        return name, bold, italic


def _fragments(reader, result, handle, codes, x0, y0, x1, y1, drawings) -> None:  # type: ignore[no-untyped-def]
    """Cut the characters at wide gaps and line changes and add the pieces to `result`."""
    height = y1 - y0
    generated = (height <= 0.01) & (x1 - x0 <= 0.01)
    blank = (codes == 32) | (codes == 160) | (codes == 9) | (codes == 0) | ((codes >= 0x2000) & (codes <= 0x200B))
    newline = ((codes == 13) | (codes == 10)) & generated
    glyph = ~(blank | newline | generated)
    # Hyphen marks come with a box; characters outside the page are not seen by a reader.
    middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
    glyph &= (middle_x > -1) & (middle_y > -1) & (middle_x < result.width + 1) & (middle_y < result.height + 1)
    index = np.flatnonzero(glyph)
    if index.size == 0:
        return
    result.characters = int(index.size)
    shown = codes[index]
    private = (shown >= 0xE000) & (shown <= 0xF8FF)
    result.unmapped = int(np.count_nonzero((shown == 0xFFFD) | (shown < 32) & (shown != 2) | private))
    a, b = index[:-1], index[1:]
    low, high = np.minimum(height[a], height[b]), np.maximum(height[a], height[b])
    gap = x0[b] - x1[a]
    same_row = np.minimum(y1[a], y1[b]) - np.maximum(y0[a], y0[b]) > 0.4 * low
    breaks = ~same_row | (gap > 1.0 * high) | (gap < -1.2 * high)
    lines = np.cumsum(newline)
    changed = lines[a] != lines[b]
    breaks |= changed & ((gap > 0.6 * high) | (gap < -0.5 * high))
    spaces = np.cumsum(blank)
    # Dots that lead to a page number are one piece, however wide they are set.
    leaders = np.isin(codes[a], _LEADERS) & np.isin(codes[b], _LEADERS) & same_row & (gap < 3 * high) & (gap > -0.5 * high)
    breaks &= ~leaders
    spaced = (spaces[a] != spaces[b]) | (gap > _space_width(gap, high, breaks, spaces[a] != spaces[b]))
    spaced &= ~leaders
    starts = np.concatenate(([True], breaks | spaced))
    _cut(reader, result, handle, codes, index, starts, np.concatenate(([True], breaks)), (x0, y0, x1, y1), drawings)


def _space_width(gap: np.ndarray, high: np.ndarray, breaks: np.ndarray, blank: np.ndarray) -> np.ndarray:
    """Least gap, for each pair of glyphs, that is a space although the file has none there.

    Letter-spaced type is allowed for by the mean gap inside words of the same fragment.
    """
    groups = np.cumsum(breaks)
    inner = ~(breaks | blank)
    total = np.bincount(groups[inner], np.clip(gap[inner], 0, None), minlength=int(groups[-1]) + 1 if groups.size else 1)
    count = np.bincount(groups[inner], minlength=total.size)
    mean = total / np.maximum(count, 1)
    # Of a fragment with few letters the mean tells little.
    return 0.115 * high + np.where(count[groups] < 8, 0.1 * high, 2.0 * mean[groups])


def _cut(reader, result, handle, codes, index, word_start, fragment_start, boxes, drawings) -> None:  # type: ignore[no-untyped-def]
    x0, y0, x1, y1 = (side[index] for side in boxes)
    firsts = np.flatnonzero(word_start)
    lasts = np.append(firsts[1:], index.size) - 1
    positions = np.flatnonzero(word_start & ~fragment_start)
    text = np.insert(codes[index], positions, 32).astype("<u4").tobytes().decode("utf-32-le", "replace")
    offset = np.cumsum(word_start & ~fragment_start)  # spaces put before each glyph
    one = np.array([obj or 0 for obj in map(_char_object, repeat(handle), index[firsts].tolist())], np.int64)
    two = np.array([obj or 0 for obj in map(_char_object, repeat(handle), index[lasts].tolist())], np.int64)
    underlined = drawings.underlined(x0[firsts], x1[lasts], y0[firsts], y1[firsts])
    heights = np.round(y1 - y0, 1)
    style_of = reader.styles()

    # Words in a row that come from one text object are one run; a word of several objects is looked at glyph by glyph.
    mixed = one != two
    new = np.ones(len(one), bool)
    new[1:] = mixed[1:] | mixed[:-1] | (one[1:] != one[:-1]) | (underlined[1:] != underlined[:-1]) | fragment_start[firsts[1:]]
    runs: list[tuple[int, int, Style, bool, int]] = []
    starts = np.flatnonzero(new)
    ends = np.append(starts[1:], len(one)) - 1
    for first, last, obj, several, mark in zip(
        firsts[starts].tolist(), lasts[ends].tolist(), one[starts].tolist(), mixed[starts].tolist(), underlined[starts].tolist(), strict=True
    ):
        if not several:
            runs.append((first, last + 1, style_of(obj, heights[first]), mark, obj))
            continue
        begin, current = first, obj
        for glyph in range(first + 1, last + 1):
            other = _char_object(handle, int(index[glyph])) or 0
            if other != current:
                runs.append((begin, glyph, style_of(current, heights[begin]), mark, current))
                begin, current = glyph, other
        runs.append((begin, last + 1, style_of(current, heights[begin]), mark, current))
    _assemble(result, text, offset, fragment_start, runs, (x0, y0, x1, y1), drawings)


def _assemble(result, text, offset, fragment_start, runs, boxes, drawings) -> None:  # type: ignore[no-untyped-def]
    x0, y0, x1, y1 = boxes
    starts = np.flatnonzero(fragment_start)
    ends = np.append(starts[1:], offset.size)
    left = np.minimum.reduceat(x0, starts).tolist()
    right = np.maximum.reduceat(x1, starts).tolist()
    turned = drawings.frame.rotation % 2 == 1
    place = 0
    offsets = offset.tolist()
    visible = hidden = 0
    pieces: list[Fragment] = []
    for order, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
        shift = start + offsets[start]
        mine: list[tuple[int, int, Style, bool]] = []
        weights: dict[float, int] = {}
        handle = 0
        tall = start
        while place < len(runs) and runs[place][0] < end:
            first, last, style, mark, obj = runs[place]
            handle = handle or obj
            a, b = first + offsets[first] - shift, last - 1 + offsets[last - 1] - shift + 1
            weights[style.size] = weights.get(style.size, 0) + last - first
            if style.size and weights[style.size] == last - first and style.size >= max(weights):
                tall = first
            if mine and mine[-1][2] is style and mine[-1][3] == mark:
                mine[-1] = (mine[-1][0], b, style, mark)
            else:
                mine.append((a, b, style, mark))
            place += 1
        size = max(weights, key=lambda key: weights[key]) if weights else 0.0
        height = float(y1[tall] - y0[tall])
        if not 0.4 * height < size < 2.5 * height:  # scaled by a form, or a font without metrics
            size = round(height, 1)
        fragment = Fragment(
            text[shift : end - 1 + offsets[end - 1] + 1], left[order], float(y0[tall]), right[order], float(y1[tall]), size, mine, order, handle
        )
        if mine and mine[0][2].rotated != turned:
            continue
        if mine and mine[0][2].invisible:
            hidden += end - start
        else:
            visible += end - start
        pieces.append(fragment)
    # A scan with an invisible layer of recognised text is read through that layer; otherwise invisible text is dropped.
    result.invisible = hidden > 4 * visible and bool(result.images)
    if not result.invisible and hidden:
        pieces = [piece for piece in pieces if not (piece.runs and piece.runs[0][2].invisible)]
    result.fragments = drawings.uncovered(pieces)
