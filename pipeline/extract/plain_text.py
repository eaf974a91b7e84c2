"""Plain text: paragraphs are parted by blank lines; short lines in capitals or underlined are headings."""

import re

from pipeline.extract.flow import Paragraph, paragraph
from pipeline.extract.normalise import join, split_marker, vocabulary

_UNDERLINE = re.compile(r"^\s*([=\-~^_*#])\1{2,}\s*$")


def read_plain(text: str) -> list[Paragraph]:
    """Blocks of a plain text; a form feed starts the next page."""
    result: list[Paragraph] = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    words = vocabulary(line.strip() for line in lines if line.strip())
    group: list[str] = []
    page = 1

    def flush(level: int = 0) -> None:
        nonlocal group
        if group:
            joined = group[0].strip()
            for line in group[1:]:
                joined = join(joined, line.strip(), words)
            letters = [c for c in joined if c.isalpha()]
            capitals = len(letters) > 3 and all(c.isupper() for c in letters) and len(joined.split()) <= 15
            kind = "heading" if level or capitals else "paragraph"
            item = paragraph(kind, [(joined, False, False, False)], level or (2 if capitals else 0))
            item.page = page
            result.append(item)
        group = []

    for line in lines:
        if "\f" in line:
            flush()
            page += line.count("\f")
            line = line.replace("\f", "")
        if _UNDERLINE.match(line):
            if len(group) == 1 and len(line.strip()) >= 0.5 * len(group[0].strip()):
                flush(1 if line.strip()[0] in "=#" else 2)
            else:
                flush()
        elif not line.strip():
            flush()
        elif (
            group
            and split_marker(line.strip())[0]
            and (not split_marker(line.strip())[0][0].isalnum() or _ended(group[-1]))
        ):
            flush()
            group = [line]
        else:
            group.append(line)
    flush()
    return result


def _ended(line: str) -> bool:
    return line.rstrip()[-1:] in ".;:,!?" or len(line) < 50
