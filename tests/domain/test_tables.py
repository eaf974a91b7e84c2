"""Tables as analysts save them, and as they should not be saved."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.domain.errors import UserError
from pipeline.domain.tables import read_table, write_table


def file(tmp_path, content, name="table.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ("empty", "header row")),
        ("id,text\n1,Gestión".encode("latin-1"), ("UTF-8",)),
        ("id,text\n1,a\n2,b,c\n", ("row 3 has 3 cells, the header 2", "save it")),
        ("id,text\n1,a,c\n2,b,c\n", ("row", "save it")),
        (b"PK\x03\x04\x14\x00\x06\x00\xff\xfe\x00", ("UTF-8",)),
    ],
)
def test_a_damaged_file_is_told_in_one_line(tmp_path, content, words):
    path = file(tmp_path, content)
    with pytest.raises(UserError) as told:
        read_table(path)
    assert str(path) in str(told.value)
    assert "\n" not in str(told.value)
    assert all(word in str(told.value) for word in words), str(told.value)


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(UserError, match="not found; check the path"):
        read_table(tmp_path / "none.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(UserError, match="is a folder; give a file"):
        read_table(tmp_path / "folder.csv")


def test_no_parquet(tmp_path):
    with pytest.raises(UserError, match="cannot be read as a table"):
        read_table(file(tmp_path, "id,text\n1,a\n", "table.parquet"))


def test_byte_order_mark_and_semicolons_of_spreadsheets(tmp_path):
    table = read_table(file(tmp_path, '\ufeffid;text;title\n1;Publicar datos, y más;Datos\n2;"a;b";\n'))
    assert table.to_dict("list") == {
        "id": ["1", "2"],
        "text": ["Publicar datos, y más", "a;b"],
        "title": ["Datos", ""],
    }


def test_a_semicolon_in_a_text_is_no_separator(tmp_path):
    table = read_table(file(tmp_path, "id,text\n1,first; second\n"))
    assert table["text"].tolist() == ["first; second"]


def test_cells_keep_their_spelling_and_short_rows_are_filled(tmp_path):
    table = read_table(file(tmp_path, "id,text,year\n007,NA\n1e3,null,2020\n"))
    assert table.to_numpy().tolist() == [["007", "NA", ""], ["1e3", "null", "2020"]]


def test_types_of_the_schema(tmp_path):
    table = read_table(file(tmp_path, "commitment_id,page_start,page_end,text\na,3,\nb,4,5,x\n"), "segments")
    assert table["page_start"].tolist() == [3, 4]
    assert table["page_start"].sum() == 7
    assert pd.isna(table["page_end"][0])
    assert table["text"].tolist() == ["", "x"]


def test_booleans_of_the_schema(tmp_path):
    table = read_table(file(tmp_path, "id,text,needs_review,p_none\na,x,True,0.25\nb,y,false,\n"), "classified")
    assert table["needs_review"].tolist() == [True, False]
    assert table["p_none"][0] == 0.25 and pd.isna(table["p_none"][1])


@pytest.mark.parametrize("line", ["a,three,4,x", "a,3.5,4,x"])
def test_a_cell_of_the_wrong_type_is_told(tmp_path, line):
    with pytest.raises(UserError, match="'page_start' of segments .* integer"):
        read_table(file(tmp_path, f"commitment_id,page_start,page_end,text\n{line}\n"), "segments")


cells = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n,;\"'"), max_size=20)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=5))
def test_what_is_written_is_read(tmp_path, rows):
    table = pd.DataFrame(rows, columns=["id", "text"])
    for name in ("table.csv", "table.parquet"):
        write_table(table, tmp_path / "new" / name)
        assert read_table(tmp_path / "new" / name).to_numpy().tolist() == table.to_numpy().tolist()
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["table.csv", "table.parquet"]


def test_the_same_rows_give_the_same_bytes(tmp_path):
    table = pd.DataFrame({"id": ["a"], "p": [0.1 + 0.2], "text": ["é\nñ"]})
    write_table(table, tmp_path / "1.csv")
    write_table(table.copy(), tmp_path / "2.csv")
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()
    assert b"\r" not in (tmp_path / "1.csv").read_bytes()
