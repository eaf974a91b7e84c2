"""Lines of text: fragments that stand beside each other in one region, with what is known about their style."""

from dataclasses import dataclass, field

from pipeline.extract.normalise import clean, split_marker
from pipeline.extract.page import Fragment


@dataclass(slots=True)
class Line:
    """One line; `runs` are (text, bold, italic, underlined, size, font) from left to right."""

    page: int
    region: int
    x0: float
    y0: float
    x1: float
    y1: float
    text: str
    size: float
    runs: list[tuple[str, bool, bool, bool, float, str]]
    marker: str = ""
    text_x0: float = 0.0
    kind: str = ""
    gaps: int = 0
    right: float = 0.0
    left: float = 0.0
    note: bool = False
    cells: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)

    @property
    def bold(self) -> float:
        """Share of the characters in bold."""
        return self._share(1)

    @property
    def italic(self) -> float:
        """Share of the characters in italics."""
        return self._share(2)

    def _share(self, place: int) -> float:
        total = sum(len(run[0]) for run in self.runs)
        return sum(len(run[0]) for run in self.runs if run[place]) / total if total else 0.0


def attach_markers(pieces: list[Fragment]) -> list[Fragment]:
    """The fragments with each lone bullet or number made part of the text to its right.

    Otherwise bullets would look like a column of their own.
    """
    result: list[Fragment] = []
    for piece in pieces:
        last = result[-1] if result else None
        if (
            last is not None
            and len(last.text) <= 7
            and -1 < piece.x0 - last.x1 < 45
            and min(last.y1, piece.y1) - max(last.y0, piece.y0) > 0.4 * min(last.y1 - last.y0, piece.y1 - piece.y0)
            and split_marker(clean(last.text) + " x")[1] == "x"
        ):
            shift = len(last.text) + 1
            runs = last.runs + [(start + shift, end + shift, style, mark) for start, end, style, mark in piece.runs]
            text = f"{last.text} {piece.text}"
            result[-1] = Fragment(
                text, last.x0, piece.y0, piece.x1, piece.y1, piece.size, runs, last.order, piece.handle, piece.x0
            )
        else:
            result.append(piece)
    return result


def line_of(row: list[Fragment], page: int, region: int) -> Line | None:
    """The fragments of a row as one line; None where nothing readable is left."""
    size = max(row, key=lambda piece: len(piece.text)).size
    runs: list[tuple[str, bool, bool, bool, float, str]] = []
    note = False
    references: list[str] = []
    gaps = 0
    for number, piece in enumerate(row):
        if number and piece.x0 - row[number - 1].x1 > 1.5 * size:
            gaps += 1
        for place, (start, end, style, underlined) in enumerate(piece.runs):
            text = piece.text[start:end]
            raised = style.size and style.size < 0.86 * size and text.strip(" ,").isdigit()
            if raised and (runs or len(row) > 1 or len(piece.runs) > 1):
                if not runs:
                    note = True  # a raised number first: the line opens a footnote
                elif _is_reference(runs[-1][0]):
                    references.extend(text.replace(",", " ").split())
                    continue
            space = " " if runs and (place == 0 or piece.text[start - 1 : start] == " ") else ""
            runs.append((space + text, style.bold, style.italic, underlined, style.size, style.font))
    text = clean("".join(run[0] for run in runs))
    if not text:
        return None
    left, top = min(piece.x0 for piece in row), min(piece.y0 for piece in row)
    right, bottom = max(piece.x1 for piece in row), max(piece.y1 for piece in row)
    line = Line(page, region, left, top, right, bottom, text, size, runs, gaps=gaps, note=note, references=references)
    line.text_x0 = left
    line.marker, rest = split_marker(text)
    if line.marker and row[0].text_x0:
        line.text_x0 = row[0].text_x0
    elif line.marker and len(row) > 1 and row[0].text.strip() == text[: len(text) - len(rest)].strip():
        line.text_x0 = row[1].x0
    elif line.marker:
        line.text_x0 = left + (right - left) * (len(text) - len(rest)) / len(text)
    return line


def _is_reference(before: str) -> bool:
    """Whether a raised number after this text marks a footnote (not the power of a unit such as m2)."""
    word = before.rstrip().rpartition(" ")[2].strip("(")
    return len(word) > 2 or not word.isalpha()
