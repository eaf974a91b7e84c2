"""Training rows of the encoder: token ids, the tokens inside the quotation, and the targets of every head."""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
import pandas as pd
from tokenizers import Tokenizer

from pipeline.classify.encoder import PREFIX, compose, normalise
from pipeline.classify.heads import above_thresholds, one_hot, soft_targets
from pipeline.classify.sentences import split_sentences
from pipeline.domain import codebook
from pipeline.domain.codebook import CLUSTERS, LEVELS

BY_EVIDENCE = ("level", "participation_in", "publics", "mandate", "touchpoints")
"""The codes that follow the passage quoted as evidence (codebook, section 3)."""
_MANDATE = ("", *codebook.MANDATES)


@dataclass
class Row:
    """One text: `ids` (tokens,), `quoted` (tokens,) 0/1, targets by head, and what the losses must know of it.

    `breaks`: the token before which each sentence begins, and the end.
    """

    ids: np.ndarray
    quoted: np.ndarray
    quotation_found: float
    targets: dict[str, np.ndarray]
    origin: str
    language: str
    breaks: np.ndarray


def rows_of(table: pd.DataFrame, tokenizer: Tokenizer, limit: int, alternative_share: float) -> list[Row]:
    """Rows of a table with the codes, `evidence`, `alternative_cluster`, `alternative_iap2_level` and `origin`."""
    level = soft_targets(list(table["iap2_level"]), list(table["alternative_iap2_level"]), LEVELS, alternative_share)
    targets = {
        "cluster": soft_targets(
            list(table["cluster"]), list(table["alternative_cluster"]), CLUSTERS, alternative_share
        ),
        "level": above_thresholds(level),
        "participation_in": one_hot(list(table["participation_in"]), codebook.PARTICIPATION_IN),
        "mandate": one_hot(list(table["mandate"]), _MANDATE),
        "publics": _many(table["publics"], codebook.PUBLICS),
        "policy_areas": _many(table["policy_areas"], codebook.POLICY_AREAS),
        "touchpoints": _many(table["touchpoints"], codebook.TOUCHPOINTS),
    }
    rows = []
    for i, row in enumerate(table.to_dict("records")):
        text = PREFIX + compose(row["title"], row["text"])
        encoding = tokenizer.encode(text, add_special_tokens=False)
        ids = np.array([0, *encoding.ids[: limit - 2], 2])
        quoted = np.zeros(len(ids), dtype=np.float32)
        quotation = normalise(row["evidence"])
        start = text.find(quotation) if quotation else -1
        if start >= 0:
            for token, (first, last) in enumerate(encoding.offsets[: limit - 2], start=1):
                quoted[token] = float(last > start and first < start + len(quotation))
        found = float(not quotation or quoted.any())
        mine = {name: values[i].astype(np.float32) for name, values in targets.items()}
        ends = [stop for _, stop in next(split_sentences([text]))]
        firsts = [first for first, _ in encoding.offsets[: limit - 2]]
        breaks = np.unique([bisect_left(firsts, stop) + 1 for stop in ends])
        rows.append(Row(ids, quoted, found, mine, row["origin"], row["language"], breaks))
    return rows


def _many(cells: pd.Series, legal: tuple[str, ...]) -> np.ndarray:
    return np.array([[value in cell.split(codebook.LIST_SEPARATOR) for value in legal] for cell in cells], dtype=float)
