"""Repair of what PDF text layers do to characters: ligatures, lost glyphs, bullets, hyphens at line ends."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

# What pdfium and producers put for a hyphen at a line end: U+0002, U+FFFE and the soft hyphen.
HYPHENS = "\x02\ufffe\xad"
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_SPACES = dict.fromkeys((0x09, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")
_NOTHING = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00, 0x7F, *range(0x80, 0xA0)))
_TABLE = {**_LIGATURES, **_SPACES, **_NOTHING}

_BULLETS = "•◦▪■□●○‣⁃·∙➢➔►▶✓✔❖◆◇★➤⮚➜»›"
_DASHES = "-–—*"
_PRIVATE = "\ue000-\uf8ff"
MARKER = re.compile(
    rf"(?P<bullet>[{_BULLETS}{_PRIVATE}]|[{_DASHES}](?=\s)|o(?=\s{{2,}}))\s*"
    r"|(?P<number>\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}[.)]|\d{1,2}(?:\.\d{1,2}){1,3}|[a-z]\)|[ivx]{1,5}[.)]|[IVX]{1,5}[.)]-?)\)?)"
    r"(?:\s+|(?<=\d[.)])(?=[A-ZÀ-Þ]))"
)
_PICTURES = re.compile(rf"\s*[{_PRIVATE}]\s*")
_LEADERS = re.compile(r"\s*(?:[.…_·]\s?){4,}\s*")
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_ENDS = HYPHENS + "-‐"
_LAST_WORD = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)$")
_FIRST_WORD = re.compile(r"^([^\W\d_]+)")


def clean(text: str) -> str:
    """Characters repaired, runs of spaces made one, ends stripped; hyphen marks at the end are kept for `join`.

    >>> clean("e\\ufb03cient\\u00a0 use\\u200b ........ 7")
    'efficient use .... 7'
    """
    text = text.translate(_TABLE)
    if "...." in text or ". . ." in text or "…" in text or "___" in text:
        text = _LEADERS.sub(" .... ", text)
    if not text.isprintable():
        text = "".join(c for c in text if c.isprintable() or c in HYPHENS or c == " " or c >= "\ue000")
    return " ".join(text.split())


def split_marker(text: str) -> tuple[str, str]:
    """Bullet or number that stands before the text, and the text without it.

    A private-use glyph is reported as `•`, since no font but its own can show it.

    >>> split_marker("\\uf0b7 Publish the register")
    ('•', 'Publish the register')
    >>> split_marker("1.2 Scope")
    ('1.2', 'Scope')
    >>> split_marker("2020 was the year")
    ('', '2020 was the year')
    """
    match = MARKER.match(text)
    if not match:
        return "", text
    marker = match["bullet"] or match["number"]
    if "\ue000" <= marker <= "\uf8ff":
        marker = "•"
    return marker, text[match.end() :]


def drop_private(text: str) -> str:
    """The text without private-use glyphs, which stand for pictures (icons, bullets inside a line)."""
    return _PICTURES.sub(" ", text).strip()


@dataclass(frozen=True)
class Words:
    """A document's words, and whether its line-end hyphens mostly break words (or mostly belong to compounds)."""

    known: frozenset[str] = frozenset()
    hyphenated: bool = True

    def joined(self, a: str, b: str) -> str | None:
        """How the parts of a word around a line-end hyphen belong together; None where the words do not tell."""
        if a + b in self.known:
            return ""
        if f"{a}-{b}" in self.known:
            return "-"
        if "-" not in a and len(a) > 1 and len(b) > 2 and a in self.known and b in self.known:
            return "-"
        return None


def vocabulary(texts: Iterable[str]) -> Words:
    """Words of a document from its lines in order; they settle what a hyphen at a line end means.

    Where joined forms that occur elsewhere outnumber compounds that do, the document was hyphenated by machine.
    """
    words: set[str] = set()
    pairs: list[tuple[str, str]] = []
    broken = ""
    for text in texts:
        found = _WORD.findall(text.lower())
        if broken and found:
            pairs.append((broken, found.pop(0)))
        broken = found.pop() if found and text[-1] in _ENDS else ""
        words.update(found)
    known = Words(frozenset(words))
    settled = [known.joined(a, b) for a, b in pairs]
    return Words(known.known, settled.count("") >= settled.count("-"))


def join(left: str, right: str, words: Words) -> str:
    """Two consecutive lines as one text; a hyphen at the line end is dropped, or kept where the word has one.

    The document's own words decide; where they do not know the word, its habit does.

    >>> join("infor-", "mation flows", Words(frozenset({"information"})))
    'information flows'
    >>> join("government\\ufffe", "wide", Words(frozenset({"government", "wide"})))
    'government-wide'
    """
    left, right = left.rstrip(), right.lstrip()
    if not left or not right:
        return left + right
    if left[-1] not in _ENDS:
        return f"{left} {right}"
    stem = left.rstrip(_ENDS)
    before, after = _LAST_WORD.search(stem), _FIRST_WORD.search(right)
    if not before or not after:
        return f"{stem}-{right}" if stem and not stem.endswith(" ") else f"{left} {right}"
    hyphen = words.joined(before[1].lower(), after[1].lower())
    if hyphen is None:
        hyphen = "" if words.hyphenated and right[0].islower() else "-"
    return stem + hyphen + right


def settle_hyphens(text: str, words: Words) -> str:
    """Hyphen marks that a text layer left inside a line, decided like those at line ends."""
    if not any(mark in text for mark in HYPHENS):
        return text
    parts = re.split(f"[{HYPHENS}]", text)
    result = parts[0]
    for part in parts[1:]:
        result = join(f"{result}-", part, words) if result and part else result + part
    return result
