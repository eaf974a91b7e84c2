"""The outline of a document: under which headings each element stands, and what its headings say about it."""

import re
from itertools import accumulate

from pipeline.segment.cues import Cues
from pipeline.segment.element import Element

_OF = re.compile(
    r"^\s*(of|to|for|de|del|della|dello|des|du|d'|d’|di|do|da|dos|das|der|von|für|en|in|aux?)\b", re.IGNORECASE
)
_QUOTES = " \"“”«»'"
_DATE_AHEAD = re.compile(r"^(?:[^\W\d_]{3,12} )?(?:19|20)\d\d\s*[-–—:]\s*")
HEADING_LIMIT = 9
TITLE_SHARE = 0.6


class Outline:
    """Ancestors and section marks of every element, and running counts over the elements.

    `ancestors[i]` are the places of the headings above element i, outermost first.
    """

    def __init__(self, elements: list[Element], cues: Cues):
        self.elements = elements
        self.cues = cues
        self.ancestors = _ancestors(elements)
        self.words = [0, *accumulate(element.words for element in elements)]
        self.total_words = self.words[-1] or 1
        own = self._skip_headings()
        self.skipped = [
            own[place] or any(own[above] for above in self.ancestors[place]) for place in range(len(elements))
        ]
        commits = [bool(cues.commits.search(element.text)) for element in elements]
        past = [bool(cues.past.search(element.text)) for element in elements]
        self.commits = [0, *accumulate(commits)]
        self.past = [0, *accumulate(now and not will for now, will in zip(past, commits, strict=True))]
        self.field_counts = [0, *accumulate(len(element.fields) for element in elements)]
        self.templates = [0, *accumulate(element.template for element in elements)]

    def _skip_headings(self) -> list[bool]:
        """Headings of parts that do not commit; a heading over most of the document is its title, whatever it says."""
        below: dict[int, int] = {}
        for place, above in enumerate(self.ancestors):
            for ancestor in above:
                below[ancestor] = below.get(ancestor, 0) + self.elements[place].words
        return [
            is_skip(element, self.cues) and below.get(place, 0) <= TITLE_SHARE * self.total_words
            for place, element in enumerate(self.elements)
        ]

    def heading_texts(self, place: int) -> list[str]:
        """Texts of the headings above an element, innermost first."""
        return [self.elements[above].text for above in reversed(self.ancestors[place])]

    def is_commitment_section(self, place: int) -> bool:
        """Whether a heading above the element, or the text that introduces it, names commitments or actions."""
        pattern = self.cues.sections["commitments"]
        if any(pattern.search(text) for text in self.heading_texts(place)[:3]):
            return True
        before = self.elements[max(0, place - 4) : place]
        return any(element.text.endswith(":") and pattern.search(element.text[-200:]) for element in before)

    def is_title(self, text: str) -> bool:
        """Whether a title is worded like an undertaking: it opens with a verb or with the noun of an act."""
        act = _DATE_AHEAD.sub("", text.strip(_QUOTES))
        return self.is_verb_title(act) or bool(self.cues.act_nouns.search(act))

    def is_verb_title(self, text: str) -> bool:
        """Whether a title opens with a verb, as in "Publish the register", or is itself a promise."""
        text = _DATE_AHEAD.sub("", text.strip(_QUOTES))
        return bool(text) and bool(self.cues.titles.search(text) or self.cues.promises.search(text))


def is_skip(element: Element, cues: Cues) -> bool:
    """Whether a heading opens a part that does not commit: foreword, context, achievements, annex."""
    if element.form != "head" or element.contents or element.label_kind in ("commitment", "action", "law"):
        return False
    if element.label_kind == "aside":
        return True
    text = element.title or element.text
    for part in ("skip", "past", "back"):
        match = cues.sections[part].search(text)
        if not match or (part == "skip" and _OF.match(text[match.end() :])):
            continue
        words = len(text.split())
        if match.start() == 0 or words <= 4 or (match.end() == len(text) and words <= HEADING_LIMIT):
            return True
    return bool(cues.sections["contents"].search(text))


def _ancestors(elements: list[Element]) -> list[tuple[int, ...]]:
    stack: list[int] = []
    result: list[tuple[int, ...]] = []
    for place, element in enumerate(elements):
        if element.form == "head" and not element.contents and not element.template:
            while stack and elements[stack[-1]].weight <= element.weight + 0.05:
                stack.pop()
            result.append(tuple(stack))
            stack.append(place)
        else:
            result.append(tuple(stack))
    return result
