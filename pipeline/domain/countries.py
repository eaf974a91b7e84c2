"""Countries: ISO 3166-1 alpha-3 codes and their UN M49 regions (`countries.csv` beside this module).

The list holds the 249 officially assigned codes, and two that plans use though ISO assigns them to nobody: `XKX`
(Kosovo, user-assigned by wide convention) and `EUE` (European Union, exceptionally reserved). Names are short English
names and imply no position on any territory's status. Region and sub-region follow UN M49 (the intermediate region
where it has one); what M49 does not list as such (Taiwan, `XKX`, `EUE`) goes by geography.
"""

import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from babel import Locale
from babel.core import get_global

from pipeline.domain.codebook import LANGUAGES, LIST_SEPARATOR
from pipeline.domain.folding import folded

ILLUSTRATIVE = "Illustrative"
# The ranges that ISO 3166-1 leaves to its users: AAA-AAZ, QMA-QZZ, XAA-XZZ, ZZA-ZZZ.
_USER_ASSIGNED = re.compile(r"AA[A-Z]|Q[M-Z][A-Z]|X[A-Z]{2}|ZZ[A-Z]")


class Country(NamedTuple):
    """One row of `countries.csv`; `also`: other English names in use, `|`-separated."""

    iso3: str
    name: str
    region: str
    subregion: str
    also: str = ""


@cache
def countries() -> dict[str, Country]:
    """Every listed country by its code."""
    with Path(__file__).with_name("countries.csv").open(encoding="utf-8", newline="") as handle:
        return {row["iso3"]: Country(**row) for row in csv.DictReader(handle)}


def country(code: str) -> Country | None:
    """The country with the code `code`; None where ISO 3166-1 has no such code.

    User-assigned codes, which the sample corpus uses, belong to the region "Illustrative" and are named by their code.
    """
    listed = countries().get(code)
    if listed is None and _USER_ASSIGNED.fullmatch(code):
        return Country(code, code, ILLUSTRATIVE, ILLUSTRATIVE)
    return listed


def region_of(code: str) -> str:
    """UN M49 region of the country `code`; empty where there is no such code."""
    found = country(code)
    return found.region if found else ""


def code_of(name: str) -> str:
    """Code of a country named as in ISO 3166, as in CLDR (in the codebook's languages) or by its code; else empty.

    Case, accents, punctuation and a leading article do not matter.
    """
    given = name.strip()
    return given if country(given) else _codes().get(_plain(given), "")


@cache
def _codes() -> dict[str, str]:
    """Codes by plain name; a name that two languages give to two countries goes by the first language."""
    two_letters = {code: short[0] for code, short in get_global("territory_aliases").items() if code in countries()}
    found: dict[str, str] = {}
    for code, listed in countries().items():
        for name in (code, listed.name, *filter(None, listed.also.split(LIST_SEPARATOR))):
            found.setdefault(_plain(name), code)
    for language in LANGUAGES:
        names = Locale(language).territories
        for code, short in two_letters.items():
            found.setdefault(_plain(names.get(short, code)), code)
    return found


def _plain(name: str) -> str:
    words = " ".join(re.sub(r"[^\w]|_", " ", folded(name).replace("&", " and ")).split())
    return re.sub(r"^(the|la|le|les|el|los|o|os|a|die|der) ", "", words)
