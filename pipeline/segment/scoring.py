"""How well a candidate series fits what a plan's commitments look like; docs/segmentation.md explains the weights."""

from math import log2

from pipeline.segment.outline import Outline
from pipeline.segment.series import Series

# Points for the word before the number; a theme or a step is hardly ever the commitment itself.
LABEL = {"commitment": 4.0, "action": 3.0, "law": 2.0, "learned": 1.5, "theme": -2.5, "step": -3.5, "aside": -6.0}
CHAPTER = 1000  # words; longer spans without verbs in their titles are chapters
HEADER = 2.0  # points of a table whose header says that its rows are commitments or actions
THRESHOLD = 5.5  # below it a document is read as a narrative


def score(series: Series, outline: Outline) -> float:
    """Points of a series whose features are measured; higher is better, THRESHOLD is the least a plan reaches."""
    f = series.features
    kind = outline.elements[series.openers[0]].label_kind if series.form == "label" else ""
    points = 1.5 * f["titled"] * f["bodied"]
    points += LABEL.get(kind, 0.0) if series.form != "rows" else HEADER
    points += 1.5 * f["regular"] * min(1.0, f["runs"] / 4)
    points += 2.0 * f["commits"]
    points += 1.5 * max(f["verbs"], 0.7 * f["acts"]) * f["titled"]
    points += 2.0 * f["fields"] + 1.0 * (f["template"] >= 0.6) * f["template"]
    points += 1.0 * f["section"] + 1.5 * f["stated"] * (f["count"] >= 5)
    points += 1.5 * min(1.0, f["coverage"] / 0.5)
    points += 0.4 * log2(max(1.0, f["count"]))
    points -= 4.0 * f["skipped"] + 1.5 * f["past"] + 2.0 * (1 - f["distinct"])
    points -= _length_penalty(f["median"])
    if series.form in ("item",):
        points -= 3.0
    if series.form == "num" and series.key[3] == "item" and f["bodied"] < 0.5:
        points -= 1.0
    if series.form == "num" and series.key[1] in ("letter", "roman", "LETTER"):
        points -= 1.0
    return points


def _length_penalty(median: float) -> float:
    if median < 8:
        return 1.5
    if median < 20:
        return 0.7
    if median > 2500:
        return 3.0
    return 1.5 if median > 1200 else 0.0


def is_explicit(series: Series, outline: Outline) -> bool:
    """Whether the plan itself marks the series: by label, numbers, a template, or titles worded as undertakings."""
    f = series.features
    if series.form == "label":
        return outline.elements[series.openers[0]].label_kind in ("commitment", "action", "law", "learned", "theme")
    if series.form in ("template", "rows"):
        return True
    if f["titled"] < 0.5:
        return bool(f["stated"]) and f["regular"] >= 0.8
    acts = f["acts"] >= 0.8 and f["regular"] >= 0.8
    if (f["commits"] + f["fields"] < 0.4 and not acts) or _is_chapter(f):
        return False
    if (
        series.form == "num"
        and series.key[3] == "item"
        and series.key[1] != "code"
        and f["fields"] < 0.5
        and (f["acts"] < 0.5 or f["title_words"] > 16)
    ):
        return False  # numbered paragraphs, not titles
    if f["regular"] >= 0.7 or f["fields"] >= 0.5:
        return f["acts"] + f["commits"] >= 0.8
    return f["verbs"] >= (0.4 if f["template"] >= 0.6 else 0.6) and f["commits"] >= 0.5


def _is_chapter(f: dict[str, float]) -> bool:
    """Whether spans so long under titles that name no act are the document's chapters."""
    return f["median"] > CHAPTER and f["verbs"] < 0.6 and f["acts"] < 0.9 and f["fields"] < 0.5


def is_title_list(series: Series) -> bool:
    """Whether a series lists commitments by title alone, in a part or after a sentence that says so."""
    f = series.features
    if f["count"] < 3 or f["skipped"] > 0.5 or f["median"] > 60:
        return False
    if series.form == "item":
        return bool(f["introduced"] and f["stated"])
    numbered = f["regular"] >= 0.8 and f["section"] >= 0.8
    return f["bodied"] <= 0.4 and numbered and bool(f["introduced"] or f["stated"])
