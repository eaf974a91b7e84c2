"""Every measure against a value worked out by hand on ten commitments of two plans."""

import pandas as pd
import pytest
from fictional import PARAMS

from pipeline.domain import codebook, schema
from pipeline.measure.stage import measure

COLUMNS = [
    "id",
    "document",
    "country",
    "cluster",
    "iap2_level",
    "participation_in",
    "publics",
    "mandate",
    "touchpoints",
]
ROWS = [
    ("1", "A.pdf", "XAA", "strategy_policy", "involve", "digital", "public|civil_society", "yes", "agenda|design"),
    ("2", "A.pdf", "XAA", "service_design", "none", "none", "", "", ""),
    ("3", "A.pdf", "XAA", "service_design", "inform", "through_digital", "public", "", ""),
    ("4", "A.pdf", "XAA", "oversight_redress", "consult", "through_digital", "public|affected", "no", "oversight"),
    ("5", "A.pdf", "XAA", "oversight_redress", "collaborate", "digital", "civil_society", "yes", "oversight|delivery"),
    ("6", "A.pdf", "XAA", "not_digital", "involve", "none", "public", "yes", ""),
    ("7", "B.pdf", "XBB", "tech_regulation", "none", "none", "experts", "", ""),
    ("8", "B.pdf", "XBB", "tech_regulation", "inform", "digital", "industry", "", ""),
    ("9", "B.pdf", "XBB", "foundational_tech", "empower", "digital", "public", "no", "decision"),
    ("10", "B.pdf", "XBB", "service_design", "consult", "digital", "experts|industry", "no", "design"),
]
TABLE = pd.DataFrame(ROWS, columns=COLUMNS)


@pytest.fixture(scope="module")
def results() -> dict[str, pd.DataFrame]:
    return measure(TABLE, None, PARAMS, None)


@pytest.mark.parametrize(
    ("estimate_id", "value", "n"),
    [
        # Six of the nine in-scope commitments (2, 3, 4, 7, 8, 10) are below involve.
        ("below_threshold/involve", 6 / 9, 9),
        ("below_threshold/country=XAA/involve", 3 / 5, 5),
        ("below_threshold/cluster=service_design/involve", 1.0, 3),
        ("below_threshold/country=XAA/cluster=oversight_redress/involve", 1 / 2, 2),
        # Shortfalls: 0, 4, 3, 1, 0, 3, 2, 0, 2 levels.
        ("mean_shortfall", 15 / 9, 9),
        ("mean_shortfall/cluster=service_design", 3.0, 3),
        ("level_share/none", 2 / 9, 9),
        ("level_share/inform", 2 / 9, 9),
        ("level_share/consult", 2 / 9, 9),
        ("level_share/involve", 1 / 9, 9),
        ("level_share/collaborate", 1 / 9, 9),
        ("level_share/empower", 1 / 9, 9),
        ("in_scope_share", 9 / 10, 10),
        # Only 1, 5 and 9 reach involve in digital governance itself.
        ("no_say_in_digital/involve", 6 / 9, 9),
        # 3 and 4 of the seven in which anyone takes part or is informed.
        ("through_digital_share", 2 / 7, 7),
        ("engaged_share/public", 4 / 9, 9),
        ("engaged_share/affected", 1 / 9, 9),
        ("engaged_share/civil_society", 2 / 9, 9),
        ("engaged_share/experts", 2 / 9, 9),
        ("engaged_share/industry", 2 / 9, 9),
        ("affected_communities", 1 / 9, 9),
        # 7, 8 and 10 of the eight that engage anyone.
        ("expert_substitution", 3 / 8, 8),
        # 1 and 5 of the five at consult or higher.
        ("mandate_share", 2 / 5, 5),
        ("touchpoint_share/design", 2 / 9, 9),
        ("touchpoints_mean", 7 / 9, 9),
        ("touchpoints_opened/country=XAA", 4.0, 5),
        ("touchpoints_opened/document=B.pdf", 2.0, 4),
        ("touchpoints_opened_countries", 3.0, 9),
        ("touchpoints_opened_plans", 3.0, 9),
        ("links_open/country=XAA/involve", 1.0, 5),
        ("links_open/country=XBB/involve", 0.0, 4),
        ("loops_closed/country=XAA/involve", 0.0, 5),
        ("isolated_activities/country=XAA/involve", 0.0, 2),
        ("isolated_activities/country=XBB/involve", 1.0, 1),
        ("link_open_countries/oversight_redress>strategy_policy", 1 / 2, 9),
        ("link_open_plans/strategy_policy>service_design", 0.0, 9),
        ("loop_closed_countries/service", 0.0, 9),
        ("loop_closed_plans/regulation", 0.0, 9),
    ],
)
def test_the_value_is_the_one_worked_out_by_hand(results, estimate_id, value, n):
    row = results["deficit"].set_index("estimate_id").loc[estimate_id]
    assert row["counted"] == pytest.approx(value, abs=1e-6)
    assert row["estimate"] == pytest.approx(value, abs=1e-6)
    assert row["n"] == n


def test_the_levels_add_up_to_one_in_every_group(results):
    deficit = results["deficit"]
    levels = deficit[deficit["measure"] == "level_share"]
    sums = levels.groupby(["grouping", "country", "document", "cluster"], dropna=False)["estimate"].sum()
    assert ((sums - 1).abs() < 1e-4).all()
    assert set(levels["category"]) == set(codebook.LEVELS)


def test_another_threshold_and_other_targets_change_what_is_measured():
    params = PARAMS | {"threshold": "consult", "targets": dict.fromkeys(codebook.IN_SCOPE, "consult")}
    rows = measure(TABLE, None, params, None)["deficit"].set_index("estimate_id")
    assert rows.loc["below_threshold/consult", "estimate"] == pytest.approx(4 / 9, abs=1e-6)
    assert rows.loc["mean_shortfall", "estimate"] == pytest.approx((2 + 1 + 2 + 1) / 9, abs=1e-6)


def test_intervals_hold_their_estimate_and_stay_in_range(results):
    deficit = results["deficit"].dropna(subset=["low"])
    assert (deficit["low"] <= deficit["estimate"]).all()
    assert (deficit["estimate"] <= deficit["high"]).all()
    assert (deficit["low"] >= 0).all()
    shares = deficit[deficit["unit"] == "share"]
    assert (shares["high"] <= 1).all()


def test_a_group_in_which_all_agree_still_has_an_interval(results):
    row = results["deficit"].set_index("estimate_id").loc["below_threshold/cluster=service_design/involve"]
    assert row["estimate"] == row["high"] == 1
    # Three of three: Jeffreys' interval starts at about 0.47 to 0.52 before it is widened for three rows.
    assert row["low"] < 0.55


def test_small_groups_are_marked_and_not_hidden(results):
    deficit = results["deficit"]
    assert deficit.set_index("estimate_id").loc["below_threshold/country=XBB/involve", "small"]
    large = measure(TABLE, None, PARAMS | {"min_group": 3}, None)["deficit"].set_index("estimate_id")
    assert not large.loc["below_threshold/country=XBB/involve", "small"]
    assert len(large) == len(deficit)


def test_every_group_that_the_table_has_columns_for_is_there(results):
    deficit = results["deficit"]
    assert {"all", "country", "document", "cluster", "country|cluster", "region"} <= set(deficit["grouping"])
    assert "policy_area" not in set(deficit["grouping"])  # the table has no such column
    assert not deficit["estimate_id"].duplicated().any()
    assert list(deficit) == schema.DEFICIT.names


def test_a_commitment_counts_in_each_of_its_policy_areas():
    table = TABLE.assign(policy_areas=["inclusion|open_data"] + ["open_data"] * 9)
    rows = measure(table, None, PARAMS, None)["deficit"].set_index("estimate_id")
    assert rows.loc["below_threshold/policy_area=inclusion/involve", "n"] == 1
    assert rows.loc["below_threshold/policy_area=open_data/involve", "n"] == 9
    # Number 1 reaches involve; of all nine in scope six do not.
    assert rows.loc["below_threshold/policy_area=inclusion/involve", "counted"] == 0
    assert rows.loc["below_threshold/policy_area=open_data/involve", "counted"] == pytest.approx(6 / 9, abs=1e-6)


def test_the_link_table_says_which_links_are_open(results):
    links = results["ecosystem"].set_index("link_id")
    assert links.loc["country=XAA/oversight_redress>strategy_policy", "open"]
    assert not links.loc["country=XAA/strategy_policy>service_design", "open"]
    assert links.loc["country=XAA/oversight_redress>strategy_policy", "source_commitments"] == 1
    assert not links["loop_closed"].any()
    assert len(links) == 4 * 6


def test_a_closed_loop_is_counted():
    table = pd.concat([TABLE, TABLE.iloc[[1]].assign(id="11", iap2_level="empower")])
    rows = measure(table, None, PARAMS, None)["deficit"].set_index("estimate_id")
    assert rows.loc["loops_closed/country=XAA/involve", "estimate"] == 1
    assert rows.loc["links_open/country=XAA/involve", "estimate"] == 3


def test_documents_lend_country_year_and_kind():
    documents = pd.DataFrame(
        {"document": ["A.pdf", "B.pdf"], "country": ["XAA", "XBB"], "year": [2020, 2021], "kind": ["nap", "nap"]}
    )
    bare = TABLE.drop(columns=["country"])
    rows = measure(bare, documents, PARAMS, None)["deficit"].set_index("estimate_id")
    assert rows.loc["below_threshold/country=XAA/involve", "n"] == 5
    assert rows.loc["below_threshold/year=2021/involve", "n"] == 4
    assert rows.loc["below_threshold/kind=nap/involve", "n"] == 9


def test_a_table_of_many_plans_counts_as_many_documents():
    table = TABLE.assign(document="export.csv", year=["2019", "2021"] * 5)
    rows = measure(table, None, PARAMS, None)["deficit"].set_index("estimate_id")
    # Countries XAA and XBB in two years each; rows 2 and 4 are XAA's of 2021.
    assert rows.loc["below_threshold/involve", "documents"] == 4
    assert rows.loc["below_threshold/country=XAA/involve", "documents"] == 2
    assert rows.loc["below_threshold/country=XAA|year=2021/involve".replace("|", "/"), "n"] == 2


def test_the_same_input_gives_the_same_tables():
    first, second = (measure(TABLE, None, PARAMS, None) for _ in range(2))
    for name in first:
        pd.testing.assert_frame_equal(first[name], second[name])
