"""Cue words of the codebook's values: the keyword baseline, in six languages, from `cues.yaml`."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from pipeline.domain.codebook import CLUSTERS, LEVELS, NOT_DIGITAL

_FILE = Path(__file__).with_name("cues.yaml")


@cache
def _patterns() -> dict[str, Any]:
    cues = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return {
        "levels": {level: _compile(cues["levels"][level]) for level in LEVELS if level in cues["levels"]},
        "clusters": {
            cluster: _compile(cues["clusters"][cluster]) for cluster in CLUSTERS if cluster in cues["clusters"]
        },
        "digital": _compile(cues["digital"]),
    }


def keyword_codes(title: str, text: str) -> tuple[str, str]:
    """Cluster and level by cue words alone.

    Out of scope without any digital word; else the cluster with most cues, the title counting three times; the level is
    the highest that any cue points to.
    """
    patterns = _patterns()
    title, text = fold(title), fold(text)
    level = next(
        (
            name
            for name in reversed(LEVELS)
            if name in patterns["levels"] and patterns["levels"][name].search(f"{title} {text}")
        ),
        "none",
    )
    if not patterns["digital"].search(f"{title} {text}"):
        return NOT_DIGITAL, level
    counts = {name: 3 * len(p.findall(title)) + len(p.findall(text)) for name, p in patterns["clusters"].items()}
    return max(counts, key=lambda name: counts[name]), level


def fold(text: str) -> str:
    """Lower case without accents, so that a cue matches however the text writes it."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _compile(cues: list[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(re.escape(fold(cue)) for cue in sorted(cues, key=len, reverse=True)) + ")")
