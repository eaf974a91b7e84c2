"""The quotation that carries the level: an exact piece of title or text (codebook, section 6).

The encoder weighs every token by how much it looks like evidence. The strongest run of words inside one sentence is
quoted, at most `MAX_WORDS` long, so that a reader finds the promise itself rather than the paragraph around it.
"""

from bisect import bisect_left
from itertools import accumulate
from math import inf

import numpy as np

from pipeline.classify.encoder import Encoded, compose, normalise
from pipeline.classify.sentences import words

MAX_WORDS = 25
_MIN_WORDS = 6  # three words say nothing to a reader; on coded commitments six meet the coders' quotations as well
EDGES = " \t\r\n,;:.·•-–—()[]“”\"'«»"


LEVEL, CLUSTER = 0, 1  # columns of the words' weights


def word_weights(title: str, text: str, encoded: Encoded) -> tuple[np.ndarray, np.ndarray]:
    """Weights (0 to 1) of the words of title and text, in order, for the level and for the cluster: (words, 2) each.

    Words that the encoder did not read (past its limit) get 0.
    """
    composed = compose(title, text)
    starts = np.array([start for start, _ in words(composed)])
    joined = np.zeros((len(starts), 2))
    if len(encoded.passages) and len(starts):
        position = np.searchsorted(starts, encoded.passages[:, 0], side="right") - 1
        # A token that begins with the blank before a word belongs to that word.
        ends = np.maximum(encoded.passages[:, 1] - 1, 0)
        position = np.maximum(np.maximum(position, np.searchsorted(starts, ends, side="right") - 1), 0)
        np.maximum.at(joined, position, 0.5 * (1 + np.tanh(encoded.passages[:, 2:4] / 2)))
    normal = normalise(title)
    title_length = 0 if composed.startswith(normal) and composed == normalise(text) else len(normal.split())
    return _spread(title, joined[:title_length]), _spread(text, joined[title_length:])


def best_quotation(
    title: str, text: str, weights: tuple[np.ndarray, np.ndarray], sentences: list[tuple[int, int]]
) -> str:
    """The strongest quotation, or an empty string where the text has no words.

    `weights`: of the words of title and text for the level, (words,) each. `sentences`: the character spans of the
    text's sentences; the title counts as one more.
    """
    candidates = []
    if len(weights[0]):
        candidates.append(_best_run(title, words(title), weights[0].tolist()))
    spans, of_text = words(text), weights[1].tolist()
    starts = [start for start, _ in spans]
    for begin, end in sentences:
        first, last = bisect_left(starts, begin), bisect_left(starts, end)
        if last > first:
            candidates.append(_best_run(text, spans[first:last], of_text[first:last]))
    return max(candidates, key=lambda found: found[0], default=(0.0, ""))[1]


def _best_run(source: str, spans: list[tuple[int, int]], weights: list[float]) -> tuple[float, str]:
    """Strongest run of words in one sentence: maximum sum of weight above half of the sentence's peak."""
    if len(spans) <= _MIN_WORDS:
        first, last = 0, len(spans)
    else:
        bar = max(0.5 * max(weights), 0.05)
        first, last = _maximum_run([weight - bar for weight in weights])
        while last - first < _MIN_WORDS:
            first, last = max(first - 1, 0), min(last + 1, len(spans))
    strongest = sorted(weights[first:last])[-6:]
    begin, end = spans[first][0], spans[last - 1][1]
    quotation = source[begin:end]
    return sum(strongest) / len(strongest), quotation.strip(EDGES) or quotation.strip()


def _maximum_run(gain: list[float]) -> tuple[int, int]:
    """Bounds of the contiguous run of at most MAX_WORDS with the largest sum."""
    best, bounds, total, start = -inf, (0, 1), 0.0, 0
    for i, value in enumerate(gain):  # Kadane's algorithm: the best run of any length
        if total <= 0:
            total, start = 0.0, i
        total += value
        if total > best:
            best, bounds = total, (start, i + 1)
    if bounds[1] - bounds[0] <= MAX_WORDS:
        return bounds
    sums = [0.0, *accumulate(gain)]
    runs = ((i, k) for i in range(len(gain)) for k in range(i + 1, min(i + MAX_WORDS, len(gain)) + 1))
    return max(runs, key=lambda run: sums[run[1]] - sums[run[0]])


def _spread(original: str, weights: np.ndarray) -> np.ndarray:
    """Carry weights from the normalised words back to the original ones (normalising may split or drop a word)."""
    own = original.split()
    result, at = np.zeros((len(own), 2)), 0
    if normalise(original) == " ".join(own):
        result[: len(weights)] = weights[: len(own)]
        return result
    for i, count in enumerate(len(normalise(word).split()) for word in own):
        if at >= len(weights):
            break
        if count:
            result[i] = weights[at] if count == 1 else weights[at : at + count].max(axis=0)
        at += count
    return result
