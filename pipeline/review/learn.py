"""Reviews as training rows, and reviews in the data's journey: read the history, settle it, hand it on."""

from pathlib import Path

import pandas as pd

from pipeline.review import history
from pipeline.review.settle import model_words, prevail, settled
from pipeline.review.sheet import CODES

_FACTS = ("document", "country", "kind", "language", "title", "text", "evidence")


def training_rows(reviewed: pd.DataFrame) -> pd.DataFrame:
    """Settled reviews (`settle.settled`) as rows that the classifier learns from.

    `unseen`: the encoder was not tuned on them. `group`: country, else document, so that the evaluation never learns
    from neighbours of what it is asked. Secondary codes stay empty where nobody gave them; the heads of those codes
    leave such rows out.
    """
    table = reviewed[["commitment_id", *_FACTS, *CODES]].fillna("").astype(str)
    table = table.rename(columns={"commitment_id": "id"}).reset_index(drop=True)
    group = table["country"].where(table["country"] != "", table["document"])
    # Only rows that take part teach in or through; "none" is no class of that head, so it marks "not given", too.
    part = table["participation_in"].where(table["participation_in"] != "", "none")
    return table.assign(
        origin="reviewed", group=group, unseen=True, participation_in=part, difficulty="", alternative=""
    )


def read_settled(folder: Path) -> pd.DataFrame:
    """The settled reviews of a history's folder; empty where there is none."""
    return settled(history.read(folder))


def with_reviews(coded: pd.DataFrame, folder: Path) -> tuple[pd.DataFrame, list[str]]:
    """Coded rows with reviewed values in place of predictions, and ids of reviewed commitments not among them.

    A table without `commitment_id` is returned as it is: reviews belong to commitments of the corpus.
    """
    reviewed = read_settled(folder)
    if "commitment_id" not in coded or reviewed.empty:
        return coded, []
    absent = reviewed["commitment_id"][~reviewed["commitment_id"].isin(coded["commitment_id"])]
    return prevail(coded, reviewed), list(absent)


def words_of_model(reviews: pd.DataFrame) -> pd.DataFrame | None:
    """What the model had said on the settled rows of a history (`settle.model_words`); None without reviews."""
    return model_words(settled(reviews)) if len(reviews) else None
