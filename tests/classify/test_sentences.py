"""Sentences as spans: in any language, with bullets and line breaks, and never outside the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.classify.sentences import split_sentences


def sentences(text):
    return [text[start:end] for start, end in next(iter(split_sentences([text])))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("First comes this. Then that!", ["First comes this.", "Then that!"]),
        ("Publicar los datos; crear un portal", ["Publicar los datos;", "crear un portal"]),
        ("Objetivos:\n- un portail\n- des ateliers", ["Objetivos:", "- un portail", "- des ateliers"]),
        ("It will (a) equip offices; (b) train staff.", ["It will (a) equip offices;", "(b) train staff."]),
        ("Vota-se. § 2º O voto vincula.", ["Vota-se.", "§ 2º O voto vincula."]),
        ("See 3.4 of gov.example, e.g. the U.S. Act.", ["See 3.4 of gov.example, e.g. the U.S. Act."]),
        ("« Les citoyens votent. » Ensuite, rien.", ["« Les citoyens votent.", "» Ensuite, rien."]),
        ('He said "vote now." Then left…', ['He said "vote now."', "Then left…"]),
        ("• a portal • a forum", ["•", "a portal •", "a forum"]),
        ("No end", ["No end"]),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_where_a_sentence_ends(text, expected):
    assert sentences(text) == expected


def test_every_text_gets_its_own_list():
    assert [len(spans) for spans in split_sentences(["One. Two.", "", "Three."])] == [2, 0, 1]


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=300))
def test_spans_follow_each_other_and_leave_out_only_blanks(text):
    at = 0
    for start, end in next(iter(split_sentences([text]))):
        assert at <= start < end <= len(text)
        assert text[at:start].strip() == ""
        assert text[start:end].strip() == text[start:end]
        at = end
    assert text[at:].strip() == ""


def test_a_book_in_one_cell_is_read_to_its_end():
    text = "A sentence of words. " * 12_000
    assert len(next(iter(split_sentences([text])))) == 12_000
