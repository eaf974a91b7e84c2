"""Words by which plans are read: labels, field names, headings and verbs, from `cues/<language>.yaml`."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from pipeline.domain.codebook import LANGUAGES
from pipeline.domain.errors import UserError

FIELD_KINDS = ("lead", "support", "start", "end", "period", "milestones", "other")
LABEL_KINDS = ("commitment", "action", "theme", "law", "step", "aside")
_VERBS = ("commits", "past", "titles", "act_nouns", "promises")
_SECTIONS = ("commitments", "skip", "back", "past", "contents", "law_skip")
_TRAILING = re.compile(r"\s*[:?.]?\s*$")
_MARKS = re.compile(r"^[\s¿¡\"“„«\[(]+|[\s\"”“»\])]+$")


@dataclass(frozen=True)
class Cues:
    """Cue words of a language, together with the labels, fields and headings of all languages.

    `labels` maps a folded word to its kind (LABEL_KINDS), `fields` a folded field name to its kind (FIELD_KINDS).
    """

    labels: dict[str, str]
    fields: dict[str, str]
    sections: dict[str, re.Pattern[str]]
    commits: re.Pattern[str]
    past: re.Pattern[str]
    titles: re.Pattern[str]
    act_nouns: re.Pattern[str]
    promises: re.Pattern[str]
    known: bool = True


def fold(text: str) -> str:
    """Text for comparison: lower case, spaces made one, surrounding marks and a closing colon dropped.

    >>> fold("  ¿Quién  ejecuta?: ")
    'quién ejecuta'
    """
    text = unicodedata.normalize("NFC", text).lower().replace("’", "'")
    text = _TRAILING.sub("", _MARKS.sub("", " ".join(text.split())))
    return _TRAILING.sub("", _MARKS.sub("", text))


@cache
def load(language: str = "") -> Cues:
    """The cues for `language` (ISO 639-1); verbs of all languages where it is empty.

    For a language without a file nothing is known of its verbs: every text may commit, no title tells an act, and the
    structure alone decides.

    Raises UserError where a cue file is not valid.
    """
    files = {name: _read(name) for name in LANGUAGES}
    labels: dict[str, str] = {}
    fields: dict[str, str] = {}
    # The document's own language comes last, so that its meaning of a word wins.
    order = [name for name in files if name != language] + [name for name in files if name == language]
    for name in order:
        for kind, words in files[name]["labels"].items():
            labels.update((fold(word), kind) for word in words)
        for kind, words in files[name]["fields"].items():
            fields.update((fold(word), kind) for word in words)
    mine = [language] if language in files else list(files)
    sections = {part: _union(name, [files[name]["sections"].get(part, []) for name in files]) for part in _SECTIONS}
    verbs = {part: _union(language, [files[name][part] for name in mine]) for part in _VERBS}
    if language and language not in files:
        every, none = re.compile(""), re.compile(r"(?!)")
        return Cues(labels, fields, sections, every, none, none, none, none, known=False)
    return Cues(
        labels,
        fields,
        sections,
        verbs["commits"],
        verbs["past"],
        verbs["titles"],
        verbs["act_nouns"],
        verbs["promises"],
    )


def _read(language: str) -> dict[str, Any]:
    name = f"pipeline/segment/cues/{language}.yaml"
    text = (resources.files("pipeline.segment") / "cues" / f"{language}.yaml").read_text(encoding="utf-8")
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f" (line {where.line + 1})" if where else ""
        raise UserError(f"{name}: not valid YAML{line}; correct the file or restore it from git") from None
    return check(content, name)


def check(content: Any, name: str) -> dict[str, Any]:
    """The content of a cue file, checked. Raises UserError naming the block and the word at fault."""
    if not isinstance(content, dict):
        raise UserError(f"{name}: has no blocks; restore the file from git")
    for block, kinds in (("labels", LABEL_KINDS), ("fields", FIELD_KINDS), ("sections", _SECTIONS)):
        part = content.get(block)
        if not isinstance(part, dict):
            raise UserError(f"{name}: block '{block}' is missing; restore the file from git")
        for kind, words in part.items():
            if kind not in kinds:
                raise UserError(f"{name}: '{kind}' in block '{block}' is not one of {', '.join(kinds)}; correct it")
            _check_words(words, f"{block}: {kind}", name)
    for block in _VERBS:
        _check_words(content.get(block), block, name)
    for block, patterns in (*content["sections"].items(), *((key, content[key]) for key in _VERBS)):
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                message = f"{name}: '{pattern}' in block '{block}' is not a regular expression ({error}); correct it"
                raise UserError(message) from None
    return content


def _check_words(words: Any, block: str, name: str) -> None:
    if not isinstance(words, list):
        raise UserError(f"{name}: block '{block}' must be a list of words; correct it")
    for word in words:
        if not isinstance(word, str) or not word.strip():
            raise UserError(f"{name}: {word!r} in block '{block}' is not a word; put it in quotes or delete it")


def _union(language: str, lists: list[list[str]]) -> re.Pattern[str]:
    patterns = [pattern for patterns in lists for pattern in patterns]
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or r"(?!)", re.IGNORECASE)
