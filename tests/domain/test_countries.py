"""Country codes and regions."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.countries import ILLUSTRATIVE, code_of, countries, country, region_of


def test_every_official_code_is_listed_once_with_name_and_region() -> None:
    listed = countries()
    assert len(listed) == 249 + 2
    assert all(re.fullmatch("[A-Z]{3}", code) and row.name and row.region for code, row in listed.items())


def test_regions_have_the_sizes_that_m49_gives_them() -> None:
    sizes = Counter(row.region for row in countries().values())
    # Asia with Taiwan, Europe with Kosovo and the European Union; the rest as M49 counts them.
    assert sizes == {"Africa": 60, "Americas": 57, "Asia": 51, "Europe": 53, "Oceania": 29, "Antarctica": 1}


def test_some_regions() -> None:
    assert (region_of("BRA"), region_of("FRA"), region_of("KEN"), region_of("NZL")) == (
        "Americas", "Europe", "Africa", "Oceania",
    )  # fmt: skip
    kosovo, sao_tome = country("XKX"), country("STP")
    assert kosovo and kosovo.subregion == "Southern Europe"
    assert sao_tome and sao_tome.subregion == "Middle Africa"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *(("Kenya", "KEN"), ("KENYA ", "KEN"), ("KEN", "KEN"), ("The Gambia", "GMB"), ("Turkey", "TUR")),
        *(("Alemania", "DEU"), ("Corée du Sud", "KOR"), ("Republic of Korea", "KOR"), ("Costa d’Avorio", "CIV")),
        *(("Kyrgyz Republic", "KGZ"), ("Bosnia & Herzegovina", "BIH"), ("Vereinigtes Königreich", "GBR")),
        *(("Arboria", ""), ("", ""), ("Kingdom", "")),
    ],
)
def test_countries_are_known_by_their_names(name: str, code: str) -> None:
    assert code_of(name) == code


def test_every_listed_name_leads_back_to_its_code() -> None:
    assert [code for code, row in countries().items() if code_of(row.name) != code or code_of(code) != code] == []


@given(st.text(max_size=5))
def test_any_text_is_a_country_or_none(code: str) -> None:
    found = country(code)
    assert region_of(code) == (found.region if found else "")
    if found:
        assert re.fullmatch("[A-Z]{3}", code)


@given(st.from_regex(r"(AA[A-Z]|Q[M-Z][A-Z]|X[A-JL-Z][A-Z]|ZZ[A-Z])", fullmatch=True))
def test_user_assigned_codes_are_illustrative(code: str) -> None:
    assert region_of(code) == ILLUSTRATIVE


def test_unassigned_codes_are_no_countries() -> None:
    assert [code for code in ("QLA", "ABC", "UKR ", "fra", "", "ZYZ") if country(code)] == []
