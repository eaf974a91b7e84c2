"""One cell at a time: what a person typed, as the codebook spells it, or what is wrong with it."""

import datetime
import re
import unicodedata

from pipeline.domain import codebook
from pipeline.domain.codebook import LIST_SEPARATOR
from pipeline.review.sheet import legal_values

_QUOTES = dict.fromkeys(map(ord, "\"'`´‘’‚‛“”„‟«»‹›*"))
_DASHES = re.compile(r"[\s_\-‐-―−]+")
_LIST = re.compile(r"[|;,/\n]+")
_NUMBERED = re.compile(r"^([0-5])(?:\.0)?(?:_?[.):]?_?([a-z_]*))$")
_NAMES = {re.sub(r"\W+", "_", name.casefold()).strip("_"): value for value, name in codebook.CLUSTER_NAMES.items()}
_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d.%m.%y", "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %B %Y", "%B %d, %Y")
_EXCEL_EPOCH = datetime.date(1899, 12, 30)
_SMART = str.maketrans("‘’‚‛“”„‟«»‐‑‒–—−", '\'\'\'\'""""""------')


class CellError(Exception):
    """What is wrong with a cell, and what is allowed."""


def label(column: str, text: str) -> str:
    """The codebook's value for what was typed in `column`; case, spaces, quotes and a level's number do not matter.

    >>> label("reviewed_iap2_level", "  “Involve” ")
    'involve'
    """
    legal = legal_values(column)
    folded = _fold(text)
    if not folded or folded in legal:
        return folded
    if column == "reviewed_iap2_level" and (match := _NUMBERED.match(folded)):
        level = codebook.LEVELS[int(match.group(1))]
        if match.group(2) in ("", level):
            return level
    if column == "reviewed_cluster" and folded in _NAMES:
        return _NAMES[folded]
    raise CellError(f"allowed: {', '.join(legal)}")


def labels(column: str, text: str) -> str:
    """A list of the codebook's values, in its order, `|`-separated; typed with | ; , / or line breaks between."""
    given = {label(column, part) for part in _LIST.split(text) if _fold(part)}
    return LIST_SEPARATOR.join(value for value in legal_values(column) if value in given)


def day(text: str) -> str:
    """A date in ISO form; empty stays empty.

    Takes 2026-03-31, 31.03.2026, 31/3/2026, 3/31/2026, 31-Mar-2026, and the number of days that a spreadsheet keeps.
    Raises CellError where day and month could be either, and for anything else.
    """
    text = text.strip().split("T")[0].split(" 00:00")[0]
    if not text:
        return ""
    for form in _DATES:
        try:
            return datetime.datetime.strptime(text, form).date().isoformat()
        except ValueError:
            continue
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return (_EXCEL_EPOCH + datetime.timedelta(days=int(float(text)))).isoformat()
    if match := re.fullmatch(r"(\d{1,2})[/\-](\d{1,2})[/\-](\d{4}|\d{2})", text):
        first, second, year = (int(part) for part in match.groups())
        if first <= 12 and second <= 12 and first != second:
            raise CellError(f"day and month could be either; write it as {year + 2000 * (year < 100)}-MM-DD")
        try:
            month, date = (second, first) if first > 12 else (first, second)
            return datetime.date(year + 2000 * (year < 100), month, date).isoformat()
        except ValueError:
            pass
    raise CellError("allowed: a date such as 2026-03-31, or nothing")


def quotation(text: str, title: str, body: str) -> str:
    """The exact words of title or text that `text` quotes; quotes, dashes, case and white space do not matter.

    Raises CellError where they stand in neither.
    """
    if not text.strip():
        return ""
    # As typed first: only then are quotes at the ends taken for the reviewer's own.
    for wanted in (text.split(), text.strip("\"'“”„«»‘’… \n").split()):
        pattern = re.compile(r"\s+".join(re.escape(_words(word)) for word in wanted))
        for source in (title, body):
            if wanted and (match := pattern.search(_words(source))):
                return source[match.start() : match.end()]
    raise CellError("must be an exact quotation from title or text; copy it from there")


def _words(text: str) -> str:
    """Same length as `text`, so that places in one are places in the other."""
    simple = text.translate(_SMART)
    return "".join(low if len(low := c.casefold()) == 1 else c for c in simple)


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold().strip(" .\n\t")
    return _DASHES.sub("_", plain).strip("_")
