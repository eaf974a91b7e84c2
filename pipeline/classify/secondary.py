"""The codes that follow cluster and level: codebook, sections 3 to 5, policy areas and touch-points."""

import numpy as np

from pipeline.domain import codebook
from pipeline.domain.codebook import LIST_SEPARATOR

MANY = {"publics": codebook.PUBLICS, "policy_areas": codebook.POLICY_AREAS, "touchpoints": codebook.TOUCHPOINTS}
"""Codes of which a commitment may have several, and their values."""
ONE = {"participation_in": codebook.PARTICIPATION_IN, "mandate": codebook.MANDATES}
_INSIDERS = np.array([name in ("experts", "industry") for name in codebook.PUBLICS])


def secondary_codes(cluster: str, level: str, scores: dict[str, np.ndarray]) -> dict[str, str]:
    """The secondary codes that may stand beside this cluster and level.

    `scores`: for each code of `MANY` and `ONE` one number a value, above 0 where the value is likelier than not.
    """
    beyond_informing = codebook.LEVEL_RANK[level] > codebook.LEVEL_RANK["inform"]
    publics = scores["publics"] > 0
    if level == "none":
        publics &= _INSIDERS  # only experts or industry can be engaged at level none
    elif not (publics & ~_INSIDERS).any() and (beyond_informing or not publics.any()):
        # Beyond informing, somebody of the public takes part: experts and industry alone stay below it.
        publics[np.where(_INSIDERS, -np.inf, scores["publics"]).argmax()] = True
    in_scope = cluster != codebook.NOT_DIGITAL
    taking_part = level != "none" and in_scope
    touchpoints = scores["touchpoints"] > 0
    if beyond_informing and not touchpoints.any():
        touchpoints[scores["touchpoints"].argmax()] = True
    return {
        "participation_in": codebook.PARTICIPATION_IN[scores["participation_in"][:2].argmax()]
        if taking_part
        else "none",
        "publics": join(codebook.PUBLICS, publics),
        "mandate": codebook.MANDATES[scores["mandate"].argmax()] if beyond_informing else "",
        "policy_areas": join(codebook.POLICY_AREAS, scores["policy_areas"] > 0) if in_scope else "",
        "touchpoints": join(codebook.TOUCHPOINTS, touchpoints) if beyond_informing else "",
    }


def join(values: tuple[str, ...], chosen: np.ndarray) -> str:
    """The chosen values (boolean, one a value) as a cell."""
    return LIST_SEPARATOR.join(value for value, taken in zip(values, chosen, strict=True) if taken)
