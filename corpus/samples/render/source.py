"""The source text of one sample document, read from YAML."""

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

NOTE = "{note}"


@dataclass(frozen=True)
class Section:
    """Text before or after the commitments: paragraphs, then a numbered or bulleted list (decoys on purpose)."""

    heading: str
    paragraphs: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    bullets: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    annex: bool = False  # repeats the list of commitments


@dataclass(frozen=True)
class Entry:
    """One undertaking as the document prints it; `n` is its position among the gold units, 0 where it is none."""

    n: int
    number: str = ""
    title: str = ""
    body: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    milestones: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    evidence: str = ""
    language: str = ""


@dataclass(frozen=True)
class Theme:
    """A chapter with the undertakings under it."""

    title: str
    intro: str
    entries: list[Entry]


@dataclass(frozen=True)
class Sample:
    """A whole document; `words` holds the remaining scalar keys of the YAML file, all of them text."""

    file: str
    layout: str
    language: str
    front: list[Section]
    themes: list[Theme]
    back: list[Section]
    words: dict[str, str]

    def word(self, name: str) -> str:
        """A scalar of the source file, such as `title`, `notice` or `running`; empty where it has none."""
        return self.words.get(name, "")

    def heading(self, entry: Entry) -> str:
        """The heading line of `entry` as printed."""
        return self.word("heading").format(number=entry.number, title=entry.title)

    @cached_property
    def entries(self) -> list[Entry]:
        """Every entry in printed order, also those that are no commitments."""
        return [entry for theme in self.themes for entry in theme.entries]


def _entry(raw: dict[str, Any], n: int) -> Entry:
    texts = {key: str(value) for key, value in raw.items() if key in ("number", "title", "evidence", "language")}
    fields = {label: str(value).strip() for label, value in raw.get("fields", {}).items()}
    lists = {key: raw[key] for key in ("body", "notes", "actions", "milestones") if key in raw}
    return Entry(n=n, fields=fields, codes=raw.get("codes", {}), **texts, **lists)


def read_sample(path: Path) -> Sample:
    """The sample written in the YAML file `path`; gold units are the entries that carry codes, counted from 1."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    themes, n = [], 0
    for theme in raw["themes"]:
        entries = []
        for entry in theme["entries"]:
            coded = "codes" in entry
            n += coded
            entries.append(_entry(entry, n if coded else 0))
        themes.append(Theme(theme["title"], theme.get("intro", ""), entries))
    words = {key: str(value) for key, value in raw.items() if not isinstance(value, list)}
    front, back = ([Section(**section) for section in raw[part]] for part in ("front", "back"))
    return Sample(raw["file"], raw["layout"], raw["language"], front, themes, back, words)
