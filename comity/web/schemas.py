"""Bodies of requests and answers as JSON Schema, for OpenAPI."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec

from comity.model import Record

PLACE = "#/components/schemas/{name}"


def body_of(kind: type[Record]) -> dict[str, Any]:
    """The description of the body of a request."""
    (schema,), parts = msgspec.json.schema_components([kind], ref_template=PLACE)
    content = {"application/json": {"schema": inlined(schema, parts)}}
    return {"requestBody": {"required": True, "content": content}}


def inlined(schema: Any, parts: dict[str, Any]) -> Any:
    """A schema without references."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            return inlined(parts[str(schema["$ref"]).rpartition("/")[2]], parts)
        return {k: inlined(v, parts) for k, v in schema.items()}
    return [inlined(v, parts) for v in schema] if isinstance(schema, list) else schema


@cache
def reference(kind: type[Record]) -> str:
    """Where the schema of a record stands among the components."""
    return PLACE.format(name=kind.__name__)


def components(kinds: Iterable[type[Record]]) -> dict[str, Any]:
    """The schemas of records and of all their parts, by name.

    Answers may get further fields in later versions, so that nobody is told to refuse them.
    """
    _, parts = msgspec.json.schema_components(list(dict.fromkeys(kinds)), ref_template=PLACE)
    return {name: open_to_more(one) for name, one in sorted(parts.items())}


def open_to_more(schema: Any) -> Any:
    """A schema without the demand that there be no further field."""
    if isinstance(schema, dict):
        closed = schema.get("additionalProperties") is False
        return {k: open_to_more(v) for k, v in schema.items() if not (closed and k == "additionalProperties")}
    return [open_to_more(v) for v in schema] if isinstance(schema, list) else schema
