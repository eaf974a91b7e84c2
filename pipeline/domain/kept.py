"""Results kept by content: nothing is computed again until its input, the code or a setting changes."""

import contextlib
import gzip
import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import platformdirs

from pipeline.domain.places import is_local, place

_PIPELINE = Path(__file__).resolve().parents[1]
FOLDER_VARIABLE = "PARTICIPATION_DEFICIT_CACHE"


def folder(stage: str) -> Path:
    """Where a stage's results lie: in `PARTICIPATION_DEFICIT_CACHE` (a path or an address), else the user's cache."""
    named = os.environ.get(FOLDER_VARIABLE, "").strip()
    return (place(named) if named else Path(platformdirs.user_cache_dir("participation-deficit"))) / stage


@cache
def code_version(stages: Sequence[str], libraries: Sequence[str]) -> str:
    """Digest of the code of some stages' packages and of `domain`, and of the libraries that the results depend on."""
    digest = hashlib.sha256()
    for path in sorted(path for package in (*stages, "domain") for path in (_PIPELINE / package).rglob("*")):
        if path.suffix in (".py", ".yaml", ".csv"):
            digest.update(path.relative_to(_PIPELINE).as_posix().encode() + b"\0" + path.read_bytes())
    for library in libraries:
        with contextlib.suppress(PackageNotFoundError):
            digest.update(f"{library}={version(library)};".encode())
    return digest.hexdigest()


def key_of(*parts: Any) -> str:
    """Key of a result from all that it depends on, as plain values."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def load(stage: str, key: str) -> dict[str, Any] | None:
    """The kept result; None where there is none or the entry is damaged."""
    try:
        found = json.loads(gzip.decompress(_path(stage, key).read_bytes()))
    except (OSError, EOFError, ValueError, gzip.BadGzipFile, zlib.error):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("rows"), list) else None


def store(stage: str, key: str, result: dict[str, Any]) -> None:
    """Keep a result, whose `rows` are a list; written beside its place and renamed, so that no reader sees half of it.

    A cache that cannot be written (full or read-only disk) is not an error: the result is just not kept.
    """
    path = _path(stage, key)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not is_local(path):
            path.write_bytes(_packed(result))  # buckets show whole objects only
            return
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_packed(result))
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _packed(result: dict[str, Any]) -> bytes:
    return gzip.compress(json.dumps(result, ensure_ascii=False).encode("utf-8", "surrogatepass"), 3, mtime=0)


def _path(stage: str, key: str) -> Path:
    return folder(stage) / key[:2] / f"{key}.json.gz"
