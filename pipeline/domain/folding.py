"""Text without what does not matter when names are compared."""

import unicodedata


def folded(text: str) -> str:
    """The text without case, accents and compatibility forms (NFKD)."""
    letters = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
