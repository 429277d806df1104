"""Look at every page of a running server: pictures in light, dark and narrow, and axe-core in both themes.

    comity serve --demo                                    (elsewhere)
    python frontend/look.py --out pictures/                pictures of every page
    python frontend/look.py --axe                          what axe-core, the console and the policy complain of

Needs playwright and Debian's chromium; axe-core comes from `npm ci` in this folder.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Route, sync_playwright

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
VIEWS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "narrow": {"color_scheme": "light", "viewport": {"width": 360, "height": 780}, "has_touch": True},
}
STRICT = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def main() -> int:
    """Take the pictures, or count what is wrong."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--base", default="http://127.0.0.1:8377", help="address of the server")
    options.add_argument("--out", type=Path, default=None, help="folder for pictures")
    options.add_argument("--axe", action="store_true", help="check instead of, or besides, taking pictures")
    options.add_argument("--only", default="", help="pages whose name begins so")
    options.add_argument("--view", default="", help="light, dark or narrow alone")
    options.add_argument("--chromium", default="/usr/bin/chromium")
    given = options.parse_args()
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=given.chromium, args=["--no-sandbox", "--enable-unsafe-swiftshader"]
        )
        wrong = sum(look(browser, given, name) for name in VIEWS if not given.view or given.view == name)
        browser.close()
    print(f"{wrong} complaints")
    return 1 if wrong else 0


def pages(page: Page, base: str) -> dict[str, str]:
    """An address for every page, with subjects that the record has."""
    def ask(path: str) -> Any:
        return page.request.get(f"{base}/api/{path}").json()

    home = ask("home")
    pairs = home["pairs"] or [{"a": "RUS", "b": "CHN"}]
    a, b = pairs[0]["a"], pairs[0]["b"]
    other = f"{pairs[1]['a']}-{pairs[1]['b']}" if len(pairs) > 1 else "USA-CHN"
    told = ask(f"events?pair={a}-{b}&status=occurred&order=reported&limit=1&imported=false")["items"]
    event = told[0] if told else {"id": "none", "evidence": {"document": "none"}}
    document = (event.get("evidence") or {}).get("document") or "none"
    people = ask(f"actor/{a}").get("offices") or [{"person": "nobody"}]
    return {
        "home": "/",
        "relation": f"/relation/{a}/{b}?by=year&with={other}",
        "relation-month": f"/relation/{a}/{b}",
        "actors": "/actors",
        "actor": f"/actor/{a}",
        "person": f"/person/{people[0]['person']}",
        "event": f"/event/{event['id']}",
        "event-correct": f"/event/{event['id']}?",
        "document": f"/document/{document}",
        "document-add": f"/document/{document}?",
        "account": "/account",
        "network": "/network",
        "map": "/map",
        "pledges": "/pledges",
        "calendar": "/pledges?view=calendar",
        "search": f"/search?q={quote('sanction*')}",
        "events": f"/search?pair={a}-{b}",
        "sources": "/sources",
        "read": "/read",
        "read-done": "/read?example",
        "decisions": "/decisions",
        "help": "/help",
        "missing": "/nowhere",
        "failure": "/actor/Atlantis",
    }


def look(browser: Browser, given: argparse.Namespace, view: str) -> int:
    """One view of all pages: how many complaints."""
    context = browser.new_context(**VIEWS[view], reduced_motion="reduce", bypass_csp=False)
    page = context.new_page()
    told: list[str] = []
    here = urlsplit(given.base).netloc
    page.on("console", lambda m: told.append(f"console: {m.text}") if complaint(m) else None)
    page.on("pageerror", lambda e: told.append(f"error: {e}"))
    page.on("request", lambda r: told.append(f"foreign request: {r.url}") if foreign(r.url, here) else None)
    page.route("**/*", lambda route: strict(route, here))
    wrong = 0
    for name, path in pages(page, given.base).items():
        if not name.startswith(given.only):
            continue
        told.clear()
        page.goto(given.base + path)
        settle(page, name)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 1:
            told.append(f"{wide} pixels wider than the window")
        if given.axe:
            told.extend(axe(page))
        expected = [t for t in told if not (name == "failure" and "404" in t)]
        wrong += len(expected)
        for line in expected:
            print(f"{view:<7} {name:<15} {line}")
        if given.out:
            given.out.mkdir(parents=True, exist_ok=True)
            whole(page, VIEWS[view]["viewport"], given.out / f"{name}-{view}.png")
    context.close()
    return wrong


def whole(page: Page, size: dict[str, int], path: Path) -> None:
    """A picture of the whole page: the window is made as high as the page, for canvases are drawn to the window."""
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": min(6000, max(size["height"], height))})
    page.wait_for_timeout(500)
    page.screenshot(path=path)
    page.set_viewport_size(size)


def foreign(url: str, here: str) -> bool:
    """Whether an address is of another host."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != here


def complaint(message: ConsoleMessage) -> bool:
    """Whether the console has something against the page, not against the drawing of a machine without a GPU."""
    return message.type in ("error", "warning") and "GL Driver Message" not in message.text


def strict(route: Route, here: str) -> None:
    """Serve pages under a policy without any inline script or style, whatever the server says."""
    if route.request.resource_type != "document" or foreign(route.request.url, here):
        route.continue_()
        return
    answer = route.fetch()
    route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": STRICT})


def settle(page: Page, name: str) -> None:
    """Wait until nothing is on its way."""
    page.wait_for_selector("h1", timeout=15000)
    if name == "read-done":
        page.get_by_role("button", name="Fill in an example").click()
        page.get_by_role("button", name="Read it").click()
        page.wait_for_selector(".text", timeout=30000)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)
    dialogs = {"event-correct": "Correct", "document-add": "Add an event that was missed"}
    if name in dialogs:
        page.get_by_role("button", name=dialogs[name], exact=True).click()
        page.get_by_role("button", name="Name somebody").click()
        page.wait_for_timeout(300)


def axe(page: Page) -> Iterator[str]:
    """What axe-core complains of."""
    page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    for one in found["violations"]:
        nodes = one["nodes"]
        detail = json.dumps(nodes[0]["target"]) + " " + " ".join(nodes[0].get("failureSummary", "").split())[:260]
        yield f"axe {one['id']} ({one['impact']}, {len(nodes)}): {detail}"




if __name__ == "__main__":
    sys.exit(main())
