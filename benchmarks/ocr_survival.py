"""What share of a page's words survives when the page is only a picture: pages are drawn, and then read by OCR.

    .venv/bin/python benchmarks/ocr_survival.py [--pages 24] [--dpi 200]

Pages with at least 150 words are taken evenly from every document of the folder. `survived` counts words (in any
order), `in order` the longest common subsequence, both against the text layer as this project reads it.
"""

import argparse
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import pypdfium2
from extraction import ROOT, SHARED, WORD, in_order

sys.path.insert(0, str(ROOT))

BESIDE = ("header", "footer", "footnote")


def main() -> None:
    from pipeline.extract.document import extract_document

    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--documents", type=Path, default=SHARED / "documents")
    parser.add_argument("--pages", type=int, default=24)
    parser.add_argument("--dpi", type=int, default=200)
    arguments = parser.parse_args()
    params = {"workers": 1, "ocr": "auto", "ocr_dpi": arguments.dpi}
    paths = sorted(arguments.documents.rglob("*.pdf"))
    by_language: dict[str, list[tuple[Path, int, str]]] = defaultdict(list)
    for path in paths:
        extraction = extract_document(path, params | {"ocr": "off"})
        blocks = extraction.blocks
        for page, mine in blocks.groupby("page"):
            text = " ".join(mine["marker"] + " " + mine["text"])
            if len(WORD.findall(text)) >= 150:
                by_language[extraction.language].append((path, int(page), text))
    print("| language | pages | words | survived | in order |\n| --- | ---: | ---: | ---: | ---: |")
    total = Counter[str]()
    for language, pages in sorted(by_language.items()):
        share = max(4, round(arguments.pages * len(pages) / sum(map(len, by_language.values()))))
        taken = pages[:: max(1, len(pages) // share)][:share]
        mine = Counter[str]()
        for path, page, text in taken:
            read = recognise(path, page, language, params, extract_document)
            wanted, found = (Counter(WORD.findall(t.casefold())) for t in (text, read))
            mine["pages"] += 1
            mine["words"] += wanted.total()
            mine["survived"] += (wanted & found).total()
            mine["in order"] += in_order(text, read)[0]
        total += mine
        print(line(language, mine), flush=True)
    print(line("all", total))


def line(name: str, counts: Counter[str]) -> str:
    shares = " | ".join(f"{counts[key] / counts['words']:.3f}" for key in ("survived", "in order"))
    return f"| {name} | {counts['pages']} | {counts['words']} | {shares} |"


def recognise(path: Path, page: int, language: str, params: dict, extract_document) -> str:  # type: ignore[no-untyped-def,type-arg]
    """Text that OCR gives for the page drawn as a picture into a PDF of its own."""
    source, target = pypdfium2.PdfDocument(path), pypdfium2.PdfDocument.new()
    shown = source[page - 1]
    width, height = shown.get_size()
    bitmap = shown.render(scale=params["ocr_dpi"] / 72)
    picture = pypdfium2.PdfImage.new(target)
    picture.set_bitmap(bitmap)
    picture.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
    sheet = target.new_page(width, height)
    sheet.insert_obj(picture)
    sheet.gen_content()
    with tempfile.TemporaryDirectory() as folder:
        drawn = Path(folder) / "page.pdf"
        target.save(drawn)
        target.close()
        source.close()
        blocks = extract_document(drawn, params, language).blocks
    return " ".join(blocks["marker"] + " " + blocks["text"])


if __name__ == "__main__":
    main()
