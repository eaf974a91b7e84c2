"""Tables in parts: the same rows as in one piece, a part in memory at a time, documents never divided."""

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.domain.blocks import Blocks
from pipeline.domain.errors import UserError
from pipeline.domain.parts import read_parts, write_parts
from pipeline.domain.schema import BLOCKS, COMMITMENTS, SEGMENTS
from pipeline.domain.tables import read_table, write_table


def blocks_of(document, count):
    row = dict.fromkeys(("x0", "y0", "x1", "y1", "size", "bold", "italic"), 0.5)
    rows = [
        row | {"document": document, "page": 1 + n // 3, "page_end": 1 + n // 3, "block": n, "kind": "paragraph",
               "text": f"{document}: block {n}", "lead": "", "font": "", "marker": ""}
        for n in range(count)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=BLOCKS.names)


def test_no_document_is_divided_and_each_is_found(tmp_path):
    path = tmp_path / "blocks.parquet"
    sizes = {"a.pdf": 3, "b.pdf": 9, "c.pdf": 0, "d.pdf": 2, "e.pdf": 2, "f.pdf": 1}
    assert write_parts((blocks_of(name, size) for name, size in sizes.items()), path, "blocks", rows=4) == 17
    parts = list(read_parts(path))
    assert [list(dict.fromkeys(part["document"])) for part in parts] == [
        ["a.pdf", "b.pdf"],
        ["d.pdf", "e.pdf"],
        ["f.pdf"],
    ]
    assert pd.concat(parts, ignore_index=True).equals(read_table(path))
    found = Blocks(path)
    for name in ["f.pdf", *sizes, "unknown.pdf"]:  # out of order, too
        assert found[name]["text"].tolist() == [f"{name}: block {n}" for n in range(sizes.get(name, 0))]


def test_blocks_of_a_document_that_another_program_divided(tmp_path):
    path = tmp_path / "blocks.parquet"
    blocks_of("a.pdf", 10).to_parquet(path, row_group_size=4)
    assert pq.ParquetFile(path).num_row_groups == 3
    assert Blocks(path)["a.pdf"]["block"].tolist() == list(range(10))
    assert Blocks(blocks_of("a.pdf", 10))["a.pdf"]["block"].tolist() == list(range(10))


@pytest.mark.parametrize("name", ["segments.csv", "segments.parquet"])
def test_nothing_is_still_a_table(tmp_path, name):
    assert write_parts(iter([]), tmp_path / name, "segments") == 0
    (part,) = read_parts(tmp_path / name, "segments")
    assert part.empty and list(part.columns) == SEGMENTS.names
    assert list(read_table(tmp_path / name, "segments").columns) == SEGMENTS.names


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(cells, min_size=1, max_size=30), size=st.integers(1, 12), suffix=st.sampled_from(["csv", "parquet"])
)
def test_parts_hold_the_same_rows_as_the_whole(tmp_path, texts, size, suffix):
    whole = pd.DataFrame(dict.fromkeys(SEGMENTS.names, ""), index=range(len(texts)))
    whole["text"] = [f"x{text}".replace("\r", "\n") for text in texts]
    whole["page_start"] = pd.array([None if n % 5 == 4 else n + 1 for n in range(len(texts))], dtype="Int64")
    whole["page_end"] = whole["year"] = whole["page_start"]
    path = tmp_path / f"segments.{suffix}"
    write_parts((whole[n : n + 1] for n in range(len(whole))), path, "segments", rows=size)
    read = pd.concat(list(read_parts(path, "segments", rows=size)), ignore_index=True)
    assert read["text"].tolist() == whole["text"].tolist()
    assert read["page_start"].astype("Int64").equals(whole["page_start"])
    if suffix == "csv":  # the size of the parts does not show
        one = tmp_path / "whole.csv"
        write_table(whole, one)
        assert path.read_bytes() == one.read_bytes()


def test_whole_numbers_stay_whole_where_some_are_missing(tmp_path):
    rows = pd.DataFrame(dict.fromkeys(COMMITMENTS.names, ""), index=range(3))
    rows = rows.drop(columns=["needs_review"] + [c.name for c in COMMITMENTS.columns if c.type == "number"])
    rows["evidence_page"] = pd.array([3, None, 5], dtype="Int64")
    rows = rows.reindex(columns=COMMITMENTS.names)
    write_parts([rows], tmp_path / "commitments.csv", "commitments")
    assert read_table(tmp_path / "commitments.csv")["evidence_page"].tolist() == ["3", "", "5"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "empty"),
        ("id,text\n1,a\n2,b,c\n", "row 3 has 3 cells"),
        ("id,text\n1,a,c\n2,b,c\n", "more cells than the header"),
    ],
)
def test_damage_is_told_as_for_whole_tables(tmp_path, content, words):
    path = tmp_path / "segments.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=words):
        list(read_parts(path))
    with pytest.raises(UserError, match="not found"):
        list(read_parts(tmp_path / "none.csv"))
    broken = tmp_path / "blocks.parquet"
    broken.write_bytes(b"PAR1 cut off")
    with pytest.raises(UserError, match="cannot be read as a table"):
        Blocks(broken)


def test_a_part_of_a_csv_is_read_at_a_time(tmp_path):
    path = tmp_path / "segments.csv"
    path.write_text("id,text\n" + "".join(f"{n},words\n" for n in range(25)), encoding="utf-8")
    assert [len(part) for part in read_parts(path, rows=10)] == [10, 10, 5]
    assert [len(part) for part in read_parts(path, rows=5)][:5] == [5] * 5
