"""Glyphs of a page: which characters are seen, where words and fragments start.

A fragment is what stands in one line without a wide gap. All arrays run over the glyphs in the order of the file.
"""

from dataclasses import dataclass

import numpy as np

Boxes = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Glyphs:
    """Seen characters: `index` in pdfium's text page, code, box, and whether a word or a fragment starts there."""

    index: np.ndarray
    codes: np.ndarray
    boxes: Boxes
    word_start: np.ndarray
    fragment_start: np.ndarray

    @property
    def count(self) -> int:
        """Number of glyphs."""
        return int(self.index.size)

    @property
    def unmapped(self) -> int:
        """Number of glyphs whose code has no meaning outside of their font."""
        private = (self.codes >= 0xE000) & (self.codes <= 0xF8FF)
        return int(np.count_nonzero((self.codes == 0xFFFD) | (self.codes < 32) & (self.codes != 2) | private))


def find_glyphs(codes: np.ndarray, boxes: Boxes, size: tuple[float, float]) -> Glyphs | None:
    """The glyphs among the characters of a page of this width and height; None where there are none."""
    x0, y0, x1, y1 = boxes
    height = y1 - y0
    generated = (height <= 0.01) & (x1 - x0 <= 0.01)  # line ends that pdfium puts in
    blank = (codes == 32) | (codes == 160) | (codes == 9) | (codes == 0) | ((codes >= 0x2000) & (codes <= 0x200B))
    newline = ((codes == 13) | (codes == 10)) & generated
    # Characters outside the page are not seen by a reader.
    middle_x, middle_y = (x0 + x1) / 2, (y0 + y1) / 2
    inside = (middle_x > -1) & (middle_y > -1) & (middle_x < size[0] + 1) & (middle_y < size[1] + 1)
    index = np.flatnonzero(~(blank | newline | generated) & inside)
    if index.size == 0:
        return None
    a, b = index[:-1], index[1:]
    low, high = np.minimum(height[a], height[b]), np.maximum(height[a], height[b])
    gap = x0[b] - x1[a]
    same_row = np.minimum(y1[a], y1[b]) - np.maximum(y0[a], y0[b]) > 0.4 * low
    breaks = ~same_row | (gap > 1.0 * high) | (gap < -1.2 * high)
    lines, spaces = np.cumsum(newline), np.cumsum(blank)
    breaks |= (lines[a] != lines[b]) & ((gap > 0.6 * high) | (gap < -0.5 * high))
    # Dots that lead to a page number are one piece, however wide they are set.
    dots = (codes == 0x2E) | (codes == 0xB7) | (codes == 0x2026) | (codes == 0x5F)
    leaders = dots[a] & dots[b]
    leaders &= same_row & (gap < 3 * high) & (gap > -0.5 * high)
    breaks &= ~leaders
    parted = spaces[a] != spaces[b]
    spaced = (parted | (gap > _space_width(gap, high, breaks, parted))) & ~leaders
    first = np.ones(1, bool)
    fragment_start = np.concatenate((first, breaks))
    word_start = np.concatenate((first, breaks | spaced))
    return Glyphs(index, codes[index], (x0[index], y0[index], x1[index], y1[index]), word_start, fragment_start)


def _space_width(gap: np.ndarray, high: np.ndarray, breaks: np.ndarray, blank: np.ndarray) -> np.ndarray:
    """Least gap, for each pair of glyphs, that is a space although the file has none there.

    Letter-spaced type is allowed for by the mean gap inside words of the same fragment.
    """
    groups = np.cumsum(breaks)
    inner = ~(breaks | blank)
    total = np.bincount(
        groups[inner], np.clip(gap[inner], 0, None), minlength=int(groups[-1]) + 1 if groups.size else 1
    )
    count = np.bincount(groups[inner], minlength=total.size)
    mean = total / np.maximum(count, 1)
    # Of a fragment with few letters the mean tells little.
    return 0.115 * high + np.where(count[groups] < 8, 0.1 * high, 2.0 * mean[groups])
