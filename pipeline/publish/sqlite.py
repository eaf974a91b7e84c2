"""The dataset as one SQLite file that Datasette can serve, with the metadata that Datasette shows."""

import json
import math
import sqlite3
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.domain.errors import UserError
from pipeline.domain.schema import Column, Table
from pipeline.publish.package import DICTIONARY
from pipeline.publish.safe_csv import read_csv
from pipeline.publish.stage import PUBLISHED

DATABASE = "participation-deficit"
FOLDER = "datasette"
_TYPES = {"integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
_FACETS = {
    "commitments": ["country", "year", "cluster", "iap2_level", "needs_review"],
    "documents": ["country", "year", "kind", "status"],
    "deficit": ["measure", "grouping", "cluster"],
    "organisations": ["kind", "country", "highest_level"],
    "exemplars": ["role", "cluster"],
    "ecosystem": ["grouping", "loop"],
    "agreement": ["between", "code", "rows"],
    "dictionary": ["table"],
}
_LABELS = {"documents": "title", "commitments": "title", "organisations": "name"}
_SEARCHED = ("title", "text", "evidence")


def write_sqlite(dataset: Path, output: Path) -> Path:
    """Writes the tables of the published dataset in the folder `dataset` to `output` as `participation-deficit.db`.

    Beside it comes `metadata.json`: titles, licence, source, the meaning and unit of every column. Text is as in the
    documents (without the apostrophes of the CSV), an empty cell is NULL, booleans are 0 and 1, lists `|`-separated.
    Keys and references are declared, and title, text and evidence of commitments can be searched. The same dataset
    gives the same bytes with the same version of SQLite. Gives the path of the database; replaces an earlier one.

    Raises UserError where `dataset` holds no published dataset.
    """
    descriptor, tables = _read(dataset)
    output.mkdir(parents=True, exist_ok=True)
    unfinished = output / f".{DATABASE}.part"
    unfinished.unlink(missing_ok=True)
    connection = sqlite3.connect(unfinished)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        with connection:
            for table, data in tables:
                connection.execute(_create(table))
                marks = ", ".join("?" * len(table.columns))
                columns = [[_value(cell, column) for cell in data[column.name].tolist()] for column in table.columns]
                connection.executemany(f"INSERT INTO {_q(table.name)} VALUES ({marks})", zip(*columns, strict=True))
                for name in _indexed(table):
                    connection.execute(f"CREATE INDEX {_q(f'{table.name}_{name}')} ON {_q(table.name)} ({_q(name)})")
            _make_searchable(connection)
    finally:
        connection.close()
    database = output / f"{DATABASE}.db"
    unfinished.replace(database)
    text = json.dumps(metadata(descriptor, [table for table, _ in tables]), indent=2, ensure_ascii=False)
    (output / "metadata.json").write_text(text + "\n", encoding="utf-8")
    return database


def delete_sqlite(output: Path) -> None:
    """Deletes what `write_sqlite` wrote to `output`, if anything."""
    for name in (f"{DATABASE}.db", "metadata.json"):
        (output / name).unlink(missing_ok=True)


def metadata(descriptor: dict[str, Any], tables: list[Table]) -> dict[str, Any]:
    """What Datasette shows around the tables; `descriptor`: the content of `datapackage.json`."""
    licence = (descriptor.get("licenses") or [{}])[0]
    versions = ", ".join(f"{name} {value}" for name, value in descriptor.get("versions", {}).items() if value)
    return {
        "title": descriptor.get("title", ""),
        "description": f"{descriptor.get('description', '')} Versions: {versions}.",
        "license": licence.get("title", ""),
        "license_url": licence.get("path", ""),
        "databases": {
            DATABASE: {
                "source": f"{len(descriptor.get('sources', []))} documents, listed in the table documents",
                "tables": {table.name: _table_metadata(table) for table in tables}
                | {"commitments_search": {"hidden": True}},
            }
        },
    }


def _table_metadata(table: Table) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "description": table.description,
        "columns": {
            column.name: column.description + (f" Unit: {column.unit}." if column.unit else "")
            for column in table.columns
        },
        "facets": _FACETS.get(table.name, []),
    }
    if table.name in _LABELS:
        shown["label_column"] = _LABELS[table.name]
    if table.name == "commitments":
        shown["fts_table"] = "commitments_search"
    return shown


def _read(dataset: Path) -> tuple[dict[str, Any], list[tuple[Table, pd.DataFrame]]]:
    """The descriptor and the tables, in an order in which references point backwards."""
    try:
        descriptor = json.loads((dataset / "datapackage.json").read_text(encoding="utf-8"))
        tables = [(table, pd.read_parquet(dataset / "parquet" / f"{table.name}.parquet")) for table in PUBLISHED]
        dictionary = read_csv(dataset / "dictionary.csv")
    except (OSError, ValueError) as error:
        name = getattr(error, "filename", None)
        missing = f"{Path(name).name} is missing or cannot be read" if name else "a file in it cannot be read"
        raise UserError(
            f"{dataset}: holds no complete dataset ({missing}); run `participation-deficit publish`"
        ) from None
    return descriptor, [*tables, (DICTIONARY, dictionary)]


def _create(table: Table) -> str:
    lines = []
    for column in table.columns:
        filled = " NOT NULL" if column.required or column.name in table.key else ""
        lines.append(f"{_q(column.name)} {_TYPES.get(column.type, 'TEXT')}{filled}")
    if table.key:
        lines.append(f"PRIMARY KEY ({', '.join(map(_q, table.key))})")
    for name, (other, target) in table.foreign.items():
        lines.append(f"FOREIGN KEY ({_q(name)}) REFERENCES {_q(other)} ({_q(target)})")
    return f"CREATE TABLE {_q(table.name)} ({', '.join(lines)})"


def _indexed(table: Table) -> list[str]:
    """Columns that are filtered, faceted or joined by, the key aside."""
    wanted = {*_FACETS.get(table.name, []), *table.foreign}
    return [column.name for column in table.columns if column.name in wanted and [column.name] != list(table.key)]


def _make_searchable(connection: sqlite3.Connection) -> None:
    columns = ", ".join(map(_q, _SEARCHED))
    connection.execute(
        f"CREATE VIRTUAL TABLE commitments_search USING fts5({columns}, content='commitments', "
        "tokenize='unicode61 remove_diacritics 2')"
    )
    connection.execute(
        f"INSERT INTO commitments_search (rowid, {columns}) SELECT rowid, {columns} FROM commitments ORDER BY rowid"
    )


def _value(cell: Any, column: Column) -> Any:
    """One cell as SQLite keeps it."""
    if cell is None or cell is pd.NA or cell == "" or (isinstance(cell, float) and math.isnan(cell)):
        return None
    if column.type == "boolean":
        return int(cell in (True, "true"))
    if column.type == "integer":
        return int(cell)
    return float(cell) if column.type == "number" else str(cell)


def _q(name: str) -> str:
    """A name in SQL; the names come from the schema."""
    return '"' + name.replace('"', '""') + '"'
