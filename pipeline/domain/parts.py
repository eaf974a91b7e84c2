"""Tables that may be larger than the memory: written and read in parts, Parquet row groups or stretches of a CSV."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.domain.places import replacing
from pipeline.domain.schema import TABLES
from pipeline.domain.tables import read_csv, told, typed

ROWS = 10_000  # of a part: some ten megabytes of text
_TYPES = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}


def write_parts(tables: Iterable[pd.DataFrame], path: Path, schema: str, rows: int = ROWS) -> int:
    """Write the tables one below the other, with the columns of `schema`, and give the number of rows.

    A part has `rows` rows or the few more with which the last table in it ends: none is divided, so that what
    belongs together (a document's blocks) is read together. The same rows in other tables may give another file.
    """
    columns = TABLES[schema].columns
    names = [column.name for column in columns]
    count = 0
    with replacing(path) as handle:
        writer: pq.ParquetWriter | None = None
        for number, part in enumerate(_gathered(tables, names, rows)):
            count += len(part)
            if path.suffix != ".parquet":
                handle.write(part.to_csv(index=False, header=number == 0, lineterminator="\n").encode("utf-8"))
                continue
            wanted = pa.schema([(column.name, _TYPES[column.type]) for column in columns])
            content = pa.Table.from_pandas(part, schema=wanted, preserve_index=False)
            writer = writer or pq.ParquetWriter(handle, content.schema)
            writer.write_table(content.cast(writer.schema), row_group_size=max(1, len(part)))
        if writer:
            writer.close()
    return count


def _gathered(tables: Iterable[pd.DataFrame], names: list[str], rows: int) -> Iterator[pd.DataFrame]:
    """Tables joined until each has `rows` rows; at least one, if need be empty."""
    waiting: list[pd.DataFrame] = []
    given = 0
    for table in tables:
        if len(table):
            waiting.append(table)
        if sum(map(len, waiting)) >= rows:
            yield pd.concat(waiting, ignore_index=True)[names]
            given, waiting = given + 1, []
    if waiting or not given:
        yield pd.concat(waiting or [pd.DataFrame(columns=names)], ignore_index=True)[names]


def read_parts(path: Path, schema: str = "", rows: int = ROWS) -> Iterator[pd.DataFrame]:
    """The table's parts in order, typed as by `tables.read_table`; at least one, if need be without rows.

    Raises UserError as `read_table` does, when the fault is reached.
    """
    with told(path), path.open("rb") as handle:
        if path.suffix == ".parquet":
            file = pq.ParquetFile(handle)
            parts = (file.read_row_group(number).to_pandas() for number in range(file.num_row_groups))
            if not file.num_row_groups:
                parts = (table.to_pandas() for table in [file.schema_arrow.empty_table()])
            yield from (typed(part, schema) if schema else part for part in parts)
        else:
            yield from (typed(part, schema) if schema else part for part in read_csv(handle, rows))
