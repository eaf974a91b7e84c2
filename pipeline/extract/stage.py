"""The extract stage: many documents in, one table of blocks and one of documents out."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.domain.codebook import LIST_SEPARATOR, Status
from pipeline.domain.execution import Execution, run
from pipeline.domain.places import at_hand, is_local
from pipeline.domain.schema import BLOCKS, DOCUMENTS, Table
from pipeline.extract import cache, isolation
from pipeline.extract.document import sha256
from pipeline.extract.isolation import Answer, Request

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
    execution: Execution | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Blocks (schema BLOCKS) and documents (`COLUMNS`) of all `paths`, in the order given; see `each_document`."""
    blocks: list[pd.DataFrame] = []
    documents: list[dict[str, Any]] = []
    for found, document in each_document(paths, params, languages, progress, mappings, execution):
        blocks.append(found)
        documents.append(document)
    whole = pd.concat(blocks, ignore_index=True) if blocks else _typed([], BLOCKS, BLOCKS.names)
    return whole, document_table(documents)


def each_document(
    paths: list[Path],
    params: dict[str, Any],
    languages: dict[Path, str] | None = None,
    progress: Callable[[Path, str], None] | None = None,
    mappings: dict[Path, str] | None = None,
    execution: Execution | None = None,
) -> Iterator[tuple[pd.DataFrame, dict[str, Any]]]:
    """Blocks (schema BLOCKS) and the row (`COLUMNS`) of one document after the other, in the order given.

    `params` is the block `extract` of params.yaml. `languages` and `mappings` hold what sources.csv tells about single
    documents. `progress(path, status)` is called as each document is finished. `execution`: where documents are read,
    `params["workers"]` processes of this machine by default. Every document gets its row, with a reason where it could
    not be read in full; nothing about a document raises.
    """
    names = _names(paths)
    requests: list[Request] = [
        {
            "path": path,
            "params": params,
            "language": (languages or {}).get(path, ""),
            "mapping": (mappings or {}).get(path, ""),
        }
        for path in paths
    ]
    where = execution or Execution(int(params.get("workers", 1)))
    try:
        for place, answer in enumerate(run(answer_to, requests, where, waits=True, weight=_size)):
            rows = [row | {"document": names[place]} for row in answer.get("rows", ())]
            if progress:
                progress(paths[place], answer["status"])
            yield _typed(rows, BLOCKS, BLOCKS.names), _document(paths[place], names[place], answer)
    finally:
        isolation.end_workers()


def answer_to(request: Request) -> Answer:
    """The reading of one document: the one that was kept, or that of a process of its own.

    Runs wherever the stage is told to: the document is fetched if it lies elsewhere, and the worker's limits hold.
    """
    path, params = request["path"], request["params"]
    try:
        with at_hand(path) as file:
            digest = sha256(file) if file.is_file() else ""
            key = cache.key_of(digest, path.suffix, params, request["language"], request["mapping"]) if digest else ""
            known = cache.load(key) if key else None
            if known is not None:
                return known | {"sha256": digest}
            answer = isolation.ask(
                request | {"path": str(file.resolve())},
                float(params.get("time_limit", 300)),
                int(params.get("memory_limit", 2048)),
            )
    except OSError as error:
        return {"status": Status.MISSING, "reason": f"cannot be opened ({error}); check the path", "rows": []}
    if key and answer["status"] in _KEPT and "rows" in answer:
        cache.store(key, answer)
    return answer | {"sha256": digest}


def _size(request: Request) -> int:
    try:
        return int(request["path"].stat().st_size) if is_local(request["path"]) else 0
    except OSError:
        return 0


def _names(paths: list[Path]) -> list[str]:
    """File names; where two are the same, folders are put before them until they differ."""
    parts = [(path.resolve() if is_local(path) else path).parts for path in paths]
    names = [path.name for path in paths]
    for depth in range(2, 1 + max(map(len, parts), default=0)):
        double = {name for name, count in Counter(names).items() if count > 1}
        if not double:
            break
        names = ["/".join(mine[-depth:]) if name in double else name for name, mine in zip(names, parts, strict=True)]
    return names


def _document(path: Path, name: str, answer: Answer) -> dict[str, Any]:
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
        "sha256": answer.get("sha256", ""),
    }


def document_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The table of documents from the rows that `each_document` gave."""
    return _typed(rows, DOCUMENTS, COLUMNS)


def _typed(rows: list[dict[str, Any]], table: Table, columns: list[str]) -> pd.DataFrame:
    """Columns in the types of the schema, also where there are no rows."""
    types = {"integer": "int64", "number": "float64", "string": "object"}
    return pd.DataFrame(rows, columns=columns).astype({name: types[table.column(name).type] for name in columns})
