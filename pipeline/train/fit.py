"""Fit heads and calibration: out-of-fold over unseen countries first, then on everything.

Out-of-fold predictions come only from rows that neither the heads of that fold nor the encoder have learned from,
grouped by country. They give the calibration, the prediction sets and every figure of the evaluation.
"""

import hashlib
from typing import Any

import numpy as np
import pandas as pd
from sklearn.model_selection import GroupKFold

from pipeline.classify import heads
from pipeline.classify.calibration import apply_calibration, fit_calibration, nonconformity
from pipeline.classify.heads import LinearHead
from pipeline.classify.model import Classifier
from pipeline.classify.secondary import MANY, ONE, secondary_codes
from pipeline.domain import codebook
from pipeline.domain.codebook import CLUSTERS, LEVELS
from pipeline.train.adapt import adapted
from pipeline.train.examples import Examples


def fit_heads(examples: Examples, rows: np.ndarray, params: dict[str, Any]) -> dict[str, LinearHead]:
    """All heads on the rows given (indices)."""
    fitted = fit_main_heads(examples, rows, params)
    for name, (kind, known, target) in _secondary(examples.table.iloc[rows]).items():
        fitted[name] = _fit(examples, name, kind, rows[known], target, params)
    return fitted


def fit_main_heads(examples: Examples, rows: np.ndarray, params: dict[str, Any]) -> dict[str, LinearHead]:
    """The heads of cluster and level on the rows given (indices)."""
    cluster, level = targets(examples.table.iloc[rows], float(params["alternative_share"]))
    return {
        "cluster": _fit(examples, "cluster", "nominal", rows, cluster, params),
        "level": _fit(examples, "level", "ordinal", rows, level, params),
    }


def _fit(
    examples: Examples, name: str, kind: str, rows: np.ndarray, target: np.ndarray, params: dict[str, Any]
) -> LinearHead:
    """One head: fitted from nothing, or the encoder's own moved by those of the rows that are new to it."""
    if name not in examples.own:
        return _FROM_NOTHING[kind](examples.features[rows], target, examples.weight[rows], float(params["c"]))
    fresh = examples.fresh[rows]
    outcome = heads.above_thresholds(target) if kind == "ordinal" else target
    rows = rows[fresh]
    features, weight, c = examples.features[rows], examples.weight[rows], float(params["adaptation"])
    return adapted(features, examples.own[name], outcome[fresh], weight, c, nominal=kind == "nominal")


_FROM_NOTHING = {"nominal": heads.fit_nominal, "ordinal": heads.fit_ordinal, "independent": heads.fit_independent}


def _secondary(table: pd.DataFrame) -> dict[str, tuple[str, np.ndarray, np.ndarray]]:
    """Of each secondary code the kind of its head, which rows teach it (boolean), and their targets."""
    given = {
        "participation_in": (table["participation_in"] != "none").to_numpy(),
        "mandate": table["mandate"].isin(codebook.MANDATES).to_numpy(),
    }
    found = {
        name: ("nominal", known, heads.one_hot(list(table[name][known]), ONE[name])) for name, known in given.items()
    }
    for name, legal in MANY.items():
        known = (table["origin"] != "reviewed").to_numpy()
        if name == "publics":
            # Reviewers may leave the publics out: then nothing is known of them, unless there is nobody to name.
            known = known | ((table["publics"] != "") | (table["iap2_level"] == "none")).to_numpy()
        values = table[name][known].str.split(codebook.LIST_SEPARATOR)
        indicator = np.array([[value in cell for value in legal] for cell in values], dtype=float)
        found[name] = ("independent", known, indicator.reshape(-1, len(legal)))
    return found


def targets(table: pd.DataFrame, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Soft targets of cluster and level, (rows, 6) each; borderline rows give `share` to their alternative."""
    cluster = heads.soft_targets(list(table["cluster"]), list(table["alternative_cluster"]), CLUSTERS, share)
    level = heads.soft_targets(list(table["iap2_level"]), list(table["alternative_iap2_level"]), LEVELS, share)
    return cluster, level


def out_of_fold(examples: Examples, params: dict[str, Any]) -> tuple[np.ndarray, dict[str, np.ndarray], np.ndarray]:
    """Rows to evaluate on, their scores by head, and their fold, by grouped folds over countries.

    Where there are no unseen real rows (another encoder was put in place), the written examples take their place, in
    folds by example; the evaluation then says so.
    """
    table = examples.table
    rows = np.flatnonzero(table["unseen"])
    if len(rows) < 50 or table["group"].iloc[rows].nunique() < int(params["folds"]):
        rows, groups = np.arange(len(table)), table["id"].to_numpy()
    else:
        groups = table["group"].to_numpy()[rows]
    scores: dict[str, np.ndarray] = {}
    fold, everything = np.zeros(len(rows), dtype=int), np.arange(len(table))
    for k, (_, held) in enumerate(GroupKFold(int(params["folds"])).split(rows, groups=groups)):
        fitted = fit_heads(examples, np.setdiff1d(everything, rows[held]), params)
        for name, head in fitted.items():
            of_held = head.scores(examples.features[rows[held]])
            scores.setdefault(name, np.zeros((len(rows), of_held.shape[1])))[held] = of_held
        fold[held] = k
    return rows, scores, fold


def calibrated_out_of_fold(examples: Examples, params: dict[str, Any]) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Out-of-fold predictions as a table (calibrated by the other folds), and the calibration from all folds."""
    rows, scores, fold = out_of_fold(examples, params)
    cluster_scores, level_scores = scores["cluster"], scores["level"]
    table = examples.table.iloc[rows].reset_index(drop=True)
    cluster_target, level_target = targets(table, float(params["alternative_share"]))
    cluster_p, level_p = np.zeros_like(cluster_target), np.zeros_like(level_target)
    for k in np.unique(fold):
        rest, held = fold != k, fold == k
        cluster_p[held] = apply_calibration(
            cluster_scores[held],
            fit_calibration(cluster_scores[rest], cluster_target[rest], ordinal=False),
            ordinal=False,
        )
        level_p[held] = apply_calibration(
            level_scores[held], fit_calibration(level_scores[rest], level_target[rest], ordinal=True), ordinal=True
        )
    calibration = {
        "cluster": fit_calibration(cluster_scores, cluster_target, ordinal=False),
        "level": fit_calibration(level_scores, level_target, ordinal=True),
        "cluster_conformal": nonconformity(cluster_p, table["cluster"].map(CLUSTERS.index).to_numpy()),
        "level_conformal": nonconformity(level_p, table["iap2_level"].map(LEVELS.index).to_numpy()),
    }
    shown = table[
        ["id", "country", "kind", "language", "origin", "group", "difficulty", "cluster", "iap2_level"]
    ].rename(columns={"cluster": "gold_cluster", "iap2_level": "gold_level"})
    shown["alternative_cluster"], shown["alternative_level"] = (
        table["alternative_cluster"],
        table["alternative_iap2_level"],
    )
    shown["fold"] = fold
    for name, p in (("cluster", cluster_p), ("level", level_p)):
        legal = CLUSTERS if name == "cluster" else LEVELS
        decided = heads.decide(p, ordinal=name == "level")
        shown[name] = [legal[i] for i in decided]
        shown[f"{name}_probability"] = p[np.arange(len(p)), decided].round(5)
        for i, value in enumerate(legal):
            shown[f"p_{value}"] = p[:, i].round(5)
    pairs = zip(shown["cluster"], shown["level"], strict=True)
    codes = [secondary_codes(*pair, {n: scores[n][row] for n in (*MANY, *ONE)}) for row, pair in enumerate(pairs)]
    for name in (*ONE, *MANY):
        shown[f"gold_{name}"], shown[name] = table[name], [code[name] for code in codes]
    return shown, calibration


def train(examples: Examples, encoder_name: str, params: dict[str, Any]) -> tuple[Classifier, pd.DataFrame]:
    """The classifier fitted on all rows, and the out-of-fold predictions that say how good it is."""
    predictions, calibration = calibrated_out_of_fold(examples, params)
    fitted = {"projection": examples.projection, **fit_heads(examples, np.arange(len(examples.table)), params)}
    digest = hashlib.sha256()
    for name in sorted(fitted):
        digest.update(np.round(fitted[name].weights, 4).astype(np.float32).tobytes())
    meta = {
        "id": f"{encoder_name.split('@')[0]}-{digest.hexdigest()[:12]}",
        "encoder": encoder_name,
        "coverage": float(params["coverage"]),
        "params": params,
        "rows": {
            str(origin): int(count) for origin, count in examples.table["origin"].value_counts().sort_index().items()
        },
        "evaluated_on": f"{len(predictions)} {'written' if predictions['origin'].eq('written').any() else 'real'} rows",
    }
    return Classifier(fitted, calibration, meta), predictions
