"""Worker process: reads the documents that it is told on standard input and answers on standard output.

One JSON message a line, in both directions. The worker is started as a program, not forked, so that it shares
nothing with its parent: whatever a document does to it, only that document is lost.
"""

import json
import os
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

from pipeline.domain.codebook import Status
from pipeline.extract.document import Reading, read_document

ADDRESS_SPACE = 6 * 2**30  # what libraries map beyond what they use


def main() -> None:
    """Answer until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="surrogatepass")
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)  # what a library prints must not end up among the answers
    os.dup2(silent, 2)
    _forbid_network()
    _limit_memory(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
    for line in sys.stdin:
        answers.write(json.dumps(answer(json.loads(line)), ensure_ascii=True))
        answers.write("\n")
        answers.flush()


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """The reading of the requested document as plain values."""
    try:
        reading = read_document(Path(request["path"]), request["params"], request["language"], request["mapping"])
    except MemoryError:
        reading = Reading(
            status=Status.LIMIT,
            reason="needs more memory than extract.memory_limit in params.yaml allows; raise it or split the file",
        )
    except Exception as error:  # a parser's bug on a strange file is that file's fault, and is told
        reading = Reading(
            status=Status.UNREADABLE,
            reason=f"could not be read ({type(error).__name__}: {str(error)[:120]}); save it again or as PDF",
        )
    return vars(reading)


def _forbid_network() -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise OSError("reading documents uses no network")

    socket.socket.connect = refuse  # type: ignore[method-assign]
    socket.create_connection = refuse
    socket.getaddrinfo = refuse


def _limit_memory(mebibytes: int) -> None:
    """Let single huge allocations fail inside the worker; the parent watches the memory really in use."""
    if mebibytes:
        try:
            import resource
        except ImportError:  # not on Windows
            return
        limit = mebibytes * 2**20 + ADDRESS_SPACE
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


if __name__ == "__main__":
    main()
