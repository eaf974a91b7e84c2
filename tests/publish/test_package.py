"""The dataset as others open it: package, tables, checksums, references."""

import hashlib
import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
import yaml
from frictionless import Package, system

from pipeline.domain import schema
from pipeline.domain.errors import UserError
from pipeline.publish.safe_csv import read_csv
from pipeline.publish.stage import PUBLISHED, write_measures
from pipeline.publish.validate import check_references, conform


def test_the_package_validates_with_frictionless(dataset):
    with system.use_context(trusted=True):
        report = Package(str(dataset.folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "fieldName", "rowNumber", "message"])[:5]
    assert {table.name for table in PUBLISHED} <= {task.name for task in report.tasks}


def test_frictionless_finds_a_broken_reference_and_an_illegal_value(dataset, tmp_path):
    import shutil

    broken = tmp_path / "broken"
    shutil.copytree(dataset.folder, broken)
    path = broken / "exemplars.csv"
    path.write_text(path.read_text().replace("plan-000-", "lost-000-").replace(",empower,", ",sovereign,"))
    report = Package(str(broken / "datapackage.json")).validate()
    types = {error[0] for error in report.flatten(["type"])}
    assert {"foreign-key", "constraint-error"} <= types


def test_every_file_is_listed_with_its_checksum(dataset):
    package = json.loads((dataset.folder / "datapackage.json").read_text())
    listed = {entry["path"]: entry for entry in [*package["resources"], *package["files"]]}
    on_disk = {str(path.relative_to(dataset.folder)) for path in dataset.folder.rglob("*") if path.is_file()}
    assert on_disk == set(listed) | {"datapackage.json"}
    for path, entry in listed.items():
        content = (dataset.folder / path).read_bytes()
        assert entry["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
        assert entry["bytes"] == len(content)


def test_licences_sources_and_versions_are_named(dataset):
    package = json.loads((dataset.folder / "datapackage.json").read_text())
    assert package["version"] == "1.2.3"
    assert package["versions"]["code"] == "abc1234"
    assert package["versions"]["model"] == "fictional-1"
    assert package["versions"]["data"].startswith("sha256:")
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert len(package["sources"]) == len(dataset.documents)


def test_two_runs_give_the_same_bytes_whatever_lay_there(dataset, tmp_path):
    folder = tmp_path / "again"
    (folder / "charts").mkdir(parents=True)
    (folder / "charts" / "old.svg").write_text("<svg/>")
    again = dataset.write(folder)
    assert not (again / "charts" / "old.svg").exists()  # leftovers of an earlier run do not stay
    for path in sorted(dataset.folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(dataset.folder)
            assert path.read_bytes() == (again / name).read_bytes(), name


def test_tables_have_the_columns_of_the_schema_in_order(dataset):
    for table in PUBLISHED:
        header = (dataset.folder / f"{table.name}.csv").read_text(encoding="utf-8").splitlines()[0]
        assert header == ",".join(table.names)


def test_formulas_are_neutralised_in_csv_and_whole_in_parquet(dataset):
    raw = pd.read_csv(dataset.folder / "commitments.csv", dtype=str, keep_default_na=False)
    assert raw.loc[0, "title"].startswith("'=HYPERLINK")
    assert raw.loc[2, "title"].startswith("'-2+3")
    for column in raw:
        if schema.COMMITMENTS.column(column).type == "string":
            assert not raw[column].str.match(r"[=+\-@\t\r]").any(), column
    assert read_csv(dataset.folder / "commitments.csv").loc[0, "title"].startswith("=HYPERLINK")
    whole = pq.read_table(dataset.folder / "parquet" / "commitments.parquet").to_pandas()
    assert whole.loc[0, "title"].startswith("=HYPERLINK")


def test_numbers_keep_their_sign(dataset):
    assert not pd.read_csv(dataset.folder / "deficit.csv")["low"].dropna().map(str).str.startswith("'").any()


def test_parquet_says_the_same_as_csv(dataset):
    for table in PUBLISHED:
        parquet = pq.read_table(dataset.folder / "parquet" / f"{table.name}.parquet")
        csv = read_csv(dataset.folder / f"{table.name}.csv")
        assert parquet.column_names == list(csv)
        assert parquet.num_rows == len(csv)
        for column in table.columns:
            if column.type == "string":
                assert parquet[column.name].to_pylist() == list(csv[column.name]), column.name


def test_the_dictionary_names_every_column(dataset):
    dictionary = read_csv(dataset.folder / "dictionary.csv")
    named = set(zip(dictionary["table"], dictionary["column"], strict=True))
    for table in PUBLISHED:
        assert {(table.name, name) for name in table.names} <= named
    assert dictionary["description"].ne("").all()
    text = (dataset.folder / "codebook.md").read_text(encoding="utf-8")
    assert "`oversight_redress`: Public input to oversight, audit and redress" in text


def test_the_citation_names_what_the_dataset_was_made_from(dataset):
    written = (dataset.folder / "CITATION.cff").read_bytes()
    cited, package = yaml.safe_load(written), json.loads((dataset.folder / "datapackage.json").read_text("utf-8"))
    assert b"&id" not in written  # readers of citation files know no YAML aliases
    assert cited["type"] == "dataset" and cited["title"] == package["title"] and cited["license"] == "CC-BY-4.0"
    commitments = len(read_csv(dataset.folder / "commitments.csv"))
    assert f"{commitments} commitments of {len(package['sources'])} documents" in cited["abstract"]
    named = [identifier["value"] for identifier in cited["identifiers"]]
    assert named == [package["versions"][name] for name in ("data", "parameters", "model")]
    listed = {entry["path"]: entry["hash"] for entry in package["files"]}
    assert listed["CITATION.cff"] == "sha256:" + hashlib.sha256(written).hexdigest()


def test_every_row_leads_back_to_its_document(dataset):
    commitments = read_csv(dataset.folder / "commitments.csv")
    documents = read_csv(dataset.folder / "documents.csv").set_index("document")
    assert documents.loc[commitments["document"], "sha256"].str.fullmatch("[0-9a-f]{64}").all()
    assert commitments["page_start"].str.fullmatch(r"\d+").all()
    assert commitments["model"].ne("").all()


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("cluster", "services", "not one of strategy_policy"),
        ("publics", "public|robots", "not one of public"),
        ("cluster_probability", 1.2, "above 1"),
        ("page_start", 0, "below 1"),
        ("page_start", "three", "no integer"),
        ("text", "", "empty"),
    ],
)
def test_a_value_that_breaks_the_schema_is_told(dataset, column, value, reason):
    table = dataset.commitments.assign(**{column: dataset.commitments.get(column, pd.Series(dtype=object))}).astype(
        object
    )
    table.loc[4, column] = value
    with pytest.raises(UserError) as error:
        conform(table, schema.COMMITMENTS)
    assert f"commitments.{column}: row 5 holds" in str(error.value)
    assert reason in str(error.value)
    assert "\n" not in str(error.value)


def test_a_repeated_key_and_a_lost_reference_are_told(dataset):
    doubled = pd.concat([dataset.commitments, dataset.commitments.iloc[[0]]])
    with pytest.raises(
        UserError, match="commitments.commitment_id: row 1 holds 'plan-000-0000': stands more than once"
    ):
        conform(doubled, schema.COMMITMENTS)
    tables = {
        "documents": conform(dataset.documents.iloc[1:], schema.DOCUMENTS),
        "commitments": conform(dataset.commitments, schema.COMMITMENTS),
    }
    with pytest.raises(UserError, match="row 1 holds 'plan-000.pdf': not in documents.document"):
        check_references(tables, schema.TABLES)


def test_measures_of_a_bare_table_are_written_alone(dataset, tmp_path):
    write_measures(dataset.measures, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "deficit.csv",
        "organisations.csv",
        "exemplars.csv",
        "ecosystem.csv",
        "agreement.csv",
    }


def test_the_citation_file_is_valid_and_cites_the_report():
    citation = yaml.safe_load((Path(__file__).parents[2] / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert {"title", "authors", "message", "version", "license"} <= set(citation)
    assert citation["references"][0]["title"] == "Public Participation in Open Digital Government"
