"""The quotation that carries the level: an exact piece of title or text (codebook, section 6).

The encoder weighs every token by how much it looks like evidence. The strongest run of words inside one sentence is
quoted, at most `MAX_WORDS` long, so that a reader finds the promise itself rather than the paragraph around it.
"""

import numpy as np

from pipeline.classify.encoder import Encoded, compose, normalise
from pipeline.classify.sentences import words

MAX_WORDS = 25
_MIN_WORDS = 3
EDGES = " \t\r\n,;:.·•-–—()[]“”\"'«»"


EVIDENCE, CLUSTER = 2, 3  # columns of Encoded.passages


def word_weights(title: str, text: str, encoded: Encoded, column: int = EVIDENCE) -> tuple[np.ndarray, np.ndarray]:
    """Weight (0 to 1) of each word of the title and of the text, in order, from a column of the tokens' weights.

    Words that the encoder did not read (past its limit) get 0.
    """
    composed = compose(title, text)
    joined = np.zeros(len(composed.split()))
    starts = np.array([start for start, _ in words(composed)])
    if len(encoded.passages) and len(starts):
        position = np.searchsorted(starts, encoded.passages[:, 0], side="right") - 1
        # A token that begins with the blank before a word belongs to that word.
        ends = np.clip(encoded.passages[:, 1] - 1, 0, None)
        position = np.maximum(position, np.searchsorted(starts, ends, side="right") - 1).clip(0)
        probability = 0.5 * (1 + np.tanh(encoded.passages[:, column] / 2))
        np.maximum.at(joined, position, probability)
    title_length = 0 if normalise(text).startswith(normalise(title)) else len(normalise(title).split())
    return _spread(title, joined[:title_length]), _spread(text, joined[title_length:])


def best_quotation(
    title: str, text: str, weights: tuple[np.ndarray, np.ndarray], sentences: list[tuple[int, int]]
) -> str:
    """The strongest quotation, or an empty string where the text has no words.

    `sentences` are the character spans of the text's sentences; the title counts as one more.
    """
    candidates = []
    if len(weights[0]):
        candidates.append(_best_run(title, words(title), weights[0]))
    spans = words(text)
    starts = np.array([start for start, _ in spans])
    for begin, end in sentences:
        first, last = np.searchsorted(starts, [begin, end])
        if last > first:
            candidates.append(_best_run(text, spans[first:last], weights[1][first:last]))
    return max(candidates, key=lambda found: found[0], default=(0.0, ""))[1]


def _best_run(source: str, spans: list[tuple[int, int]], weights: np.ndarray) -> tuple[float, str]:
    """Strongest run of words in one sentence: maximum sum of weight above half of the sentence's peak."""
    if len(spans) <= _MIN_WORDS:
        first, last = 0, len(spans)
    else:
        first, last = _maximum_run(weights - max(0.5 * float(weights.max()), 0.05))
        while last - first < _MIN_WORDS:
            first, last = max(first - 1, 0), min(last + 1, len(spans))
    strength = float(np.sort(weights[first:last])[::-1][:6].mean())
    begin, end = spans[first][0], spans[last - 1][1]
    quotation = source[begin:end]
    return strength, quotation.strip(EDGES) or quotation.strip()


def _maximum_run(gain: np.ndarray) -> tuple[int, int]:
    """Bounds of the contiguous run of at most MAX_WORDS with the largest sum."""
    total = np.concatenate([[0.0], np.cumsum(gain)])
    best, bounds = -np.inf, (0, 1)
    for first in range(len(gain)):
        window = total[first + 1 : first + 1 + MAX_WORDS] - total[first]
        length = int(window.argmax())
        if window[length] > best:
            best, bounds = window[length], (first, first + length + 1)
    return bounds


def _spread(original: str, weights: np.ndarray) -> np.ndarray:
    """Carry weights from the normalised words back to the original ones (normalising may split or drop a word)."""
    result, at = [], 0
    for start, end in words(original):
        count = len(normalise(original[start:end]).split())
        result.append(float(weights[at : at + count].max()) if count and at < len(weights) else 0.0)
        at += count
    return np.array(result)
