"""Characters, markers and hyphens: examples and properties."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.normalise import Words, clean, join, settle_hyphens, split_marker, vocabulary

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
WORD = st.text("abcdefghijklmnopqrstuvwxyzáéñç", min_size=2, max_size=10)


@given(TEXT)
def test_cleaning_twice_changes_nothing_more(text):
    once = clean(text)
    assert clean(once) == once
    assert "  " not in once and once == once.strip()


@given(TEXT)
def test_cleaning_keeps_every_letter_and_figure(text):
    kept = [c for c in text if c.isalnum() and c.isascii()]
    found = iter(clean(text))
    assert all(c in found for c in kept)  # in this order


@given(st.sampled_from(["•", "–", "1.", "2.3", "(a)", "a)", "iv.", "12)"]), WORD)
def test_markers_are_parted_from_the_text(marker, word):
    if marker == "(a)":
        assert split_marker(f"{marker} {word}") in (("(a)", word), ("", f"{marker} {word}"))
    else:
        assert split_marker(f"{marker} {word}") == (marker, word)


@given(TEXT)
def test_the_text_after_a_marker_is_the_end_of_the_whole(text):
    marker, rest = split_marker(text)
    assert text.endswith(rest)
    assert marker or rest == text


@given(WORD, WORD)
def test_a_broken_word_is_joined_as_the_document_writes_it(left, right):
    assert join(f"{left}-", right, Words(frozenset({left + right}))) == left + right
    assert join(f"{left}\x02", right, Words(frozenset({f"{left}-{right}"}))) == f"{left}-{right}"
    assert join(left, right, Words()) == f"{left} {right}"


@given(st.lists(WORD, min_size=1, max_size=12))
def test_joining_lines_loses_no_letter(lines):
    joined = ""
    for line in lines:
        joined = join(joined, f"{line}-", Words())
    assert [c for c in joined if c.isalpha()] == [c for line in lines for c in line]


def test_the_habit_of_the_document_decides_for_unknown_words():
    by_machine = vocabulary(["the infor-", "mation on pro-", "tection of", "information", "protection"])
    by_hand = vocabulary(["a govern-wide and", "govern wide", "a well-", "known plan", "well known govern-", "wide"])
    assert by_machine.hyphenated and not by_hand.hyphenated
    assert join("trans-", "parency", by_machine) == "transparency"
    assert join("self-", "driving", by_hand) == "self-driving"


def test_parts_of_broken_words_are_no_words():
    assert "tection" not in vocabulary(["data protec-", "tection of rights"]).known


def test_hyphen_marks_inside_a_line():
    words = Words(frozenset({"information"}))
    assert settle_hyphens("the infor\x02mation", words) == "the information"
    assert settle_hyphens("plain", words) == "plain"


def test_figures_at_the_start_are_no_markers():
    for text in ("2020 was the year", "150 people", "1.000 homes", "3 AI systems"):
        assert split_marker(text) == ("", text)
    assert split_marker("28.DWP publishes") == ("28.", "DWP publishes")
