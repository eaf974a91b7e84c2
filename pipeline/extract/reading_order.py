"""Reading order of a page: columns are found by the white rivers between them, then read from left to right.

A river is a vertical strip that no item crosses over some height, with lines that start at its right edge. What
crosses it (titles, full-width tables) cuts the page into bands, which are read from the top down.
"""

from collections.abc import Sequence
from statistics import median
from typing import Protocol, TypeVar

import numpy as np

RIVER = 6.0  # points of white that part two columns
OUTDENT = 24.0  # points by which bullets may stand left of their column's text
MAX_EDGES = 16  # candidates a page
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
    x0, x1 = np.array([item.x0 for item in items]), np.array([item.x1 for item in items])
    best: tuple[float, tuple[int, int, float]] | None = None
    for edge in _edges(x0, x1):
        crossing = np.flatnonzero((x0 < edge - 1) & (x1 > edge - RIVER))
        before = np.concatenate(([0], np.cumsum(x0 < edge - 1)))
        stops = np.append(crossing, len(items)).tolist()
        start = 0
        for stop in stops:
            left = before[stop] - before[start]
            if left >= MIN_LINES and stop - start - left >= MIN_LINES:
                value = _value(items[start:stop], edge)
                if value and (best is None or value > best[0]):
                    best = (value, (start, stop, edge))
            start = stop + 1
    return best[1] if best else None


def _edges(x0: np.ndarray, x1: np.ndarray) -> list[float]:
    """Left edges at which several items start and that could be those of a column."""
    inner = x0[(x0 > x0.min() + MIN_WIDTH) & (x0 < x1.max() - MIN_WIDTH)]
    starts, counts = np.unique(np.round(inner), return_counts=True)
    found = []
    for start in starts:
        count = int(counts[np.abs(starts - start) <= 2].sum())
        if count >= MIN_LINES:
            found.append((count, float(start)))
    edges: list[float] = []
    for _, start in sorted(found, reverse=True)[:MAX_EDGES]:
        outdented = float(inner[(inner > start - OUTDENT) & (inner < start + 2)].min())
        edges.extend(edge for edge in (outdented, start) if edge not in edges)
    return edges


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
        median(item.x1 - item.x0 for item in left) / left_width,
        median(item.x1 - item.x0 for item in right) / right_width,
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
