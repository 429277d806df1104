"""Errors as problem JSON (RFC 9457): what is wrong, its code, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec
from starlette.responses import Response

from comity import errors
from comity.errors import ComityError, SkipDocument

MEDIA = "application/problem+json"
_STATUS: Mapping[type[ComityError], int] = MappingProxyType(
    {
        errors.UnknownName: 404,
        errors.UnknownEvent: 404,
        errors.UnknownDecision: 404,
        errors.UnknownDocument: 404,
        errors.NotFound: 404,
        errors.RecordBusy: 409,
        errors.DecidedMeanwhile: 409,
        errors.RecordNotWritable: 409,
        errors.TooLong: 413,
        errors.DocumentTooLarge: 413,
        errors.NotAllowed: 403,
        errors.LoginNeeded: 401,
        errors.PasswordNeeded: 403,
        errors.TooOften: 429,
        errors.TooBusy: 503,
        errors.DamagedSegment: 503,
        errors.DamagedManifest: 503,
        errors.ReaderFailed: 422,
    }
)
"""HTTP status of errors; others are 422."""


def status_of(error: ComityError) -> int:
    """The HTTP status of an error."""
    for kind in type(error).__mro__:
        if kind in _STATUS:
            return _STATUS[kind]
    return 422 if isinstance(error, SkipDocument | errors.StopRun) else 500


def problem(error: ComityError, *, wait: int | None = None) -> Response:
    """The answer to a request that failed; ``wait`` are the seconds after which to ask again."""
    status = status_of(error)
    headers = {"Cache-Control": "no-store"}
    if wait is not None or status in (429, 503):
        headers["Retry-After"] = str(wait or 1)
    return Response(msgspec.json.encode(described(error, status)), status, headers, MEDIA)


def described(error: ComityError, status: int) -> dict[str, Any]:
    """The object of a problem."""
    return {
        "type": f"/api/errors#{error.code}",
        "title": type(error).__name__,
        "status": status,
        "code": error.code,
        "detail": clean(error.message),
        "fix": clean(error.fix),
        "about": clean(error.about),
    }


def clean(text: str) -> str:
    """Text that can be written as UTF-8, without halves of surrogate pairs."""
    return text.encode("utf-8", "replace").decode()


def all_errors() -> list[dict[str, Any]]:
    """Every error that has a code, in order of the codes."""
    kinds = [k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, ComityError)]
    return [
        {"code": k.code, "name": k.__name__, "skips": issubclass(k, SkipDocument)}
        for k in sorted(kinds, key=lambda k: (k.code, k.__name__))
    ]
