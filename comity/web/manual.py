"""The page that documents the API: plain HTML from the OpenAPI description, without scripts or other hosts."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}"
    "code{font-size:.9em}h2{margin-top:2rem}table{border-collapse:collapse}"
    "td,th{text-align:left;padding:.1rem .8rem .1rem 0;vertical-align:top}"
)


def manual(described: Mapping[str, Any]) -> str:
    """The page of an OpenAPI description."""
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Comity: the API</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body><main>',
        f"<h1>Comity {escape(described['info']['version'])}: the API</h1>",
        "<p>Every list and table also comes as CSV and Parquet: <code>/api/events.csv</code> is "
        "<code>/api/events?format=csv</code>. The whole description: "
        '<a href="/api/openapi.json">/api/openapi.json</a>; codes of errors: <a href="/api/errors">/api/errors</a>.'
        "</p>",
    ]
    for path, methods in described["paths"].items():
        parts += [operation(path, method, one) for method, one in methods.items()]
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
    return f"<h2><code>{head}</code></h2><p>{escape(one.get('summary', ''))}.</p>{table}{fields}"


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
    return f"<tr><td><code>{escape(name)}</code></td><td>{escape(kind(schema))}</td><td>{escape(told)}</td></tr>"


def kind(schema: Mapping[str, Any]) -> str:
    """What values a schema allows, in few words."""
    if "enum" in schema:
        return " | ".join(str(v) for v in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(k for s in schema["anyOf"] if (k := kind(s)) != "null")
    return str(schema.get("type", schema.get("const", "")))
