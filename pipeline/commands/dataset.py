"""Commands on the dataset: measure, publish, run."""

import json
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline import __version__, journey
from pipeline.commands.documents import execution
from pipeline.commands.progress import bar
from pipeline.domain import params as parameters
from pipeline.domain.params import ROOT
from pipeline.domain.places import folder_at_hand, place
from pipeline.domain.tables import read_table, write_table

Models = Annotated[Path, typer.Option(help="Folder of the encoder and the trained classifier.")]
Reviewed = Annotated[Path, typer.Option(help="Folder of the history of reviews.")]
Folder = Annotated[Path, typer.Option("--output", "-o", help="Folder to write.", show_default=False, parser=place)]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the application."""
    app.command(rich_help_panel="Dataset")(measure)
    app.command(rich_help_panel="Dataset")(publish)
    app.command(rich_help_panel="Dataset")(run)


def measure(
    classified: Annotated[Path, typer.Argument(help="Classified CSV.", show_default=False, parser=place)],
    output: Folder,
    documents: Annotated[
        Path | None, typer.Option(help="Table of documents, for country and year.", parser=place)
    ] = None,
    models: Models = ROOT / "models",
    reviewed: Reviewed = Path("corpus/reviewed"),
) -> None:
    """Measure the participation deficit of classified commitments, with its uncertainty."""
    from pipeline.measure.inputs import read_classified
    from pipeline.measure.stage import measure as measure_stage
    from pipeline.publish.stage import write_measures
    from pipeline.review.agreement import agreement
    from pipeline.review.history import read
    from pipeline.review.settle import model_words, settled

    table = read_classified(classified)
    facts = read_table(documents, "documents") if documents else None
    reviews = read(reviewed)
    said = model_words(settled(reviews)) if len(reviews) else None
    confusion = _json(models / "evaluation" / "confusion.json")
    measures = measure_stage(table, facts, parameters.load("measure"), confusion, said)
    with folder_at_hand(output) as folder:
        write_measures(measures | {"agreement": agreement(reviews)}, folder)


def publish(
    commitments: Annotated[Path, typer.Option(help="Classified commitments.", parser=place)] = Path(
        "data/classified.csv"
    ),
    documents: Annotated[Path, typer.Option(help="Documents.", parser=place)] = Path("data/documents.csv"),
    measures: Annotated[Path, typer.Option(help="Folder of measures.", parser=place)] = Path("data/measures"),
    output: Folder = Path("dataset"),
    models: Models = ROOT / "models",
    sqlite: Annotated[bool, typer.Option("--sqlite", help="Also write a database for Datasette.")] = False,
) -> None:
    """Publish the dataset: tables, charts, data package and report."""
    from pipeline.publish.sqlite import FOLDER, delete_sqlite, write_sqlite

    tables = {path.stem: read_table(path, path.stem) for path in sorted(measures.glob("*.csv"))}
    with folder_at_hand(output) as folder:
        delete_sqlite(folder / FOLDER)  # an earlier one would not agree with the new tables
        _publish(read_table(commitments, "commitments"), read_table(documents, "documents"), tables, models, folder)
        if sqlite:
            write_sqlite(folder, folder / FOLDER)


def run(
    paths: Annotated[
        list[Path], typer.Argument(help="Documents, or folders of documents.", show_default=False, parser=place)
    ],
    output: Folder,
    models: Models = ROOT / "models",
    overrides: Annotated[Path, typer.Option(help="Folder of the analyst's corrections.")] = Path("corpus/overrides"),
) -> None:
    """Do it all: documents in, the whole dataset out."""
    from pipeline.measure.stage import measure as measure_stage
    from pipeline.segment.stage import joined

    given = journey.found(paths)
    with tempfile.TemporaryDirectory() as folder:
        blocks = Path(folder) / "blocks.parquet"
        with bar("Extract", len(given)) as step:
            documents = journey.extract(given, blocks, parameters.load("extract"), execution(), step)
        parts = journey.segment(blocks, documents, parameters.load("segment"), overrides, execution())
        segments = joined(list(parts))
        with bar("Classify", len(segments)) as step:
            codes = journey.coder(parameters.load("classify"), models, execution(), step)(segments)
        commitments, documents = journey.describe(segments, documents, blocks, codes)
    with folder_at_hand(output) as target:
        if commitments.empty:
            # Nothing to measure, but what became of each document is told all the same.
            for name, table in (("commitments", commitments), ("documents", documents)):
                write_table(table, target / f"{name}.csv")
        else:
            confusion = _json(models / "evaluation" / "confusion.json")
            measures = measure_stage(commitments, documents, parameters.load("measure"), confusion)
            _publish(commitments, documents, measures, models, target)
    read = int(documents["status"].isin(["ok", "partial"]).sum())
    typer.echo(f"{output}: {len(commitments)} commitments from {read} of {len(documents)} documents", err=True)
    for row in documents[documents["status"] != "ok"].itertuples():
        typer.echo(f"{row.document}: {row.reason}", err=True)


def _publish(commitments: Any, documents: Any, measures: dict[str, Any], models: Path, output: Path) -> None:
    from pipeline.publish.stage import publish as publish_stage

    model = _json(models / "classifier" / "model.json") or {}
    metadata = {"version": __version__, "model": model.get("id", ""), "encoder": model.get("encoder", "")}
    evaluation = _json(models / "evaluation" / "metrics.json")
    publish_stage(commitments, documents, measures, output, parameters.load("measure"), metadata, evaluation)


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
