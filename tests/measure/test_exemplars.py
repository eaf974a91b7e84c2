"""Models to adapt and near-misses."""

import pandas as pd
import pytest
from fictional import PARAMS
from hypothesis import given
from hypothesis import strategies as st

from pipeline.measure.exemplars import choose, places, quotation


def commitment(number, level, text, cluster="service_design", document="a.pdf", probability=0.8):
    return {
        "commitment_id": f"c{number}",
        "document": document,
        "cluster": cluster,
        "iap2_level": level,
        "iap2_probability": probability,
        "title": f"Title {number}",
        "text": text,
        "evidence": text[:20] if level != "none" else "",
        "evidence_page": 7,
        "page_start": 6,
        "country": "XAA",
        "year": "2021",
    }


def test_the_highest_and_surest_come_first():
    table = pd.DataFrame(
        [
            commitment(1, "involve", "Workshops with users of the portal."),
            commitment(2, "empower", "Residents decide by binding vote."),
            commitment(3, "involve", "Workshops with users of the portal.", probability=0.9),
            commitment(4, "consult", "Comments are invited on the portal."),
        ]
    )
    found = choose(table, PARAMS)
    best = found[found["role"] == "exemplar"]
    assert list(best["commitment_id"]) == ["c2", "c3", "c1"]
    assert list(best["rank"]) == [1, 2, 3]
    assert best.iloc[0]["quotation"] == "Residents decide by "
    assert best.iloc[0]["page"] == 7


def test_one_plan_does_not_crowd_out_the_others():
    rows = [commitment(n, "empower", "Residents decide by vote.", document="a.pdf") for n in range(6)]
    rows += [commitment(10 + n, "involve", "Workshops are held.", document=f"b{n}.pdf") for n in range(3)]
    best = choose(pd.DataFrame(rows), PARAMS)
    assert list(best["document"]) == ["a.pdf", "a.pdf", "b0.pdf", "b1.pdf", "b2.pdf"]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("The draft law will be published on the portal.", "consult"),
        ("A user-centred portal publishes budget data.", "involve"),
        ("Se publicará el anteproyecto en el portal.", "consult"),
        ("Le portail répond aux besoins des usagers.", "involve"),
        ("O portal publica a minuta do decreto.", "consult"),
        ("A steering committee of ministries publishes data.", "involve"),
    ],
)
def test_a_place_for_more_makes_a_near_miss(text, level):
    found = choose(pd.DataFrame([commitment(1, "inform", text)]), PARAMS)
    assert list(found["role"]) == ["near_miss"]
    assert found.iloc[0]["suggested_level"] == level
    assert found.iloc[0]["quotation"] in text


def test_no_near_miss_without_a_place_or_out_of_scope_or_at_another_level():
    table = pd.DataFrame(
        [
            commitment(1, "inform", "The budget is published as open data."),
            commitment(2, "inform", "The draft law is published.", cluster="not_digital"),
            commitment(3, "none", "The draft law is passed on."),
            commitment(4, "inform", "Published without a pilot phase."),
        ]
    )
    assert choose(table, PARAMS).empty


@given(st.text(max_size=400), st.data())
def test_a_quotation_is_a_piece_of_its_text(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert quotation(text, start, end) in text


@given(st.text(max_size=300))
def test_places_stand_in_the_text(text):
    for place in places(text):
        assert 0 <= place.start < place.end <= len(text)
