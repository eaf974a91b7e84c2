"""Ids of commitments that stay the same from run to run: the document's name and a digest of the text."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePath

_OTHER = re.compile(r"[\W_]+")
DIGEST = 10  # hexadecimal figures


def digest(text: str) -> str:
    """Digest of the letters and figures of a text; spaces, case and punctuation do not matter.

    >>> digest("Publish the register.") == digest("publish  the Register")
    True
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return hashlib.sha256(_OTHER.sub("", folded).encode()).hexdigest()[:DIGEST]


def ids(document: str, texts: Iterable[str]) -> list[str]:
    """One id a text: stem of the document and digest; equal texts get `-2`, `-3` … in order.

    >>> ids("plan.pdf", ["A", "A"])[1].endswith("-2")
    True
    """
    stem = PurePath(document).stem
    seen: dict[str, int] = {}
    result = []
    for text in texts:
        name = f"{stem}-{digest(text)}"
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return result
