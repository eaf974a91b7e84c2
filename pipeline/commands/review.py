"""Commands on reviews: export, import, impact."""

import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.domain import params as parameters
from pipeline.domain.errors import UserError
from pipeline.domain.tables import read_table, write_table

review = typer.Typer(no_args_is_help=True, help="Check the rows that matter, correct them, and see what it changed.")
History = Annotated[Path, typer.Option("--history", help="Folder of the history of reviews.")]
Folder = Annotated[Path, typer.Option("--output", "-o", help="Folder of the sheets.")]
Classified = Annotated[Path, typer.Option(help="Classified commitments.")]
Predictions = Annotated[Path, typer.Option(help="Predictions on rows not learned from.")]
Measures = Annotated[Path, typer.Option(help="Folder of measures.")]
_HISTORY, _SHEETS, _CLASSIFIED = Path("corpus/reviewed"), Path("review"), Path("data/classified.csv")
_MEASURES, _PREDICTIONS = Path("data/measures"), Path("models/classifier/out_of_fold.csv")


def register(app: typer.Typer) -> None:
    """Add this module's commands to the application."""
    app.add_typer(review, name="review", rich_help_panel="Review")


@review.command("export")
def export_queue(
    classified: Classified = _CLASSIFIED,
    documents: Annotated[Path, typer.Option(help="Documents.")] = Path("data/documents.csv"),
    corpus: Annotated[Path, typer.Option(help="Folder that the documents' paths count from.")] = Path("corpus"),
    history: History = _HISTORY,
    output: Folder = _SHEETS,
    size: Annotated[int | None, typer.Option(help="Number of rows; default in params.yaml.")] = None,
    tools: Annotated[bool, typer.Option(help="Write files for Label Studio and Argilla, too.")] = False,
) -> None:
    """Write the rows worth a person's time first: queue.csv, queue.xlsx and queue.html."""
    from pipeline.review import annotation_tools, outgoing, pictures, queue, settle, workbook
    from pipeline.review import history as past

    params = parameters.load("review") | ({"size": size} if size else {})
    commitments = outgoing.read_classified(classified)
    reviews = past.read(history)
    chosen = queue.choose(
        commitments,
        params,
        str(parameters.load("measure")["threshold"]),
        set(settle.settled(reviews)["commitment_id"]),
        set(settle.disputed(reviews)["commitment_id"]),
    )
    if chosen.empty:
        raise UserError(f"{classified}: every commitment is reviewed; there is nothing to queue")
    files = outgoing.find_documents(read_table(documents, "documents"), corpus)
    place = outgoing.free_place(output / "queue.csv")
    table = outgoing.sheet(chosen, outgoing.issue(chosen, history), outgoing.links_from(files, output))
    outgoing.write_csv(table, place)
    workbook.write_workbook(table, place.with_suffix(".xlsx"))
    boxes = dict(zip(chosen["commitment_id"], chosen["boxes"].fillna(""), strict=True))
    pictures.write_companion(table, boxes, files, place.with_suffix(".html"))
    if tools:
        annotation_tools.write_label_studio(table, place.with_suffix(".label-studio.json"))
        annotation_tools.write_argilla(table, place.with_suffix(".argilla.jsonl"))
    typer.echo(
        f"{place.with_suffix('.xlsx')}: {len(table)} commitments to review; pictures in .html beside it", err=True
    )


@review.command("import")
def import_sheets(
    files: Annotated[
        list[Path], typer.Argument(help="Filled sheets (.xlsx, .csv, .json, .jsonl).", show_default=False)
    ],
    history: History = _HISTORY,
    output: Folder = _SHEETS,
    reviewer: Annotated[str, typer.Option(help="Name for rows that give none.")] = "",
    classified: Classified = _CLASSIFIED,
    measures: Measures = _MEASURES,
    predictions: Predictions = _PREDICTIONS,
) -> None:
    """Take over what reviewers filled in: right rows into the history, wrong ones into a file to correct."""
    from pipeline.review import annotation_tools, impact, incoming, outgoing, settle
    from pipeline.review import history as past
    from pipeline.review.reading import read_sheet

    queued = past.queues(history)
    if queued.empty:
        raise UserError(f"{history}: holds no queue; run `participation-deficit review export` first, or restore it")
    past.read(history)  # refuses a damaged history before anything is written
    read = [
        (path, annotation_tools.read(path) if annotation_tools.is_tool(path) else read_sheet(path)) for path in files
    ]
    added = faulty = 0
    for path, rows in read:
        brought = incoming.check(rows, queued, datetime.date.today(), reviewer)
        if brought.to_correct:
            place = outgoing.free_place(output / f"{path.stem}-to-correct.csv")
            outgoing.write_csv(incoming.correction_sheet(brought), place)
            for message in brought.messages(path):
                typer.echo(message, err=True)
            typer.echo(f"{place}: {len(brought.to_correct)} rows to correct and import again", err=True)
            faulty += len(brought.to_correct)
        if len(brought.reviews) and not added and classified.exists():
            impact.save(impact.current(classified, measures, predictions), output / "before")
        new = past.append(history, brought.reviews)
        added += new
        known = len(brought.reviews) - new
        typer.echo(f"{path}: {new} reviews added, {known} known, {brought.untouched} rows not filled in", err=True)
    reviews = past.read(history)
    for name, disputed in settle.disputed(reviews).groupby("commitment_id", sort=False):
        said = "; ".join(f"{row.reviewer}: {row.cluster}, {row.iap2_level}" for row in disputed.itertuples())
        typer.echo(f"{name}: reviewers disagree ({said}); settle it by a row with the status adjudicated", err=True)
    if added:
        typer.echo("Now run `dvc repro`, then `participation-deficit review impact`.", err=True)
    if faulty:
        raise typer.Exit(1)


@review.command("impact")
def show_impact(
    output: Folder = _SHEETS,
    classified: Classified = _CLASSIFIED,
    measures: Measures = _MEASURES,
    predictions: Predictions = _PREDICTIONS,
) -> None:
    """Show what the last import changed, once `dvc repro` has run; list labels that may be wrong."""
    from pipeline.review import impact, suspects

    changes = impact.compare(impact.saved(output / "before"), impact.current(classified, measures, predictions))
    for line in impact.told(changes):
        typer.echo(line)
    for name, table in changes.items():
        write_table(table, output / "impact" / f"{name}.csv")
    if predictions.exists():
        doubtful = suspects.suspected(read_table(predictions))
        write_table(doubtful, output / "impact" / "suspected-labels.csv")
        typer.echo(f"Labels that may be wrong: {len(doubtful)}, in {output / 'impact' / 'suspected-labels.csv'}")
