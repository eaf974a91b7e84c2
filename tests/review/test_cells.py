"""What people and spreadsheets make of a label, a date or a quotation."""

import pytest

from pipeline.review.cells import CellError, day, label, labels, quotation


@pytest.mark.parametrize(
    ("column", "typed", "meant"),
    [
        ("reviewed_iap2_level", "  “Involve” ", "involve"),
        ("reviewed_iap2_level", "3", "involve"),
        ("reviewed_iap2_level", "3.0", "involve"),
        ("reviewed_iap2_level", "3 – involve", "involve"),
        ("reviewed_iap2_level", "0 none", "none"),
        ("reviewed_cluster", "Service\u00a0Design", "service_design"),
        ("reviewed_cluster", "not-digital.", "not_digital"),
        ("reviewed_cluster", "Co-design of digital public services", "service_design"),
        ("status", "AGREE", "agree"),
        ("reviewed_mandate", "", ""),
    ],
)
def test_labels_are_understood(column, typed, meant):
    assert label(column, typed) == meant


@pytest.mark.parametrize(
    ("column", "typed"),
    [
        ("reviewed_iap2_level", "7"),
        ("reviewed_iap2_level", "3 consult"),
        ("reviewed_cluster", "services"),
        ("status", "ok"),
    ],
)
def test_what_is_no_label_is_told_what_is_allowed(column, typed):
    with pytest.raises(CellError, match="allowed: "):
        label(column, typed)


def test_lists_take_any_separator_and_come_in_the_codebooks_order():
    assert (
        labels("reviewed_publics", "Industry; civil society,PUBLIC\naffected|")
        == "public|affected|civil_society|industry"
    )
    with pytest.raises(CellError):
        labels("reviewed_publics", "public|people")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", ""),
        ("2026-03-31", "2026-03-31"),
        ("2026-03-31 00:00:00", "2026-03-31"),
        ("31.03.2026", "2026-03-31"),
        ("31/3/2026", "2026-03-31"),
        ("3/31/2026", "2026-03-31"),
        ("3/31/26", "2026-03-31"),
        ("4/4/2026", "2026-04-04"),
        ("31-Mar-2026", "2026-03-31"),
        ("46112", "2026-03-31"),
    ],
)
def test_dates_are_understood(typed, meant):
    assert day(typed) == meant


@pytest.mark.parametrize("typed", ["03/04/2026", "31/31/2026", "2026-02-30", "soon"])
def test_what_is_no_date_or_could_be_two_is_refused(typed):
    with pytest.raises(CellError):
        day(typed)


def test_a_quotation_is_found_as_printed_whatever_the_spreadsheet_made_of_it():
    body = "The agency will connect its\nregisters – the “data bridge” – by May."
    assert quotation('its registers - THE "data bridge"', "", body) == "its\nregisters – the “data bridge”"
    assert quotation("…“Open data”", "Open Data for all", body) == "Open Data"
    with pytest.raises(CellError, match="exact quotation"):
        quotation("another text", "Title", body)
