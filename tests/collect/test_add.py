"""Registering a document: the row, the copy, and what is refused."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from pipeline.collect.add import add_document
from pipeline.collect.sources import check_sources, read_sources
from pipeline.domain.errors import UserError
from pipeline.domain.schema import SOURCES


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    path = tmp_path / "corpus" / "sources.csv"
    path.parent.mkdir()
    return path


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "downloads" / "Plan d'action – 2023.html"
    path.parent.mkdir()
    path.write_text("<h1>Plan d'action</h1>", encoding="utf-8")
    return path


def add(file: Path, sources: Path, **given: Any) -> dict[str, str]:
    return add_document(file, sources, **({"country": "FRA", "year": 2023, "kind": "nap"} | given))


def test_document_outside_the_corpus_is_copied_and_listed(plan: Path, sources: Path) -> None:
    row = add(plan, sources, title="Plan  d'action", language="fr", licence="etalab-2.0")
    assert row["id"] == "plan-d-action-2023"
    assert row["path"] == "documents/Plan d'action – 2023.html"
    assert row["title"] == "Plan d'action"
    assert row["sha256"] == hashlib.sha256(plan.read_bytes()).hexdigest()
    assert (sources.parent / row["path"]).read_bytes() == plan.read_bytes()
    checked = check_sources(sources)
    assert list(checked["status"]) == ["ok"]
    assert {name: checked[name][0] for name in SOURCES.names} == row


def test_document_inside_the_corpus_stays_where_it_is(sources: Path) -> None:
    file = sources.parent / "mine" / "plan.txt"
    file.parent.mkdir()
    file.write_text("text")
    assert add(file, sources)["path"] == "mine/plan.txt"
    assert not (sources.parent / "documents").exists()


def test_country_may_be_typed_in_small_letters(plan: Path, sources: Path) -> None:
    assert add(plan, sources, country=" fra ")["country"] == "FRA"


def test_same_document_twice_is_refused_under_any_name(plan: Path, sources: Path) -> None:
    add(plan, sources)
    before = sources.read_bytes()
    renamed = plan.with_name("other.html")
    renamed.write_bytes(plan.read_bytes())
    for file in (plan, renamed):
        with pytest.raises(UserError, match="is already listed as 'plan-d-action-2023'.*nothing was added"):
            add(file, sources)
    assert sources.read_bytes() == before
    assert len(list((sources.parent / "documents").iterdir())) == 1


def test_another_document_of_the_same_name_is_refused(plan: Path, sources: Path) -> None:
    add(plan, sources)
    plan.write_text("a later version")
    with pytest.raises(UserError, match="'plan-d-action-2023' has the same file name; rename the file"):
        add(plan, sources)


def test_listed_file_that_changed_is_told_its_new_checksum(sources: Path) -> None:
    file = sources.parent / "plan.txt"
    file.write_text("first version")
    add(file, sources)
    file.write_text("second version")
    with pytest.raises(UserError, match="is listed as 'plan' and has changed since") as error:
        add(file, sources)
    assert str(error.value).endswith(hashlib.sha256(b"second version").hexdigest())


def test_stray_file_in_the_corpus_is_never_overwritten(plan: Path, sources: Path) -> None:
    stray = sources.parent / "documents" / plan.name
    stray.parent.mkdir()
    stray.write_text("not listed, but somebody's")
    with pytest.raises(UserError, match="another file lies at documents/"):
        add(plan, sources)
    assert stray.read_text() == "not listed, but somebody's"
    assert not sources.exists()


def test_ids_stay_unique(tmp_path: Path, sources: Path) -> None:
    ids = []
    for name in ("plan.txt", "Plan.md", "PLAN.html"):
        (tmp_path / name).write_text(name)
        ids.append(add(tmp_path / name, sources)["id"])
    assert ids == ["plan", "plan-2", "plan-3"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"country": "France"}, "country 'FRANCE' is no ISO 3166-1 alpha-3 code"),
        ({"country": ""}, "country is missing; give it with --country"),
        ({"year": 23}, "year '23' is no year from 1900 to 2100"),
        ({"kind": "strategy"}, "kind 'strategy' is unknown; use one of nap, digital_policy"),
        ({"language": "French"}, "language 'French' is unknown"),
        ({"mapping": "title:Titre"}, "mapping 'title:Titre' is not column=header"),
    ],
)
def test_wrong_value_is_told_and_leaves_nothing_behind(
    plan: Path, sources: Path, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(UserError) as error:
        add(plan, sources, **given)
    assert message in str(error.value)
    assert str(plan) in str(error.value)
    assert list(sources.parent.iterdir()) == []


def test_missing_folder_and_empty_file(tmp_path: Path, sources: Path) -> None:
    with pytest.raises(UserError, match="not found or not a file"):
        add(tmp_path / "gone.pdf", sources)
    with pytest.raises(UserError, match="not found or not a file"):
        add(tmp_path, sources)
    (tmp_path / "empty.pdf").touch()
    with pytest.raises(UserError, match="is empty; download it again"):
        add(tmp_path / "empty.pdf", sources)


def test_row_is_added_in_the_tables_own_format_and_old_lines_keep_their_bytes(plan: Path, sources: Path) -> None:
    old = b"\xef\xbb\xbfpath;id;title;country;year;kind;sha256\r\ndocuments/a.pdf;a;'x';BRA;2020;nap;\r\n"
    sources.write_bytes(old)
    add(plan, sources)
    assert sources.read_bytes().startswith(old)
    assert sources.read_bytes().count(b"\r\n") == 3
    assert list(read_sources(sources)["id"]) == ["a", "plan-d-action-2023"]


def test_table_without_the_column_that_the_row_needs(plan: Path, sources: Path) -> None:
    sources.write_text("id,path,sha256,title,country,year\n")
    with pytest.raises(UserError, match="has no column 'kind'; add it to the first line"):
        add(plan, sources)
    assert not (sources.parent / "documents").exists()


def test_title_that_holds_separators_comes_back_whole(plan: Path, sources: Path) -> None:
    title = 'Plan "ouvert", tome 1; annexes'
    add(plan, sources, title=title)
    assert read_sources(sources)["title"][0] == title
