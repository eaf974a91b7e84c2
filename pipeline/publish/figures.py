"""Which figures the report shows: the rows of the deficit behind each chart, in the chart's order, and its words."""

import math
from typing import Any

import pandas as pd

from pipeline.domain import codebook
from pipeline.publish import charts, words
from pipeline.publish.charts import Chart

COLUMNS = ["label", "counted", "estimate", "low", "high", "n", "documents", "small"]


def pick(
    deficit: pd.DataFrame, measure: str, grouping: str, label: str = "", names: dict[str, str] | None = None
) -> pd.DataFrame:
    """Rows of `measure` for `grouping`; `label` is the column that names them, put in words by `names`."""
    rows = deficit[(deficit["measure"] == measure) & (deficit["grouping"] == grouping)].reset_index(drop=True)
    if label:
        values = rows[label].map(str)
        rows = rows.assign(label=values.map(names).fillna(values) if names else values)
    return rows


def headline(
    deficit: pd.DataFrame, measure: str = "below_threshold", category: str | None = None
) -> dict[str, Any] | None:
    """The one row of `measure` over the whole corpus; None where it was not measured."""
    rows = pick(deficit, measure, "all")
    if category is not None:
        rows = rows[rows["category"] == category]
    return None if rows.empty else {str(name): value for name, value in rows.iloc[0].items()}


def _said(rows: pd.DataFrame) -> str:
    """The first and the last of ranked rows in words."""
    first, last = rows.iloc[0], rows.iloc[-1]
    said = f"Highest: {first['label']}, {words.percent(first['estimate'])}"
    if len(rows) > 1:
        said += f"; lowest: {last['label']}, {words.percent(last['estimate'])}"
    return said + "."


def _countries(codes: pd.Series) -> list[str]:
    """Names of countries; where a table spells one country in two ways, each keeps its spelling beside the name."""
    names = [words.country_name(code) for code in codes]
    return [f"{name} ({code})" if names.count(name) > 1 else name for name, code in zip(names, codes, strict=True)]


def _shares_below(levels: pd.DataFrame, threshold: str) -> str:
    """The stacked bars in words: each cluster's share below `threshold`."""
    below = levels[levels["level"].map(codebook.LEVEL_RANK) < codebook.LEVEL_RANK[threshold]]
    sums = below.groupby("label", sort=False)["estimate"].sum()
    return " ".join(f"{name}: {words.percent(float(value))} below {threshold}." for name, value in sums.items())


def build(deficit: pd.DataFrame, threshold: str) -> list[Chart]:
    """Every chart that the figures allow, in the report's order."""
    below = f"Share below {threshold}"
    result: list[Chart] = []

    levels = pick(deficit, "level_share", "cluster", "cluster", words.CLUSTERS)
    if len(levels):
        order = {cluster: index for index, cluster in enumerate(codebook.IN_SCOPE)}
        levels = levels.assign(
            level=levels["category"],
            _cluster=levels["cluster"].map(order),
            _level=levels["category"].map(codebook.LEVEL_RANK),
        ).sort_values(["_cluster", "_level"])
        result.append(
            Chart(
                "levels_by_cluster",
                "Level of participation by cluster",
                levels[["label", "level", *COLUMNS[1:]]].reset_index(drop=True),
                lambda width: charts.stacked(levels, width, threshold),
                "Bars: for each cluster the shares of the six levels. " + _shares_below(levels, threshold),
            )
        )
    for name, title, grouping, names in (
        ("deficit_by_country", "Deficit by country", "country", None),
        ("deficit_by_region", "Deficit by region", "region", None),
        ("deficit_by_cluster", "Deficit by cluster", "cluster", words.CLUSTERS),
        ("deficit_by_policy_area", "Deficit by policy area", "policy_area", words.AREAS),
        ("deficit_by_kind", "Deficit by kind of document", "kind", words.KINDS),
    ):
        rows = pick(deficit, "below_threshold", grouping, grouping, names)
        if rows.empty or (len(rows) == 1 and grouping in ("region", "kind")):
            continue
        if grouping == "country":
            rows = rows.assign(label=_countries(rows["country"]))
        rows = rows.sort_values(["estimate", "label"], ascending=[False, True]).reset_index(drop=True)
        result.append(_ranked(name, title, rows, below))
    years = pick(deficit, "below_threshold", "year", "year")
    if len(years) > 1:
        years = years.sort_values("year").reset_index(drop=True)
        result.append(
            Chart(
                "deficit_by_year",
                "Deficit by year",
                years[COLUMNS],
                lambda width: charts.trend(years, width, below),
                f"Dots with intervals over {len(years)} years. "
                + _said(years.sort_values("estimate", ascending=False)),
            )
        )
    for name, title, measure, names in (
        ("engaged_publics", "Who is engaged", "engaged_share", words.PUBLICS),
        ("touchpoints", "Touch-points opened", "touchpoint_share", words.TOUCHPOINTS),
    ):
        rows = pick(deficit, measure, "all", "category", names)
        if len(rows):
            result.append(_ranked(name, title, rows, "Share of in-scope commitments"))
    return result


def _ranked(name: str, title: str, rows: pd.DataFrame, axis: str) -> Chart:
    # Shares that are all small get a shorter axis, which still starts at zero.
    scale = min(1.0, math.ceil(float(rows["high"].fillna(rows["estimate"]).max()) * 10) / 10 or 1.0)
    return Chart(
        name,
        title,
        rows[COLUMNS],
        lambda width: charts.ranked(rows, width, axis, scale),
        f"Dots with 95% intervals, {len(rows)} rows. " + _said(rows.sort_values("estimate", ascending=False)),
    )
