"""One PDF page as fragments of text with box and style, through pdfium.

Boxes are written straight into a numpy buffer, and fonts are asked once for each look of a page's text objects, so
that a page costs a few milliseconds.
"""

import ctypes
from collections import deque
from collections.abc import Callable
from itertools import repeat

import numpy as np
import pypdfium2

from pipeline.extract import pdfium_calls as call
from pipeline.extract.fragments import fragments, style_runs
from pipeline.extract.glyphs import find_glyphs
from pipeline.extract.page import Page, Style
from pipeline.extract.pdfium_drawings import Drawings

MAX_CHARS = 200_000  # a page with more is a data dump or a bomb
_BOLD_NAMES = ("bold", "black", "heavy", "semibold", "demi", "-bd", ",bd", "extrabold")
_ITALIC_NAMES = ("italic", "oblique", "-it", "kursiv")
_FILLED_AND_STROKED, _INVISIBLE = 2, 3  # text render modes


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
        self.start = self.boxes.ctypes.data
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
        page = self.document[index]
        try:
            textpage = page.get_textpage()
            try:
                return self._read(textpage, Drawings(page), index)
            finally:
                textpage.close()
        finally:
            page.close()

    def _read(self, textpage: pypdfium2.PdfTextPage, drawings: Drawings, index: int) -> Page:
        frame = drawings.frame
        result = Page(
            index + 1,
            frame.width,
            frame.height,
            rules=drawings.rules,
            images=drawings.images,
            outlines=drawings.outlines,
        )
        count = min(textpage.count_chars(), MAX_CHARS)
        if count <= 0:
            return result
        handle = call.address(textpage.raw)
        codes, boxes = self._characters(handle, count)
        glyphs = find_glyphs(codes, frame.place(boxes), (frame.width, frame.height))
        if glyphs is None:
            return result
        result.characters, result.unmapped = glyphs.count, glyphs.unmapped
        runs = style_runs(handle, glyphs, self.styles(), drawings)
        result.fragments, result.invisible = fragments(glyphs, runs, drawings)
        return result

    def _characters(self, handle: int, count: int) -> tuple[np.ndarray, np.ndarray]:
        buffers = self._buffers
        buffers.grow(count)
        written = call.text(handle, 0, count, buffers.codes.ctypes.data)
        if written == count + 1:
            codes = buffers.codes[:count].astype(np.uint32)
        else:  # characters outside the basic plane, or without a code: ask one by one
            codes = np.fromiter(map(call.char_code, repeat(handle), range(count)), np.uint32, count)
        codes[(codes >= 0xD800) & (codes < 0xE000) | (codes > 0x10FFFF)] = 0xFFFD
        wanted = np.flatnonzero(codes != 32)  # no one asks where a space is
        places = (buffers.start + 16 * wanted).tolist()
        deque(map(call.char_box, repeat(handle), wanted.tolist(), places), maxlen=0)
        return codes, buffers.boxes[:count].copy()

    def styles(self) -> Callable[[int, float], Style]:
        """Lookup of styles for one page: by text object, else by font and height."""
        by_object: dict[int, Style] = {}
        by_look: dict[tuple[int, float, bool], Style] = {}
        fonts: dict[int, tuple[str, bool, bool]] = {}
        plain = Style("", 0.0, False, False)

        def look_up(handle: int, height: float) -> Style:
            if not handle:
                return plain
            found = by_object.get(handle)
            if found is None:
                font, mode = call.object_font(handle) or 0, call.object_mode(handle)
                look = font, height, mode in (_FILLED_AND_STROKED, _INVISIBLE)
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
        size = self._float.value if call.object_size(handle, ctypes.addressof(self._float)) else 0.0
        a, b, c, d = 1.0, 0.0, 0.0, 1.0
        if call.object_matrix(handle, ctypes.addressof(self._matrix)):
            a, b, c, d = self._matrix[0:4]
        scale = abs(a * d - b * c) ** 0.5
        slanted = abs(c) > 0.15 * abs(d) > 0
        return Style(
            name,
            round(size * scale, 1),
            bold or mode == _FILLED_AND_STROKED,
            italic or slanted,
            mode == _INVISIBLE,
            abs(b) > abs(a),
        )

    def _font(self, font: int) -> tuple[str, bool, bool]:
        if not font:
            return "", False, False
        length = call.font_name(font, ctypes.addressof(self._name), 256)
        name = self._name.raw[: max(0, min(length, 256) - 1)].decode("utf-8", "replace")
        name = name.partition("+")[2] or name
        low = name.lower()
        flags = self._flags.value if call.font_flags(font, ctypes.addressof(self._flags)) else 0
        bold = any(part in low for part in _BOLD_NAMES) or bool(flags & 1 << 18) or call.font_weight(font) >= 600
        italic = any(part in low for part in _ITALIC_NAMES) or bool(flags & 1 << 6)
        return name, bold, italic
