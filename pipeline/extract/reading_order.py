"""Reading order of a page: columns are found by the white rivers between them, then read from left to right.

A river is a vertical strip that no item crosses over some height, with lines that start at its right edge. What
crosses it (titles, full-width tables) cuts the page into bands, which are read from the top down.
"""

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Protocol, TypeVar

RIVER = 6.0  # points of white that part two columns
MIN_LINES = 3  # lines on each side of a river
MIN_WIDTH = 45.0  # points; narrower left sides hold bullets and numbers, not columns


class Box(Protocol):
    """Anything with a place on the page."""

    x0: float
    y0: float
    x1: float
    y1: float


Item = TypeVar("Item", bound=Box)


def regions(items: Sequence[Item], depth: int = 0) -> list[list[Item]]:
    """The items parted into regions (columns or bands) in reading order; within a region they are sorted top down."""
    ordered = sorted(items, key=lambda item: (item.y0, item.x0))
    split = _best_split(ordered) if len(ordered) >= 2 * MIN_LINES and depth < 6 else None
    if split is None:
        return [ordered] if ordered else []
    start, end, edge = split
    band = ordered[start:end]
    left = [item for item in band if item.x0 < edge - 1]
    right = [item for item in band if item.x0 >= edge - 1]
    result: list[list[Item]] = []
    for part in (ordered[:start], left, right, ordered[end:]):
        result.extend(regions(part, depth + 1))
    return result


def _best_split(items: Sequence[Item]) -> tuple[int, int, float] | None:
    """Best band [start, end) of the sorted items and the left edge of its right column."""
    leftmost, rightmost = min(item.x0 for item in items), max(item.x1 for item in items)
    edges = Counter(round(item.x0 / 3) for item in items)
    best: tuple[float, tuple[int, int, float]] | None = None
    for key, count in edges.items():
        if count + edges[key + 1] < MIN_LINES:
            continue
        edge = min(item.x0 for item in items if round(item.x0 / 3) in (key, key + 1))
        if not leftmost + MIN_WIDTH < edge < rightmost - MIN_WIDTH:
            continue
        start = 0
        for position in range(len(items) + 1):
            crossing = position == len(items) or (items[position].x0 < edge - 1 and items[position].x1 > edge - RIVER)
            if not crossing:
                continue
            value = _value(items[start:position], edge)
            if value and (best is None or value > best[0]):
                best = (value, (start, position, edge))
            start = position + 1
    return best[1] if best else None


def _value(band: Sequence[Item], edge: float) -> float:
    """How good the columns left and right of `edge` are: 0 where they are none."""
    left = [item for item in band if item.x0 < edge - 1]
    right = [item for item in band if item.x0 >= edge - 1]
    if len(left) < MIN_LINES or len(right) < MIN_LINES:
        return 0.0
    top = max(min(item.y0 for item in left), min(item.y0 for item in right))
    bottom = min(max(item.y1 for item in left), max(item.y1 for item in right))
    left_width = max(item.x1 for item in left) - min(item.x0 for item in left)
    right_width = max(item.x1 for item in right) - min(item.x0 for item in right)
    tall = median(item.y1 - item.y0 for item in band)
    if bottom - top < 2.5 * tall or min(left_width, right_width) < MIN_WIDTH:
        return 0.0
    aligned = sum(any(abs(item.y0 - other.y0) < 2 for other in left) for item in right) / len(right)
    fill = min(
        median(item.x1 - item.x0 for item in left) / left_width, median(item.x1 - item.x0 for item in right) / right_width
    )
    steady = min(_steady(left, tall), _steady(right, tall))
    if fill < 0.45 and aligned > 0.5 or steady < 0.5 and aligned > 0.4:
        return 0.0  # cells of a table without rules: read in rows
    return (bottom - top) * min(len(left), len(right))


def _steady(column: Sequence[Item], tall: float) -> float:
    """Share of the column's lines that follow the line before them at the usual distance."""
    steps = [second.y0 - first.y1 for first, second in zip(column, column[1:], strict=False)]
    return sum(step < 0.9 * tall for step in steps) / max(1, len(steps))


def rows(region: Sequence[Item]) -> list[list[Item]]:
    """Items of a region that stand beside each other, as rows from the top down, each from left to right."""
    result: list[list[Item]] = []
    bottom = top = 0.0
    for item in region:
        overlap = min(bottom, item.y1) - max(top, item.y0)
        if result and overlap > 0.5 * min(item.y1 - item.y0, bottom - top):
            result[-1].append(item)
            if item.y1 - item.y0 > 0.6 * (bottom - top):
                top, bottom = min(top, item.y0), max(bottom, item.y1)
        else:
            result.append([item])
            top, bottom = item.y0, item.y1
    return [sorted(row, key=lambda item: item.x0) for row in result]
