"""The schema, enforced: every table is brought to its columns and types and checked before it is written."""

from typing import Any

import pandas as pd
import pandera.errors
import pandera.pandas as pa

from pipeline.domain.codebook import LIST_SEPARATOR
from pipeline.domain.errors import UserError
from pipeline.domain.schema import Column, Table

TYPES = {"integer": "Int64", "number": "float64", "boolean": "boolean", "string": "object", "date": "object"}


def _typed(values: pd.Series, column: Column, table: str) -> pd.Series:
    """`values` in the type of `column`; blank cells become missing (numbers) or empty (text)."""
    if column.type in ("integer", "number"):
        blank = values.isna() | values.astype(str).str.strip().eq("")
        numbers = pd.to_numeric(values.where(~blank), errors="coerce")
        wrong = ~blank & numbers.isna()
        if column.type == "integer":
            wrong |= ~blank & (numbers % 1).fillna(0).ne(0)
        if wrong.any():
            raise _fault(table, column.name, int(wrong.to_numpy().argmax()), values[wrong].iloc[0], f"no {column.type}")
        return numbers.astype("Int64" if column.type == "integer" else "float64")
    if column.type == "boolean":
        words = {"true": True, "1": True, "1.0": True, "false": False, "0": False, "0.0": False}
        text = values.astype(object).where(values.notna(), "").astype(str).str.lower()
        return text.map(words).astype("boolean")
    return values.astype(object).where(values.notna(), "").map(_text).astype(object)


def _text(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _fault(table: str, column: str, row: int, value: Any, reason: str) -> UserError:
    return UserError(
        f"{table}.{column}: row {row + 1} holds '{value}': {reason}; run `dvc repro` again, or correct the input table"
    )


def _checks(column: Column) -> list[pa.Check]:
    checks = []
    if column.values:
        legal = {*column.values, *(() if column.required else ("",))}
        if column.many:
            checks.append(
                pa.Check(
                    lambda cell: not cell or all(part in column.values for part in cell.split(LIST_SEPARATOR)),
                    element_wise=True,
                    error="not one of " + ", ".join(column.values),
                )
            )
        else:
            checks.append(pa.Check.isin(sorted(legal), error="not one of " + ", ".join(column.values)))
    elif column.required and column.type == "string":
        checks.append(pa.Check.str_length(min_value=1, error="empty"))
    if column.minimum is not None:
        checks.append(pa.Check.ge(column.minimum, error=f"below {column.minimum:g}"))
    if column.maximum is not None:
        checks.append(pa.Check.le(column.maximum, error=f"above {column.maximum:g}"))
    return checks


def schema_of(table: Table) -> pa.DataFrameSchema:
    """The pandera schema of `table`: types, legal values, ranges, required cells, unique key."""
    return pa.DataFrameSchema(
        {
            column.name: pa.Column(
                TYPES[column.type], _checks(column), nullable=not column.required, required=True, coerce=False
            )
            for column in table.columns
        },
        unique=list(table.key) or None,
        strict=True,
        ordered=True,
        name=table.name,
    )


def conform(data: pd.DataFrame, table: Table) -> pd.DataFrame:
    """`data` with exactly the columns of `table`, typed and checked; other columns are dropped, lacking ones empty.

    Raises UserError that names table, column, row, value and reason.
    """
    shaped = pd.DataFrame(
        {
            column.name: _typed(
                data[column.name] if column.name in data else pd.Series([None] * len(data), dtype=object),
                column,
                table.name,
            ).reset_index(drop=True)
            for column in table.columns
        },
        columns=table.names,
    )
    try:
        schema_of(table).validate(shaped)
    except pandera.errors.SchemaError as error:
        raise _told(error, table) from None
    return shaped


def _told(error: pandera.errors.SchemaError, table: Table) -> UserError:
    """A pandera error as one line: the first cell at fault."""
    cases = error.failure_cases
    if not isinstance(cases, pd.DataFrame) or cases.empty:
        return UserError(f"{table.name}: {str(error).splitlines()[0]}; run `dvc repro` again")
    first = cases.iloc[0]
    row = int(first["index"]) if pd.notna(first.get("index")) else 0
    if error.reason_code == pandera.errors.SchemaErrorReason.DUPLICATES:
        return _fault(table.name, "|".join(table.key), row, first["failure_case"], "stands more than once")
    reason = getattr(error.check, "error", None) or "empty"
    return _fault(table.name, str(error.schema.name), row, first["failure_case"], str(reason))


def check_references(tables: dict[str, pd.DataFrame], schemas: dict[str, Table]) -> None:
    """Raises UserError where a foreign key of `schemas` points to no row."""
    for name, data in tables.items():
        for column, (other, target) in schemas[name].foreign.items():
            if other not in tables:
                continue
            lost = ~data[column].isin(set(tables[other][target]))
            if lost.any():
                row = int(lost.to_numpy().argmax())
                raise _fault(name, column, row, data[column].iloc[row], f"not in {other}.{target}")
