"""Footnotes: recognised by their size, their place and the references to them."""

import re
from collections import Counter

from pipeline.extract.lines import Line
from pipeline.extract.normalise import Words, join
from pipeline.extract.pdf_blocks import Block

_NUMBER = re.compile(r"(\d{1,3})[.)]?(?=\D)")
SMALL = 0.94  # of the body's size; notes are smaller


def mark_footnotes(lines: list[Line], body_size: float, height: float, references: set[str]) -> None:
    """Mark, in place, a page's footnotes as kind `footnote`.

    They are small lines that open with a figure to which the text refers (or that stand last on the page), and the
    small lines after them. `references` are the marks found in the text so far that wait for their note.
    """
    for line in lines:
        references.update(line.references)
    sizes: Counter[float] = Counter()
    for line in lines:
        if not line.kind:
            sizes[line.size] += len(line.text)
    usual = sizes.most_common(1)[0][0] if sizes else body_size
    if usual > 0.85 * body_size:  # else the page is mostly notes
        body_size = min(body_size, usual)
    last = len(lines)
    while (
        last
        and not lines[last - 1].kind
        and lines[last - 1].size < SMALL * body_size
        and lines[last - 1].y0 > 0.6 * height
    ):
        last -= 1
    note = 0.0
    for place, line in enumerate(lines):
        if line.kind or line.size >= SMALL * body_size or (note and abs(line.size - note) > 0.6):
            note = 0.0
        if line.kind or line.size >= SMALL * body_size:
            continue
        number = _NUMBER.match(line.text)
        referred = number is not None and number[1] in references
        if line.note or referred or (number and place >= last):
            note = line.size
            line.note = True
            if number:
                references.discard(number[1])
        if note:
            line.kind = "footnote"


def footnote_blocks(lines: list[Line], words: Words) -> list[Block]:
    """One block for each footnote from the lines marked as such."""
    blocks: list[Block] = []
    for line in lines:
        if not blocks or line.note or blocks[-1].lines[-1].page != line.page:
            blocks.append(Block("footnote", [line]))
        else:
            blocks[-1].lines.append(line)
    for block in blocks:
        text = ""
        for line in block.lines:
            text = join(text, line.text, words)
        block.text = text
    return blocks
