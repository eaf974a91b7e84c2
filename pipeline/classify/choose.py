"""Which encoder: the tuned one that ships with the project, or the fallback that needs only scikit-learn."""

from pathlib import Path

from pipeline.classify.encoder import Encoder, TunedEncoder
from pipeline.classify.lexical import NAME, load_lexical
from pipeline.domain.errors import UserError
from pipeline.domain.params import ENCODERS


def load_encoder(choice: str, models: Path, threads: int = 2) -> Encoder:
    """The encoder that `classify.encoder` of params.yaml names, from the folder of models.

    `threads`: texts that it reads at a time in this process.
    Raises UserError for an unknown choice or where the encoder's files are missing.
    """
    if choice == "tuned":
        return TunedEncoder(models / "encoder", threads)
    if choice == NAME:
        return load_lexical(models / "classifier" / "lexical.skops")
    raise UserError(f"params.yaml: classify.encoder is '{choice}'; use one of {', '.join(ENCODERS)}")
