"""A cap on the time of one download that a server cannot stretch by sending a byte now and then."""

import contextlib
import socket
import threading
import time
from types import TracebackType
from typing import Any

_OPENED = ("connection.connect_tcp.complete", "connection.start_tls.complete")


class TimeCap:
    """Shuts the connection down after `seconds`; the read that is waiting then fails, and `passed` tells why.

    Read timeouts count from byte to byte, so only a clock of its own ends a download that drips. Use as a context, and
    give `trace` to the request as its extension of that name.
    """

    def __init__(self, seconds: float):
        self.seconds = seconds
        self.passed = False
        self.spent = 0.0
        self._begin = time.monotonic()
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Takes note of each connection that the request opens."""
        if event in _OPENED:
            with self._lock:
                self._socket = info["return_value"].get_extra_info("socket")
                if self.passed:
                    self._shut()

    def _end(self) -> None:
        with self._lock:
            self.passed = True
            self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> "TimeCap":
        """Starts the clock."""
        self._begin = time.monotonic()
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stops the clock; `spent` then holds the seconds."""
        self._timer.cancel()
        self.spent = time.monotonic() - self._begin
