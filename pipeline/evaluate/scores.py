"""Agreement between predicted and coded labels, with bootstrap intervals."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from sklearn.metrics import cohen_kappa_score, f1_score

from pipeline.classify.secondary import MANY, ONE
from pipeline.domain.codebook import CLUSTERS, IN_SCOPE, LEVEL_RANK, LEVELS, LIST_SEPARATOR

_FEWEST_BEARERS = 5


def macro_f1(gold: pd.Series, predicted: pd.Series) -> float:
    """Mean F1 over the classes that occur in gold, 0 to 1."""
    return float(f1_score(gold, predicted, average="macro", labels=sorted(set(gold)), zero_division=0))


def weighted_kappa(gold: pd.Series, predicted: pd.Series) -> float:
    """Quadratic-weighted kappa of levels (Cohen 1968), -1 to 1; 0 where either side never varies."""
    if gold.nunique() < 2 or predicted.nunique() < 2:
        return 0.0
    return float(
        cohen_kappa_score(
            gold.map(LEVEL_RANK), predicted.map(LEVEL_RANK), weights="quadratic", labels=range(len(LEVELS))
        )
    )


def calibration_error(correct: np.ndarray, probability: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error over bins of equal size: mean distance of accuracy and stated probability."""
    edges = np.quantile(probability, np.linspace(0, 1, bins + 1))
    which = np.clip(np.searchsorted(edges, probability, side="right") - 1, 0, bins - 1)
    parts = [(correct[which == b], probability[which == b]) for b in range(bins) if (which == b).any()]
    return float(sum(abs(hit.mean() - said.mean()) * len(hit) for hit, said in parts) / len(correct))


def deficit(cluster: pd.Series, level: pd.Series, threshold: str) -> float:
    """Share of in-scope commitments below the threshold level; nan where nothing is in scope."""
    scope = cluster.isin(IN_SCOPE)
    return float((level[scope].map(LEVEL_RANK) < LEVEL_RANK[threshold]).mean())


def bootstrap(
    statistic: Callable[[pd.DataFrame], float], table: pd.DataFrame, group: str, draws: int, seed: int
) -> tuple[float, float]:
    """95 % percentile interval of a statistic, resampling whole groups (countries) with replacement."""
    rng = np.random.default_rng(seed)
    members = list(table.groupby(group, sort=True).indices.values())
    values = []
    for _ in range(draws):
        chosen = np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))])
        values.append(statistic(table.iloc[chosen]))
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)


def headline(table: pd.DataFrame) -> dict[str, float]:
    """The headline figures of a table with `gold_cluster`, `gold_level`, `cluster`, `level`."""
    return {
        "cluster_macro_f1": macro_f1(table["gold_cluster"], table["cluster"]),
        "cluster_accuracy": float((table["gold_cluster"] == table["cluster"]).mean()),
        "level_qwk": weighted_kappa(table["gold_level"], table["level"]),
        "level_accuracy": float((table["gold_level"] == table["level"]).mean()),
        "cluster_accuracy_with_alternative": _lenient(table, "cluster"),
        "level_accuracy_with_alternative": _lenient(table, "level"),
    }


def secondary(table: pd.DataFrame) -> dict[str, dict[str, float]]:
    """How well the secondary codes are met: accuracy of those with one value, F1 of each value of the others.

    Accuracy of `mandate` is over the rows coded above inform by both sides. A value that fewer than five rows bear has
    no F1.
    """
    figures: dict[str, dict[str, float]] = {}
    for name in ONE:
        gold, predicted = table[f"gold_{name}"].fillna(""), table[name].fillna("")
        both = gold.ne("") & predicted.ne("")
        figures[name] = {"accuracy": float((gold == predicted)[both].mean()), "n": int(both.sum())}
    for name, legal in MANY.items():
        gold, predicted = (table[column].fillna("").str.split(LIST_SEPARATOR) for column in (f"gold_{name}", name))
        scores = {}
        for value in legal:
            coded, said = gold.map(lambda cell, v=value: v in cell), predicted.map(lambda cell, v=value: v in cell)
            if coded.sum() >= _FEWEST_BEARERS:
                scores[value] = float(f1_score(coded, said, zero_division=0))
        figures[name] = scores
    return figures


def per_class(table: pd.DataFrame) -> pd.DataFrame:
    """F1 and count for each cluster and each level."""
    rows = []
    for name, legal in (("cluster", CLUSTERS), ("level", LEVELS)):
        gold = table[f"gold_{name}"]
        for value, score in zip(
            legal, f1_score(gold, table[name], labels=list(legal), average=None, zero_division=0), strict=True
        ):
            rows.append({"head": name, "value": value, "f1": round(float(score), 4), "n": int((gold == value).sum())})
    return pd.DataFrame(rows)


def reliability(table: pd.DataFrame, bins: int = 8) -> pd.DataFrame:
    """Stated probability against accuracy, in bins of equal size, for both heads."""
    rows = []
    for name in ("cluster", "level"):
        probability = table[f"{name}_probability"]
        correct = table[f"gold_{name}"] == table[name]
        for _, part in pd.DataFrame({"p": probability, "hit": correct}).groupby(
            pd.qcut(probability, bins, duplicates="drop"), observed=True
        ):
            rows.append(
                {
                    "head": name,
                    "probability": round(part["p"].mean(), 4),
                    "accuracy": round(part["hit"].mean(), 4),
                    "n": len(part),
                }
            )
    return pd.DataFrame(rows)


def _lenient(table: pd.DataFrame, name: str) -> float:
    right = (table[f"gold_{name}"] == table[name]) | (table[f"alternative_{name}"] == table[name])
    return float(right.mean())
