"""Tables that cannot be coded: each slip is told by file, row and remedy."""

import pandas as pd
import pytest

from pipeline.classify.inputs import check_table
from pipeline.domain.errors import UserError


def check(**columns):
    return check_table(pd.DataFrame(columns), "plans.csv")


def test_a_good_table_passes_untouched():
    table = pd.DataFrame({"id": ["1", "2"], "text": ["a", "b"], "language": ["en", ""], "note": ["x", "y"]})
    assert check_table(table, "plans.csv").equals(table)


@pytest.mark.parametrize("language", ["en", "FR", " pt ", "sw", ""])
def test_languages_by_their_code(language):
    assert len(check(id=["1"], text=["a"], language=[language])) == 1


def test_commitment_id_serves_as_id():
    assert len(check(commitment_id=["1", "2"], text=["a", "b"])) == 2
    with pytest.raises(UserError, match="row 3: repeats the id"):
        check(commitment_id=["1", "1"], text=["a", "b"])


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"id": ["1"], "Texto": ["a"]}, r"no column 'text'; it needs 'id' and 'text' \(found: id, Texto\)"),
        ({"Nr": ["1"], "text": ["a"]}, "no column 'id'"),
        ({"id": ["1", "2", "1"], "text": ["a", "b", "c"]}, "row 4: repeats the id of an earlier row: 1;.*of its own"),
        ({"id": ["1", "1 "], "text": ["a", "b"]}, "row 3: repeats the id"),
        ({"id": ["1", " "], "text": ["a", "b"]}, "row 3: has no id; give every row"),
        ({"id": ["1"], "text": ["a"], "language": ["klingon"]}, "row 2: language 'klingon' is no ISO 639-1 code; use"),
        ({"id": ["1"], "text": ["a"], "language": ["en-GB"]}, "language 'en-GB'"),
        ({"id": ["1", "2"], "text": ["a", " \n"]}, "row 3: has neither title nor text; fill or delete it"),
        ({"id": ["1"], "text": [""], "title": [""]}, "row 2: has neither title nor text"),
    ],
)
def test_slips(columns, message):
    with pytest.raises(UserError, match=f"plans.csv.*{message}") as told:
        check(**columns)
    assert "\n" not in str(told.value)


def test_a_title_alone_can_be_coded():
    assert len(check(id=["1"], text=[""], title=["Open contracts"])) == 1
