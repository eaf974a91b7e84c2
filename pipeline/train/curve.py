"""Learning curve: how good the classifier is by number of coded real commitments."""

from typing import Any

import numpy as np
import pandas as pd

from pipeline.classify.heads import decide, nominal_probabilities, ordinal_probabilities
from pipeline.domain.codebook import CLUSTERS, LEVELS
from pipeline.evaluate.scores import macro_f1, weighted_kappa
from pipeline.train.examples import Examples
from pipeline.train.fit import fit_main_heads

SIZES = (0, 100, 200, 400, 800)
_ORDERS = 3  # random orders in which the rows come, averaged


def learning_curve(examples: Examples, params: dict[str, Any]) -> pd.DataFrame:
    """Columns `rows` (coded real commitments), `cluster_macro_f1`, `level_qwk`: figures on the unseen real rows.

    Heads only: the encoder stays as it is. The last size is all real rows that are not evaluated on. Empty where there
    are no unseen rows.
    """
    table = examples.table
    unseen = np.flatnonzero(table["unseen"])
    if not len(unseen):
        return pd.DataFrame(columns=["rows", "cluster_macro_f1", "level_qwk"])
    base = np.flatnonzero(table["origin"] == "written")
    real = np.flatnonzero((table["origin"] == "real") & ~table["unseen"].astype(bool))
    sizes = [*(size for size in SIZES if size < len(real)), len(real)]
    gold, features = table.iloc[unseen], examples.features[unseen]
    figures = []
    for order in range(_ORDERS):
        shuffled = np.random.default_rng(int(params["seed"]) + order).permutation(real)
        for size in sizes:
            fitted = fit_main_heads(examples, np.sort(np.concatenate([base, shuffled[:size]])), params)
            cluster = decide(nominal_probabilities(fitted["cluster"].scores(features)), ordinal=False)
            level = decide(ordinal_probabilities(fitted["level"].scores(features)), ordinal=True)
            f1 = macro_f1(gold["cluster"], pd.Series(CLUSTERS)[cluster].set_axis(gold.index))
            kappa = weighted_kappa(gold["iap2_level"], pd.Series(LEVELS)[level].set_axis(gold.index))
            figures.append({"rows": size, "cluster_macro_f1": f1, "level_qwk": kappa})
    return pd.DataFrame(figures).groupby("rows", as_index=False).mean().round(4)
