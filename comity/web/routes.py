"""What can be asked about a record: one short function an address."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from comity.web import (
    actors,
    documents,
    event,
    events,
    home,
    meta,
    network,
    places,
    pledges,
    prospects,
    quotations,
    relations,
    searches,
    sources,
    suggest,
)
from comity.web.actors import ActorAsked, ActorList
from comity.web.asked import Asked, EventList
from comity.web.clerk import Clerk
from comity.web.decisions import DecisionList, decisions
from comity.web.documents import DocumentAsked, DocumentList
from comity.web.event import EventAsked
from comity.web.network import NetworkAsked
from comity.web.places import MapAsked
from comity.web.pledges import PledgeList, TrustAsked
from comity.web.prospects import ForecastAsked, MeetingList
from comity.web.quotations import QuotationList
from comity.web.relations import RelationAsked
from comity.web.searches import SearchAsked
from comity.web.settings import Settings
from comity.web.shared import Shared
from comity.web.sources import SourcesAsked
from comity.web.suggest import Suggested


def router(clerk: Clerk, settings: Settings) -> APIRouter:
    """Everything that is the same for all who may read."""
    routes = APIRouter()
    most, shared = settings.table_rows, Shared()

    @routes.get("/meta", summary="Versions, counts, limits, and the table of types")
    async def of_meta(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        return await clerk.answer(request, meta.meta, asked, settings)

    @routes.get("/home", summary="What is new, what changed most, what is due, and what it rests on")
    async def of_home(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        return await clerk.answer(request, home.home, asked)

    @routes.get("/sources", summary="Outlets, feeds, imported sets, runs, what was skipped")
    async def of_sources(request: Request, asked: Annotated[SourcesAsked, Query()]) -> Response:
        return await clerk.answer(request, sources.sources, asked)

    add_actors(routes, clerk, shared, most)
    add_lists(routes, clerk, shared, most)
    return routes


def add_actors(routes: APIRouter, clerk: Clerk, shared: Shared, most: int) -> None:
    """Actors and how they stand."""

    @routes.get("/suggest", summary="Actors, people, pairs and types that somebody may mean")
    async def of_suggest(request: Request, asked: Annotated[Suggested, Query()]) -> Response:
        return await clerk.answer(request, suggest.suggest, asked, shared)

    @routes.get("/actors", summary="Actors that have events")
    async def of_actors(request: Request, asked: Annotated[ActorList, Query()]) -> Response:
        return await clerk.answer(request, actors.actors, asked, shared, most)

    @routes.get("/actor/{code}", summary="One state, organisation or group")
    async def of_actor(request: Request, code: str, asked: Annotated[ActorAsked, Query()]) -> Response:
        return await clerk.answer(request, actors.actor, asked, code)

    @routes.get("/person/{name}", summary="One leader or minister")
    async def of_person(request: Request, name: str, asked: Annotated[Asked, Query()]) -> Response:
        return await clerk.answer(request, actors.person, asked, name)

    @routes.get("/relation/{a}/{b}", summary="Two actors: lines with bands, key moments, what was said and announced")
    async def of_relation(request: Request, a: str, b: str, asked: Annotated[RelationAsked, Query()]) -> Response:
        return await clerk.answer(request, relations.relation_page, asked, a, b)

    @routes.get("/relation/{a}/{b}/lines", summary="Only the lines and moments of two actors")
    async def of_lines(request: Request, a: str, b: str, asked: Annotated[RelationAsked, Query()]) -> Response:
        return await clerk.answer(request, relations.lines, asked, a, b)

    @routes.get("/relation/{a}/{b}/forecast", summary="What is expected of two actors, with its uncertainty")
    async def of_forecast(request: Request, a: str, b: str, asked: Annotated[ForecastAsked, Query()]) -> Response:
        return await clerk.answer(request, prospects.forecast_page, asked, a, b)

    @routes.get("/network", summary="All actors and how each two stand")
    async def of_network(request: Request, asked: Annotated[NetworkAsked, Query()]) -> Response:
        return await clerk.answer(request, network.network, asked)

    @routes.get("/map", summary="Places with their events, and sums by state")
    async def of_map(request: Request, asked: Annotated[MapAsked, Query()]) -> Response:
        return await clerk.answer(request, places.places, asked)


def add_lists(routes: APIRouter, clerk: Clerk, shared: Shared, most: int) -> None:
    """Events, documents, quotations, pledges, decisions."""

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

    @routes.get("/quotations", summary="Quotations and reported speech, newest first")
    async def of_quotations(request: Request, asked: Annotated[QuotationList, Query()]) -> Response:
        return await clerk.answer(request, quotations.quotations, asked, most)

    @routes.get("/pledges", summary="What was announced, and what became of it")
    async def of_pledges(request: Request, asked: Annotated[PledgeList, Query()]) -> Response:
        return await clerk.answer(request, pledges.pledge_list, asked, shared, most)

    @routes.get("/trust", summary="How often announcements came true, by actor and channel")
    async def of_trust(request: Request, asked: Annotated[TrustAsked, Query()]) -> Response:
        return await clerk.answer(request, pledges.trust, asked, shared)

    @routes.get("/meetings", summary="Meetings of two or more persons or actors, newest first")
    async def of_meetings(request: Request, asked: Annotated[MeetingList, Query()]) -> Response:
        return await clerk.answer(request, prospects.meeting_list, asked, most)

    @routes.get("/decisions", summary="Decisions, newest first")
    async def of_decisions(request: Request, asked: Annotated[DecisionList, Query()]) -> Response:
        return await clerk.answer(request, decisions, asked, most)
