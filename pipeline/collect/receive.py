"""Writes the body of an answer to the unfinished file, within the caps and only where it is the document."""

import re
import zlib
from collections.abc import Iterator

import httpx

from pipeline.collect.content import check_type
from pipeline.collect.fetch_error import REMEDY, FetchError, TemporaryError
from pipeline.collect.limits import Limits
from pipeline.collect.pace import retry_after
from pipeline.collect.partial import Partial, coding
from pipeline.collect.registry import Entry

_TEMPORARY = {408, 425, 429, 500, 502, 503, 504}
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")
_PIECE = 2**16


def receive(response: httpx.Response, entry: Entry, partial: Partial, limits: Limits) -> None:
    """Writes the body of `response` to `partial`; raises FetchError for what is not the document."""
    status, host = response.status_code, response.url.host
    if status in _TEMPORARY:
        wait = retry_after(response.headers.get("retry-after"))
        raise TemporaryError(f"{host} answers {status} {response.reason_phrase}".strip(), host, wait)
    begin, total = _placed(response, partial)
    if status not in (200, 206):
        raise FetchError(f"{host} answers {status} {response.reason_phrase}".strip() + f"; {REMEDY}")
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
    if total and size != total and coding(response) == "identity":
        partial.delete()
        raise TemporaryError(f"{host} sent {size} bytes instead of {total}", host)


def _placed(response: httpx.Response, partial: Partial) -> tuple[int, int]:
    """Where in the file the body of `response` begins, and how long the file will be (0: not told)."""
    there = partial.file.stat().st_size if partial.file.exists() else 0
    if response.status_code == 206:
        told = _RANGE.fullmatch(response.headers.get("content-range", ""))
        if told and int(told[1]) == there and coding(response) == "identity":
            return there, int(told[2])
    if response.status_code in (206, 416):
        partial.delete()
        raise TemporaryError(f"{response.url.host} cannot continue the download", response.url.host, 0.0)
    length = response.headers.get("content-length", "")
    return 0, int(length) if length.isascii() and length.isdigit() else 0


def _decoded(response: httpx.Response) -> Iterator[bytes]:
    """The body in pieces of bounded size, also where a server compresses though it was asked not to."""
    packing = coding(response)
    if packing == "identity":
        yield from response.iter_raw()
        return
    if packing not in ("gzip", "x-gzip", "deflate"):
        raise FetchError(f"the server sends it compressed ({packing}), though asked not to; download it by hand")
    unpacker = zlib.decompressobj(wbits=47 if "gzip" in packing else 15)
    try:
        for packed in response.iter_raw():
            while packed:
                yield unpacker.decompress(packed, _PIECE)
                packed = unpacker.unconsumed_tail
        yield unpacker.flush()
    except zlib.error:
        raise TemporaryError("the server sent damaged compressed data", response.url.host) from None
