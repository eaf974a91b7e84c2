"""Commands on the classifier: train, evaluate, classify."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline import journey
from pipeline.commands.documents import execution
from pipeline.commands.progress import bar
from pipeline.domain import params as parameters
from pipeline.domain.params import ROOT
from pipeline.domain.parts import read_parts
from pipeline.domain.places import place
from pipeline.domain.tables import read_table, write_table

Models = Annotated[Path, typer.Option(help="Folder of the encoder and the trained classifier.")]
Reviewed = Annotated[Path, typer.Option(help="Folder of the history of reviews.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the application."""
    app.command(rich_help_panel="Classifier")(classify)
    app.command(rich_help_panel="Classifier")(train)
    app.command(rich_help_panel="Classifier")(evaluate)


def classify(
    table: Annotated[
        Path, typer.Argument(help="CSV with id and text, optionally title.", show_default=False, parser=place)
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write.", show_default=False, parser=place)],
    models: Models = ROOT / "models",
    blocks: Annotated[
        Path | None, typer.Option(help="Blocks (of `extract`), to find the page of each quotation.", parser=place)
    ] = None,
    documents: Annotated[
        Path | None, typer.Option(help="Documents (of `extract`), for country, year and kind.", parser=place)
    ] = None,
    counted: Annotated[
        Path | None, typer.Option(help="Write the documents with their counts here.", parser=place)
    ] = None,
    reviewed: Reviewed = Path("corpus/reviewed"),
) -> None:
    """Code each row of a table: cluster, participation level, evidence and the rest of the codebook."""
    from pipeline.classify.inputs import check_table
    from pipeline.review.learn import with_reviews

    known = parameters.load("classify")
    if blocks and documents:
        total = sum(len(part) for part in read_parts(table))
        with bar("Classify", total) as step:
            code = journey.coder(known, models, execution(), step)
            facts = read_table(documents, "documents")
            facts, absent = journey.code_corpus(table, facts, blocks, code, reviewed, output)
        write_table(facts, counted or output.with_name("documents.csv"))
    else:
        rows = check_table(read_table(table), str(table))
        with bar("Classify", len(rows)) as step:
            coded, absent = with_reviews(journey.coder(known, models, execution(), step)(rows), reviewed)
        write_table(coded, output)
    for name in absent:
        typer.echo(f"{name}: reviewed, but no longer a commitment; its review is kept and learned from", err=True)


def train(
    labelled: Annotated[Path, typer.Option(help="Folder of labelled examples.")] = Path("corpus/labelled"),
    vectors: Annotated[Path, typer.Option(help="Folder of stored vectors.")] = Path("corpus/vectors"),
    models: Models = ROOT / "models",
    reviewed: Reviewed = Path("corpus/reviewed"),
) -> None:
    """Train the classifier's heads on the labelled examples, the stored vectors and the reviewed rows."""
    from pipeline.train.stage import train_classifier

    choice = str(parameters.load("classify")["encoder"])
    model = train_classifier(labelled, vectors, choice, parameters.load("train"), models, reviewed)
    typer.echo(f"{models / 'classifier'}: trained {model}", err=True)


def evaluate(
    vectors: Annotated[Path, typer.Option(help="Folder of stored vectors.")] = Path("corpus/vectors"),
    models: Models = ROOT / "models",
    output: Annotated[Path, typer.Option("--output", "-o", help="Folder to write.")] = Path("models/evaluation"),
) -> None:
    """Score the classifier on rows that it did not learn from, beside its baselines."""
    from pipeline.evaluate.stage import evaluate as evaluate_stage

    metrics = evaluate_stage(models / "classifier", vectors / "real.csv", parameters.load("evaluate"), output)
    figures = metrics["headline"]
    f1, kappa = figures["cluster_macro_f1"], figures["level_qwk"]
    typer.echo(f"{metrics['rows']} rows: cluster macro-F1 {f1:.3f}, level QWK {kappa:.3f}", err=True)
