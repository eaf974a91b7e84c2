"""Code a table of commitments: probabilities, sets, quotation, secondary codes, all consistent with the codebook."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import joblib
import numpy as np
import pandas as pd

from pipeline.classify import evidence
from pipeline.classify.calibration import apply_calibration, prediction_sets
from pipeline.classify.encoder import Encoder, compose
from pipeline.classify.heads import decide
from pipeline.classify.model import Classifier
from pipeline.classify.secondary import MANY, ONE, join, secondary_codes
from pipeline.classify.sentences import split_sentences
from pipeline.domain import kept
from pipeline.domain.codebook import CLUSTERS, LEVELS
from pipeline.domain.execution import Execution, run

STAGE = "classify"
LIBRARIES = ("numpy", "onnxruntime", "scikit-learn", "scipy", "tokenizers")
_CHUNK = 128  # rows at most that one task codes; never hangs on where it is done
_FEW = 8  # tasks that are done sooner than processes would have started
_DRIVERS = 4
_STOP_LENGTH = 4  # shorter words explain nothing
_Weights = tuple[np.ndarray, np.ndarray]


def classify_table(
    table: pd.DataFrame,
    model: Classifier,
    encoder: Encoder,
    progress: Callable[[int], None] | None = None,
    execution: Execution | None = None,
    keep: bool = False,
) -> pd.DataFrame:
    """The table with the code columns of schema CLASSIFIED added; its own columns and its row order are kept.

    A column of the table that bears the name of a code is kept as `given_<name>`.

    `table` needs `text` and may have `title`. `progress` is called with the number of rows just coded. `execution`:
    where it is done. `keep`: whether a document's codes are kept for the next run, so that an added document costs one.
    """
    coded = []
    titles = table["title"].fillna("").astype(str) if "title" in table else pd.Series("", index=table.index)
    texts = table["text"].fillna("").astype(str)
    jobs = ((list(titles.iloc[chunk]), list(texts.iloc[chunk])) for chunk in _chunks(table))
    task = partial(_code_chunk, model=model, encoder=encoder, version=_version(model, encoder) if keep else "")
    for rows in run(task, jobs, execution or Execution(), few=_FEW):
        coded.append(pd.DataFrame(rows))
        if progress:
            progress(len(coded[-1]))
    codes = pd.concat(coded, ignore_index=True)[_columns()] if coded else pd.DataFrame(columns=_columns())
    return pd.concat([_given(table, list(codes.columns)).reset_index(drop=True), codes], axis=1)


def _given(table: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    """The table's own columns; those named like a code become `given_…`, unless they are codes of an earlier run."""
    named = [name for name in codes if name in table]
    if {"model", "cluster_probability"} <= set(named):
        return table.drop(columns=named)
    return table.rename(columns={name: f"given_{name}" for name in named})


def _chunks(table: pd.DataFrame) -> Iterator[slice]:
    """The rows of each document, `_CHUNK` at most; of a table without documents that many at a time."""
    names = table["document"].to_numpy() if "document" in table else np.zeros(len(table))
    start = 0
    for place in range(1, len(table) + 1):
        if place == len(table) or place - start == _CHUNK or names[place] != names[start]:
            yield slice(start, place)
            start = place


def _version(model: Classifier, encoder: Encoder) -> str:
    """Digest of all but the texts that codes depend on."""
    numbers = joblib.hash((model.heads, model.calibration, model.meta))
    return kept.key_of(kept.code_version((STAGE,), LIBRARIES), numbers, encoder.fingerprint)


def _code_chunk(
    job: tuple[list[str], list[str]], model: Classifier, encoder: Encoder, version: str
) -> list[dict[str, Any]]:
    """The codes of some rows; where a `version` is given, those that it gave to the same texts before."""
    if not version:
        return list(_code(*job, model, encoder))
    key = kept.key_of(version, *job)
    known = kept.load(STAGE, key)
    if known is None:
        known = {"rows": list(_code(*job, model, encoder))}
        kept.store(STAGE, key, known)
    return list(known["rows"])


def probabilities(features: np.ndarray, model: Classifier) -> tuple[np.ndarray, np.ndarray]:
    """Calibrated probabilities of clusters (rows, 6) and of levels (rows, 6)."""
    clusters = apply_calibration(model.heads["cluster"].scores(features), model.calibration["cluster"], ordinal=False)
    levels = apply_calibration(model.heads["level"].scores(features), model.calibration["level"], ordinal=True)
    return clusters, levels


def _code(titles: list[str], texts: list[str], model: Classifier, encoder: Encoder) -> Iterator[dict[str, Any]]:
    encoded = encoder.encode([compose(title, text) for title, text in zip(titles, texts, strict=True)])
    features = model.heads["projection"].scores(np.stack([row.vector for row in encoded]).astype(np.float64))
    clusters, levels = probabilities(features, model)
    coverage = float(model.meta["coverage"])
    cluster_sets = prediction_sets(clusters, model.calibration["cluster_conformal"], coverage, ordinal=False)
    level_sets = prediction_sets(levels, model.calibration["level_conformal"], coverage, ordinal=True)
    scores = {name: model.heads[name].scores(features) for name in (*MANY, *ONE)}
    sentences = split_sentences(texts)
    decided = decide(clusters, ordinal=False), decide(levels, ordinal=True)
    for row, (title, text, spans) in enumerate(zip(titles, texts, sentences, strict=True)):
        cluster, level = CLUSTERS[decided[0][row]], LEVELS[decided[1][row]]
        weights = evidence.word_weights(title, text, encoded[row])
        yield {
            "cluster": cluster,
            "cluster_probability": round(float(clusters[row, decided[0][row]]), 4),
            **{f"p_{name}": round(float(p), 4) for name, p in zip(CLUSTERS, clusters[row], strict=True)},
            "cluster_set": join(CLUSTERS, cluster_sets[row]),
            "iap2_level": level,
            "iap2_probability": round(float(levels[row, decided[1][row]]), 4),
            **{f"p_{name}": round(float(p), 4) for name, p in zip(LEVELS, levels[row], strict=True)},
            "iap2_set": join(LEVELS, level_sets[row]),
            **secondary_codes(cluster, level, {name: values[row] for name, values in scores.items()}),
            "evidence": _quotation(title, text, level, weights, spans),
            "drivers": _drivers(title, text, weights),
            "needs_review": bool(cluster_sets[row].sum() > 1 or level_sets[row].sum() > 1),
            "source": "model",
            "model": model.id,
        }


def _quotation(title: str, text: str, level: str, weights: _Weights, sentences: list[tuple[int, int]]) -> str:
    if level == "none":
        return ""
    for_level = weights[0][:, evidence.LEVEL], weights[1][:, evidence.LEVEL]
    return evidence.best_quotation(title, text, for_level, sentences)


def _drivers(title: str, text: str, weights: _Weights) -> str:
    """The words that weighed most for the cluster and for the level: `cluster: a, b; level: c, d`."""
    parts = []
    spoken, joined = [*title.split(), *text.split()], np.concatenate(weights)
    for label, column in (("cluster", evidence.CLUSTER), ("level", evidence.LEVEL)):
        strongest = np.argsort(-joined[:, column], kind="stable")[: 6 * _DRIVERS]
        ranked = [spoken[i].strip(evidence.EDGES) for i in strongest]
        chosen = list(dict.fromkeys(word for word in ranked if len(word) >= _STOP_LENGTH))[:_DRIVERS]
        parts.append(f"{label}: {', '.join(chosen)}")
    return "; ".join(parts)


def _columns() -> list[str]:
    from pipeline.domain.schema import CLASSIFIED

    return [name for name in CLASSIFIED.names if name not in ("id", "text")]
