"""Leakage: does the evaluation contain what was trained on in nearly the same words?"""

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer

ALIKE = 0.8
"""Cosine similarity of TF-IDF vectors from which two commitments count as the same text."""


def nearest(known: list[str], texts: list[str]) -> np.ndarray:
    """For each text the cosine similarity (0 to 1) to the most similar known one, by TF-IDF of words and word pairs."""
    vectoriser = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2)).fit([*known, *texts])
    similar = vectoriser.transform(texts) @ vectoriser.transform(known).T
    return np.asarray(similar.max(axis=1).todense()).ravel()


def duplicates(coded: pd.DataFrame) -> pd.Series:
    """Ids of evaluated rows that some training row nearly repeats (column `nearest` of `corpus/vectors/real.csv`)."""
    if "nearest" not in coded:
        return pd.Series([], dtype=str)
    return coded["id"][pd.to_numeric(coded["nearest"], errors="coerce") >= ALIKE]
