"""Downloads one document: resumes what was cut, tries again where that may help, stops at the caps."""

import json
import re
import ssl
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from pipeline import __version__
from pipeline.collect.addresses import PublicTransport, check_scheme
from pipeline.collect.content import check_bytes, check_type
from pipeline.collect.fetch_error import FetchError, TemporaryError
from pipeline.collect.pace import Pace, retry_after
from pipeline.collect.registry import Entry
from pipeline.collect.time_cap import TimeCap

_TEMPORARY = {408, 425, 429, 500, 502, 503, 504}
_REMEDY = "look the document up in a browser and correct the address in the registry"
_UNREADABLE = f"redirects to an address that cannot be read; {_REMEDY}"
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")
_PIECE = 2**16


@dataclass(frozen=True)
class Limits:
    """How far `fetch` goes: sizes in bytes, times in seconds."""

    size: int = 200 * 2**20
    seconds: float = 600.0  # for one try at one document
    silence: float = 30.0  # without a byte
    tries: int = 4
    back_off: float = 2.0  # before the second try; doubled for each further one
    delay: float = 2.0  # between two requests to one host
    longest_wait: float = 120.0  # that a host may ask for
    redirects: int = 10
    private_hosts: frozenset[str] = frozenset()  # for tests: may be asked though not public


class Partial:
    """The unfinished file of one document, and the note by which a server can tell that it still has the same one."""

    def __init__(self, folder: Path, entry: Entry):
        self.file = folder / f"{entry.id}.part.{entry.format}"
        self._note = folder / f"{entry.id}.part.json"
        self._address = entry.address

    def validator(self) -> str:
        """The server's mark of the version that lies here in part; empty where it must be fetched from the start."""
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
            usable = note["address"] == self._address and self.file.stat().st_size > 0
            return str(note["validator"]) if usable else ""
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def note(self, response: httpx.Response) -> None:
        """Writes down the version that `response` begins to send; a weak mark or a compressed body is none."""
        mark = response.headers.get("etag", "")
        mark = mark if mark.startswith('"') else response.headers.get("last-modified", "")
        self._note.unlink(missing_ok=True)
        if mark and _coding(response) == "identity":
            self._note.write_text(json.dumps({"address": self._address, "validator": mark}), encoding="utf-8")

    def delete(self) -> None:
        """Forgets the unfinished file."""
        self.file.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)


def download(entry: Entry, folder: Path, pace: Pace, limits: Limits, again: bool = False) -> Path:
    """The document of `entry` as a checked file in `folder`, named by its id.

    A file that an earlier run finished is used as it is, unless `again`; an unfinished one is continued where the
    server can. Raises FetchError with the reason where the document cannot be had.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / entry.file_name
    if target.exists() and not again:
        return target
    partial = Partial(folder, entry)
    for number in range(1, limits.tries + 1):
        try:
            _attempt(entry, partial, pace, limits)
            break
        except TemporaryError as error:
            host = error.host or httpx.URL(entry.address).host
            pace.hold(host, limits.back_off * 2 ** (number - 1) if error.wait is None else error.wait)
            if number == limits.tries:
                raise FetchError(f"{error} (tried {number} times); run the command again later") from None
    try:
        check_bytes(partial.file, entry.format)
    except FetchError:
        partial.delete()
        raise
    partial.file.replace(target)
    partial.delete()
    return target


def _attempt(entry: Entry, partial: Partial, pace: Pace, limits: Limits) -> None:
    """One try: follows the redirects and fills `partial`, from where it ended if the server lets it."""
    url = httpx.URL(entry.address)
    headers = {"User-Agent": f"participation-deficit/{__version__} (research)", "Accept-Encoding": "identity"}
    if validator := partial.validator():
        headers |= {"Range": f"bytes={partial.file.stat().st_size}-", "If-Range": validator}
    transport = PublicTransport(limits.private_hosts)
    timeout = httpx.Timeout(min(limits.silence, limits.seconds))
    seen = {url}
    left = limits.seconds
    with httpx.Client(transport=transport, timeout=timeout, headers=headers) as client:
        for _ in range(limits.redirects + 1):
            check_scheme(url)
            with pace.turn(url.host), TimeCap(left) as cap:
                location = _ask(client, url, cap, entry, partial, limits)
            if location is None:
                return
            url = _joined(url, location)
            if url in seen:
                raise FetchError(f"redirects in a circle (back to {url}); {_REMEDY}")
            seen.add(url)
            left -= cap.spent
    raise FetchError(f"redirects more than {limits.redirects} times; {_REMEDY}")


def _joined(url: httpx.URL, location: str) -> httpx.URL:
    """Where the redirect `location` leads from `url`; raises FetchError where it cannot be read."""
    try:
        return url.join(location)
    except (httpx.InvalidURL, ValueError):
        raise FetchError(_UNREADABLE) from None


def _ask(
    client: httpx.Client, url: httpx.URL, cap: TimeCap, entry: Entry, partial: Partial, limits: Limits
) -> str | None:
    """One request: where it redirects to, or None once `partial` holds the whole body."""
    try:
        with client.stream("GET", url, extensions={"trace": cap.trace}) as response:
            if response.has_redirect_location:
                return str(response.headers["location"])
            _receive(response, entry, partial, limits)
        if cap.passed:  # a body without a stated length then looks complete
            raise httpx.ReadTimeout("time cap")
        return None
    except ValueError:  # httpx reads the location of a redirect before it gives the response
        raise FetchError(_UNREADABLE) from None
    except httpx.TransportError as error:
        if "Invalid URL in location header" in str(error):
            raise FetchError(_UNREADABLE) from None
        if cap.passed:
            longer = f"took longer than {limits.seconds:g} seconds"
            raise FetchError(f"{longer}; run the command again, with a larger --time-limit if need be") from None
        raise _transport_failure(error, url.host) from None


def _transport_failure(error: httpx.TransportError, host: str) -> FetchError:
    if isinstance(error.__cause__ and error.__cause__.__cause__, ssl.SSLCertVerificationError) or (
        "CERTIFICATE_VERIFY_FAILED" in str(error)
    ):
        return FetchError(f"the certificate of {host} is not valid; {_REMEDY}")
    if isinstance(error, httpx.TimeoutException):
        return TemporaryError(f"{host} did not answer in time", host)
    if isinstance(error, httpx.ConnectError):
        return TemporaryError(f"no connection to {host}", host)
    return TemporaryError(f"{host} broke the connection off", host)


def _receive(response: httpx.Response, entry: Entry, partial: Partial, limits: Limits) -> None:
    """Writes the body of `response` to `partial`; raises FetchError for what is not the document."""
    status, host = response.status_code, response.url.host
    if status in _TEMPORARY:
        wait = retry_after(response.headers.get("retry-after"))
        raise TemporaryError(f"{host} answers {status} {response.reason_phrase}".strip(), host, wait)
    begin, total = _placed(response, partial)
    if status not in (200, 206):
        raise FetchError(f"{host} answers {status} {response.reason_phrase}".strip() + f"; {_REMEDY}")
    check_type(response.headers.get("content-type", ""), entry.format)
    too_large = f"is larger than {limits.size / 2**20:g} MiB; raise --size-limit if it is the right document"
    if total > limits.size:
        partial.delete()
        raise FetchError(too_large)
    if not begin:
        partial.note(response)
    size = begin
    with partial.file.open("ab" if begin else "wb") as handle:
        for piece in _decoded(response):
            size += len(piece)
            if size > limits.size:
                break
            handle.write(piece)
    if size > limits.size:
        partial.delete()
        raise FetchError(too_large)
    if total and size != total and _coding(response) == "identity":
        partial.delete()
        raise TemporaryError(f"{host} sent {size} bytes instead of {total}", host)


def _placed(response: httpx.Response, partial: Partial) -> tuple[int, int]:
    """Where in the file the body of `response` begins, and how long the file will be (0: not told)."""
    there = partial.file.stat().st_size if partial.file.exists() else 0
    if response.status_code == 206:
        told = _RANGE.fullmatch(response.headers.get("content-range", ""))
        if told and int(told[1]) == there and _coding(response) == "identity":
            return there, int(told[2])
    if response.status_code in (206, 416):
        partial.delete()
        raise TemporaryError(f"{response.url.host} cannot continue the download", response.url.host, 0.0)
    length = response.headers.get("content-length", "")
    return 0, int(length) if length.isascii() and length.isdigit() else 0


def _coding(response: httpx.Response) -> str:
    return response.headers.get("content-encoding", "identity").strip().lower() or "identity"


def _decoded(response: httpx.Response) -> Iterator[bytes]:
    """The body in pieces of bounded size, also where a server compresses though it was asked not to."""
    coding = _coding(response)
    if coding == "identity":
        yield from response.iter_raw()
        return
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise FetchError(f"the server sends it compressed ({coding}), though asked not to; download it by hand")
    unpacker = zlib.decompressobj(wbits=47 if "gzip" in coding else 15)
    try:
        for packed in response.iter_raw():
            while packed:
                yield unpacker.decompress(packed, _PIECE)
                packed = unpacker.unconsumed_tail
        yield unpacker.flush()
    except zlib.error:
        raise TemporaryError("the server sent damaged compressed data", response.url.host) from None
