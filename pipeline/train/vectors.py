"""Stored vectors of training texts, so that training in a fresh clone takes seconds.

`corpus/vectors/written.npz` holds vectors of the written examples by content key; a new example without a stored vector
is encoded on the spot. `corpus/vectors/real.npz` and `real.csv` hold vectors, labels and references of real commitments
whose text is not ours to publish. Both name the encoder they were made with; vectors of another encoder are not used.
"""

import zipfile
import zlib
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.classify.encoder import Encoder, compose, content_key
from pipeline.domain.errors import UserError
from pipeline.domain.tables import read_table


def load_store(path: Path, encoder_name: str) -> dict[str, np.ndarray]:
    """Vectors by key; empty where the file is missing or is another encoder's; raises UserError where it is damaged."""
    if not path.exists():
        return {}
    try:
        with np.load(path, allow_pickle=False) as stored:
            if str(stored["encoder"]) != encoder_name:
                return {}
            return dict(zip(stored["keys"].tolist(), stored["vectors"].astype(np.float32), strict=True))
    except (KeyError, ValueError, TypeError, EOFError, OSError, zipfile.BadZipFile, zlib.error):
        raise UserError(f"{path}: is no store of vectors; restore it from git, or delete it") from None


def save_store(path: Path, encoder_name: str, vectors: dict[str, np.ndarray]) -> None:
    """Write vectors as float16, ordered by key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = sorted(vectors)
    stacked = np.stack([vectors[key] for key in keys]).astype(np.float16)
    np.savez_compressed(path, encoder=np.array(encoder_name), keys=np.array(keys), vectors=stacked)


def vectors_of(table: pd.DataFrame, encoder: Encoder, store: dict[str, np.ndarray]) -> np.ndarray:
    """Vectors of the rows' `title` and `text`, shape (rows, dimension): stored ones where known, else encoded now."""
    composed = _composed(table)
    keys = [content_key(text) for text in composed]
    missing = {key: text for key, text in zip(keys, composed, strict=True) if key not in store}
    fresh = (
        dict(zip(missing, (row.vector for row in encoder.encode(list(missing.values()))), strict=True))
        if missing
        else {}
    )
    return np.stack([store[key] if key in store else fresh[key] for key in keys]).astype(np.float64)


def content_keys(table: pd.DataFrame) -> list[str]:
    """Keys under which the vectors of the rows' `title` and `text` are stored."""
    return [content_key(text) for text in _composed(table)]


def _composed(table: pd.DataFrame) -> list[str]:
    return [compose(title, text) for title, text in zip(table["title"].fillna(""), table["text"], strict=True)]


def load_real(folder: Path, encoder_name: str) -> tuple[pd.DataFrame, np.ndarray]:
    """Labels and references of the real commitments, and their vectors; both empty for another encoder.

    Raises UserError when the two files do not fit together.
    """
    store = load_store(folder / "real.npz", encoder_name)
    if not store:
        return pd.DataFrame(), np.zeros((0, 0))
    labels = read_table(folder / "real.csv")
    absent = [key for key in labels["id"] if key not in store]
    if absent:
        raise UserError(f"{folder / 'real.csv'}: row {absent[0]} has no vector in real.npz; restore both from git")
    return labels, np.stack([store[key] for key in labels["id"]]).astype(np.float64)
