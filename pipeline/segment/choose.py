"""Which spans of the document are its commitments: the best series, the level below it where that has titles."""

from dataclasses import dataclass

from pipeline.segment import templates
from pipeline.segment.outline import Outline, is_skip
from pipeline.segment.scoring import THRESHOLD, is_explicit, is_title_list, score
from pipeline.segment.series import Series, collect, measure, opener_weight, span

LIST_GAP = 6  # elements between two titles of one list
CHILD_COVER = 0.25  # share of a unit's words that its titled parts must hold to be the commitments


@dataclass
class Unit:
    """One commitment: elements [start, end) of the document; `series` is the key of the series that opened it."""

    start: int
    end: int
    series: tuple[str, ...]


def ranked(outline: Outline, stated: set[int]) -> list[Series]:
    """All candidate series, measured and scored, best first."""
    found = [*collect(outline.elements), *templates.cycles(outline), *templates.rows(outline)]
    for series in found:
        span(series, outline)
        measure(series, outline, stated)
        series.score = score(series, outline)
    return sorted(found, key=lambda series: (-series.score, series.openers[0]))


def choose(outline: Outline, stated: set[int]) -> list[Unit]:
    """The commitments of a document with numbers, labels, templates or titles; [] for a narrative."""
    found = ranked(outline, stated)
    best = next((series for series in found if series.score >= THRESHOLD and is_explicit(series, outline)), None)
    lists = [_in_commitment_part(series, outline, stated) for series in found if "item" in series.key]
    titles = max((series for series in lists if is_title_list(series)), key=lambda series: series.count, default=None)
    if titles and (best is None or (best.form != "label" and best.count < 0.5 * titles.count)):
        return _units(_without_isolated(titles), outline)
    if best is None:
        return []
    kind = outline.elements[best.openers[0]].label_kind if best.form == "label" else ""
    if kind not in ("commitment", "action", "law") and best.form not in ("template", "rows"):
        parent = _parent(best, found, outline)
        base, forced = (parent, best) if parent else (best, None)
        complete(base, outline)
        return _descend(base, forced, found, outline)
    complete(best, outline)
    return _units(best, outline)


def _in_commitment_part(series: Series, outline: Outline, stated: set[int]) -> Series:
    """The openers of a list that stand in a part on commitments."""
    kept: list[int] = []
    for place in series.openers:
        goes_on = bool(kept) and place - kept[-1] <= LIST_GAP
        if not outline.skipped[place] and (goes_on or outline.is_commitment_section(place)):
            kept.append(place)
    part = Series(series.key, kept or series.openers[:1])
    span(part, outline)
    measure(part, outline, stated)
    return part


def _without_isolated(series: Series) -> Series:
    """A list of titles without openers that stand alone, far from the others."""
    runs: list[list[int]] = []
    for place in series.openers:
        if runs and place - runs[-1][-1] <= LIST_GAP:
            runs[-1].append(place)
        else:
            runs.append([place])
    kept = [place for run in runs if len(run) >= 3 for place in run]
    return Series(series.key, kept, [place + 1 for place in kept])


def _units(series: Series, outline: Outline) -> list[Unit]:
    return [Unit(start, end, series.key) for start, end in zip(series.openers, series.ends, strict=True)]


def complete(series: Series, outline: Outline) -> None:
    """Add openers that the series' key missed: numbers in its gaps, and headings like its own with new numbers."""
    if series.form not in ("label", "num"):
        return
    elements = outline.elements
    openers = set(series.openers)
    known = {elements[place].number.values for place in series.openers if elements[place].number}  # type: ignore[union-attr]
    first = elements[series.openers[0]]
    depth = first.number.depth if first.number else 1
    weight = opener_weight(series, elements)
    prefixes = {values[:-1] for values in known}
    for element in elements[series.openers[0] :]:
        number = element.number
        if element.place in openers or element.contents or number is None or number.depth != depth or not element.title:
            continue
        alike = element.form == "head" and weight and abs(element.weight - weight) < 0.35
        if alike and depth > 1 and number.style == "arabic" and number.values[:-1] not in prefixes:
            openers.add(element.place)
    for left, right in zip(series.openers, series.openers[1:], strict=False):
        a, b = elements[left].number, elements[right].number
        if a is None or b is None or a.values[:-1] != b.values[:-1] or b.values[-1] - a.values[-1] != 2:
            continue
        missing = (*a.values[:-1], a.values[-1] + 1)
        for element in elements[left + 1 : right]:
            number = element.number
            if (
                number
                and number.style == a.style
                and number.values == missing
                and element.title
                and not element.contents
            ):
                openers.add(element.place)
                break
    if len(openers) > len(series.openers):
        series.openers = sorted(openers)
        span(series, outline)


def _parent(best: Series, found: list[Series], outline: Outline) -> Series | None:
    """A series of numbered or verb-titled headings whose spans hold the units of `best`, if the plan has one."""
    if best.form == "label":
        return None
    for series in found:
        if (
            series is best
            or series.form not in ("num", "head")
            or series.key[-2] == "item"
            or series.count >= best.count
        ):
            continue
        if series.form == "num" and series.key[3] != "head" or series.count < 3 or not is_explicit(series, outline):
            continue
        if series.form == "head" and series.features["acts"] < 0.8 or series.score < 0.55 * best.score:
            continue
        inside = sum(
            any(s < place < e for s, e in zip(series.openers, series.ends, strict=True)) for place in best.openers
        )
        if inside >= 0.6 * len(best.openers) and series.features["skipped"] < 0.3:
            return series
    return None


def _descend(base: Series, forced: Series | None, found: list[Series], outline: Outline) -> list[Unit]:
    """Units of `base`, each replaced by its titled parts where it has them."""
    children = [series for series in found if series is not base and _is_child(series, base, outline)]
    if forced and forced not in children:
        children.insert(0, forced)
    units: list[Unit] = []
    split: list[int] = []
    for start, end in zip(base.openers, base.ends, strict=True):
        parts = _parts(start, end, children, outline, base.key)
        if parts:
            split.append(start)
            units.extend(parts)
        else:
            units.append(Unit(start, end, base.key))
    if forced:
        held = {unit.start for unit in units}
        spans = list(zip(base.openers, base.ends, strict=True))
        for start, end in zip(forced.openers, forced.ends, strict=True):
            if start not in held and not any(s < start < e for s, e in spans):
                units.append(Unit(start, end, forced.key))
    whole = [unit for unit in units if unit.series == base.key]
    if split and (base.form == "head" or len(whole) < 0.5 * base.count):
        units = [unit for unit in units if unit.series != base.key or _stands_alone(unit, split, base, outline)]
    return sorted(units, key=lambda unit: unit.start)


def _stands_alone(unit: Unit, split: list[int], base: Series, outline: Outline) -> bool:
    """Whether a heading without titled parts, among headings with them, is a commitment itself."""
    element = outline.elements[unit.start]
    if base.form == "num":
        return (
            not outline.cues.known
            or outline.is_title(element.title)
            or outline.field_counts[unit.end] - outline.field_counts[unit.start] > 1
        )
    between = min(split) < unit.start < max(split) or outline.is_title(element.title)
    return between and outline.is_title(element.title) and outline.commits[unit.end] > outline.commits[unit.start]


def _is_child(series: Series, base: Series, outline: Outline) -> bool:
    """Whether a series can hold the commitments below `base`: titled, worded as undertakings, not a template."""
    f = series.features
    if series.form == "num" and series.key[1] == "code" and f["regular"] >= 0.8 and f["count"] >= 3:
        return True
    if series.form not in ("runin", "num", "head") or f["titled"] < 0.8 or f["distinct"] < 0.9 or f["bodied"] < 0.8:
        return False
    if series.form == "num" and series.key[3] == "item":
        return False
    if any(outline.elements[place].text.endswith(":") for place in series.openers[:3]) and series.form == "head":
        return False
    heads = series.form == "head" or (series.form == "num" and series.key[3] == "head")
    if heads:
        spans = list(zip(base.openers, base.ends, strict=True))
        held = sum(any(s < place < e for place in series.openers) for s, e in spans)
        return held >= 2 and f["acts"] >= 0.6 and f["commits"] >= 0.6
    inside = [
        place for place in series.openers if any(s < place < e for s, e in zip(base.openers, base.ends, strict=True))
    ]
    if len(inside) < 3 or len(inside) < 0.5 * len(series.openers):
        return False
    return f["commits"] >= 0.6 and (f["acts"] >= 0.5 or f["commits"] >= 0.8)


def _parts(start: int, end: int, children: list[Series], outline: Outline, above: tuple[str, ...]) -> list[Unit]:
    """The titled parts of a span, each again parted where it has titled parts; [] where the span is a unit itself."""
    total = outline.words[end] - outline.words[start]
    for series in children:
        if series.key == above:
            continue
        inside = [
            Unit(place, min(stop, end), series.key)
            for place, stop in zip(series.openers, series.ends, strict=True)
            if start < place < end
        ]
        covered = sum(outline.words[unit.end] - outline.words[unit.start] for unit in inside)
        if not inside or covered < CHILD_COVER * total:
            continue
        if any(is_skip(outline.elements[unit.start], outline.cues) for unit in inside):
            continue
        lower = [other for other in children if other is not series]
        return [part for unit in inside for part in _parts(unit.start, unit.end, lower, outline, series.key) or [unit]]
    return []
