"""Downloads one document: tries again where that may help, and gives it only once its bytes are checked."""

from pathlib import Path

import httpx

from pipeline.collect.attempt import attempt
from pipeline.collect.content import check_bytes
from pipeline.collect.fetch_error import FetchError, TemporaryError
from pipeline.collect.limits import Limits
from pipeline.collect.pace import Pace
from pipeline.collect.partial import Partial
from pipeline.collect.registry import Entry


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
            attempt(entry, partial, pace, limits)
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
