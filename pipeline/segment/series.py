"""Candidate series: openers of one kind that recur through a document, and the span of text that each one opens."""

from collections import defaultdict
from dataclasses import dataclass, field

from pipeline.segment.element import Element
from pipeline.segment.numbering import Number, regularity
from pipeline.segment.outline import Outline, is_skip

Key = tuple[str, ...]


@dataclass
class Series:
    """Openers (places of elements) of one kind; `ends` are the places after the last element of each span."""

    key: Key
    openers: list[int]
    ends: list[int] = field(default_factory=list)
    features: dict[str, float] = field(default_factory=dict)
    score: float = 0.0

    @property
    def form(self) -> str:
        """label, num, head, runin, item, template or rows."""
        return self.key[0]

    @property
    def count(self) -> int:
        """How many openers the series has."""
        return len(self.openers)


def collect(elements: list[Element]) -> list[Series]:
    """All series with at least two openers, spans not yet set."""
    groups: dict[Key, list[int]] = defaultdict(list)
    for element in elements:
        key = _key(element)
        if key:
            groups[key].append(element.place)
    for key, places in groups.items():
        if key[0] == "runin":
            groups[key] = _without_strays(places, elements)
    return [Series(key, places) for key, places in groups.items() if len(places) >= 2]


def _without_strays(places: list[int], elements: list[Element]) -> list[int]:
    """Run-in titles without leads that only go on with a sentence, or that lack the bullet that nearly all have."""
    kept = [place for place in places if not place or elements[place].marker or _is_closed(elements[place - 1])]
    marked = [place for place in kept if elements[place].marker]
    return marked if len(marked) >= 0.7 * len(kept) else kept


def _is_closed(element: Element) -> bool:
    return element.form == "head" or element.text.rstrip('"”’»)')[-1:] in ".:;!?…"


def _key(element: Element) -> Key:
    if element.contents:
        return ()
    style = f"{round(element.size * 2) / 2:g}{'b' if element.bold > 0.6 else ''}{'i' if element.italic > 0.6 else ''}"
    if element.label:
        depth = str(element.number.depth) if element.number else "0"
        return ("label", element.label, depth)
    if element.number:
        number = element.number
        if element.form in ("head", "row"):
            return ("num", number.style, str(number.depth), element.form, style)
        titled = "runin" if element.lead and element.title else "item"
        return ("num", number.style, str(number.depth), titled, number.shape, f"{element.size:.0f}")
    if element.template or element.fields:
        return ()
    if element.form == "head" and element.text.endswith(":") and element.words > 1:
        return ()  # the stem of a list
    if element.form == "head":
        caps = "c" if element.title.isupper() else ""
        return ("head", style + caps)
    if element.form == "runin":
        return ("runin",)
    if element.form == "item":
        return ("item", str(round(element.indent / 12)))
    return ()


def span(series: Series, outline: Outline) -> None:
    """Set the ends: a span goes to the next opener, to a heading that stands above the series, or to the end."""
    elements = outline.elements
    if series.form == "rows":
        series.ends = [place + 1 for place in series.openers]
        return
    weight = opener_weight(series, elements)
    body_like = series.form in ("runin", "item") or (series.form == "num" and series.key[3] in ("runin", "item"))
    indent = _usual_indent(series, elements) if body_like else 0.0
    series.ends = []
    for start, following in zip(series.openers, [*series.openers[1:], len(elements)], strict=True):
        end = start + 1
        while end < following and not _ends(elements[end], elements[start], weight, body_like, indent, outline):
            end += 1
        series.ends.append(end)


def opener_weight(series: Series, elements: list[Element]) -> float:
    """Usual weight of the openers that are headings or labelled; 0 where most are neither."""
    weights = sorted(
        elements[place].weight for place in series.openers if elements[place].form == "head" or elements[place].label
    )
    return weights[len(weights) // 2] if 2 * len(weights) >= len(series.openers) else 0.0


def _usual_indent(series: Series, elements: list[Element]) -> float:
    indents = sorted(elements[place].indent for place in series.openers)
    return indents[len(indents) // 4]


def _ends(element: Element, opener: Element, weight: float, body_like: bool, indent: float, outline: Outline) -> bool:
    """Whether an element ends the span that `opener` opened."""
    if element.contents:
        return True
    if element.label_kind == "theme" and element.form == "head" and opener.label_kind != "theme":
        return element.label != opener.label
    inner = element.template or (element.fields and element.weight < weight - 0.05)
    if element.form == "head" and not inner:
        if body_like:
            return element.label_kind != "step"
        if (
            weight
            and element.weight >= weight - 0.15
            and not _is_sentence(element)
            and not _is_part(element, opener)
            and element.label_kind not in ("step", "aside")
        ):
            return True
        if _is_sentence(element):
            return False
        if is_back(element, outline) and element.weight >= weight - 2.5:
            return True
    if body_like and indent > 8 and element.form == "text":
        return element.indent < indent - 8
    return False


def _is_sentence(element: Element) -> bool:
    """Whether a line set like a heading is a sentence of the text, or the stem of a list."""
    last = element.text.rstrip()[-1:]
    return last == ":" and element.words > 2 or (element.words > 12 and last in ".;,")


def _is_part(element: Element, opener: Element) -> bool:
    """Whether a heading's number goes below the opener's, as 2.1 below 2."""
    inner, outer = element.number, opener.number
    return bool(inner and outer and inner.depth > outer.depth and inner.values[: outer.depth] == outer.values)


def is_back(element: Element, outline: Outline) -> bool:
    """Whether a heading opens the end matter: annex, conclusion, glossary."""
    text = element.title or element.text
    return bool(outline.cues.sections["back"].search(text)) and is_skip(element, outline.cues) and not element.template


def measure(series: Series, outline: Outline, stated: set[int]) -> None:
    """Set the features of a series (shares between 0 and 1 unless their name says otherwise)."""
    elements, count = outline.elements, len(series.openers)
    spans = list(zip(series.openers, series.ends, strict=True))
    lengths = sorted(outline.words[end] - outline.words[start] for start, end in spans)
    titles = [elements[start].title for start in series.openers]
    numbers = [number for number in (elements[start].number for start in series.openers) if number]
    bodied = [end - start > 1 or elements[start].words - len(elements[start].title.split()) > 4 for start, end in spans]
    commits = [outline.commits[end] > outline.commits[start] for start, end in spans]
    past = [outline.past[end] > outline.past[start] for start, end in spans]
    verbs = [outline.is_verb_title(title) for title in titles]
    acts = [outline.is_title(title) for title in titles]
    fields = [outline.field_counts[end] - outline.field_counts[start] >= 2 for start, end in spans]
    templates = [outline.templates[end] > outline.templates[start] for start, end in spans]
    covered = sum(outline.words[end] - outline.words[start] for start, end in spans)
    skipped = [outline.skipped[start] and not _is_own(start, series, outline) for start in series.openers]
    series.features = {
        "count": count,
        "median": lengths[count // 2],
        "titled": sum(bool(title) and 1 < len(title.split()) <= 45 for title in titles) / count,
        "title_words": sorted(len(title.split()) for title in titles)[count // 2],
        "distinct": len({title.casefold() for title in titles}) / count,
        "bodied": sum(bodied) / count,
        "regular": regularity(numbers) if len(numbers) >= 0.8 * count else 0.0,
        "commits": sum(commits) / count,
        "past": sum(then and not now for then, now in zip(past, commits, strict=True)) / count,
        "verbs": sum(verbs) / count,
        "acts": sum(acts) / count,
        "fields": sum(fields) / count,
        "template": sum(templates) / count,
        "coverage": covered / outline.total_words,
        "skipped": sum(skipped) / count,
        "section": sum(outline.is_commitment_section(start) for start in series.openers) / count,
        "stated": float(bool({count, count + 1, count - 1} & stated if series.form == "item" else count in stated)),
        "introduced": float(_is_introduced(series.openers[0], outline)),
        "runs": _mean_run(numbers),
    }


def _is_introduced(first: int, outline: Outline) -> bool:
    """Whether a sentence that names commitments or actions and ends in a colon leads to the first opener."""
    before = outline.elements[max(0, first - 3) : first]
    pattern = outline.cues.sections["commitments"]
    return any(element.text.rstrip(" *_").endswith(":") and pattern.search(element.text[-160:]) for element in before)


def _is_own(start: int, series: Series, outline: Outline) -> bool:
    """Whether only the opener itself reads like a part that does not commit, not a heading above it."""
    return not any(is_skip(outline.elements[above], outline.cues) for above in outline.ancestors[start])


def _mean_run(numbers: list[Number]) -> float:
    """Mean length of the runs of consecutive numbers."""
    if not numbers:
        return 0.0
    return len(numbers) / max(1, sum(number.values[-1] == 1 for number in numbers))
