"""Write the tuned encoder small: int8 ONNX layers, 4-bit word embeddings, a packed tokenizer, and their checksums."""

import gzip
import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from pipeline.classify.encoder import HEADS, dequantise, save_heads
from pipeline.train.encoder.base import Base
from pipeline.train.encoder.network import WIDTH, Network
from pipeline.train.encoder.smooth import smoothed

_FILES = ("encoder.onnx", "embeddings.npy", "tokenizer.json.gz", HEADS)


def export(network: Network, base: Base, folder: Path, meta: dict[str, Any], sample: list[np.ndarray]) -> None:
    """Write `encoder.onnx`, `embeddings.npy`, `tokenizer.json.gz`, `heads.npz` and `meta.json` into `folder`.

    `sample`: token ids of some texts, whose activations say how to smooth them before they are rounded.
    """
    folder.mkdir(parents=True, exist_ok=True)
    network.eval()
    even = smoothed(network, (torch.tensor(dequantise(base.embeddings, ids)) for ids in sample))
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / "exact.onnx"
        torch.onnx.export(
            even,
            (torch.zeros(2, 24, WIDTH), torch.ones(2, 24)),
            str(exact),
            input_names=["embeddings", "mask"],
            output_names=["pooled", "token_scores"],
            dynamic_axes={name: {0: "rows", 1: "tokens"} for name in ("embeddings", "mask", "token_scores")}
            | {"pooled": {0: "rows"}},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(
            exact, folder / "encoder.onnx", weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
        )
    np.save(folder / "embeddings.npy", base.embeddings)
    packed = gzip.compress(base.tokenizer.to_str().encode("utf-8"), compresslevel=9, mtime=0)
    (folder / "tokenizer.json.gz").write_bytes(packed)
    save_heads(folder / HEADS, network.own_heads())
    sums = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in _FILES}
    content = {**meta, "sha256": sums}
    (folder / "meta.json").write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
