"""What a round of reviews changed: figures of the model on the same rows, deficit with interval, flipped labels."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.domain.errors import UserError
from pipeline.domain.tables import read_table, write_table
from pipeline.evaluate import scores

_TESTED, _DEFICIT, _LABELS = "tested.csv", "deficit.csv", "labels.csv"
_CODES = ("gold_cluster", "gold_level", "cluster", "level", "alternative_cluster", "alternative_level")
_SHOWN = ("commitment_id", "title", "cluster", "iap2_level", "source", "model")


@dataclass(frozen=True)
class State:
    """Results at one moment.

    `tested`: rows that the classifier had not learned from, coded and predicted (`models/classifier/out_of_fold.csv`);
    `deficit`: whole-corpus measures; `labels`: codes by commitment.
    """

    tested: pd.DataFrame
    deficit: pd.DataFrame
    labels: pd.DataFrame


def current(classified: Path, measures: Path, predictions: Path) -> State:
    """The state that `dvc repro` left; raises UserError where there is none."""
    if not classified.exists():
        raise UserError(f"{classified}: not found; run `dvc repro` first")
    deficit = read_table(measures / "deficit.csv") if (measures / "deficit.csv").exists() else pd.DataFrame()
    labels = read_table(classified).reindex(columns=list(_SHOWN)).fillna("")
    return State(_tested(predictions), _whole_corpus(deficit), labels)


def save(state: State, folder: Path) -> None:
    """Keep a state, to compare a later one with."""
    folder.mkdir(parents=True, exist_ok=True)
    write_table(state.deficit, folder / _DEFICIT)
    write_table(state.labels, folder / _LABELS)
    write_table(state.tested, folder / _TESTED)


def saved(folder: Path) -> State:
    """A kept state; raises UserError where `review import` has kept none."""
    if not (folder / _LABELS).exists():
        raise UserError(
            f"{folder}: nothing to compare with; `participation-deficit review import` keeps the state before"
        )
    return State(_tested(folder / _TESTED), read_table(folder / _DEFICIT), read_table(folder / _LABELS))


def compare(before: State, after: State) -> dict[str, pd.DataFrame]:
    """`metrics` (see `_metrics`), `deficit` (estimates with intervals), `labels` (flipped), `rows` (the same and new).

    Queued rows are harder than the corpus and are tested on once they are reviewed: figures before and after are
    compared on the rows that were tested both times, by the coding of today.
    """
    key = ["estimate_id"]
    measured = ["estimate", "low", "high", "n"]
    deficit = (
        before.deficit.reindex(columns=key + measured)
        .merge(
            after.deficit.reindex(columns=key + measured), on="estimate_id", how="outer", suffixes=("_before", "_after")
        )
        .reset_index(drop=True)
    )
    labels = before.labels.merge(after.labels, on="commitment_id", how="inner", suffixes=("_before", "_after"))
    flipped = (labels["cluster_before"] != labels["cluster_after"]) | (
        labels["iap2_level_before"] != labels["iap2_level_after"]
    )
    columns = [
        "commitment_id",
        "title_after",
        "cluster_before",
        "cluster_after",
        "iap2_level_before",
        "iap2_level_after",
    ]
    shown = labels.loc[flipped, [*columns, "source_after"]]
    counts = [
        {"what": what, **_overlap(one[key], other[key])}
        for what, one, other, key in (
            ("rows tested", before.tested, after.tested, "id"),
            ("commitments", before.labels, after.labels, "commitment_id"),
        )
    ]
    return {
        "metrics": _metrics(before.tested, after.tested),
        "rows": pd.DataFrame(counts),
        "deficit": deficit,
        "labels": shown.rename(columns={"title_after": "title", "source_after": "source"}).reset_index(drop=True),
    }


def told(changes: dict[str, pd.DataFrame], most: int = 30) -> list[str]:
    """The changes as lines to read; at most `most` flipped labels."""
    counts = changes["rows"].set_index("what").astype(int).to_dict("index")
    tested, commitments = counts["rows tested"], counts["commitments"]
    lines = []
    for rows, title in (
        ("same", f"Model, on the {tested['same']} rows that it was tested on both before and after:"),
        ("own", f"… on all rows tested, which are not the same ({tested['new']} new, {tested['gone']} gone):"),
    ):
        part = changes["metrics"][changes["metrics"]["rows"] == rows]
        lines += [title] if len(part) else []
        lines += [f"  {row.figure}: {_number(row.before)} → {_number(row.after)}" for row in part.itertuples()]
    if not len(changes["metrics"]):
        lines.append("Model: not tested both before and after, so nothing to compare.")
    same, new, gone = (commitments[name] for name in ("same", "new", "gone"))
    lines.append(f"Whole corpus, {same + new} commitments ({new} new, {gone} gone):")
    for measured in changes["deficit"].to_dict("records"):
        before, after = (
            f"{_number(measured[f'estimate_{t}'])} [{_number(measured[f'low_{t}'])}, {_number(measured[f'high_{t}'])}]"
            for t in ("before", "after")
        )
        lines.append(f"  {measured['estimate_id']}: {before} → {after}")
    labels = changes["labels"]
    people = int((labels["source"] == "review").sum())
    lines.append(f"Codes changed: {len(labels)} ({people} by review, {len(labels) - people} by the retrained model)")
    for row in labels.head(most).itertuples():
        lines.append(
            f"  {row.commitment_id} ({row.source}): {row.cluster_before}, {row.iap2_level_before}"
            f" → {row.cluster_after}, {row.iap2_level_after}"
        )
    if len(labels) > most:
        lines.append(f"  … and {len(labels) - most} more")
    return lines


def _tested(path: Path) -> pd.DataFrame:
    """Predictions on rows not learned from; without rows where there are none."""
    table = read_table(path) if path.exists() else pd.DataFrame()
    return table.reindex(columns=["id", *_CODES]).fillna("")


def _metrics(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """`figure`, `rows`, `before`, `after`, `change`: on the `same` rows, and on each time's `own` if these differ."""
    both = before.drop(columns=list(_CODES[:2])).merge(after[["id", *_CODES[:2]]], on="id")
    # In the order of `after`, so that both sides hold the same rows.
    pairs = [("same", both, after[after["id"].isin(both["id"])])]
    if set(before["id"]) != set(after["id"]):
        pairs.append(("own", before, after))
    rows = []
    for name, one, other in pairs:
        if len(one) and len(other):
            was, now = scores.headline(one), scores.headline(other)
            rows += [(figure, name, was[figure], now[figure], now[figure] - was[figure]) for figure in was]
    return pd.DataFrame(rows, columns=["figure", "rows", "before", "after", "change"])


def _overlap(before: pd.Series, after: pd.Series) -> dict[str, int]:
    old, now = set(before), set(after)
    return {"same": len(old & now), "new": len(now - old), "gone": len(old - now)}


def _whole_corpus(deficit: pd.DataFrame) -> pd.DataFrame:
    if "grouping" not in deficit:
        return pd.DataFrame(columns=["estimate_id", "estimate", "low", "high", "n"])
    whole = deficit[deficit["grouping"].eq("all")]
    # One row a measure: the headline among them, spreads over levels, publics or touch-points not.
    single = whole[~whole["measure"].duplicated(keep=False)]
    return single[["estimate_id", "estimate", "low", "high", "n"]].reset_index(drop=True)


def _number(value: Any) -> str:
    number = pd.to_numeric(value, errors="coerce")
    return "–" if pd.isna(number) else f"{float(number):.3f}"
