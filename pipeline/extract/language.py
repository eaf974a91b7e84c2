"""Language of a text, offline, by py3langid."""

import re
from collections.abc import Iterable
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from pipeline.domain.codebook import LANGUAGES

_LETTERS = re.compile(r"[^\W\d_]+")
MIN_WORDS = 3  # fewer words say nothing
SHORT = 200  # letters; below this only the languages of the codebook come into question
SAMPLE = 4_000  # characters of a document that are looked at


@cache
def _identifier(short: bool) -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    if short:
        identifier.set_languages(list(LANGUAGES))
    return identifier


def detect(text: str, default: str = "") -> str:
    """ISO 639-1 code of the language that `text` is written in; `default` where it has fewer than three words.

    Short texts are told apart among the codebook's languages only, long ones among all that py3langid knows.

    >>> detect("Publicaremos los contratos públicos en formato abierto")
    'es'
    >>> detect("2021", default="fr")
    'fr'
    """
    words = _LETTERS.findall(text.lower())
    if len(words) < MIN_WORDS:
        return default
    sample = " ".join(words)
    return str(_identifier(len(sample) < SHORT).classify(sample)[0])


def detect_document(texts: Iterable[str], default: str = "") -> str:
    """Main language of a document from its blocks: a sample spread over the whole text is looked at."""
    known = [text for text in texts if len(text) > 30]
    total = sum(map(len, known))
    step = max(1, total // SAMPLE)
    return detect(" ".join(known[::step])[:SAMPLE], default)
