"""Run-in titles: the start of a block that is set in another style than the rest."""

from pipeline.extract.lines import Line
from pipeline.extract.normalise import Words, drop_private, join, settle_hyphens, split_marker

BOLD, ITALIC, UNDERLINED = 1, 2, 3  # places in a line's runs


def run_in_title(lines: list[Line], marker: str, text: str, words: Words) -> str:
    """The run-in title of the block with this marker and text; empty where it has none.

    A title in bold goes before one that is underlined, and that before one in italics.
    """
    runs: list[tuple[str, bool, bool, bool, float, str]] = []
    for line in lines:
        for number, run in enumerate(line.runs):
            runs.append((("\n" if number == 0 and runs else "") + run[0], *run[1:]))
    skip = len(marker)
    while runs and skip > 0 and len(runs[0][0].strip()) <= skip:  # the marker has a style of its own
        skip -= len(runs[0][0].strip())
        runs = runs[1:]
    runs = [run for run in runs if run[0].strip()]
    if len(runs) < 2:
        return ""
    for place in (BOLD, UNDERLINED, ITALIC):
        if not runs[0][place] or all(run[place] for run in runs):
            continue
        prefix: list[str] = []
        for run in runs:
            if not run[place] and any(c.isalnum() for c in run[0]):
                break
            prefix.append(run[0])
        title = ""
        for piece in "".join(prefix).split("\n"):
            title = join(title, " ".join(piece.split()), words) if title else " ".join(piece.split())
        title = drop_private(settle_hyphens(title, words))
        found, rest = split_marker(title)
        title = (rest if marker and found == marker else title).strip()
        if title and text.startswith(title[: max(3, len(title) // 2)]):
            return title
    return ""
