"""A queue as the sheet that a reviewer gets, and as the record that an import is checked against."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

from pipeline.domain.errors import UserError
from pipeline.domain.tables import read_table
from pipeline.publish.safe_csv import neutralise
from pipeline.review import history
from pipeline.review.sheet import CODES, COLUMNS

_KEPT = ("document", "country", "kind", "language", "title", "text", "reason", "random", "model")


def issue(queue: pd.DataFrame, folder: Path) -> str:
    """Keep in the history's `folder` what the queue said (`pipeline.review.queue.choose`); returns the queue's name."""
    codes = {f"model_{code}": _text(queue, code) for code in (*CODES, "evidence")}
    kept = {name: _text(queue, name) for name in _KEPT}
    return history.keep_queue(folder, pd.DataFrame({"commitment_id": queue["commitment_id"], **kept, **codes}))


def sheet(queue: pd.DataFrame, name: str, links: dict[str, str]) -> pd.DataFrame:
    """The queue with the columns of `pipeline.review.sheet`, all text; what a reviewer fills is empty.

    `links`: for each document its address as seen from the sheet; pages are appended.
    """
    page = _text(queue, "evidence_page").where(_text(queue, "evidence_page") != "", _text(queue, "page_start"))
    shown: dict[str, Any] = {
        "queue": name,
        "page": page,
        "link": [at_page(links.get(d, ""), p) for d, p in zip(queue["document"], page, strict=True)],
        "quotation": _text(queue, "evidence"),
        **{f"predicted_{code}": _text(queue, code) for code in CODES},
    }
    return queue.reindex(columns=COLUMNS).assign(**shown).fillna("").astype(str).reindex(columns=COLUMNS)


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table for spreadsheets: UTF-8 with BOM, or Excel misreads accents; formulas neutralised."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.part")
    safe = table.apply(lambda column: column.map(neutralise))
    safe.to_csv(unfinished, index=False, lineterminator="\r\n", encoding="utf-8-sig")
    unfinished.replace(path)


def find_documents(documents: pd.DataFrame, corpus: Path) -> dict[str, Path]:
    """The file of each document (schema DOCUMENTS) that is there, by name; paths count from here or `corpus`."""
    found = {}
    for name, path in zip(documents["document"], documents["path"].fillna(""), strict=True):
        for place in (Path(str(path)), corpus / str(path)):
            if path and place.is_file():
                found[str(name)] = place
                break
    return found


def links_from(files: dict[str, Path], folder: Path) -> dict[str, str]:
    """Addresses of the files relative to `folder`, so that both can move together."""
    base = folder.resolve()
    return {name: quote(Path(os.path.relpath(path.resolve(), base)).as_posix()) for name, path in files.items()}


def at_page(address: str, page: str) -> str:
    """The address of a page of a PDF (RFC 8118); of other files the address alone."""
    return f"{address}#page={page}" if address.lower().endswith(".pdf") and page else address


def free_place(path: Path) -> Path:
    """`path`, or the first of `name-2`, `name-3` … that is not taken: nothing that somebody filled is overwritten."""
    place, number = path, 1
    while place.exists():
        number += 1
        place = path.with_stem(f"{path.stem}-{number}")
    return place


def read_classified(path: Path) -> pd.DataFrame:
    """The classified commitments; raises UserError where `dvc repro` has not made them."""
    if not path.exists():
        raise UserError(f"{path}: not found; run `dvc repro` first")
    table = read_table(path, "commitments")
    if "commitment_id" not in table or "cluster_probability" not in table:
        raise UserError(f"{path}: is no table of classified commitments; run `dvc repro` first")
    return table


def _text(table: pd.DataFrame, name: str) -> pd.Series:
    if name not in table:
        return pd.Series("", index=table.index)
    return table[name].map(lambda value: "" if pd.isna(value) else str(value))
