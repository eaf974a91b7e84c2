"""Which rows a person should look at first, and why.

Five reasons, their shares in params.yaml (block `review`):
random: drawn by chance, so that the model's error can be estimated without bias;
uncertain: the probabilities of cluster or level are spread (entropy, as a share of the highest possible);
disagreeing: reviewers disagree and nobody has settled it, or model and cue words of the codebook are far apart;
rare: the model expects few rows of the class it gave;
influence: the row's uncertainty moves the headline deficit most.
Rows with a settled review are not queued again.
"""

import hashlib
from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from pipeline.classify.cues import keyword_codes
from pipeline.domain.codebook import CLUSTERS, IN_SCOPE, LEVEL_RANK, LEVELS
from pipeline.domain.errors import UserError

REASONS = ("random", "uncertain", "disagreeing", "rare", "influence")


def choose(
    commitments: pd.DataFrame,
    params: dict[str, Any],
    threshold: str,
    settled: Collection[str] = (),
    disputed: Collection[str] = (),
) -> pd.DataFrame:
    """At most `params["size"]` rows of `commitments` (COMMITMENTS), most useful first, with `reason` and `random`.

    `threshold`: level of the deficit. `settled`: ids not to queue again. `disputed`: ids on which reviewers disagree;
    they come first, beyond the mix. Raises UserError for a mix that is not one of shares.
    """
    size, mix = check(params)
    commitments = commitments.reset_index(drop=True)
    open_rows = ~commitments["commitment_id"].isin(set(settled)).to_numpy()
    score = scores(commitments, threshold)
    why = explanations(commitments)
    chosen: dict[int, str] = {}
    for row in np.flatnonzero(commitments["commitment_id"].isin(set(disputed)).to_numpy()):
        chosen[int(row)] = "disagreeing: reviewers differ"
    drawn = _by_chance(commitments["commitment_id"], int(params["seed"]))
    orders = {"random": [row for row in drawn if open_rows[row]]} | {
        name: [int(row) for row in np.argsort(-score[name], kind="stable") if open_rows[row] and score[name][row] > 0]
        for name in REASONS[1:]
    }
    quotas = _quotas(mix, size)
    by_reason: dict[str, list[int]] = {}
    random_rows: set[int] = set()
    for name in REASONS:  # chance draws first and from all open rows, so that no other reason shapes its sample
        free = [row for row in orders[name] if row not in chosen or name == "random"][: quotas[name]]
        by_reason[name] = [row for row in free if row not in chosen]
        random_rows |= set(free) if name == "random" else set()
        chosen |= {row: "random" if name == "random" else f"{name}: {why[name][row]}" for row in by_reason[name]}
    rest = [row for row in orders["uncertain"] if row not in chosen][: max(0, size - len(chosen))]
    chosen |= {row: f"uncertain: {why['uncertain'][row]}" for row in rest}
    ranked = sorted(chosen, key=lambda row: _turn(row, by_reason))
    ranked = [row for row in ranked if "reviewers" in chosen[row]] + [r for r in ranked if "reviewers" not in chosen[r]]
    queue = commitments.iloc[ranked].reset_index(drop=True)
    return queue.assign(reason=[chosen[row] for row in ranked], random=[row in random_rows for row in ranked])


def check(params: dict[str, Any]) -> tuple[int, dict[str, float]]:
    """Size and mix of params.yaml's block `review`; raises UserError where they are no count and shares."""
    try:
        size, mix = int(params["size"]), {str(name): float(share) for name, share in dict(params["mix"]).items()}
        int(params["seed"])
    except (KeyError, TypeError, ValueError):
        raise UserError("params.yaml: review needs size, seed and mix; restore the block from git") from None
    if size < 1 or set(mix) - set(REASONS) or min(mix.values()) < 0 or abs(sum(mix.values()) - 1) > 1e-6:
        raise UserError(
            f"params.yaml: review.mix gives {', '.join(REASONS)} shares that sum to 1, size is at least 1; correct it"
        )
    return size, {name: mix.get(name, 0.0) for name in REASONS}


def scores(commitments: pd.DataFrame, threshold: str) -> dict[str, np.ndarray]:
    """For each reason but chance, how much each row is worth a look (N,), 0 or more."""
    clusters, levels = (_block(commitments, legal) for legal in (CLUSTERS, LEVELS))
    return {
        "uncertain": np.maximum(_entropy(clusters), _entropy(levels)),
        "disagreeing": _distance_to_cues(commitments),
        "rare": np.maximum(_rarity(clusters), _rarity(levels)),
        "influence": influence(clusters, levels, threshold),
    }


def influence(clusters: np.ndarray, levels: np.ndarray, threshold: str) -> np.ndarray:
    """Variance that a row's own doubt adds to the deficit (up to the square of the rows in scope).

    The deficit is the ratio of rows in scope below the threshold (S·B) to rows in scope (S); linearised (Cochran 1977,
    Sampling Techniques, ch. 6) a row adds S·(B − D), whose variance for independent S and B is p(b(1 − b) + (b − D)²) −
    p²(b − D)² with p the probability of being in scope, b of being below the threshold, D the deficit.
    """
    scope = clusters[:, [CLUSTERS.index(name) for name in IN_SCOPE]].sum(axis=1)
    below = levels[:, : LEVEL_RANK[threshold]].sum(axis=1)
    deficit = float((scope * below).sum() / max(scope.sum(), 1e-9))
    apart = (below - deficit) ** 2
    return scope * (below * (1 - below) + apart) - scope**2 * apart


def explanations(commitments: pd.DataFrame) -> dict[str, list[str]]:
    """For each reason but chance, the words that say why a row was taken."""
    doubt = [
        f"cluster {float(cluster):.2f}, level {float(level):.2f} sure"
        for cluster, level in zip(commitments["cluster_probability"], commitments["iap2_probability"], strict=True)
    ]
    given = [f"{row.cluster}, {row.iap2_level}" for row in commitments.itertuples()]
    return {
        "uncertain": doubt,
        "disagreeing": ["model and cue words differ"] * len(commitments),
        "rare": [f"few rows are {codes}" for codes in given],
        "influence": [f"moves the deficit; {words}" for words in doubt],
    }


def _block(commitments: pd.DataFrame, legal: tuple[str, ...]) -> np.ndarray:
    columns = [f"p_{value}" for value in legal]
    absent = [name for name in columns if name not in commitments]
    if absent:
        raise UserError(f"data/classified.csv: has no column '{absent[0]}'; run `dvc repro` first")
    return commitments[columns].apply(pd.to_numeric, errors="coerce").fillna(0).to_numpy(dtype=float)


def _entropy(p: np.ndarray) -> np.ndarray:
    safe = np.where(p > 0, p, 1)
    return -(p * np.log(safe)).sum(axis=1) / np.log(p.shape[1])


def _rarity(p: np.ndarray) -> np.ndarray:
    """How far below an even share of the table the row's likeliest class is expected; 0 for usual classes."""
    expected = p.sum(axis=0) / max(p.sum(), 1e-9)
    return np.clip(1 / p.shape[1] - expected[p.argmax(axis=1)], 0, None)


def _distance_to_cues(commitments: pd.DataFrame) -> np.ndarray:
    """Levels between model and cue words, plus one for another cluster; only wide gaps count."""
    titles, texts = (commitments[name].fillna("").astype(str) for name in ("title", "text"))
    gaps = []
    for title, text, cluster, level in zip(
        titles, texts, commitments["cluster"], commitments["iap2_level"], strict=True
    ):
        said_cluster, said_level = keyword_codes(title, text)
        gap = abs(LEVEL_RANK[said_level] - LEVEL_RANK[level])
        gaps.append((gap if gap > 1 else 0) + (said_cluster != cluster))
    return np.array(gaps, dtype=float)


def _by_chance(ids: pd.Series, seed: int) -> list[int]:
    """Row positions by permanent random numbers (Ohlsson 1995): a later draw goes on where an earlier ended."""
    numbers = [hashlib.sha256(f"{seed}:{name}".encode()).hexdigest() for name in ids]
    return sorted(range(len(numbers)), key=lambda row: numbers[row])


def _quotas(mix: dict[str, float], size: int) -> dict[str, int]:
    """Whole numbers of rows that sum to `size`, by largest remainder."""
    exact = {name: share * size for name, share in mix.items()}
    whole = {name: int(value) for name, value in exact.items()}
    left = size - sum(whole.values())
    for name in sorted(exact, key=lambda name: whole[name] - exact[name])[:left]:
        whole[name] += 1
    return whole


def _turn(row: int, by_reason: dict[str, list[int]]) -> tuple[int, int]:
    """Reasons take turns, so that a reviewer who stops early has seen some of each."""
    for position, rows in enumerate(by_reason.values()):
        if row in rows:
            return rows.index(row), position
    return len(by_reason["uncertain"]), 0
