"""``comity corefer``: which mentions of events in texts are of one event."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec
import typer

from comity.errors import BadUsage

if TYPE_CHECKING:
    from comity.record.merge.corefer import Linked

FORMATS: Final = ("mentions", "clusters")
SHAPE: Final = 'give {"doc", "text", "start", "end"} lines, or one {"documents": [...], "mentions": [...]}'


def register(app: typer.Typer) -> None:
    """Give the command to an application."""
    app.command(name="corefer")(corefer)


def corefer(
    format: Annotated[str, typer.Option(help="mentions (one a line) or clusters (one a line).")] = "mentions",
    alone: Annotated[
        bool, typer.Option("--alone/--no-alone", help="Show clusters of one mention too (with --format clusters).")
    ] = True,
) -> None:
    """Which mentions are of one event: {"doc", "text", "start", "end"} a line in, {"id", "cluster", "why"} out.

    Optional fields: "id", "date" (the day of the document, YYYY-MM-DD), "group" (documents of other groups are never
    compared). Or one object {"documents": [{"id", "text", "published"}], "mentions": [{"id", "doc", "start", "end"}]}.
    """
    from comity.record.merge.corefer import linked

    if format not in FORMATS:
        raise BadUsage(f"unknown format '{format}'", fix=f"use one of {', '.join(FORMATS)}")
    mentions = mentions_in(sys.stdin.buffer.read())
    found = linked(mentions)
    rows = by_mention(mentions, found) if format == "mentions" else by_cluster(mentions, found, alone)
    for row in rows:
        sys.stdout.buffer.write(msgspec.json.encode(row) + b"\n")
    sys.stdout.buffer.flush()


def mentions_in(data: bytes) -> list[dict[str, Any]]:
    """The mentions of standard input in either shape; `BadUsage` for what has none."""
    first = data.lstrip()[:1]
    if first not in (b"{", b"["):
        if data.strip():
            raise BadUsage("standard input is no JSON", fix=SHAPE)
        return []
    try:
        whole = msgspec.json.decode(data)
    except msgspec.DecodeError:
        return named([(f"line {n}", one(n, line)) for n, line in enumerate(data.splitlines(), 1) if line.strip()])
    if isinstance(whole, dict) and "mentions" in whole:
        return joined(whole)
    items = whole if isinstance(whole, list) else [whole]
    return named([(f"mention {n}", item) for n, item in enumerate(items, 1)])


def one(number: int, line: bytes) -> Any:
    """One line of JSON."""
    try:
        return msgspec.json.decode(line)
    except msgspec.DecodeError as error:
        raise BadUsage(f"line {number} is no JSON: {error}", fix="one JSON object a line") from None


def named(items: Iterable[tuple[str, Any]]) -> list[dict[str, Any]]:
    """Mentions that were checked, each with an id (its number where it has none)."""
    found: list[dict[str, Any]] = []
    for where, item in items:
        if not isinstance(item, dict):
            raise BadUsage(f"{where} is no JSON object", fix=SHAPE)
        missing = [key for key in ("doc", "text", "start", "end") if key not in item]
        if missing:
            raise BadUsage(f"{where} has no {', '.join(missing)}", fix=SHAPE)
        if not isinstance(item["text"], str) or not all(type(item[k]) is int for k in ("start", "end")):
            raise BadUsage(f"{where} needs a text, and whole numbers as start and end", fix=SHAPE)
        found.append({"id": len(found), **item})
    return found


def joined(whole: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Mentions with the text, day and group of their documents."""
    documents: dict[Any, Mapping[str, Any]] = {}
    for number, document in enumerate(listed(whole, "documents"), 1):
        if not isinstance(document, dict) or not isinstance(document.get("text"), str) or "id" not in document:
            raise BadUsage(f"document {number} has no id or no text", fix='write {"id": "a", "text": "..."}')
        documents[document["id"]] = document
    items = []
    for number, mention in enumerate(listed(whole, "mentions"), 1):
        if not isinstance(mention, dict) or mention.get("doc") not in documents:
            raise BadUsage(f"mention {number} names no document of this input", fix="give the id of one as doc")
        document = documents[mention["doc"]]
        more = {"text": document["text"], "date": document.get("published"), "group": document.get("group")}
        items.append((f"mention {number}", {**more, **mention}))
    return named(items)


def listed(whole: Mapping[str, Any], key: str) -> Sequence[Any]:
    """A list of the input."""
    found = whole.get(key, [])
    if not isinstance(found, list):
        raise BadUsage(f"{key} is no list", fix=SHAPE)
    return found


def by_mention(mentions: Sequence[Mapping[str, Any]], found: Linked) -> Iterable[dict[str, Any]]:
    """One row a mention, in the order given."""
    for item, label, why in zip(mentions, found.clusters, found.why, strict=True):
        yield {"id": item["id"], "cluster": label, "why": list(why)}


def by_cluster(mentions: Sequence[Mapping[str, Any]], found: Linked, alone: bool) -> Iterable[dict[str, Any]]:
    """One row a cluster, by first appearance."""
    groups: dict[int, list[int]] = {}
    for at, label in enumerate(found.clusters):
        groups.setdefault(label, []).append(at)
    for label, inside in groups.items():
        if alone or len(inside) > 1:
            told = [mentions[i]["text"][mentions[i]["start"] : mentions[i]["end"]] for i in inside]
            yield {
                "cluster": label,
                "mentions": [mentions[i]["id"] for i in inside],
                "words": list(dict.fromkeys(told)),
                "documents": list(dict.fromkeys(mentions[i]["doc"] for i in inside)),
            }
