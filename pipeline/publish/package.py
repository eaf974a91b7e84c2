"""The Frictionless descriptor, the data dictionary and the codebook, all made from `pipeline.domain.schema`."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.domain import codebook
from pipeline.domain.codebook import LIST_SEPARATOR
from pipeline.domain.schema import Column, Table

LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}


def field_of(column: Column, key: bool) -> dict[str, Any]:
    """The Table Schema field of `column`."""
    constraints: dict[str, Any] = {}
    if column.required or key:
        constraints["required"] = True
    if column.values and column.many:
        word = "(" + "|".join(column.values) + ")"
        constraints["pattern"] = rf"{word}(\|{word})*"
    elif column.values:
        constraints["enum"] = list(column.values)
    if column.minimum is not None:
        constraints["minimum"] = column.minimum
    if column.maximum is not None:
        constraints["maximum"] = column.maximum
    return {
        "name": column.name,
        "type": column.type,
        "description": column.description,
        **({"unit": column.unit} if column.unit else {}),
        **({"constraints": constraints} if constraints else {}),
    }


def table_schema(table: Table) -> dict[str, Any]:
    """The Table Schema of `table`."""
    result: dict[str, Any] = {
        "fields": [field_of(column, column.name in table.key) for column in table.columns],
        "missingValues": [""],
    }
    if table.key:
        result["primaryKey"] = list(table.key)
    if table.foreign:
        result["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": other, "fields": [target]}}
            for column, (other, target) in table.foreign.items()
        ]
    return result


def resource(table: Table, path: str, content: bytes) -> dict[str, Any]:
    """The descriptor of one CSV, with its size and checksum."""
    return {
        "name": table.name.replace("_", "-"),
        "path": path,
        "description": table.description,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **_size(content),
        "schema": table_schema(table),
    }


def sources(documents: pd.DataFrame) -> list[dict[str, str]]:
    """The documents as sources, each with its title, address (or path) and checksum."""
    rows = []
    for row in documents.to_dict("records"):
        entry = {"title": row["title"] or row["document"], "path": row["address"] or row["path"] or row["document"]}
        rows.append(entry | ({"sha256": row["sha256"]} if row["sha256"] else {}))
    return rows


def data_version(documents: pd.DataFrame) -> str:
    """Checksum of the corpus: of the documents' names and checksums in order."""
    lines = sorted(f"{row['document']} {row['sha256']}" for row in documents.to_dict("records"))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def code_version() -> str:
    """Checksum of the program: of the names and contents of its files in order, wherever it is installed."""
    root = Path(__file__).parents[1]
    files = sorted(path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode() + content)
    return "sha256:" + digest.hexdigest()


def descriptor(
    resources: list[dict[str, Any]],
    files: dict[str, bytes],
    documents: pd.DataFrame,
    params: dict[str, Any],
    metadata: dict[str, Any],
) -> dict[str, Any]:
    """`datapackage.json`: resources, licences, sources and versions; no time of day, so that reruns agree."""
    parameters = metadata.get("parameters", {"measure": params})
    return {
        "name": "participation-deficit",
        "title": metadata.get("title", "The participation deficit in digital governance"),
        "description": metadata.get("description", "How much say digital commitments of governments give the public."),
        "profile": "tabular-data-package",
        "version": str(metadata.get("version", "0")),
        "licenses": [metadata.get("licence", LICENCE)],
        "sources": sources(documents),
        "contributors": metadata.get(
            "contributors", [{"title": "participation-deficit contributors", "role": "author"}]
        ),
        "versions": {
            "code": str(metadata.get("code", metadata.get("version", "0"))),
            "data": "sha256:" + data_version(documents),
            "model": str(metadata.get("model", "")),
            "parameters": "sha256:"
            + hashlib.sha256(json.dumps(parameters, sort_keys=True, ensure_ascii=False).encode()).hexdigest(),
        },
        "parameters": parameters,
        "escaping": "Text cells that start with = + - @, tab or carriage return carry one apostrophe in front.",
        "resources": resources,
        "files": [listed(path, content) for path, content in sorted(files.items())],
    }


def listed(path: str, content: bytes) -> dict[str, Any]:
    """A file of the package that is no table, with its size and checksum."""
    return {"path": path, **_size(content)}


def _size(content: bytes) -> dict[str, Any]:
    return {"bytes": len(content), "hash": "sha256:" + hashlib.sha256(content).hexdigest()}


def packed(package: dict[str, Any]) -> bytes:
    """The descriptor as it is written."""
    return (json.dumps(package, indent=2, ensure_ascii=False, default=str) + "\n").encode("utf-8")


def dictionary(tables: list[Table]) -> pd.DataFrame:
    """The data dictionary: one row a column (columns of DICTIONARY)."""
    return pd.DataFrame(
        [
            {
                "table": table.name,
                "column": column.name,
                "type": column.type,
                "unit": column.unit,
                "key": column.name in table.key,
                "refers_to": ".".join(table.foreign[column.name]) if column.name in table.foreign else "",
                "list": column.many,
                "values": LIST_SEPARATOR.join(column.values),
                "description": column.description,
            }
            for table in tables
            for column in table.columns
        ],
        columns=DICTIONARY.names,
    )


DICTIONARY = Table(
    "dictionary",
    "The data dictionary: one row a column of the dataset.",
    (
        Column("table", "string", "Table.", required=True),
        Column("column", "string", "Column.", required=True),
        Column("type", "string", "Type of its cells.", ("string", "integer", "number", "boolean", "date")),
        Column("unit", "string", "Unit, where it has one."),
        Column("key", "boolean", "Whether it is part of the table's key."),
        Column("refers_to", "string", "Table and column that its values refer to."),
        Column("list", "boolean", "Whether a cell can hold several values, separated by `|`."),
        Column("values", "string", "Legal values, `|`-separated; empty where any."),
        Column("description", "string", "What it means.", required=True),
    ),
    key=("table", "column"),
)

VOCABULARIES = {
    "cluster": codebook.CLUSTERS,
    "iap2_level": codebook.LEVELS,
    "participation_in": codebook.PARTICIPATION_IN,
    "publics": codebook.PUBLICS,
    "mandate": codebook.MANDATES,
    "touchpoints": codebook.TOUCHPOINTS,
    "policy_areas": codebook.POLICY_AREAS,
    "kind": codebook.KINDS,
    "status": tuple(str(status) for status in codebook.Status),
}


def codebook_text(tables: list[Table], meanings: dict[str, str]) -> bytes:
    """`codebook.md`: the vocabularies, then every table with its columns. `meanings`: a value's meaning in words."""
    lines = [
        "# Codebook and data dictionary",
        "",
        "Made from the schema that the code enforces.",
        "",
        "## Vocabularies",
        "",
    ]
    for name, values in VOCABULARIES.items():
        lines += [f"### `{name}`", ""]
        lines += [f"- `{value}`" + (f": {meanings[value]}" if value in meanings else "") for value in values]
        lines += [""]
    lines += ["## Tables", ""]
    for table in tables:
        lines += [f"### {table.name}", "", table.description, ""]
        if table.key:
            lines += ["Key: " + ", ".join(f"`{name}`" for name in table.key), ""]
        lines += ["| column | type | unit | meaning |", "| --- | --- | --- | --- |"]
        lines += [
            f"| `{column.name}` | {column.type}{' list' if column.many else ''} | {column.unit} "
            f"| {column.description.replace('|', chr(92) + '|')} |"
            for column in table.columns
        ]
        lines += [""]
    return "\n".join(lines).encode("utf-8")
