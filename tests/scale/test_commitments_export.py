"""OGP's export of commitments as a source: thousands of rows of many countries, coded in one run."""

import csv
import random
import re
from pathlib import Path

import pandas as pd
import pytest

from pipeline.domain.countries import code_of, countries
from pipeline.domain.execution import Execution
from pipeline.domain.tables import read_table

ROWS, COUNTRIES, A_PLAN = 3000, 60, 10
HEADER = [
    "Country", "Action Plan", "Commitment Number", "Commitment Title", "Commitment Text", "Theme", "Language",
    "Lead Institution", "Supporting Institutions", "Start Date", "End Date",
]  # fmt: skip


@pytest.fixture
def export(few_examples: pd.DataFrame, tmp_path: Path) -> Path:
    """A table with the columns of the export; titles and texts are those of the written examples, each numbered."""
    chance = random.Random(20260101)
    path = tmp_path / "ogp-commitments.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        table = csv.writer(handle)
        table.writerow(HEADER)
        for number in range(ROWS):
            example = few_examples.iloc[chance.randrange(len(few_examples))]
            plan, place = divmod(number, A_PLAN)
            country = sorted(row.name for row in countries().values())[plan % COUNTRIES]
            year = 2012 + 2 * (plan // COUNTRIES)
            table.writerow(
                [country, f"{country} Action Plan {year}-{year + 2}", str(place + 1),  # numbered anew in each plan
                 example["title"], f"{example['text']} It is measure {number} of the register.", "Open data",
                 example["language"], f"Ministry {number % 17}", "", f"{year}-07-01", f"{year + 2}-06-30"]
            )  # fmt: skip
    return path


def test_thousands_of_rows_are_coded_in_one_run(export, tmp_path, travel):
    travel([export], tmp_path / "out", Execution(2))
    documents = read_table(tmp_path / "out" / "documents.csv")
    assert documents[["document", "status", "method", "commitments"]].to_dict("records") == [
        {"document": export.name, "status": "ok", "method": "commitment table", "commitments": str(ROWS)}
    ]
    coded = read_table(tmp_path / "out" / "classified.csv", "commitments")
    assert len(coded) == ROWS and coded["commitment_id"].is_unique
    given = pd.read_csv(export, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert all(text.endswith(said) for text, said in zip(coded["text"], given["Commitment Text"], strict=True))
    for ours, theirs in (
        ("number", "Commitment Number"),
        ("lead_institution", "Lead Institution"),
        ("end", "End Date"),
    ):
        assert coded[ours].tolist() == given[theirs].tolist(), ours
    assert coded["country"].tolist() == [code_of(name) for name in given["Country"]]
    assert coded["year"].tolist() == [int(re.search(r"\d{4}", plan)[0]) for plan in given["Action Plan"]]
    assert set(coded["language"]) == set(given["Language"])
    assert (coded["iap2_probability"].between(0, 1)).all() and coded["cluster"].nunique() == 6
    quoted = coded[coded["iap2_level"] != "none"]
    assert len(quoted) > ROWS / 4 and (quoted["evidence"] != "").all()
    assert set(coded["evidence_page"].dropna()) == {1}


def test_the_same_number_twice_in_one_plan_is_told(export, tmp_path, travel):
    with export.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.reader(handle))[:12]
    with export.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([*rows, rows[11]])
    travel([export], tmp_path / "out", Execution(1))
    (row,) = read_table(tmp_path / "out" / "documents.csv").to_dict("records")
    assert row["status"] == "unreadable"
    assert "rows 12 and 13 have the same id '1'; give every commitment its own" in row["reason"]
