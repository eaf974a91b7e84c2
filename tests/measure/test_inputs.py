"""What `measure` takes, and what it says to what it cannot take."""

import pandas as pd
import pytest
from fictional import PARAMS

from pipeline.domain.errors import UserError
from pipeline.measure.inputs import check_params, read_classified
from pipeline.measure.stage import measure

BARE = "id,cluster,iap2_level\n001,service_design,none\n002,strategy_policy,involve\n"


def test_a_bare_classified_table_is_measured(tmp_path):
    path = tmp_path / "classified.csv"
    path.write_text("\ufeff" + BARE, encoding="utf-8")
    table = read_classified(path)
    assert list(table["commitment_id"]) == ["001", "002"]
    rows = measure(table, None, PARAMS, None)["deficit"].set_index("estimate_id")
    assert rows.loc["below_threshold/involve", "estimate"] == 0.5
    assert "expert_substitution" not in set(rows["measure"])  # not coded, so not measured


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("id,cluster,iap2_level\n", "has no rows"),
        ("cluster,iap2_level\nservice_design,none\n", "no column 'id'"),
        ("id,iap2_level\n1,none\n", "no column 'cluster'"),
        ("id,cluster\n1,service_design\n", "no column 'iap2_level'"),
        (BARE + "001,service_design,none\n", "row 4 repeats the id '001'"),
        (BARE + ",service_design,none\n", "row 4 has no id"),
        (BARE + "3,services,none\n", "row 4 has 'services' in cluster"),
        (BARE + "3,service_design,\n", "row 4 has nothing in iap2_level"),
        ("id,cluster,iap2_level,publics\n1,service_design,none,public|robots\n", "'robots' in publics"),
        ('id,cluster,iap2_level\n1,"service_design,none\n', "not a readable CSV"),
    ],
)
def test_a_bad_table_gives_one_clear_line(tmp_path, content, message):
    path = tmp_path / "classified.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UserError) as error:
        read_classified(path)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_a_folder_and_another_encoding_are_told_apart(tmp_path):
    with pytest.raises(UserError, match="not found"):
        read_classified(tmp_path / "none.csv")
    with pytest.raises(UserError, match="is a folder"):
        read_classified(tmp_path)
    path = tmp_path / "latin.csv"
    path.write_bytes("id,cluster,iap2_level,title\n1,service_design,none,Telefónica\n".encode("cp1252"))
    with pytest.raises(UserError, match="not UTF-8"):
        read_classified(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"threshold": "engage"}, "measure.threshold"),
        ({"targets": {}}, "measure.targets.strategy_policy"),
        ({"targets": "involve"}, "measure.targets is"),
        ({"bootstrap": 5}, "measure.bootstrap"),
        ({"min_group": "ten"}, "measure.min_group"),
        ({"min_reviewed": 0}, "measure.min_reviewed"),
        ({"seed": None}, "measure.seed"),
    ],
)
def test_a_wrong_parameter_is_named(change, message):
    with pytest.raises(UserError, match=message):
        check_params(PARAMS | change)


def test_a_corpus_without_digital_commitments_is_measured_as_such():
    table = pd.DataFrame({"id": ["1", "2"], "cluster": ["not_digital"] * 2, "iap2_level": ["none", "involve"]})
    rows = measure(table, None, PARAMS, None)["deficit"]
    assert set(rows["measure"]) == {"in_scope_share"}
    assert rows["estimate"].iloc[0] == 0
