"""The history survives cut files, newer versions and two imports at once."""

import multiprocessing
from pathlib import Path

import pandas as pd
import pytest
from filelock import FileLock

from pipeline.domain.errors import UserError
from pipeline.domain.schema import REVIEWS
from pipeline.review import history


def reviews(*names: str) -> pd.DataFrame:
    rows = [
        dict.fromkeys(REVIEWS.names, "")
        | {"review_id": name, "version": 1, "commitment_id": name, "reviewer": "R1", "status": "done", "random": True}
        | {"adjudication": False, "cluster": "not_digital", "iap2_level": "none", "text": f'a "text" of\n{name}, é'}
        for name in names
    ]
    return pd.DataFrame(rows)


def add(folder: str, number: int) -> None:
    for step in range(5):
        history.append(Path(folder), reviews(f"p{number}-{step}"))


def test_it_grows_and_never_changes_what_is_there(tmp_path):
    assert history.append(tmp_path, reviews("a", "b")) == 2
    before = (tmp_path / "reviews.csv").read_bytes()
    assert history.append(tmp_path, reviews("b", "c", "c")) == 1
    assert (tmp_path / "reviews.csv").read_bytes().startswith(before)
    read = history.read(tmp_path)
    assert list(read["review_id"]) == ["a", "b", "c"] and read.loc[0, "text"] == 'a "text" of\na, é'
    assert bool(read.loc[0, "random"]) and not bool(read.loc[0, "adjudication"])


def test_two_imports_at_once_lose_nothing(tmp_path):
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=add, args=(str(tmp_path), number)) for number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(240)
    assert sorted(history.read(tmp_path)["review_id"]) == [f"p{n}-{step}" for n in range(2) for step in range(5)]


def test_a_cut_history_is_refused_and_left_as_it_is(tmp_path):
    history.append(tmp_path, reviews("a", "b"))
    path = tmp_path / "reviews.csv"
    whole = path.read_bytes()
    header = whole.index(b"\n") + 1
    ends = {len(whole), header, whole.index(b"\n", whole.index(b"a, \xc3\xa9")) + 1}  # between rows nothing is missing
    for cut in sorted(set(range(1, len(whole))) - ends)[::7]:
        path.write_bytes(whole[:cut])
        with pytest.raises(UserError, match=r"reviews\.csv"):
            history.append(tmp_path, reviews("c"))
        assert path.read_bytes() == whole[:cut]


def test_a_history_of_a_newer_version_is_refused(tmp_path):
    history.append(tmp_path, reviews("a"))
    path = tmp_path / "reviews.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\na,1,", "\na,2,"), encoding="utf-8")
    with pytest.raises(UserError, match="version 2"):
        history.append(tmp_path, reviews("b"))
    path.write_text("confidence," + text, encoding="utf-8")
    with pytest.raises(UserError, match="'confidence': written by a newer version"):
        history.read(tmp_path)


def test_an_import_that_does_not_end_is_waited_for_and_then_told(tmp_path, monkeypatch):
    monkeypatch.setattr(history, "_WAIT", 0.1)
    with FileLock(tmp_path / ".lock"), pytest.raises(UserError, match="another import"):
        history.append(tmp_path, reviews("a"))
    assert not (tmp_path / "reviews.csv").exists()


def test_a_write_that_fails_leaves_the_history_whole(tmp_path, monkeypatch):
    history.append(tmp_path, reviews("a"))
    before = (tmp_path / "reviews.csv").read_bytes()

    def full(number: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(history.os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        history.append(tmp_path, reviews("b"))
    assert (tmp_path / "reviews.csv").read_bytes() == before
