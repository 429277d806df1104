"""The OpenAPI description: what each address answers, in every form, when it cannot, with an example of each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from comity.web.models import lists, small
from comity.web.models.parts import Part
from comity.web.problems import MEDIA as PROBLEM
from comity.web.questions import QUESTIONS
from comity.web.render import MEDIA
from comity.web.schemas import components, reference

EXAMPLES = Path(__file__).with_name("examples.json")
BODIES: tuple[type[Part], ...] = (
    *(q.body for q in QUESTIONS), lists.Decided, small.Session, small.Log, small.Errors, small.Health, small.Reading,
    small.Understood, small.Problem,
)  # fmt: skip
FAILURES: Mapping[int, str] = {
    400: "The request is no HTTP.",
    401: "Nobody is logged in.",
    403: "Not allowed, or no token.",
    404: "There is nothing of this name, or not in this form.",
    405: "Not by this method.",
    409: "Another program writes, or somebody has decided meanwhile.",
    413: "Too long.",
    422: "Not as it should be.",
    429: "Too often; see Retry-After.",
    503: "Too busy, or too slow; see Retry-After.",
}
ALWAYS = (401, 403, 422, 429, 503)
"""Failures that every address may answer with."""
_KEY = "x-example"


def told(
    body: type[Part], *, forms: tuple[str, ...] = (), example: str = "", status: int = 200,
    failures: tuple[int, ...] = (),
) -> dict[int | str, dict[str, Any]]:  # fmt: skip
    """The answers of an address, for ``responses`` of a route."""
    content: dict[str, Any] = {MEDIA["json"]: {"schema": {"$ref": reference(body)}}}
    for form in forms:
        kind = {"type": "string"} | ({"format": "binary"} if form == "parquet" else {})
        content[MEDIA[form].split(";")[0]] = {"schema": kind}
    found: dict[int | str, dict[str, Any]] = {status: {"description": (body.__doc__ or "").split("\n")[0],
                                                       "content": content}}  # fmt: skip
    if example:
        found[status][_KEY] = example
    for code in sorted({*ALWAYS, *failures}):
        problem = {PROBLEM: {"schema": {"$ref": reference(small.Problem)}}}
        found[code] = {"description": FAILURES[code], "content": problem}
    return found


def describe(app: FastAPI) -> dict[str, Any]:
    """The description of an application, made once."""
    if app.openapi_schema is None:
        found = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes,
        )  # fmt: skip
        schemas = found.setdefault("components", {}).setdefault("schemas", {})
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        schemas.update(components(BODIES))
        for path, methods in found["paths"].items():
            for method, one in methods.items():
                with_example(path, method, one)
        app.openapi_schema = found
    return app.openapi_schema


def with_example(path: str, method: str, one: dict[str, Any]) -> None:
    """Put the example of an address, as a record of the examples answered it, where OpenAPI has it."""
    for answer in one.get("responses", {}).values():
        asked = answer.pop(_KEY, None)
        if asked is not None:
            one["x-example"] = asked
    example = examples().get(f"{method.upper()} {path}")
    for status in ("200", "201"):
        content = one.get("responses", {}).get(status, {}).get("content", {})
        if example is not None and MEDIA["json"] in content:
            content[MEDIA["json"]]["example"] = example


@cache
def examples() -> Mapping[str, Any]:
    """Answers by method and path, cut to one item a list (`python -m comity.evaluate.api_examples` makes them)."""
    found: Mapping[str, Any] = msgspec.json.decode(EXAMPLES.read_bytes()) if EXAMPLES.exists() else {}
    return found
