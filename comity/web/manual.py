"""The page that documents the API: plain HTML from the OpenAPI description, without scripts or other hosts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
    "code,pre{font-size:.9em}h2{margin-top:2rem}table{border-collapse:collapse}"
    "td,th{text-align:left;padding:.1rem .8rem .1rem 0;vertical-align:top}"
    "pre{overflow:auto;max-height:24rem;border:1px solid;border-radius:4px;padding:.5rem}"
)


def manual(described: Mapping[str, Any]) -> str:
    """The page of an OpenAPI description."""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Comity: the API</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body><main>',
        f"<h1>Comity {escape(described['info']['version'])}: the API</h1>",
        "<p>Every list and table also comes as CSV and Parquet: <code>/api/events.csv</code> is "
        "<code>/api/events?format=csv</code>. The whole description: "
        '<a href="/api/openapi.json">/api/openapi.json</a>; codes of errors: <a href="/api/errors">/api/errors</a>. '
        'What the parts of answers hold stands <a href="#parts">below</a>.</p>',
    ]
    for path, methods in described["paths"].items():
        parts += [operation(path, method, one) for method, one in methods.items()]
    parts.append('<h1 id="parts">Parts of answers</h1>')
    parts += [component(name, one) for name, one in described.get("components", {}).get("schemas", {}).items()]
    return "".join([*parts, "</main></body></html>"])


def operation(path: str, method: str, one: Mapping[str, Any]) -> str:
    """One address."""
    shown = f"{method.upper()} {path}"
    plain = method == "get" and "{" not in path
    head = f'<a href="{escape(path)}">{escape(shown)}</a>' if plain else escape(shown)
    rows = "".join(parameter(p) for p in one.get("parameters", ()))
    table = f"<table>{rows}</table>" if rows else ""
    body = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    fields = f"<p>Body, JSON:</p><table>{fields_of(body)}</table>" if body else ""
    return f"<h2><code>{head}</code></h2><p>{escape(one.get('summary', ''))}.</p>{table}{fields}{answers(one)}"


def answers(one: Mapping[str, Any]) -> str:
    """What an address answers: the form, an example, and the failures."""
    responses = one.get("responses", {})
    good: Mapping[str, Any] = (responses.get("200") or responses.get("201") or {}).get("content", {})
    schema = good.get("application/json", {}).get("schema")
    told = f"<p>Answers {kind_link(schema)}" if schema else "<p>Answers"
    others = ", ".join(f"<code>{escape(media)}</code>" for media in good if media != "application/json")
    told += f"{', also as ' if schema else ' '}{others}" if others else ""
    failed = ", ".join(status for status in responses if not status.startswith("2"))
    told += f"; problems {escape(failed)}.</p>" if failed else ".</p>"
    example = good.get("application/json", {}).get("example")
    if example is None:
        return told
    asked = f" to <code>{escape(str(one.get('x-example', '')))}</code>" if one.get("x-example") else ""
    text = escape(json.dumps(example, indent=1, ensure_ascii=False))
    return f"{told}<details><summary>An answer{asked}, lists cut to one item</summary><pre>{text}</pre></details>"


def component(name: str, schema: Mapping[str, Any]) -> str:
    """A part of answers."""
    about = escape(str(schema.get("description", "")).split("\n\n")[0])
    head = f'<h2 id="part-{escape(name)}"><code>{escape(name)}</code></h2>'
    return f"{head}<p>{about}</p><table>{fields_of(schema)}</table>"


def parameter(one: Mapping[str, Any]) -> str:
    """One parameter."""
    schema = one.get("schema", {})
    told = one.get("description") or schema.get("description", "")
    return row(one["name"], schema, told)


def fields_of(schema: Mapping[str, Any]) -> str:
    """The fields of a body."""
    return "".join(row(name, field, "") for name, field in schema.get("properties", {}).items())


def row(name: str, schema: Mapping[str, Any], told: str) -> str:
    """A line of a table."""
    return f"<tr><td><code>{escape(name)}</code></td><td>{kind_link(schema)}</td><td>{escape(told)}</td></tr>"


def kind_link(schema: Mapping[str, Any]) -> str:
    """What values a schema allows, in few words, with links to the parts."""
    if "$ref" in schema:
        name = escape(str(schema["$ref"]).rpartition("/")[2])
        return f'<a href="#part-{name}">{name}</a>'
    if "enum" in schema:
        return " | ".join(escape(str(v)) for v in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(k for s in schema["anyOf"] if (k := kind_link(s)))
    if schema.get("type") == "array" and "items" in schema:
        return f"list of {kind_link(schema['items'])}"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"object of {kind_link(schema['additionalProperties'])}"
    return escape(str(schema.get("format") or schema.get("type", schema.get("const", "any"))))
