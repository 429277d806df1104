"""The settings of fetching: times, sizes, politeness."""

from __future__ import annotations

from comity.model import Record
from comity.version import VERSION

LOOPBACK_SWITCH = "COMITY_ALLOW_LOOPBACK"
"""Environment variable: 1 opens this machine's own addresses, for tests with servers of one's own."""


class FetchSettings(Record, frozen=True):
    """How pages are fetched.  Times are seconds, sizes bytes."""

    agent: str = f"Comity/{VERSION}"
    connect_seconds: float = 10.0
    read_seconds: float = 15.0
    total_seconds: float = 60.0
    """Longest time of one hop, from the look-up of its address to its last byte."""
    max_bytes: int = 25_000_000
    """Largest body, as sent and once unpacked."""
    max_redirects: int = 5
    delay: float = 1.0
    """Shortest pause between two requests to one host."""
    max_delay: float = 30.0
    """Longest pause that a robots.txt can ask for; a host that wants more gets this one."""
    retries: int = 2
    """How often a host that is busy (429, 503) or silent is asked again."""
    backoff: float = 5.0
    """First pause before asking again; it doubles each time."""
    max_wait: float = 120.0
    """Longest Retry-After that is waited for; beyond it the page is skipped."""
    robots: bool = True
    loopback: bool = False
    """Open this machine's own addresses, for tests."""
