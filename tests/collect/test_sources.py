"""`sources.csv` as analysts keep it: read, checked, every mistake told in one line."""

import hashlib
from pathlib import Path

import pytest

from pipeline.collect.sources import check_sources, delimiter, document_path, read_sources
from pipeline.collect.stage import collect
from pipeline.domain.errors import UserError
from pipeline.domain.schema import SOURCES

ROOT = Path(__file__).resolve().parents[2]
HEADER = "id,path,title,country,year,kind,language,address,licence,sha256,mapping"
PLAN = b"Commitment 1: an open data portal"
PLAN_SHA256 = hashlib.sha256(PLAN).hexdigest()
OTHER = b"Commitment 1: shorter waits"
OTHER_SHA256 = hashlib.sha256(OTHER).hexdigest()


def write(folder: Path, *rows: str, header: str = HEADER) -> Path:
    (folder / "documents").mkdir(exist_ok=True)
    (folder / "documents" / "plan.txt").write_bytes(PLAN)
    path = folder / "sources.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def row(**cells: str) -> str:
    good = {"id": "plan", "path": "documents/plan.txt", "title": "Plan", "country": "BRA", "year": "2021"}
    good |= {"kind": "nap", "language": "pt", "licence": "CC-BY-4.0", "sha256": PLAN_SHA256}
    return ",".join((good | cells).get(name, "") for name in HEADER.split(","))


def verdict(path: Path, position: int = 0) -> tuple[str, str]:
    checked = check_sources(path)
    return checked["status"][position], checked["reason"][position]


def test_correct_row_is_ok_without_reason(tmp_path: Path) -> None:
    assert verdict(write(tmp_path, row())) == ("ok", "")


def test_columns_are_the_schemas_and_the_verdict(tmp_path: Path) -> None:
    checked = check_sources(write(tmp_path, "plan,documents/plan.txt", header="id,path"))
    assert list(checked.columns) == [*SOURCES.names, "status", "reason"]
    assert checked["title"][0] == ""


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"country": "Brazil"}, "country 'Brazil' is no ISO 3166-1 alpha-3 code"),
        ({"country": "BRX"}, "country 'BRX' is no ISO 3166-1 alpha-3 code"),
        ({"country": "bra"}, "country 'bra' is no ISO 3166-1 alpha-3 code"),
        ({"kind": "plan"}, "kind 'plan' is unknown; use one of nap, digital_policy"),
        ({"language": "portuguese"}, "language 'portuguese' is unknown; use one of en, es"),
        ({"year": "21"}, "year '21' is no year from 1900 to 2100"),
        ({"year": "2021-2023"}, "year '2021-2023' is no year"),
        ({"id": ""}, "id is empty; fill it in"),
        ({"path": ""}, "path is empty; fill it in"),
        ({"path": "/home/analyst/plan.pdf"}, "must be relative to the folder of sources.csv"),
        ({"path": "C:/plans/plan.pdf"}, "must be relative to the folder of sources.csv"),
        ({"path": "documents\\plan.txt"}, "must be relative to the folder of sources.csv"),
        ({"path": "../elsewhere/plan.pdf"}, "must be relative to the folder of sources.csv"),
        ({"sha256": "abc"}, "sha256 is not 64 hexadecimal digits"),
        ({"mapping": "title"}, "mapping 'title' is not column=header"),
        ({"mapping": "titel=Commitment Title"}, "mapping 'titel=Commitment Title' is not column=header"),
    ],
)
def test_mistaken_cell_marks_the_row_and_says_why(tmp_path: Path, cells: dict[str, str], reason: str) -> None:
    status, told = verdict(write(tmp_path, row(**cells)))
    assert status == "invalid"
    assert reason in told
    assert "\n" not in told


def test_all_mistakes_of_a_row_are_told_at_once(tmp_path: Path) -> None:
    _, told = verdict(write(tmp_path, row(country="XX", year="soon")))
    assert "country 'XX'" in told
    assert "year 'soon'" in told


@pytest.mark.parametrize("code", ["XKX", "EUE", "XAA", "ZZB", "QMP", ""])
def test_codes_outside_iso_that_plans_need_are_accepted(tmp_path: Path, code: str) -> None:
    assert verdict(write(tmp_path, row(country=code)))[0] == "ok"


def test_missing_file(tmp_path: Path) -> None:
    status, told = verdict(write(tmp_path, row(path="documents/gone.pdf")))
    assert status == "missing"
    assert told == "documents/gone.pdf is not in the corpus folder; put it there or delete its row"


def test_changed_file_names_its_new_checksum(tmp_path: Path) -> None:
    path = write(tmp_path, row())
    (tmp_path / "documents" / "plan.txt").write_bytes(PLAN + b", revised")
    status, told = verdict(path)
    assert status == "changed"
    assert told.endswith(hashlib.sha256(PLAN + b", revised").hexdigest())


def test_row_without_checksum_is_told_the_right_one(tmp_path: Path) -> None:
    status, told = verdict(write(tmp_path, row(sha256="")))
    assert status == "changed"
    assert "has no checksum" in told
    assert told.endswith(PLAN_SHA256)


def test_checksum_in_capitals_is_the_same_checksum(tmp_path: Path) -> None:
    assert verdict(write(tmp_path, row(sha256=PLAN_SHA256.upper())))[0] == "ok"


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ({"path": "documents/other.txt", "sha256": OTHER_SHA256}, "id 'plan' stands in two rows"),
        ({"id": "again"}, "path 'documents/plan.txt' stands in two rows"),
        ({"id": "again", "path": "copy/plan.txt"}, "two documents are called 'plan.txt'"),
        ({"id": "again", "path": "documents/copy.txt"}, "documents/copy.txt has the same content as 'plan'"),
    ],
)
def test_second_row_of_the_same_document_is_refused_and_the_first_kept(
    tmp_path: Path, second: dict[str, str], reason: str
) -> None:
    path = write(tmp_path, row(), row(**second))
    for name in ("documents/copy.txt", "copy/plan.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(PLAN)
    (tmp_path / "documents" / "other.txt").write_bytes(OTHER)
    assert verdict(path) == ("ok", "")
    status, told = verdict(path, 1)
    assert status == "invalid"
    assert told.startswith(reason)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_what_spreadsheets_of_other_countries_save_is_read(tmp_path: Path, separator: str) -> None:
    path = write(tmp_path)
    lines = [HEADER, row()]
    path.write_bytes(
        b"\xef\xbb\xbf" + "\r\n".join(line.replace(",", separator) for line in lines).encode() + b"\r\n\r\n"
    )
    assert verdict(path) == ("ok", "")
    assert delimiter("id;path;title") == ";"


def test_na_and_spaces_are_text(tmp_path: Path) -> None:
    table = read_sources(write(tmp_path, row(title=" NA ")))
    assert table["title"][0] == "NA"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty; its first line must be id,path,title"),
        (b"\n\n", "is empty; its first line must be id,path,title"),
        (b"id,title\na,b\n", "has no column 'path'"),
        (b"id,path,langauge\na,b,en\n", "has an unknown column 'langauge'; rename it to one of"),
        (b"id,path,id\na,b,c\n", "has the column 'id' twice"),
        (b"id,path,title\na,b\n", "row 1 has 2 cells instead of 3"),
        (b"id,path\na,b\nc,d,e\n", "row 2 has 3 cells instead of 2"),
        (b'id,path\na,"b\n', "is not a readable CSV"),
        ("id,path\na,decisión.pdf\n".encode("cp1252"), "is not UTF-8; save it as 'CSV UTF-8'"),
    ],
)
def test_unreadable_table_is_one_clear_line(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "sources.csv"
    path.write_bytes(content)
    with pytest.raises(UserError) as error:
        read_sources(path)
    assert message in str(error.value)
    assert str(error.value).startswith(f"{path}: ")
    assert "\n" not in str(error.value)


def test_missing_table_and_folder_instead_of_table(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not found; create it with"):
        read_sources(tmp_path / "sources.csv")
    with pytest.raises(UserError, match="is a folder"):
        read_sources(tmp_path)


def test_stage_writes_every_row_with_relative_paths_and_the_same_bytes(tmp_path: Path) -> None:
    path = write(tmp_path, row(), row(id="gone", path="documents/gone.pdf", country="??"))
    output = tmp_path / "data" / "collected.csv"
    table = collect(path, output)
    first = output.read_bytes()
    assert list(table["status"]) == ["ok", "invalid"]
    assert str(tmp_path) not in first.decode()
    assert first.decode().count("\n") == 3
    collect(path, output)
    assert output.read_bytes() == first
    assert [file.name for file in output.parent.iterdir()] == ["collected.csv"]


def test_the_repositorys_own_corpus_is_in_order() -> None:
    sources = ROOT / "corpus" / "sources.csv"
    checked = check_sources(sources)
    assert list(checked.loc[checked["status"] != "ok", "reason"]) == []
    assert all(document_path(sources, path).is_file() for path in checked["path"])
