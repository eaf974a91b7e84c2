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

from pipeline.domain.codebook import LEVEL_RANK

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
