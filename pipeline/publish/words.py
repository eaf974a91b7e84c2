"""The codebook's values in plain words, for charts, the report and the codebook file."""

from pipeline.domain import codebook

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
    "none": "nothing beyond being served or governed",
    "inform": "information it can use",
    "consult": "a way to say something back, which the government listens to",
    "involve": "worked with directly and more than once, so that its concerns shape the result",
    "collaborate": "partnership in the decision itself",
    "empower": "the decision",
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
LANGUAGES = {"en": "English", "es": "Spanish", "fr": "French", "pt": "Portuguese", "it": "Italian", "de": "German"}


def country_name(code: str) -> str:
    """Name of an ISO 3166-1 alpha-3 country where the collect stage's list knows it, else the code itself."""
    try:
        from pipeline.collect import countries
    except ImportError:
        return code
    lookup = getattr(countries, "name_of", None)
    try:
        return (lookup(code) if lookup else "") or code
    except (KeyError, ValueError):
        return code


def percent(value: float, digits: int = 0) -> str:
    """A share as a percentage: 0.843 becomes `84 %`."""
    return f"{100 * value:.{digits}f} %"


MEANINGS = {
    **codebook.CLUSTER_NAMES,
    **{level: f"the public gets {meaning}" for level, meaning in LEVEL_MEANINGS.items()},
    **PUBLICS,
    **AREAS,
    **KINDS,
}
