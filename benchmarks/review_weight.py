"""How much a reviewed row should weigh beside the rows that the classifier has: `train.reviewed_weight`.

    python benchmarks/review_weight.py TRAIN.csv [--encoder lexical]

The corpus under review is new to the classifier, as an analyst's is: the countries of TRAIN are dealt into five folds;
in turn a fold is the new corpus, the other folds and the written examples are what the classifier has. A hundred rows
of the fold, drawn by chance, are reviewed; the fold's other rows are coded and scored, all folds together. The tuned
encoder has seen most of these rows while it was tuned; `--held-out` takes as the new corpus only the countries that it
has not seen (half of their rows reviewed). The rule, set before looking: 1 stays, unless another weight's mean of
macro-F1 and QWK is better by more than 0.01.
"""

import argparse
from pathlib import Path

import coded_rows
import numpy as np
import pandas as pd
from coded_rows import PARAMS, Rows
from sklearn.model_selection import GroupKFold

from pipeline.domain import params as parameters

WEIGHTS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
FOLDS, REVIEWED = 5, 100
HELD_OUT = tuple(parameters.load("encoder", coded_rows.ROOT / "params.yaml")["held_out"])


def corpora(rows: Rows, held_out: bool) -> list[np.ndarray]:
    """Positions of the rows of each corpus that is new in turn."""
    if held_out:
        return [np.flatnonzero(rows.table["country"].isin(HELD_OUT))]
    return [held for _, held in GroupKFold(FOLDS).split(rows.vectors, groups=rows.table["country"])]


def coded(written: Rows, rows: Rows, new: np.ndarray, weight: float | None, seed: int) -> pd.DataFrame:
    """The rows of the corpus `new` that nobody reviewed, as the model codes them, with `gold_…`; no reviews: None."""
    shuffled = np.random.default_rng(seed).permutation(new)
    reviewed, asked = np.split(shuffled, [min(REVIEWED, len(new) // 2)])
    known = np.setdiff1d(np.arange(len(rows.table)), new)
    parts = [(written, float(PARAMS["crisp_weight"])), (rows.take(known), 1.0)]
    if weight is not None:
        parts.append((rows.take(reviewed), weight))
    examples = coded_rows.examples(parts)
    gold = rows.take(asked)
    found = coded_rows.code(gold, coded_rows.fit(examples)[0])
    return found.assign(gold_cluster=gold.table["cluster"], gold_level=gold.table["iap2_level"])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("train", type=Path)
    parser.add_argument("--encoder", choices=("tuned", "lexical"), default="tuned")
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--seeds", type=int, default=3)
    arguments = parser.parse_args()
    written, encoder = coded_rows.written(arguments.encoder)
    rows = coded_rows.real(arguments.train, encoder)
    new = corpora(rows, arguments.held_out)
    print("| weight of a reviewed row | macro-F1 | QWK | mean |\n| ---: | ---: | ---: | ---: |")
    for weight in (None, *WEIGHTS):
        runs = []
        for seed in range(1, arguments.seeds + 1):
            table = pd.concat([coded(written, rows, part, weight, seed) for part in new])
            gold = table[["gold_cluster", "gold_level"]].set_axis(["cluster", "iap2_level"], axis=1)
            runs.append(coded_rows.figures(gold, table))
        mean = pd.DataFrame(runs).mean()
        print(
            f"| {weight or 'no reviews'} | {mean['macro_f1']:.3f} | {mean['qwk']:.3f} | {mean.mean():.3f} |", flush=True
        )


if __name__ == "__main__":
    main()
