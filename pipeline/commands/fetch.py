"""The command that brings documents of the registry into the corpus: fetch."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.progress import bar
from pipeline.domain.tables import write_table


def register(app: typer.Typer) -> None:
    """Add this module's command to the application."""
    app.command(rich_help_panel="Documents")(fetch)


def fetch(
    country: Annotated[
        list[str] | None, typer.Option(help="Only this country (ISO 3166-1 alpha-3); repeatable.")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="Only this kind, such as nap or digital_policy; repeatable.")
    ] = None,
    year: Annotated[list[int] | None, typer.Option(help="Only this year; repeatable.")] = None,
    id: Annotated[list[str] | None, typer.Option(help="Only the document with this id; repeatable.")] = None,  # noqa: A002
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would be fetched.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Download what is there too, and compare it with the first fetch.")
    ] = False,
    registry: Annotated[Path, typer.Option(help="The list of addresses.")] = Path("corpus/registry.csv"),
    sources: Annotated[Path, typer.Option(help="The list of documents.")] = Path("corpus/sources.csv"),
    downloads: Annotated[Path, typer.Option(help="Folder of unfinished downloads.")] = Path("data/downloads"),
    output: Annotated[Path, typer.Option("--output", "-o", help="What became of each document.")] = Path(
        "data/fetched.csv"
    ),
    delay: Annotated[float, typer.Option(min=0, help="Seconds between two requests to one host.")] = 2.0,
    size_limit: Annotated[float, typer.Option(min=0, help="Largest document, in MiB.")] = 200.0,
    time_limit: Annotated[float, typer.Option(min=1, help="Longest download, in seconds.")] = 600.0,
    tries: Annotated[int, typer.Option(min=1, help="How often a document is tried.")] = 4,
    allow_private_host: Annotated[list[str] | None, typer.Option(hidden=True, help="For tests.")] = None,
) -> None:
    """Download documents of the registry into the corpus. Exits with 1 where one could not be had."""
    from pipeline.collect.fetch import fetch as fetch_documents
    from pipeline.collect.limits import Limits
    from pipeline.collect.registry import choose, read_registry

    entries = choose(read_registry(registry), country or (), kind or (), year or (), id or ())
    if dry_run:
        for entry in entries:
            typer.echo(f"{entry.id}\t{entry.address}")
        return
    limits = Limits(
        size=int(size_limit * 2**20),
        seconds=time_limit,
        delay=delay,
        tries=tries,
        private_hosts=frozenset(allow_private_host or ()),
    )
    with bar("Fetch", len(entries)) as step:
        table = fetch_documents(entries, sources, downloads, limits, again, step)
    write_table(table, output)
    counts = table["status"].value_counts()
    typer.echo(f"{output}: " + ", ".join(f"{counts[name]} {name}" for name in sorted(counts.index)), err=True)
    wrong = table[table["reason"] != ""]
    for row in wrong.itertuples():
        typer.echo(f"{row.id}: {row.reason}", err=True)
    if len(wrong):
        raise typer.Exit(1)
