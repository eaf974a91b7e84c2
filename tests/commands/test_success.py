"""What the commands write for good input, and for folders in which single documents are bad."""

import pandas as pd
import pytest
from reportlab.lib import pdfencrypt
from reportlab.pdfgen.canvas import Canvas

from pipeline.domain.schema import CLASSIFIED

PLAN = """# Open plan 2024

## Commitment 1: Open data portal

The ministry will publish all budget data on a new open data portal in machine-readable formats by 2025.

## Commitment 2: Co-created AI strategy

The agency will co-create the national AI strategy jointly with civil society organisations in six workshops.

## Commitment 3: Online complaints

Citizens will be able to report problems with public works through an online complaint system from 2026 on.
"""


@pytest.fixture
def bad_folder(tmp_path):
    """A folder with one good plan and three documents that cannot be read."""
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "plan.md").write_text(PLAN, encoding="utf-8")
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing")
    secret = Canvas(str(folder / "secret.pdf"), encrypt=pdfencrypt.StandardEncryption("a", ownerPassword="b"))
    secret.drawString(72, 700, "The agency publishes all of its contracts.")
    secret.save()
    return folder


def test_classify_keeps_columns_and_adds_the_codes(command, params, small_models):
    (params / "plans.csv").write_text(
        "id;title;text;note\n007;Portal;Publicar datos abiertos en un portal.;a\n8;;Citizens vote on the budget;b\n",
        encoding="utf-8-sig",
    )
    told = command("classify", "plans.csv", "--output", "new/out.csv", "--models", small_models)
    assert (told.code, told.out, told.err) == (0, "", "")
    coded = pd.read_csv(params / "new" / "out.csv", dtype=str, keep_default_na=False)
    assert coded["id"].tolist() == ["007", "8"] and coded["note"].tolist() == ["a", "b"]
    assert set(CLASSIFIED.names) <= set(coded.columns)
    first = (params / "new" / "out.csv").read_bytes()
    command("classify", "plans.csv", "--output", "new/out.csv", "--models", small_models)
    assert (params / "new" / "out.csv").read_bytes() == first


def test_extract_lists_bad_documents_and_goes_on(command, params, bad_folder):
    told = command("extract", bad_folder, "--output", "pages.parquet", "--documents", "documents.csv")
    assert told.code == 0 and "Traceback" not in told.err
    assert sorted(line.split(":")[0] for line in told.err.splitlines()) == ["broken.pdf", "empty.pdf", "secret.pdf"]
    documents = pd.read_csv(params / "documents.csv", keep_default_na=False).set_index("document")
    assert documents["status"].to_dict() == {
        "broken.pdf": "unreadable",
        "empty.pdf": "empty",
        "plan.md": "ok",
        "secret.pdf": "encrypted",
    }
    assert documents["reason"].drop("plan.md").str.contains(";|:|,| ").all()
    assert set(pd.read_parquet(params / "pages.parquet")["document"]) == {"plan.md"}


def test_segment_of_a_file(command, params, bad_folder):
    told = command("segment", bad_folder / "plan.md", "--output", "commitments.csv")
    assert told.code == 0
    found = pd.read_csv(params / "commitments.csv")
    assert found["document"].eq("plan.md").all()
    assert [title.split(": ")[-1] for title in found["title"]] == [
        "Open data portal",
        "Co-created AI strategy",
        "Online complaints",
    ]


def test_run_writes_the_whole_dataset(command, params, bad_folder, small_models):
    told = command("run", bad_folder, "--output", "out", "--models", small_models)
    assert told.code == 0 and "Traceback" not in told.err
    assert "3 commitments from 1 of 4 documents" in told.err
    assert {"documents.csv", "commitments.csv", "deficit.csv", "datapackage.json", "report.html"} <= {
        path.name for path in (params / "out").iterdir()
    }
    documents = pd.read_csv(params / "out" / "documents.csv", keep_default_na=False).set_index("document")
    assert documents["status"].to_dict()["secret.pdf"] == "encrypted"
    assert documents.loc["empty.pdf", "reason"] != ""
    commitments = pd.read_csv(params / "out" / "commitments.csv", keep_default_na=False)
    assert len(commitments) == 3
    for row in commitments.itertuples():
        assert row.evidence in row.text or row.evidence in row.title


@pytest.mark.parametrize("name", ["empty.pdf", "secret.pdf"])
def test_run_on_nothing_but_a_bad_document_still_lists_it(command, params, bad_folder, small_models, name):
    told = command("run", bad_folder / name, "--output", "out", "--models", small_models)
    assert told.code == 0 and "Traceback" not in told.err
    assert any(line.startswith(f"{name}: ") for line in told.err.splitlines())
    documents = pd.read_csv(params / "out" / "documents.csv", keep_default_na=False)
    assert documents["document"].tolist() == [name] and documents["reason"][0] != ""


def test_train_and_evaluate(command, params, few_labelled):
    told = command("train", "--labelled", few_labelled, "--vectors", "none", "--models", "models")
    assert told.code == 0 and "trained lexical-" in told.err
    stored = {path.name for path in (params / "models" / "classifier").iterdir()}
    assert stored == {"heads.npz", "lexical.json", "lexical.skops", "model.json", "out_of_fold.csv"}
    (params / "none").mkdir()
    (params / "none" / "real.csv").write_text("id,cluster,iap2_level,unseen\nr1,service_design,none,\n")
    told = command("evaluate", "--models", "models", "--vectors", "none", "--output", "evaluation")
    assert told.code == 0 and "cluster macro-F1" in told.err
    assert (params / "evaluation" / "metrics.json").exists()


def test_add_then_collect(command, params):
    (params / "plan.md").write_text(PLAN, encoding="utf-8")
    (params / "corpus").mkdir()
    told = command(
        "add", "plan.md", "--country", "BRA", "--year", "2024", "--kind", "nap", "--sources", "corpus/sources.csv"
    )
    assert told.code == 0 and "corpus/sources.csv: added" in told.err
    told = command("collect", "--sources", "corpus/sources.csv", "--output", "sources.csv")
    assert told.code == 0
    assert pd.read_csv(params / "sources.csv", keep_default_na=False)["status"].tolist() == ["ok"]
