"""What can be asked about a record: one short function an address."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from comity.web import documents, event, events, meta, relations, searches
from comity.web.asked import Asked, EventList
from comity.web.clerk import Clerk
from comity.web.decisions import DecisionList, decisions
from comity.web.documents import DocumentAsked, DocumentList
from comity.web.event import EventAsked
from comity.web.relations import RelationAsked
from comity.web.searches import SearchAsked
from comity.web.settings import Settings


def router(clerk: Clerk, settings: Settings) -> APIRouter:
    """Everything that is the same for all who may read."""
    routes = APIRouter()
    most = settings.table_rows

    @routes.get("/meta", summary="Versions, counts, limits, and the table of types")
    async def of_meta(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        return await clerk.answer(request, meta.meta, asked, settings)

    @routes.get("/events", summary="Events: all filters, pages by cursor")
    async def of_events(request: Request, asked: Annotated[EventList, Query()]) -> Response:
        return await clerk.answer(request, events.events, asked, most)

    @routes.get("/event/{name}", summary="One event with its reports, sentences and reasons")
    async def of_event(request: Request, name: str, asked: Annotated[EventAsked, Query()]) -> Response:
        return await clerk.answer(request, event.event, asked, name)

    @routes.get("/documents", summary="Documents, newest first")
    async def of_documents(request: Request, asked: Annotated[DocumentList, Query()]) -> Response:
        return await clerk.answer(request, documents.documents, asked, most)

    @routes.get("/document/{name}", summary="One document with everything found in it")
    async def of_document(request: Request, name: str, asked: Annotated[DocumentAsked, Query()]) -> Response:
        return await clerk.answer(request, documents.document, asked, name)

    @routes.get("/search", summary="Full-text search over sentences and quotations")
    async def of_search(request: Request, asked: Annotated[SearchAsked, Query()]) -> Response:
        return await clerk.answer(request, searches.search, asked, most)

    @routes.get("/relation/{a}/{b}", summary="Two actors: lines with bands, key moments, what was said and announced")
    async def of_relation(request: Request, a: str, b: str, asked: Annotated[RelationAsked, Query()]) -> Response:
        return await clerk.answer(request, relations.relation_page, asked, a, b)

    @routes.get("/relation/{a}/{b}/lines", summary="Only the lines and moments of two actors")
    async def of_lines(request: Request, a: str, b: str, asked: Annotated[RelationAsked, Query()]) -> Response:
        return await clerk.answer(request, relations.lines, asked, a, b)

    @routes.get("/decisions", summary="Decisions, newest first")
    async def of_decisions(request: Request, asked: Annotated[DecisionList, Query()]) -> Response:
        return await clerk.answer(request, decisions, asked, most)

    return routes
