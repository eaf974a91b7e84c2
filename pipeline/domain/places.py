"""Files and folders wherever they lie: on this machine, or behind an address such as `s3://bucket/plans` (fsspec)."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from upath import UPath

from pipeline.domain.errors import UserError


def place(address: str | Path) -> Path:
    """A path of this machine (also for `file://…`); for another address a UPath, which has the same methods.

    Raises UserError where the kind of address is unknown or its library is not installed.
    """
    if isinstance(address, Path) or "://" not in str(address):
        return Path(address) if isinstance(address, str) else address
    try:
        found = UPath(address)
        found.fs  # noqa: B018  connects nothing, but loads the library
    except ImportError as error:
        raise UserError(f"{address}: {error}; it is an fsspec library (s3fs, gcsfs, adlfs …)") from None
    except ValueError as error:
        raise UserError(f"{address}: {error}; use a path, or an address such as s3://bucket/folder") from None
    return Path(found.path) if found.protocol in ("file", "local") else cast(Path, found)


def is_local(path: Path) -> bool:
    """Whether the file lies on this machine."""
    return isinstance(path, Path)


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A handle to write the file; it appears whole or not at all, and folders are made as needed.

    Here it is written beside its place and renamed; elsewhere it is written here first and then uploaded in one go.
    """
    if is_local(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.part")
        with unfinished.open("wb") as handle:
            yield handle
        unfinished.replace(path)
        return
    with tempfile.TemporaryFile() as handle:
        yield handle
        handle.seek(0)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as target:
                shutil.copyfileobj(handle, cast(IO[Any], target))
        except Exception as error:  # fsspec's libraries raise errors of many kinds
            raise UserError(f"{path}: cannot be written ({_line(error)}); check address and access rights") from None


@contextmanager
def at_hand(path: Path) -> Iterator[Path]:
    """The file on this machine, under its own name: itself, or a copy that lasts as long as the context.

    Raises OSError where a file elsewhere cannot be had; one of this machine is not looked at.
    """
    if is_local(path):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        try:
            with path.open("rb") as source, copy.open("wb") as target:
                shutil.copyfileobj(cast(IO[Any], source), target)
        except Exception as error:  # fsspec's libraries raise errors of many kinds
            raise OSError(_line(error)) from None
        yield copy


@contextmanager
def folder_at_hand(path: Path) -> Iterator[Path]:
    """A folder of this machine to write in: itself, or one whose files are put into `path` at the end."""
    if is_local(path):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)
        for file in sorted(file for file in Path(folder).rglob("*") if file.is_file()):
            with replacing(path / file.relative_to(folder).as_posix()) as target, file.open("rb") as source:
                shutil.copyfileobj(source, target)


def _line(error: Exception) -> str:
    return f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}".removesuffix(": ")
