"""Which rows are queued, and why."""

import numpy as np
import pandas as pd
import pytest

from pipeline.domain.codebook import CLUSTERS, LEVELS
from pipeline.domain.errors import UserError
from pipeline.review.queue import REASONS, choose, influence
from review import made_up

MIX = {"random": 0.25, "uncertain": 0.25, "disagreeing": 0.2, "rare": 0.1, "influence": 0.2}


def params(size: int = 40, **mix: float) -> dict[str, object]:
    return {"size": size, "mix": mix or MIX, "seed": 1}


def test_the_mix_is_kept_and_every_row_says_why():
    queue = choose(made_up.commitments(400), params(), "involve")
    reasons = queue["reason"].str.split(":").str[0]
    assert len(queue) == 40 and queue["commitment_id"].is_unique
    assert set(reasons) <= set(REASONS) and (reasons == "random").sum() == 10 == queue["random"].sum()
    assert {"uncertain", "disagreeing", "influence"} <= set(reasons)


def test_uncertain_rows_are_those_with_spread_probabilities():
    table = made_up.commitments(60)
    table.loc[7, [f"p_{name}" for name in CLUSTERS]] = 1 / 6
    table.loc[9, [f"p_{name}" for name in LEVELS]] = 1 / 6
    queue = choose(table, params(2, uncertain=1.0), "involve")
    assert set(queue["commitment_id"]) == {table.loc[7, "commitment_id"], table.loc[9, "commitment_id"]}


def test_rare_classes_come_first_under_rare():
    table = made_up.commitments(60)
    for legal, usual in ((CLUSTERS, "service_design"), (LEVELS, "none")):
        table[[f"p_{name}" for name in legal]] = 0.01
        table[f"p_{usual}"] = 0.95
    table.loc[5, ["p_none", "p_empower"]] = [0.01, 0.95]
    assert choose(table, params(1, rare=1.0), "involve").loc[0, "commitment_id"] == table.loc[5, "commitment_id"]


def test_influence_is_the_variance_that_a_row_adds_to_the_ratio():
    generator = np.random.default_rng(5)
    clusters, levels = (generator.dirichlet(np.ones(6), 50) for _ in range(2))
    given = influence(clusters, levels, "involve")
    scope, below = 1 - clusters[:, CLUSTERS.index("not_digital")], levels[:, :3].sum(axis=1)
    deficit = (scope * below).sum() / scope.sum()
    for row in range(50):  # by adding up the four cases
        cases = [(s, b) for s in (0, 1) for b in (0, 1)]
        p = [(scope[row] if s else 1 - scope[row]) * (below[row] if b else 1 - below[row]) for s, b in cases]
        values = np.array([s * (b - deficit) for s, b in cases])
        assert given[row] == pytest.approx(np.dot(p, values**2) - np.dot(p, values) ** 2)
    sure = np.eye(6)[[0, 5]]
    assert influence(sure, sure, "involve").tolist() == [0, 0]


def test_chance_draws_every_row_equally_and_goes_on_where_it_ended():
    table = made_up.commitments(40)
    counts = np.zeros(40)
    for seed in range(100):
        drawn = choose(table, params(10, random=1.0) | {"seed": seed}, "involve")["commitment_id"]
        counts += table["commitment_id"].isin(drawn)
    assert counts.min() > 7 and counts.max() < 43  # 25 expected, standard error 4.3
    first = choose(table, params(10, random=1.0), "involve")["commitment_id"]
    second = choose(table, params(10, random=1.0), "involve", settled=set(first))["commitment_id"]
    assert list(choose(table, params(20, random=1.0), "involve")["commitment_id"]) == [*first, *second]


@pytest.mark.parametrize(
    "wrong",
    [
        {"size": 0},
        {"size": "many"},
        {"mix": {"random": 0.5}},
        {"mix": {"luck": 1.0}},
        {"mix": {"random": 2, "rare": -1}},
    ],
)
def test_a_wrong_mix_is_told(wrong):
    with pytest.raises(UserError, match=r"params\.yaml: review"):
        choose(made_up.commitments(10), params() | wrong, "involve")


def test_a_table_without_probabilities_is_told():
    with pytest.raises(UserError, match="p_involve"):
        choose(made_up.commitments(10).drop(columns="p_involve"), params(), "involve")


def test_an_empty_corpus_gives_an_empty_queue():
    table = made_up.commitments(10).iloc[:0]
    assert isinstance(choose(table, params(), "involve"), pd.DataFrame) and choose(table, params(), "involve").empty
