"""The registry of addresses: what is shipped, what is refused, what a filter chooses."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.collect.pace import retry_after
from pipeline.collect.registry import choose, read_registry
from pipeline.domain import codebook
from pipeline.domain.errors import UserError

SHIPPED = Path(__file__).parents[2] / "corpus" / "registry.csv"
HEADER = "id,country,kind,title,year,language,format,address\n"
ROW = "xva-nap-2021,XVA,nap,Plan,2021,fr,pdf,https://plans.example/plan.pdf"


def test_shipped_registry_can_be_read() -> None:
    entries = read_registry(SHIPPED)
    assert len(entries) >= 100
    assert len({entry.address for entry in entries}) == len(entries)
    assert {entry.corpus_kind for entry in entries} == set(codebook.KINDS)


def test_filters_narrow_each_other() -> None:
    entries = read_registry(SHIPPED)
    plans = choose(entries, countries=["can"], kinds=["nap"])
    assert plans and all(entry.country == "CAN" and entry.kind == "nap" for entry in plans)
    year = plans[0].year
    assert choose(entries, ["CAN"], ["nap"], [year]) == [entry for entry in plans if entry.year == year]
    assert choose(entries, ids=[plans[0].id]) == [plans[0]]
    assert choose(entries) == entries


def test_kind_of_the_corpus_takes_in_the_finer_ones() -> None:
    entries = read_registry(SHIPPED)
    policies = choose(entries, kinds=["digital_policy"])
    assert {entry.kind for entry in policies} >= {"ai_policy", "regulation", "digital_policy"}
    assert {entry.kind for entry in choose(entries, kinds=["ai_policy"])} == {"ai_policy"}
    assert len(policies) + len(choose(entries, kinds=["nap"])) == len(entries)


@pytest.mark.parametrize(
    ("option", "given"),
    [
        ("country", {"countries": ["BRAZIL"]}),
        ("kind", {"kinds": ["plan"]}),
        ("year", {"years": [1700]}),
        ("id", {"ids": ["x"]}),
    ],
)
def test_filter_that_fits_nothing_is_told(option: str, given: dict[str, list[str]]) -> None:
    with pytest.raises(UserError, match=f"--{option} .*: no document"):
        choose(read_registry(SHIPPED), **given)  # type: ignore[arg-type]


def test_filters_that_exclude_each_other(tmp_path: Path) -> None:
    path = tmp_path / "registry.csv"
    path.write_text(
        HEADER + ROW + "\n" + ROW.replace("xva", "xvb").replace("XVA", "XVB").replace("2021", "2022") + "\n"
    )
    with pytest.raises(UserError, match="fits all of the options together"):
        choose(read_registry(path), ["XVA"], years=[2022])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "first line must be"),
        ("id,address\n", "first line must be"),
        (HEADER + "a,b\n", "row 1 has too few or too many cells"),
        (HEADER + ROW + "\n" + ROW + "\n", "row 2 repeats the id 'xva-nap-2021'"),
        (HEADER + ROW.replace("xva-nap", "../nap") + "\n", "an id is lower-case"),
        (HEADER + ROW.replace("XVA", "Valmorne") + "\n", "no ISO 3166-1"),
        (HEADER + ROW.replace("nap,Plan", "plan,Plan") + "\n", "has the kind 'plan', which is none of nap"),
        (HEADER + ROW.replace(",Plan,", ",,") + "\n", "has an empty title"),
        (HEADER + ROW.replace(",2021,", ",21,") + "\n", "which is no year from 1900 to 2100"),
        (HEADER + ROW.replace(",pdf,", ",odt,") + "\n", "has the format 'odt'"),
        (HEADER + ROW.replace("https:", "file:") + "\n", "does not start with http"),
        (HEADER + ROW.replace("plans.example", "[plans") + "\n", "cannot be read"),
        (HEADER + ROW.replace("plans.example", "plans.example:no") + "\n", "cannot be read"),
        (HEADER + ROW.replace("plans.example", "plans\x07.example") + "\n", "cannot be read"),
        (HEADER + ROW.replace("plans.example", "me:pw@plans.example") + "\n", "user name or password"),
    ],
)
def test_mistakes_name_row_and_remedy(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "registry.csv"
    path.write_text(text)
    with pytest.raises(UserError) as caught:
        read_registry(path)
    assert told in str(caught.value) and str(caught.value).startswith(f"{path}: ")


def test_files_that_are_no_registry(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not found; restore it"):
        read_registry(tmp_path / "none.csv")
    with pytest.raises(UserError, match="is a folder"):
        read_registry(tmp_path)
    (tmp_path / "latin.csv").write_bytes(HEADER.encode() + ROW.replace("Plan", "Plän").encode("latin-1"))
    with pytest.raises(UserError, match="UTF-8"):
        read_registry(tmp_path / "latin.csv")


def test_retry_after_as_seconds_and_as_date() -> None:
    assert retry_after("120") == 120
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert 50 < (retry_after(soon) or 0) <= 60
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert retry_after(None) is None and retry_after("soon") is None and retry_after("-3") is None


@given(st.text(max_size=40))
def test_retry_after_survives_any_text(text: str) -> None:
    seconds = retry_after(text)
    assert seconds is None or seconds >= 0
