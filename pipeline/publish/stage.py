"""The publish stage: checked tables, data package, charts and report into one folder."""

import io
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.domain import schema
from pipeline.domain.schema import Column, Table
from pipeline.publish import charts, figures, package, report
from pipeline.publish.citation import citation
from pipeline.publish.safe_csv import to_csv
from pipeline.publish.validate import check_references, conform
from pipeline.publish.words import MEANINGS

PUBLISHED = (
    schema.DOCUMENTS,
    schema.COMMITMENTS,
    schema.DEFICIT,
    schema.ORGANISATIONS,
    schema.EXEMPLARS,
    schema.ECOSYSTEM,
    schema.AGREEMENT,
)
ARROW = {"integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}


def publish(
    commitments: pd.DataFrame,
    documents: pd.DataFrame,
    measures: dict[str, pd.DataFrame],
    output: Path,
    params: dict[str, Any],
    metadata: dict[str, Any] | None = None,
    evaluation: dict[str, Any] | None = None,
) -> None:
    """Write the dataset into the folder `output`, which is made, or emptied of an earlier dataset's files.

    `measures`: what `pipeline.measure.stage.measure` gave. `params`: the block `measure` of params.yaml. `metadata`
    (all optional): `title`, `version`, `code` (checksum), `model` (id), `parameters` (all blocks of params.yaml),
    `licence`, `notice` (shown above the report; invented samples are told without it), `documents_folder` (from the
    dataset to where the documents' paths begin, for links to pages). `evaluation`: figures of the classifier, by name,
    for "how sure are we".

    Raises UserError where a table breaks its schema.
    """
    metadata = metadata or {}
    unreviewed = pd.DataFrame(columns=schema.AGREEMENT.names)
    tables = {"documents": documents, "commitments": commitments, "agreement": unreviewed, **measures}
    tables = {table.name: conform(tables[table.name], table) for table in PUBLISHED}
    check_references(tables, {table.name: table for table in PUBLISHED})
    drawn = figures.build(tables["deficit"], params["threshold"])

    resources, files = [], {}
    for table in PUBLISHED:
        path, content = f"{table.name}.csv", to_csv(tables[table.name], table)
        files[path] = content
        resources.append(package.resource(table, path, content))
        files[f"parquet/{table.name}.parquet"] = to_parquet(tables[table.name], table)
    dictionary = package.dictionary([*PUBLISHED, package.DICTIONARY])
    files["dictionary.csv"] = to_csv(dictionary, package.DICTIONARY)
    resources.append(package.resource(package.DICTIONARY, "dictionary.csv", files["dictionary.csv"]))
    files["codebook.md"] = package.codebook_text(list(PUBLISHED), MEANINGS)
    for chart in drawn:
        table, data = figure_table(chart)
        path = f"tables/{chart.name}.csv"
        files[path] = to_csv(data, table)
        resources.append(package.resource(table, path, files[path]))
        slide = chart.draw(720).properties(title=chart.title)
        files[f"charts/{chart.name}.svg"] = charts.svg(slide).encode("utf-8")
        files[f"charts/{chart.name}.png"] = charts.png(slide)
    files["report.html"] = report.render(tables, drawn, params, metadata, evaluation or {}).encode("utf-8")
    listed = {path: content for path, content in files.items() if path not in {entry["path"] for entry in resources}}
    described = package.descriptor(resources, listed, tables["documents"], params, metadata)
    files["CITATION.cff"] = citation(described, len(tables["commitments"]))
    described["files"].append(package.listed("CITATION.cff", files["CITATION.cff"]))
    files["datapackage.json"] = package.packed(described)
    write(files, output)


def figure_table(chart: charts.Chart) -> tuple[Table, pd.DataFrame]:
    """The figures of `chart` as a table: its columns are those of the deficit, with `label` for what a row is about."""
    columns = [Column("label", "string", "What the row is about.", required=True)]
    for name in map(str, list(chart.table)[1:]):
        known = name in schema.DEFICIT.names
        columns.append(schema.DEFICIT.column(name) if known else Column(name, "string", "Level of participation."))
    table = Table(chart.name, f"Figures of the chart '{chart.title}'.", tuple(columns))
    return table, conform(chart.table, table)


def to_parquet(data: pd.DataFrame, table: Table) -> bytes:
    """`data` as Parquet, columns typed as in `table`; text as it is, without the apostrophes of the CSV."""
    fields = [pa.field(column.name, ARROW.get(column.type, pa.string())) for column in table.columns]
    columns = [
        pa.array([None if pd.isna(value) else value for value in data[field.name].tolist()], type=field.type)
        for field in fields
    ]
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, schema=pa.schema(fields)), buffer, compression="zstd")
    return buffer.getvalue()


def write(files: dict[str, bytes], output: Path) -> None:
    """Write `files` (path in the dataset → content) into `output`; the folders of an earlier run are emptied first."""
    output.mkdir(parents=True, exist_ok=True)
    for folder in sorted({path.split("/")[0] for path in files if "/" in path}):
        shutil.rmtree(output / folder, ignore_errors=True)
    for path, content in files.items():
        (output / path).parent.mkdir(parents=True, exist_ok=True)
        (output / path).write_bytes(content)


def write_measures(measures: dict[str, pd.DataFrame], output: Path) -> None:
    """Write only the measured tables into the folder `output`: what `measure` gives for a bare classified CSV."""
    files = {}
    for table in (schema.DEFICIT, schema.ORGANISATIONS, schema.EXEMPLARS, schema.ECOSYSTEM, schema.AGREEMENT):
        if table.name not in measures:
            continue  # agreement: there is none without reviews
        files[f"{table.name}.csv"] = to_csv(conform(measures[table.name], table), table)
    write(files, output)
