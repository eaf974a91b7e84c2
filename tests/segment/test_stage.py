"""The stage: many documents in, one table out; and, where the files are at hand, the samples and the gold units."""

import importlib.util
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from pipeline.domain.errors import UserError
from pipeline.domain.schema import BLOCKS, SEGMENTS
from pipeline.extract.document import extract_document
from pipeline.segment import stage
from pipeline.segment.document import segment_document
from pipeline.segment.stage import segment_documents

from .layouts import labelled, narrative
from .test_layouts import bag

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "corpus" / "samples"
SHARED = ROOT.parent / "shared"
PARAMS = {"min_words": 4}


def documents(*names: str, **columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"document": list(names), "language": "", "kind": "", "method": "", "path": ""} | columns)


def named(plan_frame: pd.DataFrame, name: str) -> pd.DataFrame:
    return plan_frame.assign(document=name)


def test_documents_come_in_the_order_of_their_list_and_one_without_text_gives_nothing() -> None:
    one = named(labelled("en", "Commitment", ": ", "Theme").frame(), "b.pdf")
    two = named(narrative("es").frame(), "a.pdf")
    found = segment_documents(pd.concat([two, one]), documents("b.pdf", "empty.pdf", "a.pdf"), PARAMS, None)
    assert list(found["document"].unique()) == ["b.pdf", "a.pdf"]
    assert list(found.columns) == SEGMENTS.names
    assert found["commitment_id"].is_unique


def test_corrections_of_a_folder_are_applied(tmp_path: Path) -> None:
    blocks = labelled("en", "Commitment", ": ", "Theme").frame()
    (tmp_path / "mine.csv").write_text(
        "document,action,commitment\nplan.pdf,drop,Open the land register\n", encoding="utf-8"
    )
    found = segment_documents(blocks, documents("plan.pdf"), PARAMS, tmp_path)
    assert "Open the land register" not in set(found["title"]) and len(found) == 8


def test_a_wrong_correction_stops_the_stage(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("document,action\nplan.pdf,fix\n", encoding="utf-8")
    with pytest.raises(UserError, match="action 'fix'"):
        segment_documents(labelled("en", "Action", ": ", "Theme").frame(), documents("plan.pdf"), PARAMS, tmp_path)


def test_what_was_cut_once_is_not_cut_again_until_something_changes(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PARTICIPATION_DEFICIT_CACHE", str(tmp_path / "kept"))
    cut = []
    original = stage.segment_document
    monkeypatch.setattr(stage, "segment_document", lambda *given: cut.append(given) or original(*given))
    blocks, plan = labelled("en", "Action", ": ", "Theme").frame(), documents("plan.pdf")
    first = segment_documents(blocks, plan, PARAMS, None)
    again = segment_documents(blocks, plan, PARAMS, None)
    assert len(cut) == 1 and len(first) > 1
    pd.testing.assert_frame_equal(first, again)
    changed = blocks.assign(text=blocks["text"].str.replace("the", "The", n=1))
    segment_documents(changed, plan, PARAMS, None)
    segment_documents(blocks, plan, {"min_words": 9}, None)
    segment_documents(blocks, documents("plan.pdf", language=["es"]), PARAMS, None)
    assert len(cut) == 4


def test_a_table_of_commitments_is_taken_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text(
        "Commitment Title,Commitment Text,Lead Institution\n"
        "Open register,The ministry will open the register.,Ministry of Works\n"
        "Ouvrir le registre,Le ministère ouvrira le registre foncier.,Office\n",
        encoding="utf-8",
    )
    extraction = extract_document(path, {})
    table = documents("table.csv", method=["commitment table"], path=[str(path)])
    found = segment_documents(extraction.blocks, table, PARAMS, None)
    assert list(found["title"]) == ["Open register", "Ouvrir le registre"]
    assert list(found["language"]) == ["en", "fr"]
    assert list(found["lead_institution"]) == ["Ministry of Works", "Office"]
    assert found["country"].eq("").all() and found["year"].isna().all()
    moved = table.assign(path="elsewhere.csv")
    bare = segment_documents(extraction.blocks, moved, PARAMS, None)
    assert list(bare["text"]) == list(found["text"]) and list(bare["commitment_id"]) == list(found["commitment_id"])


def test_a_mapping_serves_all_fields_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    rows = ["Where,When,What,Who", "Kenya,2020,The ministry will open the register.,Ministry of Works"]
    path.write_text("\n".join([*rows, "Perú,2022,El ministerio abrirá el registro.,Ministerio\n"]), encoding="utf-8")
    mapping = "country=Where|year=When|text=What|lead_institution=Who"
    blocks = extract_document(path, {}, mapping=mapping).blocks
    table = documents("table.csv", method=["commitment table"], path=[str(path)], mapping=[mapping])
    found = segment_documents(blocks, table, PARAMS, None)
    assert list(found["country"]) == ["KEN", "PER"] and list(found["year"]) == [2020, 2022]
    assert list(found["lead_institution"]) == ["Ministry of Works", "Ministerio"]


def test_no_blocks_at_all_give_an_empty_table() -> None:
    found = segment_documents(pd.DataFrame(columns=BLOCKS.names), documents("a.pdf"), PARAMS, None)
    assert found.empty and list(found.columns) == SEGMENTS.names


def sample_gold() -> dict[str, list[dict]]:
    units: dict[str, list[dict]] = {}
    for line in (SAMPLES / "gold" / "segments.jsonl").read_text(encoding="utf-8").splitlines():
        unit = json.loads(line)
        units.setdefault(unit["doc"], []).append(unit)
    return units


@pytest.mark.parametrize("name", sorted(name for name in sample_gold() if not name.endswith(".csv")))
def test_every_sample_is_segmented_exactly(name: str) -> None:
    scanned = name.startswith("xpt-")
    if scanned and not shutil.which("tesseract"):
        pytest.skip("the scanned sample needs tesseract")
    extraction = extract_document(SAMPLES / "documents" / name, {"ocr": "auto", "ocr_dpi": 200})
    found = segment_document(extraction.blocks)
    gold = sample_gold()[name]
    assert [(row.number, row.title) for row in found.itertuples()] == [(u["number"], u["title"]) for u in gold]
    assert list(found["page_start"]) == [unit["page_start"] for unit in gold]
    if not scanned:  # letters that OCR misreads are not the segmentation's
        assert [bag(text) for text in found["text"]] == [bag(unit["text"]) for unit in gold]


@pytest.mark.skipif(not (SHARED / "segments").is_dir(), reason="the gold units are not at hand")
def test_the_gold_units_are_met() -> None:
    spec = importlib.util.spec_from_file_location("segments_scorer", SHARED / "score" / "segments.py")
    assert spec and spec.loader
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    files = {path.name: path for path in (SHARED / "documents").rglob("*") if path.is_file()}
    results = []
    for path in sorted((SHARED / "segments").glob("*.jsonl")):
        gold = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        extraction = extract_document(files[gold[0]["doc"]], {"ocr": "off"})
        results.append(scorer.score(segment_document(extraction.blocks), gold))
    table = pd.DataFrame(results)
    assert table["f1"].mean() >= 0.90 and table["f1"].min() >= 0.70
    assert table["overlap"].mean() >= 0.90 and table["first_page"].mean() >= 0.95
