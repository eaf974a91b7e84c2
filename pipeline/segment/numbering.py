"""Printed numbers: what stands before a title, and whether one number follows another."""

import re
from dataclasses import dataclass

_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_ROMAN_TEXT = re.compile(r"^(?=[ivxlc])c?(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})$", re.IGNORECASE)
_NUMBER = re.compile(
    r"^(?P<open>[(\[]?)(?P<code>[A-Z]{1,4}[.\-]?(?=\d))?(?P<body>\d{1,3}(?:[.\-]\d{1,2}){0,3}|[IVXLC]{1,7}|[ivxlc]{1,6}|[A-Za-z])"
    r"(?P<ordinal>[ºª°]?)(?P<close>[.)\]:]{0,2}-?)$"
)


@dataclass(frozen=True)
class Number:
    """A printed number: `style` is arabic, roman, letter, ROMAN or LETTER; `values` its parts, e.g. (1, 2) for 1.2.

    `shape` is what surrounds it, e.g. `1.` or `(1)` without the figure: `.` or `()`.
    """

    style: str
    values: tuple[int, ...]
    shape: str
    printed: str

    @property
    def depth(self) -> int:
        """How many parts the number has."""
        return len(self.values)


def parse(text: str) -> Number | None:
    """The number that `text` consists of, or None.

    >>> parse("1.2").values, parse("(iv)").style, parse("B.").values
    ((1, 2), 'roman', (2,))
    >>> parse("2020") is None
    True
    """
    match = _NUMBER.match(text.strip())
    if not match:
        return None
    body, shape = match["body"], (match["code"] or "") + match["open"] + match["close"].rstrip("-")
    printed = (match["code"] or "") + body
    if body[0].isdigit():
        return Number("arabic", tuple(int(part) for part in re.split(r"[.\-]", body)), shape, printed)
    if _ROMAN_TEXT.match(body) and (len(body) > 1 or body in "ivxIVX"):
        return Number("ROMAN" if body.isupper() else "roman", (roman(body),), shape, printed)
    if len(body) == 1:
        return Number("LETTER" if body.isupper() else "letter", (ord(body.lower()) - 96,), shape, printed)
    return None


def roman(text: str) -> int:
    """The value of a roman number.

    >>> roman("XIV")
    14
    """
    values = [_ROMAN[letter] for letter in text.lower()]
    return sum(
        -value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=True)
    )


def follows(earlier: Number, later: Number) -> bool:
    """Whether `later` is the next number of the same series.

    >>> follows(parse("1.9"), parse("1.10")), follows(parse("1.3"), parse("2.1")), follows(parse("2."), parse("4."))
    (True, True, False)
    """
    a, b = earlier.values, later.values
    if len(a) != len(b):
        return False
    if a[:-1] == b[:-1]:
        return b[-1] == a[-1] + 1
    return b[-1] == 1 and len(a) > 1 and a[:-2] == b[:-2] and b[-2] == a[-2] + 1 or (b[-1] == 1 and b[:-1] > a[:-1])


def restarts(later: Number) -> bool:
    """Whether the number begins a series anew."""
    return later.values[-1] == 1


def regularity(numbers: list[Number]) -> float:
    """Share of the numbers that follow the one before them, or begin anew; runs shorter than two count as breaks."""
    if len(numbers) < 2:
        return 0.0
    good = 0
    for place, number in enumerate(numbers):
        before = place > 0 and follows(numbers[place - 1], number)
        after = place + 1 < len(numbers) and follows(number, numbers[place + 1])
        good += before or (restarts(number) and after)
    return good / len(numbers)
