"""Throughput of the segmentation, in pages a second after extraction.

Usage: python benchmarks/segmentation.py [FOLDER ...]     (default: the sample documents)
The documents are extracted once, outside the clock; then every document is segmented ROUNDS times.
"""

import sys
import time
from pathlib import Path

from pipeline.extract.document import extract_document
from pipeline.segment.document import segment_document

ROUNDS = 5
TARGET = 300  # pages a second
DEFAULT = Path(__file__).resolve().parents[1] / "corpus" / "samples" / "documents"


def main(folders: list[Path]) -> int:
    files = sorted(file for folder in folders for file in folder.rglob("*") if file.suffix.lower() == ".pdf")
    if not files:
        print("no PDF found; give a folder with documents", file=sys.stderr)
        return 2
    pages = seconds = blocks = 0.0
    print(f"{'document':60} {'pages':>5} {'blocks':>6} {'ms':>7} {'pages/s':>8}")
    for file in files:
        extraction = extract_document(file, {"ocr": "off"})
        if extraction.blocks.empty:
            continue
        segment_document(extraction.blocks, "en")  # loads the cue files
        start = time.perf_counter()
        for _ in range(ROUNDS):
            segment_document(extraction.blocks, "en")
        spent = (time.perf_counter() - start) / ROUNDS
        pages, seconds, blocks = pages + extraction.pages, seconds + spent, blocks + len(extraction.blocks)
        rate = extraction.pages / spent
        print(f"{file.name[:60]:60} {extraction.pages:5} {len(extraction.blocks):6} {1000 * spent:7.1f} {rate:8.0f}")
    print(f"{'all':60} {pages:5.0f} {blocks:6.0f} {1000 * seconds:7.1f} {pages / seconds:8.0f}   (target: {TARGET})")
    return 0 if pages / seconds >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main([Path(argument) for argument in sys.argv[1:]] or [DEFAULT]))
