"""Fetching: hostile addresses, redirects, name servers that lie, slow, endless and packed bodies, robots.txt, pauses."""

from __future__ import annotations

import contextlib
import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from comity.errors import (
    FetchFailed,
    FetchTooLarge,
    FetchTooSlow,
    ForbiddenAddress,
    ForbiddenByRobots,
    PartialDocument,
    SkipDocument,
    TooManyRedirects,
    WrongContent,
)
from comity.read.fetch.client import Fetcher, retry_after
from comity.read.fetch.guard import resolve, why_forbidden
from comity.read.fetch.robots import fits, parse_robots
from comity.read.fetch.settings import FetchSettings

PAGE = b"<html><body><p>The president met the envoy.</p></body></html>"

HOSTILE = """
http://127.0.0.1/ http://127.1/ http://127.0.1/ http://2130706433/ http://0x7f000001/ http://0x7f.0.0.1/ http://0177.0.0.1/
http://0177.1/ http://017700000001/ http://127.0.0.1./ http://0/ http://0.0.0.0/ http://0x0/ http://00000000000/
http://localhost/ http://LOCALHOST/ http://localhost./ http://foo.localhost/ http://localhost.localdomain/
http://10.0.0.1/ http://10.1/ http://0xa.0.0.1/ http://167772161/ http://172.16.0.1/ http://172.31.255.255/ http://192.168.1.1/
http://192.168.257/ http://3232235777/ http://0300.0250.1.1/ http://169.254.169.254/ http://169.254.169.254./latest/meta-data/
http://2852039166/ http://0xa9fea9fe/ http://0xA9.0xFE.0xA9.0xFE/ http://0251.0376.0251.0376/ http://metadata.google.internal/
http://100.64.0.1/ http://100.100.100.200/ http://168.63.129.16/ http://192.0.0.192/ http://198.18.0.1/ http://192.0.2.1/
http://198.51.100.7/ http://203.0.113.9/ http://224.0.0.1/ http://239.255.255.250/ http://240.0.0.1/ http://255.255.255.255/
http://192.88.99.1/ http://[::1]/ http://[0:0:0:0:0:0:0:1]/ http://[::]/ http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/
http://[::ffff:a9fe:a9fe]/ http://[::127.0.0.1]/ http://[64:ff9b::7f00:1]/ http://[64:ff9b::10.0.0.1]/ http://[64:ff9b:1::a00:1]/
http://[2002:7f00:1::]/ http://[2002:a9fe:a9fe::1]/ http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/ http://[2001:db8::1]/
http://[fc00::1]/ http://[fd00:ec2::254]/ http://[fe80::1]/ http://[fe80::1%25eth0]/ http://[fe80::1%eth0]/ http://[fec0::1]/
http://[ff02::1]/ http://[::ffff:0:127.0.0.1]/ http://[100::1]/ http://[3fff::1]/ http://[5f00::1]/
http://user@127.0.0.1/ http://example.org@127.0.0.1/ http://127.0.0.1@example.org/ http://example.org:80@127.0.0.1:80/
http://①②⑦.⓪.⓪.①/ http://１２７.0.0.1/ http://127。0。0。1/ http://１６９.２５４.１６９.２５４/ http://ⓛocalhost/ http://[::１]/
http://example.org\\@127.0.0.1/ http://127.0.0.1:22/ http://example.org:25/ http://intranet/ http://printer.local/ http://router.lan/
file:///etc/passwd ftp://example.org/ gopher://127.0.0.1:70/ data:text/html,hello jar:http://127.0.0.1!/ javascript:alert(1)
unix:///var/run/docker.sock http:///127.0.0.1/ http:127.0.0.1 //127.0.0.1/ http://%31%32%37.0.0.1/ http://127.0.0.1%00.example.org/
http://1.1.1.1.0x7f/ http://4294967297/ http://127.0.0.1:99999/ http://0x7f.1:80/ http://[::ffff:169.254.169.254]:80/latest
""".split()
# Names of the public net that stand for forbidden numbers.
LYING = ["127.0.0.1", "10.0.0.5", "169.254.169.254", "::1", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "0.0.0.0", "100.64.3.2", "64:ff9b::a00:1", "nonsense"]


class Counter:
    """A connector that counts and refuses."""

    def __init__(self) -> None:
        self.connected: list[str] = []

    def __call__(self, address: str, port: int, seconds: float) -> Any:
        self.connected.append(address)
        raise OSError("counted")


def never(seconds: float) -> None:
    pass


def test_hostile_addresses_are_never_connected() -> None:
    assert len(HOSTILE) >= 100
    counter = Counter()
    asked: list[str] = []

    def system(host: str, port: int) -> list[str]:
        asked.append(host)
        return resolve(host, port)

    fetcher = Fetcher(FetchSettings(retries=0), connector=counter, resolver=system, sleep=never)
    for url in HOSTILE:
        with pytest.raises(ForbiddenAddress) as caught:
            fetcher.get(url)
        assert caught.value.code == "C140"
    assert counter.connected == []
    assert asked == []


@pytest.mark.parametrize("number", LYING)
def test_names_that_stand_for_forbidden_numbers(number: str) -> None:
    counter = Counter()
    for answer in ([number], ["93.184.215.14", number], [number, "2606:2800:21f:cb07::1"]):
        fetcher = Fetcher(FetchSettings(retries=0), connector=counter, resolver=lambda h, p, a=answer: a, sleep=never)
        with pytest.raises(ForbiddenAddress):
            fetcher.get("http://news.example.org/")
    assert counter.connected == []


@pytest.mark.parametrize("number", ["93.184.215.14", "8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001:80b::200e"])
def test_public_numbers_are_allowed(number: str) -> None:
    assert why_forbidden(number) is None
    counter = Counter()
    fetcher = Fetcher(FetchSettings(retries=0, robots=False), connector=counter, resolver=lambda h, p: [number])
    with pytest.raises(FetchFailed):
        fetcher.get("http://news.example.org/")
    assert counter.connected == [number]


def test_a_name_that_changes_its_answer_is_judged_at_each_connection() -> None:
    """Rebinding: the first answer is public, the next private; the connection goes to the number that was judged."""
    counter = Counter()
    answers = iter([["93.184.215.14"], ["127.0.0.1"]])
    fetcher = Fetcher(FetchSettings(retries=1, robots=False), connector=counter, resolver=lambda h, p: next(answers), sleep=never)
    with pytest.raises(ForbiddenAddress):
        fetcher.get("http://rebind.example.org/")
    assert counter.connected == ["93.184.215.14"]


def test_a_silent_name_server_is_not_waited_for() -> None:
    fetcher = Fetcher(FetchSettings(retries=0, robots=False, connect_seconds=0.05), resolver=lambda h, p: time.sleep(2) or [])
    with pytest.raises(FetchTooSlow):
        fetcher.get("http://slow.example.org/")


class Site(BaseHTTPRequestHandler):
    """A site that does whatever its paths say; what was asked is noted in its server."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        pass

    def answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Type": "text/html", "Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))  # type: ignore[attr-defined]
        name = self.path.split("?")[0].strip("/").split("/")[0].replace(".", "_").replace("-", "_")
        with contextlib.suppress(OSError):
            getattr(self, name, self.missing)()
        self.close_connection = True

    def missing(self) -> None:
        self.answer(b"none", 404)

    def page(self) -> None:
        self.answer(PAGE)

    def robots_txt(self) -> None:
        self.answer(b"User-agent: *\nDisallow: /\n\nUser-agent: Comity\nDisallow: /secret\nCrawl-delay: 7\n", Content_Type="text/plain")

    def secret(self) -> None:
        self.answer(PAGE)

    def jump(self) -> None:
        self.answer(b"", 302, Location=self.path.split("?to=")[1])

    def loop(self) -> None:
        self.answer(b"", 302, Location="/loop")

    def slow(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(200):
            self.wfile.write(b"x")
            time.sleep(0.05)

    def slow_head(self) -> None:
        for _ in range(200):
            self.wfile.write(b"H")
            time.sleep(0.05)

    def endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"x" * 65536)

    def large(self) -> None:
        self.answer(b"", Content_Length="99999999999")

    def endless_head(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            self.wfile.write(b"X-More: " + b"y" * 1000 + b"\r\n")

    def bomb(self) -> None:
        self.answer(gzip.compress(b"\0" * 20_000_000), Content_Encoding="gzip")

    def packed(self) -> None:
        self.answer(gzip.compress(PAGE), Content_Encoding="gzip")

    def half_packed(self) -> None:
        self.answer(gzip.compress(PAGE)[:-9], Content_Encoding="gzip")

    def half(self) -> None:
        self.answer(PAGE, Content_Length=str(len(PAGE) + 50))

    def film(self) -> None:
        self.answer(b"\0\0", Content_Type="video/mp4")

    def busy(self) -> None:
        self.server.busy += 1  # type: ignore[attr-defined]
        if self.server.busy < 3:  # type: ignore[attr-defined]
            self.answer(b"", 429, Retry_After="11")
        else:
            self.answer(PAGE)

    def later(self) -> None:
        self.answer(b"", 503, Retry_After="86400")

    def garbage(self) -> None:
        self.wfile.write(b"\x00\x01\x02 this is not HTTP\r\n\r\n")

    def cookie(self) -> None:
        self.answer(PAGE, Set_Cookie="session=1")


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadingHTTPServer]:
    running = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    running.daemon_threads = True
    running.asked, running.busy = [], 0  # type: ignore[attr-defined]
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.shutdown()


@pytest.fixture
def site(server: ThreadingHTTPServer) -> str:
    server.asked.clear()  # type: ignore[attr-defined]
    return f"http://127.0.0.1:{server.server_address[1]}"


def quick(**settings: Any) -> Fetcher:
    chosen = {"loopback": True, "retries": 0, "robots": False, "max_bytes": 1_000_000, "total_seconds": 5.0, **settings}
    return Fetcher(FetchSettings(**chosen), sleep=never)


def test_a_page_and_our_name(site: str, server: Any) -> None:
    answer = quick().get(site + "/page#part")
    assert (answer.status, answer.body, answer.content_type) == (200, PAGE, "text/html")
    assert server.asked[-1][0] == "/page"
    assert server.asked[-1][1]["user-agent"].startswith("Comity/")


def test_loopback_is_closed_unless_it_is_opened(site: str, server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COMITY_ALLOW_LOOPBACK", raising=False)
    with pytest.raises(ForbiddenAddress):
        Fetcher().get(site + "/page")
    assert server.asked == []
    monkeypatch.setenv("COMITY_ALLOW_LOOPBACK", "1")
    assert Fetcher(FetchSettings(robots=False)).get(site + "/page").status == 200


@pytest.mark.parametrize("to", ["http://169.254.169.254/latest", "http://10.0.0.1/", "file:///etc/passwd", "//192.168.0.1/x", "http://0x0a000001/"])
def test_a_redirect_to_a_forbidden_address(site: str, server: Any, to: str) -> None:
    with pytest.raises(ForbiddenAddress):
        quick().get(f"{site}/jump?to={to}")
    assert len(server.asked) == 1


def test_redirects_are_followed_and_counted(site: str, server: Any) -> None:
    assert quick().get(f"{site}/jump?to=/page").body == PAGE
    server.asked.clear()
    with pytest.raises(TooManyRedirects):
        quick().get(site + "/loop")
    assert len(server.asked) == 6


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("slow", FetchTooSlow), ("slow-head", FetchTooSlow), ("endless", FetchTooLarge), ("large", FetchTooLarge),
        ("bomb", FetchTooLarge), ("half-packed", PartialDocument), ("half", FetchFailed), ("garbage", FetchFailed),
        ("endless-head", FetchFailed), ("nothing", FetchFailed),
    ],
)  # fmt: skip
def test_bodies_that_are_refused(site: str, path: str, error: type[SkipDocument]) -> None:
    seconds = 0.4 if path.startswith("slow") else 20.0
    with pytest.raises(error):
        quick(total_seconds=seconds).get(f"{site}/{path}")


def test_packed_pages_and_other_content(site: str) -> None:
    assert quick().page(site + "/packed") == PAGE
    with pytest.raises(WrongContent):
        quick().page(site + "/film")


def test_cookies_are_not_kept(site: str, server: Any) -> None:
    fetcher = quick()
    fetcher.get(site + "/cookie")
    fetcher.get(site + "/page")
    assert "cookie" not in {k.lower() for k in server.asked[-1][1]}


def test_robots_are_asked_once_and_obeyed(site: str, server: Any) -> None:
    waits: list[float] = []
    fetcher = Fetcher(FetchSettings(loopback=True), sleep=waits.append, clock=lambda: 0.0)
    assert fetcher.get(site + "/page").status == 200
    with pytest.raises(ForbiddenByRobots):
        fetcher.get(site + "/secret/x")
    fetcher.get(site + "/page")
    assert [path for path, _ in server.asked] == ["/robots.txt", "/page", "/page"]
    assert waits == [1.0, 8.0]


def test_a_busy_host_is_left_alone_for_as_long_as_it_asks(site: str, server: Any) -> None:
    server.busy = 0
    waits: list[float] = []
    fetcher = Fetcher(FetchSettings(loopback=True, robots=False), sleep=waits.append, clock=lambda: 0.0)
    assert fetcher.get(site + "/busy").body == PAGE
    assert waits[0] == 11.0
    server.asked.clear()
    with pytest.raises(FetchFailed):
        fetcher.get(site + "/later")
    assert len(server.asked) == 1


def test_retry_after() -> None:
    assert retry_after("120") == 120
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert retry_after("soon") is None


def test_robots_rules() -> None:
    robots = parse_robots(b"User-agent: a\nUser-agent: comity\nDisallow: /x/*.pdf$\nAllow: /x/y\nDisallow: /x/y/z\nDisallow:\n\nUser-agent: *\nDisallow: /", "Comity/1")
    assert not robots.allows("http://e.org/x/a.pdf")
    assert robots.allows("http://e.org/x/a.pdf?q")
    assert robots.allows("http://e.org/x/y.html")
    assert not robots.allows("http://e.org/x/y.pdf")
    assert not robots.allows("http://e.org/x/y/z/1")
    assert robots.allows("http://e.org/")
    assert not parse_robots(b"user-agent: *\ndisallow: /", "Comity/1").allows("http://e.org/a")
    assert parse_robots(b"user-agent: *\ndisallow: /", "Comity/1").allows("http://e.org/robots.txt")


@pytest.mark.parametrize(("pattern", "path", "fitting"), [("/", "/a", True), ("/a$", "/a", True), ("/a$", "/ab", False), ("/*b", "/aab", True), ("/*b$", "/abc", False), ("/a*c*e", "/abcde", True), ("/a*a$", "/a", False), ("", "/x", True)])
def test_robots_patterns(pattern: str, path: str, fitting: bool) -> None:
    assert fits(pattern, path) is fitting
