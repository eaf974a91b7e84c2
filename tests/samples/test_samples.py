"""The sample corpus: rendering is reproducible, and its gold is consistent with the codebook and with the documents."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest

from pipeline.collect.sources import check_sources, read_sources
from pipeline.domain import codebook

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "corpus" / "samples"
DOCUMENTS = SAMPLES / "documents"
SEGMENTS = [json.loads(line) for line in (SAMPLES / "gold" / "segments.jsonl").read_text("utf-8").splitlines()]
with (SAMPLES / "gold" / "labels.csv").open(encoding="utf-8", newline="") as handle:
    LABELS = list(csv.DictReader(handle))
FILES = sorted(path.name for path in DOCUMENTS.iterdir())


def name_of(row: dict[str, str]) -> str:
    return f"{row['document']} {row['n']}"


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("rendered")
    command = [sys.executable, "-m", "corpus.samples.render", "--output", str(output)]
    subprocess.run(command, cwd=ROOT, check=True)
    return output


def test_rendering_again_gives_the_committed_bytes(rendered: Path) -> None:
    for folder in ("documents", "gold"):
        again = {path.name: path.read_bytes() for path in (rendered / folder).iterdir()}
        committed = {path.name: path.read_bytes() for path in (SAMPLES / folder).iterdir()}
        assert sorted(again) == sorted(committed)
        assert [name for name in committed if again[name] != committed[name]] == []


def test_corpus_is_large_and_varied_enough_and_small_to_carry() -> None:
    assert len(FILES) >= 8
    assert len(SEGMENTS) >= 60
    assert {segment["language"] for segment in SEGMENTS} == {"en", "es", "fr", "pt"}
    assert {Path(name).suffix for name in FILES} >= {".pdf", ".docx", ".html", ".csv", ".md"}
    assert sum(path.stat().st_size for path in SAMPLES.rglob("*") if path.is_file()) < 3_000_000


def test_every_document_is_listed_with_a_user_assigned_country_and_a_free_licence() -> None:
    sources = read_sources(ROOT / "corpus" / "sources.csv")
    mine = sources[sources["path"].str.startswith("samples/documents/")]
    assert sorted(path.rpartition("/")[2] for path in mine["path"]) == FILES
    assert set(mine["licence"]) == {"CC0-1.0"}
    assert all(code[0] in "XQ" or code.startswith("ZZ") for code in mine["country"])
    checked = check_sources(ROOT / "corpus" / "sources.csv")
    assert set(checked.loc[mine.index, "status"]) == {"ok"}


def test_every_document_says_that_it_is_illustrative() -> None:
    for name in FILES:
        source = (SAMPLES / "source" / name).with_suffix(".yaml").read_text("utf-8")
        notice = next(line for line in source.splitlines() if line.startswith("notice: ")).removeprefix("notice: ")
        content = (DOCUMENTS / name).read_bytes()
        if name.endswith(".pdf"):
            pdf = pypdfium2.PdfDocument(content)
            assert pdf.get_metadata_dict()["Subject"] == notice
        else:
            assert notice.split("'")[0].encode("utf-8") in content


def test_gold_segments_and_labels_are_the_same_units() -> None:
    assert [(s["doc"], s["n"], s["title"]) for s in SEGMENTS] == [
        (row["document"], int(row["n"]), row["title"]) for row in LABELS
    ]
    assert {row["document"] for row in LABELS} == set(FILES)


def test_labels_use_the_codebooks_words() -> None:
    closed = {
        "cluster": codebook.CLUSTERS,
        "iap2_level": codebook.LEVELS,
        "participation_in": codebook.PARTICIPATION_IN,
    }
    lists = {"publics": codebook.PUBLICS, "policy_areas": codebook.POLICY_AREAS, "touchpoints": codebook.TOUCHPOINTS}
    for row in LABELS:
        assert all(row[column] in values for column, values in closed.items()), name_of(row)
        assert all(set(row[column].split("|")) <= {"", *values} for column, values in lists.items()), name_of(row)


def test_labels_keep_the_codebooks_dependencies() -> None:
    for row in LABELS:
        level = row["iap2_level"]
        formal = level not in ("none", "inform")
        assert (row["participation_in"] == "none") == (level == "none" or row["cluster"] == "not_digital"), name_of(row)
        assert (row["mandate"] in codebook.MANDATES) == formal, name_of(row)
        assert bool(row["touchpoints"]) == formal, name_of(row)
        assert bool(row["evidence"]) == (level != "none"), name_of(row)
        assert set(row["publics"].split("|")) <= {"", "experts", "industry"} or level != "none", name_of(row)
        assert row["publics"] or level == "none", name_of(row)


def test_evidence_is_a_short_exact_quotation() -> None:
    for row, segment in zip(LABELS, SEGMENTS, strict=True):
        assert row["evidence"] in segment["text"], name_of(row)
        assert len(row["evidence"].split()) <= 25, name_of(row)


def test_all_clusters_and_levels_occur_and_most_commitments_fall_short() -> None:
    assert {row["cluster"] for row in LABELS} == set(codebook.CLUSTERS)
    in_scope = [codebook.LEVEL_RANK[row["iap2_level"]] for row in LABELS if row["cluster"] in codebook.IN_SCOPE]
    assert set(in_scope) == set(codebook.LEVEL_RANK.values())
    below = sum(rank < codebook.LEVEL_RANK["involve"] for rank in in_scope) / len(in_scope)
    assert 0.6 < below < 0.9


def test_the_scan_has_no_text_layer() -> None:
    pdf = pypdfium2.PdfDocument(DOCUMENTS / "xpt-plano-acao-2019.pdf")
    assert [page.get_textpage().get_text_range() for page in pdf] == [""] * len(pdf)


def letters(text: str) -> str:
    """`text` without what line breaks and divided words change."""
    return "".join(character for character in text if character.isalnum())


@pytest.mark.parametrize(
    "name", [name for name in FILES if name.endswith(".pdf") and name != "xpt-plano-acao-2019.pdf"]
)
def test_gold_pages_hold_the_units(name: str) -> None:
    pages = [letters(page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(DOCUMENTS / name)]
    for segment in (segment for segment in SEGMENTS if segment["doc"] == name):
        lines = segment["text"].splitlines()
        first, last = segment["page_start"] - 1, segment["page_end"] - 1
        assert letters(lines[0])[:25] in pages[first], (name, segment["n"])
        assert letters(lines[-1])[-12:] in pages[last], (name, segment["n"])
