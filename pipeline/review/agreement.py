"""How far reviewers agree with each other, and with the model."""

import warnings
from collections.abc import Iterator
from typing import Any

import krippendorff
import numpy as np
import pandas as pd
from sklearn.metrics import cohen_kappa_score

from pipeline.domain.codebook import CLUSTERS, LEVELS
from pipeline.domain.schema import AGREEMENT
from pipeline.review.settle import latest_by_reviewer, settled

_LEGAL = {"cluster": CLUSTERS, "iap2_level": LEVELS}
_ALPHA = {"cluster": "nominal", "iap2_level": "ordinal"}


def agreement(history: pd.DataFrame) -> pd.DataFrame:
    """Krippendorff's alpha (2011; nominal for clusters, ordinal for levels), Cohen's kappa, shares (schema AGREEMENT).

    Between reviewers: before adjudication, on commitments that two or more reviewed; kappa is the mean over pairs of
    reviewers, weighted by rows. Between reviewer and model: the settled value against what the model said then;
    `random` rows tell the model's agreement in the corpus, `all` rows that on hard cases. Empty without reviews.
    """
    rows = [*_between_reviewers(latest_by_reviewer(history)), *_with_model(settled(history))]
    table = pd.DataFrame(rows, columns=["between", "code", "rows", "value", "measure", "agreement", "n"])
    table = table[table["agreement"].notna()].reset_index(drop=True)
    table["agreement"] = table["agreement"].astype(float).round(4) + 0.0
    parts = ["between", "code", "rows", "value", "measure"]
    table["agreement_id"] = ["/".join(part for part in row if part) for row in table[parts].to_numpy().tolist()]
    return table.reindex(columns=AGREEMENT.names)


def _between_reviewers(given: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    for code, legal in _LEGAL.items():
        places = given[code].map({value: place for place, value in enumerate(legal)})
        wide = given.assign(place=places, who=given["reviewer"].str.casefold()).pivot(
            index="who", columns="commitment_id", values="place"
        )
        wide = wide.loc[:, wide.notna().sum() > 1]
        n, numbers = wide.shape[1], wide.to_numpy(dtype=float)
        if n == 0:
            continue
        yield ("reviewers", code, "all", "", f"alpha_{_ALPHA[code]}", _alpha(numbers, _ALPHA[code]), n)
        yield (
            "reviewers",
            code,
            "all",
            "",
            "kappa",
            _mean_kappa(numbers, "quadratic" if code == "iap2_level" else None),
            n,
        )
        yield ("reviewers", code, "all", "", "share", float(np.mean(np.nanmin(numbers, 0) == np.nanmax(numbers, 0))), n)
        for place, value in enumerate(legal):
            one = np.where(np.isnan(numbers), np.nan, numbers == place)
            if (one == 1).any():
                yield (
                    "reviewers",
                    code,
                    "all",
                    value,
                    "alpha_nominal",
                    _alpha(one, "nominal"),
                    int((one == 1).any(0).sum()),
                )


def _with_model(words: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    for name in ("all", "random"):
        part = words[words["random"].astype(bool)] if name == "random" else words
        for code, legal in _LEGAL.items():
            there = part[part[f"model_{code}"].isin(legal)]
            if there.empty:
                continue
            pair = np.array(
                [there[column].map(legal.index).to_numpy() for column in (code, f"model_{code}")], dtype=float
            )
            weights = "quadratic" if code == "iap2_level" else None
            yield ("reviewer_model", code, name, "", f"alpha_{_ALPHA[code]}", _alpha(pair, _ALPHA[code]), len(there))
            yield ("reviewer_model", code, name, "", "kappa", _mean_kappa(pair, weights), len(there))
            yield ("reviewer_model", code, name, "", "share", float(np.mean(pair[0] == pair[1])), len(there))
            for place, value in enumerate(legal):
                said = pair[0] == place
                if said.any():
                    yield (
                        "reviewer_model",
                        code,
                        name,
                        value,
                        "share",
                        float(np.mean(pair[1][said] == place)),
                        int(said.sum()),
                    )


def _alpha(numbers: np.ndarray, level: Any) -> float:
    """Alpha of (reviewers, commitments); missing where nothing varies: chance cannot be told from agreement."""
    if len(np.unique(numbers[~np.isnan(numbers)])) < 2:
        return float("nan")
    return float(krippendorff.alpha(reliability_data=numbers, level_of_measurement=level))


def _mean_kappa(numbers: np.ndarray, weights: str | None) -> float:
    values, sizes = [], []
    for first in range(len(numbers)):
        for second in range(first + 1, len(numbers)):
            both = ~np.isnan(numbers[first]) & ~np.isnan(numbers[second])
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of pairs in which nothing varies: the value is missing then
                value = (
                    cohen_kappa_score(
                        numbers[first, both].astype(int), numbers[second, both].astype(int), weights=weights
                    )
                    if both.any()
                    else float("nan")
                )
            if not np.isnan(value):
                values.append(value)
                sizes.append(int(both.sum()))
    return float(np.average(values, weights=sizes)) if values else float("nan")
