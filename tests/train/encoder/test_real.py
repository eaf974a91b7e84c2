"""Coded real commitments are found again by a digest of their text; what is not found is told."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.classify.encoder import content_key
from pipeline.train.encoder.real import composed_text, quotation_span, real_rows

TEXT = "The council opens its data. Residents vote on the data sets that come first."


def write(folder: Path) -> tuple[Path, Path]:
    composed = composed_text("Open data", TEXT)
    first, last = quotation_span(composed, "Residents vote on the data sets")
    codes = {"cluster": "service_design", "iap2_level": "consult", "participation_in": "digital", "publics": "public"}
    codes |= {
        "mandate": "no",
        "difficulty": "clear",
        "alternative": "",
        "policy_areas": "open_data",
        "touchpoints": "agenda",
    }
    facts = {
        "number": "1",
        "page_start": "2",
        "country": "XAA",
        "year": "2020",
        "kind": "nap",
        "language": "en",
        "source": "a.pdf",
    }
    spans = {"quoted_from": first, "quoted_to": last}
    lost = {"id": "0" * 24, **facts, **codes, "quoted_from": "", "quoted_to": ""}
    rows = [{"id": content_key(composed), **facts, **codes, **spans}, lost]
    (folder / "coded").mkdir()
    pd.DataFrame(rows).to_csv(folder / "coded" / "documents.csv", index=False)
    second = {
        "id": "t1",
        "cluster": "tech_regulation",
        "iap2_level": "none",
        "policy_areas": "services",
        "touchpoints": "",
    }
    pd.DataFrame([second]).to_csv(folder / "coded" / "second.csv", index=False)
    train = {**facts, **codes, "id": "t1", "title": "Portal", "text": "A portal.", "evidence": "", "iap2_level": "none"}
    pd.DataFrame([train, {**train, "id": "t2", "alternative": "cluster=foundational_tech"}]).drop(
        columns=["policy_areas", "touchpoints"]
    ).to_csv(folder / "train.csv", index=False)
    pd.DataFrame([{"document": "a.pdf", "title": "Open data", "text": TEXT}]).to_csv(folder / "cut.csv", index=False)
    return folder / "train.csv", folder / "cut.csv"


def test_rows_of_both_sources_come_with_text_codes_and_quotation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = real_rows(*write(tmp_path), tmp_path / "coded").set_index("source", append=True).reset_index(level=1)
    assert list(rows["text"]) == ["A portal.", "A portal.", composed_text("Open data", TEXT)]
    assert list(rows["evidence"])[-1] == "Residents vote on the data sets"
    assert list(rows["policy_areas"]) == ["services", "", "open_data"]
    assert "1 of 2 coded commitments are not in" in capsys.readouterr().err


def test_where_the_second_coding_differs_it_becomes_the_alternative(tmp_path: Path) -> None:
    rows = real_rows(*write(tmp_path), tmp_path / "coded").set_index("id")
    assert rows.loc["t1", "alternative"] == "cluster=tech_regulation"
    assert rows.loc["t2", "alternative"] == "cluster=foundational_tech", "what the coder named is kept"


def test_a_quotation_that_is_not_there_has_no_span() -> None:
    assert quotation_span("Open data. Text.", "something else") == ("", "")
