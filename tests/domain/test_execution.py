"""One interface, several places to run: the same results in the same order, and one line where it cannot run."""

import os
import signal
import sys
import threading
import time

import pytest

from pipeline.domain.errors import UserError
from pipeline.domain.execution import Execution, run


def square(number):
    return number * number


def process_of(number):
    time.sleep(0.05)
    return os.getpid()


def refuse_seven(number):
    if number == 7:
        raise UserError("seven.csv: is refused; give another")
    return number


def die(number):
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_order_whatever_is_begun_first(workers, waits):
    found = run(square, range(150), Execution(workers), waits, weight=lambda number: number % 13)
    assert list(found) == [number * number for number in range(150)]


def test_nothing_to_do_gives_nothing():
    assert list(run(square, [], Execution(2))) == []
    assert list(run(square, [], Execution(2), waits=True)) == []


def test_processes_do_the_work_and_a_few_items_are_done_here():
    assert os.getpid() not in set(run(process_of, range(8), Execution(2)))
    assert set(run(process_of, range(8), Execution(2), few=8)) == {os.getpid()}


def test_tasks_that_wait_run_in_threads_of_this_process_at_the_same_time():
    meeting = threading.Barrier(2, timeout=10)

    def meet(number):
        meeting.wait()
        return os.getpid()

    assert set(run(meet, range(2), Execution(2), waits=True)) == {os.getpid()}


def test_items_are_taken_a_bounded_number_at_a_time():
    taken = []

    def items():
        for number in range(1000):
            taken.append(number)
            yield number

    results = run(square, items(), Execution(2), waits=True)
    next(results)
    assert len(taken) < 100
    results.close()


def test_what_a_task_raises_reaches_the_caller():
    with pytest.raises(UserError, match="seven.csv: is refused"):
        list(run(refuse_seven, range(20), Execution(2)))


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_a_killed_process_is_told():
    with pytest.raises(UserError, match="lower execution.workers"):
        list(run(die, range(4), Execution(2)))


def test_an_address_without_scheduler_is_told():
    pytest.importorskip("distributed")
    for address in ("tcp://127.0.0.1:9", "nonsense://", "host-without-port"):
        with pytest.raises(UserError, match="execution.scheduler") as told:
            list(run(square, range(4), Execution(2, address)))
        assert "\n" not in str(told.value)


def test_dask_that_is_not_installed_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UserError, match=r"pip install 'participation-deficit\[dask\]'"):
        list(run(square, range(4), Execution(2, "tcp://127.0.0.1:8786")))
