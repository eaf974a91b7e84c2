"""Worker processes with a limit of time and memory for each document."""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
POLL = 0.2  # seconds between two looks at a worker's memory
START_UP = 60.0  # seconds that a worker may take to start, beyond the document's limit

Request = dict[str, Any]
Answer = dict[str, Any]


def run(
    requests: Sequence[Request],
    workers: int,
    seconds: float,
    mebibytes: int,
    done: Callable[[int, Answer], None],
    module: str = "pipeline.extract.worker",
) -> None:
    """Read every requested document, `workers` at a time; `done(position, answer)` is called as each is finished.

    A worker that takes too long, uses too much memory or dies is replaced, and only its document is marked. `module`
    is the program that the workers run.
    """
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    # The largest first: a long document that starts last would keep one worker busy alone.
    for position in sorted(range(len(requests)), key=lambda number: -_size(requests[number])):
        waiting.put(position)
    lock = threading.Lock()
    stop = threading.Event()
    errors: list[BaseException] = []

    def serve() -> None:
        worker = _Worker(mebibytes, module)
        try:
            while not stop.is_set():
                try:
                    position = waiting.get_nowait()
                except queue.Empty:
                    return
                answer = worker.ask(requests[position], seconds, stop)
                if answer is not None:
                    with lock:
                        done(position, answer)
        except BaseException as error:  # told to the caller below
            errors.append(error)
            stop.set()
        finally:
            worker.end()

    threads = [threading.Thread(target=serve, daemon=True) for _ in range(max(1, min(workers, len(requests))))]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            while thread.is_alive():
                thread.join(0.5)
    except BaseException:
        stop.set()
        for thread in threads:
            thread.join(5)
        raise
    if errors:
        raise errors[0]


def _size(request: Request) -> int:
    try:
        return Path(request["path"]).stat().st_size
    except OSError:
        return 0


class _Worker:
    """One worker process, started when first asked and again after it was lost."""

    def __init__(self, mebibytes: int, module: str):
        self.mebibytes = mebibytes
        self.module = module
        self.process: subprocess.Popen[bytes] | None = None
        self.answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def ask(self, request: Request, seconds: float, stop: threading.Event) -> Answer | None:
        """The worker's answer, or what became of the document; None when the run is stopped."""
        fresh = self.process is None or self.process.poll() is not None
        process = self._start() if fresh else self.process
        assert process is not None and process.stdin is not None
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
        except OSError:
            return self._lost("unreadable", "the worker could not be started; check the installation")
        start = time.monotonic()
        limit = seconds + (START_UP if fresh else 0.0)
        watched = psutil.Process(process.pid)
        while True:
            try:
                line = self.answers.get(timeout=POLL)
            except queue.Empty:
                if stop.is_set():
                    return None
                if time.monotonic() - start > limit:
                    return self._lost(
                        "limit",
                        f"not finished after {seconds:g} s; raise extract.time_limit in params.yaml or split the file",
                    )
                if _memory(watched) > self.mebibytes * 2**20:
                    return self._lost(
                        "limit",
                        f"needs more than {self.mebibytes} MiB; raise extract.memory_limit in params.yaml or split it",
                    )
                continue
            if line:
                return dict(json.loads(line))
            code = process.wait()
            what = f"signal {-code}" if code < 0 else f"exit code {code}"
            return self._lost(
                "unreadable",
                f"the parser crashed on this file ({what}); save it again, for example by printing it to PDF",
            )

    def _start(self) -> subprocess.Popen[bytes]:
        self.end()
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
        }
        environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # one document, one core
        command = [sys.executable, "-m", self.module, str(self.mebibytes)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
        self.answers = queue.SimpleQueue()
        threading.Thread(target=_listen, args=(self.process, self.answers), daemon=True).start()
        return self.process

    def _lost(self, status: str, reason: str) -> Answer:
        self.end()
        return {"status": status, "reason": reason}

    def end(self) -> None:
        """Stop the process and what it started."""
        if self.process is None:
            return
        try:
            family = [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]
        except psutil.Error:
            family = []
        for member in family:
            try:
                member.kill()
            except psutil.Error:
                continue
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                try:
                    stream.close()
                except OSError:
                    continue
        self.process = None


def _listen(process: subprocess.Popen[bytes], answers: "queue.SimpleQueue[bytes]") -> None:
    assert process.stdout is not None
    try:
        for line in process.stdout:
            answers.put(line)
    except (OSError, ValueError):
        pass
    answers.put(b"")  # the worker is gone


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
