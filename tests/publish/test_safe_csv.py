"""Cells that a spreadsheet would run, and the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.publish.safe_csv import neutralise, restore


@pytest.mark.parametrize("text", ["=1+1", "+44 20", "-5 % of users", "@SUM(A1)", "\tx", "\rx", "\uff1d1+1"])
def test_a_formula_gets_an_apostrophe(text):
    assert neutralise(text) == "'" + text
    assert restore(neutralise(text)) == text


@pytest.mark.parametrize("text", ["", "plain", "'quoted'", "1-2", "a=b", "«citizens’»"])
def test_other_text_stays_as_it_is(text):
    assert neutralise(text) == text
    assert restore(text) == text


@given(st.text(alphabet=st.sampled_from("'=+-@\t\rab "), max_size=8) | st.text(max_size=30))
def test_every_text_comes_back_and_none_starts_like_a_formula(text):
    safe = neutralise(text)
    assert restore(safe) == text
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r"))
