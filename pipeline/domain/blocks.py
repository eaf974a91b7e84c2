"""Text blocks by document, from a table or from a Parquet file of which one part at a time is in memory."""

from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from pipeline.domain.schema import BLOCKS
from pipeline.domain.tables import read_table, told


class Blocks:
    """`blocks[document]` are the document's blocks (schema BLOCKS) in reading order; none where it has none.

    Documents are best asked for in the order of the file: a part is read when its first document is asked for, and
    let go when that of another part is. Raises UserError where the file is missing or damaged.
    """

    def __init__(self, source: Path | pd.DataFrame):
        self._path = Path()
        self._parts: dict[str, list[int]] = {}  # where each document's blocks stand in the file
        self._open: list[int] = []
        self._groups: dict[str, pd.DataFrame] = {}
        if isinstance(source, pd.DataFrame):
            self._groups = _by_document(source)
        elif source.suffix != ".parquet":
            self._groups = _by_document(read_table(source, "blocks"))
        else:
            self._index(source)

    def _index(self, path: Path) -> None:
        self._path = path
        with told(path), path.open("rb") as handle:
            file = pq.ParquetFile(handle)
            for number in range(file.num_row_groups):
                names = file.read_row_group(number, columns=["document"])["document"].unique().to_pylist()
                for name in names:
                    self._parts.setdefault(str(name), []).append(number)

    def __getitem__(self, document: str) -> pd.DataFrame:
        """The document's blocks, in reading order."""
        wanted = self._parts.get(document, [])
        if wanted and wanted != self._open:
            with told(self._path), self._path.open("rb") as handle:
                self._groups = _by_document(pq.ParquetFile(handle).read_row_groups(wanted).to_pandas())
            self._open = wanted
        return self._groups[document] if document in self._groups else pd.DataFrame(columns=BLOCKS.names)


def _by_document(blocks: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {str(name): group for name, group in blocks.groupby("document", sort=False)} if len(blocks) else {}
