"""Check a table before it is coded."""

import pandas as pd

from pipeline.domain.codebook import LANGUAGES
from pipeline.domain.errors import UserError
from pipeline.domain.languages import ISO_639_1


def check_table(table: pd.DataFrame, name: str, before: int = 0, seen: set[str] | None = None) -> pd.DataFrame:
    """The table, with `commitment_id` accepted as `id`.

    Where the table is a part of a larger one, `before` is the number of rows before it and `seen` collects their ids.

    Raises UserError when `id` or `text` is missing, an id is empty or repeated, a row has no words, or a language
    code is unknown.
    """
    key = "id" if "id" in table or "commitment_id" not in table else "commitment_id"
    for column in (key, "text"):
        if column not in table:
            raise UserError(
                f"{name}: has no column '{column}'; it needs 'id' and 'text' (found: {', '.join(table.columns[:8])})"
            )
    ids = table[key].astype(str).str.strip()
    repeated = ids.duplicated() | ids.isin(seen or ())
    if seen is not None:
        seen.update(ids)
    for fault, rows in (("has no id", ids.eq("")), ("repeats the id of an earlier row:", repeated)):
        if rows.any():
            at = int(rows.to_numpy().argmax())
            raise UserError(
                f"{name}, row {before + at + 2}: {fault} {ids.iloc[at]}".rstrip() + "; give every row an id of its own"
            )
    titles = table["title"].fillna("").astype(str) if "title" in table else ""
    empty = (titles + table["text"].fillna("").astype(str)).str.strip().eq("")
    if empty.any():
        raise UserError(
            f"{name}, row {before + int(empty.to_numpy().argmax()) + 2}: has neither title nor text; fill or delete it"
        )
    if "language" in table:
        strange = ~table["language"].astype(str).str.strip().str.casefold().isin(["", *ISO_639_1])
        if strange.any():
            at = int(strange.to_numpy().argmax())
            raise UserError(
                f"{name}, row {before + at + 2}: language '{table['language'].iloc[at]}' is no ISO 639-1 code; "
                f"use one such as {', '.join(LANGUAGES)}, or leave the cell empty"
            )
    return table
