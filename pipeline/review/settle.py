"""From a history of reviews to one word on each commitment.

Of each reviewer the latest review counts. An adjudication settles a commitment; else reviewers who agree on cluster and
level do; where they do not, the commitment is disputed: listed, and not used until an adjudication comes.
"""

from typing import Any

import pandas as pd

from pipeline.domain.codebook import LEVEL_RANK, LIST_SEPARATOR, NOT_DIGITAL, PUBLICS
from pipeline.review.sheet import CODES

_MAIN = ("cluster", "iap2_level")


def settled(history: pd.DataFrame) -> pd.DataFrame:
    """One row a commitment on which there is a word (schema REVIEWS), in the order of first review.

    Secondary codes and evidence come from the latest agreeing review that gives them. Facts on the model are those of
    the earliest review: that model had learned from none of them.
    """
    rows = []
    for _, reviews in _given(history).groupby("commitment_id", sort=False):
        if (word := _word(reviews)) is not None:
            rows.append(word)
    return pd.DataFrame(rows, columns=history.columns).reset_index(drop=True)


def disputed(history: pd.DataFrame) -> pd.DataFrame:
    """The latest reviews of each commitment on which reviewers disagree and nobody has adjudicated (schema REVIEWS)."""
    parts = [
        latest
        for _, reviews in _given(history).groupby("commitment_id", sort=False)
        if _word(reviews) is None and len(latest := _latest(reviews)) > 1
    ]
    return pd.concat(parts, ignore_index=True) if parts else history.iloc[:0]


def latest_by_reviewer(history: pd.DataFrame) -> pd.DataFrame:
    """Of each commitment and reviewer the latest review that gives values, adjudications left out."""
    given = _given(history)
    return _latest(given[~given["adjudication"].astype(bool)]).reset_index(drop=True)


def prevail(table: pd.DataFrame, reviewed: pd.DataFrame) -> pd.DataFrame:
    """A classified table (`commitment_id`, code columns) in which the settled `reviewed` values win, `source` "review".

    Probabilities and sets stay the model's. Secondary codes that no reviewer gave stay the model's where the codebook
    lets them stand beside the reviewed cluster and level.
    """
    result = table.copy()
    words: dict[str, dict[Any, Any]] = {row["commitment_id"]: row for row in reviewed.to_dict("records")}
    for at, name in zip(result.index, result["commitment_id"], strict=True):
        if (word := words.get(name)) is not None:
            for column, value in _codes(word, dict(result.loc[at])).items():
                if column in result:
                    result.at[at, column] = value
    return result


def model_words(reviewed: pd.DataFrame) -> pd.DataFrame:
    """What the measures need of reviewed rows: `commitment_id`, `model_<code>`, `random` (0 or 1)."""
    table = reviewed[["commitment_id", *(f"model_{code}" for code in CODES), "random"]].copy()
    return table.assign(random=table["random"].astype(bool).astype(int))


def _given(history: pd.DataFrame) -> pd.DataFrame:
    return history[history["status"].isin(("agree", "done"))]


def _latest(reviews: pd.DataFrame) -> pd.DataFrame:
    who = reviews["reviewer"].str.casefold()
    return reviews[~pd.DataFrame({"c": reviews["commitment_id"], "w": who}).duplicated(keep="last")]


def _word(reviews: pd.DataFrame) -> dict[str, Any] | None:
    judged = reviews[reviews["adjudication"].astype(bool)]
    counting = judged.tail(1) if len(judged) else _latest(reviews)
    if len(counting[list(_MAIN)].drop_duplicates()) != 1:
        return None
    word: dict[str, Any] = {str(name): value for name, value in counting.iloc[-1].items()}
    for name in (*CODES, "evidence", "comment"):
        filled = [value for value in counting[name] if value]
        word[name] = filled[-1] if filled else ""
    first = reviews.iloc[0]
    for name in (*(f"model_{code}" for code in CODES), "model", "model_evidence", "queue", "reason"):
        word[name] = first[name]
    word["random"] = bool(reviews["random"].astype(bool).any())
    return word


def _codes(word: dict[Any, Any], row: dict[Any, Any]) -> dict[str, Any]:
    """Code columns of a reviewed row: given values, else the model's where sections 2 to 6 allow them."""
    cluster, level = word["cluster"], word["iap2_level"]
    taking_part = level != "none" and cluster != NOT_DIGITAL
    beyond_informing = LEVEL_RANK[level] >= LEVEL_RANK["consult"]
    kept = {code: word[code] or _text(row.get(code)) for code in CODES}
    publics = [name for name in kept["publics"].split(LIST_SEPARATOR) if name in PUBLICS]
    if level == "none":
        publics = [name for name in publics if name in ("experts", "industry")]
    return {
        "cluster": cluster,
        "iap2_level": level,
        "participation_in": kept["participation_in"] if taking_part else "none",
        "publics": LIST_SEPARATOR.join(publics),
        "mandate": kept["mandate"] if beyond_informing else "",
        "policy_areas": kept["policy_areas"] if cluster != NOT_DIGITAL else "",
        "touchpoints": kept["touchpoints"] if beyond_informing else "",
        "evidence": "" if level == "none" else word["evidence"] or _text(row.get("evidence")),
        "needs_review": False,
        "source": "review",
    }


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)
