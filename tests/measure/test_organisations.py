"""Bodies named in plans: cut apart, told by kind, counted."""

import pandas as pd
import pytest
from fictional import PARAMS
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.schema import ORGANISATION_KINDS
from pipeline.measure.organisations import collect, key_of, kind_of, partners, split


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("Ministry of Finance; Ministry of Justice", ["Ministry of Finance", "Ministry of Justice"]),
        ("Ministry of Economy, Finance and Digital Affairs", ["Ministry of Economy, Finance and Digital Affairs"]),
        ("Ministry of Finance and Ministry of Justice", ["Ministry of Finance", "Ministry of Justice"]),
        ("Ministerio de Hacienda y Secretaría de Gobierno", ["Ministerio de Hacienda", "Secretaría de Gobierno"]),
        ("AGESIC, MEF", ["AGESIC", "MEF"]),
        ("• River University\n• Open Valley Foundation", ["River University", "Open Valley Foundation"]),
        ("NGOs", []),
        ("civil society organisations; N/A", []),
        ("", []),
    ],
)
def test_fields_are_cut_where_names_end(field, names):
    assert split(field) == names


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Ministry of Digital Affairs", "government"),
        ("Ministère de la Justice", "government"),
        ("Universidad del Río", "academia"),
        ("Fundación Valle Abierto", "civil_society"),
        ("Associação Vale Aberto", "civil_society"),
        ("Cámara de Comercio de la Costa", "industry"),
        ("United Nations Development Programme", "international"),
        ("Commission européenne", "government"),
        ("QZW", "unknown"),
    ],
)
def test_kinds_are_told_by_words(name, kind):
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("built in partnership with the Open Valley Foundation, by 2025", ["Open Valley Foundation"]),
        ("en alianza con la Fundación Valle Abierto se hará", ["Fundación Valle Abierto"]),
        ("em parceria com a Associação Vale Aberto.", ["Associação Vale Aberto"]),
        ("en partenariat avec l'Association Val Ouvert.", ["Association Val Ouvert"]),
        ("in partnership with civil society", []),
        ("Together with Others", []),
    ],
)
def test_partners_are_read_from_text(text, names):
    assert partners(text) == names


def test_spellings_of_one_body_are_counted_once():
    table = pd.DataFrame(
        {
            "commitment_id": ["1", "2", "3"],
            "country": "XAA",
            "cluster": ["service_design", "strategy_policy", "not_digital"],
            "iap2_level": ["involve", "none", "empower"],
            "text": "",
            "lead_institution": ["Ministry of Finance (MF)", "the ministry of Finance", "Ministry of Finance"],
            "supporting_institutions": ["", "Ministry of Finance", ""],
        }
    )
    found = collect(table, PARAMS)
    assert len(found) == 1
    row = found.iloc[0]
    assert (row["name"], row["kind"]) == ("Ministry of Finance", "government")
    assert (row["commitments"], row["in_scope"], row["at_threshold"]) == (3, 2, 1)
    assert (row["as_lead"], row["as_support"], row["as_partner"]) == (3, 1, 0)
    assert row["highest_level"] == "involve"  # empower is out of scope
    assert row["commitment_ids"] == "1|2|3"


def test_one_name_in_two_countries_is_two_bodies():
    table = pd.DataFrame(
        {
            "commitment_id": ["1", "2"],
            "country": ["XAA", "XBB"],
            "cluster": "service_design",
            "iap2_level": "none",
            "lead_institution": "Ministry of Finance",
        }
    )
    assert list(collect(table, PARAMS)["country"]) == ["XAA", "XBB"]


@given(st.text(max_size=200))
def test_any_field_can_be_read(field):
    for name in split(field):
        assert name == name.strip() and 0 < len(name) <= 120
        assert kind_of(name) in ORGANISATION_KINDS
        key_of(name)
    partners(field)
