"""A returned sheet against the codebook: reviews to keep, rows to correct, and one message a faulty cell."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from pipeline.domain.codebook import LEVEL_RANK, NOT_DIGITAL
from pipeline.domain.schema import REVIEWS
from pipeline.review import history
from pipeline.review.cells import CellError, day, label, labels, quotation
from pipeline.review.reading import Row
from pipeline.review.sheet import CODES, COLUMNS, REVIEWED, SAYS_SOMETHING, SINGLE


@dataclass
class Incoming:
    """What a file brought: `reviews` (schema REVIEWS), `faults` as (row, column, value, what is wrong).

    `to_correct` are the rows with a fault; `untouched` counts rows in which nobody said anything:
    what the model had said there is no review.
    """

    reviews: pd.DataFrame
    faults: list[tuple[int, str, str, str]] = field(default_factory=list)
    to_correct: list[Row] = field(default_factory=list)
    untouched: int = 0

    def messages(self, path: Path) -> list[str]:
        """One line for each faulty cell."""
        return [
            f"{path}, row {row}, {column}: '{value[:60]}' {wrong}" if value else f"{path}, row {row}, {column}: {wrong}"
            for row, column, value, wrong in self.faults
        ]


def check(rows: list[Row], queued: pd.DataFrame, today: datetime.date, reviewer: str = "") -> Incoming:
    """Check every row of a returned sheet.

    `queued`: the rows of all exported queues (`history.queues`): what the model had said, what chance drew.
    `today`: day of reviews that give none. `reviewer`: name for rows that give none.
    """
    origins = [{str(name): str(value) for name, value in row.items()} for row in queued.to_dict("records")]
    by_queue = {(origin["queue"], origin["commitment_id"]): origin for origin in origins}
    latest = {origin["commitment_id"]: origin for origin in origins}
    reviews: list[dict[str, object]] = []
    incoming = Incoming(pd.DataFrame())
    seen: dict[tuple[str, str], tuple[int, str]] = {}
    for row in rows:
        if not any(row.cells.get(name) for name in SAYS_SOMETHING):
            incoming.untouched += 1
            continue
        name = row.cells.get("commitment_id", "")
        origin = by_queue.get((row.cells.get("queue", ""), name)) or latest.get(name)
        faults: list[tuple[int, str, str, str]] = []
        if origin is None:
            faults.append((row.number, "commitment_id", name, "is in no exported queue; keep the ids as exported"))
        else:
            review = _review(row, origin, today, reviewer, faults)
            key, said = (str(review["commitment_id"]), str(review["reviewer"]).casefold()), str(review["review_id"])
            earlier = seen.get(key)
            if not faults and earlier and earlier[1] != said:
                faults.append((row.number, "commitment_id", name, f"differs from row {earlier[0]}; keep one"))
            elif not faults and not earlier:
                seen[key] = (row.number, said)
                reviews.append(review)
        if faults:
            incoming.faults += faults
            incoming.to_correct.append(row)
    incoming.reviews = pd.DataFrame(reviews, columns=REVIEWS.names, dtype=object)
    return incoming


def _review(
    row: Row, origin: dict[str, str], today: datetime.date, reviewer: str, faults: list[tuple[int, str, str, str]]
) -> dict[str, object]:
    cells = row.cells
    given: dict[str, str] = {}

    def fault(column: str, wrong: str) -> None:
        faults.append((row.number, column, cells.get(column, ""), wrong))

    for column in ("status", *REVIEWED):
        try:
            read = label if column.removeprefix("reviewed_") in (*SINGLE, "status") else labels
            given[column] = read(column, cells.get(column, ""))
        except CellError as error:
            fault(column, str(error))
            given[column] = ""
    codes = {code: given[f"reviewed_{code}"] for code in CODES}
    date = ""
    try:
        date = day(cells.get("reviewed_on", "")) or today.isoformat()
    except CellError as error:
        fault("reviewed_on", str(error))
    who = " ".join((cells.get("reviewer") or reviewer).split())
    if not who:
        fault("reviewer", "is empty: write who reviewed the row, or import with --reviewer NAME")
    status = given["status"]
    if not status and not cells.get("status"):
        if codes["cluster"] and codes["iap2_level"]:
            status = "done"
        elif not faults:
            fault("status", "is empty: choose agree, done, unsure, skip or adjudicated")
    if status == "agree":
        for code in ("cluster", "iap2_level"):
            codes[code] = codes[code] or origin[f"model_{code}"]
    evidence = ""
    try:
        evidence = quotation(cells.get("reviewed_evidence", ""), origin["title"], origin["text"])
    except CellError as error:
        fault("reviewed_evidence", str(error))
    if status in ("agree", "done", "adjudicated") and not faults:
        _consistent(status, codes, evidence, fault)
    review: dict[str, object] = {name: origin.get(name, "") for name in REVIEWS.names}
    review |= {
        "version": history.VERSION,
        "reviewer": who,
        "given": date,
        "status": "done" if status == "adjudicated" else status,
        "adjudication": status == "adjudicated",
        **codes,
        "evidence": evidence,
        "comment": cells.get("comment", ""),
    }
    # The day is left out where the sheet gives none: the same sheet imported again tomorrow is the same review.
    identity = ("commitment_id", "queue", "reviewer", "status", "adjudication", *CODES, "evidence", "comment")
    review["review_id"] = history.digest(*(review[name] for name in identity), date if cells.get("reviewed_on") else "")
    return review


def _consistent(status: str, codes: dict[str, str], evidence: str, tell: Callable[[str, str], None]) -> None:
    """Tell (column, what is wrong) of codes that the codebook does not let stand beside each other."""
    cluster, level = codes["cluster"], codes["iap2_level"]
    for code in ("cluster", "iap2_level"):
        if not codes[code]:
            tell(f"reviewed_{code}", f"is empty although the status is {status}: choose a value")
    if not cluster or not level:
        return
    part = codes["participation_in"]
    if part and (part == "none") != (level == "none" or cluster == NOT_DIGITAL):
        tell("reviewed_participation_in", "is none where the level is none or the cluster not_digital, and only there")
    insiders = {"experts", "industry"}
    if level == "none" and set(filter(None, codes["publics"].split("|"))) - insiders:
        tell("reviewed_publics", "holds only experts or industry where the level is none (rule 11)")
    if codes["mandate"] and LEVEL_RANK[level] < LEVEL_RANK["consult"]:
        tell("reviewed_mandate", "is empty where the level is none or inform (section 5)")
    if codes["touchpoints"] and LEVEL_RANK[level] < LEVEL_RANK["consult"]:
        tell("reviewed_touchpoints", "is empty where the level is none or inform")
    if evidence and level == "none":
        tell("reviewed_evidence", "is empty where the level is none (section 6)")


def correction_sheet(incoming: Incoming) -> pd.DataFrame:
    """The rows to correct as they came, extra columns too, with what is wrong in a column `problem` of their own."""
    wrong: dict[int, list[str]] = {}
    for row, column, value, message in incoming.faults:
        wrong.setdefault(row, []).append(f"{column}: '{value}' {message}" if value else f"{column} {message}")
    rows = [{"problem": "; ".join(wrong[row.number]), **row.cells} for row in incoming.to_correct]
    extra = [name for row in rows for name in row if name not in COLUMNS]
    given = {name for row in rows for name in row}
    order = ["problem", *(name for name in COLUMNS if name in given), *(n for n in extra if n != "problem")]
    table = pd.DataFrame(rows).fillna("")
    problems = table.pop("problem") if "problem" in table else ""
    return table.assign(problem=problems).reindex(columns=list(dict.fromkeys(order)))
