"""How time and memory grow with the corpus; Dask; what an added document costs; killed and run again.

    .venv/bin/python benchmarks/scale.py                                    # 100 and 1,000 documents, some minutes
    .venv/bin/python benchmarks/scale.py --sizes 100 1000 10000 --checks growth
    .venv/bin/python benchmarks/scale.py --checks added killed dask

The corpora are synthetic: PDF documents of one or two pages (every other one has two; for `added` and `dask` PAGES
more, nearer to real plans), each page with two numbered commitments whose sentences are drawn from a list written
here. Every run is a process of its own that goes from documents to coded commitments (extract, segment, classify) with
an empty cache. `growth` uses one worker, so that processor time is what one core does; the cost of a run with four
documents (imports, models, workers) is taken off.
`--encoder tuned` (default) takes the shipped encoder and the classifier in models/; `lexical` trains a classifier first
and codes with the fallback encoder, whose start (skops, and PyTorch where installed) outweighs small corpora.
"""

import argparse
import hashlib
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
START = 4  # documents of the run whose cost is taken off
PAGES = 20  # that a document has more where it is as long as a real plan
HEADER = ("documents", "pages", "commitments", "s", "extract, core-ms a page", "segment", "classify", "all three",
          "against the smallest", "peak MiB, main process", "worker")  # fmt: skip
WHO = ("The ministry", "The digital agency", "The statistics office", "The cabinet", "The land registry", "Parliament")
WILL = (
    "will publish the register of beneficial owners in an open format",
    "will put draft digital laws out to public consultation for six weeks",
    "will set up a standing panel of users to redesign its online services together",
    "will train its staff in the use of open standards and shared components",
    "will let citizens decide by vote on part of the budget for digital inclusion",
    "will audit its algorithms and answer the objections of those affected",
    "will connect rural schools and libraries to the fibre network",
    "will report on complaints about automated decisions every quarter",
)
WHEN = ("by the end of the year", "in two steps", "with the regions", "after a pilot in three towns", "every spring")


def sentence(chance: random.Random) -> str:
    return f"{chance.choice(WHO)} {chance.choice(WILL)} {chance.choice(WHEN)}."


def compose(folder: Path, count: int, more: int = 0) -> int:
    """Write `count` documents, the same ones for the same number, and give the number of pages; `more` in each."""
    from reportlab.lib.utils import simpleSplit
    from reportlab.pdfgen.canvas import Canvas

    folder.mkdir(parents=True)
    pages = 0
    for number in range(count):
        chance = random.Random(number)
        canvas = Canvas(str(folder / f"plan-{number:05}.pdf"), pagesize=(595, 842), invariant=1)
        for page in range(1 + number % 2 + more):
            y = 780
            for place in (1, 2):
                canvas.setFont("Helvetica-Bold", 13)
                canvas.drawString(72, y, f"Commitment {2 * page + place}: Measure {number}-{chance.randrange(1000)}")
                canvas.setFont("Helvetica", 11)
                y -= 24
                for line in simpleSplit(" ".join(sentence(chance) for _ in range(9)), "Helvetica", 11, 450):
                    canvas.drawString(72, y, line)
                    y -= 14
                y -= 20
            canvas.showPage()
            pages += 1
        canvas.save()
    return pages


def models(choice: str, folder: Path) -> Path:
    """The folder of models: the shipped ones, or a small classifier with the fallback encoder, trained here."""
    if choice == "tuned":
        return ROOT / "models"
    from pipeline.domain.params import load
    from pipeline.train.stage import train_classifier

    train_classifier(ROOT / "corpus" / "labelled", folder / "no-vectors", choice, load("train"), folder)
    return folder


def journey(
    documents: Path, output: Path, encoder: str, model_folder: Path, workers: int, scheduler: str
) -> dict[str, Any]:
    """Documents to coded commitments in this process, and what each stage took."""
    from pipeline import journey as stages
    from pipeline.domain.execution import Execution
    from pipeline.domain.parts import write_parts
    from pipeline.domain.tables import read_table, write_table

    where = Execution(workers, scheduler)
    taken: dict[str, Any] = {}
    clock, processor = time.perf_counter(), processor_time()

    def lap(name: str) -> None:
        nonlocal clock, processor
        now, used = time.perf_counter(), processor_time()
        taken[name] = {"seconds": now - clock, "processor": used - processor, "peak": peak()}
        clock, processor = now, used

    params = {"time_limit": 300, "memory_limit": 2048, "ocr": "off", "ocr_dpi": 200}
    table = stages.extract(stages.found([documents]), output / "blocks.parquet", params, where)
    write_table(table, output / "extracted.csv")
    lap("extract")
    parts = stages.segment(output / "blocks.parquet", table, {"min_words": 4}, None, where)
    taken["commitments"] = write_parts(parts, output / "segments.csv", "segments")
    lap("segment")
    code = stages.coder({"encoder": encoder}, model_folder, where)
    facts = read_table(output / "extracted.csv", "documents")
    facts, _ = stages.code_corpus(
        output / "segments.csv", facts, output / "blocks.parquet", code, output / "none", output / "classified.csv"
    )
    write_table(facts, output / "documents.csv")
    lap("classify")
    return taken


def processor_time() -> float:
    """Seconds of this process and of those that it has ended."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    )


def peak() -> dict[str, float]:
    """Largest resident memory so far, in MiB, of this process and of the largest one that it has ended."""
    return {
        name: resource.getrusage(who).ru_maxrss / 1024
        for name, who in (("own", resource.RUSAGE_SELF), ("worker", resource.RUSAGE_CHILDREN))
    }


def start(
    documents: Path, output: Path, cache: Path, encoder: str, model_folder: Path, workers: int = 1, scheduler: str = ""
) -> subprocess.Popen[bytes]:
    arguments = [str(documents), str(output), encoder, str(model_folder), str(workers), scheduler]
    environment = os.environ | {"PARTICIPATION_DEFICIT_CACHE": str(cache), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, __file__, "--one", *arguments], stdout=subprocess.PIPE, env=environment, cwd=ROOT
    )


def finished(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    out, _ = process.communicate()
    if process.returncode:
        sys.exit(f"a run failed (exit code {process.returncode})")
    return dict(json.loads(out.splitlines()[-1]))


def total(taken: dict[str, Any], what: str) -> float:
    return float(sum(taken[stage][what] for stage in ("extract", "segment", "classify")))


def digests(output: Path) -> dict[str, str]:
    """SHA-256 of each table of a run (without extracted.csv, which documents.csv repeats)."""
    names = ("blocks.parquet", "segments.csv", "classified.csv", "documents.csv")
    return {name: hashlib.sha256((output / name).read_bytes()).hexdigest() for name in names}


def growth(work: Path, sizes: list[int], encoder: str, model_folder: Path) -> None:
    print(f"\n| {' | '.join(HEADER)} |\n|{' --: |' * len(HEADER)}")
    base: dict[str, Any] = {}
    first = 0.0
    for size in [START, *sizes]:
        pages = compose(work / f"plans-{size}", size)
        taken = finished(
            start(work / f"plans-{size}", work / f"out-{size}", work / f"cache-{size}", encoder, model_folder)
        )
        if size == START:
            base, start_pages = taken, pages
            continue
        each = {
            stage: 1000 * (taken[stage]["processor"] - base[stage]["processor"]) / (pages - start_pages)
            for stage in ("extract", "segment", "classify")
        }
        whole = sum(each.values())
        first = first or whole
        largest = taken["classify"]["peak"]
        cells = [f"{count:,}" for count in (size, pages, taken["commitments"])] + [f"{total(taken, 'seconds'):.0f}"]
        cells += [f"{value:.1f}" for value in (*each.values(), whole)] + [f"{100 * (whole / first - 1):+.0f} %"]
        cells += [f"{largest[name]:.0f}" for name in ("own", "worker")]
        print(f"| {' | '.join(cells)} |", flush=True)


def added(work: Path, size: int, encoder: str, model_folder: Path) -> None:
    """One document more than in the run before."""
    pages = compose(work / "grown", size, PAGES)
    full = finished(start(work / "grown", work / "grown-out", work / "grown-cache", encoder, model_folder))
    compose(work / "more", size + 1, PAGES)
    more = finished(start(work / "more", work / "more-out", work / "grown-cache", encoder, model_folder))
    wall, core = (total(more, what) / total(full, what) for what in ("seconds", "processor"))
    print(
        f"\nOne document added to {size} ({pages:,} pages): {total(more, 'seconds'):.1f} s "
        f"after {total(full, 'seconds'):.1f} s for all "
        f"({100 * wall:.1f} %; processor time {100 * core:.1f} %)", flush=True,
    )  # fmt: skip


def killed(work: Path, size: int, encoder: str, model_folder: Path) -> None:
    """Kill -9 at several moments, run again with what is left, and compare with a run that was left alone."""
    documents = work / "killed"
    compose(documents, size)
    began = time.perf_counter()
    finished(start(documents, work / "alone", work / "alone-cache", encoder, model_folder))
    whole = time.perf_counter() - began
    for share in (0.3, 0.6, 0.9):
        output, cache = work / f"killed-{share}", work / f"killed-cache-{share}"
        process = start(documents, output, cache, encoder, model_folder)
        time.sleep(share * whole)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        left = sorted(path.name for path in output.glob("*")) if output.exists() else []
        finished(start(documents, output, cache, encoder, model_folder))
        same = "the same bytes" if digests(output) == digests(work / "alone") else "OTHER BYTES"
        moment = f"kill -9 after {100 * share:.0f} % of the time (exit code {process.returncode}"
        print(f"{moment}, left: {', '.join(left) or 'nothing'}), then run again: {same}", flush=True)


def dask(work: Path, size: int, encoder: str, model_folder: Path) -> None:
    """The same documents with one Dask worker and with two; the cluster's start is not counted."""
    from distributed import LocalCluster

    pages = compose(work / "spread", size, PAGES)
    compose(work / "warm", 40)
    seconds, marks = {}, {}
    for workers in (1, 2):
        os.environ["PARTICIPATION_DEFICIT_CACHE"] = str(work / f"dask-cache-{workers}")
        os.environ["OMP_NUM_THREADS"] = "1"
        with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster:
            address = cluster.scheduler_address
            for name in ("warm", "spread"):
                output = work / f"dask-{name}-{workers}"
                taken = finished(start(work / name, output, work / "unused", encoder, model_folder, 1, address))
            seconds[workers], marks[workers] = total(taken, "seconds"), digests(output)
    same = "the same bytes" if marks[1] == marks[2] else "OTHER BYTES"
    print(
        f"\nDask, {size} documents, {pages:,} pages: {seconds[1]:.1f} s with one worker, {seconds[2]:.1f} s with two "
        f"({seconds[1] / seconds[2]:.2f} times as fast), {same}; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        documents, output, encoder, model_folder, workers, scheduler = sys.argv[2:]
        print(json.dumps(journey(Path(documents), Path(output), encoder, Path(model_folder), int(workers), scheduler)))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", type=int, default=[100, 1000], help="documents (of `growth`)")
    parser.add_argument("--checks", nargs="+", default=["growth", "added", "killed", "dask"])
    parser.add_argument("--added-to", type=int, default=500, help="documents before one is added")
    parser.add_argument("--killed-at", type=int, default=100, help="documents of the run that is killed")
    parser.add_argument("--spread", type=int, default=100, help="documents of the Dask runs")
    parser.add_argument("--encoder", choices=("tuned", "lexical"), default="tuned")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        model_folder = models(given.encoder, work / "models")
        print(
            f"encoder {given.encoder}, {os.cpu_count()} cores, load at the start {os.getloadavg()[0]:.1f}", flush=True
        )
        if "growth" in given.checks:
            growth(work, sorted(given.sizes), given.encoder, model_folder)
        if "added" in given.checks:
            added(work, given.added_to, given.encoder, model_folder)
        if "killed" in given.checks:
            killed(work, given.killed_at, given.encoder, model_folder)
        if "dask" in given.checks:
            dask(work, given.spread, given.encoder, model_folder)


if __name__ == "__main__":
    main()
