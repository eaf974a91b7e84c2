"""How often a host is asked, and how long it is left alone when it says so."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pipeline.collect.fetch_error import FetchError


class Pace:
    """Keeps `delay` seconds between two requests to one host, and longer where the host was put on hold."""

    def __init__(self, delay: float, longest_wait: float):
        self._delay = delay
        self._longest_wait = longest_wait
        self._free: dict[str, float] = {}  # host → moment (monotonic) from which it may be asked again

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Begins when `host` may be asked, and counts the delay from its end.

        Raises FetchError where the host must be left alone for more than the longest wait.
        """
        left = self._free.get(host, 0.0) - time.monotonic()
        if left > self._longest_wait:
            raise FetchError(f"{host} asks to be left alone for {left:.0f} seconds; run the command again later")
        if left > 0:
            time.sleep(left)
        try:
            yield
        finally:
            self.hold(host, self._delay)

    def hold(self, host: str, seconds: float) -> None:
        """Leaves `host` alone for `seconds` from now, or longer where that was agreed before."""
        self._free[host] = max(self._free.get(host, 0.0), time.monotonic() + seconds)


def retry_after(header: str | None) -> float | None:
    """Seconds that a `Retry-After` header asks for (a number of seconds or a date); None where it says nothing."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
