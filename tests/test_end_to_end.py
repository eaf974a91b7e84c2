"""The whole journey in a temporary clone: `dvc repro` on the sample corpus, checked against the samples' own gold."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from pipeline.domain.codebook import LEVEL_RANK
from pipeline.publish.safe_csv import neutralise

ROOT = Path(__file__).resolve().parents[1]


def _environment(clone: Path, cache: Path) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    extra = {"PATH": path, "PYTHONPATH": str(clone), "PARTICIPATION_DEFICIT_CACHE": str(cache), "DVC_NO_ANALYTICS": "1"}
    return {**os.environ, **extra}


def _run(command: list[str], clone: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=clone, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def _digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A clone of the repository in which `dvc repro` has run once."""
    clone = tmp_path_factory.mktemp("clone") / "project"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    environment = _environment(clone, clone.parent / "cache")
    _run(["dvc", "repro"], clone, environment)
    return clone, environment


@pytest.fixture(scope="module")
def dataset(repository: tuple[Path, dict[str, str]]) -> Path:
    return repository[0] / "dataset"


@pytest.fixture(scope="module")
def gold() -> pd.DataFrame:
    units = [json.loads(line) for line in (ROOT / "corpus/samples/gold/segments.jsonl").read_text("utf-8").splitlines()]
    labels = pd.read_csv(ROOT / "corpus/samples/gold/labels.csv", keep_default_na=False)
    return (
        pd.DataFrame(units)
        .rename(columns={"doc": "document"})
        .merge(labels, on=["document", "n"], suffixes=("", "_label"))
    )


def test_every_sample_document_is_listed_and_read(dataset: Path) -> None:
    documents = pd.read_csv(dataset / "documents.csv").set_index("document")
    assert len(documents) == len(pd.read_csv(ROOT / "corpus/sources.csv"))
    read = documents["status"].isin(["ok", "partial"])
    unread = set(documents.index[~read])
    if shutil.which("tesseract"):
        assert not unread
    else:
        assert len(unread) <= 1, "only the scanned plan needs an OCR engine"
        assert documents.loc[sorted(unread), "reason"].str.contains("OCR").all()


def test_commitments_are_those_of_the_gold(dataset: Path, gold: pd.DataFrame) -> None:
    commitments = pd.read_csv(dataset / "commitments.csv", keep_default_na=False)
    found, expected = Counter(commitments["document"]), Counter(gold["document"])
    for document, count in expected.items():
        if found[document] or shutil.which("tesseract"):
            assert found[document] == count, document


def test_codes_agree_with_the_gold_better_than_chance(dataset: Path, gold: pd.DataFrame) -> None:
    commitments = pd.read_csv(dataset / "commitments.csv", keep_default_na=False)
    commitments["n"] = commitments.groupby("document").cumcount() + 1
    joined = commitments.merge(gold, on=["document", "n"], suffixes=("", "_gold"))
    same_cluster = (joined["cluster"] == joined["cluster_gold"]).mean()
    near_level = (joined["iap2_level"].map(LEVEL_RANK) - joined["iap2_level_gold"].map(LEVEL_RANK)).abs() <= 1
    commonest = gold["cluster"].value_counts(normalize=True).max()
    assert same_cluster > commonest + 0.25
    assert near_level.mean() > 0.75


def test_evidence_is_a_quotation_on_its_page(dataset: Path) -> None:
    commitments = pd.read_csv(dataset / "commitments.csv", keep_default_na=False)
    raised = commitments[commitments["iap2_level"] != "none"]
    assert len(raised) > 20
    for row in raised.itertuples():
        assert row.evidence and (row.evidence in row.text or row.evidence in row.title), row.commitment_id
        assert int(row.page_start) <= int(row.evidence_page) <= int(row.page_end), row.commitment_id
    assert (commitments.loc[commitments["iap2_level"] == "none", "evidence"] == "").all()


def test_headline_deficit_stands_with_its_interval(dataset: Path) -> None:
    deficit = pd.read_csv(dataset / "deficit.csv", keep_default_na=False)
    headline = deficit[(deficit["measure"] == "below_threshold") & (deficit["grouping"] == "all")]
    assert len(headline) == 1
    row = headline.iloc[0]
    assert 0 <= float(row["low"]) <= float(row["estimate"]) <= float(row["high"]) <= 1
    assert int(row["n"]) > 40


def test_nothing_to_do_the_second_time(repository: tuple[Path, dict[str, str]]) -> None:
    assert "up to date" in _run(["dvc", "repro"], *repository)


def test_same_inputs_give_the_same_bytes(repository: tuple[Path, dict[str, str]]) -> None:
    clone, environment = repository
    first = _digests(clone / "dataset"), _digests(clone / "models" / "classifier")
    _run(["dvc", "repro", "--force"], clone, environment)
    assert (_digests(clone / "dataset"), _digests(clone / "models" / "classifier")) == first


def _office(folder: Path, file: str, *options: str) -> None:
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = ["libreoffice", profile, "--headless", *options, "--outdir", str(folder / "office"), file]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)


def _corrected(queue: pd.DataFrame, reviewer: str) -> pd.DataFrame:
    """The rows of a queue with another cluster and another level than the model gave, as a reviewer writes them."""
    cluster = queue["predicted_cluster"].map(lambda said: "Strategy Policy" if said != "strategy_policy" else "2")
    cluster = cluster.replace("2", "tech_regulation")
    level = queue["predicted_iap2_level"].map(lambda said: "Consult" if said != "consult" else "1 inform")
    return queue.assign(
        reviewer=reviewer, reviewed_cluster=cluster, reviewed_iap2_level=level, reviewed_on="2026-03-31",
        comment="=1+1; déjà vu, “quoted”",
    )  # fmt: skip


def test_a_round_of_reviews_through_a_spreadsheet_program(repository: tuple[Path, dict[str, str]]) -> None:
    """Queue out, corrected as XLSX and as CSV, both through LibreOffice and back, imported, retrained, compared."""
    if shutil.which("libreoffice") is None:
        if os.environ.get("PARTICIPATION_DEFICIT_REQUIRE_SYSTEM") == "1":
            pytest.fail("LibreOffice is required here and not installed")
        pytest.skip("LibreOffice is not installed")
    clone, environment = repository
    program = ["participation-deficit"]
    before = json.loads((clone / "models/classifier/model.json").read_text(encoding="utf-8"))
    _run([*program, "review", "export", "--size", "24"], clone, environment)
    sheets = clone / "review"
    queue = pd.read_csv(sheets / "queue.csv", dtype=str, keep_default_na=False)
    assert len(queue) == 24 and "data:image/png" in (sheets / "queue.html").read_text(encoding="utf-8")

    given = pd.concat([_corrected(queue[:12], "Zoë"), _corrected(queue[12:], "Núria")])
    book = load_workbook(sheets / "queue.xlsx")
    names = [cell.value for cell in book["queue"][1]]
    for place in range(12):
        for name in ("reviewer", "reviewed_cluster", "reviewed_iap2_level", "reviewed_on", "comment"):
            cell = book["queue"].cell(place + 2, names.index(name) + 1)
            cell.value, cell.data_type = given.iloc[place][name], "s"
    book.save(sheets / "zoe.xlsx")
    # In a CSV a formula is text only behind an apostrophe, as the export writes it.
    given[12:].map(neutralise).to_csv(sheets / "nuria.csv", index=False, encoding="utf-8-sig")
    for file in ("zoe.xlsx", "nuria.csv"):
        options = ["--infilter=Text - txt - csv (StarCalc):44,34,76,1"] if file.endswith("csv") else []
        _office(sheets, file, *options, "--convert-to", "ods")
    _office(sheets, "office/zoe.ods", "--convert-to", "xlsx")
    _office(sheets, "office/nuria.ods", "--convert-to", "csv:Text - txt - csv (StarCalc):59,34,ANSI,1")
    command = [*program, "review", "import", "review/office/zoe.xlsx", "review/office/nuria.csv"]
    _run(command, clone, environment)
    reviews = pd.read_csv(clone / "corpus/reviewed/reviews.csv", dtype=str, keep_default_na=False)
    assert list(reviews["commitment_id"]) == list(queue["commitment_id"])
    assert reviews["reviewer"].tolist() == ["Zoë"] * 12 + ["Núria"] * 12
    assert set(reviews["comment"]) == {"=1+1; déjà vu, “quoted”"} and set(reviews["given"]) == {"2026-03-31"}
    assert (reviews["cluster"] != reviews["model_cluster"]).all()
    assert (reviews["iap2_level"] != reviews["model_iap2_level"]).all()

    told = _run(["dvc", "repro"], clone, environment)
    assert "'extract' didn't change" in told and "Running stage 'train'" in told
    after = json.loads((clone / "models/classifier/model.json").read_text(encoding="utf-8"))
    assert after["rows"] == before["rows"] | {"reviewed": 24} and after["id"] != before["id"]
    published = pd.read_csv(clone / "dataset/commitments.csv", keep_default_na=False).set_index("commitment_id")
    mine = published.loc[reviews["commitment_id"]]
    assert set(mine["source"]) == {"review"} and (published["source"] == "review").sum() == 24
    for code in ("cluster", "iap2_level"):
        assert mine[code].tolist() == reviews[code].tolist()
    agreement = pd.read_csv(clone / "dataset/agreement.csv").set_index("agreement_id")
    assert agreement.loc["reviewer_model/cluster/all/share", ["agreement", "n"]].tolist() == [0, 24]
    assert "Reviewer and model" in (clone / "dataset/report.html").read_text(encoding="utf-8")

    told = _run([*program, "review", "impact"], clone, environment)
    assert "rows that it was tested on both before and after" in told and "24 new, 0 gone" in told
    flipped = pd.read_csv(sheets / "impact/labels.csv")
    assert set(flipped.loc[flipped["source"] == "review", "commitment_id"]) == set(queue["commitment_id"])
    assert "below_threshold/involve" not in told.split("Whole corpus")[0] and "below_threshold/involve" in told
    assert "cluster_macro_f1" in _run(["dvc", "metrics", "diff"], clone, environment)
    suspects = pd.read_csv(sheets / "impact/suspected-labels.csv")
    assert set(suspects["code"]) <= {"cluster", "iap2_level"}
    assert (
        "0 reviews added, 12 known"
        in subprocess.run(command, cwd=clone, env=environment, capture_output=True, text=True).stderr
    )
