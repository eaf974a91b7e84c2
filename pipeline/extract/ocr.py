"""Recognition of scanned pages by tesseract, where it is installed; words come back with their positions."""

import csv
import os
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from statistics import median

import numpy as np
import pypdfium2

from pipeline.extract.language import detect
from pipeline.extract.page import Fragment, Page, Style

PAGE_SECONDS = 120
MAX_PIXELS = 40_000_000
MIN_CONFIDENCE = 30.0
# ISO 639-1 code: name of tesseract's data.
LANGUAGES = dict(
    pair.split(":")
    for pair in [
        "en:eng",
        "es:spa",
        "fr:fra",
        "pt:por",
        "it:ita",
        "de:deu",
        "nl:nld",
        "da:dan",
        "sv:swe",
        "nb:nor",
        "no:nor",
        "fi:fin",
        "pl:pol",
        "ro:ron",
        "cs:ces",
        "el:ell",
        "ca:cat",
        "gl:glg",
        "hr:hrv",
        "uk:ukr",
    ]
)


@cache
def engine() -> tuple[str, tuple[str, ...]]:
    """Version of the installed tesseract and its languages; `("", ())` where there is none."""
    program = shutil.which("tesseract")
    if not program:
        return "", ()
    try:
        version = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20, check=True)
        listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return "", ()
    first = (version.stdout or version.stderr).splitlines()[0] if (version.stdout or version.stderr) else "tesseract"
    return first.strip(), tuple(sorted(filter(None, listed.stdout.split("\n")[1:])))


def needs_ocr(page: Page) -> bool:
    """Whether the text layer is of no use.

    It holds (almost) no text on a page of pictures or outlines, or mostly glyphs without a meaning.
    """
    if page.characters >= 20 and page.unmapped > 0.3 * page.characters:
        return True
    area = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in page.images) / max(1.0, page.width * page.height)
    return (page.characters < 60 and (area > 0.3 or page.outlines > 150)) or (page.characters < 200 and area > 0.5)


@dataclass
class Recognised:
    """Numbers of the pages that got text, of those on which the engine failed, and languages that it lacks."""

    done: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    missing: str = ""


def recognise(
    document: pypdfium2.PdfDocument, pages: Sequence[Page], language: str, dpi: int, workers: int
) -> Recognised:
    """Put recognised text into those `pages` where there is some.

    `language` is an ISO 639-1 code; empty: the first page that gives text is read in all installed languages, and
    its language is used for the rest. Only pages where recognition gives more than the text layer are changed.
    """
    _, installed = engine()
    result = Recognised()
    wanted = LANGUAGES.get(language, "")
    if language and wanted not in installed:
        result.missing = f"OCR has no data for language '{language}'; install tesseract-ocr-{wanted or language}"
    everything = "+".join(code for code in dict.fromkeys(LANGUAGES.values()) if code in installed) or "eng"
    code = wanted if wanted in installed else everything
    rest = list(pages)

    def take(page: Page, words: list[dict[str, str]] | None) -> bool:
        if words is None:
            result.failed.append(page.number)
        elif _apply(page, words, dpi):
            result.done.append(page.number)
            return True
        return False

    while rest and not language:
        page = rest.pop(0)
        if take(page, _words(_image(document, page, dpi), code)):
            found = LANGUAGES.get(detect(" ".join(piece.text for piece in page.fragments)), "")
            code = found if found in installed else code
            break
    with ThreadPoolExecutor(max(1, workers)) as pool:
        # pdfium is not thread-safe: pages are drawn here, a few ahead of the recognition.
        step = max(1, 2 * workers)
        for start in range(0, len(rest), step):
            batch = rest[start : start + step]
            images = [_image(document, page, dpi) for page in batch]
            for page, words in zip(batch, pool.map(_words, images, [code] * len(batch)), strict=True):
                take(page, words)
    result.done.sort()
    return result


def _image(document: pypdfium2.PdfDocument, page: Page, dpi: int) -> bytes:
    """The page as a grey PGM picture."""
    scale = min(dpi / 72, (MAX_PIXELS / max(1.0, page.width * page.height)) ** 0.5)
    shown = document[page.number - 1]
    try:
        bitmap = shown.render(scale=scale, grayscale=True)
        grey = np.ascontiguousarray(bitmap.to_numpy())
        bitmap.close()
    finally:
        shown.close()
    grey = grey.reshape(grey.shape[0], grey.shape[1])
    return f"P5 {grey.shape[1]} {grey.shape[0]} 255\n".encode() + grey.tobytes()


def _words(image: bytes, code: str) -> list[dict[str, str]] | None:
    """Recognised words as rows of tesseract's table; None where it failed or took too long."""
    command = ["tesseract", "stdin", "stdout", "-l", code, "--psm", "3", "tsv"]
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        result = subprocess.run(
            command, input=image, capture_output=True, timeout=PAGE_SECONDS, env=environment, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    lines = result.stdout.decode("utf-8", "replace").splitlines()
    return [
        row
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        if row.get("level") == "5" and (row.get("text") or "").strip()
    ]


def _apply(page: Page, words: list[dict[str, str]], dpi: int) -> bool:
    """Make fragments of the recognised words; False, and nothing changed, where the text layer holds more."""
    scale = max(72 / dpi, (max(1.0, page.width * page.height) / MAX_PIXELS) ** 0.5)
    lines: dict[tuple[str, str, str], list[dict[str, str]]] = defaultdict(list)
    for word in words:
        if float(word["conf"]) >= MIN_CONFIDENCE and re.search(r"[\w•.,;:()&%–—-]", word["text"]):
            lines[word["block_num"], word["par_num"], word["line_num"]].append(word)
    letters = sum(len(word["text"]) for row in lines.values() for word in row)
    if letters < 10 or (letters <= page.characters and page.unmapped <= 0.3 * page.characters):
        return False
    usual = median(_height(row) for row in lines.values()) * scale
    fragments = []
    for order, row in enumerate(lines.values()):
        text = " ".join(word["text"] for word in row)
        x0, y0 = (min(int(word[side]) for word in row) * scale for side in ("left", "top"))
        x1 = max(int(word["left"]) + int(word["width"]) for word in row) * scale
        y1 = max(int(word["top"]) + int(word["height"]) for word in row) * scale
        height = _height(row) * scale
        size = round(0.95 * (usual if 0.75 * usual < height < 1.35 * usual else height), 1)
        fragments.append(
            Fragment(text, x0, y0, x1, y1, size, [(0, len(text), Style("", size, False, False), False)], order)
        )
    page.fragments, page.characters, page.unmapped, page.invisible = fragments, letters, 0, False
    page.rules = np.empty((0, 4))
    return True


def _height(row: list[dict[str, str]]) -> float:
    return float(median(int(word["height"]) for word in row)) or 1.0
