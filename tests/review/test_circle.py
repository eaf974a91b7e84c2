"""Out to a reviewer and back: export, fill in, import, apply, and what it changed."""

import os
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pypdfium2 as pdfium
import pytest
from openpyxl import load_workbook

from pipeline.domain.errors import UserError
from pipeline.publish.safe_csv import neutralise
from pipeline.review import history, settle
from pipeline.review.pictures import parse_boxes, places
from pipeline.review.sheet import COLUMNS, TO_FILL
from review import made_up

HISTORY = Path("corpus/reviewed")


def fill_csv(queue: pd.DataFrame, path: Path, rows: int = 3, **cells: str) -> None:
    filled = queue.copy()
    for name, value in ({"reviewer": "R1", "status": "agree"} | cells).items():
        filled.loc[: rows - 1, name] = value
    filled.to_csv(path, index=False)


def test_export_shows_rows_and_leaves_the_reviewers_columns_empty(call, queue, project):
    assert list(queue.columns) == list(COLUMNS)
    assert len(queue) == 20
    assert (queue[list(TO_FILL)] == "").all(axis=None)
    assert queue["reason"].str.split(":").str[0].nunique() >= 4
    pdf = queue[queue["document"] == made_up.PDF].iloc[0]
    assert pdf["link"] == f"../corpus/documents/{made_up.PDF}#page={pdf['page']}"
    assert (project / "review" / "../corpus/documents" / made_up.PDF).exists()
    assert (project / "review/queue.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    issued = history.queues(HISTORY)
    assert (issued["random"] == "True").sum() == (queue["reason"] == "random").sum() == 5


def test_a_second_export_does_not_overwrite_a_sheet_that_is_being_filled(call, queue, project):
    before = (project / "review/queue.xlsx").read_bytes()
    call("export", "--size", "20")
    assert (project / "review/queue.xlsx").read_bytes() == before
    assert (project / "review/queue-2.xlsx").exists()


def test_workbook_locks_ids_offers_the_legal_values_and_runs_no_formula(call, project):
    call("export", "--size", "40")
    book = load_workbook(project / "review/queue.xlsx")
    sheet = book["queue"]
    names = [cell.value for cell in sheet[1]]
    assert sheet.protection.sheet and sheet.freeze_panes == "C2"
    row = dict(zip(names, sheet[2], strict=True))
    assert row["commitment_id"].protection.locked and not row["reviewed_cluster"].protection.locked
    assert row["text"].alignment.wrap_text
    # Two lines: the id has 17 characters, and lines of a column of 18 end at words.
    assert len(str(row["commitment_id"].value)) == 17
    assert min(sheet.row_dimensions[place].height for place in range(2, 42)) >= 27
    offered = {str(rule.sqref).rstrip("0123456789")[:3]: rule for rule in sheet.data_validations.dataValidation}
    assert len([rule for rule in offered.values() if rule.type == "list"]) == 5
    assert [cell.value for cell in book["lists"]["C"]][1:7] == [
        "none",
        "inform",
        "consult",
        "involve",
        "collaborate",
        "empower",
    ]
    titles = [row[names.index("title")] for row in sheet.iter_rows(min_row=2)]
    formula = next(cell for cell in titles if "HYPERLINK" in str(cell.value))
    assert formula.data_type == "s" and formula.value == "'" + made_up.FORMULA


def test_companion_shows_the_page_with_the_quotation_marked(call, queue, project):
    page = (project / "review/queue.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") == (queue["document"] == made_up.PDF).sum() > 0
    assert "<script" not in page and "http" not in page.replace("http-equiv", "").replace("https://example.org", "")
    with pdfium.PdfDocument(project / "corpus/documents" / made_up.PDF) as document:
        found = places(document[0], made_up.SENTENCES[0])
        assert len(found) >= 1 and found[0][0] == pytest.approx(62, abs=4)
        assert places(document[0], "words that stand nowhere") == []
    assert parse_boxes("2:10,20,30,40|2:5,25,50,60|3:1,2,3,4") == {2: (5, 20, 50, 60), 3: (1, 2, 3, 4)}


def test_an_untouched_queue_is_no_review(call, queue, project):
    result = call("import", "review/queue.csv", "--reviewer", "R1")
    assert result.exit_code == 0 and "0 reviews added" in result.output and "20 rows not filled in" in result.output
    fill_csv(queue, project / "named.csv", rows=20, status="", reviewed_on="2026-03-31")
    assert "0 reviews added" in call("import", "named.csv").output
    assert history.read(HISTORY).empty


def test_reviews_win_and_the_models_word_is_kept(call, queue, project):
    table = pd.read_csv(project / "data/classified.csv", keep_default_na=False)
    fill_csv(
        queue,
        project / "back.csv",
        rows=1,
        status="done",
        reviewed_cluster=" Tech Regulation ",
        reviewed_iap2_level="0",
        comment="-1 for clarity",
    )
    result = call("import", "back.csv")
    assert "1 reviews added" in result.output
    reviewed = settle.settled(history.read(HISTORY))
    assert reviewed.loc[0, "comment"] == "-1 for clarity"
    name = queue.loc[0, "commitment_id"]
    after = settle.prevail(table, reviewed).set_index("commitment_id")
    before = table.set_index("commitment_id")
    assert after.loc[name, ["cluster", "iap2_level", "source"]].tolist() == ["tech_regulation", "none", "review"]
    assert after.loc[name, ["evidence", "mandate", "touchpoints", "publics"]].tolist() == ["", "", "", ""]
    assert after.drop(name).equals(before.drop(name))
    said = settle.model_words(reviewed).iloc[0]
    assert said["model_cluster"] == before.loc[name, "cluster"]
    assert said["model_iap2_level"] == before.loc[name, "iap2_level"]
    assert said["random"] == (queue.loc[0, "reason"] == "random")
    assert reviewed.loc[0, "text"] == before.loc[name, "text"]


def test_a_reviewed_row_is_not_queued_again(call, queue, project):
    fill_csv(queue, project / "back.csv", rows=20)
    call("import", "back.csv")
    call("export", "--size", "40")
    second = pd.read_csv(project / "review/queue-2.csv", dtype=str)
    assert len(second) == 20 and not set(second["commitment_id"]) & set(queue["commitment_id"])
    fill_csv(second, project / "rest.csv", rows=20)
    call("import", "rest.csv")
    with pytest.raises(UserError, match="every commitment is reviewed"):
        call("export")


def test_disagreement_is_kept_listed_and_settled_by_adjudication(call, queue, project):
    codes = {"status": "done", "reviewed_cluster": "service_design"}
    fill_csv(queue, project / "one.csv", rows=2, **codes, reviewed_iap2_level="consult")
    fill_csv(queue, project / "two.csv", rows=1, **codes, reviewed_iap2_level="involve", reviewer="R2")
    call("import", "one.csv")
    result = call("import", "two.csv")
    name = queue.loc[0, "commitment_id"]
    assert f"{name}: reviewers disagree (R1: service_design, consult; R2: service_design, involve)" in result.output
    assert list(settle.settled(history.read(HISTORY))["commitment_id"]) == [queue.loc[1, "commitment_id"]]
    call("export", "--size", "5")
    again = pd.read_csv(project / "review/queue-2.csv", dtype=str)
    assert again.loc[0, "commitment_id"] == name and again.loc[0, "reason"] == "disagreeing: reviewers differ"
    codes["status"] = "adjudicated"
    fill_csv(queue, project / "three.csv", rows=1, **codes, reviewed_iap2_level="involve", reviewer="R3")
    assert "disagree" not in call("import", "three.csv").output
    word = settle.settled(history.read(HISTORY)).set_index("commitment_id").loc[name]
    assert word["iap2_level"] == "involve" and len(history.read(HISTORY)) == 4


def test_wrong_cells_are_named_and_their_rows_come_back_to_correct(call, queue, project):
    filled = queue.copy()
    filled.loc[0, ["reviewer", "reviewed_cluster", "reviewed_iap2_level"]] = ["R1", "services", "involve"]
    filled.loc[1, ["reviewer", "status"]] = ["R1", "agree"]
    filled.loc[2, ["status"]] = ["agree"]
    filled.loc[3, ["reviewer", "status", "reviewed_on"]] = ["R1", "agree", "03/04/2026"]
    filled.loc[4, ["reviewer", "comment"]] = ["R1", "please look"]
    filled.loc[5, ["reviewer", "status", "reviewed_evidence"]] = ["R1", "unsure", "words not in the text"]
    filled.assign(note="kept").to_csv(project / "back.csv", index=False)
    result = call("import", "back.csv")
    assert result.exit_code == 1 and "1 reviews added" in result.output
    flat = result.output.replace("\n", " ")
    assert "back.csv, row 2, reviewed_cluster: 'services' allowed: strategy_policy, service_design" in flat
    assert "back.csv, row 4, reviewer: is empty" in flat
    assert "back.csv, row 5, reviewed_on: '03/04/2026' day and month could be either" in flat
    assert "back.csv, row 6, status: is empty" in flat
    assert "back.csv, row 7, reviewed_evidence: 'words not in the text' must be an exact quotation" in flat
    wrong = pd.read_csv(project / "review/back-to-correct.csv", dtype=str, keep_default_na=False)
    assert len(wrong) == 5 and set(wrong["note"]) == {"kept"} and wrong["problem"].str.len().min() > 10
    wrong.loc[0, "reviewed_cluster"] = "service_design"
    wrong.loc[[0]].to_csv(project / "corrected.csv", index=False)
    assert "1 reviews added" in call("import", "corrected.csv").output


def test_impact_tells_figures_and_flipped_labels(call, queue, project):
    with pytest.raises(UserError, match="nothing to compare with"):
        call("impact")
    fill_csv(
        queue, project / "b.csv", rows=1, status="done", reviewed_cluster="not_digital", reviewed_iap2_level="none"
    )
    call("import", "b.csv")
    table = pd.read_csv("data/classified.csv", keep_default_na=False)
    settle.prevail(table, settle.settled(history.read(HISTORY))).to_csv("data/classified.csv", index=False)
    made_up.write_figures(project, 0.6, 0.7, tested=30)
    result = call("impact")
    # Ten, then eighteen of the twenty rows that are tested both times; eighteen of the thirty of now.
    before, _, own = result.output.partition("… on all rows")
    assert "on the 20 rows that it was tested on both before and after" in before
    assert "cluster_accuracy: 0.500 → 0.900" in before
    assert "10 new, 0 gone" in own and "cluster_accuracy: 0.500 → 0.600" in own
    assert "Whole corpus, 40 commitments (0 new, 0 gone)" in result.output
    kept = pd.read_csv("review/impact/metrics.csv")
    assert set(kept["rows"]) == {"same", "own"}
    assert "below_threshold/involve: 0.800 [0.600, 0.900] → 0.700 [0.600, 0.900]" in result.output
    assert f"{queue.loc[0, 'commitment_id']} (review)" in result.output and "→ not_digital, none" in result.output


def test_the_circle_through_annotation_tools(call, project):
    import json

    call("export", "--size", "10", "--tools")
    tasks = json.loads((project / "review/queue.label-studio.json").read_text())
    assert "annotations" not in tasks[0] and "predictions" not in tasks[0]
    assert '<Choices name="reviewed_cluster"' in (project / "review/queue.label-studio.xml").read_text()
    choices = {"status": ["done"], "reviewed_cluster": ["not_digital"], "reviewed_iap2_level": ["inform"]}
    result = [{"from_name": name, "to_name": "text", "value": {"choices": value}} for name, value in choices.items()]
    tasks[0]["annotations"] = [{"completed_by": {"email": "r1@example.org"}, "result": result, "was_cancelled": False}]
    (project / "ls.json").write_text(json.dumps(tasks))
    assert "1 reviews added" in call("import", "ls.json").output
    lines = (project / "review/queue.argilla.jsonl").read_text(encoding="utf-8").splitlines()
    record = json.loads(lines[1])
    record["responses"] = {"status": [{"value": "agree", "user_id": "u2", "status": "submitted"}]}
    record["responses"]["reviewed_publics"] = [{"value": ["public"], "user_id": "u3", "status": "discarded"}]
    (project / "a.jsonl").write_text("\n".join([lines[0], json.dumps(record)]), encoding="utf-8")
    assert "1 reviews added" in call("import", "a.jsonl").output
    assert list(history.read(HISTORY)["reviewer"]) == ["r1@example.org", "u2"]
    for content in ('{"a": 1}', "[1]", '[{"x": 1}]', "[{"):
        (project / "bad.json").write_text(content)
        with pytest.raises(UserError, match="bad.json"):
            call("import", "bad.json")


def office(project: Path, file: str, *options: str) -> None:
    program = shutil.which("libreoffice")
    if program is None:
        if os.environ.get("PARTICIPATION_DEFICIT_REQUIRE_SYSTEM") == "1":
            pytest.fail("LibreOffice is required here and not installed")
        pytest.skip("LibreOffice is not installed")
    profile = f"-env:UserInstallation=file://{project / 'profile'}"
    subprocess.run(
        [program, profile, "--headless", *options, "--outdir", str(project / "office"), file],
        check=True,
        timeout=300,
        cwd=project,
        capture_output=True,
    )


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_real_spreadsheet_program_loses_nothing(call, queue, project, form):
    """Filled in, then opened and saved by LibreOffice: XLSX as XLSX, CSV as the semicolons and Windows-1252 of old."""
    quotation = made_up.SENTENCES[2].split("–")[1].strip(" “”")
    rows = list(queue.index[queue["text"].str.contains("data bridge")])[:1] + list(queue.index[:3])
    rows = list(dict.fromkeys(rows))
    cells = {
        "reviewer": "Zoë Ñ.",
        "reviewed_cluster": "foundational_tech",
        "reviewed_iap2_level": "inform",
        "reviewed_on": "2026-03-31",
        "comment": "=1+1; déjà vu, “quoted”",
    }
    if form == "xlsx":
        book = load_workbook(project / "review/queue.xlsx")
        sheet = book["queue"]
        names = [cell.value for cell in sheet[1]]
        for row in rows:
            for name, value in cells.items():
                cell = sheet.cell(row + 2, names.index(name) + 1)
                cell.value = value
                cell.data_type = "s"
            if "data bridge" in queue.loc[row, "text"]:
                sheet.cell(row + 2, names.index("reviewed_evidence") + 1).value = quotation
        book.save(project / "filled.xlsx")
        office(project, "filled.xlsx", "--convert-to", "xlsx")
    else:
        filled = queue.copy()
        for row in rows:
            # In a CSV a formula is text only behind an apostrophe, as the export writes it.
            filled.loc[row, list(cells)] = [neutralise(value) for value in cells.values()]
        filled.loc[rows[0], "reviewed_evidence"] = quotation
        filled.to_csv(project / "filled.csv", index=False, encoding="utf-8-sig")
        text = '"Text - txt - csv (StarCalc)"'.strip('"')
        office(project, "filled.csv", f"--infilter={text}:44,34,76,1", "--convert-to", f"csv:{text}:59,34,ANSI,1")
        assert b";" in (project / "office/filled.csv").read_bytes().splitlines()[0]
    result = call("import", f"office/filled.{form}")
    assert result.exit_code == 0, result.output
    reviews = history.read(HISTORY)
    assert set(reviews["commitment_id"]) == set(queue.loc[rows, "commitment_id"])
    assert set(reviews["reviewer"]) == {"Zoë Ñ."} and set(reviews["given"]) == {"2026-03-31"}
    assert set(reviews["comment"]) == {"=1+1; déjà vu, “quoted”"}
    assert quotation in set(reviews["evidence"])
    classified = pd.read_csv("data/classified.csv", keep_default_na=False).set_index("commitment_id")
    assert (classified.loc[reviews["commitment_id"], "title"].to_numpy() == reviews["title"].to_numpy()).all()
