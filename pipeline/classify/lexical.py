"""The fallback encoder that needs nothing but scikit-learn: latent semantic analysis of words (Deerwester et al. 1990).

Fast and small, but it knows only the words of the labelled examples. It offers the same interface as the tuned encoder;
the evidence weight of a word is its smoothed log-odds of standing inside a quotation.
"""

import hashlib
import io
import json
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import Normalizer

from pipeline.classify.encoder import Encoded, compose, normalise
from pipeline.classify.heads import LinearHead
from pipeline.domain.errors import UserError

NAME = "lexical"
_WORD = re.compile(r"\w+")
_SMOOTHING = 20.0


class LexicalEncoder:
    """Vectors by TF-IDF and truncated SVD; passages by the odds of words to be quoted as evidence.

    `path`: where it was read from, if it was.
    """

    def __init__(self, pipeline: Pipeline, odds: dict[str, float], path: Path | None = None):
        self._pipeline = pipeline
        self._odds = odds
        self._path = path

    def __reduce__(self) -> tuple[Any, ...]:
        """Other processes read it from its file, once each; one that was never saved travels whole."""
        if self._path is None:
            return LexicalEncoder, (self._pipeline, self._odds)
        return _load_once, (self._path, self.fingerprint)

    @property
    def name(self) -> str:
        """Name and version, as the classifier refers to this encoder."""
        return f"{NAME}@1"

    @cached_property
    def fingerprint(self) -> str:
        """Digest of the words' odds; the classifier's id stands for the vectors that it was fitted to."""
        return hashlib.sha256(json.dumps(self._odds, sort_keys=True).encode()).hexdigest()

    @property
    def heads(self) -> dict[str, LinearHead]:
        """None: its heads are fitted from nothing."""
        return {}

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Encode composed texts, in the order given."""
        vectors = self._pipeline.transform(texts).astype(np.float32)
        return [Encoded(vector, self._passages(text)) for vector, text in zip(vectors, texts, strict=True)]

    def _passages(self, text: str) -> np.ndarray:
        rows = [
            (*match.span(), odd := self._odds.get(match.group(), -2.0), odd)
            for match in _WORD.finditer(text.casefold())
        ]
        return np.array(rows, dtype=np.float32).reshape(-1, 4)

    def save(self, path: Path) -> None:
        """Write the encoder with skops, and the words' odds beside it as JSON."""
        import skops.io  # here, since it loads PyTorch where installed: half a gigabyte that `tuned` never needs

        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_same_bytes(skops.io.dumps(self._pipeline)))
        odds = {word: round(value, 3) for word, value in sorted(self._odds.items())}
        path.with_suffix(".json").write_text(json.dumps(odds, ensure_ascii=False, indent=0), encoding="utf-8")


def fit_lexical(labelled: pd.DataFrame, dimensions: int, seed: int) -> LexicalEncoder:
    """Fit on labelled examples with `title`, `text` and `evidence`; vectors get at most `dimensions` dimensions."""
    composed = [compose(title, text) for title, text in zip(labelled["title"], labelled["text"], strict=True)]
    tfidf = TfidfVectorizer(
        ngram_range=(1, 2), min_df=3, max_features=60_000, sublinear_tf=True, strip_accents="unicode"
    )
    found = len(tfidf.fit(composed).vocabulary_)
    svd = TruncatedSVD(min(dimensions, found - 1), random_state=seed)
    pipeline = make_pipeline(tfidf, svd, Normalizer()).fit(composed)
    everywhere, quoted = Counter[str](), Counter[str]()
    for text, evidence in zip(composed, labelled["evidence"], strict=True):
        everywhere.update(_WORD.findall(text.casefold()))
        quoted.update(_WORD.findall(normalise(evidence).casefold()))
    share = sum(quoted.values()) / max(sum(everywhere.values()), 1)
    odds = {}
    for word, count in everywhere.items():
        inside = (quoted[word] + _SMOOTHING * share) / (count + _SMOOTHING)
        odds[word] = float(np.log(inside / (1 - min(inside, 0.99))))
    return LexicalEncoder(pipeline, odds)


def load_lexical(path: Path) -> LexicalEncoder:
    """Read a saved encoder; raises UserError where it is missing or not what `save` wrote."""
    import skops.io

    try:
        pipeline = skops.io.load(path, trusted=[])
        odds = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{path}: missing; run 'participation-deficit train' with 'encoder: {NAME}' first") from None
    except (ValueError, TypeError, KeyError, AttributeError, EOFError, OSError, zipfile.BadZipFile, zlib.error):
        raise UserError(f"{path}: is not the fallback encoder; run 'participation-deficit train' again") from None
    return LexicalEncoder(pipeline, odds, path)


@cache
def _load_once(path: Path, fingerprint: str) -> LexicalEncoder:
    """The encoder with this fingerprint, in another process; raises UserError where another one lies there."""
    encoder = load_lexical(path)
    if encoder.fingerprint != fingerprint:
        raise UserError(f"{path}: is another encoder on this machine; copy models/ to it again")
    return encoder


def _same_bytes(dumped: bytes) -> bytes:
    """What skops dumped without addresses of memory and times, so that the same encoder is the same file."""
    with zipfile.ZipFile(io.BytesIO(dumped)) as archive:
        schema = archive.read("schema.json").decode("utf-8")
        parts = {name: archive.read(name) for name in archive.namelist() if name != "schema.json"}
    addresses = dict.fromkeys(re.findall(r'"__id__": (\d+)', schema))
    numbers = {address: str(number) for number, address in enumerate(addresses, start=1)}

    def numbered(name: str) -> str:
        return re.sub(r"^\d+", lambda found: numbers.get(found.group(), found.group()), name)

    schema = re.sub(r'(?<="__id__": )\d+', lambda found: numbers[found.group()], schema)
    schema = re.sub(r'(?<="file": ")[^"]+', lambda found: numbered(found.group()), schema)
    renamed = {"schema.json": schema.encode("utf-8")} | {numbered(name): part for name, part in parts.items()}
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        for name in sorted(renamed):
            archive.writestr(zipfile.ZipInfo(name), renamed[name], zipfile.ZIP_DEFLATED)
    return result.getvalue()
