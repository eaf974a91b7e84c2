"""Lists the rendered samples in `corpus/sources.csv`, above the documents that analysts added."""

from pathlib import Path

import pandas as pd

from corpus.samples.render.source import Sample
from pipeline.collect.sources import checksum, read_sources
from pipeline.domain.schema import SOURCES

FOLDER = "samples/documents"


def register(samples: list[Sample], sources: Path) -> None:
    """Replaces the samples' rows of the table `sources`; other rows stay."""
    rows = [_row(sample, sources) for sample in samples]
    table = pd.DataFrame(rows, columns=SOURCES.names)
    if sources.exists():
        others = read_sources(sources)
        table = pd.concat([table, others[~others["path"].str.startswith(f"{FOLDER}/")]])
    table.to_csv(sources, index=False, lineterminator="\n", encoding="utf-8")


def _row(sample: Sample, sources: Path) -> dict[str, str]:
    path = f"{FOLDER}/{sample.file}"
    return {
        "id": Path(sample.file).stem,
        "path": path,
        "title": sample.word("title"),
        "country": sample.word("country"),
        "year": sample.word("year"),
        "kind": sample.word("kind"),
        "language": sample.language,
        "address": "",
        "licence": "CC0-1.0",
        "sha256": checksum(sources.parent / path),
        "mapping": sample.word("mapping"),
    }
