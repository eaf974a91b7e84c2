"""The codebook's values in plain words, for charts, the report and the codebook file."""

from pipeline.domain import codebook
from pipeline.domain.countries import country

CLUSTERS = {
    "strategy_policy": "Strategy and policy",
    "service_design": "Digital services",
    "tech_regulation": "Technology regulation",
    "foundational_tech": "Foundational technology",
    "oversight_redress": "Oversight and redress",
    "not_digital": "Out of scope",
}
LEVELS = {level: level.capitalize() for level in codebook.LEVELS}
LEVEL_MEANINGS = {
    "none": "The public gets nothing beyond being served or governed.",
    "inform": "The public gets information that it can use.",
    "consult": "The public gets a way to say something back, and the government listens.",
    "involve": "The public is worked with directly and more than once, so that its concerns shape the result.",
    "collaborate": "The public is a partner in the decision itself.",
    "empower": "The public decides.",
}
PUBLICS = {
    "public": "The public",
    "affected": "Affected communities",
    "civil_society": "Civil society",
    "experts": "Experts",
    "industry": "Industry",
}
TOUCHPOINTS = {
    "agenda": "Setting the agenda",
    "design": "Design",
    "decision": "Decision",
    "delivery": "Delivery",
    "oversight": "Oversight",
}
AREAS = {
    "inclusion": "Digital inclusion",
    "services": "Digital services",
    "open_data": "Open data",
    "data_protection": "Data protection",
    "algorithms_ai": "Algorithms and AI",
    "political_ads": "Political advertising",
    "disinformation": "Disinformation",
    "surveillance": "Surveillance",
    "civic_space": "Civic space online",
    "harassment": "Online harassment",
    "procurement": "Technology procurement",
    "dpi": "Digital public infrastructure",
}
KINDS = {"nap": "Action plan", "digital_policy": "Digital policy"}
PARTICIPATION = {
    "digital": "In digital governance itself",
    "through_digital": "Through digital tools, about something else",
    "none": "None",
}
ORGANISATIONS = {
    "government": "Government",
    "civil_society": "Civil society",
    "academia": "Academia",
    "industry": "Industry",
    "international": "International",
    "unknown": "Not told by the name",
}
AGREEMENT = {"reviewers": "Reviewers with each other", "reviewer_model": "Reviewer and model"}
CODES = {"cluster": "Cluster", "iap2_level": "Level"}
MEASURED = {"share": "share in which the model said so, too", "alpha_nominal": "alpha"}
LANGUAGES = {"en": "English", "es": "Spanish", "fr": "French", "pt": "Portuguese", "it": "Italian", "de": "German"}


def country_name(code: str) -> str:
    """Name of an ISO 3166-1 alpha-3 country, else the code itself."""
    known = country(code)
    return known.name if known else code


def percent(value: float, digits: int = 0) -> str:
    """A share as a percentage: 0.843 becomes `84%`."""
    return f"{100 * value:.{digits}f}%"


MEANINGS = {
    **codebook.CLUSTER_NAMES,
    **LEVEL_MEANINGS,
    **PUBLICS,
    **AREAS,
    **KINDS,
}
