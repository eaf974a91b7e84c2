"""The data behind the report's table of commitments: every row, its quotation's place, cut to what a page can carry."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from pipeline.domain import codebook
from pipeline.domain.codebook import LIST_SEPARATOR
from pipeline.publish import words

BUDGET = 2_500_000  # bytes of commitment text in the page
LONGEST, SHORTEST = 1200, 160  # characters of a commitment's text that are shown


def excerpt(text: str, quotation: str, length: int) -> tuple[str, int, int]:
    """At most about `length` characters of `text` around `quotation`, and where the quotation stands in them.

    The place is (0, 0) where the quotation is empty or does not stand in the text.
    """
    start = text.find(quotation) if quotation else -1
    if len(text) <= length:
        return text, max(start, 0), len(quotation) if start >= 0 else 0
    if start < 0:
        return text[:length].rstrip() + " …", 0, 0
    spare = max(0, length - len(quotation)) // 2
    low = max(0, start - spare)
    high = min(len(text), start + len(quotation) + spare)
    head, tail = "… " * (low > 0), " …" * (high < len(text))
    return head + text[low:high] + tail, start - low + len(head), len(quotation)


def has_pages(document: str) -> bool:
    """Whether page numbers lead anywhere in a file of this name: web pages, tables and DOCX have none."""
    return document.lower().endswith(".pdf")


def explore_data(commitments: pd.DataFrame, documents: pd.DataFrame, link: Callable[[str, Any], str]) -> dict[str, Any]:
    """Filters' values and one array a commitment (see `report.js` for the order), small enough for the page."""
    length = LONGEST
    total = int(commitments["text"].str.len().clip(upper=length).sum())
    while total > BUDGET and length > SHORTEST:
        length = max(SHORTEST, int(length * 0.8))
        total = int(commitments["text"].str.len().clip(upper=length).sum())
    titles = {row["document"]: row["title"] or row["document"] for row in documents.to_dict("records")}
    rows = []
    for row in commitments.to_dict("records"):
        shown, start, size = excerpt(row["text"], row["evidence"], length)
        page = row["evidence_page"] if pd.notna(row["evidence_page"]) else row["page_start"]
        rows.append(
            [
                row["commitment_id"],
                codebook.CLUSTERS.index(row["cluster"]),
                codebook.LEVELS.index(row["iap2_level"]),
                row["country"],
                "" if pd.isna(row["year"]) else str(int(row["year"])),
                titles.get(row["document"], row["document"]),
                None if pd.isna(page) or not has_pages(row["document"]) else int(page),
                link(row["document"], page),
                row["title"],
                shown,
                start,
                size,
                "" if size else row["evidence"],
                [codebook.POLICY_AREAS.index(area) for area in row["policy_areas"].split(LIST_SEPARATOR) if area],
                1 if row["source"] == "review" else 0,
            ]
        )
    countries = sorted(set(commitments["country"]) - {""})
    return {
        "clusters": [words.CLUSTERS[name] for name in codebook.CLUSTERS],
        "levels": [words.LEVELS[name] for name in codebook.LEVELS],
        "areas": [words.AREAS[name] for name in codebook.POLICY_AREAS],
        "countries": {code: words.country_name(code) for code in countries},
        "cut": length < LONGEST,
        "rows": rows,
    }
