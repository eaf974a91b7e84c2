"""How far `fetch` goes before it gives a document up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """How far `fetch` goes: sizes in bytes, times in seconds."""

    size: int = 200 * 2**20
    seconds: float = 600.0  # for one try at one document
    silence: float = 30.0  # without a byte
    tries: int = 4
    back_off: float = 2.0  # before the second try; doubled for each further one
    delay: float = 2.0  # between two requests to one host
    longest_wait: float = 120.0  # that a host may ask for
    redirects: int = 10
    private_hosts: frozenset[str] = frozenset()  # for tests: may be asked though not public
