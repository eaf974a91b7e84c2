"""The segment stage: the blocks of many documents become one table of commitments."""

from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.domain.errors import DocumentError
from pipeline.domain.schema import SEGMENTS
from pipeline.extract.language import detect
from pipeline.segment import corrections, overrides
from pipeline.segment.document import segment_document
from pipeline.segment.identity import ids

TABLE = "commitment table"  # method of documents that are tables of commitments already
CORPUS = Path("corpus")


def segment_documents(
    blocks: pd.DataFrame, documents: pd.DataFrame, params: dict[str, Any], overrides_folder: Path | None
) -> pd.DataFrame:
    """Commitments (schema SEGMENTS) of all documents, in the order of `documents`, with the corrections applied.

    `blocks` has schema BLOCKS, `documents` schema DOCUMENTS, `params` is the block `segment` of params.yaml.
    Raises UserError where a correction in `overrides_folder` is not valid or does not fit.
    """
    given = overrides.load(overrides_folder) if overrides_folder else []
    groups = dict(tuple(blocks.groupby("document", sort=False))) if len(blocks) else {}
    parts: list[pd.DataFrame] = []
    for row in documents.drop_duplicates("document").itertuples(index=False):
        name = str(row.document)
        mine = groups.get(name)
        if mine is None:
            found = pd.DataFrame(columns=SEGMENTS.names)
        elif str(getattr(row, "method", "")) == TABLE:
            found = of_table(name, mine, str(getattr(row, "path", "") or ""), _text(row, "language"))
        else:
            found = segment_document(mine, _text(row, "language"), _text(row, "kind"))
            found = _without_scraps(found, int(params.get("min_words", 0)))
        parts.append(corrections.apply(found, [item for item in given if item.document == name], name))
    overrides.tell_unused(given, set(documents["document"].astype(str)))
    whole = pd.concat(
        [part for part in parts if len(part)] or [pd.DataFrame(columns=SEGMENTS.names)], ignore_index=True
    )
    for column in ("page_start", "page_end"):
        whole[column] = whole[column].astype("Int64")
    return whole[SEGMENTS.names]


def of_table(document: str, blocks: pd.DataFrame, path: str, language: str) -> pd.DataFrame:
    """The commitments of a table, one a block; its fields are read from the file where that is at hand."""
    texts = [str(text) for text in blocks["text"]]
    known = _from_file(path, language)
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


def _from_file(path: str, language: str) -> pd.DataFrame | None:
    from pipeline.extract.commitment_table import read_commitments

    for place in (Path(path), CORPUS / path):
        if path and place.is_file():
            try:
                return read_commitments(place, "", language)
            except DocumentError:
                return None
    return None


def _without_scraps(found: pd.DataFrame, min_words: int) -> pd.DataFrame:
    """Without untitled, unnumbered units of fewer than `min_words` words: they are scraps of the layout."""
    short = pd.Series([len(str(text).split()) < min_words for text in found["text"]], index=found.index, dtype=bool)
    return found[~(short & (found["title"] == "") & (found["number"] == ""))].reset_index(drop=True)


def _text(row: Any, column: str) -> str:
    value = getattr(row, column, "")
    return "" if value is None or value != value else str(value)
