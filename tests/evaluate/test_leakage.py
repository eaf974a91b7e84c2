"""Near-duplicates between training and evaluation are found, and taken out of the figures."""

import pandas as pd

from pipeline.evaluate.leakage import duplicates, nearest

KNOWN = [
    "The ministry builds an open data portal and publishes all budget data there in open formats.",
    "A council of citizens and civil society organisations advises the agency twice a year.",
]


def test_a_repeated_text_is_near_and_a_new_one_is_not() -> None:
    repeated = KNOWN[0].replace("all budget data", "its budget data")
    found = nearest(KNOWN, [repeated, KNOWN[1], "Roads in the province are paved before winter."])
    assert found[0] > 0.8 and found[1] > 0.99 and found[2] < 0.3


def test_duplicates_are_those_above_the_mark() -> None:
    coded = pd.DataFrame({"id": ["a", "b", "c"], "nearest": ["0.93", "", "0.41"]})
    assert list(duplicates(coded)) == ["a"]
    assert list(duplicates(coded.drop(columns="nearest"))) == []
