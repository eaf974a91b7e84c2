"""What each measure counts: a numerator over a denominator, both per commitment (docs/measures.md gives them in words).

`value` and `within` take `cells` (cluster and level, as coded or as drawn from an error model) and `coded` (the
secondary codes, always as coded) and return an array of the shape of `cells.cluster`. A measure is the sum of `value`
over the commitments `within`, divided by their number.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.domain import codebook
from pipeline.measure.coded import OUT, Cells, Coded

Rule = Callable[[Cells, Coded], np.ndarray]
CONSULT = codebook.LEVEL_RANK["consult"]


@dataclass(frozen=True)
class Measure:
    """One ratio. `needs`: the secondary code it reads (empty: cluster and level only); `pairs`: also for pairs.

    `top`: largest value that a commitment can have; `step`: value of the pseudo-observation (see `resample`).
    """

    name: str
    category: str
    value: Rule
    within: Rule
    needs: str = ""
    unit: str = "share"
    top: float = 1.0
    step: float = 1.0
    pairs: bool = False


def _column(values: np.ndarray, cells: Cells) -> np.ndarray:
    """`values` (one a commitment), shaped to stand beside `cells`."""
    return values if cells.cluster.ndim == 1 else values[:, None]


def in_scope(cells: Cells, coded: Coded) -> np.ndarray:
    """Commitments in one of the five clusters: what most measures are about."""
    return cells.in_scope


def _everything(cells: Cells, coded: Coded) -> np.ndarray:
    return np.ones_like(cells.cluster, dtype=bool)


def _flag(flag: Callable[[Coded], np.ndarray]) -> Rule:
    """The rule of a secondary code."""
    return lambda cells, coded: _column(flag(coded), cells)


def _in_scope_and(flag: Callable[[Coded], np.ndarray]) -> Rule:
    return lambda cells, coded: cells.in_scope & _column(flag(coded), cells)


def _public(name: str) -> Rule:
    index = codebook.PUBLICS.index(name)
    return _flag(lambda coded: coded.publics[:, index])


def _experts_only(coded: Coded) -> np.ndarray:
    publics = {name: coded.publics[:, index] for index, name in enumerate(codebook.PUBLICS)}
    outsiders = publics["experts"] | publics["industry"]
    return outsiders & ~(publics["public"] | publics["affected"] | publics["civil_society"])


def _from_consult(coded: Coded) -> np.ndarray:
    return np.asarray(coded.cells.level >= CONSULT)


def _shortfall(targets: dict[str, str]) -> Rule:
    rank = np.array([codebook.LEVEL_RANK[targets[name]] for name in codebook.IN_SCOPE] + [0], dtype=np.int8)

    def short(cells: Cells, coded: Coded) -> np.ndarray:
        return np.where(cells.cluster == OUT, 0, np.maximum(rank[cells.cluster] - cells.level, 0))

    return short


def _level_is(rank: int) -> Rule:
    return lambda cells, coded: cells.level == rank


def _touchpoint(index: int) -> Rule:
    return _flag(lambda coded: coded.touchpoints[:, index])


def measures(params: dict[str, Any]) -> list[Measure]:
    """Every ratio measure under `params` (`threshold`, `targets`), in published order."""
    threshold, targets = codebook.LEVEL_RANK[params["threshold"]], params["targets"]

    def below(cells: Cells, coded: Coded) -> np.ndarray:
        return cells.level < threshold

    def no_say_in_digital(cells: Cells, coded: Coded) -> np.ndarray:
        return (cells.level < threshold) | _column(coded.participation_in != "digital", cells)

    taking_part = _in_scope_and(lambda coded: np.isin(coded.participation_in, ("digital", "through_digital")))
    engaging = _in_scope_and(lambda coded: np.asarray(coded.publics.any(axis=1)))
    # A mandate is coded from consult upwards only, and by the level as coded: a row drawn up has no mandate to read.
    formalisable = _in_scope_and(_from_consult)
    through = _flag(lambda coded: coded.participation_in == "through_digital")
    mandated = _flag(lambda coded: coded.mandate == "yes")
    opened = _flag(lambda coded: coded.touchpoints.sum(axis=1))
    furthest = float(max(codebook.LEVEL_RANK[level] for level in targets.values()))
    return [
        Measure("below_threshold", params["threshold"], below, in_scope, pairs=True),
        Measure(
            "mean_shortfall", "", _shortfall(targets), in_scope, unit="levels", top=furthest, step=furthest, pairs=True
        ),
        *(
            Measure("level_share", level, _level_is(rank), in_scope, pairs=True)
            for rank, level in enumerate(codebook.LEVELS)
        ),
        Measure("in_scope_share", "", in_scope, _everything),
        Measure("no_say_in_digital", params["threshold"], no_say_in_digital, in_scope, "participation_in"),
        Measure("through_digital_share", "", through, taking_part, "participation_in"),
        *(Measure("engaged_share", name, _public(name), in_scope, "publics") for name in codebook.PUBLICS),
        Measure("affected_communities", "", _public("affected"), in_scope, "publics"),
        Measure("expert_substitution", "", _flag(_experts_only), engaging, "publics"),
        Measure("mandate_share", "", mandated, formalisable, "mandate"),
        *(
            Measure("touchpoint_share", name, _touchpoint(index), in_scope, "touchpoints")
            for index, name in enumerate(codebook.TOUCHPOINTS)
        ),
        Measure(
            "touchpoints_mean", "", opened, in_scope, "touchpoints", "touchpoints", top=float(len(codebook.TOUCHPOINTS))
        ),
    ]
