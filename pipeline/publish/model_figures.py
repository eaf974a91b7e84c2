"""The classifier's figures for the report: the evaluation's metrics as a short table in words."""

from typing import Any

NAMES = {
    "cluster_macro_f1": "Cluster: macro F1",
    "level_qwk": "Level: quadratic-weighted kappa",
    "cluster_accuracy": "Cluster: share of rows right",
    "level_accuracy": "Level: share of rows right",
    "cluster_accuracy_with_alternative": "Cluster: share right, a defensible alternative accepted",
    "level_accuracy_with_alternative": "Level: share right, a defensible alternative accepted",
}
BASELINES = {"majority": "always the commonest", "keywords": "keyword rules", "tfidf": "word counts (TF-IDF)"}


def _shown(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def rows(metrics: dict[str, Any]) -> list[tuple[str, str]]:
    """Name and value of each figure worth a reader's time; flat metrics are taken as they are."""
    if "headline" not in metrics:
        return [(name, _shown(value)) for name, value in metrics.items() if isinstance(value, int | float | str)]
    found = []
    if "rows" in metrics:
        kinds = ", ".join(map(str, metrics.get("kind_of_rows", [])))
        found.append(("Tested on", f"{metrics['rows']} commitments" + (f" ({kinds})" if kinds else "")))
    for key, value in metrics["headline"].items():
        ends = metrics.get("interval_95", {}).get(key)
        span = f" ({_shown(ends[0])} to {_shown(ends[1])})" if ends else ""
        others = [
            f"{BASELINES.get(name, name)} {_shown(figures[key])}"
            for name, figures in metrics.get("baselines", {}).items()
            if key in figures
        ]
        beside = f"; {', '.join(others)}" if others and key in ("cluster_macro_f1", "level_qwk") else ""
        found.append((NAMES.get(key, key), _shown(value) + span + beside))
    for name, value in metrics.get("calibration_error", {}).items():
        found.append((f"Calibration error of the {name}'s probability", _shown(value)))
    deficit = metrics.get("deficit", {})
    if {"coded", "predicted"} <= set(deficit):
        found.append(
            ("Deficit of the tested rows", f"coded {deficit['coded']:.1%}, predicted {deficit['predicted']:.1%}")
        )
    return found
