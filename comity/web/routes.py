"""The addresses of `comity.web.questions`, each as a function of the shape that FastAPI reads."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from comity.web.clerk import Clerk
from comity.web.described import told
from comity.web.questions import QUESTIONS, Question


def router(clerk: Clerk) -> APIRouter:
    """Everything that is the same for all who may read."""
    routes = APIRouter()
    for one in QUESTIONS:
        routes.add_api_route(
            one.path, endpoint(clerk, one), methods=["GET"], summary=one.summary,
            responses=told(one.body, forms=one.forms, example=one.example, failures=(404,)),
        )  # fmt: skip
    return routes


def endpoint(clerk: Clerk, question: Question) -> Callable[..., Any]:
    """A function whose parameters are the request, the names in the path, and what can be asked."""

    async def answer(**given: Any) -> Response:
        names = [given[name] for name in question.names]
        return await clerk.answer(given["request"], question, given["asked"], *names)

    kinds = {"request": Request, **dict.fromkeys(question.names, str), "asked": Annotated[question.asked, Query()]}
    shape = [Parameter(n, Parameter.KEYWORD_ONLY, annotation=k) for n, k in kinds.items()]
    answer.__name__ = "".join(c if c.isalnum() else "_" for c in question.path).strip("_")
    answer.__signature__ = Signature(shape, return_annotation=Response)  # type: ignore[attr-defined]
    return answer
