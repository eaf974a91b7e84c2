"""The one interface by which stages run: a task for each item, in processes of this machine or on a Dask cluster.

Tasks are functions of one item that know nothing of each other, and results come in the order of the items, so that
where a stage runs never shows in what it gives.
"""

import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from joblib import Parallel, delayed
from joblib.externals.loky.process_executor import TerminatedWorkerError

from pipeline.domain.errors import UserError

Item = TypeVar("Item")
Result = TypeVar("Result")
_AHEAD = 32  # items a worker that may be under way at once: bounds memory, and what the slowest of them holds up
_PATIENCE = 10  # seconds to find the scheduler, and for its first worker to appear


@dataclass(frozen=True)
class Execution:
    """Where tasks run: `workers` processes of this machine, or the Dask cluster whose scheduler has the address."""

    workers: int = 1
    scheduler: str = ""

    @classmethod
    def of(cls, params: dict[str, Any]) -> "Execution":
        """From the block `execution` of params.yaml."""
        return cls(int(params["workers"]), str(params["scheduler"] or ""))


def run(
    task: Callable[[Item], Result],
    items: Iterable[Item],
    execution: Execution,
    waits: bool = False,
    few: int = 1,
    weight: Callable[[Item], float] | None = None,
) -> Iterator[Result]:
    """The results of `task` for all items, in their order, a bounded number of both being in memory at a time.

    `waits`: the task only waits for a process of its own, so that threads do instead of processes on this machine.
    Up to `few` items are done right here, since starting processes would take longer. What a task raises is raised.
    `weight`: heavy items are begun first, as one that begins last would keep a single worker busy.
    Raises UserError where the cluster cannot be reached or a process was killed.
    """
    waiting = iter(items)
    first = list(islice(waiting, few + 1))
    if len(first) <= few and not waits:
        yield from map(task, first)
        return
    with _backend(execution, waits) as (backend, workers):
        window = first + list(islice(waiting, max(0, workers * _AHEAD - len(first))))
        while window:
            order = sorted(range(len(window)), key=lambda place: -weight(window[place]) if weight else 0)
            parallel = Parallel(workers, backend=backend, return_as="generator", batch_size=1, pre_dispatch="all")
            early: dict[int, Result] = {}
            due = 0
            try:
                for place, result in zip(order, parallel(delayed(task)(window[at]) for at in order), strict=True):
                    early[place] = result
                    while due in early:
                        yield early.pop(due)
                        due += 1
            except TerminatedWorkerError:
                raise UserError(
                    "a worker process was killed, most likely for want of memory; "
                    "lower execution.workers in params.yaml and run again"
                ) from None
            window = list(islice(waiting, workers * _AHEAD))


@contextmanager
def _backend(execution: Execution, waits: bool) -> Iterator[tuple[Any, int]]:
    """joblib's backend and the number of tasks at a time."""
    if not execution.scheduler:
        # loky replaces a worker whose memory has grown; that is its business and no user's. Set here and not on import,
        # since libraries that are loaded meanwhile put filters of their own before it.
        warnings.filterwarnings("ignore", message="A worker stopped while some jobs", category=UserWarning)
        yield ("threading" if waits else "loky"), max(1, execution.workers)
        return
    where = f"params.yaml: execution.scheduler '{execution.scheduler}'"
    try:
        from distributed import Client
        from joblib._dask import DaskDistributedBackend
    except ImportError:
        raise UserError(f"{where}: Dask is not installed; run pip install 'participation-deficit[dask]'") from None
    try:
        client = Client(execution.scheduler, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise UserError(f"{where}: no scheduler answers ({reason}); start 'dask scheduler' or leave it empty") from None

    class Backend(DaskDistributedBackend):
        def effective_n_jobs(self, n_jobs: int) -> int:
            return max(2, super().effective_n_jobs(n_jobs))  # joblib would do the tasks of a single worker right here

    with client:
        backend = Backend(client=client, wait_for_workers_timeout=_PATIENCE)
        try:
            workers = backend.effective_n_jobs(-1)
        except TimeoutError:
            raise UserError(f"{where}: has no workers; start some with 'dask worker {execution.scheduler}'") from None
        yield backend, workers
