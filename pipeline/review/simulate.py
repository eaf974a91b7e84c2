"""What reviews bring: coded rows given to the classifier step by step, as if an analyst had reviewed them.

`python -m pipeline.review.simulate STREAM.csv TEST.csv` reads two tables of coded commitments (id, country, language,
title, text, codes). It starts from the written examples and the fallback encoder, which has seen none of these rows.
After each step it prints the scores on TEST and the deficit over STREAM with the width of its interval: figures only.
"""

import sys
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.classify.lexical import fit_lexical
from pipeline.classify.model import Classifier
from pipeline.classify.predict import classify_table
from pipeline.domain import params as parameters
from pipeline.domain.params import ROOT
from pipeline.domain.schema import REVIEWS
from pipeline.evaluate import scores
from pipeline.measure.stage import measure
from pipeline.review.queue import choose
from pipeline.review.settle import prevail
from pipeline.review.sheet import CODES
from pipeline.train.examples import gather, read_labelled
from pipeline.train.fit import train

STEPS = (0, 50, 100, 200, 400)
_RANDOM = {"random": 1.0}


class Simulation:
    """Stream, test rows and encoder, read once."""

    def __init__(self, stream: Path, test: Path):
        self.stream = _read(stream)
        self.test = _read(test)
        self.params = parameters.load("train")
        self.labelled = read_labelled(ROOT / "corpus" / "labelled")
        self.encoder = fit_lexical(self.labelled, int(self.params["components"]), int(self.params["seed"]))

    def fit(self, reviewed: pd.DataFrame | None, weight: float) -> Classifier:
        """The classifier on written examples and `reviewed` rows (schema REVIEWS)."""
        params = self.params | {"reviewed_weight": weight}
        return train(gather(self.labelled, Path("none"), self.encoder, params, reviewed), self.encoder.name, params)[0]

    def code(self, table: pd.DataFrame, model: Classifier) -> pd.DataFrame:
        """`table` as the model codes it."""
        return classify_table(table.drop(columns=list(CODES), errors="ignore"), model, self.encoder)

    def run(self, mix: dict[str, float], seed: int) -> list[dict[str, Any]]:
        """Scores and width after each step, reviewing what the queue of that step holds."""
        chosen = pd.DataFrame(columns=["commitment_id", "random"])
        model, rows = self.fit(None, 1.0), []
        for step in STEPS:
            coded = self.code(self.stream, model)
            if step:
                params = {"size": step - len(chosen), "mix": mix, "seed": seed}
                queue = choose(coded, params, "involve", set(chosen["commitment_id"]))
                said = queue.rename(columns={code: f"model_{code}" for code in CODES})
                said = said[["commitment_id", "random", *(f"model_{code}" for code in CODES)]]
                chosen = said if chosen.empty else pd.concat([chosen, said], ignore_index=True)
                model = self.fit(self.reviews(chosen), float(self.params["reviewed_weight"]))
                coded = self.code(self.stream, model)
            rows.append({"reviewed": step, **self.score(model), **self.width(coded, chosen)})
        return rows

    def reviews(self, chosen: pd.DataFrame) -> pd.DataFrame:
        """The chosen rows of the stream with their true codes, as settled reviews."""
        known = self.stream[self.stream["commitment_id"].isin(chosen["commitment_id"])]
        return known.reindex(columns=REVIEWS.names).astype(object).fillna("")

    def score(self, model: Classifier) -> dict[str, float]:
        """Scores on the test rows."""
        coded = self.code(self.test, model)
        return {
            "macro_f1": scores.macro_f1(self.test["cluster"], coded["cluster"]),
            "qwk": scores.weighted_kappa(self.test["iap2_level"], coded["iap2_level"]),
        }

    def width(self, coded: pd.DataFrame, chosen: pd.DataFrame) -> dict[str, float]:
        """The deficit over the stream, reviewed rows corrected, and the width of its interval."""
        params = parameters.load("measure") | {"bootstrap": 300}
        table = prevail(coded, self.reviews(chosen))
        said = chosen.assign(random=chosen["random"].astype(int)) if len(chosen) else None
        deficit = measure(table, None, params, None, said)["deficit"].set_index("estimate_id")
        row: Any = deficit.loc["below_threshold/involve"]
        return {"deficit": float(row["estimate"]), "width": float(row["high"]) - float(row["low"])}


def _read(path: Path) -> pd.DataFrame:
    table = pd.read_csv(path, dtype=str, keep_default_na=False).rename(columns={"id": "commitment_id"})
    for name in ("policy_areas", "touchpoints"):
        table[name] = ""
    return table.assign(document=table["country"] + " " + table["year"])


def main() -> None:
    """Print the table of the simulation, and that of the weights."""
    simulation = Simulation(Path(sys.argv[1]), Path(sys.argv[2]))
    for name, mix in (("active", dict(parameters.load("review")["mix"])), ("random", _RANDOM)):
        runs = pd.concat([pd.DataFrame(simulation.run(mix, seed)) for seed in (1, 2, 3)])
        print(name, runs.groupby("reviewed").mean().round(3).to_string(), sep="\n", flush=True)
    # The weight is chosen on the stream alone: half of its countries learned from, the other half asked.
    countries = sorted(set(simulation.stream["country"]))
    learned = simulation.stream["country"].isin(countries[::2])
    taught = simulation.stream[learned].sample(200, random_state=1)
    simulation.test = simulation.stream[~learned].reset_index(drop=True)
    for weight in (0.25, 0.5, 1.0, 2.0, 4.0, 8.0):
        model = simulation.fit(taught.reindex(columns=REVIEWS.names).fillna(""), weight)
        print(weight, {key: round(value, 3) for key, value in simulation.score(model).items()}, flush=True)


if __name__ == "__main__":
    main()
