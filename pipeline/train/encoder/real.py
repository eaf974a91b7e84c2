"""The coded real commitments with their text, gathered where the text lies: it is never stored in the repository.

Two sources. A file of coded commitments (TRAIN.csv), to which `corpus/coded/second.csv` adds a second, blind coding
with the policy areas and touch-points. And a table of commitments that `participation-deficit segment` cut out of
documents (COMMITMENTS.csv): their codes are in `corpus/coded/documents.csv`, found again by a digest of the text.
"""

from pathlib import Path

import pandas as pd
from rich.console import Console

from pipeline.classify.encoder import compose, content_key, normalise
from pipeline.domain.tables import read_table

MAX_WORDS = 450  # as the coded commitments of TRAIN.csv were cut


def real_rows(train_file: Path, commitments: Path, coded: Path) -> pd.DataFrame:
    """All coded real commitments: references, title, text, codes, quotation and `alternative`."""
    rows = [_of_file(train_file, coded / "second.csv"), _of_documents(commitments, coded / "documents.csv")]
    return pd.concat(rows, ignore_index=True).fillna("").assign(origin="real")


def composed_text(title: str, text: str) -> str:
    """What the encoder reads of a commitment cut from a document, at most MAX_WORDS of it."""
    return compose(title, " ".join(text.split()[:MAX_WORDS]))


def _of_file(train_file: Path, second_file: Path) -> pd.DataFrame:
    """The rows of TRAIN.csv; where the second coding differs and the first named no alternative, it becomes one."""
    first = pd.read_csv(train_file, dtype=str, keep_default_na=False)
    second = read_table(second_file).set_index("id").reindex(first["id"]).fillna("").reset_index(drop=True)
    for name in ("cluster", "iap2_level"):
        differs = second[name].ne("") & second[name].ne(first[name]) & first["alternative"].eq("")
        first.loc[differs, "alternative"] = name + "=" + second[name][differs]
    return first.assign(policy_areas=second["policy_areas"], touchpoints=second["touchpoints"])


def _of_documents(commitments: Path, coded_file: Path) -> pd.DataFrame:
    """The coded commitments that are found again among those given; how many are not is told on stderr."""
    coded, segments = read_table(coded_file), read_table(commitments)
    composed = [composed_text(title, text) for title, text in zip(segments["title"], segments["text"], strict=True)]
    texts = pd.DataFrame({"text": composed}, index=[content_key(text) for text in composed])
    texts = texts[~texts.index.duplicated()]
    known = coded[coded["id"].isin(texts.index)].reset_index(drop=True)
    if len(known) < len(coded):
        lost = len(coded) - len(known)
        Console(stderr=True).print(f"{lost} of {len(coded)} coded commitments are not in {commitments}")
    text = texts.loc[known["id"], "text"].to_numpy()
    spans = zip(text, known["quoted_from"], known["quoted_to"], strict=True)
    quoted = [whole[int(first) : int(last)] if first else "" for whole, first, last in spans]
    return known.drop(columns=["quoted_from", "quoted_to"]).assign(title="", text=text, evidence=quoted, weight="")


def quotation_span(composed: str, evidence: str) -> tuple[str, str]:
    """Where a quotation stands in a composed text, as two cells; empty where it is not there word for word."""
    quotation = normalise(evidence)
    start = composed.find(quotation) if quotation else -1
    return (str(start), str(start + len(quotation))) if start >= 0 else ("", "")
