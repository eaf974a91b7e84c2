"""The `train` stage: labelled examples and stored vectors in, `models/classifier/` out."""

from pathlib import Path
from typing import Any

from pipeline.classify import lexical
from pipeline.classify.choose import load_encoder
from pipeline.classify.encoder import Encoder
from pipeline.classify.model import save
from pipeline.review.learn import read_settled
from pipeline.train.curve import learning_curve
from pipeline.train.examples import gather, read_labelled
from pipeline.train.fit import train


def train_classifier(
    labelled: Path, vectors: Path, choice: str, params: dict[str, Any], models: Path, reviewed: Path | None = None
) -> str:
    """Train on everything there is; save classifier, out-of-fold predictions and learning curve; returns the id.

    `reviewed`: folder of the history of reviews. `choice`: the encoder of params.yaml; the fallback is fitted here
    first. Raises UserError for labelled examples that the codebook does not allow.
    """
    output = models / "classifier"
    table = read_labelled(labelled)
    encoder: Encoder
    if choice == lexical.NAME:
        encoder = lexical.fit_lexical(table, int(params["components"]), int(params["seed"]))
        encoder.save(output / "lexical.skops")
    else:
        encoder = load_encoder(choice, models)
    examples = gather(table, vectors, encoder, params, read_settled(reviewed) if reviewed else None)
    model, predictions = train(examples, encoder.name, params)
    save(model, output)
    predictions.to_csv(output / "out_of_fold.csv", index=False, lineterminator="\n")
    learning_curve(examples, params).to_csv(output / "learning_curve.csv", index=False, lineterminator="\n")
    return model.id
