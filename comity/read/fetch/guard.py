"""Which addresses may be fetched: only http and https, and only addresses of the public internet.

An address is judged twice: as it is written, and, for every connection, as
the network numbers that its name stands for at that moment.  The connection
goes to the number that was judged, so that a second answer of the name
server changes nothing.
"""

from __future__ import annotations

import ipaddress
import queue
import re
import socket
import threading
import unicodedata
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from comity.errors import FetchFailed, FetchTooSlow, ForbiddenAddress

Resolver = Callable[[str, int], list[str]]
"""Name and port to network numbers."""

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NETWORKS = tuple(
    ipaddress.ip_network(n)
    for n in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
        "::/3", "4000::/2", "8000::/1", "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48",
        "3fff::/20", "3ffe::/16",
    )
)  # fmt: skip
"""Numbers that are not of the public internet: of IPv6 all but 2000::/3, and in it what tunnels or documents."""

_NUMBERS = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9_-]{1,63}(?<!-))*", re.IGNORECASE)
_LOCAL = ("localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "onion", "arpa", "test")
_PORTS = (80, 443)


class Target(NamedTuple):
    """Where an address leads: ``host`` in small ASCII letters, without brackets."""

    scheme: str
    host: str
    port: int


def check_url(url: str, *, loopback: bool = False) -> Target:
    """Judge an address as it is written; raises `ForbiddenAddress`."""
    if any(ord(c) <= 32 or ord(c) == 127 for c in url) or "\\" in url or len(url) > 4_000:
        raise forbidden(url, "it holds characters that no address has")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise forbidden(url, f"it is no address: {error}") from None
    if parts.scheme not in ("http", "https"):
        raise forbidden(url, f"'{parts.scheme}' is neither http nor https")
    if "@" in parts.netloc:
        raise forbidden(url, "it holds a user name")
    host = _host(url, parts.hostname or "")
    port = port or (443 if parts.scheme == "https" else 80)
    local = _judge_host(url, host, loopback)
    if port not in _PORTS and port < 1024 and not local:
        raise forbidden(url, f"port {port} is none of the web")
    return Target(parts.scheme, host, port)


def _host(url: str, host: str) -> str:
    """A host name in ASCII; what only looks like ASCII is written in ASCII first."""
    plain = unicodedata.normalize("NFKC", host).lower()
    plain = plain.replace("\u3002", ".").rstrip(".")
    if not plain or "%" in plain:
        raise forbidden(url, "it names no host")
    try:
        return plain if plain.isascii() else plain.encode("idna").decode("ascii")
    except UnicodeError:
        raise forbidden(url, "its host is no name") from None


def _judge_host(url: str, host: str, loopback: bool) -> bool:
    """Judge a host; whether it is this machine, which is open to tests alone."""
    try:
        address: _Address | None = ipaddress.ip_address(host)
    except ValueError:
        address = None
    if address is not None:
        why = why_forbidden(host, loopback=loopback)
        if why:
            raise forbidden(url, f"{host} is {why}")
        return address.is_loopback
    last = host.rsplit(".", 1)[-1]
    if _NUMBERS.fullmatch(last) or not _NAME.fullmatch(host):
        raise forbidden(url, "its host is an odd spelling of a number")
    if host == "localhost" and loopback:
        return True
    if last in _LOCAL or "." not in host:
        raise forbidden(url, f"'{host}' is a name of a local network")
    return False


def why_forbidden(address: str, *, loopback: bool = False) -> str | None:
    """Why a network number may not be connected to, or None where it may."""
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        return "no network number"
    if number.is_loopback and loopback:
        return None
    if number.is_loopback:
        return "this machine"
    if number.version == 6 and number.scope_id:
        return "bound to a zone"
    if number.is_link_local:
        return "link-local"
    if number.is_multicast:
        return "multicast"
    if any(number.version == n.version and number in n for n in _NETWORKS) or not number.is_global:
        return "not an address of the public internet"
    return None


def forbidden(url: str, why: str) -> ForbiddenAddress:
    """The error of an address that may not be fetched."""
    return ForbiddenAddress(
        why, about=url[:200], fix="only http and https addresses of the public internet are fetched"
    )


class Guard:
    """Turns names into network numbers that may be connected to."""

    def __init__(self, *, loopback: bool = False, resolver: Resolver | None = None) -> None:
        self.loopback = loopback
        self._resolver = resolver or resolve

    def addresses(self, host: str, port: int, seconds: float) -> list[str]:
        """The judged numbers of a host; one forbidden number among them forbids the host."""
        found = _within(lambda: self._resolver(host, port), seconds, host)
        if not found:
            raise FetchFailed("its name leads nowhere", about=host, fix="check the spelling")
        for address in found:
            why = why_forbidden(address, loopback=self.loopback)
            if why:
                raise forbidden(host, f"its name stands for {address}, which is {why}")
        return found


def resolve(host: str, port: int) -> list[str]:
    """Ask the system for the network numbers of a name."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchFailed(f"its name leads nowhere: {error}", about=host, fix="check the spelling") from None
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def _within(ask: Callable[[], list[str]], seconds: float, host: str) -> list[str]:
    """An answer within a time: the system's own look-up knows none."""
    answers: queue.Queue[list[str] | BaseException] = queue.Queue()

    def run() -> None:
        try:
            answers.put(ask())
        except Exception as error:  # handed over to the thread that waits
            answers.put(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        answer = answers.get(timeout=max(0.01, seconds))
    except queue.Empty:
        raise FetchTooSlow("its name server does not answer", about=host, fix="try again later") from None
    if isinstance(answer, BaseException):
        raise answer
    return answer
