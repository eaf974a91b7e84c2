"""Lines to blocks: one block is a paragraph, a heading, a list item, a footnote or a row of a table."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from statistics import median

from pipeline.extract.lines import Line
from pipeline.extract.normalise import Words, drop_private, join, settle_hyphens, split_marker
from pipeline.extract.run_in_titles import run_in_title

_TERMINAL = re.compile(r"[.!?:;。…][\"'”’»)\]]*$")
_LEADER_END = re.compile(r"\.{4}\s*\S{0,7}$")  # a line of a table of contents
_DASH_END = re.compile(r"[-\x02\ufffe\xad‐]$")
HEADING_WORDS = 30


@dataclass(slots=True)
class Block:
    """A block in the making."""

    kind: str
    lines: list[Line] = field(default_factory=list)
    text: str = ""
    lead: str = ""
    marker: str = ""


def pitches(lines: list[Line]) -> dict[float, float]:
    """Usual distance from line to line for each type size, in points."""
    steps: dict[float, list[float]] = defaultdict(list)
    for first, second in zip(lines, lines[1:], strict=False):
        if first.page == second.page and first.region == second.region and abs(first.size - second.size) < 0.3:
            step = second.y0 - first.y0
            if 0.5 * first.size < step < 2.6 * first.size:
                steps[round(first.size * 2) / 2].append(step)
    return {size: _lower_mode(values) for size, values in steps.items() if len(values) >= 3}


def _lower_mode(values: list[float]) -> float:
    counts = Counter(round(value * 2) / 2 for value in values)
    top = max(counts.values())
    return min(value for value, count in counts.items() if count >= 0.5 * top)


def group(lines: list[Line], words: Words) -> list[Block]:
    """Blocks from the body lines of a document in reading order; `words` settles hyphens at line ends."""
    usual = pitches(lines)
    blocks: list[Block] = []
    for line in lines:
        if line.kind == "table_row":
            blocks.append(Block("table_row", [line]))
            continue
        block = blocks[-1] if blocks else None
        if block is None or block.kind == "table_row" or _starts_block(block, line, usual):
            earlier = _continued(blocks, line)
            if earlier is None:
                blocks.append(Block("", [line]))
                continue
            block = earlier
        block.lines.append(line)
    for block in blocks:
        _fill(block, words)
    return [block for block in blocks if block.text or block.marker]


def _starts_block(block: Block, line: Line, usual: dict[float, float]) -> bool:
    last, first = block.lines[-1], block.lines[0]
    if line.page != last.page or line.region != last.region or line.note:
        return True
    if abs(line.size - last.size) > 0.1 * max(line.size, last.size):
        return True
    if _LEADER_END.search(last.text):
        return True
    step = line.y0 - last.y0
    pitch = usual.get(round(line.size * 2) / 2, 1.25 * line.size)
    if step > 1.32 * pitch + 0.5 or step < -line.size:
        return True
    if line.marker and _marks(block, line):
        return True
    ended = bool(_TERMINAL.search(last.text))
    heavy_before, heavy = last.bold > 0.85, line.bold > 0.85
    run_in = (heavy_before and line.runs[0][1]) or (heavy and not heavy_before and last.bold > 0)
    within = not ended and line.text[:1].islower()  # emphasis inside a sentence
    if heavy_before != heavy and not run_in and not within:
        return True

    wide = max(last.right - last.left, 1.0)
    opens = line.text[:1].isupper() or line.text[:1] in '"“«¿¡('
    if heavy and heavy_before:
        return ended and opens and last.x1 < last.right - 0.25 * wide
    indent = line.x0 - last.x0
    if first.marker:
        body = first.text_x0
        if len(block.lines) == 1:
            return line.x0 < first.x0 - 3 or (line.x0 < body - 4 and ended and opens)
        return line.x0 < last.x0 - 6 or (ended and opens and line.x0 > last.x0 + 8)
    if indent > 6 and len(block.lines) >= 1 and opens and (ended or indent < 60) and last.x1 < last.right - 0.02 * wide:
        return True
    if indent < -6 and len(block.lines) > 1:
        return True
    fits = (
        last.x1 + 0.55 * line.size * (line.text.find(" ") if " " in line.text else len(line.text))
        < last.right - 0.04 * wide
    )
    return fits and ended and opens


def _marks(block: Block, line: Line) -> bool:
    """Whether the marker really starts an item, and is not a figure at the start of a wrapped line."""
    if not line.marker[0].isalnum() and line.marker[0] not in "-–—*(":
        return True
    last = block.lines[-1]
    if _TERMINAL.search(last.text) or last.x1 < last.right - 0.12 * max(last.right - last.left, 1):
        return True
    return (
        abs(line.x0 - block.lines[0].x0) < 2
        and bool(block.lines[0].marker)
        and len(block.lines) > 1
        and last.x0 > line.x0 + 3
    )


def _continued(blocks: list[Block], line: Line) -> Block | None:
    """The earlier block that this line goes on with, after the end of a column or page."""
    if line.marker or line.note:
        return None
    for block in reversed(blocks[-4:]):
        last = block.lines[-1]
        if last.kind == "table_row" or (last.page == line.page and last.region == line.region):
            return None if last.kind != "table_row" else None
        if last.page < line.page - 1:
            return None
        if abs(line.size - last.size) > 0.06 * line.size or (line.bold > 0.85) != (last.bold > 0.85):
            return None
        if line.bold > 0.85 and line.size > 12:
            return None
        if _DASH_END.search(last.text):
            return block
        if _TERMINAL.search(last.text):
            return None
        width = max(line.right - line.left, 1)
        title = line.text[:1].isupper() and line.x1 < line.right - 0.4 * width and not _TERMINAL.search(line.text)
        if title:  # short, with a capital and without a full stop: it does not go on with a sentence
            return None
        full = last.x1 > last.right - 0.2 * max(last.right - last.left, 1)
        return block if line.text[:1].islower() or full and len(last.text) > 25 else None
    return None


def _fill(block: Block, words: Words) -> None:
    first = block.lines[0]
    if block.kind == "table_row":
        block.text = " | ".join(settle_hyphens(cell, words) for cell in first.cells)
        return
    text = ""
    for line in block.lines:
        text = join(text, line.text, words) if text else line.text
    text = settle_hyphens(text, words)
    marker, rest = split_marker(text)
    if marker and rest:
        block.marker, text = marker, rest
    block.text = drop_private(text)
    block.lead = run_in_title(block.lines, block.marker, block.text, words)


def classify(blocks: list[Block], body_size: float) -> None:
    """Set the kind of the blocks that have none: heading, list item or paragraph."""
    for block in blocks:
        if block.kind:
            continue
        block.kind = "heading" if _is_heading(block, body_size) else "list_item" if block.marker else "paragraph"


def _is_heading(block: Block, body_size: float) -> bool:
    words = len(block.text.split())
    if not words or words > HEADING_WORDS or not any(c.isalpha() for c in block.text):
        return False
    size = median(line.size for line in block.lines)
    bold = median(line.bold for line in block.lines)
    bullet = bool(block.marker) and not block.marker[-1].isalnum() and block.marker[-1] not in ".)-"
    if size >= 1.14 * body_size and not bullet:
        return len(block.lines) <= 5
    if bullet or block.text[-1] in ".,;" and not block.marker:
        return False
    if bold > 0.85 and size > 0.85 * body_size:
        return True
    italic = median(line.italic for line in block.lines)
    if italic > 0.85 and words <= 12 and len(block.lines) == 1 and block.text[-1] not in ".,;:":
        return True
    letters = [c for c in block.text if c.isalpha()]
    return (
        size >= body_size
        and len(letters) > 3
        and all(c.isupper() for c in letters)
        and words <= 15
        and not block.marker
    )
