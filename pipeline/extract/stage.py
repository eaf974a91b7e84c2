"""The extract stage: many documents in, one table of blocks and one of documents out."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.domain.codebook import LIST_SEPARATOR, Status
from pipeline.domain.schema import BLOCKS, DOCUMENTS
from pipeline.extract import cache, pool
from pipeline.extract.document import sha256

COLUMNS = [
    "document",
    "language",
    "status",
    "reason",
    "method",
    "pages",
    "pages_ocr",
    "pages_without_text",
    "blocks",
    "path",
    "sha256",
]
_KEPT = frozenset(str(status) for status in Status) - {str(Status.LIMIT), str(Status.MISSING)}


def extract_documents(
    paths: list[Path],
    params: dict[str, Any],
    languages: dict[Path, str] | None = None,
    progress: Callable[[Path, str], None] | None = None,
    mappings: dict[Path, str] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Blocks (schema BLOCKS) and documents (`COLUMNS`) of all `paths`, in the order given.

    `params` is the block `extract` of params.yaml. `languages` and `mappings` hold what sources.csv tells about single
    documents. `progress(path, status)` is called as each document is finished. Every document gets its row, with a
    reason where it could not be read in full; nothing about a document raises.
    """
    names = _names(paths)
    answers: list[dict[str, Any]] = [{} for _ in paths]
    digests = [sha256(path) if path.is_file() else "" for path in paths]
    requests: list[dict[str, Any]] = []
    places: list[tuple[int, str]] = []
    for place, path in enumerate(paths):
        language, mapping = (languages or {}).get(path, ""), (mappings or {}).get(path, "")
        key = cache.key_of(digests[place], path.suffix, params, language, mapping) if digests[place] else ""
        known = cache.load(key) if key else None
        if known is not None:
            answers[place] = known
            if progress:
                progress(path, known["status"])
            continue
        requests.append({"path": str(path.resolve()), "params": params, "language": language, "mapping": mapping})
        places.append((place, key))

    def done(position: int, answer: dict[str, Any]) -> None:
        place, key = places[position]
        answers[place] = answer
        if key and answer["status"] in _KEPT and "rows" in answer:
            cache.store(key, answer)
        if progress:
            progress(paths[place], answer["status"])

    pool.run(
        requests,
        int(params.get("workers", 1)),
        float(params.get("time_limit", 300)),
        int(params.get("memory_limit", 2048)),
        done,
    )
    blocks = [
        row | {"document": names[place]} for place, answer in enumerate(answers) for row in answer.get("rows", ())
    ]
    documents = [_document(paths[place], names[place], digests[place], answer) for place, answer in enumerate(answers)]
    return _typed(pd.DataFrame(blocks, columns=BLOCKS.names), BLOCKS), _typed(
        pd.DataFrame(documents, columns=COLUMNS), DOCUMENTS
    )


def _names(paths: list[Path]) -> list[str]:
    """File names; where two are the same, folders are put before them until they differ."""
    parts = [path.resolve().parts for path in paths]
    names = [path.name for path in paths]
    for depth in range(2, 1 + max(map(len, parts), default=0)):
        double = {name for name, count in Counter(names).items() if count > 1}
        if not double:
            break
        names = ["/".join(mine[-depth:]) if name in double else name for name, mine in zip(names, parts, strict=True)]
    return names


def _document(path: Path, name: str, digest: str, answer: dict[str, Any]) -> dict[str, Any]:
    return {
        "document": name,
        "language": answer.get("language", ""),
        "status": str(answer["status"]),
        "reason": answer.get("reason", ""),
        "method": answer.get("method", ""),
        "pages": answer.get("pages", 0),
        "pages_ocr": LIST_SEPARATOR.join(map(str, answer.get("pages_ocr", ()))),
        "pages_without_text": LIST_SEPARATOR.join(map(str, answer.get("pages_without_text", ()))),
        "blocks": len(answer.get("rows", ())),
        "path": path.as_posix(),
        "sha256": digest,
    }


def _typed(frame: pd.DataFrame, table: Any) -> pd.DataFrame:
    """Columns in the types of the schema, also where the frame has no rows."""
    types = {"integer": "int64", "number": "float64", "string": "object"}
    return frame.astype({name: types[table.column(name).type] for name in frame.columns})
