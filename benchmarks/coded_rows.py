"""Coded rows and their vectors, for the measurements on reviews (`review_gain.py`, `review_weight.py`).

The written examples come from the repository, the coded real rows from two tables of the reader's own. Vectors are the
stored ones where the repository holds them; else rows are encoded, once.
"""

import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.classify.choose import load_encoder  # noqa: E402
from pipeline.classify.encoder import Encoder  # noqa: E402
from pipeline.classify.heads import decide  # noqa: E402
from pipeline.classify.lexical import fit_lexical  # noqa: E402
from pipeline.classify.model import Classifier  # noqa: E402
from pipeline.classify.predict import probabilities  # noqa: E402
from pipeline.domain import params as parameters  # noqa: E402
from pipeline.domain.codebook import CLUSTERS, LEVELS, MANNERS  # noqa: E402
from pipeline.evaluate import scores  # noqa: E402
from pipeline.train.examples import Examples, alternatives, examples_of, read_labelled  # noqa: E402
from pipeline.train.fit import calibrated_out_of_fold, fit_main_heads  # noqa: E402
from pipeline.train.vectors import load_real, load_store, vectors_of  # noqa: E402

PARAMS = parameters.load("train", ROOT / "params.yaml")


class Rows(NamedTuple):
    """Coded commitments and their vectors (rows, d)."""

    table: pd.DataFrame
    vectors: np.ndarray

    def take(self, rows: np.ndarray) -> "Rows":
        """The rows at these positions."""
        return Rows(self.table.iloc[rows].reset_index(drop=True), self.vectors[rows])


def written(choice: str) -> tuple[Rows, Encoder]:
    """The written examples, and the encoder: `tuned`, or `lexical`, fitted on them alone."""
    labelled = read_labelled(ROOT / "corpus" / "labelled").assign(origin="written", unseen=False)
    labelled = labelled.assign(group=labelled["language"], country="")
    if choice == "lexical":
        encoder: Encoder = fit_lexical(labelled, int(PARAMS["components"]), int(PARAMS["seed"]))
        return Rows(labelled, vectors_of(labelled, encoder, {})), encoder
    encoder = load_encoder(choice, ROOT / "models")
    stored = load_store(ROOT / "corpus/vectors/written.npz", encoder.name)
    return Rows(labelled, vectors_of(labelled, encoder, stored)), encoder


def real(path: Path, encoder: Encoder) -> Rows:
    """Coded commitments of a CSV (id, country, source, title, text, codes)."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False).rename(columns={"id": "commitment_id"})
    table = table.assign(
        id=table["commitment_id"], origin="reviewed", unseen=True, group=table["country"], document=table["source"],
        policy_areas="", touchpoints="",
    )  # fmt: skip
    stored = load_store(ROOT / "corpus/vectors/real.npz", encoder.name)
    if all(name in stored for name in table["id"]):
        return Rows(table, np.stack([stored[name] for name in table["id"]]).astype(np.float64))
    return Rows(table, vectors_of(table, encoder, {}))


def stored() -> Rows:
    """The coded real commitments whose vectors (of the tuned encoder) and labels the repository holds."""
    encoder = load_encoder("tuned", ROOT / "models")
    table, vectors = load_real(ROOT / "corpus/vectors", encoder.name)
    return Rows(table.assign(origin="real", group=table["country"], unseen=table["unseen"] == "yes"), vectors)


def written_weight(rows: Rows) -> np.ndarray:
    """Weights of written examples by the manner of their writing, as params.yaml has them."""
    return rows.table["manner"].map({name: float(PARAMS[f"{name}_weight"]) for name in MANNERS}).to_numpy()


def examples(parts: list[tuple[Rows, Any]], encoder: Encoder) -> Examples:
    """Training rows from `parts`, each with the weight of its rows (one number, or one a row)."""
    table = alternatives(pd.concat([rows.table for rows, _ in parts], ignore_index=True)).fillna("")
    vectors = np.concatenate([rows.vectors for rows, _ in parts])
    weight = np.concatenate([np.broadcast_to(weight, len(rows.table)) for rows, weight in parts])
    return examples_of(table, vectors, weight, table["unseen"].to_numpy(dtype=bool), encoder, PARAMS)


def fit(rows: Examples) -> tuple[Classifier, pd.DataFrame]:
    """Heads of cluster and level with their calibration, and the out-of-fold predictions behind it."""
    predictions, calibration = calibrated_out_of_fold(rows, PARAMS)
    heads = fit_main_heads(rows, np.arange(len(rows.table)), PARAMS) | {"projection": rows.projection}
    return Classifier(heads, calibration, {"id": "simulated"}), predictions


def code(rows: Rows, model: Classifier) -> pd.DataFrame:
    """The rows' table as the model codes it: cluster, level and their probabilities."""
    clusters, levels = probabilities(model.heads["projection"].scores(rows.vectors), model)
    said: dict[str, Any] = {
        "cluster": [CLUSTERS[place] for place in decide(clusters, ordinal=False)],
        "iap2_level": [LEVELS[place] for place in decide(levels, ordinal=True)],
        "cluster_probability": clusters.max(axis=1),
        "iap2_probability": levels.max(axis=1),
        **{f"p_{name}": clusters[:, place] for place, name in enumerate(CLUSTERS)},
        **{f"p_{name}": levels[:, place] for place, name in enumerate(LEVELS)},
    }
    return rows.table.assign(**said, source="model")


def figures(gold: pd.DataFrame, coded: pd.DataFrame) -> dict[str, float]:
    """Macro-F1 of the cluster and quadratic-weighted kappa of the level."""
    return {
        "macro_f1": scores.macro_f1(gold["cluster"], coded["cluster"]),
        "qwk": scores.weighted_kappa(gold["iap2_level"], coded["iap2_level"]),
    }
