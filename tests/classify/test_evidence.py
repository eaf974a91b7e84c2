"""The quotation: always an exact piece of title or text, one sentence, at most 25 words."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.classify import evidence
from pipeline.classify.encoder import Encoded, compose, normalise
from pipeline.classify.evidence import MAX_WORDS, best_quotation
from pipeline.classify.sentences import split_sentences, words


def word_weights(title, text, found):
    return tuple(part[:, evidence.LEVEL] for part in evidence.word_weights(title, text, found))


def encoded(title, text, *promises):
    """What an encoder would say that finds the words of `promises` and nothing else."""
    composed = compose(title, text)
    spoken = {word.casefold().strip(".,;") for promise in promises for word in promise.split()}
    rows = [
        (start, end, weight, weight)
        for start, end in words(composed)
        for weight in [4.0 if composed[start:end].casefold().strip(".,;") in spoken else -6.0]
    ]
    return Encoded(np.zeros(2, dtype=np.float32), np.array(rows, dtype=np.float32).reshape(-1, 4))


def quote(title, text, *promises):
    (sentences,) = split_sentences([text])
    return best_quotation(title, text, word_weights(title, text, encoded(title, text, *promises)), sentences)


def test_the_passage_that_weighs_most_is_quoted():
    text = (
        "The registry dates from 1998 and is kept on paper. The agency will hold monthly workshops with "
        "residents of the three districts. Budget: 2 million."
    )
    found = quote("Land registry", text, "monthly workshops with residents")
    assert "monthly workshops with residents" in found and len(found.split()) == 6


def test_a_quotation_never_runs_over_a_sentence():
    text = "Citizens vote on projects. Projects are built by the council."
    assert quote("", text, "Citizens vote on projects built by the council") in (
        "Citizens vote on projects",
        "Projects are built by the council",
    )


def test_a_promise_in_the_title_is_quoted_from_the_title():
    title = "Co-designing the tax portal with its users"
    assert quote(title, "The portal dates from 2009.", title) == title


def test_a_title_that_the_text_repeats_does_not_shift_the_weights():
    title = "Open contracts."
    text = "Open contracts. The ministry publishes every contract within ten days."
    found = quote(title, text, "publishes every contract")
    assert "publishes every contract" in found and "Open" not in found


def test_a_long_promise_is_cut_to_25_words():
    text = " ".join(f"word{i}" for i in range(80))
    assert len(quote("", text, text).split()) == MAX_WORDS


def test_one_strong_word_brings_its_neighbours():
    found = quote("", "Every year there is a referendum about the plan", "referendum")
    assert "referendum" in found
    assert len(found.split()) >= 6


def test_words_beyond_the_encoders_limit_weigh_nothing():
    text = "Citizens vote on the budget. " + "Then follows much else. " * 30
    short = Encoded(np.zeros(2, dtype=np.float32), encoded("", text, "Citizens vote").passages[:5])
    title_weights, text_weights = word_weights("", text, short)
    assert len(title_weights) == 0
    assert text_weights[:2].min() > 0.9
    assert text_weights[5:].max() == 0


def test_signs_that_normalising_splits_keep_the_weights_in_place():
    # NFKC turns the acute accent into a blank with a combining sign, the ligature into two letters.
    text = "The o´clock ﬁgures ① stay secret while citizens vote freely"
    weights = word_weights("", text, encoded("", text, "vote"))[1]
    assert [text[slice(*span)] for span, w in zip(words(text), weights, strict=True) if w > 0.5] == ["vote"]


@pytest.mark.parametrize("blank", ["\x0b", "\x1c", "\x1f", "\x0c", "\x85", "\u2028", "\xa0", "\u3000"])
def test_every_blank_parts_words(blank):
    text = f"Old system{blank}Now citizens vote freely"
    assert normalise(text) == "Old system Now citizens vote freely"
    weights = word_weights("", text, encoded("", text, "vote"))[1]
    assert [text[slice(*span)] for span, w in zip(words(text), weights, strict=True) if w > 0.5] == ["vote"]


strange = st.text(
    st.one_of(
        st.sampled_from("abc   .;•\n\t\r\x0b\x1c\x00\x7f´¨½ﬁﷺ①e\u0301\u200b\ufeff\u0345İß\u2028\u3000…。"),
        st.characters(exclude_categories=("Cs",)),
    ),
    max_size=200,
)


@settings(deadline=None, max_examples=300)
@given(strange, strange, st.integers(0, 5))
@example("", "x" * 5000, 0)
@example("...", "...", 1)
@example("A ..", "A .. b", 2)
@example("\x01", "´", 3)
def test_any_text_gives_an_exact_quotation_of_at_most_25_words(title, text, seed):
    rng = np.random.default_rng(seed)
    spans = np.array(words(compose(title, text)), dtype=float).reshape(-1, 2)
    rows = np.concatenate([spans, rng.normal(0, 3, size=(len(spans), 2))], axis=1).astype(np.float32)
    weights = word_weights(title, text, Encoded(np.zeros(2, dtype=np.float32), rows))
    assert [len(part) for part in weights] == [len(words(title)), len(words(text))]
    assert all(((part >= 0) & (part <= 1)).all() for part in weights)
    (sentences,) = split_sentences([text])
    found = best_quotation(title, text, weights, sentences)
    assert found in title or found in text
    assert len(found.split()) <= MAX_WORDS
    assert bool(found) == bool(words(title) or words(text))
