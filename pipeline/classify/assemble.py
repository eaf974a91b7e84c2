"""Put a coded commitment together: its words, its document's facts, its codes, and the page of its quotation."""

import re
from typing import Any

import pandas as pd

from pipeline.domain.codebook import NOT_DIGITAL
from pipeline.domain.schema import COMMITMENTS, DOCUMENTS


def assemble(
    segments: pd.DataFrame, documents: pd.DataFrame, blocks: pd.DataFrame, codes: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`commitments` (schema COMMITMENTS) and `documents` with their counts (schema DOCUMENTS).

    `codes` has one row for each row of `segments`, in the same order.
    """
    facts = documents.drop_duplicates("document").set_index("document")
    table = pd.concat([segments.reset_index(drop=True), codes.drop(columns=segments.columns, errors="ignore")], axis=1)
    for name in ("country", "year", "kind"):
        if name not in segments or segments[name].eq("").all():
            table[name] = table["document"].map(facts[name])
    pages = {str(document): group for document, group in blocks.groupby("document", sort=False)}
    places = zip(table["evidence"], table["page_start"], table["page_end"], table["document"], strict=True)
    table["evidence_page"] = [_page_of(said, first, last, pages.get(name)) for said, first, last, name in places]
    documents = documents.copy()
    documents["commitments"] = documents["document"].map(table["document"].value_counts()).fillna(0).astype(int)
    in_scope = table["document"][table["cluster"] != NOT_DIGITAL].value_counts()
    documents["in_scope"] = documents["document"].map(in_scope).fillna(0).astype(int)
    return table.reindex(columns=COMMITMENTS.names), documents.reindex(columns=DOCUMENTS.names)


def _page_of(quotation: str, first: Any, last: Any, blocks: pd.DataFrame | None) -> Any:
    """Page of the block that holds the quotation, or most of its words; the commitment's first page where none does."""
    if not quotation or pd.isna(first):
        return None
    if blocks is None or first == last:
        return first
    inside = blocks[(blocks["page"] >= first) & (blocks["page"] <= last)]
    wanted = re.findall(r"\w+", quotation.casefold())
    pairs = set(zip(wanted, wanted[1:], strict=False)) or {(wanted[0], "")} if wanted else set()
    best, page = 0, first
    for block in inside.itertuples():
        spoken = re.findall(r"\w+", str(block.text).casefold())
        shared = len(pairs & set(zip(spoken, spoken[1:], strict=False)))
        if shared > best:
            best, page = shared, block.page
    return page
