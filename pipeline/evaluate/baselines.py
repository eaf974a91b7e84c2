"""What the classifier must beat: the commonest value, keyword rules, and TF-IDF with logistic regression."""

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from pipeline.classify.cues import keyword_codes


def majority(training: pd.DataFrame, rows: int) -> pd.DataFrame:
    """The commonest cluster and level of the training rows, for every row."""
    return pd.DataFrame({name: [training[name].mode().iloc[0]] * rows for name in ("cluster", "iap2_level")})


def keywords(table: pd.DataFrame) -> pd.DataFrame:
    """Cluster and level by cue words (`pipeline/classify/cues.yaml`)."""
    coded = [keyword_codes(title, text) for title, text in zip(table["title"].fillna(""), table["text"], strict=True)]
    return pd.DataFrame(coded, columns=["cluster", "iap2_level"])


def tfidf(training: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """TF-IDF on words and word pairs, logistic regression with balanced classes, fitted on `training`."""
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, strip_accents="unicode")
    known = vectorizer.fit_transform(_whole(training))
    asked = vectorizer.transform(_whole(table))
    return pd.DataFrame(
        {
            name: LogisticRegression(C=10, max_iter=2000, class_weight="balanced")
            .fit(known, training[name])
            .predict(asked)
            for name in ("cluster", "iap2_level")
        }
    )


def _whole(table: pd.DataFrame) -> np.ndarray:
    return (table["title"].fillna("") + ". " + table["text"]).to_numpy()
