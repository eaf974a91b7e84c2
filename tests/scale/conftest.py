"""A real Dask cluster on this machine, a small corpus of several formats, and the journey through it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline import journey
from pipeline.domain.execution import Execution
from pipeline.domain.parts import write_parts
from pipeline.domain.tables import read_table, write_table

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "corpus" / "samples" / "documents"
PLANS = ("qsb-estrategia-digital-2020.md", "xen-digital-government-plan-2022.html", "zzb-commitments-2021.csv")
EXTRACT = {"time_limit": 60, "memory_limit": 2048, "ocr": "off", "ocr_dpi": 150}


@pytest.fixture(scope="session")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a scheduler with two workers, which know the misbehaving worker of the extraction tests."""
    distributed = pytest.importorskip("distributed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT / "tests" / "extract"))
        patch.setenv("PARTICIPATION_DEFICIT_CACHE", str(tmp_path_factory.mktemp("cluster-cache")))
        with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
            yield cluster.scheduler_address


@pytest.fixture
def scheduler_of_one(tmp_path: Path) -> Iterator[str]:
    """Address of a scheduler with a single worker."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster.scheduler_address


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    """A folder with plans of three formats and a file that is none."""
    folder = tmp_path / "plans"
    folder.mkdir()
    for name in PLANS:
        shutil.copy(SAMPLES / name, folder)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 cut off")
    return folder


@pytest.fixture
def travel(small_models: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[list[Path], Path, Execution], None]:
    """The journey of documents to a folder that then holds the four intermediate tables."""

    def go(paths: list[Path], output: Path, execution: Execution) -> None:
        monkeypatch.setenv("PARTICIPATION_DEFICIT_CACHE", str(output.with_name(f"{output.name}-cache")))
        documents = journey.extract(journey.found(paths), output / "blocks.parquet", EXTRACT, execution)
        parts = journey.segment(output / "blocks.parquet", documents, {"min_words": 4}, None, execution)
        write_parts(parts, output / "segments.csv", "segments")
        write_table(documents, output / "extracted.csv")
        code = journey.coder({"encoder": "lexical"}, small_models, execution)
        known = read_table(output / "extracted.csv", "documents")
        facts, _ = journey.code_corpus(
            output / "segments.csv", known, output / "blocks.parquet", code, Path("none"), output / "classified.csv"
        )
        write_table(facts, output / "documents.csv")

    return go
