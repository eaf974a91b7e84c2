"""Sentences of a commitment as word spans, in any language: spaCy's rule-based sentencizer on a blank pipeline."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

import spacy
from spacy.language import Language

# Full stops of bullets, semicolons between actions and line breaks end a passage as surely as a full stop does.
_ENDS = [".", "!", "?", ";", "…", "。", "！", "？", "•", "▪", "●"]
_WORD = re.compile(r"\S+")
_MAX_CHARACTERS = 200_000


@cache
def _sentencizer() -> Language:
    nlp = spacy.blank("xx")
    nlp.add_pipe("sentencizer", config={"punct_chars": _ENDS})
    nlp.max_length = _MAX_CHARACTERS + 1
    return nlp


def split_sentences(texts: Iterable[str]) -> Iterator[list[tuple[int, int]]]:
    """For each text the character spans of its sentences, in order, without surrounding white space."""
    nlp = _sentencizer()
    with nlp.memory_zone():  # else the vocabulary grows with every new word of a long run
        for document in nlp.pipe((text[:_MAX_CHARACTERS] for text in texts), batch_size=64):
            spans = []
            for sentence in document.sents:
                for line in re.finditer(r"[^\n\r]+", sentence.text):
                    stripped = line.group().strip()
                    if stripped:
                        start = sentence.start_char + line.start() + line.group().index(stripped)
                        spans.append((start, start + len(stripped)))
            yield spans


def words(text: str) -> list[tuple[int, int]]:
    """Character spans of the white-space separated words."""
    return [match.span() for match in _WORD.finditer(text)]
