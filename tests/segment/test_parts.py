"""Numbers, cue files, fields and ids."""

import copy
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.codebook import LANGUAGES
from pipeline.domain.errors import UserError
from pipeline.segment import cues, fields, identity, numbering
from pipeline.segment.elements import read

from .layouts import Plan

CUES = Path(cues.__file__).parent / "cues"


@pytest.mark.parametrize(
    ("text", "style", "values"),
    [
        ("1.", "arabic", (1,)),
        ("1.2.3", "arabic", (1, 2, 3)),
        ("(iv)", "roman", (4,)),
        ("XII.", "ROMAN", (12,)),
        ("B.", "LETTER", (2,)),
        ("c)", "letter", (3,)),
        ("OB.1.1", "arabic", (1, 1)),
        ("3º", "arabic", (3,)),
    ],
)
def test_printed_numbers_are_read(text: str, style: str, values: tuple[int, ...]) -> None:
    number = numbering.parse(text)
    assert number is not None and (number.style, number.values) == (style, values)


@pytest.mark.parametrize("text", ["2020", "1,000", "word", "", "150%", "1.000.000", "iiii"])
def test_quantities_years_and_words_are_no_numbers(text: str) -> None:
    assert numbering.parse(text) is None


@given(st.text(max_size=12))
def test_parsing_a_number_never_fails(text: str) -> None:
    number = numbering.parse(text)
    assert number is None or (number.values and number.printed)


@given(st.lists(st.integers(1, 6), min_size=1, max_size=6))
def test_series_that_restart_are_regular(lengths: list[int]) -> None:
    numbers = [numbering.parse(f"{n}.") for length in lengths for n in range(1, length + 2)]
    assert numbering.regularity([number for number in numbers if number]) == 1.0


def test_a_gap_makes_a_series_irregular() -> None:
    numbers = [numbering.parse(f"{n}.") for n in (1, 3, 7, 2)]
    assert numbering.regularity([number for number in numbers if number]) == 0.0


@pytest.mark.parametrize("language", [*LANGUAGES, "", "sv"])
def test_cues_of_every_language_load_and_know_all_field_names(language: str) -> None:
    found = cues.load(language)
    assert found.fields["federführung"] == "lead" and found.fields["plazo"] == "period"
    assert found.labels["engagement"] == "commitment" and found.labels["anexo"] == "aside"


def english() -> dict:
    return yaml.safe_load((CUES / "en.yaml").read_text(encoding="utf-8"))


def test_an_analyst_can_add_a_word() -> None:
    content = english()
    content["fields"]["lead"].append("who minds it")
    assert cues.check(content, "en.yaml") == content


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda c: c.pop("labels"), "block 'labels' is missing"),
        (lambda c: c["fields"].update(boss=["x"]), "'boss' in block 'fields' is not one of lead"),
        (lambda c: c["labels"].update(law="article"), "block 'labels: law' must be a list"),
        (lambda c: c["fields"]["lead"].append(7), "7 in block 'fields: lead' is not a word"),
        (lambda c: c["commits"].append("(will"), "'(will' in block 'commits' is not a regular expression"),
    ],
)
def test_a_wrong_cue_file_is_told_in_one_line(change, told: str) -> None:
    content = copy.deepcopy(english())
    change(content)
    with pytest.raises(UserError) as error:
        cues.check(content, "cues/en.yaml")
    assert told in str(error.value) and str(error.value).startswith("cues/en.yaml: ") and "\n" not in str(error.value)


def test_a_cue_file_without_blocks_is_told() -> None:
    with pytest.raises(UserError, match="has no blocks"):
        cues.check(["will"], "cues/en.yaml")


def parsed(*blocks: tuple[str, str], language: str = "en") -> dict[str, str]:
    plan = Plan(language)
    for kind, text in blocks:
        plan.block(kind, text)
    return fields.parse(read(plan.frame(), cues.load(language)))


def test_fields_of_a_table_are_read_cell_by_cell() -> None:
    found = parsed(
        ("table_row", "Lead agency | Ministry of Works"),
        ("table_row", "Partners | Data office; River Trust"),
        ("table_row", "Start date | March 2024 | End date | May 2026"),
    )
    assert found["lead_institution"] == "Ministry of Works"
    assert found["supporting_institutions"] == "Data office; River Trust"
    assert (found["start"], found["end"]) == ("March 2024", "May 2026")


def test_fields_inside_a_paragraph_are_parted() -> None:
    found = parsed(
        ("paragraph", "Responsable: Secretaría Azul. Plazo: de abril de 2023 a junio de 2025."), language="es"
    )
    assert found["lead_institution"] == "Secretaría Azul"
    assert (found["start"], found["end"]) == ("abril de 2023", "junio de 2025")


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        ("Timeline: January 2024 – June 2025", "January 2024", "June 2025"),
        ("Timeline: Completed within 3 months", "", "Completed within 3 months"),
        ("Deadline: May 2026", "", "May 2026"),
    ],
)
def test_dates_stay_as_printed(line: str, start: str, end: str) -> None:
    found = parsed(("paragraph", line))
    assert (found["start"], found["end"]) == (start, end)


def test_a_field_name_on_a_line_of_its_own_takes_the_lines_below() -> None:
    found = parsed(
        ("paragraph", "Lead agency"),
        ("paragraph", "Ministry of Works"),
        ("paragraph", "Milestones:"),
        ("paragraph", "Draft law – May 2024"),
        ("paragraph", "Law in force – May 2025"),
    )
    assert found["lead_institution"] == "Ministry of Works"
    assert found["milestones"] == "Draft law – May 2024|Law in force – May 2025"


def test_running_text_is_no_institution() -> None:
    long = "Lead: " + "a ministry that does many things " * 20
    assert parsed(("paragraph", long))["lead_institution"] == ""


@given(st.lists(st.text(min_size=1, max_size=30), max_size=8))
def test_ids_are_unique_and_stable(texts: list[str]) -> None:
    names = identity.ids("folder/plan.v2.pdf", texts)
    assert len(set(names)) == len(texts)
    assert names == identity.ids("folder/plan.v2.pdf", texts)
    assert all(name.startswith("plan.v2-") for name in names)


def test_ids_do_not_hang_on_spaces_and_case() -> None:
    assert identity.ids("a.pdf", ["Open  the\nRegister."]) == identity.ids("a.pdf", ["open the register"])
