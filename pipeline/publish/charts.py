"""The charts: Altair specifications over rows of the deficit table, rendered to SVG and PNG without a browser."""

import json
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd
import vl_convert

from pipeline.domain import codebook
from pipeline.publish import words

# Tokens of the design. The report replaces them by CSS variables, so that charts follow the light and dark theme.
INK, MUTED, RULE, MARK, FAINT = "#1c2430", "#5b6675", "#d9dee5", "#0e6f6a", "#b9c3cf"
BELOW = ("#ddd5c7", "#c3b393", "#9c8455")
REACHED = ("#6fb5ad", "#2b837d", "#0b4f4b")
FONT = "Helvetica Neue, Arial, Liberation Sans, sans-serif"
PNG_SCALE = 2
MIDDLE = 500  # CSS pixels from which a chart has room for long names and many marks


@dataclass(frozen=True)
class Chart:
    """A chart of the report: `table` holds its figures, `draw(width)` its specification, `alternative` its words."""

    name: str
    title: str
    table: pd.DataFrame
    draw: Callable[[int], alt.TopLevelMixin]
    alternative: str


def level_colours(threshold: str) -> list[str]:
    """One colour a level: sand below `threshold`, teal from it upwards."""
    rank = codebook.LEVEL_RANK[threshold]
    below = [BELOW[min(2, round(index * 2 / max(1, rank - 1)))] for index in range(rank)]
    above = len(codebook.LEVELS) - rank
    return below + [REACHED[min(2, round(index * 2 / max(1, above - 1)))] for index in range(above)]


def _styled(chart: Any) -> alt.TopLevelMixin:
    return (
        chart.configure(font=FONT, background="transparent", padding={"left": 12, "right": 12, "top": 5, "bottom": 5})
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK, titleColor=MUTED, gridColor=RULE, domainColor=RULE, tickColor=RULE, labelFontSize=13,
            titleFontSize=12, titleFontWeight="normal", labelLimit=220, domain=False, ticks=False, labelPadding=8,
        )
        .configure_legend(labelColor=INK, titleColor=MUTED, labelFontSize=13, symbolType="square", title=None)
        .configure_title(color=INK, fontSize=16, anchor="start", fontWeight=600, offset=14)
    )  # fmt: skip


def _fitted(label: str, width: int) -> str:
    """`label` for a chart of `width`: on narrow ones in up to two lines, so that names leave room for the figures."""
    if width >= MIDDLE:
        return textwrap.shorten(label, 36, placeholder="…")
    lines = textwrap.wrap(label, 15)
    return "\n".join(lines[:2]) + ("…" if len(lines) > 2 else "")


def _names(labels: list[str]) -> alt.Y:
    """The axis of row names, in the order given; line ends in a name break the line."""
    return alt.Y("label:N", sort=labels, title=None, axis=alt.Axis(labelExpr="split(datum.label, '\\n')"))


def _ticks(width: int, top: float) -> list[float]:
    """Where the axis from 0 to `top` is marked: few places on narrow charts."""
    most = 5 if width >= MIDDLE else 2
    step = next((step for step in (0.05, 0.1, 0.2, 0.25, 0.5) if top / step <= most + 1e-9), 0.5)
    return [round(step * part, 4) for part in range(int(top / step + 1e-9) + 1)]


def ranked(data: pd.DataFrame, width: int, axis: str, top: float = 1.0) -> alt.TopLevelMixin:
    """Dots with intervals, one a row of `data` (label, estimate, low, high, small); small groups are hollow."""
    rows = data.assign(label=[_fitted(label, width) for label in data["label"]])
    order = list(rows["label"])
    y = _names(order)
    scale = alt.Scale(domain=[0, top])
    percent = alt.Axis(format="%", title=axis, values=_ticks(width, top))
    base = alt.Chart(rows)
    spans = base.mark_rule(color=MARK, strokeWidth=2, opacity=0.45).encode(
        y=y, x=alt.X("low:Q", scale=scale, axis=percent), x2="high:Q"
    )
    dots = base.mark_point(size=90, color=MARK, strokeWidth=2, opacity=1).encode(
        y=y,
        x=alt.X("estimate:Q", scale=scale),
        fill=alt.condition("datum.small", alt.value("#ffffff"), alt.value(MARK)),
    )
    return _styled(
        (spans + dots).properties(width=_plot_width(width, order), height=alt.Step(26 if width >= MIDDLE else 36))
    )


def _plot_width(width: int, labels: list[str]) -> int:
    """Width of the plot that is left beside the labels."""
    longest = max((len(line) for label in labels for line in label.split("\n")), default=0)
    return max(120, width - 48 - int(6.9 * longest))


def stacked(data: pd.DataFrame, width: int, threshold: str) -> alt.TopLevelMixin:
    """Bars of the levels' shares, one a row label of `data` (label, level, estimate)."""
    rows = data.assign(
        label=[_fitted(label, width) for label in data["label"]],
        rank=data["level"].map(codebook.LEVEL_RANK),
        level=data["level"].map(words.LEVELS),
    )
    labels = list(dict.fromkeys(rows["label"]))
    colours = alt.Scale(domain=list(words.LEVELS.values()), range=level_colours(threshold))
    legend = alt.Legend(orient="top", columns=6 if width >= MIDDLE else 3)
    chart = (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            y=_names(labels),
            x=alt.X("estimate:Q", stack="normalize", title=None, axis=alt.Axis(format="%", values=_ticks(width, 1.0))),
            color=alt.Color("level:N", scale=colours, sort=list(words.LEVELS.values()), legend=legend),
            order=alt.Order("rank:Q"),
        )
        .properties(width=_plot_width(width, labels), height=alt.Step(38 if width >= MIDDLE else 44))
    )
    return _styled(chart)


def trend(data: pd.DataFrame, width: int, axis: str) -> alt.TopLevelMixin:
    """A line over years with its interval (year, estimate, low, high, small)."""
    rows = data.assign(year=data["year"].astype(int).astype(str))
    x = alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0 if len(rows) * 44 < width else -45, grid=False))
    scale = alt.Scale(domain=[0, 1])
    base = alt.Chart(rows)
    spans = base.mark_rule(color=MARK, strokeWidth=2, opacity=0.45).encode(
        x=x, y=alt.Y("low:Q", scale=scale, axis=alt.Axis(format="%", title=axis, tickCount=5)), y2="high:Q"
    )
    line = base.mark_line(color=MARK, strokeWidth=1.5, opacity=0.6).encode(x=x, y=alt.Y("estimate:Q", scale=scale))
    dots = base.mark_point(size=80, color=MARK, strokeWidth=2, opacity=1).encode(
        x=x,
        y=alt.Y("estimate:Q", scale=scale),
        fill=alt.condition("datum.small", alt.value("#ffffff"), alt.value(MARK)),
    )
    return _styled((line + spans + dots).properties(width=max(180, width - 90), height=240))


def svg(chart: alt.TopLevelMixin) -> str:
    """The chart as SVG text."""
    return str(vl_convert.vegalite_to_svg(json.dumps(chart.to_dict())))


def png(chart: alt.TopLevelMixin) -> bytes:
    """The chart as PNG on white, for slides."""
    specification = chart.to_dict()
    specification.setdefault("config", {})["background"] = "white"
    return bytes(vl_convert.vegalite_to_png(json.dumps(specification), scale=PNG_SCALE))
