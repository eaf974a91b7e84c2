"""Damaged files in small numbers; `benchmarks/fuzz_extraction.py` does the same with a thousand."""

import importlib.util
import random
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.domain.codebook import Status
from pipeline.extract import worker

from .sheets import PARAMS

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "fuzz_extraction.py"


def load():
    spec = importlib.util.spec_from_file_location("fuzz_extraction", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FUZZ = load()


def test_damaged_files_get_a_status_and_a_reason(tmp_path):
    made = FUZZ.make(tmp_path, 45, seed=7)
    for path, _ in made:
        answer = worker.answer({"path": str(path), "params": PARAMS, "language": "", "mapping": ""})
        assert Status(answer["status"])
        assert answer["status"] == "ok" or answer["reason"], path.name
        assert "\n" not in answer["reason"]


def test_the_same_seed_makes_the_same_files(tmp_path):
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    first, second = (FUZZ.make(folder, 6, seed=3) for folder in folders)
    assert [path.read_bytes() for path, _ in first] == [path.read_bytes() for path, _ in second]


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=400), st.sampled_from(["pdf", "docx", "xlsx", "html", "md", "rst", "txt", "csv"]), st.randoms()
)
def test_any_bytes_under_any_name(tmp_path_factory, data, suffix, chance: random.Random):
    head = chance.choice([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<html>", b"title,text\n"])
    path = tmp_path_factory.mktemp("any") / f"plan.{suffix}"
    path.write_bytes(head + data)
    answer = worker.answer({"path": str(path), "params": PARAMS, "language": "", "mapping": ""})
    assert answer["status"] == "ok" or answer["reason"]
