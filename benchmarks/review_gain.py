"""What reviews bring: coded rows given to the classifier step by step, as if an analyst had reviewed them.

    python benchmarks/review_gain.py STREAM.csv TEST.csv

Starts from the written examples alone. At each step the queue of `pipeline.review` picks rows of STREAM by the model of
the step before, their coded values come in as reviews, and the heads are fitted anew; then TEST is coded, and the
deficit over STREAM is estimated as `measure` does. `active`: the mix of params.yaml; `random`: chance alone. With the
word-based encoder: the tuned one knows coded commitments like those of STREAM by heart, which no analyst's corpus is.
Prints a table of means over the seeds.
"""

import argparse
from pathlib import Path
from typing import Any

import coded_rows
import numpy as np
import pandas as pd
from coded_rows import PARAMS, ROOT, Encoder, Rows

from pipeline.domain import params as parameters
from pipeline.evaluate import scores
from pipeline.measure import estimate, formulas, resample
from pipeline.measure.groups import group
from pipeline.measure.inputs import check
from pipeline.measure.stage import gather
from pipeline.review.queue import choose

STEPS = (0, 50, 100, 200, 400)
THRESHOLD = "involve"
MEASURE = parameters.load("measure", ROOT / "params.yaml") | {"bootstrap": 400}
MIX = dict(parameters.load("review", ROOT / "params.yaml")["mix"])


def run(
    written: Rows, encoder: Encoder, stream: Rows, test: Rows, mix: dict[str, float], seed: int
) -> list[dict[str, Any]]:
    """Figures after each step."""
    chosen = pd.DataFrame(columns=["commitment_id", "random", "model_cluster", "model_iap2_level"])
    base = (written, coded_rows.written_weight(written))
    model, predictions = coded_rows.fit(coded_rows.examples([base], encoder))
    truth = scores.deficit(stream.table["cluster"], stream.table["iap2_level"], THRESHOLD)
    rows = []
    for step in STEPS:
        if step:
            coded = coded_rows.code(stream, model)
            params = {"size": step - len(chosen), "mix": mix, "seed": seed}
            queue = choose(coded, params, THRESHOLD, set(chosen["commitment_id"]))
            said = queue.rename(columns={"cluster": "model_cluster", "iap2_level": "model_iap2_level"})
            chosen = pd.concat([chosen, said[list(chosen)].assign(random=said["random"].astype(int))])
            reviewed = stream.take(np.flatnonzero(stream.table["commitment_id"].isin(chosen["commitment_id"])))
            model, predictions = coded_rows.fit(
                coded_rows.examples([base, (reviewed, float(PARAMS["reviewed_weight"]))], encoder)
            )
        found, low, high = headline(coded_rows.code(stream, model), stream.table, chosen, predictions)
        rows.append(
            {
                "reviewed": step,
                **coded_rows.figures(test.table, coded_rows.code(test, model)),
                "width": high - low,
                "error": abs(found - truth),
                "held": float(low <= truth <= high),
            }
        )
    return rows


def headline(
    coded: pd.DataFrame, gold: pd.DataFrame, chosen: pd.DataFrame, predictions: pd.DataFrame
) -> tuple[float, float, float]:
    """The deficit over the stream with its ends: reviewed rows put right, the others' errors carried."""
    done = coded["commitment_id"].isin(chosen["commitment_id"]).to_numpy()
    table = coded[["commitment_id", "document", "cluster", "iap2_level", "source"]].copy()
    for name in ("cluster", "iap2_level"):
        table.loc[done, name] = gold.loc[done, name]
    table.loc[done, "source"] = "review"
    names = {"cluster": "predicted_cluster", "level": "predicted_level", "group": "country"}
    keys = ["gold_cluster", "gold_level", *names]
    confusion = predictions.groupby(keys).size().rename("count").reset_index().rename(columns=names)
    rows = [{str(name): value for name, value in row.items()} for row in confusion.to_dict("records")]
    table = check(table, "stream")
    evidence = gather(table, MEASURE, rows, chosen if len(chosen) else None)
    plain, crossed = group(table[["commitment_id"]], evidence.coded)
    plain = plain.take(np.array([not key for key in plain.keys]))
    crossed = crossed.take(np.zeros(len(crossed.keys), dtype=bool))
    weights = resample.weights(int(evidence.document.max()) + 1, len(table), MEASURE["bootstrap"], MEASURE["seed"])
    row = estimate.tabulate(formulas.measures(MEASURE)[:1], plain, crossed, evidence, weights, MEASURE).iloc[0]
    return float(row["estimate"]), float(row["low"]), float(row["high"])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stream", type=Path)
    parser.add_argument("test", type=Path)
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    written, encoder = coded_rows.written("lexical")
    stream, test = coded_rows.real(arguments.stream, encoder), coded_rows.real(arguments.test, encoder)
    print("| rows reviewed | order | macro-F1 | QWK | width of the interval | error of the estimate | interval held |")
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    for name, mix in (("active", MIX), ("random", {"random": 1.0})):
        runs = pd.concat(
            [pd.DataFrame(run(written, encoder, stream, test, mix, seed)) for seed in range(1, arguments.seeds + 1)]
        )
        for step, part in runs.groupby("reviewed"):
            mean, spread = part.mean(), part.std()
            print(
                f"| {step} | {name} | {mean['macro_f1']:.3f} ± {spread['macro_f1']:.3f} "
                f"| {mean['qwk']:.3f} ± {spread['qwk']:.3f} | {mean['width']:.3f} | {mean['error']:.3f} "
                f"| {int(part['held'].sum())} of {len(part)} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
