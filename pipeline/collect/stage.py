"""The stage `collect`: the checked list of documents, for the stages that follow."""

from pathlib import Path

import pandas as pd

from pipeline.collect.sources import check_sources


def collect(sources: Path, output: Path) -> pd.DataFrame:
    """Checks `sources` and writes the table of `check_sources` to `output` as CSV, one row a document, in its order.

    Paths stay relative to the folder of `sources`. Rows with a mistake are written too, with their reason.
    Raises UserError where `sources` as a whole cannot be read.
    """
    table = check_sources(sources)
    output.parent.mkdir(parents=True, exist_ok=True)
    unfinished = output.with_name(f".{output.name}.part")
    table.to_csv(unfinished, index=False, lineterminator="\n", encoding="utf-8")
    unfinished.replace(output)
    return table
