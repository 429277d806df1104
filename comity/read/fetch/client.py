"""The fetcher: one page at a time, judged, bounded and polite."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin

import httpcore2
import httpx2

from comity.errors import (
    FetchFailed,
    FetchTooLarge,
    FetchTooSlow,
    ForbiddenByRobots,
    SkipDocument,
    TooManyRedirects,
    WrongContent,
)
from comity.read.decoding import unpacked
from comity.read.fetch.guard import Guard, Resolver, Target, check_url
from comity.read.fetch.robots import MOST_BYTES, NOTHING, Robots, parse_robots
from comity.read.fetch.settings import LOOPBACK_SWITCH, FetchSettings
from comity.read.fetch.transport import Connector, GuardedTransport, connect

PAGES = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown")
_REDIRECTS = (301, 302, 303, 307, 308)
_BUSY = (429, 502, 503, 504)
_MOST_HOSTS = 10_000


class Fetched(NamedTuple):
    """An answer: ``url`` is where it came from in the end, ``status`` 200 or 304, ``body`` unpacked."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        """The type that the server tells, in small letters and without parameters; may be empty."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Fetcher:
    """Fetches pages for one run; it serves one thread and remembers what each host asks of it.

    ``resolver``, ``connector``, ``sleep`` and ``clock`` (seconds) can be replaced in tests.
    """

    def __init__(
        self,
        settings: FetchSettings | None = None,
        *,
        resolver: Resolver | None = None,
        connector: Connector = connect,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings or FetchSettings()
        self.loopback = self.settings.loopback or os.environ.get(LOOPBACK_SWITCH) == "1"
        guard = Guard(loopback=self.loopback, resolver=resolver)
        self._transport = GuardedTransport(guard, connector, self.settings.total_seconds)
        self._sleep = sleep
        self._clock = clock
        self._robots: dict[Target, Robots] = {}
        self._next: dict[str, float] = {}

    def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, types: Collection[str] | None = None
    ) -> Fetched:
        """Fetch an address, following redirects; each hop is judged, asked of robots.txt and waited for.

        ``types`` are the content types that are taken (None: any).  Raises a
        `SkipDocument` error where there is nothing whole to be had.
        """
        at = urldefrag(url).url
        for _ in range(self.settings.max_redirects + 1):
            target = check_url(at, loopback=self.loopback)
            self._ask_robots(target, at)
            answer = self._patient(target, at, headers or {}, types)
            if answer.status not in _REDIRECTS:
                return answer
            at = urldefrag(urljoin(at, answer.headers.get("location", ""))).url
        told = f"more than {self.settings.max_redirects} redirects"
        raise TooManyRedirects(told, about=url, fix="give the address that it ends at")

    def page(self, url: str) -> bytes:
        """The bytes of an article's page."""
        return self.get(url, types=PAGES).body

    def _patient(self, target: Target, url: str, headers: Mapping[str, str], types: Collection[str] | None) -> Fetched:
        """One hop; a host that is busy is asked again after the pause it tells, or ours."""
        for attempt in range(self.settings.retries + 1):
            self._wait(target)
            last = attempt == self.settings.retries
            try:
                answer = self._once(url, headers, types, self.settings.max_bytes)
            except FetchFailed:
                if last:
                    raise
                self._pause(target, self.settings.backoff * 2**attempt)
                continue
            if answer.status not in _BUSY:
                return self._accepted(answer)
            told = retry_after(answer.headers.get("retry-after", ""))
            pause = self.settings.backoff * 2**attempt if told is None else told
            self._pause(target, pause)
            if last or pause > self.settings.max_wait:
                break
        raise FetchFailed(f"the server is busy ({answer.status})", about=url, fix="try again later")

    def _accepted(self, answer: Fetched) -> Fetched:
        if answer.status in (200, 304, *_REDIRECTS):
            return answer
        raise FetchFailed(f"the server answers {answer.status}", about=answer.url, fix="check the address")

    def _once(self, url: str, headers: Mapping[str, str], types: Collection[str] | None, most: int) -> Fetched:
        """One request and its whole answer."""
        settings = self.settings
        timeouts = {"connect": settings.connect_seconds, "read": settings.read_seconds}
        timeouts |= {"write": settings.read_seconds, "pool": settings.read_seconds}
        try:
            sent = {"user-agent": settings.agent, "accept-encoding": "gzip, deflate", "accept": "*/*", **headers}
            request = httpx2.Request("GET", url, headers=sent, extensions={"timeout": timeouts})
            response = self._transport.handle_request(request)
        except (httpcore2.TimeoutException, httpx2.TimeoutException) as error:
            raise _slow(url) from error
        except _REFUSALS as error:
            raise _failed(url, error) from error
        try:
            told = {k.lower(): v for k, v in response.headers.items()}
            answer = Fetched(url, response.status_code, told, b"")
            if answer.status != 200:
                return answer
            if types is not None and answer.content_type and answer.content_type not in types:
                raise WrongContent(f"it is {answer.content_type}", about=url, fix="give the address of an article")
            return answer._replace(body=_body(response, told, most, url))
        except (httpcore2.TimeoutException, httpx2.TimeoutException) as error:
            raise _slow(url) from error
        except _FAILURES as error:
            raise _failed(url, error) from error
        finally:
            response.close()

    # What hosts ask of us

    def _ask_robots(self, target: Target, url: str) -> None:
        if not self.settings.robots:
            return
        robots = self._robots.get(target)
        if robots is None:
            if len(self._robots) >= _MOST_HOSTS:
                self._robots.clear()
            robots = self._robots[target] = self._fetch_robots(target)
        if not robots.allows(url):
            raise ForbiddenByRobots("the site's robots.txt forbids it", about=url, fix="ask the site, or save the page")

    def _fetch_robots(self, target: Target) -> Robots:
        """The robots.txt of a host: none (4xx) allows all, one that cannot be had forbids all, as RFC 9309 says."""
        host = f"[{target.host}]" if ":" in target.host else target.host
        url = f"{target.scheme}://{host}:{target.port}/robots.txt"
        try:
            for _ in range(self.settings.max_redirects + 1):
                hop = check_url(url, loopback=self.loopback)
                self._wait(hop)
                answer = self._once(url, {}, None, max(MOST_BYTES, self.settings.max_bytes // 10))
                if answer.status not in _REDIRECTS:
                    break
                url = urljoin(url, answer.headers.get("location", ""))
        except FetchTooLarge:
            return NOTHING
        if answer.status == 200:
            return parse_robots(answer.body, self.settings.agent)
        return Robots() if 400 <= answer.status < 500 and answer.status != 429 else NOTHING

    def _wait(self, target: Target) -> None:
        """Wait until a host may be asked again, and note when it may be asked next."""
        now = self._clock()
        ready = self._next.get(target.host, now)
        if ready > now:
            self._sleep(ready - now)
        if len(self._next) >= _MOST_HOSTS:
            self._next.clear()
        robots = self._robots.get(target)
        asked = robots.delay if robots is not None and robots.delay is not None else 0.0
        pause = max(self.settings.delay, min(asked, self.settings.max_delay))
        self._next[target.host] = max(now, ready) + pause

    def _pause(self, target: Target, seconds: float) -> None:
        """Leave a host alone for a while."""
        until = self._clock() + min(seconds, self.settings.max_wait)
        self._next[target.host] = max(self._next.get(target.host, 0.0), until)


_FAILURES: tuple[type[Exception], ...] = (
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.ProxyError,
    httpcore2.UnsupportedProtocol,
    httpx2.HTTPError,
    OSError,
)
_REFUSALS: tuple[type[Exception], ...] = (*_FAILURES, httpx2.InvalidURL, ValueError)


def _slow(url: str) -> FetchTooSlow:
    return FetchTooSlow("the server does not answer in time", about=url, fix="try again later")


def _failed(url: str, error: Exception) -> FetchFailed:
    told = str(error) or type(error).__name__
    return FetchFailed(f"it cannot be fetched: {told[:200]}", about=url, fix="check the address and the network")


def _body(response: httpx2.Response, headers: Mapping[str, str], most: int, url: str) -> bytes:
    """The body in whole, as sent and unpacked at most ``most`` bytes."""
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > most:
        raise _large(url, most)
    parts: list[bytes] = []
    size = 0
    assert isinstance(response.stream, httpx2.SyncByteStream)
    for part in response.stream:
        size += len(part)
        if size > most:
            raise _large(url, most)
        parts.append(part)
    return unpacked(b"".join(parts), headers.get("content-encoding"), most, url)


def _large(url: str, most: int) -> SkipDocument:
    return FetchTooLarge(
        f"more than the {most:,} bytes allowed", about=url, fix="raise the limit max_bytes of fetching"
    )


def retry_after(value: str) -> float | None:
    """The seconds of a Retry-After header, which tells seconds or a date; None where it tells nothing."""
    value = value.strip()
    if value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
