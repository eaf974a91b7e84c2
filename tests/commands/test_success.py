"""What the commands write for good input, and for folders in which single documents are bad."""

import json
import re

import pandas as pd
import pytest
from reportlab.lib import pdfencrypt
from reportlab.pdfgen.canvas import Canvas

from pipeline.domain.schema import CLASSIFIED, REVIEWS
from pipeline.publish.package import code_version
from pipeline.review.history import append

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


def test_run_applies_the_reviews_of_its_commitments(command, params, bad_folder, small_models):
    arguments = ("run", bad_folder / "plan.md", "--output", "out", "--models", small_models, "--reviewed", "reviewed")
    assert command(*arguments).code == 0
    coded = pd.read_csv(params / "out" / "commitments.csv", keep_default_na=False)
    assert set(coded["source"]) == {"model"} and pd.read_csv(params / "out" / "agreement.csv").empty
    other = "not_digital" if coded.loc[1, "cluster"] != "not_digital" else "service_design"
    facts = {"version": 1, "reviewer": "R1", "status": "done", "adjudication": False, "random": True}
    reviews = pd.DataFrame([{"review_id": "a", **facts}, {"review_id": "b", **facts}]).assign(
        commitment_id=[coded.loc[1, "commitment_id"], "of-another-plan"], cluster=other, iap2_level="consult",
        model_cluster=coded.loc[1, "cluster"], model_iap2_level=coded.loc[1, "iap2_level"],
    )  # fmt: skip
    append(params / "reviewed", reviews.reindex(columns=REVIEWS.names).fillna(""))
    told = command(*arguments)
    assert told.code == 0 and "of-another-plan" not in told.err
    after = pd.read_csv(params / "out" / "commitments.csv", keep_default_na=False)
    assert after["source"].tolist() == ["model", "review", "model"]
    assert after.loc[1, ["cluster", "iap2_level"]].tolist() == [other, "consult"]
    agreement = pd.read_csv(params / "out" / "agreement.csv").set_index("agreement_id")
    assert agreement.loc["reviewer_model/cluster/all/share", ["agreement", "n"]].tolist() == [0, 1]
    described = json.loads((params / "out" / "datapackage.json").read_text(encoding="utf-8"))
    assert described["parameters"]["classify"]["encoder"] == "lexical"
    assert described["versions"]["code"] == code_version() and described["versions"]["model"]
    # The plan lies beside the output's folder, not in it: the report's links lead there all the same.
    page = (params / "out" / "report.html").read_text(encoding="utf-8")
    (link,) = set(re.findall(r'"([^"\s]*/plan\.md)"', page))
    assert (params / "out" / link).resolve() == (bad_folder / "plan.md").resolve()


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
    models = {"heads.npz", "lexical.json", "lexical.skops", "model.json"}
    assert stored == models | {"out_of_fold.csv", "learning_curve.csv"}
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
