"""The shared real documents, where they lie beside the repository: nothing of them is kept here."""

import importlib.util
import json
from pathlib import Path

import pytest

from pipeline.domain.codebook import Status
from pipeline.extract.document import extract_document

from .sheets import PARAMS

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
GOLD = sorted((SHARED / "segments").glob("*.jsonl")) if SHARED.is_dir() else []

pytestmark = pytest.mark.skipif(not GOLD, reason="the shared real documents are not here")


def in_order(unit, text):
    spec = importlib.util.spec_from_file_location("extraction_benchmark", ROOT / "benchmarks" / "extraction.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.in_order(unit, text)


@pytest.mark.parametrize("gold", GOLD, ids=lambda path: path.stem)
def test_the_gold_units_words_are_read_in_order(gold):
    units = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    path = next((SHARED / "documents").rglob(units[0]["doc"]))
    extraction = extract_document(path, PARAMS)
    assert extraction.status in (Status.OK, Status.PARTIAL)
    rows = extraction.blocks[~extraction.blocks["kind"].isin(["header", "footer", "footnote"])]
    found = wanted = 0
    for unit in units:
        mine = rows[(rows["page"] <= unit["page_end"]) & (rows["page_end"] >= unit["page_start"])]
        a, b = in_order(unit["text"], "\n".join(mine["marker"] + " " + mine["text"]))
        found, wanted = found + a, wanted + b
    assert found / wanted >= 0.985
