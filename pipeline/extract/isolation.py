"""A process for each document that is being read, with a limit of time and memory: only that document can be lost."""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
POLL = 0.2  # seconds between two looks at a worker's memory
START_UP = 60.0  # seconds that a worker may take to start, beyond the document's limit

Request = dict[str, Any]
Answer = dict[str, Any]

_lock = threading.Lock()
_idle: list["_Worker"] = []
_busy: set["_Worker"] = set()


def ask(request: Request, seconds: float, mebibytes: int, module: str = "pipeline.extract.worker") -> Answer:
    """What a worker process answers to `request`, or what became of the document; called by many threads at once.

    A worker that takes too long, uses too much memory or dies is ended, and only its document is marked. Workers that
    are done are kept for the next request of this process. `module` is the program that the workers run.
    """
    with _lock:
        kept = next((worker for worker in _idle if worker.settings == (mebibytes, module)), None)
        if kept:
            _idle.remove(kept)
        worker = kept or _Worker(mebibytes, module)
        _busy.add(worker)
    try:
        return worker.ask(request, seconds)
    finally:
        with _lock:
            if worker in _busy:  # not where all were ended meanwhile
                _busy.remove(worker)
                _idle.append(worker)


def end_workers() -> None:
    """End all worker processes of this process, also those at work: their documents are marked as lost."""
    with _lock:
        workers = [*_idle, *_busy]
        _idle.clear()
        _busy.clear()
    for worker in workers:
        worker.end()


class _Worker:
    """One worker process, started when first asked and again after it was lost."""

    def __init__(self, mebibytes: int, module: str):
        self.settings = (mebibytes, module)
        self.mebibytes = mebibytes
        self.process: subprocess.Popen[bytes] | None = None
        self.answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def ask(self, request: Request, seconds: float) -> Answer:
        """The worker's answer, or what became of the document."""
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
        command = [sys.executable, "-m", self.settings[1], str(self.mebibytes)]
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
        process, self.process = self.process, None
        if process is None:
            return
        try:
            family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        except psutil.Error:
            family = []
        for member in family:
            with suppress(psutil.Error):
                member.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                with suppress(OSError):
                    stream.close()


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
