"""A page as text fragments and drawings, in points from the top left of what is visible of it."""

from dataclasses import dataclass, field

import numpy as np


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
    """Fragments and drawings of a page; `unmapped` counts glyphs without a meaning, `rules` are boxes of thin lines."""

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
