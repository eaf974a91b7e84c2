"""The HTML companion of a queue: each commitment as it looks on the page, its quotation marked."""

import base64
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pypdfium2 as pdfium
from jinja2 import Environment, PackageLoader
from PIL import Image, ImageDraw

_SCALE = 1.6  # pixels a point
_MARGIN = 12.0  # points around the text
_PAGES = 3  # pictures a commitment at most
_MARK = (255, 214, 0, 90)
_BOX = re.compile(r"(\d+):(-?[\d.]+),(-?[\d.]+),(-?[\d.]+),(-?[\d.]+)")


def write_companion(table: pd.DataFrame, boxes: dict[str, str], files: dict[str, Path], path: Path) -> None:
    """Write the self-contained page for a sheet (`pipeline.review.outgoing.sheet`).

    `boxes`: where each commitment stands (schema COMMITMENTS, `boxes`), by id. `files`: each document's file. A
    commitment without boxes, or of a format without pages, is shown as text.
    """
    environment = Environment(loader=PackageLoader("pipeline.review"), autoescape=True, trim_blocks=True)
    rows = [
        {**row, "pictures": _pictures(row, boxes.get(str(row["commitment_id"]), ""), files)}
        for row in table.to_dict("records")
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_text(environment.get_template("companion.html.j2").render(rows=rows), encoding="utf-8")
    unfinished.replace(path)


def _pictures(row: dict[Any, Any], boxes: str, files: dict[str, Path]) -> list[str]:
    file = files.get(str(row["document"]))
    if file is None or file.suffix.lower() != ".pdf" or not boxes:
        return []
    try:
        with pdfium.PdfDocument(file) as document:
            return [_address(picture) for picture in cut(document, parse_boxes(boxes), str(row["quotation"]))]
    except pdfium.PdfiumError:
        return []  # the text below the gap is still shown


def parse_boxes(text: str) -> dict[int, tuple[float, float, float, float]]:
    """For each page (from 1) the rectangle around the commitment's boxes, in points from the page's top left."""
    around: dict[int, tuple[float, float, float, float]] = {}
    for match in _BOX.finditer(text):
        page = int(match.group(1))
        x0, y0, x1, y1 = (float(match.group(part)) for part in range(2, 6))
        known = around.get(page, (x0, y0, x1, y1))
        around[page] = (min(known[0], x0), min(known[1], y0), max(known[2], x1), max(known[3], y1))
    return around


def cut(
    document: pdfium.PdfDocument, around: dict[int, tuple[float, float, float, float]], quotation: str
) -> Iterator[Image.Image]:
    """The parts of the pages as pictures, the quotation marked where its words are found on the page."""
    for number, (_, top, _, bottom) in sorted(around.items())[:_PAGES]:
        if not 1 <= number <= len(document):
            continue
        page = document[number - 1]
        width, height = page.get_size()
        picture = page.render(scale=_SCALE).to_pil().convert("RGBA")
        marks = Image.new("RGBA", picture.size, (0, 0, 0, 0))
        pen = ImageDraw.Draw(marks)
        for left, low, right, high in places(page, quotation):
            pen.rectangle(
                [left * _SCALE, (height - high) * _SCALE, right * _SCALE, (height - low) * _SCALE], fill=_MARK
            )
        picture = Image.alpha_composite(picture, marks).convert("RGB")
        first, last = max(0.0, top - _MARGIN), min(height, bottom + _MARGIN)
        if last - first > 1:
            yield picture.crop((0, round(first * _SCALE), round(width * _SCALE), round(last * _SCALE)))


def places(page: pdfium.PdfPage, quotation: str) -> list[tuple[float, float, float, float]]:
    """Rectangles (left, bottom, right, top, in PDF's own coordinates) of the quotation's words on the page.

    Line breaks and hyphens of the page are passed over; empty where the quotation stands elsewhere.
    """
    words = re.findall(r"\w+", quotation)
    if not words:
        return []
    text_page = page.get_textpage()
    whole = text_page.get_text_range()
    # Letters may be parted by a hyphen at the end of a line, words by anything that is no letter.
    inside = r"(?:[-\u00ad\u0002\ufffe]?\r?\n?)"
    pattern = r"\W+".join(inside.join(map(re.escape, word)) for word in words)
    match = re.search(pattern, whole, re.IGNORECASE)
    if match is None:
        return []
    count = text_page.count_rects(match.start(), match.end() - match.start())
    return [text_page.get_rect(place) for place in range(count)]


def _address(picture: Image.Image) -> str:
    buffer = io.BytesIO()
    picture.quantize(64).save(buffer, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
