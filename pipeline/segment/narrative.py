"""Policies without numbered or titled actions: the paragraphs that commit, each with the sentences around it."""

import re

from pipeline.segment.choose import Unit
from pipeline.segment.outline import Outline

_SENTENCE = re.compile(r"(?<=[.!?;])\s+")
MIN_WORDS = 8


def paragraphs(outline: Outline) -> list[Unit]:
    """One unit for each paragraph that commits, outside the parts that do not; a stem takes the list below it along."""
    elements = outline.elements
    units: list[Unit] = []
    place = 0
    while place < len(elements):
        element = elements[place]
        end = place + 1
        if element.form in ("text", "item", "runin") and not element.contents and not outline.skipped[place]:
            if element.text.rstrip(" *_").endswith(":"):
                while end < len(elements) and elements[end].form == "item":
                    end += 1
            if commits(" ".join(part.text for part in elements[place:end]), outline):
                units.append(Unit(place, end, ("narrative",)))
        place = end
    return units


def commits(text: str, outline: Outline) -> bool:
    """Whether a sentence of the text binds somebody who acts for the state."""
    if text.count(" ") + 1 < MIN_WORDS:
        return False
    return any(outline.cues.promises.search(sentence) for sentence in _SENTENCE.split(text))
