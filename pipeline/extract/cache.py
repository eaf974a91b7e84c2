"""Results kept by content: a document is read again only when it, the extractor or the parameters change."""

import contextlib
import gzip
import hashlib
import json
import os
import tempfile
import zlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import platformdirs

from pipeline.domain.places import is_local, place
from pipeline.extract.ocr import engine

FOLDER_VARIABLE = "PARTICIPATION_DEFICIT_CACHE"
LIBRARIES = (
    "pypdfium2",
    "pdfplumber",
    "python-docx",
    "lxml",
    "trafilatura",
    "markdown-it-py",
    "docutils",
    "openpyxl",
    "py3langid",
)
_RESULT_PARAMS = ("ocr", "ocr_dpi")  # workers and limits do not change what is read


def folder() -> Path:
    """Folder of the cache: `PARTICIPATION_DEFICIT_CACHE` (a path or an address), else the user's cache folder."""
    named = os.environ.get(FOLDER_VARIABLE, "").strip()
    return (place(named) if named else Path(platformdirs.user_cache_dir("participation-deficit"))) / "extract"


@cache
def extractor_version() -> str:
    """Digest of this package's code and of the libraries' versions."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*")):
        if path.suffix in (".py", ".yaml"):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    for library in LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            digest.update(f"{library}={version(library)};".encode())
    return digest.hexdigest()


def key_of(sha256: str, suffix: str, params: dict[str, Any], language: str, mapping: str) -> str:
    """Key of a document's result. The installed OCR engine is part of it, so that installing one takes effect."""
    recognised = engine() if params.get("ocr", "auto") != "off" else ()
    parts = [
        sha256,
        suffix.lower(),
        extractor_version(),
        {name: params.get(name) for name in _RESULT_PARAMS},
        recognised,
        language,
        mapping,
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def load(key: str) -> dict[str, Any] | None:
    """The kept result; None where there is none or the entry is damaged."""
    try:
        found = json.loads(gzip.decompress(_path(key).read_bytes()))
    except (OSError, EOFError, ValueError, gzip.BadGzipFile, zlib.error):
        return None
    return found if isinstance(found, dict) and isinstance(found.get("rows"), list) else None


def store(key: str, result: dict[str, Any]) -> None:
    """Keep a result; written beside its place and then renamed, so that no reader sees half an entry.

    A cache that cannot be written (full or read-only disk) is not an error: the result is just not kept.
    """
    path = _path(key)
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


def _path(key: str) -> Path:
    return folder() / key[:2] / f"{key}.json.gz"
