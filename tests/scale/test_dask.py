"""On a Dask cluster as on this machine: the same bytes, and a document that crashes costs only itself."""

import os
from pathlib import Path

import pytest

from pipeline.classify import predict
from pipeline.domain.execution import Execution, run
from pipeline.domain.tables import read_table
from pipeline.extract import isolation
from pipeline.segment import stage

TABLES = ("blocks.parquet", "extracted.csv", "segments.csv", "classified.csv", "documents.csv")


@pytest.fixture
def every_stage_is_spread(monkeypatch):
    """Few documents and few rows, yet several tasks for each stage."""
    monkeypatch.setattr(stage, "_FEW", 1)
    monkeypatch.setattr(predict, "_FEW", 1)


def test_one_process_two_processes_and_a_cluster_give_the_same_bytes(
    plans, tmp_path, travel, scheduler, every_stage_is_spread
):
    ways = {"one": Execution(1), "two": Execution(2), "cluster": Execution(1, scheduler)}
    for name, execution in ways.items():
        travel([plans], tmp_path / name, execution)
    for table in TABLES:
        one = (tmp_path / "one" / table).read_bytes()
        assert all((tmp_path / name / table).read_bytes() == one for name in ways), table
    documents = read_table(tmp_path / "one" / "documents.csv").set_index("document")
    assert documents["status"].to_dict() == {
        "broken.pdf": "unreadable",
        "qsb-estrategia-digital-2020.md": "ok",
        "xen-digital-government-plan-2022.html": "ok",
        "zzb-commitments-2021.csv": "ok",
    }
    assert sum(documents["commitments"].astype(int)) == len(read_table(tmp_path / "one" / "classified.csv")) > 20


def test_a_single_worker_does_the_work_itself(scheduler_of_one):
    assert os.getpid() not in set(run(process_of, range(6), Execution(1, scheduler_of_one)))


def process_of(number: int) -> int:
    return os.getpid()


def ask(request):
    return isolation.ask(request, 2.0, 300, module="bad_worker")


def test_on_a_cluster_crash_and_hunger_cost_only_their_own_document(tmp_path, scheduler):
    orders = ["fine", "crash", "fine", "exit", "eat", "fine"]
    requests = []
    for number, order in enumerate(orders):
        path = tmp_path / f"{number}.txt"
        path.write_text(order)
        requests.append({"path": str(path), "params": {}, "language": "", "mapping": ""})
    found = list(run(ask, requests, Execution(1, scheduler), waits=True))
    assert [answer["status"] for answer in found] == ["ok", "unreadable", "ok", "unreadable", "limit", "ok"]
    assert "crashed" in found[1]["reason"] and "memory_limit" in found[4]["reason"]


def worker_process(number: int) -> str:
    import distributed

    return str(distributed.get_worker().address)


def test_tasks_are_done_by_the_workers_of_the_cluster(scheduler):
    assert len(set(run(worker_process, range(40), Execution(1, scheduler)))) == 2


def test_the_command_runs_where_params_yaml_says(plans, tmp_path, scheduler, monkeypatch, capfd):
    import sys

    import yaml

    from pipeline.commands import main
    from pipeline.domain.params import ROOT

    content = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    content["execution"]["scheduler"] = scheduler
    monkeypatch.chdir(tmp_path)
    Path("params.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["participation-deficit", "extract", str(plans), "-o", "blocks.parquet"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    assert set(read_table(Path("blocks.parquet"))["document"]) == {path.name for path in plans.iterdir()} - {
        "broken.pdf"
    }
    assert "broken.pdf: " in capfd.readouterr().err
