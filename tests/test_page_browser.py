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
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pagerecord import NUMBER, hostile, make
from webrecord import make as make_small

try:
    from playwright.sync_api import Browser, Locator, Page, Route, expect, sync_playwright
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


def wider(page: Page) -> list[Any]:
    """What reaches beyond the window once the page has drawn itself anew for its width (two seconds at most)."""
    over: list[Any] = page.evaluate(WIDER)
    for _ in range(20):
        if not over:
            break
        page.wait_for_timeout(100)
        over = page.evaluate(WIDER)
    return over


PAIR = "/relation/RUS/CHN?by=year"
PAGES = (
    "/", PAIR, "/actors", "/actor/RUS", "/person/vladimir-putin", "/event/e-talk-2019-1-0", "/document/d-talk-2019-1-0",
    "/network", "/map", "/pledges", "/pledges?view=calendar", "/search?q=met", "/search?pair=RUS-CHN", "/sources",
    "/read", "/decisions", "/help", "/account", "/nowhere",
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
        found = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--enable-unsafe-swiftshader"])
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


def decide(page: Page, button: str, done: str, reason: str, fill: Callable[[Locator], None] = lambda _: None) -> None:
    """Judge the event that is shown, as a person does."""
    listed = decided(page)
    number = listed.count()
    page.get_by_role("button", name=button, exact=True).click()
    dialog = page.get_by_role("dialog")
    fill(dialog)
    dialog.get_by_label("Reason").fill(reason)
    dialog.get_by_role("button", name=done).click()
    expect(dialog).to_be_hidden()
    expect(listed).not_to_have_count(number)


def decided(page: Page) -> Locator:
    """The decisions on an event, as its page lists them."""
    return page.locator("section", has=page.get_by_role("heading", name="Decisions", exact=True)).locator("li")


def undo_newest(page: Page) -> None:
    """Take the newest decision back."""
    number = decided(page).count()
    page.get_by_role("button", name="Undo", exact=True).last.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("It was right before")
    dialog.get_by_role("button", name="Undo it").click()
    expect(dialog).to_be_hidden()
    expect(decided(page)).not_to_have_count(number)


def test_place_count_and_people_are_corrected(page: Page) -> None:
    page.goto("/event/e-talk-2018-1-0")

    def fill(dialog: Locator) -> None:
        dialog.get_by_label("Place").fill("Geneva")
        dialog.get_by_label("How often").fill("3")
        dialog.get_by_label("On whose word").fill("Anna Muster")
        dialog.get_by_role("button", name="Name somebody").click()
        dialog.get_by_label("Side of person 2").select_option("target")
        dialog.get_by_label("Name of person 2").fill("Wang Yi")
        dialog.get_by_label("State of person 2").fill("CHN")

    decide(page, "Correct", "Correct the event", "A test", fill)
    facts = page.locator("dl.facts")
    expect(facts).to_contain_text("Geneva, Switzerland")
    expect(facts).to_contain_text("Anna Muster")
    expect(facts).to_contain_text("Wang Yi")
    expect(page.get_by_role("heading", level=1)).to_contain_text("×3")
    page.reload()
    expect(facts).to_contain_text("Geneva, Switzerland")
    undo_newest(page)
    expect(facts).not_to_contain_text("Geneva")


def test_events_are_confirmed_rejected_merged_and_split(page: Page) -> None:
    page.goto("/event/e-talk-2017-1-0")
    decide(page, "Confirm", "Confirm the event", "Read and found right")
    expect(decided(page).last).to_contain_text("confirmed")
    decide(page, "Reject", "Reject the event", "No event")
    expect(page.locator("dl.facts")).to_contain_text("rejected by hand")
    undo_newest(page)
    expect(page.locator("dl.facts")).not_to_contain_text("rejected by hand")

    def other(dialog: Locator) -> None:
        dialog.get_by_label("or the event with the id").fill("e-talk-2017-7-0")

    decide(page, "Merge", "Merge with another event", "The same", other)
    expect(page.get_by_role("heading", name="The 2 reports")).to_be_visible()

    def second(dialog: Locator) -> None:
        dialog.get_by_role("checkbox").last.check()

    decide(page, "Split", "Split the event", "Two days", second)
    expect(page.get_by_role("heading", name="The sentence")).to_be_visible()
    page.goto("/decisions")
    expect(page.locator("main li").first).to_contain_text("split")


def test_an_event_that_was_missed_is_added_by_keyboard_and_taken_back(page: Page, complaints: list[str]) -> None:
    page.goto("/document/d-talk-2016-1-0")
    quiet(page)
    page.get_by_role("button", name="Add an event that was missed").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Add an event")
    expect(dialog).to_be_visible()
    if AXE.exists():
        complaints += violations(page)
    words = dialog.get_by_label("The words that tell it")
    words.focus()
    page.keyboard.press("ArrowDown")
    expect(dialog.locator("blockquote")).to_contain_text("Russia met China")
    dialog.get_by_label("Type").focus()
    page.keyboard.type("sup")
    dialog.get_by_label("Actors").focus()
    page.keyboard.type("Russia")
    page.keyboard.press("Tab")
    page.keyboard.type("France")
    page.keyboard.press("Tab")
    page.keyboard.type("2016-01-05")
    dialog.get_by_label("Reason").focus()
    page.keyboard.type("The reader missed it")
    page.keyboard.press("Tab")
    expect(dialog.get_by_role("button", name="Add the event")).to_be_focused()
    page.keyboard.press("Enter")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("France")
    expect(heading).to_contain_text("support")
    expect(page.locator("dl.facts")).to_contain_text("added by a person")
    expect(page.locator(".sentence")).to_contain_text("Russia met China")
    event = page.url
    page.goto("/document/d-talk-2016-1-0")
    expect(page.locator("ol li", has_text="support")).to_contain_text("added by a person")
    page.goto("/relation/RUS/FRA?by=year&since=2015&until=2017")
    expect(page.locator("main")).to_contain_text("support")
    page.goto(event)
    page.get_by_role("button", name="Undo", exact=True).last.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("It was none")
    dialog.get_by_role("button", name="Undo it").click()
    expect(page).to_have_url(re.compile("/document/d-talk-2016-1-0"))
    quiet(page)
    expect(page.locator("ol li", has_text="support")).to_have_count(0)


def test_marked_words_are_those_of_the_event(page: Page) -> None:
    page.goto("/document/d-talk-2015-1-0")
    quiet(page)
    box = page.locator(".text mark, .text span[data-at]").first
    box.evaluate("""node => {
        const range = document.createRange();
        range.setStart(node.firstChild, 0);
        range.setEnd(node.firstChild, node.firstChild.length);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
    }""")
    words = box.inner_text().strip()
    page.get_by_role("button", name="Add an event that was missed").click()
    expect(page.get_by_role("dialog").locator("blockquote")).to_have_text(words)


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


def test_views_are_taken_away_as_tables_and_figures(page: Page) -> None:
    for path, first in (("/network", "a,b,events"), ("/map", "name,country"), ("/search?pair=RUS-CHN", "id,status")):
        page.goto(path)
        quiet(page)
        with page.expect_download() as taken:
            page.locator(".twins").get_by_role("link", name="CSV").click()
        assert Path(taken.value.path()).read_text(encoding="utf-8").startswith(first)
        for kind, begins in (("SVG", b"<"), ("PNG", b"\x89PNG")) if path in ("/network", "/map") else ():
            with page.expect_download() as taken:
                page.get_by_role("button", name=re.compile(f"as {kind}")).first.click()
            assert Path(taken.value.path()).read_bytes().startswith(begins)


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
    assert wider(page) == []
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
        walk(page, f"/event/e-h{n}")
        expect(page.locator(".sentence")).to_contain_text(hostile(n))
        harmless(page)
    for n in range(0, 20, 4):
        walk(page, f"/document/d-h{n}")
        expect(page.get_by_role("heading", level=1)).to_have_text(hostile(n))
        harmless(page)


def walk(page: Page, path: str) -> None:
    """Go on as by the button of the browser, without loading all anew: what a text broke before stays broken."""
    page.evaluate("path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')) }", path)


def harmless(page: Page) -> None:
    """Nothing that a text brought became part of the page."""
    assert page.evaluate("window.broken") is None
    alien = "script:not([src]), iframe, base, main form[action], main a[href^='javascript'], main img, main style"
    assert page.locator(alien).count() == 0


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of a team with one user, whose password an admin has set."""
    from comity.web.users import Users

    folder = make_small(tmp_path_factory.mktemp("team") / "record")
    users = Users(folder.with_name("record.users.sqlite"))
    users.add("ada", "reviewer", "lantern moss 4 wagons")
    users.close()
    command = [sys.executable, "-m", "comity", "serve", "--record", str(folder), "--port", "0", "--team"]
    free = {**os.environ, "COMITY_WEB_PER_MINUTE": "0", "COMITY_WEB_SECONDS": "120", "COMITY_WEB_WARM": "false"}
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=free)
    try:
        yield address(server)
    finally:
        server.terminate()
        server.wait(20)


def test_the_password_of_an_admin_is_changed_at_the_first_login(browser: Browser, team: str) -> None:
    context = browser.new_context(base_url=team, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    page = context.new_page()
    found: list[str] = []
    page.on("pageerror", lambda e: found.append(str(e)))
    page.goto("/network")
    field = page.get_by_label("Password")
    assert field.get_attribute("type") == "password"
    page.get_by_label("Name").fill("ada")
    field.fill("lantern moss 4 wagons")
    if AXE.exists():
        found += violations(page)
    page.keyboard.press("Enter")
    expect(page.get_by_text("This password was set by an admin.")).to_be_visible()
    if AXE.exists():
        found += violations(page)

    def change(old: str, new: str) -> None:
        page.get_by_label("Password until now").fill(old)
        for label in ("New password", "New password, again"):
            page.get_by_label(label, exact=True).fill(new)
        page.get_by_role("button", name="Change the password").click()

    change("lantern moss 4 wagons", "password1234")
    expect(page.get_by_role("alert")).to_contain_text("first that somebody would try")
    change("lantern moss 4 wagons", "copper ferry at noon")
    expect(page.get_by_role("heading", level=1)).to_have_text("Network")
    page.get_by_role("link", name="ada").click()
    expect(page.get_by_text("You are a reviewer")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    context.close()
    assert found == []


def test_a_month_without_pledges_leads_to_those_with_some(page: Page) -> None:
    page.goto("/pledges?view=calendar&month=2030-01")
    expect(page.get_by_text("0 pledges due in Jan 2030")).to_be_visible()
    expect(page.get_by_role("button", name="Later")).to_be_disabled()
    page.get_by_role("button", name="Earlier").click()
    expect(page.locator("td a.entry").first).to_be_visible()
    page.goto("/pledges?view=calendar&month=1999-13")  # no month: the newest one with some
    expect(page.locator(".entry").first).to_be_visible()


def test_the_choice_of_a_theme_is_whole_on_a_narrow_screen(page: Page) -> None:
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto("/")
    cut = page.get_by_label("Theme").evaluate(
        "e => { const now = e.offsetWidth; e.style.maxWidth = 'none'; return e.offsetWidth - now; }"
    )
    assert cut == 0 and not wider(page)


def test_no_name_of_a_network_lies_on_another(page: Page) -> None:
    page.goto("/network?min=1")
    with page.expect_download() as saved:
        page.get_by_role("button", name="SVG").first.click()
    texts = re.findall(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*font-size="11"[^>]*>([^<]+)', Path(saved.value.path()).read_text())
    boxes = [(float(x), float(y), float(x) + 6.2 * len(name)) for x, y, name in texts]
    assert len(boxes) > 1
    for n, (left, y, right) in enumerate(boxes):
        assert not [b for b in boxes[:n] if left < b[2] and b[0] < right and abs(b[1] - y) < 11], texts
