"""What a round of reviews changed: figures of the model, the deficit with its interval, labels that flipped."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.domain.errors import UserError
from pipeline.domain.tables import read_table, write_table

_METRICS, _DEFICIT, _LABELS = "metrics.json", "deficit.csv", "labels.csv"
_SHOWN = ("commitment_id", "title", "cluster", "iap2_level", "source", "model")


@dataclass(frozen=True)
class State:
    """Results at one moment: the evaluation's figures by name, whole-corpus measures, codes by commitment."""

    metrics: dict[str, float]
    deficit: pd.DataFrame
    labels: pd.DataFrame


def current(classified: Path, measures: Path, metrics: Path) -> State:
    """The state that `dvc repro` left; raises UserError where there is none."""
    if not classified.exists():
        raise UserError(f"{classified}: not found; run `dvc repro` first")
    deficit = read_table(measures / "deficit.csv") if (measures / "deficit.csv").exists() else pd.DataFrame()
    labels = read_table(classified).reindex(columns=list(_SHOWN)).fillna("")
    return State(_figures(metrics), _whole_corpus(deficit), labels)


def save(state: State, folder: Path) -> None:
    """Keep a state, to compare a later one with."""
    folder.mkdir(parents=True, exist_ok=True)
    write_table(state.deficit, folder / _DEFICIT)
    write_table(state.labels, folder / _LABELS)
    (folder / _METRICS).write_text(json.dumps(state.metrics, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def saved(folder: Path) -> State:
    """A kept state; raises UserError where `review import` has kept none."""
    if not (folder / _LABELS).exists():
        raise UserError(
            f"{folder}: nothing to compare with; `participation-deficit review import` keeps the state before"
        )
    return State(_figures(folder / _METRICS), read_table(folder / _DEFICIT), read_table(folder / _LABELS))


def compare(before: State, after: State) -> dict[str, pd.DataFrame]:
    """`metrics` (figure, before, after, change), `deficit` (estimates with intervals), `labels` (flipped)."""
    names = sorted(set(before.metrics) | set(after.metrics))
    metrics = pd.DataFrame(
        {
            "figure": names,
            "before": [before.metrics.get(n) for n in names],
            "after": [after.metrics.get(n) for n in names],
        }
    )
    metrics["change"] = metrics["after"].astype(float) - metrics["before"].astype(float)
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
    return {
        "metrics": metrics,
        "deficit": deficit,
        "labels": shown.rename(columns={"title_after": "title", "source_after": "source"}).reset_index(drop=True),
    }


def told(changes: dict[str, pd.DataFrame], most: int = 30) -> list[str]:
    """The changes as lines to read; at most `most` flipped labels."""
    lines = ["Model, on rows that it did not learn from:"]
    for row in changes["metrics"].itertuples():
        lines.append(f"  {row.figure}: {_number(row.before)} → {_number(row.after)}")
    lines.append("Whole corpus:")
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


def _figures(path: Path) -> dict[str, float]:
    """Numbers of the headline, by name; empty where the model was not evaluated."""
    if not path.exists():
        return {}
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    figures = content.get("headline", content)
    return {str(name): float(value) for name, value in figures.items() if isinstance(value, (int, float))}


def _whole_corpus(deficit: pd.DataFrame) -> pd.DataFrame:
    if "grouping" not in deficit:
        return pd.DataFrame(columns=["estimate_id", "estimate", "low", "high", "n"])
    headline = deficit["grouping"].eq("all") & deficit["category"].eq("")
    return deficit.loc[headline, ["estimate_id", "estimate", "low", "high", "n"]].reset_index(drop=True)


def _number(value: Any) -> str:
    number = pd.to_numeric(value, errors="coerce")
    return "–" if pd.isna(number) else f"{float(number):.3f}"
