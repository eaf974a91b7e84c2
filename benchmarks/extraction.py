"""Speed, memory and faithfulness of PDF extraction, ours beside its peers, in one run.

    uv pip install --target build/peers kreuzberg pdf-oxide pypdf
    PYTHONPATH=build/peers .venv/bin/python benchmarks/extraction.py

Every tool reads every PDF of the folder in a process of its own; imports, and for ours the start of the workers, are
not counted. `recovered` is the share of the gold units' words that stand in the tool's text of the unit's pages in
the unit's order (longest common subsequence), footnotes and running headers not counted where the tool tells them
apart. Peers that are not installed are left out.
"""

import argparse
import importlib
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
SMALL = ROOT / "corpus" / "samples" / "documents" / "xaa-open-government-plan-2024.pdf"
WORD = re.compile(r"\w+")
OURS = "participation-deficit"
TOOLS = ("pypdfium2 (raw text)", OURS, "kreuzberg", "pdf-oxide", "pypdf", "pdfplumber")
TIMES = ("seconds", "processor", "start_up", "start_up_processor")
Texts = dict[str, list[str]]
"""Text of each page, by file name."""


def in_order(unit: str, text: str) -> tuple[int, int]:
    """Words of the unit that stand in the text in the same order, and all of its words (bit-parallel LCS)."""
    words = WORD.findall(unit.casefold())
    places: dict[str, int] = {}
    for place, word in enumerate(words):
        places[word] = places.get(word, 0) | 1 << place
    full = (1 << len(words)) - 1
    row = full
    for word in WORD.findall(text.casefold()):
        match = row & places.get(word, 0)
        row = ((row + match) | (row - match)) & full
    return len(words) - row.bit_count(), len(words)


def recovered(texts: Texts, gold: Path) -> dict[str, float]:
    """Share of words recovered, by gold document and over all (`all`)."""
    shares, found, wanted = {}, 0, 0
    for path in sorted(gold.glob("*.jsonl")):
        units = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        pages = texts.get(units[0]["doc"])
        if pages is None:
            continue
        mine = [in_order(unit["text"], "\n".join(pages[unit["page_start"] - 1 : unit["page_end"]])) for unit in units]
        shares[path.stem] = sum(a for a, _ in mine) / sum(b for _, b in mine)
        found, wanted = found + sum(a for a, _ in mine), wanted + sum(b for _, b in mine)
    return shares | {"all": found / wanted if wanted else float("nan")}


def raw_pypdfium2(paths: list[Path]) -> Texts:
    pdfium = importlib.import_module("pypdfium2")
    texts = {}
    for path in paths:
        document = pdfium.PdfDocument(path)
        pages = []
        for page in document:
            textpage = page.get_textpage()
            pages.append(textpage.get_text_range())
            textpage.close()
            page.close()
        document.close()
        texts[path.name] = pages
    return texts


def pypdf(paths: list[Path]) -> Texts:
    reader = importlib.import_module("pypdf").PdfReader
    return {path.name: [page.extract_text() for page in reader(path).pages] for path in paths}


def pdfplumber(paths: list[Path]) -> Texts:
    plumber = importlib.import_module("pdfplumber")
    texts = {}
    for path in paths:
        with plumber.open(path) as document:
            pages = []
            for page in document.pages:
                pages.append(page.extract_text() or "")
                page.close()
            texts[path.name] = pages
    return texts


def kreuzberg(paths: list[Path]) -> Texts:
    module = importlib.import_module("kreuzberg")
    config = module.ExtractionConfig(pages=module.PageConfig(extract_pages=True), use_cache=False)
    texts = {}
    for path in paths:
        result = module.extract_file_sync(str(path), config=config)
        pages = [page if isinstance(page, dict) else vars(page) for page in result.pages or []]
        texts[path.name] = [str(page["content"]) for page in pages] or [result.content]
    return texts


def pdf_oxide(paths: list[Path]) -> Texts:
    reader = importlib.import_module("pdf_oxide").PdfDocument
    texts = {}
    for path in paths:
        document = reader(str(path))
        texts[path.name] = [document.extract_text(number) for number in range(document.page_count())]
    return texts


def ours(paths: list[Path], workers: int = 2) -> tuple[Texts, dict[str, float]]:
    """Texts and times; `start_up` is what it takes until each worker has started and read one small document."""
    from pipeline.extract.stage import extract_documents

    params = {"workers": workers, "time_limit": 600, "memory_limit": 2048, "ocr": "off", "ocr_dpi": 200}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PARTICIPATION_DEFICIT_CACHE"] = folder
        small = [Path(folder) / f"{number}.pdf" for number in range(workers)]
        for number, path in enumerate(small):  # different bytes, so that none comes from the cache
            path.write_bytes(SMALL.read_bytes() + b"%%%d\n" % number)
        begin, before = time.perf_counter(), processor_seconds()
        extract_documents(small, params)
        middle, between = time.perf_counter(), processor_seconds()
        blocks, documents = extract_documents(paths, params)
        end, after = time.perf_counter(), processor_seconds()
    texts: Texts = {name: [""] * pages for name, pages in zip(documents["document"], documents["pages"], strict=True)}
    for row in blocks[~blocks["kind"].isin(["header", "footer", "footnote"])].itertuples():
        shown = f"{row.marker} {row.text}\n"
        for page in range(row.page, row.page_end + 1):
            texts[row.document][page - 1] += shown
    times = {"seconds": end - middle, "processor": after - between}
    return texts, times | {"start_up": middle - begin, "start_up_processor": between - before}


SINGLE: dict[str, tuple[str, Callable[[list[Path]], Texts]]] = {
    "pypdfium2 (raw text)": ("pypdfium2", raw_pypdfium2),
    "kreuzberg": ("kreuzberg", kreuzberg),
    "pdf-oxide": ("pdf_oxide", pdf_oxide),
    "pypdf": ("pypdf", pypdf),
    "pdfplumber": ("pdfplumber", pdfplumber),
}


def measure(tool: str, paths: list[Path], gold: Path) -> dict[str, Any]:
    """Run in a process of its own: seconds, processor seconds, peak memory (MiB, largest process), recovered words."""
    if tool == OURS:
        importlib.import_module("pipeline.extract.stage")
        texts, times = ours(paths)
    else:
        module, read = SINGLE[tool]
        importlib.import_module(module)
        begin, before = time.perf_counter(), processor_seconds()
        texts = read(paths)
        times = {"seconds": time.perf_counter() - begin, "processor": processor_seconds() - before}
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    pages = sum(map(len, texts.values()))
    return times | {"peak": peak, "pages": pages, "recovered": recovered(texts, gold)}


def processor_seconds() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def run(tool: str, documents: Path, gold: Path) -> dict[str, Any]:
    """`measure` in a new process; a dictionary with `error` where it failed."""
    command = [sys.executable, __file__, "--only", tool, "--documents", str(documents), "--gold", str(gold)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    result = subprocess.run(command, capture_output=True, text=True, env=environment)
    if result.returncode:
        return {"error": (result.stderr.strip().splitlines() or ["failed"])[-1][:80]}
    return dict(json.loads(result.stdout.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--documents", type=Path, default=SHARED / "documents")
    parser.add_argument("--gold", type=Path, default=SHARED / "segments")
    parser.add_argument("--tools", nargs="*", default=list(TOOLS), choices=TOOLS)
    parser.add_argument("--rounds", type=int, default=3, help="the fastest of this many rounds counts")
    parser.add_argument("--only", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    paths = sorted(arguments.documents.rglob("*.pdf"))
    if arguments.only:
        print(json.dumps(measure(arguments.only, paths, arguments.gold)))
        return
    if not paths:
        sys.exit(f"{arguments.documents}: no PDF there; name a folder with --documents")
    print(
        f"{len(paths)} PDFs, {os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}, rounds {arguments.rounds}\n"
    )
    print("| tool | pages/s | share of raw text | pages/s and core | peak memory, MiB | words recovered |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    rounds: dict[str, list[dict[str, Any]]] = {tool: [] for tool in arguments.tools}
    for number in range(arguments.rounds):
        for tool in arguments.tools:
            slow = number and rounds[tool][0].get("seconds", 0) > 60
            if not slow and not any("error" in row for row in rounds[tool]):
                rounds[tool].append(run(tool, arguments.documents, arguments.gold))
    raw = 0.0
    details = ""
    for tool, rows in rounds.items():
        if "error" in rows[0]:
            print(f"| {tool} | left out: {rows[0]['error']} | | | | |")
            continue
        good = [row for row in rows if "error" not in row]
        # Starting up is taken off best from best: the difference of two times of one noisy round would flatter.
        best = {key: min(row.get(key, 0.0) for row in good) for key in TIMES}
        speed = good[0]["pages"] / (best["seconds"] - best["start_up"])
        core = good[0]["pages"] / (best["processor"] - best["start_up_processor"])
        raw = raw or speed
        row = good[0]
        name = f"**{tool}** (2 workers)" if tool == OURS else tool
        print(
            f"| {name} | {speed:.0f} | {speed / raw:.2f} | {core:.0f} | {row['peak']:.0f} "
            f"| {row['recovered']['all']:.4f} |"
        )
        if tool == OURS:
            details = ", ".join(f"{name} {share:.4f}" for name, share in row["recovered"].items() if name != "all")
    if details:
        print(f"\nWords recovered by document: {details}")


if __name__ == "__main__":
    main()
