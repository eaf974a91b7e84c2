"""The stage: limits for each document, the cache, and tables that name every document."""

import gzip
import json
import time
from pathlib import Path

import pytest

from pipeline.domain import kept
from pipeline.domain.execution import Execution, run
from pipeline.domain.schema import BLOCKS, DOCUMENTS
from pipeline.extract import cache, isolation, worker
from pipeline.extract.stage import COLUMNS, extract_documents

from .sheets import Sheet


@pytest.fixture(autouse=True)
def bad_worker_is_found(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


@pytest.fixture
def in_process(monkeypatch):
    """Read without worker processes, which take a second to start; returns the names of the documents asked for."""
    asked = []

    def ask(request, seconds, mebibytes):
        asked.append(Path(request["path"]).name)
        return json.loads(json.dumps(worker.answer(request)))

    monkeypatch.setattr(isolation, "ask", ask)
    return asked


def plan(folder, name, text="The agency publishes all of its contracts."):
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    sheet = Sheet(path)
    sheet.text(72, 100, text)
    sheet.save()
    return path


def answers(tmp_path, orders, seconds=2.0, mebibytes=300, workers=2):
    requests = []
    for number, order in enumerate(orders):
        path = tmp_path / f"{number}.txt"
        path.write_text(order)
        requests.append({"path": str(path), "params": {}, "language": "", "mapping": ""})

    def ask(request):
        return isolation.ask(request, seconds, mebibytes, module="bad_worker")

    found = list(run(ask, requests, Execution(workers), waits=True))
    isolation.end_workers()
    return found


def test_crash_hang_exit_and_hunger_cost_only_their_own_document(tmp_path, monkeypatch):
    monkeypatch.setattr(isolation, "START_UP", 3.0)
    orders = ["fine", "crash", "fine", "hang", "fine", "exit", "eat", "fine"]
    found = answers(tmp_path, orders)
    assert [answer["status"] for answer in found] == [
        "ok", "unreadable", "ok", "limit", "ok", "unreadable", "limit", "ok",
    ]  # fmt: skip
    assert "crashed" in found[1]["reason"] and "signal" in found[1]["reason"]
    assert "time_limit" in found[3]["reason"]
    assert "exit code 3" in found[5]["reason"]
    assert "memory_limit" in found[6]["reason"]


def test_an_interrupted_run_ends_its_workers(tmp_path, params):
    paths = [plan(tmp_path, f"{n}.pdf", f"Plan number {n} of the agency.") for n in range(3)]

    def interrupt(path, status):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract_documents(paths, params | {"workers": 2}, progress=interrupt)
    deadline = time.monotonic() + 5
    while "pipeline.extract.worker" in " ".join(children()):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def children():
    import psutil

    return [" ".join(child.cmdline()) for child in psutil.Process().children(recursive=True)]


def test_every_document_has_its_row_and_the_order_is_kept(tmp_path, params):
    good, other = plan(tmp_path, "b.pdf"), plan(tmp_path, "a.pdf", "Otro plan que publica los contratos del Estado.")
    bad = tmp_path / "c.pdf"
    bad.write_bytes(b"%PDF-1.4 cut off")
    missing = tmp_path / "d.pdf"
    told = []
    blocks, documents = extract_documents(
        [good, bad, missing, other],
        params | {"workers": 2},
        {other: "es"},
        lambda path, status: told.append((path.name, status)),
    )
    assert list(blocks.columns) == BLOCKS.names and list(documents.columns) == COLUMNS
    assert set(COLUMNS) <= set(DOCUMENTS.names)
    assert documents["document"].tolist() == ["b.pdf", "c.pdf", "d.pdf", "a.pdf"]
    assert documents["status"].tolist() == ["ok", "unreadable", "missing", "ok"]
    assert all(documents.loc[documents["status"] != "ok", "reason"])
    assert documents["language"].tolist()[::3] == ["en", "es"]
    assert sorted(told) == [("a.pdf", "ok"), ("b.pdf", "ok"), ("c.pdf", "unreadable"), ("d.pdf", "missing")]
    assert blocks.groupby("document")["block"].apply(list).to_dict() == {"a.pdf": [0], "b.pdf": [0]}


def test_nothing_to_read(params):
    blocks, documents = extract_documents([], params)
    assert list(blocks.columns) == BLOCKS.names and len(blocks) == len(documents) == 0


def test_two_files_of_one_name_stay_apart(tmp_path, params, in_process):
    paths = [
        plan(tmp_path / folder, "plan.pdf", f"Plan of {folder} and its agency.") for folder in ("arboria", "belmar")
    ]
    blocks, documents = extract_documents(paths, params)
    assert documents["document"].tolist() == ["arboria/plan.pdf", "belmar/plan.pdf"]
    assert set(blocks["document"]) == set(documents["document"])


def test_a_second_run_reads_nothing_again_and_one_more_document_costs_one(tmp_path, params, in_process):
    asked = in_process
    paths = [plan(tmp_path, f"{n}.pdf", f"Plan number {n} of the agency.") for n in range(3)]
    first = extract_documents(paths, params)
    assert sorted(asked) == ["0.pdf", "1.pdf", "2.pdf"]
    asked.clear()
    second = extract_documents(paths, params)
    assert not asked
    for one, two in zip(first, second, strict=True):
        assert one.equals(two)
    extract_documents([*paths, plan(tmp_path, "new.pdf", "One plan more.")], params)
    assert asked == ["new.pdf"]
    asked.clear()
    extract_documents(paths, params | {"workers": 2, "time_limit": 99})
    assert not asked
    extract_documents(paths, params | {"ocr_dpi": 300})
    assert len(asked) == 3


def test_a_changed_file_and_a_changed_extractor_are_read_again(tmp_path, params, monkeypatch, in_process):
    path = plan(tmp_path, "plan.pdf", "First text of the plan.")
    extract_documents([path], params)
    plan(tmp_path, "plan.pdf", "Second text of the plan.")
    assert extract_documents([path], params)[0]["text"].tolist() == ["Second text of the plan."]
    key = cache.key_of("0", ".pdf", params, "", "")
    monkeypatch.setattr(cache, "extractor_version", lambda: "another")
    assert cache.key_of("0", ".pdf", params, "", "") != key


@pytest.mark.parametrize("damage", [b"", b"not gzip", gzip.compress(b"[1, 2"), gzip.compress(b'{"rows": 1}')])
def test_a_damaged_entry_is_made_anew(tmp_path, params, damage, in_process):
    path = plan(tmp_path, "plan.pdf")
    first, _ = extract_documents([path], params)
    entry = next(cache.folder().rglob("*.json.gz"))
    entry.write_bytes(damage)
    second, _ = extract_documents([path], params)
    assert second.equals(first)
    assert json.loads(gzip.decompress(entry.read_bytes()))["rows"]


def test_entries_are_whole_or_absent(tmp_path, monkeypatch):
    def fail(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(kept.gzip, "compress", fail)
    with pytest.raises(KeyboardInterrupt):
        cache.store("ab" * 32, {"rows": []})
    assert not [path for path in cache.folder().rglob("*") if path.is_file()]


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path, params, monkeypatch, in_process):
    occupied = tmp_path / "occupied"
    occupied.write_text("a file where the cache folder should be")
    monkeypatch.setenv("PARTICIPATION_DEFICIT_CACHE", str(occupied))
    _, documents = extract_documents([plan(tmp_path, "plan.pdf")], params)
    assert documents["status"].tolist() == ["ok"]


def test_results_at_a_limit_are_not_kept(tmp_path, params, monkeypatch):
    def limited(request, seconds, mebibytes):
        return {"status": "limit", "reason": "too slow", "rows": []}

    monkeypatch.setattr(isolation, "ask", limited)
    _, documents = extract_documents([plan(tmp_path, "plan.pdf")], params)
    assert documents["status"].tolist() == ["limit"]
    assert not list(cache.folder().rglob("*.json.gz"))


def test_a_parser_bug_is_told_and_not_raised(tmp_path, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("by the parser")

    monkeypatch.setattr(worker, "read_document", broken)
    answer = worker.answer({"path": "x.pdf", "params": {}, "language": "", "mapping": ""})
    assert answer["status"] == "unreadable" and "ZeroDivisionError" in answer["reason"]


def test_workers_have_no_network(monkeypatch):
    import socket

    for name in ("create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, getattr(socket, name))
    monkeypatch.setattr(socket.socket, "connect", socket.socket.connect)
    worker._forbid_network()
    with pytest.raises(OSError, match="no network"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(OSError, match="no network"):
        socket.getaddrinfo("example.org", 80)


def test_the_time_limit_holds_within_a_second(tmp_path, monkeypatch):
    monkeypatch.setattr(isolation, "START_UP", 0.0)
    start = time.monotonic()
    (answer,) = answers(tmp_path, ["hang"], seconds=1.0)
    assert answer["status"] == "limit" and time.monotonic() - start < 5
