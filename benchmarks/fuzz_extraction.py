"""A thousand damaged PDFs, DOCX and HTML files: each must get a status and a reason, and none may stop the run.

    .venv/bin/python benchmarks/fuzz_extraction.py [--count 1000] [--seed 1]

The files are made from the sample corpus by cutting off, flipping bits, splicing pieces of one file into another,
doubling and zeroing pieces, and changing numbers in the text; parts of DOCX files are damaged inside, too. The run
fails where a document has no row, a row has a status without a reason, or the stage raises.
"""

import argparse
import io
import os
import random
import re
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "corpus" / "samples" / "documents"
NUMBER = re.compile(rb"\d+")


def mutate(data: bytes, other: bytes, chance: random.Random) -> tuple[str, bytes]:
    """One way of damaging `data`, and the result."""
    way = chance.choice(("cut", "flip", "splice", "zero", "double", "numbers"))
    size = len(data)
    if way == "cut":
        return way, data[: chance.randrange(size)]
    if way == "flip":
        result = bytearray(data)
        for _ in range(chance.choice((1, 5, 50, 500))):
            result[chance.randrange(size)] ^= 1 << chance.randrange(8)
        return way, bytes(result)
    start, length = chance.randrange(size), chance.randrange(1, max(2, size // 4))
    if way == "splice":
        place = chance.randrange(len(other))
        return way, data[:start] + other[place : place + length] + data[start + length :]
    if way == "zero":
        return way, data[:start] + bytes(min(length, size - start)) + data[start + length :]
    if way == "double":
        return way, data[:start] + data[start : start + length] + data[start:]

    def changed(match: re.Match[bytes]) -> bytes:
        number = str(chance.choice((0, 1, -1, 2**31, 2**63, 10**30))).encode()
        return number if chance.random() < 0.02 else match.group()

    return way, NUMBER.sub(changed, data)


def inside(data: bytes, chance: random.Random) -> tuple[str, bytes]:
    """An archive that is whole, but with one damaged part: what a broken program writes."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        parts = [member for member in old.infolist() if member.filename.endswith((".xml", ".rels"))]
        chosen = chance.choice([*parts, *(part for part in parts if part.filename == "word/document.xml")] * 2)
        way = ""
        for member in old.infolist():
            content = old.read(member)
            if member is chosen:
                way, content = mutate(content, content, chance)
            new.writestr(member, content)
    return f"{way} inside", result.getvalue()


def make(folder: Path, count: int, seed: int) -> list[tuple[Path, str]]:
    """Write `count` damaged files; returns them with the way of their damage."""
    chance = random.Random(seed)
    sources = [path for path in sorted(SAMPLES.iterdir()) if path.suffix in (".pdf", ".docx", ".html")]
    kinds = sorted({path.suffix for path in sources})
    made = []
    for number in range(count):
        suffix = kinds[number % len(kinds)]
        source = chance.choice([path for path in sources if path.suffix == suffix])
        if suffix == ".docx" and chance.random() < 0.6:
            way, data = inside(source.read_bytes(), chance)
        else:
            way, data = mutate(source.read_bytes(), chance.choice(sources).read_bytes(), chance)
        path = folder / f"{number:04}-{way.replace(' ', '-')}{suffix}"
        path.write_bytes(data)
        made.append((path, way))
    return made


def main() -> None:
    from pipeline.extract.stage import extract_documents

    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["PARTICIPATION_DEFICIT_CACHE"] = str(folder / "cache")
        made = make(folder, arguments.count, arguments.seed)
        start = time.perf_counter()
        params = {"workers": 2, "time_limit": 30, "memory_limit": 1024, "ocr": "off", "ocr_dpi": 150}
        _, documents = extract_documents([path for path, _ in made], params)
        seconds = time.perf_counter() - start
    assert documents["document"].tolist() == [path.name for path, _ in made], "a document has no row"
    silent = documents[(documents["status"] != "ok") & (documents["reason"] == "")]
    assert silent.empty, f"no reason for {silent['document'].tolist()}"
    counts = Counter((path.suffix, way, status) for (path, way), status in zip(made, documents["status"], strict=True))
    statuses = sorted({status for _, _, status in counts})
    print(f"{len(made)} files, {seconds:.0f} s; all have a status, all that are not ok have a reason\n")
    print("| format | damage | " + " | ".join(statuses) + " |")
    print("| --- | --- |" + " ---: |" * len(statuses))
    for suffix, way in sorted({(suffix, way) for suffix, way, _ in counts}):
        shown = " | ".join(str(counts[suffix, way, status]) for status in statuses)
        print(f"| {suffix[1:].upper()} | {way} | {shown} |")
    totals = documents["status"].value_counts()
    print("| all | | " + " | ".join(str(totals.get(status, 0)) for status in statuses) + " |")
    print("\nReasons:")
    for reason, number in Counter(re.sub(r"\d+", "N", reason) for reason in documents["reason"] if reason).most_common(
        25
    ):
        print(f"{number:5} {reason}")


if __name__ == "__main__":
    main()
