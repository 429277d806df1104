"""Bodies of requests as JSON Schema, for OpenAPI."""

from __future__ import annotations

from typing import Any

import msgspec

from comity.model import Record


def body_of(kind: type[Record]) -> dict[str, Any]:
    """The description of a body."""
    (schema,), parts = msgspec.json.schema_components([kind], ref_template="#/components/schemas/{name}")
    content = {"application/json": {"schema": inlined(schema, parts)}}
    return {"requestBody": {"required": True, "content": content}}


def inlined(schema: Any, parts: dict[str, Any]) -> Any:
    """A schema without references."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            return inlined(parts[str(schema["$ref"]).rpartition("/")[2]], parts)
        return {k: inlined(v, parts) for k, v in schema.items()}
    return [inlined(v, parts) for v in schema] if isinstance(schema, list) else schema
