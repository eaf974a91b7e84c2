"""The values that a commitment is coded with (docs/codebook.md), in their published order.

Clusters and loops follow "Public Participation in Open Digital Government" (Connected by Data for the Open Government
Partnership, 2025); levels follow the IAP2 Spectrum of Public Participation, with `none` below it.
"""

from enum import StrEnum

NOT_DIGITAL = "not_digital"
CLUSTERS = (
    "strategy_policy",
    "service_design",
    "tech_regulation",
    "foundational_tech",
    "oversight_redress",
    NOT_DIGITAL,
)
IN_SCOPE = CLUSTERS[:-1]
CLUSTER_NAMES = {
    "strategy_policy": "Public involvement in setting digital strategy and policy",
    "service_design": "Co-design of digital public services",
    "tech_regulation": "Public engagement in technology regulation",
    "foundational_tech": "Alignment of foundational technologies with public interest",
    "oversight_redress": "Public input to oversight, audit and redress",
    NOT_DIGITAL: "Out of scope: not about digital technology, data or digital services",
}

LEVELS = ("none", "inform", "consult", "involve", "collaborate", "empower")
LEVEL_RANK = {level: rank for rank, level in enumerate(LEVELS)}

PARTICIPATION_IN = ("digital", "through_digital", "none")
PUBLICS = ("public", "affected", "civil_society", "experts", "industry")
MANDATES = ("yes", "no")
MANNERS = ("crisp", "styled")
TOUCHPOINTS = ("agenda", "design", "decision", "delivery", "oversight")
POLICY_AREAS = (
    "inclusion",
    "services",
    "open_data",
    "data_protection",
    "algorithms_ai",
    "political_ads",
    "disinformation",
    "surveillance",
    "civic_space",
    "harassment",
    "procurement",
    "dpi",
)

# The ecosystem: (name of the loop, links). A link is open where both of its ends reach the threshold level.
LOOPS = {
    "service": (
        ("strategy_policy", "service_design"),
        ("service_design", "oversight_redress"),
        ("oversight_redress", "strategy_policy"),
    ),
    "regulation": (("oversight_redress", "tech_regulation"), ("tech_regulation", "strategy_policy")),
    "feeder": (("foundational_tech", "tech_regulation"),),
}

KINDS = ("nap", "digital_policy")
LANGUAGES = ("en", "es", "fr", "pt", "it", "de")


class Status(StrEnum):
    """What became of a document; everything but `ok` and `partial` comes with a reason."""

    OK = "ok"  # read in full
    PARTIAL = "partial"  # read, but some pages gave no text (they need OCR, or OCR failed)
    EMPTY = "empty"  # opened, but holds no text at all
    ENCRYPTED = "encrypted"
    UNREADABLE = "unreadable"  # damaged, or not of the format its name says
    UNSUPPORTED = "unsupported"  # a format that the pipeline does not read
    INVALID = "invalid"  # its row in corpus/sources.csv holds a mistake
    MISSING = "missing"
    CHANGED = "changed"  # the file's checksum differs from corpus/sources.csv
    LIMIT = "limit"  # stopped at the time or memory limit of params.yaml


LIST_SEPARATOR = "|"
