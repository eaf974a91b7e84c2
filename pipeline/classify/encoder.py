"""The text encoder behind one small interface: token states in, pooled vectors and passage weights out.

The shipped encoder (`models/encoder/`, see its README) is multilingual-e5-small cut to fewer layers and fine-tuned on
coded commitments, exported as int8 ONNX. Its word embeddings stay 4-bit in a numpy file, so that the whole folder is
small and a row costs only the tokens it has.
"""

import gzip
import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from tokenizers import Encoding, Tokenizer

from pipeline.classify.heads import LinearHead
from pipeline.domain.errors import UserError

PREFIX = "query: "
HEADS = "heads.npz"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\x8f\x9f]")  # but for those that part words


@dataclass(frozen=True)
class Encoded:
    """What the encoder says about one text.

    `vector`: pooled features, shape (dimension,), float32. `passages`: for each token its character span in the encoded
    text, its evidence weight and its weight for the cluster (logits), shape (tokens, 4); tokens past the encoder's
    limit are missing.
    """

    vector: np.ndarray
    passages: np.ndarray


def compose(title: str, text: str) -> str:
    """The string that is encoded: title and text as one, with the normalisation that the vocabulary expects."""
    title, text = normalise(title), normalise(text)
    if title and text.startswith(title):
        return text
    return f"{title.rstrip('.')}. {text}" if title else text


@lru_cache(maxsize=1024)  # title and text of a row are asked for again when its quotation is sought
def normalise(text: str) -> str:
    """NFKC without control characters, white space folded: what the encoder's vocabulary was built on."""
    return " ".join(unicodedata.normalize("NFKC", _CONTROL.sub("", str(text))).split())


class Encoder(Protocol):
    """What every encoder offers: a `name` with version, and `encode`."""

    @property
    def name(self) -> str:
        """Name and version, as models and stored vectors refer to the encoder."""

    @property
    def fingerprint(self) -> str:
        """Digest of all that its results depend on, for what is kept of them."""

    @property
    def heads(self) -> dict[str, LinearHead]:
        """Heads on its vectors that it was tuned with, by the code that they give; empty where it has none."""

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode composed texts (see `compose`); the result is in the order given."""


class TunedEncoder:
    """The fine-tuned encoder, from its folder; raises UserError where a file is missing or its checksum is off.

    `threads`: texts that it reads at a time.
    """

    def __init__(self, folder: Path, threads: int = 2):
        import onnxruntime

        self._folder = folder
        self.meta: dict[str, Any] = _read_meta(folder)
        for name, digest in self.meta["sha256"].items():
            _check(folder / name, digest)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # a text is too short to be shared out; two side by side are faster
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            folder / "encoder.onnx", options, providers=["CPUExecutionProvider"]
        )
        self._embeddings = np.load(folder / "embeddings.npy", mmap_mode="r")
        self._tokenizer = Tokenizer.from_str(
            gzip.decompress((folder / "tokenizer.json.gz").read_bytes()).decode("utf-8")
        )
        self._limit = int(self.meta["max_tokens"])
        self._threads = threads

    def __reduce__(self) -> tuple[Any, ...]:
        """Other processes load it from its folder, once each, and run it on one thread: as many run side by side."""
        return _load_once, (self._folder,)

    @property
    def name(self) -> str:
        """Name and version, as models and stored vectors refer to this encoder."""
        return f"{self.meta['name']}@{self.meta['version']}"

    @property
    def fingerprint(self) -> str:
        """Digest of its files' checksums and settings."""
        return hashlib.sha256(json.dumps(self.meta, sort_keys=True).encode()).hexdigest()

    @property
    def heads(self) -> dict[str, LinearHead]:
        """The heads that it was tuned with; a folder written by an earlier version has none."""
        return read_heads(self._folder / HEADS) if HEADS in self.meta["sha256"] else {}

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode composed texts (see `compose`), in any order of length; the result is in the order given."""
        tokens = self._tokenizer.encode_batch([PREFIX + text for text in texts], add_special_tokens=False)
        if self._threads == 1:
            return [self._read(encoding) for encoding in tokens]
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(self._read, tokens))

    def _read(self, encoding: Encoding) -> Encoded:
        pooled, scores = self._forward([0, *encoding.ids[: self._limit - 2], 2])
        spans = np.array(encoding.offsets[: self._limit - 2], dtype=np.float32).reshape(-1, 2) - len(PREFIX)
        inside = spans[:, 0] >= 0
        return Encoded(pooled, np.concatenate([spans, scores[1 : len(spans) + 1]], axis=1)[inside])

    def _forward(self, ids: list[int]) -> tuple[np.ndarray, np.ndarray]:
        """Pooled vector and token scores of one text.

        One text at a time: int8 activations are scaled over all that is in the batch, so that in a larger one a
        commitment's codes would hang on its neighbours.
        """
        inputs = {
            "embeddings": dequantise(self._embeddings, np.array([ids], dtype=np.int64)),
            "mask": np.ones((1, len(ids)), dtype=np.float32),
        }
        pooled, scores = self._session.run(None, inputs)
        return np.asarray(pooled)[0], np.asarray(scores)[0]


@cache
def _load_once(folder: Path) -> TunedEncoder:
    return TunedEncoder(folder, threads=1)


def dequantise(embeddings: np.ndarray, ids: np.ndarray) -> np.ndarray:
    """Word embeddings (…, width) of ids from their 4-bit blocks: a float16 scale, then 32 weights, low halves first."""
    blocks = embeddings[ids.reshape(-1)].reshape(ids.size, -1, 18)
    scale = blocks[:, :, :2].copy().view("<f2").astype(np.float32)
    nibbles = blocks[:, :, 2:]
    weights = np.concatenate([nibbles & 15, nibbles >> 4], axis=2).astype(np.float32) - 8
    return (weights * scale).reshape(*ids.shape, -1)


def save_heads(path: Path, heads: dict[str, LinearHead]) -> None:
    """Write heads on raw vectors (no centre or scale): weights (outputs, dimension) and intercepts as float32."""
    arrays: dict[str, Any] = {f"{name}.weights": head.weights.astype(np.float32) for name, head in heads.items()}
    arrays |= {f"{name}.intercept": head.intercept.astype(np.float32) for name, head in heads.items()}
    np.savez(path, **arrays)


def read_heads(path: Path) -> dict[str, LinearHead]:
    """The heads that `save_heads` wrote, in their order."""
    with np.load(path, allow_pickle=False) as stored:
        names = [name.removesuffix(".weights") for name in stored.files if name.endswith(".weights")]
        parts = {name: (stored[f"{name}.weights"], stored[f"{name}.intercept"]) for name in names}
    return {
        name: LinearHead(
            weights.astype(float), intercept.astype(float), np.zeros(weights.shape[1]), np.ones(weights.shape[1])
        )
        for name, (weights, intercept) in parts.items()
    }


def content_key(composed: str) -> str:
    """Key of a stored vector: digest of the composed text."""
    return hashlib.sha256(composed.encode("utf-8")).hexdigest()[:24]


def _read_meta(folder: Path) -> dict[str, Any]:
    try:
        meta = dict(json.loads((folder / "meta.json").read_text(encoding="utf-8")))
        if isinstance(meta["sha256"], dict) and {"name", "version", "max_tokens"} <= set(meta):
            return meta
    except FileNotFoundError:
        raise UserError(
            f"{folder}: holds no encoder (meta.json is missing); "
            f"restore it from git, or set 'encoder: lexical' in params.yaml"
        ) from None
    except (ValueError, TypeError, KeyError):
        pass
    raise UserError(f"{folder / 'meta.json'}: does not describe an encoder; restore it from git")


def _check(path: Path, digest: str) -> None:
    if not path.exists():
        raise UserError(f"{path}: missing; restore it from git")
    if hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        raise UserError(f"{path}: its checksum is not the one in meta.json; restore it from git")
