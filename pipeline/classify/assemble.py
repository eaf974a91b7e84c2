"""Put a coded commitment together: its words, its document's facts, its codes, and the page of its quotation."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from pipeline.domain.blocks import Blocks
from pipeline.domain.codebook import NOT_DIGITAL
from pipeline.domain.schema import COMMITMENTS, DOCUMENTS


def assemble(segments: pd.DataFrame, documents: pd.DataFrame, blocks: Blocks, codes: pd.DataFrame) -> pd.DataFrame:
    """The `commitments` (schema COMMITMENTS) of some documents.

    `codes` has one row for each row of `segments`, in the same order.
    """
    facts = documents.drop_duplicates("document").set_index("document")
    table = pd.concat([segments.reset_index(drop=True), codes.drop(columns=segments.columns, errors="ignore")], axis=1)
    table["kind"] = table["document"].map(facts["kind"])
    for name in ("country", "year"):
        own = segments[name].reset_index(drop=True).astype(object)
        table[name] = own.where(own.notna() & own.ne(""), table["document"].map(facts[name]))
    table["year"] = pd.to_numeric(table["year"], errors="coerce").astype("Int64")
    places = zip(table["evidence"], table["page_start"], table["page_end"], table["document"], strict=True)
    pages = [_page_of(said, first, last, blocks, str(name)) for said, first, last, name in places]
    table["evidence_page"] = pd.array(pages, dtype="Int64")
    return table.reindex(columns=COMMITMENTS.names)


class Counts:
    """How many commitments, and how many in scope, each document has: counted as they pass by."""

    def __init__(self) -> None:
        self._all: Counter[str] = Counter()
        self._in_scope: Counter[str] = Counter()

    def passing(self, parts: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """The parts of `commitments`, unchanged."""
        for part in parts:
            self._all.update(part["document"])
            self._in_scope.update(part["document"][part["cluster"] != NOT_DIGITAL])
            yield part

    def added_to(self, documents: pd.DataFrame) -> pd.DataFrame:
        """The `documents` (schema DOCUMENTS) with their counts."""
        counted = documents.assign(
            commitments=[self._all[name] for name in documents["document"]],
            in_scope=[self._in_scope[name] for name in documents["document"]],
        )
        return counted.reindex(columns=DOCUMENTS.names)


def _page_of(quotation: str, first: Any, last: Any, blocks: Blocks, document: str) -> Any:
    """Page of the block that holds the quotation, or most of its words; the commitment's first page where none does."""
    if not quotation or pd.isna(first):
        return None
    if first == last:
        return first
    mine = blocks[document]
    inside = mine[(mine["page"] >= first) & (mine["page"] <= last)]
    wanted = re.findall(r"\w+", quotation.casefold())
    pairs = set(zip(wanted, wanted[1:], strict=False)) or {(wanted[0], "")} if wanted else set()
    best, page = 0, first
    for block in inside.itertuples():
        spoken = re.findall(r"\w+", str(block.text).casefold())
        shared = len(pairs & set(zip(spoken, spoken[1:], strict=False)))
        if shared > best:
            best, page = shared, block.page
    return page
