"""Which machines may be asked: only http and https, and no private, loopback or link-local address.

A list of addresses that others filled in must not make this machine ask its own services or its network's. Names are
therefore resolved here, every address of the answer is judged, and the connection goes to exactly an address that was
judged: a name that resolves differently a moment later gains nothing.
"""

import ipaddress
import socket
from collections.abc import Collection

import httpx

from pipeline.collect.fetch_error import FetchError, TemporaryError

_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # IPv6 that a network turns into the IPv4 in its last 32 bits
_MOST_ADDRESSES = 4


def is_public(address: str) -> bool:
    """Whether the IP address lies in the public internet, also where an IPv6 address carries an IPv4 one."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False  # such as a link-local address with its interface
    if isinstance(ip, ipaddress.IPv6Address):
        inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in _TRANSLATED:
            inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        if ip.ipv4_mapped:
            return is_public(str(ip.ipv4_mapped))
        if any(carried is not None and not is_public(str(carried)) for carried in inner):
            return False
    return ip.is_global and not ip.is_multicast


def check_scheme(url: httpx.URL) -> None:
    """Raises FetchError for what is neither http nor https, has no host, or carries a user name."""
    if url.scheme not in ("http", "https") or not url.host:
        raise FetchError(f"leads to {url.scheme or 'an address without scheme'}, not to http or https; not followed")
    if url.userinfo:
        raise FetchError("leads to an address with a user name; not followed")


def resolve(host: str, port: int, allowed: Collection[str] = ()) -> list[str]:
    """The IP addresses of `host`, in the resolver's order.

    Raises FetchError where the name is unknown, or any of its addresses is not public and `host` is not `allowed`.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        again = isinstance(error, socket.gaierror) and error.errno == socket.EAI_AGAIN
        problem = f"the name {host} cannot be resolved"
        if again:
            raise TemporaryError(f"{problem}; check the connection to the internet", host) from None
        raise FetchError(f"{problem}; correct the address or check the connection to the internet") from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if host not in allowed and not all(map(is_public, addresses)):
        raise FetchError(f"{host} is an address of this machine or of a private network; refused")
    return addresses[:_MOST_ADDRESSES]


class PublicTransport(httpx.BaseTransport):
    """Sends each request to an address that `resolve` let through; the certificate is checked against the name."""

    def __init__(self, allowed: Collection[str] = ()):
        self._allowed = allowed
        # Connections are told apart by IP address, so keeping one could serve another name with the wrong certificate.
        self._inner = httpx.HTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response of the first address that accepts a connection."""
        host = request.url.raw_host.decode("ascii")
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        failure: httpx.TransportError | None = None
        for address in resolve(host, port, self._allowed):
            direct = httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions=dict(request.extensions) | {"sni_hostname": host},
            )
            try:
                return self._inner.handle_request(direct)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
        raise failure or httpx.ConnectError(f"{host} has no address")

    def close(self) -> None:
        """Closes the connections."""
        self._inner.close()
