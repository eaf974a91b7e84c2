"""Secondary codes never contradict cluster and level (codebook, sections 3 to 5)."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.classify.secondary import MANY, ONE, secondary_codes
from pipeline.domain.codebook import CLUSTERS, LEVELS, PUBLICS

SIZES = {name: len(values) for name, values in (MANY | ONE).items()}
SCORES = st.fixed_dictionaries(
    {n: st.lists(st.floats(-9, 9), min_size=k, max_size=k).map(np.array) for n, k in SIZES.items()}
)


@given(st.sampled_from(CLUSTERS), st.sampled_from(LEVELS), SCORES)
def test_codes_fit_cluster_and_level(cluster: str, level: str, scores: dict[str, np.ndarray]) -> None:
    codes = secondary_codes(cluster, level, scores)
    publics = set(filter(None, codes["publics"].split("|")))
    assert (codes["participation_in"] == "none") == (level == "none" or cluster == "not_digital")
    assert (codes["mandate"] == "") == (level in ("none", "inform"))
    assert (codes["touchpoints"] == "") == (level in ("none", "inform"))
    assert not (codes["policy_areas"] and cluster == "not_digital")
    if level == "none":
        assert publics <= {"experts", "industry"}
    elif level != "inform":
        assert publics & {"public", "affected", "civil_society"}, "beyond informing, somebody of the public takes part"
    else:
        assert publics


def test_the_likeliest_of_the_public_is_named_where_only_industry_passes() -> None:
    scores = {name: np.full(size, -1.0) for name, size in SIZES.items()}
    scores["publics"][[PUBLICS.index("industry"), PUBLICS.index("affected")]] = 2.0, -0.1
    assert secondary_codes("service_design", "consult", scores)["publics"] == "affected|industry"
