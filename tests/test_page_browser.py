"""The page in a real browser: the journeys of a reader, by pointer and by keyboard, and texts that stay texts.

Needs playwright and Debian's chromium.  What axe-core finds is looked at where ``npm ci`` was run in ``frontend/``.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pagerecord import NUMBER, hostile, make

try:
    from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
except ImportError:
    pytest.skip("playwright is not installed (pip install playwright)", allow_module_level=True)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
if CHROMIUM is None:
    pytest.skip("there is no chromium (apt-get install chromium)", allow_module_level=True)
if not (Path(__file__).parents[1] / "comity" / "web" / "static" / "index.html").exists():
    pytest.skip("the page is not built (make page)", allow_module_level=True)

AXE = Path(__file__).parents[1] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
STRICT = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDER = """() => {
    const root = document.documentElement;
    if (root.scrollWidth <= root.clientWidth) return [];
    const over = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > root.clientWidth);
    return [root.scrollWidth, root.clientWidth, ...over.map(e => e.outerHTML.slice(0, 120))];
}"""
PAIR = "/relation/RUS/CHN?by=year"
PAGES = (
    "/", PAIR, "/actors", "/actor/RUS", "/person/vladimir-putin", "/event/e-talk-2019-1-0", "/document/d-talk-2019-1-0",
    "/network", "/map", "/pledges", "/pledges?view=calendar", "/search?q=met", "/search?pair=RUS-CHN", "/sources",
    "/read", "/decisions", "/help", "/nowhere",
)  # fmt: skip

DARK = ("/", PAIR, "/event/e-talk-2019-1-0", "/pledges", "/read")
"""Pages that axe-core looks at in the dark too; all share their colours."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the record of the tests, with the real reader."""
    folder = make(tmp_path_factory.mktemp("page") / "record")
    command = [sys.executable, "-m", "comity", "serve", "--record", str(folder), "--port", "0"]
    free = {**os.environ, "COMITY_WEB_PER_MINUTE": "0", "COMITY_WEB_SECONDS": "120"}
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=free)
    try:
        yield address(server)
    finally:
        server.terminate()
        server.wait(20)


def address(server: subprocess.Popen[str]) -> str:
    """The address that a server tells when it is ready."""
    told = ""
    assert server.stdout is not None
    until = time.monotonic() + 60
    while time.monotonic() < until:
        line = server.stdout.readline()
        told += line
        found = re.search(r"http://[\w.:\[\]]+", line)
        if found:
            return found.group(0).rstrip("/")
        if not line and server.poll() is not None:
            break
    raise AssertionError(f"the server did not start: {told}")


expect.set_options(timeout=15_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        found = play.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--enable-unsafe-swiftshader"]
        )
        yield found
        found.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the console, the policy and foreign requests gave to complain of."""
    return []


@pytest.fixture
def page(browser: Browser, base: str, complaints: list[str]) -> Iterator[Page]:
    """A page under a policy without inline scripts and styles; a test fails when anything was complained of."""
    context = browser.new_context(base_url=base, reduced_motion="reduce", permissions=["clipboard-write"])
    context.set_default_timeout(20_000)
    found = context.new_page()
    found.on("pageerror", lambda e: complaints.append(f"error: {e}"))
    found.on("console", lambda m: complaints.append(m.text) if bad(m.type, m.text) else None)
    found.on("request", lambda r: complaints.append(f"foreign: {r.url}") if foreign(r.url, base) else None)
    found.on("dialog", lambda d: complaints.append(f"dialog: {d.message}"))
    found.route("**/*", strict)
    yield found
    context.close()
    assert complaints == []


def bad(kind: str, text: str) -> bool:
    """Whether a line of the console is against the page, not against the drawing of a machine without a GPU."""
    return kind in ("error", "warning") and "GL Driver Message" not in text


def foreign(url: str, base: str) -> bool:
    return url.startswith(("http", "ws")) and not url.startswith(base)


def strict(route: Route) -> None:
    """Documents under the strict policy; all else as it is."""
    if route.request.resource_type != "document":
        route.continue_()
        return
    answer = route.fetch()
    route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": STRICT})


def quiet(page: Page) -> None:
    """Wait until nothing is on its way."""
    page.wait_for_selector("h1")
    page.wait_for_load_state("networkidle")


def told(page: Page) -> str:
    """The years of the line as a table."""
    page.get_by_role("button", name="Table", exact=True).first.click()
    text = page.locator("figure tbody").first.inner_text()
    page.get_by_role("button", name="Hide the table").first.click()
    return text


def test_from_a_key_moment_to_its_sentence_and_a_correction_that_is_undone(page: Page) -> None:
    page.goto("/")
    finder = page.get_by_role("combobox", name="Find an actor")
    finder.press_sequentially("russia china", delay=10)
    option = page.get_by_role("option", name=re.compile("China and Russia|Russia and China"))
    expect(option).to_be_visible(timeout=60_000)
    option.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("China")
    page.get_by_role("button", name="year", exact=True).click()
    expect(page).to_have_url(re.compile("by=year"))
    quiet(page)
    before = told(page)
    page.get_by_role("button", name=re.compile("^Key moment 1:")).click()
    expect(page).to_have_url(re.compile("moment=1"))
    moment = page.locator("#moment-1")
    expect(moment).to_be_in_viewport()
    moment.locator("article a.title").first.click()
    expect(page.locator("mark.source").first).to_have_text("Russia")
    expect(page.locator(".tag.source").first).to_have_text("actor")
    expect(page.locator("mark.act").first).to_be_visible()
    event = page.url
    page.get_by_role("button", name="Correct", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Type").select_option("ASSAULT")
    expect(dialog.get_by_role("button", name="Correct the event")).to_be_disabled()
    dialog.get_by_label("Reason").fill("A test of the page")
    dialog.get_by_role("button", name="Correct the event").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("assault")
    page.goto(PAIR.replace("/relation/RUS/CHN", "/relation/CHN/RUS"))
    quiet(page)
    assert told(page) != before
    page.goto(event)
    page.get_by_role("button", name="Undo", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("It was right before")
    dialog.get_by_role("button", name="Undo it").click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("assault")
    page.goto(PAIR.replace("/relation/RUS/CHN", "/relation/CHN/RUS"))
    quiet(page)
    assert told(page) == before


def test_a_pasted_article_is_understood(page: Page) -> None:
    page.goto("/read")
    page.get_by_label("Text", exact=True).fill(
        "The Russian president met his Chinese counterpart in Beijing on Wednesday. “We are friends,” Vladimir Putin said."
    )
    page.get_by_label("published on").fill("2021-12-16")
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", name="What was understood")).to_be_visible(timeout=60_000)
    expect(page.locator("ol li", has_text="consult").first).to_contain_text("15 Dec 2021")
    page.get_by_role("button", name="Event 1:").first.click()
    expect(page.locator("#found-1")).to_have_class(re.compile("picked"))


def test_a_pledge_is_followed_from_the_board_to_its_sentence(page: Page) -> None:
    page.goto("/pledges?pair=RUS-CHN")
    card = page.locator("li.card", has_text="visit China for the games")
    expect(card).to_contain_text("due 4 Feb 2022")
    page.get_by_role("button", name="calendar").click()
    expect(page).to_have_url(re.compile("view=calendar"))
    page.locator("td a.entry").first.click()
    expect(page.locator(".sentence")).to_contain_text("for the games")


def test_a_chart_is_taken_away_with_its_citation(page: Page, base: str) -> None:
    page.goto(PAIR)
    quiet(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name=re.compile("as SVG")).first.click()
    svg = Path(taken.value.path()).read_text(encoding="utf-8")
    assert "Russia and China" in svg and "Comity" in svg and "record" in svg and base in svg and "var(--" not in svg
    with page.expect_download() as taken:
        page.get_by_role("button", name=re.compile("as PNG")).first.click()
    assert Path(taken.value.path()).read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    with page.expect_download() as taken:
        page.locator(".twins").get_by_role("link", name="CSV").click()
    rows = Path(taken.value.path()).read_text(encoding="utf-8").splitlines()
    assert rows[0].startswith("period") and len(rows) > 10


def test_an_address_holds_all_filters(page: Page) -> None:
    page.goto("/search?pair=RUS-CHN&type=ACCUSE&since=2013&until=2014")
    expect(page.get_by_label("Type")).to_have_value("ACCUSE")
    expect(page.get_by_label("From")).to_have_value("2013")
    expect(page.locator("article.event")).to_have_count(2)
    page.get_by_label("to", exact=True).fill("2013")
    page.get_by_label("to", exact=True).press("Enter")
    expect(page.locator("article.event")).to_have_count(1)
    address = page.url
    page.go_back()
    expect(page.locator("article.event")).to_have_count(2)
    page.goto(address)
    expect(page.locator("article.event")).to_have_count(1)


def test_everything_goes_by_keyboard(page: Page) -> None:
    page.goto("/")
    quiet(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Help")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("russia china", delay=10)
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    line = page.get_by_role("slider").first
    line.focus()
    page.keyboard.press("Home")
    expect(line).to_have_attribute("aria-valuetext", re.compile("2010"))
    page.keyboard.press("Enter")
    expect(page.locator("section", has_text="In Mar 2010").locator("article.event").first).to_contain_text("accused")
    page.get_by_role("heading", level=1).focus()
    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page.get_by_role("heading", level=1)).to_have_text("Pledges")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_in_both_themes_and_narrow(page: Page, path: str, complaints: list[str]) -> None:
    page.goto(path)
    quiet(page)
    for theme in ("light", "dark"):
        page.get_by_label("Theme").select_option(theme)
        assert page.evaluate("document.documentElement.dataset.theme") == theme
        if AXE.exists() and (theme == "light" or path in DARK):
            complaints += violations(page)
    page.set_viewport_size({"width": 360, "height": 780})
    assert page.evaluate(WIDER) == []
    title = page.title()
    assert title.endswith("Comity") and len(title) > len("Comity")


def violations(page: Page) -> list[str]:
    """What axe-core complains of."""
    page.wait_for_timeout(100)
    page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
    found: Any = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    return [f"{v['id']}: {v['nodes'][0]['target']} {v['nodes'][0]['failureSummary']}" for v in found["violations"]]


def test_hostile_texts_stay_texts(page: Page) -> None:
    shown = ""
    for path in ("/search?pair=IRN-IRQ", "/relation/IRN/IRQ?by=year", "/map", "/actor/IRN"):
        page.goto(path)
        quiet(page)
        more = page.locator("main").get_by_role("button", name="Show more")
        for _ in range(6):
            expect(page.locator("main [aria-busy=true]")).to_have_count(0)
            if not more.count():
                break
            more.first.click()
        shown += page.locator("main").text_content() or ""
        harmless(page)
    assert all(hostile(n) in shown for n in range(NUMBER))
    for n in range(20):
        page.goto(f"/event/e-h{n}")
        expect(page.locator(".sentence")).to_contain_text(hostile(n))
        harmless(page)
    for n in range(0, 20, 4):
        page.goto(f"/document/d-h{n}")
        expect(page.get_by_role("heading", level=1)).to_have_text(hostile(n))
        harmless(page)


def harmless(page: Page) -> None:
    """Nothing that a text brought became part of the page."""
    assert page.evaluate("window.broken") is None
    alien = "script:not([src]), iframe, base, main form[action], main a[href^='javascript'], main img, main style"
    assert page.locator(alien).count() == 0
