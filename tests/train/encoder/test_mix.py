"""New training rows out of old ones: the higher level wins, and the quotation goes with it."""

import numpy as np
import pytest

from pipeline.domain.codebook import CLUSTERS, LEVELS
from pipeline.train.encoder.mix import mixed, passages_of
from pipeline.train.encoder.rows import Row

SENTENCES = ([10] * 8, [20] * 8)  # two sentences of eight tokens


def row(level: str, quoted: int | None, cluster: str = "service_design", mark: int = 0, language: str = "en") -> Row:
    ids = np.array([0, *(token + mark for sentence in SENTENCES for token in sentence), 2])
    inside = np.zeros(len(ids), dtype=np.float32)
    if quoted is not None:
        inside[1 + 8 * quoted + 2 : 1 + 8 * quoted + 6] = 1
    above = np.array([float(LEVELS.index(level) > k) for k in range(5)], dtype=np.float32)
    chosen = np.eye(6, dtype=np.float32)[CLUSTERS.index(cluster)]
    publics = np.full(5, float(level == "involve"), dtype=np.float32)
    targets = {"level": above, "cluster": chosen, "publics": publics, "policy_areas": np.zeros(12, dtype=np.float32)}
    targets |= {name: np.zeros(3, dtype=np.float32) for name in ("participation_in", "mandate")}
    targets["touchpoints"] = np.zeros(5, dtype=np.float32)
    return Row(ids, inside, 1.0, targets, "real", language, np.array([1, 9, 17]))


def test_the_bank_holds_quoted_sentences_and_those_of_rows_that_promise_nothing() -> None:
    bank = passages_of([row("involve", 1), row("none", None), row("consult", 0, "not_digital")])
    assert [p.ids.tolist() for p in bank["en", True, True]] == [[20] * 8]
    assert len(bank["en", True, False]) == 2
    assert [p.ids.tolist() for p in bank["en", False, True]] == [[10] * 8]
    assert ("en", False, False) not in bank


def test_a_higher_passage_brings_its_level_quotation_and_publics() -> None:
    bank = passages_of([row("involve", 0, mark=100)])
    result = mixed(row("inform", 1), bank, _always_promising())
    assert result.targets["level"].tolist() == [1, 1, 1, 0, 0]
    assert set(result.ids[result.quoted > 0]) == {110}, "the old quotation no longer carries the level"
    assert result.targets["publics"].all()
    assert result.targets["cluster"][CLUSTERS.index("service_design")] == 1
    assert len(result.ids) == len(result.quoted) == 18 + 8


def test_a_lower_passage_changes_nothing_but_the_text() -> None:
    bank = passages_of([row("inform", 0, mark=100)])
    result = mixed(row("involve", 1), bank, _always_promising())
    assert result.targets["level"].tolist() == [1, 1, 1, 0, 0]
    assert set(result.ids[result.quoted > 0]) == {20}
    assert 110 in result.ids


def test_a_passage_never_splits_a_quotation_or_a_word_of_another_language() -> None:
    bank = passages_of([row("consult", 0, mark=100)])
    assert (
        mixed(row("none", None, language="es"), bank, _always_promising()).ids.tolist()
        == row("none", None).ids.tolist()
    )
    for seed in range(20):
        result = mixed(row("collaborate", 0), bank, np.random.default_rng(seed))
        inside = np.flatnonzero(result.quoted)
        assert (np.diff(inside) == 1).all()


@pytest.mark.parametrize("seed", range(5))
def test_scope_is_kept_apart(seed: int) -> None:
    bank = passages_of([row("consult", 0, "not_digital", mark=100)])
    assert 110 not in mixed(row("none", None), bank, np.random.default_rng(seed)).ids


def _always_promising() -> np.random.Generator:
    """A generator whose next draw chooses a promising passage."""
    return next(r for r in map(np.random.default_rng, range(100)) if np.random.default_rng(_seed(r)).random() < 0.7)


def _seed(generator: np.random.Generator) -> int:
    return int(generator.bit_generator.seed_seq.entropy)  # type: ignore[attr-defined]
