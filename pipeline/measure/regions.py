"""The region of a country: UN M49, as `pipeline.collect.countries` lists it."""


def region(country: str) -> str:
    """UN M49 region of an ISO 3166-1 alpha-3 code; empty for codes that no list knows (user-assigned ones)."""
    try:
        from pipeline.collect.countries import region_of
    except ImportError:
        return ""
    try:
        return region_of(country) or ""
    except (KeyError, ValueError):
        return ""
