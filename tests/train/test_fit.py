"""Training: no row is scored by heads that learned from its own group, and the same rows give the same model."""

import numpy as np
import pandas as pd
import pytest

from pipeline.classify.heads import fit_projection
from pipeline.domain.codebook import CLUSTERS, LEVEL_RANK, LEVELS
from pipeline.train import fit
from pipeline.train.examples import Examples, alternatives

PARAMS = {"c": 0.5, "alternative_share": 0.3, "coverage": 0.9, "folds": 4, "seed": 1, "components": 8}


def simulated(countries=12, rows=20, written=120, seed=0, noise=0.7):
    """Real rows of several countries, all unseen by the encoder but those of the first two; and written examples."""
    rng = np.random.default_rng(seed)
    n = countries * rows + written
    cluster, level = rng.integers(6, size=n), rng.integers(6, size=n)
    features = np.concatenate([np.eye(6)[cluster] * 2, level[:, None] / 1.5, rng.normal(size=(n, 1))], axis=1)
    features += rng.normal(0, noise, features.shape)
    country = [f"C{i // rows:02}" for i in range(countries * rows)] + [""] * written
    real = np.array([bool(name) for name in country])
    engaged = level > LEVEL_RANK["inform"]
    outside = (cluster == 5) | (level == 0)
    table = pd.DataFrame(
        {
            "id": [f"row{i}" for i in range(n)],
            "country": country,
            "kind": "nap",
            "language": "en",
            "origin": np.where(real, "real", "written"),
            "group": [name or "written:en" for name in country],
            "unseen": [bool(name) and name > "C01" for name in country],
            "difficulty": "clear",
            "alternative": "",
            "cluster": [CLUSTERS[i] for i in cluster],
            "iap2_level": [LEVELS[i] for i in level],
            "participation_in": np.where(outside, "none", "digital"),
            "publics": np.where(level > 0, "public", ""),
            "mandate": np.where(engaged, np.where(rng.random(n) > 0.5, "yes", "no"), ""),
            "policy_areas": "",
            "touchpoints": np.where(engaged, "design", ""),
        }
    )
    return Examples(alternatives(table), features, np.ones(n), fit_projection(features, 8, 1))


def test_out_of_fold_scores_come_from_other_groups_only(monkeypatch):
    examples = simulated()
    learned = []
    original = fit.fit_main_heads

    def watched(given, rows, params):
        learned.append(set(rows))
        return original(given, rows, params)

    monkeypatch.setattr(fit, "fit_main_heads", watched)
    rows, *_, fold = fit.out_of_fold(examples, PARAMS)
    groups = examples.table["group"].to_numpy()
    assert set(rows) == set(np.flatnonzero(examples.table["unseen"]))
    assert len(learned) == PARAMS["folds"]
    for k, known in enumerate(learned):
        held = rows[fold == k]
        assert len(held)
        assert not set(groups[held]) & {groups[i] for i in known}
        assert known | set(held) == set(range(len(groups)))


def test_without_enough_unseen_rows_every_row_is_held_out_once():
    examples = simulated(countries=2)
    rows, *_, fold = fit.out_of_fold(examples, PARAMS)
    assert rows.tolist() == list(range(len(examples.table)))
    assert set(fold) == set(range(PARAMS["folds"]))


def test_a_row_that_contradicts_its_group_is_not_learned_by_heart():
    # Labels without any relation to the features: out of fold, nothing above chance may come out.
    examples = simulated(noise=0.5)
    rng = np.random.default_rng(3)
    examples.table["cluster"] = rng.permutation(examples.table["cluster"].to_numpy())
    predictions, _ = fit.calibrated_out_of_fold(examples, PARAMS)
    assert (predictions["cluster"] == predictions["gold_cluster"]).mean() < 0.3


def test_predictions_are_good_calibrated_and_covered():
    predictions, calibration = fit.calibrated_out_of_fold(simulated(countries=30), PARAMS)
    hits = predictions["cluster"] == predictions["gold_cluster"]
    assert hits.mean() > 0.7
    assert abs(hits.mean() - predictions["cluster_probability"].mean()) < 0.06
    assert np.allclose(predictions[[f"p_{level}" for level in LEVELS]].sum(axis=1), 1, atol=1e-3)
    for name in ("cluster_conformal", "level_conformal"):
        assert (np.diff(calibration[name]) >= 0).all() and len(calibration[name]) == len(predictions)


def test_the_same_rows_give_the_same_model():
    first, table = fit.train(simulated(), "made@1", PARAMS)
    second, again = fit.train(simulated(), "made@1", PARAMS)
    assert first.id == second.id and table.equals(again)
    assert first.id.startswith("made-")
    other, _ = fit.train(simulated(seed=5), "made@1", PARAMS)
    assert other.id != first.id


def test_what_the_model_says_about_itself():
    model, predictions = fit.train(simulated(), "made@1", PARAMS)
    assert model.meta["encoder"] == "made@1"
    assert model.meta["rows"] == {"real": 240, "written": 120}
    assert model.meta["evaluated_on"] == "200 real rows" and len(predictions) == 200
    alone, _ = fit.train(simulated(countries=2), "made@1", PARAMS)
    assert "written" in alone.meta["evaluated_on"]


def test_a_value_that_no_example_has_does_not_stop_training():
    examples = simulated()
    examples.table["mandate"] = np.where(examples.table["mandate"] == "", "", "no")
    examples.table["participation_in"] = "none"
    model, _ = fit.train(examples, "made@1", PARAMS)
    assert model.heads["mandate"].scores(examples.features).argmax(axis=1).max() == 1


def test_weights_count():
    examples = simulated(written=240)
    light = Examples(
        examples.table, examples.features, np.where(examples.table["origin"] == "real", 1, 1e-3), examples.projection
    )
    rows = np.arange(len(examples.table))
    assert not np.allclose(
        fit.fit_main_heads(examples, rows, PARAMS)["cluster"].weights,
        fit.fit_main_heads(light, rows, PARAMS)["cluster"].weights,
        atol=0.01,
    )


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_borderline_rows_share_their_target(share):
    table = alternatives(
        pd.DataFrame({"cluster": ["tech_regulation"], "iap2_level": ["inform"], "alternative": ["iap2_level=consult"]})
    )
    cluster, level = fit.targets(table, share)
    assert cluster[0].tolist() == [0, 0, 1, 0, 0, 0]
    assert level[0].tolist() == [0, 1 - share, share, 0, 0, 0]
