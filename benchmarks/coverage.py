"""How often do the 95% intervals hold the true share? A simulation with a classifier whose faults are known.

    python benchmarks/coverage.py --replications 200

Each replication makes a fictional corpus (plans that differ around a common spread of codes), lets a faulty classifier
code it, and asks for the share of in-scope commitments below `involve`. The truth is the share that the corpus was
drawn from; for groups of fewer than five plans it is the true share in these plans, which is what their interval is
about. Prints the table that stands in docs/measures.md.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "measure")]

import fictional  # noqa: E402

from pipeline.measure import estimate, formulas, resample  # noqa: E402
from pipeline.measure.groups import group  # noqa: E402
from pipeline.measure.inputs import check  # noqa: E402
from pipeline.measure.stage import gather  # noqa: E402

PARAMS = fictional.PARAMS | {"bootstrap": 400}
SHIFTED = np.array([0.15, 0.20, 0.25, 0.20, 0.15, 0.05])
RARE = np.array([0.45, 0.30, 0.18, 0.045, 0.02, 0.005])


class Scenario(NamedTuple):
    """A corpus of `plans` of about `rows` commitments; `tested`: spread of levels where the classifier was tested."""

    name: str
    plans: int
    rows: int
    tested: np.ndarray
    local: bool = False  # the truth is the share in these plans
    worse: float = 0.0  # share of rows on which the classifier guesses here, though it did not where it was tested
    levels: np.ndarray = fictional.LEVEL_SHARE  # the common spread of the plans' levels
    reviewed: int = 150  # rows drawn by chance and reviewed


SCENARIOS = (
    Scenario("40 plans, tested on the like", 40, 15, fictional.LEVEL_SHARE),
    Scenario("40 plans, tested where participation is commoner", 40, 15, SHIFTED),
    Scenario("8 plans", 8, 25, fictional.LEVEL_SHARE),
    Scenario("3 plans (their own share)", 3, 30, fictional.LEVEL_SHARE, local=True),
    Scenario("40 plans, but a tenth of rows coded at random here", 40, 15, fictional.LEVEL_SHARE, worse=0.1),
    Scenario("40 plans, 50 rows reviewed", 40, 15, fictional.LEVEL_SHARE, reviewed=50),
    Scenario("40 plans that seldom reach involve", 40, 15, fictional.LEVEL_SHARE, levels=RARE),
    Scenario("40 plans that seldom reach involve, 50 rows reviewed", 40, 15, RARE, levels=RARE, reviewed=50),
)


def corpus(plans: int, rows: int, seed: int, levels: np.ndarray) -> pd.DataFrame:
    """A fictional corpus whose plans differ around the spread `levels`."""
    kept, fictional.LEVEL_SHARE = fictional.LEVEL_SHARE, levels
    try:
        return fictional.truth(plans, rows, seed)
    finally:
        fictional.LEVEL_SHARE = kept


def below(table: pd.DataFrame) -> tuple[int, int]:
    """Commitments below involve, and in scope."""
    scope = table[table["cluster"] != "not_digital"]
    return int(scope["iap2_level"].isin(["none", "inform", "consult"]).sum()), len(scope)


def wilson(table: pd.DataFrame) -> tuple[float, float]:
    """The naive answer: the counted share with Wilson's interval, as if rows were independent and codes right."""
    interval = stats.binomtest(*below(table)).proportion_ci(0.95, method="wilson")
    return float(interval.low), float(interval.high)


def headline(table: pd.DataFrame, confusion: Any = None, reviewed: pd.DataFrame | None = None) -> tuple[float, float]:
    """The interval of the headline as `measure` makes it."""
    table = check(table, "simulated")
    evidence = gather(table, PARAMS, confusion, reviewed)
    plain, crossed = group(table[["commitment_id"]], evidence.coded)
    everything = plain.take(np.array([not key for key in plain.keys]))
    nothing = crossed.take(np.zeros(len(crossed.keys), dtype=bool))
    weights = resample.weights(int(evidence.document.max()) + 1, len(table), PARAMS["bootstrap"], PARAMS["seed"])
    measures = formulas.measures(PARAMS)[:1]
    row = estimate.tabulate(measures, everything, nothing, evidence, weights, PARAMS).iloc[0]
    return float(row["low"]), float(row["high"])


def review(
    true: pd.DataFrame, coded: pd.DataFrame, number: int, generator: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`coded` with `number` rows, drawn by chance, put right, and what the model had said on them."""
    rows = generator.choice(len(coded), min(number, len(coded)), replace=False)
    mixed = coded.copy()
    for name in ("cluster", "iap2_level"):
        mixed.loc[rows, name] = true.loc[rows, name]
    mixed.loc[rows, "source"] = "review"
    said = coded.loc[rows, ["commitment_id"]].assign(
        model_cluster=coded.loc[rows, "cluster"], model_iap2_level=coded.loc[rows, "iap2_level"], random=1
    )
    return mixed, said


def replicate(scenario: Scenario, seed: int, wanted: str) -> dict[str, tuple[float, float, float]]:
    """Truth and interval ends, in one simulated corpus, of each method whose name holds `wanted`."""
    generator = np.random.default_rng(seed)
    true = corpus(scenario.plans, scenario.rows, seed * 4 + 1, scenario.levels)
    tested = corpus(40, 20, seed * 4 + 2, scenario.tested)
    coded = fictional.misread(true, seed * 4 + 3)
    if scenario.worse:
        lost = generator.random(len(coded)) < scenario.worse
        coded.loc[lost, "iap2_level"] = generator.choice(list(fictional.SENTENCES), int(lost.sum()))
    confusion = fictional.confusion(tested, fictional.misread(tested, seed * 4))
    counted, scope = below(true)
    truth = counted / scope if scenario.local else float(scenario.levels[:3].sum())
    mixed, said = review(true, coded, scenario.reviewed, generator)
    methods: dict[str, Callable[[], tuple[float, float]]] = {
        "counted, naive": lambda: wilson(coded),
        "plans resampled, codes taken as right": lambda: headline(coded),
        "evaluation's confusion carried": lambda: headline(coded, confusion),
        f"prediction-powered, {scenario.reviewed} reviewed": lambda: headline(mixed, None, said),
    }
    return {name: (truth, *method()) for name, method in methods.items() if wanted in name}


def main() -> None:
    """Run every scenario and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--replications", type=int, default=200)
    parser.add_argument("--scenarios", type=int, nargs="*", default=range(1, len(SCENARIOS) + 1), help="numbers from 1")
    parser.add_argument("--method", default="", help="only methods whose name holds this")
    arguments = parser.parse_args()
    replications = arguments.replications
    print("| corpus | method | coverage | mean width | mean centre |\n| --- | --- | ---: | ---: | ---: |")
    for scenario in (SCENARIOS[number - 1] for number in arguments.scenarios):
        results: dict[str, list[tuple[float, float, float]]] = {}
        for seed in range(replications):
            for name, result in replicate(scenario, seed, arguments.method).items():
                results.setdefault(name, []).append(result)
        for name, rows in results.items():
            truth, low, high = np.array(rows).T
            held = np.mean((low <= truth) & (truth <= high))
            print(
                f"| {scenario.name} | {name} | {held:.1%} | {np.mean(high - low):.3f} "
                f"| {np.mean((low + high) / 2):.3f} (truth {truth.mean():.3f}) |",
                flush=True,
            )


if __name__ == "__main__":
    main()
