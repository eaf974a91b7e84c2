"""How much a reviewed row should weigh beside the rows that the classifier has: `train.reviewed_weight`.

    python benchmarks/review_weight.py                 # the shipped classifier, on the countries that it has not seen
    python benchmarks/review_weight.py TRAIN.csv       # the word-based encoder, on five folds of countries

The corpus under review is new to the classifier, as an analyst's is. With the tuned encoder it is the stored rows of
the countries left out when it was tuned; with the word-based one, the countries of TRAIN are dealt into five folds and
each fold is the new corpus in turn. A hundred of its rows (half, if it has fewer than 200), drawn by chance, are
reviewed; its other rows are coded and scored, all folds together. The rule, set before looking: 1 stays, unless another
weight's mean of macro-F1 and QWK is better by more than 0.01 in both.
"""

import argparse
from pathlib import Path

import coded_rows
import numpy as np
import pandas as pd
from coded_rows import Encoder, Rows
from sklearn.model_selection import GroupKFold

WEIGHTS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
FOLDS, REVIEWED = 5, 100


def corpora(rows: Rows, tuned: bool) -> list[np.ndarray]:
    """Positions of the rows of each corpus that is new in turn."""
    if tuned:
        return [np.flatnonzero(rows.table["unseen"])]
    return [held for _, held in GroupKFold(FOLDS).split(rows.vectors, groups=rows.table["country"])]


def coded(
    written: Rows, rows: Rows, encoder: Encoder, new: np.ndarray, weight: float | None, seed: int
) -> pd.DataFrame:
    """The rows of the corpus `new` that nobody reviewed, as the model codes them, with `gold_…`; no reviews: None."""
    shuffled = np.random.default_rng(seed).permutation(new)
    reviewed, asked = np.split(shuffled, [min(REVIEWED, len(new) // 2)])
    known = np.setdiff1d(np.arange(len(rows.table)), new)
    parts = [(written, coded_rows.written_weight(written)), (rows.take(known), 1.0)]
    if weight is not None:
        parts.append((rows.take(reviewed), weight))
    examples = coded_rows.examples(parts, encoder)
    gold = rows.take(asked)
    found = coded_rows.code(gold, coded_rows.fit(examples)[0])
    return found.assign(gold_cluster=gold.table["cluster"], gold_level=gold.table["iap2_level"])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("train", type=Path, nargs="?")
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    tuned = arguments.train is None
    written, encoder = coded_rows.written("tuned" if tuned else "lexical")
    rows = coded_rows.stored() if tuned else coded_rows.real(arguments.train, encoder)
    new = corpora(rows, tuned)
    print("| weight of a reviewed row | macro-F1 | QWK | mean |\n| ---: | ---: | ---: | ---: |")
    for weight in (None, *WEIGHTS):
        runs = []
        for seed in range(1, arguments.seeds + 1):
            table = pd.concat([coded(written, rows, encoder, part, weight, seed) for part in new])
            gold = table[["gold_cluster", "gold_level"]].set_axis(["cluster", "iap2_level"], axis=1)
            runs.append(coded_rows.figures(gold, table))
        mean = pd.DataFrame(runs).mean()
        print(
            f"| {weight or 'no reviews'} | {mean['macro_f1']:.3f} | {mean['qwk']:.3f} | {mean.mean():.3f} |", flush=True
        )


if __name__ == "__main__":
    main()
