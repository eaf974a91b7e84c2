"""Repair of what PDF text layers do to characters: ligatures, lost glyphs, bullets, hyphens at line ends."""

import re
import unicodedata
from collections.abc import Iterable

# What pdfium and producers put for a hyphen at a line end: U+0002, U+FFFE and the soft hyphen.
HYPHENS = "\x02\ufffe\xad"
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_SPACES = dict.fromkeys((0x09, 0xA0, 0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009), " ")
_SPACES |= dict.fromkeys((0x200A, 0x202F, 0x205F, 0x3000), " ")
_NOTHING = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00, 0x7F, *range(0x80, 0xA0)))
_TABLE = {**_LIGATURES, **_SPACES, **_NOTHING}

_BULLETS = "•◦▪■□●○‣⁃·∙➢➔►▶✓✔❖◆◇★➤⮚➜"
_DASHES = "-–—*"
_PRIVATE = "\ue000-\uf8ff"
MARKER = re.compile(
    rf"(?P<bullet>[{_BULLETS}{_PRIVATE}]|[{_DASHES}](?=\s)|o(?=\s{{2,}}))\s*"
    r"|(?P<number>\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}[.)]|\d{1,2}(?:\.\d{1,2}){1,3}|[a-z]\)|[ivx]{1,5}[.)]|[IVX]{1,5}[.)]-?)\)?)(?=\s)\s+"
)
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_LAST_WORD = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)$")
_FIRST_WORD = re.compile(r"^([^\W\d_]+)")


def clean(text: str) -> str:
    """Characters repaired, runs of spaces made one, ends stripped; hyphen marks at the end are kept for `join`.

    >>> clean("e\\ufb03cient\\u00a0 use\\u200b ")
    'efficient use'
    """
    text = text.translate(_TABLE)
    if not text.isprintable():
        text = "".join(c for c in text if c.isprintable() or c in HYPHENS or c == " ")
    return " ".join(text.split(" ")) if "  " not in text else " ".join(text.split())


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
    return re.sub(rf"\s*[{_PRIVATE}]\s*", " ", text).strip() if re.search(rf"[{_PRIVATE}]", text) else text


def vocabulary(texts: Iterable[str]) -> set[str]:
    """Words of the document (lines in order) in lower case, compounds also whole; they settle what a hyphen means."""
    words: set[str] = set()
    broken = False
    for text in texts:
        found = _WORD.findall(text.lower())
        start, broken_before = int(broken), broken
        broken = text[-1:] in HYPHENS or text[-1:] in ("-", "‐")
        if broken or broken_before:  # the parts of a broken word are no words
            found = found[start : len(found) - int(broken)]
        words.update(found)
    return words


def join(left: str, right: str, words: set[str]) -> str:
    """Two consecutive lines as one text; a hyphen at the line end is dropped, or kept where the word has one.

    The document's own words decide: a joined form that occurs elsewhere wins, then a hyphenated one that occurs
    elsewhere, then a compound of two words that both occur; otherwise the hyphen only broke a word.

    >>> join("infor-", "mation flows", {"information"})
    'information flows'
    >>> join("government\\ufffe", "wide", {"government", "wide"})
    'government-wide'
    """
    left, right = left.rstrip(), right.lstrip()
    if not left or not right:
        return left + right
    last = left[-1]
    if last not in HYPHENS and last not in "-‐":
        return f"{left} {right}"
    stem = left.rstrip(HYPHENS + "-‐")
    before, after = _LAST_WORD.search(stem), _FIRST_WORD.search(right)
    if not before or not after:
        return f"{stem}-{right}" if stem and not stem.endswith(" ") else f"{left} {right}"
    a, b = before[1].lower(), after[1].lower()
    if a + b in words:
        return stem + right
    if f"{a}-{b}" in words or not right[0].islower():
        return f"{stem}-{right}"
    if "-" not in a and len(a) > 1 and len(b) > 2 and a in words and b in words:
        return f"{stem}-{right}"
    return stem + right


def settle_hyphens(text: str, words: set[str]) -> str:
    """Hyphen marks that a text layer left inside a line, decided like those at line ends."""
    if not any(mark in text for mark in HYPHENS):
        return text
    parts = re.split(f"[{HYPHENS}]", text)
    result = parts[0]
    for part in parts[1:]:
        result = join(f"{result}-", part, words) if result and part else result + part
    return result
