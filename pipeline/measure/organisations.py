"""Who does participatory digital governance: bodies in the institution fields and partners named in the text.

Names are taken as printed; spellings that differ only in case, accents, punctuation, a leading article or an acronym in
brackets are one body. Kinds are told by words in the name (`organisations.yaml`), so an acronym alone stays `unknown`.
"""

import hashlib
import re
from collections import Counter
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from pipeline.domain import codebook, schema
from pipeline.domain.codebook import LIST_SEPARATOR
from pipeline.domain.folding import folded

LONGEST = 120  # characters; a longer "name" is a sentence
SEPARATORS = re.compile(r"[|;\n\u2022\u25cf\u25aa]+|\s+[-\u2013]\s+(?=[A-Z])")
ACRONYM = re.compile(r"[A-Z][A-Z0-9&-]{1,9}$")
BRACKETED = re.compile(r"\s*\(([^()]{1,15})\)\s*$")
ARTICLE = re.compile(r"^(?:the|el|la|los|las|le|les|l'|o|a|os|as|il|lo|der|die|das)\s+|^l['\u2019]", re.IGNORECASE)
JOINT = re.compile(r"\s+(?:and|y|e|et|und|&)\s+|,\s*(?:and|y|e|et|und)?\s*")


@cache
def vocabulary() -> dict[str, Any]:
    """The cue words of `organisations.yaml`."""
    return dict(yaml.safe_load((Path(__file__).parent / "organisations.yaml").read_text(encoding="utf-8")))


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Lower case, without accents, typographic quotes or double spaces."""
    return " ".join(folded(text.replace("\u2019", "'")).split())


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    patterns = []
    for kind, cues in vocabulary()["kinds"].items():
        parts = [rf"{re.escape(cue[1:])}(?!\w)" if cue.startswith("=") else re.escape(cue) for cue in map(str, cues)]
        patterns.append((kind, re.compile(r"(?<!\w)(?:" + "|".join(parts) + ")")))
    return patterns


@lru_cache(maxsize=100_000)
def kind_of(name: str) -> str:
    """Kind of the body called `name`, one of schema.ORGANISATION_KINDS."""
    spelled = fold(name)
    return next((kind for kind, pattern in _patterns() if pattern.search(spelled)), "unknown")


def key_of(name: str) -> str:
    """What two spellings of one name have in common."""
    return re.sub(r"[^\w]+", " ", ARTICLE.sub("", fold(BRACKETED.sub("", name)))).strip()


def _is_head(part: str) -> bool:
    return fold(ARTICLE.sub("", part.strip())).startswith(tuple(vocabulary()["heads"]))


def split(field: str) -> list[str]:
    """The names in an institution field: cut at `;`, `|`, bullets and line ends; at commas and "and" only where every
    part is a name of its own (an acronym, or starts like the name of a ministry, agency …)."""
    names = []
    for piece in SEPARATORS.split(field):
        parts = [part for part in JOINT.split(piece) if part.strip()]
        own = [_is_head(part) or bool(ACRONYM.match(part.strip())) for part in parts]
        listed = [part for part in piece.split(",") if part.strip()]
        if len(parts) > 1 and all(own):
            names += parts
        elif len(listed) > 1 and all(kind_of(part) != "unknown" and part.strip()[0].isupper() for part in listed):
            names += listed
        else:
            names.append(piece)
    return [name for name in map(_clean, names) if name]


def _clean(name: str) -> str:
    """`name` without bullets, numbering and stray punctuation; empty where it names nobody."""
    name = " ".join(re.sub(r"^[\W\d_]+", "", name).split()).strip(" .,:;-\u2013")
    if not name or len(name) > LONGEST or fold(name) in set(map(str, vocabulary()["generic"])):
        return ""
    return name if any(character.isupper() for character in name) else ""


@cache
def _partner_pattern() -> re.Pattern[str]:
    cues = "|".join(re.escape(cue) for cue in vocabulary()["partners"])
    inside = "|".join(re.escape(word) for word in vocabulary()["inside"])
    word = r"[A-Z\u00c0-\u00de][\w\u2019'&.-]*"
    name = rf"{word}(?:\s+(?:(?:{inside})\s+){{0,3}}{word}){{0,9}}"
    return re.compile(rf"(?i:\b(?:{cues}))\s+(?:(?i:the|el|la|los|las|le|les|o|a|os|as)\s+|l['\u2019])?({name})")


def partners(text: str) -> list[str]:
    """Bodies that `text` names after words of partnership; only names of two words or more, or of a known kind."""
    found = []
    for match in _partner_pattern().finditer(text):
        for name in split(match.group(1)):
            words = [word for word in name.split() if word[0].isupper()]
            if kind_of(name) != "unknown" or len(words) > 1 or ACRONYM.match(name):
                found.append(name)
    return found


def collect(table: pd.DataFrame, params: dict[str, Any]) -> pd.DataFrame:
    """The `organisations` table (columns: schema.ORGANISATIONS) of checked commitments; empty where none is named."""
    threshold = codebook.LEVEL_RANK[params["threshold"]]
    bodies: dict[tuple[str, str], dict[str, Any]] = {}
    for row in table.to_dict("records"):
        country = _text(row.get("country"))
        named = [("as_lead", name) for name in split(_text(row.get("lead_institution")))]
        named += [("as_support", name) for name in split(_text(row.get("supporting_institutions")))]
        named += [("as_partner", name) for name in partners(_text(row.get("text")))]
        for role, name in dict.fromkeys(named):
            body = bodies.setdefault((country, key_of(name)), {"names": Counter(), "rows": {}, "roles": {}})
            body["names"][name] += 1
            body["rows"][row["commitment_id"]] = (row["cluster"], row["iap2_level"])
            body["roles"].setdefault(role, set()).add(row["commitment_id"])
    return pd.DataFrame(
        [_row(country, key, body, threshold) for (country, key), body in sorted(bodies.items()) if key],
        columns=schema.ORGANISATIONS.names,
    )


def _text(value: Any) -> str:
    return "" if value is None or (isinstance(value, float) and pd.isna(value)) or value is pd.NA else str(value)


def _row(country: str, key: str, body: dict[str, Any], threshold: int) -> dict[str, Any]:
    # The commonest spelling; of equally common ones the first in the alphabet, so that reruns agree.
    name = min(body["names"], key=lambda spelling: (-body["names"][spelling], spelling))
    codes = list(body["rows"].values())
    ranks = [codebook.LEVEL_RANK[level] for cluster, level in codes if cluster != codebook.NOT_DIGITAL]
    digest = hashlib.sha256(f"{country}|{key}".encode()).hexdigest()[:12]
    roles = {role: len(body["roles"].get(role, ())) for role in ("as_lead", "as_support", "as_partner")}
    return {
        "organisation_id": f"{country or 'none'}-{digest}",
        "name": BRACKETED.sub("", name),
        "kind": kind_of(name),
        "country": country,
        "commitments": len(codes),
        "in_scope": len(ranks),
        "at_threshold": sum(rank >= threshold for rank in ranks),
        **roles,
        "highest_level": codebook.LEVELS[max(ranks)] if ranks else "",
        "clusters": LIST_SEPARATOR.join(c for c in codebook.CLUSTERS if any(c == cluster for cluster, _ in codes)),
        "levels": LIST_SEPARATOR.join(v for v in codebook.LEVELS if any(v == level for _, level in codes)),
        "commitment_ids": LIST_SEPARATOR.join(sorted(map(str, body["rows"]))),
    }
