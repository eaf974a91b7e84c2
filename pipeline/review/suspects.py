"""Labels that may be wrong: training rows whose coded value the model, unseen, finds unlikely (confident learning)."""

import numpy as np
import pandas as pd
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores

from pipeline.domain.codebook import CLUSTERS, LEVELS

_HEADS = (("cluster", "gold_cluster", CLUSTERS), ("iap2_level", "gold_level", LEVELS))


def suspected(out_of_fold: pd.DataFrame) -> pd.DataFrame:
    """Rows worth a second look, worst first: `id`, `code`, `coded`, `predicted`, `quality` (0 to 1).

    Confident learning after Northcutt et al. (2021).

    `out_of_fold`: predictions on rows that the model had not learned from (`models/classifier/out_of_fold.csv`).
    """
    parts = []
    for code, coded, legal in _HEADS:
        p = out_of_fold[[f"p_{value}" for value in legal]].to_numpy(dtype=float)
        p = p / p.sum(axis=1, keepdims=True)
        given = out_of_fold[coded].map(legal.index).to_numpy()
        present = np.unique(given)  # confident learning needs every class to occur
        if len(present) < 2:
            continue
        kept = p[:, present] / np.clip(p[:, present].sum(axis=1, keepdims=True), 1e-9, None)
        numbers = np.searchsorted(present, given)
        issues = find_label_issues(numbers, kept, n_jobs=1)
        quality = get_label_quality_scores(numbers, kept)
        parts.append(
            pd.DataFrame(
                {
                    "id": out_of_fold["id"],
                    "code": code,
                    "coded": out_of_fold[coded],
                    "predicted": [legal[place] for place in p.argmax(axis=1)],
                    "quality": quality.round(4),
                }
            )[issues]
        )
    if not parts:
        return pd.DataFrame(columns=["id", "code", "coded", "predicted", "quality"])
    return pd.concat(parts).sort_values(["quality", "id", "code"]).reset_index(drop=True)
