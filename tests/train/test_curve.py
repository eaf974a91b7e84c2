"""The learning curve: more rows that are new to the encoder, better figures, where there is something to learn."""

import numpy as np
import pandas as pd

from pipeline.classify.heads import LinearHead
from pipeline.domain.codebook import CLUSTERS, LEVELS
from pipeline.train.curve import learning_curve
from pipeline.train.examples import Examples

PARAMS = {"c": 1.0, "alternative_share": 0.3, "seed": 1, "folds": 4}


def made_up(real: int, unseen: int) -> Examples:
    """Rows whose codes are told by noisy features; the written ones are coded by chance."""
    rng = np.random.default_rng(0)
    count = 60 + real + unseen
    cluster, level = rng.integers(6, size=count), rng.integers(6, size=count)
    features = np.hstack([np.eye(6)[cluster], np.eye(6)[level]]) + rng.normal(scale=0.7, size=(count, 12))
    cluster[:60], level[:60] = rng.integers(6, size=60), rng.integers(6, size=60)
    table = pd.DataFrame(
        {
            "origin": ["written"] * 60 + ["real"] * (real + unseen),
            "unseen": [False] * (60 + real) + [True] * unseen,
            "group": ["written"] * 60 + [f"country {i % 10}" for i in range(real + unseen)],
            "cluster": [CLUSTERS[i] for i in cluster],
            "iap2_level": [LEVELS[i] for i in level],
            "alternative_cluster": "",
            "alternative_iap2_level": "",
        }
    )
    return Examples(table, features, np.ones(count), LinearHead(np.eye(12), np.zeros(12), np.zeros(12), np.ones(12)))


def test_figures_rise_with_the_rows_and_end_at_all_of_them() -> None:
    curve = learning_curve(made_up(real=0, unseen=400), PARAMS)
    # Ten countries of 40 rows in four folds: three countries are held at most, so 280 rows are always left to learn.
    assert curve["rows"].tolist() == [0, 25, 50, 100, 280]
    assert curve["cluster_macro_f1"].iloc[-1] > curve["cluster_macro_f1"].iloc[0] + 0.2
    assert curve["level_qwk"].iloc[-1] > curve["level_qwk"].iloc[0] + 0.2


def test_without_unseen_rows_there_is_no_curve() -> None:
    assert learning_curve(made_up(real=100, unseen=0), PARAMS).empty
