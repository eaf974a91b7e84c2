"""Reviews teach the classifier; agreement is measured; doubtful labels are found."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.classify.lexical import fit_lexical
from pipeline.domain.codebook import CLUSTERS, LEVELS
from pipeline.domain.schema import REVIEWS
from pipeline.review.agreement import agreement
from pipeline.review.learn import training_rows, with_reviews
from pipeline.review.settle import disputed, settled
from pipeline.review.suspects import suspected
from pipeline.train.examples import gather, read_labelled
from pipeline.train.fit import train
from review import made_up

ROOT = Path(__file__).parents[2]
PARAMS = {
    "components": 32,
    "c": 0.1,
    "crisp_weight": 0.5,
    "styled_weight": 0.5,
    "reviewed_weight": 3.0,
    "alternative_share": 0.3,
    "coverage": 0.9,
    "folds": 3,
    "seed": 1,
}


def history(rows: list[tuple[str, str, str, str]], **facts: object) -> pd.DataFrame:
    """Reviews from (commitment, reviewer, cluster, level)."""
    table = pd.DataFrame(rows, columns=["commitment_id", "reviewer", "cluster", "iap2_level"])
    table = table.assign(status="done", adjudication=False, random=True, **facts)
    return table.reindex(columns=REVIEWS.names).fillna("")


def reviewed(count: int = 60) -> pd.DataFrame:
    table = made_up.commitments(count)
    table["country"] = [f"X{number % 5}" for number in range(count)]
    return table.assign(publics="", status="done", random=False).reindex(columns=REVIEWS.names).fillna("")


def test_the_classifier_learns_from_reviewed_rows_by_their_weight():
    labelled = pd.concat([part.head(120) for _, part in read_labelled(ROOT / "corpus/labelled").groupby("cluster")])
    labelled = labelled.reset_index(drop=True)
    encoder = fit_lexical(labelled, 32, 1)
    rows = reviewed()
    examples = gather(labelled, Path("none"), encoder, PARAMS, rows)
    theirs = (examples.table["origin"] == "reviewed").to_numpy()
    assert theirs.sum() == 60 and set(examples.weight[theirs]) == {3.0}
    assert examples.table.loc[theirs, "unseen"].all() and set(examples.table.loc[theirs, "group"]) == {
        f"X{n}" for n in range(5)
    }
    model, predictions = train(examples, encoder.name, PARAMS)
    assert model.meta["rows"] == {"reviewed": 60, "written": len(labelled)}
    assert set(predictions["id"]) == set(rows["commitment_id"])  # only rows that no encoder has seen are evaluated on
    without, _ = train(gather(labelled, Path("none"), encoder, PARAMS, rows.iloc[:0]), encoder.name, PARAMS)
    assert without.id != model.id and without.meta["rows"] == {"written": len(labelled)}


def test_reviews_from_too_few_countries_do_not_stop_the_training():
    labelled = pd.concat([part.head(60) for _, part in read_labelled(ROOT / "corpus/labelled").groupby("cluster")])
    labelled = labelled.reset_index(drop=True)
    encoder = fit_lexical(labelled, 16, 1)
    rows = reviewed().assign(country="XAA")
    model, predictions = train(gather(labelled, Path("none"), encoder, PARAMS, rows), encoder.name, PARAMS)
    assert model.meta["evaluated_on"].endswith("written rows") and len(predictions) == len(labelled) + 60


def test_codes_that_nobody_gave_are_not_learned_as_empty():
    row = training_rows(history([("a", "R1", "service_design", "involve")], document="d.pdf")).iloc[0]
    assert (row["participation_in"], row["publics"], row["group"]) == ("none", "", "d.pdf")


def test_reviews_of_commitments_that_are_gone_are_told(tmp_path):
    from pipeline.review.history import append

    append(tmp_path, history([("gone", "R1", "service_design", "none")], review_id="r", version=1))
    coded = made_up.commitments(4)
    after, absent = with_reviews(coded, tmp_path)
    assert absent == ["gone"] and set(after["source"]) == {"model"}
    plain = coded.rename(columns={"commitment_id": "id"})
    assert with_reviews(plain, tmp_path) == (plain, [])


def test_settlement():
    a, b = ("service_design", "consult"), ("service_design", "involve")
    rows = [
        ("1", "R1", *a),
        ("1", "r1 ".strip(), *b),
        ("2", "R1", *a),
        ("2", "R2", *a),
        ("3", "R1", *a),
        ("3", "R2", *b),
    ]
    past = history(rows)
    words = settled(past).set_index("commitment_id")["iap2_level"].to_dict()
    assert words == {"1": "involve", "2": "consult"}  # a reviewer's later word counts; agreement counts
    assert list(disputed(past)["commitment_id"]) == ["3", "3"]
    judged = pd.concat([past, history([("3", "R3", *b)]).assign(adjudication=True)], ignore_index=True)
    judged = pd.concat([judged, history([("3", "R1", *a)])], ignore_index=True)
    assert settled(judged).set_index("commitment_id").loc["3", "iap2_level"] == "involve"
    assert disputed(judged).empty and settled(past.iloc[:0]).empty and disputed(past.iloc[:0]).empty


def test_agreement_by_hand():
    levels = [("none", "none"), ("inform", "inform"), ("consult", "involve"), ("none", "none")]
    rows = [
        (str(n), who, "service_design" if n else "not_digital", pair[k])
        for n, pair in enumerate(levels)
        for k, who in enumerate("AB")
    ]
    table = agreement(history(rows, model_cluster="service_design", model_iap2_level="none")).set_index("agreement_id")
    assert table.loc["reviewers/iap2_level/all/share", "agreement"] == 0.75
    assert table.loc["reviewers/cluster/all/kappa", "agreement"] == 1.0
    # Ordinal alpha from coincidences: values none 4, inform 2, consult 1, involve 1; disagreement of the last two only.
    n = {0: 4, 1: 2, 2: 1, 3: 1}
    d = lambda c, k: (sum(n[g] for g in range(c, k + 1)) - (n[c] + n[k]) / 2) ** 2  # noqa: E731
    expected = sum(n[c] * n[k] * d(c, k) for c in n for k in n if c < k) / 7
    assert table.loc["reviewers/iap2_level/all/alpha_ordinal", "agreement"] == pytest.approx(
        1 - d(2, 3) / expected, abs=1e-4
    )
    model = table.loc["reviewer_model/cluster/random/share"]
    assert model["n"] == 3 and model["agreement"] == pytest.approx(2 / 3, abs=1e-4)  # commitment 2 is not settled
    assert table.loc["reviewer_model/cluster/all/service_design/share", "agreement"] == 1.0
    assert agreement(history([])).empty


def test_labels_turned_round_are_suspected():
    generator = np.random.default_rng(2)
    gold = generator.integers(0, 6, 300)
    p = np.full((300, 6), 0.02)
    p[np.arange(300), gold] = 0.9
    coded = gold.copy()
    coded[:5] = (gold[:5] + 1) % 6
    table = pd.DataFrame({"id": [f"r{n}" for n in range(300)]})
    for name, legal in (("cluster", CLUSTERS), ("level", LEVELS)):
        table[f"gold_{name}"] = [legal[place] for place in (coded if name == "cluster" else gold)]
        table[[f"p_{value}" for value in legal]] = p
    found = suspected(table)
    assert set(found["id"]) == {"r0", "r1", "r2", "r3", "r4"} and set(found["code"]) == {"cluster"}
    assert (found["coded"] != found["predicted"]).all()
