"""New training rows from old ones: a sentence of one commitment is set into another.

The codebook's level is the highest that any passage promises (section 2, rule 1). A commitment with a foreign passage
therefore has the higher of the two levels, and the quotation stands in the passage that decides. That makes rows of
the rare levels out of real ones, and teaches where to look: a passage that promises nothing leaves the level as it is.
"""

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np

from pipeline.domain.codebook import CLUSTERS, NOT_DIGITAL
from pipeline.train.encoder.rows import BY_EVIDENCE, Row

_LONGEST = 70  # tokens of a passage
_PROMISING = 0.7  # share of the passages drawn that promise something
_KEPT = 250  # tokens up to which a row takes a passage in


@dataclass(frozen=True)
class Passage:
    """Tokens of a sentence, those of them that are quoted (0/1), and the targets of the row that it comes from."""

    ids: np.ndarray
    quoted: np.ndarray
    targets: dict[str, np.ndarray]


Bank = dict[tuple[str, bool, bool], list[Passage]]
"""Passages by language, by whether their row is in scope, and by whether they promise anything."""


def passages_of(rows: list[Row]) -> Bank:
    """The quoted sentences of rows that promise participation, and the sentences of rows that promise none."""
    bank: Bank = defaultdict(list)
    for row in rows:
        level = row.targets["level"]
        for start, end in zip(row.breaks, row.breaks[1:], strict=False):
            quoted = row.quoted[start:end]
            whole = quoted.sum() and quoted.sum() == row.quoted.sum()
            if 6 <= end - start <= _LONGEST and (whole or level[0] == 0):
                bank[row.language, _in_scope(row), bool(whole)].append(Passage(row.ids[start:end], quoted, row.targets))
    return bank


def mixed(row: Row, bank: Bank, rng: np.random.Generator) -> Row:
    """The row with a passage of its language and scope set in before one of its sentences, or at the end."""
    choice = bank.get((row.language, _in_scope(row), bool(rng.random() < _PROMISING)), [])
    if not choice or len(row.ids) > _KEPT:
        return row
    passage = choice[int(rng.integers(len(choice)))]
    places = [place for place in row.breaks if not row.quoted[place - 1 : place + 1].all()]
    place = int(rng.choice(places)) if places else len(row.ids) - 1
    mine, other = row.targets["level"], passage.targets["level"]
    higher, equal = other.sum() > mine.sum(), bool(np.array_equal(other, mine))
    from_passage = {name: passage.targets[name] for name in BY_EVIDENCE} if higher else {}
    # The chance that at least one of the two passages lies above each threshold.
    from_passage["level"] = 1 - (1 - mine) * (1 - other)
    quoted = row.quoted if equal or not higher else np.zeros_like(row.quoted)
    inside = passage.quoted if equal or higher else np.zeros_like(passage.quoted)
    return replace(
        row,
        ids=np.concatenate([row.ids[:place], passage.ids, row.ids[place:]]),
        quoted=np.concatenate([quoted[:place], inside, quoted[place:]]),
        targets={**row.targets, **from_passage},
    )


def _in_scope(row: Row) -> bool:
    return bool(row.targets["cluster"][CLUSTERS.index(NOT_DIGITAL)] < 0.5)
