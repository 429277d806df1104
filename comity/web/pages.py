"""The page: files of a folder, one page for all its addresses, and a plain page where there is none."""

from __future__ import annotations

import gzip
import mimetypes
from html import escape
from pathlib import Path
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from comity.errors import NotFound
from comity.model import Record

FOLDER = Path(__file__).with_name("static")
LASTING = "public, max-age=31536000, immutable"
_PACKED = frozenset({".js", ".css", ".html", ".svg", ".json", ".webmanifest", ".txt", ".map", ".geojson"})
MEDIA = MappingProxyType(
    {
        ".js": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".txt": "text/plain; charset=utf-8",
        ".svg": "image/svg+xml",
        ".json": "application/json",
        ".geojson": "application/geo+json",
        ".woff2": "font/woff2",
        ".webmanifest": "application/manifest+json",
        ".wasm": "application/wasm",
    }
)
_TWINS = (".json", ".csv", ".parquet", ".atom", ".svg", ".ics")


class File(Record, frozen=True):
    """A file as it is sent: plain and in gzip."""

    stamp: tuple[int, int]
    data: bytes
    packed: bytes | None
    media: str


class Pages:
    """Serves the files of a folder, read once and again when they change."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (folder or FOLDER).resolve()
        self._files: dict[Path, File] = {}

    def respond(self, request: Request) -> Response:
        """A file, else the page, which finds out from its address what to show.  Raises `NotFound`."""
        path = request.url.path
        inside = self._inside(path)
        if inside is not None:
            lasting = LASTING if path.startswith("/assets/") else "no-cache"
            return self._send(inside, request, lasting)
        twin = next((s for s in _TWINS if path.endswith(s)), None)
        if twin is not None and not path.startswith("/assets/"):
            return RedirectResponse("/api" + path + (f"?{request.url.query}" if request.url.query else ""), 307)
        if "." in path.rpartition("/")[2] or path.startswith("/assets/"):
            raise NotFound("there is no such file", about=path[:200], fix="begin at /")
        index = self.folder / "index.html"
        if index.is_file():
            return self._send(index, request, "no-cache")
        return Response(plain_page(), media_type="text/html; charset=utf-8", headers={"Cache-Control": "no-store"})

    def _inside(self, path: str) -> Path | None:
        """The file of a path; nothing outside the folder is one."""
        if path.endswith("/") or "\0" in path or "\\" in path:
            return None
        try:
            file = (self.folder / path.lstrip("/")).resolve()
            return file if file.is_relative_to(self.folder) and file.is_file() else None
        except OSError:
            return None

    def _send(self, path: Path, request: Request, caching: str) -> Response:
        file = self._read(path)
        tag = f'"{file.stamp[0]:x}-{file.stamp[1]:x}"'
        headers = {"Cache-Control": caching, "ETag": tag, "Vary": "Accept-Encoding"}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        if file.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(file.packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=file.media)
        return Response(file.data, headers=headers, media_type=file.media)

    def _read(self, path: Path) -> File:
        found = path.stat()
        stamp = (found.st_mtime_ns, found.st_size)
        kept = self._files.get(path)
        if kept is None or kept.stamp != stamp:
            data = path.read_bytes()
            small = gzip.compress(data, 9, mtime=0) if path.suffix in _PACKED else None
            kept = File(stamp=stamp, data=data, packed=small, media=media_of(path))
            self._files[path] = kept
        return kept


def media_of(path: Path) -> str:
    """The media type of a file by its name, the same on every system."""
    return MEDIA.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def plain_page() -> str:
    """What is shown where the page was not built: how to get it, and what can be asked all the same."""
    links = ("/api/home", "/api/events", "/api/events.csv", "/api/actors", "/api/docs", "/api/openapi.json")
    items = "".join(f'<li><a href="{escape(one)}">{escape(one)}</a></li>' for one in links)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Comity</title>'
        '<meta name="viewport" content="width=device-width"></head><body><main><h1>Comity</h1>'
        "<p>The page is not built in this checkout: <code>npm ci &amp;&amp; npm run build</code> in "
        f"<code>frontend/</code> makes it. The API answers:</p><ul>{items}</ul></main></body></html>"
    )
