"""Commands on documents: add, collect, extract, segment."""

import tempfile
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from pipeline import journey
from pipeline.commands.progress import bar
from pipeline.domain import params as parameters
from pipeline.domain.execution import Execution
from pipeline.domain.parts import write_parts
from pipeline.domain.places import place
from pipeline.domain.tables import read_table, write_table

Paths = Annotated[
    list[Path] | None, typer.Argument(help="Documents, or folders of documents.", show_default=False, parser=place)
]
Output = Annotated[Path, typer.Option("--output", "-o", help="File to write.", show_default=False, parser=place)]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the application."""
    app.command(rich_help_panel="Documents")(add)
    app.command(rich_help_panel="Documents")(collect)
    app.command(rich_help_panel="Documents")(extract)
    app.command(rich_help_panel="Documents")(segment)


def add(
    file: Annotated[Path, typer.Argument(help="The document.", show_default=False)],
    country: Annotated[str, typer.Option(help="ISO 3166-1 alpha-3 code, such as KEN.")] = "",
    year: Annotated[str, typer.Option(help="Year of adoption or submission.")] = "",
    kind: Annotated[str, typer.Option(help="nap or digital_policy.")] = "",
    title: Annotated[str, typer.Option(help="Title of the document.")] = "",
    language: Annotated[str, typer.Option(help="ISO 639-1 code; detected where it is not given.")] = "",
    address: Annotated[str, typer.Option(help="Where the document was published.")] = "",
    licence: Annotated[str, typer.Option(help="Licence of its text.")] = "",
    mapping: Annotated[str, typer.Option(help="For tables of commitments: column=header pairs, separated by |.")] = "",
    sources: Annotated[Path, typer.Option(help="The list of documents.")] = Path("corpus/sources.csv"),
) -> None:
    """Register a document in corpus/sources.csv, so that the next `dvc repro` includes it."""
    from pipeline.collect.add import add_document

    row = add_document(file, sources, country, year, kind, title, language, address, licence, mapping)
    typer.echo(f"{sources}: added '{row['id']}'", err=True)


def collect(
    sources: Annotated[Path, typer.Option(help="The list of documents.")] = Path("corpus/sources.csv"),
    output: Output = Path("data/sources.csv"),
) -> None:
    """Check the list of documents against the files."""
    from pipeline.collect.stage import collect as collect_stage

    table = collect_stage(sources, output)
    for row in table[table["status"] != "ok"].itertuples():
        typer.echo(f"{row.path}: {row.reason}", err=True)


def extract(
    paths: Paths = None,
    output: Output = Path("pages.parquet"),
    sources: Annotated[
        Path | None, typer.Option(help="Checked list of documents (of `collect`) instead of paths.", parser=place)
    ] = None,
    corpus: Annotated[Path, typer.Option(help="Folder that the list's paths start from.", parser=place)] = Path(
        "corpus"
    ),
    documents: Annotated[
        Path | None, typer.Option(help="Also write what became of each document.", parser=place)
    ] = None,
) -> None:
    """Read documents into text blocks with their positions."""
    given = journey.listed(sources, corpus) if sources else journey.found(paths or [])
    with bar("Extract", len(given)) as step:
        table = journey.extract(given, output, parameters.load("extract"), execution(), step)
    if documents:
        write_table(table, documents)
    _tell(table)


def segment(
    paths: Paths = None,
    output: Output = Path("commitments.csv"),
    blocks: Annotated[Path | None, typer.Option(help="Blocks (of `extract`) instead of paths.", parser=place)] = None,
    documents: Annotated[
        Path | None, typer.Option(help="Documents (of `extract`) that the blocks belong to.", parser=place)
    ] = None,
    overrides: Annotated[Path, typer.Option(help="Folder of the analyst's corrections.")] = Path("corpus/overrides"),
) -> None:
    """Split documents into commitments."""
    with tempfile.TemporaryDirectory() as folder:
        if blocks and documents:
            table = read_table(documents)
        else:
            blocks = Path(folder) / "blocks.parquet"
            given = journey.found(paths or [])
            with bar("Extract", len(given)) as step:
                table = journey.extract(given, blocks, parameters.load("extract"), execution(), step)
            _tell(table)
        parts = journey.segment(blocks, table, parameters.load("segment"), overrides, execution())
        write_parts(parts, output, "segments")


def execution() -> Execution:
    """Where the stages run, as params.yaml says."""
    return Execution.of(parameters.load("execution"))


def _tell(table: pd.DataFrame) -> None:
    """One line on stderr for each document that was not read in full."""
    for row in table[table["status"] != "ok"].itertuples():
        typer.echo(f"{row.document}: {row.reason}", err=True)
