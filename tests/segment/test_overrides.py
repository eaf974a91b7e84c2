"""The analyst's corrections: they are checked, applied, and hold from run to run."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.domain.errors import UserError
from pipeline.segment import corrections, overrides
from pipeline.segment.document import segment_document

from .layouts import labelled, run_ins


@pytest.fixture
def found() -> pd.DataFrame:
    return segment_document(run_ins("en").frame(), "en")


def load(tmp_path: Path, content: str, name: str = "corrections.csv") -> list[overrides.Override]:
    (tmp_path / name).write_text(content, encoding="utf-8")
    return overrides.load(tmp_path)


def test_drop_takes_a_commitment_out_and_leaves_the_ids_of_the_others(tmp_path: Path, found: pd.DataFrame) -> None:
    given = load(tmp_path, f"document,action,commitment\nplan.pdf,drop,{found['commitment_id'][2]}\n")
    after = corrections.apply(found, given, "plan.pdf")
    assert list(after["commitment_id"]) == [
        name for name in found["commitment_id"] if name != found["commitment_id"][2]
    ]


def test_merge_joins_texts_pages_and_boxes_under_the_first_title(tmp_path: Path, found: pd.DataFrame) -> None:
    names = "|".join(found["title"][1:3])
    after = corrections.apply(
        found, load(tmp_path, f"document,action,commitment\nplan.pdf,merge,{names}\n"), "plan.pdf"
    )
    assert len(after) == len(found) - 1
    assert after["title"][1] == found["title"][1]
    assert after["text"][1] == f"{found['text'][1]}\n{found['text'][2]}"
    assert after["boxes"][1].split("|") == found["boxes"][1].split("|") + found["boxes"][2].split("|")
    assert after["commitment_id"].is_unique


def test_split_cuts_at_the_given_words_even_over_a_line_end(tmp_path: Path, found: pd.DataFrame) -> None:
    text = found["text"][2]
    at = " ".join(text.split()[-8:])
    content = (
        f'- document: plan.pdf\n  action: split\n  commitment: "{found["title"][2]}"\n  at: "{at}"\n  title: Second\n'
    )
    after = corrections.apply(found, load(tmp_path, content, "more.yaml"), "plan.pdf")
    assert len(after) == len(found) + 1
    assert after["text"][3].split()[:3] == at.split()[:3]
    assert after["title"][3] == "Second"
    assert (after["text"][2] + " " + after["text"][3]).split() == text.split()


def test_add_puts_a_commitment_where_its_page_belongs(tmp_path: Path, found: pd.DataFrame) -> None:
    content = "document,action,text,page_start,title\nplan.pdf,add,The ministry will open its archive.,2,Archive\n"
    after = corrections.apply(found, load(tmp_path, content), "plan.pdf")
    added = after[after["title"] == "Archive"].iloc[0]
    assert added["page_end"] == 2 and added["language"] == "en" and added["commitment_id"].startswith("plan-")
    assert list(after["page_start"]) == sorted(after["page_start"])


def test_the_same_corrections_give_the_same_table_on_every_run(tmp_path: Path) -> None:
    frame = labelled("en", "Commitment", ": ", "Theme").frame()
    first = segment_document(frame, "en")
    ids = list(first["commitment_id"])
    given = load(tmp_path, f"document,action,commitment\nplan.pdf,merge,{ids[0]}|{ids[1]}\nplan.pdf,drop,{ids[4]}\n")
    once = corrections.apply(first, given, "plan.pdf")
    again = corrections.apply(segment_document(frame, "en"), overrides.load(tmp_path), "plan.pdf")
    pd.testing.assert_frame_equal(once, again)


def test_a_later_correction_sees_what_an_earlier_one_made(tmp_path: Path, found: pd.DataFrame) -> None:
    a, b, c = found["title"][:3]
    given = load(tmp_path, f"document,action,commitment\nplan.pdf,merge,{a}|{b}\nplan.pdf,merge,{a}|{c}\n")
    assert len(corrections.apply(found, given, "plan.pdf")) == len(found) - 2


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", "action,commitment\ndrop,x\n", "no column 'document'"),
        ("a.csv", "document,what\nplan.pdf,x\n", "unknown column 'what'"),
        ("a.csv", "document,action,commitment\n,drop,x\n", "line 2: names no document"),
        (
            "a.csv",
            "document,action,commitment\nplan.pdf,erase,x\n",
            "action 'erase' is not one of merge, split, drop, add",
        ),
        ("a.csv", "document,action,commitment\nplan.pdf,drop,\n", "'drop' needs 'commitment'"),
        ("a.csv", "document,action,commitment\nplan.pdf,merge,x\n", "needs two or more commitments"),
        ("a.csv", "document,action,commitment\nplan.pdf,split,x\n", "'split' needs 'at'"),
        ("a.csv", "document,action,text\nplan.pdf,add,x\n", "'add' needs 'page_start'"),
        ("a.csv", "document,action,text,page_start\nplan.pdf,add,x,two\n", "page_start 'two' is not a page number"),
        ("a.csv", "document,action,commitment\nplan.pdf,drop,x,y\n", "more cells than the header"),
        ("a.csv", 'document,action\n"plan.pdf,drop\n', "not a readable CSV table"),
        ("a.yaml", "document: plan.pdf\n", "must be a list of corrections"),
        ("a.yaml", "- plan.pdf\n", "entry 1: is not a correction"),
        ("a.yaml", "- document: [\n", "not valid YAML (line 2)"),
        ("a.yml", "- document: plan.pdf\n  do: drop\n", "unknown key 'do'"),
        ("a.xlsx", "x", "corrections are CSV or YAML files"),
    ],
)
def test_a_wrong_correction_is_told_in_one_line(tmp_path: Path, name: str, content: str, told: str) -> None:
    with pytest.raises(UserError) as error:
        load(tmp_path, content, name)
    assert told in str(error.value) and name in str(error.value) and "\n" not in str(error.value)


def test_a_file_that_is_not_utf8_and_a_folder_that_is_none_are_told(tmp_path: Path) -> None:
    for name in ("a.csv", "a.yaml"):
        (tmp_path / name).write_bytes("document,action\nplän.pdf,drop\n".encode("latin-1"))
        with pytest.raises(UserError, match="not UTF-8"):
            overrides.load(tmp_path)
        (tmp_path / name).unlink()
    with pytest.raises(UserError, match="not a folder"):
        overrides.load(tmp_path / "none")


def test_hidden_files_notes_and_an_empty_yaml_are_passed_over(tmp_path: Path) -> None:
    for name in (".gitkeep", "README.md", "empty.yaml"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert overrides.load(tmp_path) == []


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("plan.pdf,drop,Nothing of the kind,", "has no commitment 'Nothing of the kind'"),
        ("plan.pdf,split,Open the land register,words that are not there", "do not stand inside that commitment"),
    ],
)
def test_a_correction_that_does_not_fit_is_told(tmp_path: Path, found: pd.DataFrame, row: str, told: str) -> None:
    given = load(tmp_path, f"document,action,commitment,at\n{row}\n")
    with pytest.raises(UserError, match=told):
        corrections.apply(found, given, "plan.pdf")


def test_a_title_that_occurs_twice_must_be_named_by_id(tmp_path: Path, found: pd.DataFrame) -> None:
    twice = found.assign(title="Same title")
    with pytest.raises(UserError, match="12 commitments titled 'Same title'; name one by its id"):
        corrections.apply(twice, load(tmp_path, "document,action,commitment\nplan.pdf,drop,Same title\n"), "plan.pdf")


def test_a_correction_for_another_document_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    given = load(tmp_path, "document,action,commitment\nplam.pdf,drop,x\n")
    with pytest.warns(UserWarning, match="no document 'plam.pdf' in this run"):
        overrides.tell_unused(given, {"plan.pdf"})
