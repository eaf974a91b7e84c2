"""The `evaluate` stage: out-of-fold predictions in; figures, confusion and plots' tables out."""

import json
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.classify.model import load
from pipeline.domain.errors import UserError
from pipeline.domain.tables import read_table
from pipeline.evaluate import scores
from pipeline.evaluate.baselines import majority
from pipeline.evaluate.leakage import ALIKE, duplicates

_BASELINES = ("majority", "keywords", "tfidf")


def evaluate(classifier: Path, real: Path, params: dict[str, Any], output: Path) -> dict[str, Any]:
    """Write `metrics.json`, `confusion.json` and the plots' CSV files into `output`; returns the metrics.

    `real`: the coded real rows (`corpus/vectors/real.csv`) with what keyword rules and TF-IDF made of the evaluated
    ones. Raises UserError where either file is missing or incomplete.
    """
    coded = read_table(real)
    for column in ("id", "cluster", "iap2_level", "unseen"):
        if column not in coded:
            raise UserError(f"{real}: has no column '{column}'; restore it from git")
    try:
        table = pd.read_csv(classifier / "out_of_fold.csv", keep_default_na=False)
    except (OSError, ValueError):
        raise UserError(
            f"{classifier / 'out_of_fold.csv'}: cannot be read; run 'participation-deficit train' first"
        ) from None
    output.mkdir(parents=True, exist_ok=True)
    metrics: dict[str, Any] = {
        "rows": len(table),
        "kind_of_rows": sorted(set(table["origin"])),
        "groups": int(table["group"].nunique()),
        "model": load(classifier).id,
        "headline": _rounded(scores.headline(table)),
        "interval_95": {
            "cluster_macro_f1": _interval(lambda t: scores.macro_f1(t["gold_cluster"], t["cluster"]), table, params),
            "level_qwk": _interval(lambda t: scores.weighted_kappa(t["gold_level"], t["level"]), table, params),
        },
        "calibration_error": {
            name: round(
                scores.calibration_error(
                    (table[f"gold_{name}"] == table[name]).to_numpy(float),
                    table[f"{name}_probability"].to_numpy(),
                ),
                4,
            )
            for name in ("cluster", "level")
        },
        "deficit": {
            "coded": round(scores.deficit(table["gold_cluster"], table["gold_level"], params["threshold"]), 4),
            "predicted": round(scores.deficit(table["cluster"], table["level"], params["threshold"]), 4),
        },
        "secondary": {name: _rounded(figures) for name, figures in scores.secondary(table).items()},
        "slices": {
            column: {
                value: {**_rounded(scores.headline(part)), "n": len(part)}
                for value, part in table.groupby(column)
                if len(part) >= 20
            }
            for column in ("language", "kind", "difficulty")
        },
        "baselines": _baselines(table, coded),
        "leakage": _leakage(table, coded),
    }
    _write_json(output / "metrics.json", metrics)
    _write_json(output / "confusion.json", _confusion(table))
    scores.per_class(table).to_csv(output / "per_class.csv", index=False, lineterminator="\n")
    scores.reliability(table).to_csv(output / "reliability.csv", index=False, lineterminator="\n")
    for name in ("cluster", "level"):
        pairs = table[[f"gold_{name}", name]].rename(columns={f"gold_{name}": "coded", name: "predicted"})
        pairs.to_csv(output / f"confusion_{name}.csv", index=False, lineterminator="\n")
    return metrics


def _baselines(table: pd.DataFrame, coded: pd.DataFrame) -> dict[str, Any]:
    """The same figures for the baselines, on those evaluated rows for which their codes are known."""
    result = {}
    common = majority(coded[coded["unseen"] != "yes"], len(table)).assign(id=table["id"].to_numpy())
    for name in _BASELINES:
        codes = common if name == "majority" else _codes_of(coded, name)
        if not len(codes):
            continue
        joined = table.drop(columns=["cluster", "level"]).merge(codes, on="id").rename(columns={"iap2_level": "level"})
        if len(joined):
            result[name] = {**_rounded(scores.headline(joined)), "n": len(joined)}
    return result


def _leakage(table: pd.DataFrame, coded: pd.DataFrame) -> dict[str, Any]:
    """How many evaluated rows a training row nearly repeats, and the figures without them."""
    rest = table[~table["id"].isin(duplicates(coded))]
    return {"alike_from": ALIKE, "rows": len(table) - len(rest), "without_them": _rounded(scores.headline(rest))}


def _codes_of(coded: pd.DataFrame, name: str) -> pd.DataFrame:
    columns = {f"{name}_cluster": "cluster", f"{name}_level": "iap2_level"}
    if not set(columns) <= set(coded.columns):
        return pd.DataFrame()
    return coded[["id", *columns]].rename(columns=columns)


def _confusion(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Counts of coded against predicted (cluster, level), for intervals that carry the classifier's mistakes."""
    keys = ["gold_cluster", "gold_level", "cluster", "level", "group"]
    counts = table.groupby(keys).size().rename("count").reset_index()
    # Rows of one country go together when the measure stage redraws the confusion.
    counts = counts.rename(columns={"cluster": "predicted_cluster", "level": "predicted_level", "group": "country"})
    return [{str(name): value for name, value in row.items()} for row in counts.to_dict("records")]


def _interval(statistic: Any, table: pd.DataFrame, params: dict[str, Any]) -> list[float]:
    return [
        round(end, 4)
        for end in scores.bootstrap(statistic, table, "group", int(params["bootstrap"]), int(params["seed"]))
    ]


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items()}


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
