"""Addresses work as paths do: memory, file and this machine; what cannot be reached is told in one line."""

from pathlib import Path

import pandas as pd
import pytest
from upath import UPath

from pipeline.domain.errors import UserError
from pipeline.domain.places import at_hand, folder_at_hand, is_local, place, replacing
from pipeline.domain.tables import read_table, write_table

TABLE = pd.DataFrame({"id": ["1", "2"], "text": ["Gestión, abierta", "“Ouvrir”\nles données"]})


@pytest.fixture(params=["here", "file://", "memory://"])
def folder(request, tmp_path):
    """A folder on this machine, one by its file address, and one in fsspec's memory."""
    if request.param == "memory://":
        found = place(f"memory://{tmp_path.name}")
        yield found
        if found.exists():
            UPath(found).fs.rm(UPath(found).path, recursive=True)
    else:
        yield place(tmp_path.as_posix() if request.param == "here" else tmp_path.as_uri())


def test_a_file_address_is_a_path_of_this_machine(tmp_path):
    assert place(tmp_path.as_uri()) == tmp_path and is_local(place(tmp_path.as_uri()))
    assert place("plans/a b.pdf") == Path("plans/a b.pdf")
    assert not is_local(place("memory://bucket/plan.pdf"))


@pytest.mark.parametrize("name", ["table.csv", "deeper/table.parquet"])
def test_tables_are_written_and_read_anywhere(folder, name):
    write_table(TABLE, folder / name)
    assert read_table(folder / name).to_dict("list") == TABLE.to_dict("list")


def test_the_same_bytes_here_and_there(tmp_path):
    there = place(f"memory://{tmp_path.name}/table.csv")
    write_table(TABLE, there)
    write_table(TABLE, tmp_path / "table.csv")
    assert there.read_bytes() == (tmp_path / "table.csv").read_bytes()


def test_a_missing_table_is_told_by_its_address(folder):
    with pytest.raises(UserError, match="table.csv: not found"):
        read_table(folder / "table.csv")


def test_a_file_that_could_not_be_finished_does_not_appear(folder):
    with pytest.raises(KeyError), replacing(folder / "table.csv") as handle:
        handle.write(b"half of it")
        raise KeyError
    assert not (folder / "table.csv").exists()


def test_a_file_is_at_hand_under_its_own_name(folder):
    write_table(TABLE, folder / "plan.csv")
    with at_hand(folder / "plan.csv") as file:
        assert file.name == "plan.csv" and "Gestión" in file.read_text(encoding="utf-8")
    if not is_local(folder):
        assert not file.exists()


def test_a_file_elsewhere_that_is_not_there(tmp_path):
    with pytest.raises(OSError, match="FileNotFoundError"), at_hand(place(f"memory://{tmp_path.name}/none.pdf")):
        raise AssertionError("never entered")


def test_a_folder_of_files_arrives_whole(folder):
    with folder_at_hand(folder / "out") as here:
        (here / "parts").mkdir(parents=True)
        (here / "parts" / "one.txt").write_text("1", encoding="utf-8")
        (here / "two.txt").write_text("2", encoding="utf-8")
    assert (folder / "out" / "parts" / "one.txt").read_text() == "1"
    assert (folder / "out" / "two.txt").read_text() == "2"


@pytest.mark.parametrize("address", ["nowhere://bucket/plan.pdf", "gs://bucket/plan.pdf"])
def test_an_address_that_cannot_be_used_is_told_in_one_line(address, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "gcsfs", None)
    with pytest.raises(UserError) as told:
        place(address)
    assert str(told.value).startswith(address) and "\n" not in str(told.value)


def test_a_place_that_refuses_to_be_written_is_told(monkeypatch):
    there = place("memory://bucket/table.csv")

    def refuse(*_, **__):
        raise RuntimeError("access denied")

    monkeypatch.setattr(type(there.fs), "_open", refuse)
    with pytest.raises(UserError, match="cannot be written .*access denied"):
        write_table(TABLE, there)
