"""Build the documentation as a site in site/, to be read from the disk or a server, without asking another host.

    python scripts/site.py [--out site] [--check-only FOLDER]

Pages are those of docs/, with README, CONTRIBUTING and SECURITY; links that lead out of them become plain text.
Zensical builds, strictly; then every page is checked here: no link or anchor leads nowhere, nothing is loaded from
elsewhere.
Run by ``make site``, with the Python of the tools.  Exit status 1 when something is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
SHIM = ROOT / "scripts" / "assets" / "iframe-worker.js"
STYLE = ROOT / "scripts" / "assets" / "site.css"
BESIDE = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md", "SECURITY.md": "reporting.md"}
"""Pages of the checkout's root, and their names on the site."""
NAV: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("Start", (("Comity", "index.md"), ("Ten minutes", "tutorial.md"))),
    ("How to", (
        ("Political science", "how-to/political-scientist.md"), ("Forecasting", "how-to/forecaster.md"),
        ("A newsroom", "how-to/newsroom.md"), ("Open-source investigation", "how-to/osint.md"),
        ("A foreign-policy desk", "how-to/foreign-policy.md"), ("Sources", "sources.md"),
        ("Serving a team", "serve.md"), ("Correcting", "decisions.md"),
    )),
    ("Reference", (
        ("Commands", "commands.md"), ("Codebook", "codebook.md"), ("Output", "output.md"), ("The record", "record.md"),
        ("Import and export", "exchange.md"), ("The page", "page.md"), ("The API", "api.md"), ("MCP", "mcp.md"),
    )),
    ("Methods", (
        ("Two readers", "learned.md"), ("Who is meant, and where", "reference.md"), ("Time", "time.md"),
        ("Quotations", "quotes.md"), ("Merging", "merging.md"), ("Coreference from text", "corefer.md"),
        ("Relations", "relations.md"), ("Forecasts", "forecasts.md"), ("Pledges", "pledges.md"),
        ("Meetings", "meetings.md"), ("Damaged texts", "damage.md"), ("Scale", "scale.md"), ("Gold", "gold.md"),
    )),
    ("Limits", (
        ("Commonest mistakes", "mistakes.md"), ("Beside others", "comparison.md"), ("Growth", "growth.md"),
        ("Security", "security.md"), ("Reporting a weakness", "reporting.md"),
    )),
    ("Making", (("Contributing", "contributing.md"), ("Architecture", "architecture.md"))),
)  # fmt: skip
"""Sections of the navigation; a page that is not here is put into "More", a page that is not there is left out."""
SETTINGS: Mapping[str, Any] = {
    "site_name": "Comity",
    "site_description": "Reads the news about states and keeps a dated, sourced record of their dealings.",
    "use_directory_urls": False,
    "theme": {
        "font": False,
        "features": ["navigation.footer", "navigation.sections", "navigation.top", "search.highlight"],
        "palette": [
            {"media": "(prefers-color-scheme: light)", "scheme": "default",
             "toggle": {"icon": "lucide/sun", "name": "Dark"}},
            {"media": "(prefers-color-scheme: dark)", "scheme": "slate",
             "toggle": {"icon": "lucide/moon", "name": "Light"}},
        ],
    },
    "plugins": ["search", "offline"],
    "markdown_extensions": ["tables", "attr_list", {"toc": {"permalink": True}}, "pymdownx.superfences"],
    "extra": {"generator": False},
}  # fmt: skip
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")


def pages() -> dict[str, Path]:
    """The pages of the site by their names there."""
    found = {path.relative_to(DOCS).as_posix(): path for path in sorted(DOCS.rglob("*.md"))}
    return found | {name: ROOT / path for path, name in BESIDE.items()}


def navigation(names: set[str]) -> list[dict[str, Any]]:
    """The navigation over pages that exist."""
    sections: list[dict[str, Any]] = []
    used: set[str] = set()
    for title, entries in NAV:
        here = [{label: name} for label, name in entries if name in names]
        used |= {name for _, name in entries}
        sections.append({title: here})
    choices = sorted(name for name in names if name.startswith("decisions/"))
    sections[-1]["Making"].append({"Choices": sorted(choices, key=lambda name: not name.endswith("README.md"))})
    more = sorted(names - used - set(choices))
    return [*sections, {"More": more}] if more else sections


def rewritten(text: str, name: str, path: Path, known: Mapping[Path, str]) -> str:
    """A page with links for its place on the site; what leads out of the site becomes plain text."""

    def link(match: re.Match[str]) -> str:
        mark, words, address = match.groups()
        if urlsplit(address).scheme or address.startswith("#"):
            return match[0]
        where, _, anchor = address.partition("#")
        target = (path.parent / unquote(where)).resolve()
        if target.is_dir() and target / "README.md" in known:
            target /= "README.md"
        if target.is_dir() and target == (DOCS / "how-to").resolve():
            return words
        if mark and target.exists() and target.is_relative_to(DOCS):
            there = target.relative_to(DOCS).as_posix()
        elif target in known:
            there = known[target]
        elif target.exists():
            return words
        else:
            return match[0]  # Zensical tells that it leads nowhere
        near = os.path.relpath(there, Path(name).parent)
        return f"{mark}[{words}]({near}{'#' + anchor if anchor else ''})"

    return LINK.sub(link, text)


def prepare(work: Path) -> None:
    """Lay out the pages and the settings in a folder."""
    found = pages()
    known = {path.resolve(): name for name, path in found.items()}
    for name, path in found.items():
        into = work / "docs" / name
        into.parent.mkdir(parents=True, exist_ok=True)
        into.write_text(rewritten(path.read_text("utf-8"), name, path, known), "utf-8")
    for path in (p for p in DOCS.rglob("*") if p.suffix in (".svg", ".png")):
        shutil.copy(path, work / "docs" / path.relative_to(DOCS))
    shutil.copy(STYLE, work / "docs")
    settings = {
        **SETTINGS,
        "extra_css": [STYLE.name],
        "docs_dir": "docs",
        "site_dir": "site",
        "nav": navigation(set(found)),
    }
    (work / "mkdocs.yml").write_text(json.dumps(settings, indent=1), "utf-8")  # JSON is YAML


def own_shim(site: Path) -> None:
    """Let pages load the shim of the search, which the offline plugin takes from another host, from the site."""
    shutil.copy(SHIM, site / "assets" / "javascripts" / SHIM.name)
    for path in site.rglob("*.html"):
        near = os.path.relpath(site / "assets" / "javascripts" / SHIM.name, path.parent)
        path.write_text(re.sub(r"https://[^\"']+/iframe-worker/shim", near, path.read_text("utf-8")), "utf-8")


class Page(HTMLParser):
    """What a page links to, loads, and can be pointed at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses of a tag."""
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "link" and given.get("rel", "") not in ("canonical", "prev", "next"):
            self.loads.append(given.get("href", ""))
        elif tag in ("script", "img", "iframe", "source", "audio", "video", "object", "embed"):
            self.loads += [given[name] for name in ("src", "data", "srcset") if name in given]


def faults(site: Path) -> Iterator[str]:
    """Links that lead nowhere, and what is loaded from elsewhere."""
    read = {path: Page(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))}
    for path, page in read.items():
        name = path.relative_to(site).as_posix()
        for address in page.loads:
            if urlsplit(address).netloc:
                yield f"{name} loads {address}"
        if name == "404.html":  # shown at any address
            continue
        for address in [*page.links, *page.loads]:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path not in ("", ".") else path
            if target.is_dir():
                target /= "index.html"
            if not target.exists():
                yield f"{name} leads to {address}, which is not there"
            elif parts.fragment and target in read and unquote(parts.fragment) not in read[target].anchors:
                yield f"{name} leads to {address}, and that page has no such place"
    for path in sorted(site.rglob("*.css")):
        for address in re.findall(r"url\(\s*['\"]?(https?:|//)", path.read_text("utf-8", "replace")):
            yield f"{path.relative_to(site)} loads {address}..."


def main() -> int:
    """Build and check; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, default=ROOT / "site")
    parser.add_argument("--check-only", type=Path, metavar="FOLDER", help="check a site that has been built")
    given = parser.parse_args()
    site = given.check_only
    if site is None:
        site = given.out
        with tempfile.TemporaryDirectory(prefix="comity-site-") as folder:
            work = Path(folder)
            prepare(work)
            command = [str(Path(sys.executable).with_name("zensical")), "build", "--strict", "-f", "mkdocs.yml"]
            done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
            if done.returncode:
                print((done.stdout + done.stderr).strip())
                return 1
            shutil.rmtree(site, ignore_errors=True)
            shutil.copytree(work / "site", site)
            own_shim(site)
    wrong = list(faults(site.resolve()))
    for fault in wrong:
        print(fault)
    print(f"{site}: {len(list(site.rglob('*.html')))} pages, {len(wrong)} faults")
    return int(bool(wrong))


if __name__ == "__main__":
    raise SystemExit(main())
