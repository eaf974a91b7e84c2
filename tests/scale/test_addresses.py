"""A bucket works as a folder does: fsspec's memory file system in place of S3, and file addresses."""

import sys

import pytest
import yaml
from upath import UPath

from pipeline.commands import main
from pipeline.domain.execution import Execution
from pipeline.domain.params import ROOT
from pipeline.domain.places import place
from pipeline.domain.tables import read_table
from pipeline.extract.stage import extract_documents

from .conftest import EXTRACT


@pytest.fixture
def bucket(tmp_path, plans):
    """The plans behind an address; the folder beside them is empty."""
    found = place(f"memory://{tmp_path.name}")
    for file in plans.iterdir():
        target = found / "plans" / "deep" / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
    yield found
    UPath(found).fs.rm(UPath(found).path, recursive=True)


def without_paths(path):
    table = read_table(path)
    return table.drop(columns=[name for name in ("path",) if name in table])


def test_from_a_bucket_to_a_bucket_as_from_a_folder_to_a_folder(plans, bucket, tmp_path, travel):
    travel([plans], tmp_path / "here", Execution(1))
    travel([bucket / "plans"], bucket / "there", Execution(1))
    for name in ("blocks.parquet", "segments.csv", "classified.csv"):
        assert (tmp_path / "here" / name).read_bytes() == (bucket / "there" / name).read_bytes(), name
    for name in ("extracted.csv", "documents.csv"):
        assert without_paths(tmp_path / "here" / name).equals(without_paths(bucket / "there" / name)), name
    told = read_table(bucket / "there" / "documents.csv")
    assert all(path.startswith("memory://") for path in told["path"])
    assert "lead_institution" in read_table(bucket / "there" / "classified.csv")


def test_the_cache_may_lie_in_a_bucket(plans, bucket, monkeypatch):
    monkeypatch.setenv("PARTICIPATION_DEFICIT_CACHE", str(bucket / "cache"))
    paths = sorted(plans.glob("*.md"))
    first = extract_documents(paths, EXTRACT)
    assert len(list((bucket / "cache").rglob("*.json.gz"))) == 1

    def fail(*_, **__):
        raise AssertionError("read again")

    monkeypatch.setattr("pipeline.extract.isolation.ask", fail)
    second = extract_documents(paths, EXTRACT)
    assert all(one.equals(two) for one, two in zip(first, second, strict=True))


def test_a_document_that_is_not_behind_its_address_is_a_row_with_a_reason(bucket):
    _, documents = extract_documents([bucket / "plans" / "none.pdf"], EXTRACT)
    assert documents["status"].tolist() == ["missing"]
    assert "FileNotFoundError" in documents["reason"][0] and "check the path" in documents["reason"][0]


def test_files_of_one_name_in_two_folders_of_a_bucket_stay_apart(bucket):
    for folder in ("arboria", "belmar"):
        target = bucket / folder / "plan.md"
        target.parent.mkdir(parents=True)
        target.write_text(f"# Plan\n\nThe agency of {folder} publishes all of its contracts.\n", encoding="utf-8")
    blocks, documents = extract_documents([bucket / folder / "plan.md" for folder in ("arboria", "belmar")], EXTRACT)
    assert documents["document"].tolist() == ["arboria/plan.md", "belmar/plan.md"]
    assert set(blocks["document"]) == set(documents["document"])


@pytest.fixture
def params(tmp_path, monkeypatch):
    content = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    content["classify"]["encoder"] = "lexical"
    content["measure"]["bootstrap"] = 100
    content["extract"]["ocr"] = "off"
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_the_whole_dataset_from_an_address_to_an_address(
    kind, bucket, plans, tmp_path, small_models, params, monkeypatch
):
    given, output = (bucket / "plans", bucket / "out") if kind == "memory" else (plans.as_uri(), tmp_path / "out")
    told = output if kind == "memory" else output.as_uri()
    monkeypatch.setattr(
        sys, "argv", ["participation-deficit", "run", str(given), "-o", str(told), "--models", str(small_models)]
    )
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    assert {"report.html", "commitments.csv", "documents.csv", "datapackage.json"} <= {p.name for p in output.iterdir()}
    assert len(read_table(output / "documents.csv")) == 4


def test_an_address_of_an_unknown_kind_is_told_in_one_line(params, monkeypatch, capfd):
    monkeypatch.setattr(sys, "argv", ["participation-deficit", "extract", "nowhere://plans", "-o", "blocks.parquet"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith("participation-deficit: nowhere://plans: ")
