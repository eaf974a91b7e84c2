"""The SQLite export: the same rows as the dataset, with types, keys, search and the metadata of Datasette."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.domain.errors import UserError
from pipeline.publish.package import DICTIONARY
from pipeline.publish.safe_csv import read_csv
from pipeline.publish.sqlite import delete_sqlite, write_sqlite
from pipeline.publish.stage import PUBLISHED
from publish.hostile import FORMULA, HOSTILE


@pytest.fixture(scope="module")
def database(dataset: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sqlite(dataset.folder, tmp_path_factory.mktemp("datasette"))


def query(database: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        return connection.execute(sql, values).fetchall()


@pytest.mark.parametrize("table", [*PUBLISHED, DICTIONARY], ids=lambda table: table.name)
def test_every_row_and_cell_is_there(table: Any, dataset: Any, database: Path) -> None:
    published = read_csv(dataset.folder / f"{table.name}.csv")
    rows = query(database, f'SELECT * FROM "{table.name}" ORDER BY rowid')
    assert len(rows) == len(published) and (rows or table.name == "agreement")  # nobody has reviewed anything here
    for name, cells in zip(table.names if rows else [], zip(*rows, strict=True), strict=True):
        kind = table.column(name).type
        for cell, text in zip(cells, published[name], strict=True):
            if text == "":
                assert cell is None
            elif kind == "boolean":
                assert cell == int(text == "true")
            elif kind in ("integer", "number"):
                assert isinstance(cell, int | float) and cell == pytest.approx(float(text), abs=1e-6)
            else:
                assert cell == text


def test_text_that_a_spreadsheet_would_run_is_as_in_the_document(database: Path) -> None:
    assert query(database, "SELECT evidence FROM commitments WHERE title = ?", FORMULA) == [(HOSTILE,)]


def test_keys_and_references_hold(database: Path) -> None:
    assert query(database, "PRAGMA integrity_check") == [("ok",)]
    assert query(database, "PRAGMA foreign_key_check") == []
    assert query(database, 'SELECT "table", "to" FROM pragma_foreign_key_list(\'commitments\')') == [
        ("documents", "document")
    ]
    keys = query(database, "SELECT name FROM pragma_table_info('exemplars') WHERE pk ORDER BY pk")
    assert keys == [("role",), ("commitment_id",)]


def test_figures_can_be_counted_again(dataset: Any, database: Path) -> None:
    counted = query(
        database,
        "SELECT count(*) FROM commitments JOIN documents USING (document) "
        "WHERE cluster = 'service_design' AND iap2_level IN ('none', 'inform', 'consult')",
    )
    rows = dataset.commitments
    expected = ((rows["cluster"] == "service_design") & rows["iap2_level"].isin(["none", "inform", "consult"])).sum()
    assert counted == [(expected,)] and expected > 0


def test_search_finds_words_without_their_accents(database: Path) -> None:
    found = query(
        database,
        "SELECT title FROM commitments WHERE rowid IN "
        "(SELECT rowid FROM commitments_search WHERE commitments_search MATCH 'anadir utiles')",
    )
    assert found == [("-2+3 Añadir días útiles",)]


def test_metadata_describes_every_table_and_column(dataset: Any, database: Path) -> None:
    metadata = json.loads((database.parent / "metadata.json").read_text(encoding="utf-8"))
    package = json.loads((dataset.folder / "datapackage.json").read_text(encoding="utf-8"))
    assert metadata["title"] == package["title"]
    assert metadata["license_url"] == package["licenses"][0]["path"]
    assert package["versions"]["data"] in metadata["description"]
    tables = metadata["databases"][database.stem]["tables"]
    for table in [*PUBLISHED, DICTIONARY]:
        assert list(tables[table.name]["columns"]) == table.names
        assert all(tables[table.name]["columns"].values())
        assert set(tables[table.name]["facets"]) <= set(table.names)
        assert tables[table.name].get("label_column", table.names[0]) in table.names


def test_same_dataset_gives_the_same_bytes(dataset: Any, database: Path, tmp_path: Path) -> None:
    again = write_sqlite(dataset.folder, tmp_path)
    write_sqlite(dataset.folder, tmp_path)
    assert again.read_bytes() == database.read_bytes()
    assert (tmp_path / "metadata.json").read_bytes() == (database.parent / "metadata.json").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["metadata.json", "participation-deficit.db"]
    delete_sqlite(tmp_path)
    assert not list(tmp_path.iterdir())


def test_folder_without_a_dataset(dataset: Any, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"datapackage.json is missing .*; run `participation-deficit publish`"):
        write_sqlite(tmp_path / "none", tmp_path / "out")
    shutil.copytree(dataset.folder, tmp_path / "dataset")
    (tmp_path / "dataset" / "parquet" / "deficit.parquet").write_bytes(b"damaged")
    with pytest.raises(UserError, match="holds no complete dataset"):
        write_sqlite(tmp_path / "dataset", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_datasette_shows_it(database: Path) -> None:
    app = pytest.importorskip("datasette.app")
    import asyncio

    async def get(path: str) -> Any:
        metadata = json.loads((database.parent / "metadata.json").read_text(encoding="utf-8"))
        served = app.Datasette([str(database)], metadata=metadata)
        return await served.client.get(path)

    page = asyncio.run(get("/participation-deficit/commitments?_search=anadir"))
    assert page.status_code == 200 and "-2+3 Añadir días útiles" in page.text
    assert "<script>alert" not in page.text
    facets = asyncio.run(get("/participation-deficit/commitments.json?_facet=iap2_level&_extra=facet_results"))
    assert facets.status_code == 200


def recipe(language: str) -> str:
    """The code of one language in docs/other-tools.md, one block after the other."""
    text = (Path(__file__).parents[2] / "docs" / "other-tools.md").read_text(encoding="utf-8")
    blocks = text.split(f"```{language}\n")[1:]
    assert blocks
    return "\n".join(block.partition("```")[0] for block in blocks)


def test_recipe_for_pandas_runs(dataset: Any, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(dataset.folder, tmp_path / "dataset")
    shutil.copytree(database.parent, tmp_path / "dataset" / "datasette")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(recipe("python"), names)
    published = pd.read_parquet(dataset.folder / "parquet" / "deficit.parquet")
    whole = published[(published["grouping"] == "all") & (published["measure"] == "below_threshold")]
    assert names["whole"] == pytest.approx(float(whole["counted"].iloc[0]), abs=1e-6)
    assert len(names["clusters"]) == 5 and names["clusters"]["estimate"].notna().all()
    engaged = [cell.split("|") for cell in dataset.commitments["publics"] if cell]
    assert len(names["long"]) == sum(map(len, engaged)) and names["long"]["sha256"].notna().all()
    assert sorted(names["titles"]["title"]) == sorted(dataset.commitments["title"])
    assert FORMULA in set(names["titles"]["title"])


def test_queries_of_the_recipe_run(database: Path) -> None:
    for statement in filter(str.strip, recipe("sql").split(";")):
        assert query(database, statement)


def test_recipe_for_r_names_columns_and_files_that_exist(dataset: Any) -> None:
    code = recipe("r")
    for table in ("commitments", "deficit"):
        assert f"dataset/parquet/{table}.parquet" in code and (dataset.folder / "parquet" / f"{table}.parquet").exists()


def test_command_writes_it_only_when_asked(dataset: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from pipeline.commands import app
    from pipeline.commands import dataset as commands

    def published(*given: Any) -> None:
        *_, folder, _ = given
        shutil.copytree(dataset.folder, folder, dirs_exist_ok=True)

    monkeypatch.setattr(commands, "_publish", published)
    tables = [f"--commitments={dataset.folder}/commitments.csv", f"--documents={dataset.folder}/documents.csv"]
    command = ["publish", *tables, f"--measures={tmp_path}", f"--output={tmp_path}/dataset"]
    made = tmp_path / "dataset" / "datasette" / "participation-deficit.db"
    assert CliRunner().invoke(app, [*command, "--sqlite"], catch_exceptions=False).exit_code == 0
    assert query(made, "SELECT count(*) FROM commitments") == [(len(dataset.commitments),)]
    assert CliRunner().invoke(app, command, catch_exceptions=False).exit_code == 0
    assert not made.exists()  # it would not agree with the tables that were written anew
