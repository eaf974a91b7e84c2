"""One try at a document: asks for it, follows redirects, and tells what went wrong on the way."""

import ssl

import httpx

from pipeline import __version__
from pipeline.collect.addresses import PublicTransport, check_scheme
from pipeline.collect.fetch_error import REMEDY, FetchError, TemporaryError
from pipeline.collect.limits import Limits
from pipeline.collect.pace import Pace
from pipeline.collect.partial import Partial
from pipeline.collect.receive import receive
from pipeline.collect.registry import Entry
from pipeline.collect.time_cap import TimeCap

_UNREADABLE = f"redirects to an address that cannot be read; {REMEDY}"


def attempt(entry: Entry, partial: Partial, pace: Pace, limits: Limits) -> None:
    """One try: follows the redirects and fills `partial`, from where it ended if the server lets it."""
    url = httpx.URL(entry.address)
    headers = {"User-Agent": f"participation-deficit/{__version__} (research)", "Accept-Encoding": "identity"}
    if validator := partial.validator():
        headers |= {"Range": f"bytes={partial.file.stat().st_size}-", "If-Range": validator}
    transport = PublicTransport(limits.private_hosts)
    timeout = httpx.Timeout(min(limits.silence, limits.seconds))
    seen = {url}
    left = limits.seconds
    with httpx.Client(transport=transport, timeout=timeout, headers=headers) as client:
        for _ in range(limits.redirects + 1):
            check_scheme(url)
            with pace.turn(url.host), TimeCap(left) as cap:
                location = _ask(client, url, cap, entry, partial, limits)
            if location is None:
                return
            url = _joined(url, location)
            if url in seen:
                raise FetchError(f"redirects in a circle (back to {url}); {REMEDY}")
            seen.add(url)
            left -= cap.spent
    raise FetchError(f"redirects more than {limits.redirects} times; {REMEDY}")


def _joined(url: httpx.URL, location: str) -> httpx.URL:
    """Where the redirect `location` leads from `url`; raises FetchError where it cannot be read."""
    try:
        return url.join(location)
    except (httpx.InvalidURL, ValueError):
        raise FetchError(_UNREADABLE) from None


def _ask(
    client: httpx.Client, url: httpx.URL, cap: TimeCap, entry: Entry, partial: Partial, limits: Limits
) -> str | None:
    """One request: where it redirects to, or None once `partial` holds the whole body."""
    try:
        with client.stream("GET", url, extensions={"trace": cap.trace}) as response:
            if response.has_redirect_location:
                return str(response.headers["location"])
            receive(response, entry, partial, limits)
        if cap.passed:  # a body without a stated length then looks complete
            raise httpx.ReadTimeout("time cap")
        return None
    except ValueError:  # httpx reads the location of a redirect before it gives the response
        raise FetchError(_UNREADABLE) from None
    except httpx.TransportError as error:
        if "Invalid URL in location header" in str(error):
            raise FetchError(_UNREADABLE) from None
        if cap.passed:
            longer = f"took longer than {limits.seconds:g} seconds"
            raise FetchError(f"{longer}; run the command again, with a larger --time-limit if need be") from None
        raise _transport_failure(error, url.host) from None


def _transport_failure(error: httpx.TransportError, host: str) -> FetchError:
    if isinstance(error.__cause__ and error.__cause__.__cause__, ssl.SSLCertVerificationError) or (
        "CERTIFICATE_VERIFY_FAILED" in str(error)
    ):
        return FetchError(f"the certificate of {host} is not valid; {REMEDY}")
    if isinstance(error, httpx.TimeoutException):
        return TemporaryError(f"{host} did not answer in time", host)
    if isinstance(error, httpx.ConnectError):
        return TemporaryError(f"no connection to {host}", host)
    return TemporaryError(f"{host} broke the connection off", host)
