"""The sheet that a reviewer fills: its columns, in order, and what may stand in each."""

from pipeline.domain import codebook
from pipeline.domain.schema import REVIEWS, Column

CODES = ("cluster", "iap2_level", "participation_in", "publics", "mandate", "policy_areas", "touchpoints")
SINGLE = ("cluster", "iap2_level", "participation_in", "mandate")
STATUS_MEANINGS = {
    "agree": "The model is right: what you leave empty is taken over from it.",
    "done": "You give the values yourself: at least cluster and level.",
    "unsure": "You looked, but cannot decide. Say why in the comment.",
    "skip": "Not a commitment, unreadable, or otherwise not to be coded.",
    "adjudicated": "You settle a disagreement between earlier reviewers: give the values as with 'done'.",
}
STATUSES = tuple(STATUS_MEANINGS)

IDENTITY = ("queue", "commitment_id")
SHOWN = ("document", "page", "link", "title", "text", "quotation", "reason")
PREDICTED = (
    "predicted_cluster",
    "cluster_probability",
    "cluster_set",
    "predicted_iap2_level",
    "iap2_probability",
    "iap2_set",
    *(f"predicted_{code}" for code in CODES[2:]),
)
REVIEWED = tuple(f"reviewed_{code}" for code in CODES)
TO_FILL = ("reviewer", "status", *REVIEWED, "reviewed_evidence", "comment", "reviewed_on")
COLUMNS = (*IDENTITY, *SHOWN, *PREDICTED, *TO_FILL)

# What a reviewer may fill down the whole column before looking at a row: alone it says nothing about the row.
_FILLED_DOWN = ("reviewer", "reviewed_on")
SAYS_SOMETHING = tuple(name for name in TO_FILL if name not in _FILLED_DOWN)


def legal_values(column: str) -> tuple[str, ...]:
    """Values that a column to fill may hold; empty for free text."""
    if column == "status":
        return STATUSES
    name = column.removeprefix("reviewed_")
    return REVIEWS.column(name).values if name in CODES else ()


def code(name: str) -> Column:
    """The schema's column of a code such as `cluster`."""
    return REVIEWS.column(name)


def meaning(name: str, value: str) -> str:
    """One line on a value for the reviewer's guide."""
    if name == "status":
        return STATUS_MEANINGS[value]
    return codebook.CLUSTER_NAMES[value] if name == "cluster" else LEVEL_MEANINGS.get(value, "")


LEVEL_MEANINGS = {
    "none": "Nothing beyond being served or governed.",
    "inform": "Information released to the public at large.",
    "consult": "A way to say something back, which the government listens to.",
    "involve": "Worked with directly and more than once.",
    "collaborate": "Partnership in the decision itself.",
    "empower": "The public decides.",
}
