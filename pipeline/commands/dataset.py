"""Commands on the dataset: measure, publish, run."""

import json
import os
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline import __version__, journey
from pipeline.commands.coding import Models, Reviewed
from pipeline.commands.documents import execution
from pipeline.commands.progress import bar
from pipeline.domain import params as parameters
from pipeline.domain.params import ROOT
from pipeline.domain.places import at_hand, folder_at_hand, is_local, place
from pipeline.domain.tables import read_table, told, write_table

Folder = Annotated[Path, typer.Option("--output", "-o", help="Folder to write.", show_default=False, parser=place)]
# Every block of params.yaml that can change a figure.
_BLOCKS = ("extract", "segment", "classify", "train", "evaluate", "measure")


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
    from pipeline.review.learn import words_of_model

    with told(classified), at_hand(classified) as here:
        table = read_classified(here)
    facts = read_table(documents, "documents") if documents else None
    reviews = read(reviewed)
    confusion = _json(models / "evaluation" / "confusion.json")
    measures = measure_stage(table, facts, parameters.load("measure"), confusion, words_of_model(reviews))
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
    corpus: Annotated[Path, typer.Option(help="Folder that the documents' paths count from.")] = Path("corpus"),
    sqlite: Annotated[bool, typer.Option("--sqlite", help="Also write a database for Datasette.")] = False,
) -> None:
    """Publish the dataset: tables, charts, data package and report."""
    from pipeline.publish.sqlite import FOLDER, delete_sqlite, write_sqlite

    tables = {path.stem: read_table(path, path.stem) for path in sorted(measures.glob("*.csv"))}
    with folder_at_hand(output) as folder:
        delete_sqlite(folder / FOLDER)  # an earlier one would not agree with the new tables
        metadata = _metadata(models, _way(corpus, output))
        _publish(
            read_table(commitments, "commitments"), read_table(documents, "documents"), tables, models, folder, metadata
        )
        if sqlite:
            write_sqlite(folder, folder / FOLDER)


def run(
    paths: Annotated[
        list[Path], typer.Argument(help="Documents, or folders of documents.", show_default=False, parser=place)
    ],
    output: Folder,
    models: Models = ROOT / "models",
    overrides: Annotated[Path, typer.Option(help="Folder of the analyst's corrections.")] = Path("corpus/overrides"),
    reviewed: Reviewed = Path("corpus/reviewed"),
) -> None:
    """Do it all: documents in, the whole dataset out."""
    from pipeline.measure.stage import measure as measure_stage
    from pipeline.review import history as past
    from pipeline.review.agreement import agreement
    from pipeline.review.learn import with_reviews, words_of_model
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
        # Reviews of other documents are no news here: a history serves all that was ever reviewed.
        codes, _ = with_reviews(codes, reviewed)
        commitments, documents = journey.describe(segments, documents, blocks, codes)
    with folder_at_hand(output) as target:
        if commitments.empty:
            # Nothing to measure, but what became of each document is told all the same.
            for name, table in (("commitments", commitments), ("documents", documents)):
                write_table(table, target / f"{name}.csv")
        else:
            confusion = _json(models / "evaluation" / "confusion.json")
            reviews = past.read(reviewed)
            reviews = reviews[reviews["commitment_id"].isin(commitments["commitment_id"])]
            words = words_of_model(reviews)
            measures = measure_stage(commitments, documents, parameters.load("measure"), confusion, words)
            measures["agreement"] = agreement(reviews)
            _publish(commitments, documents, measures, models, target, _metadata(models, _way(Path(), output)))
    read = int(documents["status"].isin(["ok", "partial"]).sum())
    typer.echo(f"{output}: {len(commitments)} commitments from {read} of {len(documents)} documents", err=True)
    for row in documents[documents["status"] != "ok"].itertuples():
        typer.echo(f"{row.document}: {row.reason}", err=True)


def _publish(
    commitments: Any, documents: Any, measures: dict[str, Any], models: Path, output: Path, metadata: dict[str, Any]
) -> None:
    from pipeline.publish.stage import publish as publish_stage

    evaluation = _json(models / "evaluation" / "metrics.json")
    publish_stage(commitments, documents, measures, output, parameters.load("measure"), metadata, evaluation)


def _metadata(models: Path, documents_folder: str) -> dict[str, Any]:
    """What the dataset says of how it was made."""
    from pipeline.publish.package import code_version

    model = _json(models / "classifier" / "model.json") or {}
    return {
        "version": __version__,
        "code": code_version(),
        "model": model.get("id", ""),
        "encoder": model.get("encoder", ""),
        "parameters": {block: parameters.load(block) for block in _BLOCKS},
        "documents_folder": documents_folder,
    }


def _way(start: Path, output: Path) -> str:
    """The way from the dataset to the folder from which paths of documents count; empty where it lies elsewhere."""
    return Path(os.path.relpath(start.resolve(), output.resolve())).as_posix() if is_local(output) else ""


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
