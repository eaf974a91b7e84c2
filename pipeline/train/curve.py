"""Learning curve: what coded real commitments that are new to the encoder add, as reviewed ones are."""

from typing import Any

import numpy as np
import pandas as pd
from sklearn.model_selection import GroupKFold

from pipeline.classify.heads import decide, nominal_probabilities, ordinal_probabilities
from pipeline.domain.codebook import CLUSTERS, LEVELS
from pipeline.evaluate.scores import macro_f1, weighted_kappa
from pipeline.train.examples import Examples
from pipeline.train.fit import fit_main_heads

SIZES = (0, 25, 50, 100)
_ORDERS = 3  # random orders in which the rows come, averaged


def learning_curve(examples: Examples, params: dict[str, Any]) -> pd.DataFrame:
    """Columns `rows`, `cluster_macro_f1`, `level_qwk`: figures on the unseen real rows by how many of them are learned.

    Folds by country: the heads know all other rows and the given number of unseen ones of other folds; the last size is
    all of these. The encoder stays as it is. Empty where there are too few unseen rows for folds.
    """
    unseen = np.flatnonzero(examples.table["unseen"] & (examples.table["origin"] == "real"))
    groups, folds = examples.table["group"].to_numpy()[unseen], int(params["folds"])
    if len(set(groups)) < folds:
        return pd.DataFrame(columns=["rows", "cluster_macro_f1", "level_qwk"])
    base = np.setdiff1d(np.arange(len(examples.table)), unseen)
    parts = [(unseen[rest], unseen[held]) for rest, held in GroupKFold(folds).split(unseen, groups=groups)]
    most = min(len(rest) for rest, _ in parts)
    figures = []
    for order in range(_ORDERS):
        rng = np.random.default_rng(int(params["seed"]) + order)
        shuffled = [(rng.permutation(rest), held) for rest, held in parts]
        for size in (*(size for size in SIZES if size < most), most):
            known = [(np.sort(np.concatenate([base, rest[:size]])), held) for rest, held in shuffled]
            figures.append({"rows": size, **_figures(examples, known, params)})
    return pd.DataFrame(figures).groupby("rows", as_index=False).mean().round(4)


def _figures(
    examples: Examples, parts: list[tuple[np.ndarray, np.ndarray]], params: dict[str, Any]
) -> dict[str, float]:
    """Macro-F1 and weighted kappa over the held rows of all parts, each by heads that know the part's other rows."""
    coded = []
    for known, held in parts:
        fitted, features = fit_main_heads(examples, known, params), examples.features[held]
        cluster = decide(nominal_probabilities(fitted["cluster"].scores(features)), ordinal=False)
        level = decide(ordinal_probabilities(fitted["level"].scores(features)), ordinal=True)
        codes = {"cluster": [CLUSTERS[i] for i in cluster], "level": [LEVELS[i] for i in level]}
        coded.append(pd.DataFrame(codes, index=held))
    said = pd.concat(coded)
    gold = examples.table.loc[said.index]
    return {
        "cluster_macro_f1": macro_f1(gold["cluster"], said["cluster"]),
        "level_qwk": weighted_kappa(gold["iap2_level"], said["level"]),
    }
