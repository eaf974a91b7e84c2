"""The segment stage: the blocks of many documents become one table of commitments."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.domain import kept
from pipeline.domain.blocks import Blocks
from pipeline.domain.errors import DocumentError
from pipeline.domain.execution import Execution, run
from pipeline.domain.places import at_hand, place
from pipeline.domain.schema import SEGMENTS
from pipeline.extract.language import detect
from pipeline.segment import corrections, overrides
from pipeline.segment.document import segment_document
from pipeline.segment.identity import ids

STAGE = "segment"
LIBRARIES = ("pandas",)
TABLE = "commitment table"  # method of documents that are tables of commitments already
CORPUS = Path("corpus")
_FEW = 32  # documents that are segmented sooner than processes would have started
_Job = tuple[str, pd.DataFrame, str, str, int, bool, pd.DataFrame | None, list[overrides.Override]]


def segment_documents(
    blocks: pd.DataFrame, documents: pd.DataFrame, params: dict[str, Any], overrides_folder: Path | None
) -> pd.DataFrame:
    """Commitments (schema SEGMENTS) of all documents as one table; see `each_document`."""
    parts = list(each_document(Blocks(blocks), documents, params, overrides_folder))
    return joined(parts)


def joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The parts that `each_document` gives as one table."""
    return pd.concat([part for part in parts if len(part)] or [_typed(pd.DataFrame())], ignore_index=True)


def each_document(
    blocks: Blocks,
    documents: pd.DataFrame,
    params: dict[str, Any],
    overrides_folder: Path | None,
    execution: Execution | None = None,
) -> Iterator[pd.DataFrame]:
    """Commitments (schema SEGMENTS) of one document after the other, in the order of `documents`, corrections applied.

    `documents` has schema DOCUMENTS, `params` is the block `segment` of params.yaml. `execution`: where it is done.
    Raises UserError where a correction in `overrides_folder` is not valid or does not fit.
    """
    given = overrides.load(overrides_folder) if overrides_folder else []
    overrides.tell_unused(given, set(documents["document"].astype(str)))
    least = int(params.get("min_words", 0))

    def jobs() -> Iterator[_Job]:
        for row in documents.drop_duplicates("document").itertuples(index=False):
            name, language = str(row.document), _text(row, "language")
            table = str(getattr(row, "method", "")) == TABLE
            known = _from_file(_text(row, "path"), language, _text(row, "mapping")) if table else None
            corrected = [item for item in given if item.document == name]
            yield name, blocks[name], language, _text(row, "kind"), least, table, known, corrected

    yield from run(_segmented, jobs(), execution or Execution(), few=_FEW)


def _segmented(job: _Job) -> pd.DataFrame:
    """The commitments of one document; all that it needs is in the job, so that it can be done anywhere."""
    name, blocks, language, kind, least, table, known, corrected = job
    if blocks.empty:
        found = pd.DataFrame(columns=SEGMENTS.names)
    elif table:
        found = of_table(name, blocks, known, language)
    else:
        found = _cut(name, blocks, language, kind, least)
    return _typed(corrections.apply(found, corrected, name))


def _cut(name: str, blocks: pd.DataFrame, language: str, kind: str, least: int) -> pd.DataFrame:
    """The commitments that the document's own structure delimits: as they were found before, where nothing changed."""
    content = hashlib.sha256(pd.util.hash_pandas_object(blocks, index=False).to_numpy().tobytes()).hexdigest()
    key = kept.key_of(kept.code_version((STAGE, "extract"), LIBRARIES), name, content, language, kind, least)
    known = kept.load(STAGE, key)
    if known is not None:
        return pd.DataFrame(known["rows"], columns=SEGMENTS.names)
    found = _without_scraps(segment_document(blocks, language, kind), least)
    kept.store(STAGE, key, {"rows": found.astype(object).to_dict("records")})
    return found


def _typed(found: pd.DataFrame) -> pd.DataFrame:
    found = found.reindex(columns=SEGMENTS.names)
    found["year"] = pd.to_numeric(found["year"], errors="coerce")
    return found.astype({"page_start": "Int64", "page_end": "Int64", "year": "Int64"})


def of_table(document: str, blocks: pd.DataFrame, known: pd.DataFrame | None, language: str) -> pd.DataFrame:
    """The commitments of a table, one a block; fields are those of `known`, the table itself, where it is at hand."""
    texts = [str(text) for text in blocks["text"]]
    if known is not None and [str(text) for text in known["text"]] == texts:
        found = known.copy()
    else:
        found = pd.DataFrame("", index=range(len(texts)), columns=SEGMENTS.names)
        found["text"], found["title"], found["number"] = texts, list(blocks["lead"]), list(blocks["marker"])
        found["language"] = [language or detect(text) for text in texts]
    found["document"], found["page_start"], found["page_end"] = document, 1, 1
    found["boxes"] = ""
    found["commitment_id"] = ids(document, found["text"])
    return found[SEGMENTS.names]


def _from_file(path: str, language: str, mapping: str) -> pd.DataFrame | None:
    from pipeline.extract.commitment_table import read_commitments

    for file in (place(path), CORPUS / path):
        if path and file.is_file():
            try:
                with at_hand(file) as here:
                    return read_commitments(here, mapping, language)
            except (DocumentError, OSError):
                return None
    return None


def _without_scraps(found: pd.DataFrame, min_words: int) -> pd.DataFrame:
    """Without untitled, unnumbered units of fewer than `min_words` words: they are scraps of the layout."""
    short = pd.Series([len(str(text).split()) < min_words for text in found["text"]], index=found.index, dtype=bool)
    return found[~(short & (found["title"] == "") & (found["number"] == ""))].reset_index(drop=True)


def _text(row: Any, column: str) -> str:
    value = getattr(row, column, "")
    return "" if value is None or value != value else str(value)
