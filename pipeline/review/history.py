"""The history of reviews in `corpus/reviewed/`: read whole, added to under a lock, never rewritten.

`reviews.csv` holds the reviews. `queues/` keeps what each exported queue said (the model's words, the draw by chance),
so that an import need not trust what comes back in a spreadsheet. Both are the analyst's data, kept in their git.
"""

import csv
import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
from filelock import FileLock, Timeout

from pipeline.domain.errors import UserError
from pipeline.domain.schema import REVIEWS
from pipeline.domain.tables import typed, write_table

FOLDER = Path("corpus/reviewed")
FILE = "reviews.csv"
VERSION = 1
_WAIT = 30.0  # seconds for another import to end


def read(folder: Path) -> pd.DataFrame:
    """All reviews in the order in which they came (schema REVIEWS); empty where there are none yet.

    Raises UserError where the file was cut, is of a newer version, or is not of this form.
    """
    path = folder / FILE
    if not path.exists():
        return typed(pd.DataFrame(columns=REVIEWS.names, dtype=object), REVIEWS.name)
    return typed(_parse(path), REVIEWS.name)


def append(folder: Path, reviews: pd.DataFrame) -> int:
    """Add the reviews that are not in the history yet; returns how many. All of them are added, or none.

    Raises UserError where the history cannot be read or another import does not end.
    """
    path = folder / FILE
    with locked(folder):
        known = _parse(path) if path.exists() else pd.DataFrame(columns=REVIEWS.names)
        fresh = reviews[~reviews["review_id"].isin(set(known["review_id"]))].drop_duplicates("review_id")
        if fresh.empty and path.exists():
            return 0
        before = path.read_bytes() if path.exists() else _rows([REVIEWS.names])
        after = before + _rows(fresh.reindex(columns=REVIEWS.names).fillna("").astype(str).to_numpy().tolist())
        unfinished = path.with_name(f".{path.name}.part")
        with unfinished.open("wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    return len(fresh)


def digest(*parts: object) -> str:
    """Sixteen hexadecimal figures that stand for the parts."""
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()[:16]


def keep_queue(folder: Path, queue: pd.DataFrame) -> str:
    """Store what a queue said under its digest, which is returned; the same queue twice is one file."""
    name = digest(queue.to_csv(index=False, lineterminator="\n"))[:8]
    with locked(folder):
        path = folder / "queues" / f"{name}.csv"
        if not path.exists():
            # The number keeps the order in which queues were made, for sheets that come back without their name.
            number = len(list(path.parent.glob("*.csv"))) + 1 if path.parent.exists() else 1
            write_table(queue.assign(queue=name, number=number), path)
    return name


def queues(folder: Path) -> pd.DataFrame:
    """Every queued row ever exported, oldest queue first; empty where there is none."""
    tables = []
    for path in sorted((folder / "queues").glob("*.csv")):
        try:
            tables.append(pd.read_csv(path, dtype=str, keep_default_na=False))
        except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError):
            raise UserError(f"{path}: damaged; restore it from git") from None
    if not tables:
        return pd.DataFrame(columns=["queue", "number", "commitment_id"])
    table = pd.concat(tables, ignore_index=True).fillna("")
    return table.iloc[pd.to_numeric(table["number"]).argsort(kind="stable")].reset_index(drop=True)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; raises UserError where another import keeps it."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".lock", timeout=_WAIT):
            yield
    except Timeout:
        raise UserError(f"{folder}: another import or export is at work there; try again when it has ended") from None


def _rows(rows: list[list[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue().encode("utf-8")


def _parse(path: Path) -> pd.DataFrame:
    content = path.read_bytes()
    restore = "restore it with `git checkout`, or take the last good copy"
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise UserError(f"{path}: was cut or changed by another program; {restore}") from None
    header = rows[0] if rows else []
    newer = [name for name in header if name not in REVIEWS.names]
    if newer:
        raise UserError(f"{path}: has the unknown column '{newer[0]}': written by a newer version; update the program")
    if header != REVIEWS.names:
        raise UserError(f"{path}: lacks columns of the history; {restore}")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise UserError(f"{path}, row {number}: was cut; {restore}")
        if row[1] != str(VERSION):
            raise UserError(f"{path}, row {number}: is of version {row[1]}, not {VERSION}; update the program")
    if not content.endswith(b"\n"):
        raise UserError(f"{path}: its end was cut; {restore}")
    return pd.DataFrame(rows[1:], columns=header, dtype=object)
