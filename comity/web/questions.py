"""Every question about a record, as a table: where it is asked, what answers it and how, and what that hangs on."""

from __future__ import annotations

from collections.abc import Callable

from comity.model import Record
from comity.web import (
    actors,
    decisions,
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
    scopes,
    searches,
    sources,
    suggest,
)
from comity.web.asked import Asked, EventList
from comity.web.models import lists, pages, things
from comity.web.models.parts import Part
from comity.web.render import Answer

TABLES = ("csv", "parquet")


class Question(Record, frozen=True):
    """One address of the API.

    ``function(store, asked, *names, *gives)`` answers it, where ``names`` are those in braces in the path and ``gives``
    some of ``shared``, ``settings``, ``most`` (rows of a table).  ``about(store, asked, body, *names)`` tells what the
    answer hangs on.  ``whole``: it is made from all events, and may be shown for some seconds after a decision.
    ``forms`` are those besides JSON, ``example`` an address with what is asked for.
    """

    path: str
    summary: str
    function: Callable[..., Answer]
    asked: type[Asked]
    body: type[Part]
    about: Callable[..., scopes.Scope]
    forms: tuple[str, ...] = TABLES
    gives: tuple[str, ...] = ()
    whole: bool = False
    example: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the path."""
        return tuple(part[1:-1] for part in self.path.split("/") if part.startswith("{"))


QUESTIONS: tuple[Question, ...] = (
    Question(
        path="/meta", summary="Versions, counts, limits, and the table of types", function=meta.meta, asked=Asked,
        body=pages.Meta, about=scopes.every_commit, forms=(), gives=("settings",),
    ),
    Question(
        path="/home", summary="What is new, what changed most, what is due, and what it rests on", function=home.home,
        asked=Asked, body=pages.Home, about=scopes.everything, gives=("shared",), whole=True,
    ),
    Question(
        path="/sources", summary="Outlets, feeds, imported sets, runs, what was skipped", function=sources.sources,
        asked=sources.SourcesAsked, body=lists.Sources, about=scopes.everything, whole=True,
    ),
    Question(
        path="/suggest", summary="Actors, people, pairs and types that somebody may mean", function=suggest.suggest,
        asked=suggest.Suggested, body=lists.Suggestions, about=scopes.everything, forms=(), gives=("shared",),
        example="?q=russia china",
    ),
    Question(
        path="/actors", summary="Actors that have events", function=actors.actors, asked=actors.ActorList,
        body=lists.Actors, about=scopes.everything, gives=("shared", "most"), whole=True,
        example="?kind=state&limit=20",
    ),
    Question(
        path="/actor/{code}", summary="One state, organisation or group", function=actors.actor,
        asked=actors.ActorAsked, body=pages.Actor, about=scopes.either, example="RUS?on=2021-12-15",
    ),
    Question(
        path="/person/{name}", summary="One leader or minister", function=actors.person, asked=Asked,
        body=pages.PersonBody, about=scopes.everything, example="vladimir-putin",
    ),
    Question(
        path="/relation/{a}/{b}", summary="Two actors: lines with bands, key moments, what was said and announced",
        function=relations.relation_page, asked=relations.RelationAsked, body=pages.RelationBody, about=scopes.either,
        forms=(*TABLES, "svg"), example="RUS/CHN?by=year&since=2007",
    ),
    Question(
        path="/relation/{a}/{b}/lines", summary="Only the lines and moments of two actors", function=relations.lines,
        asked=relations.RelationAsked, body=pages.Lines, about=scopes.either, example="RUS/CHN?by=year",
    ),
    Question(
        path="/relation/{a}/{b}/forecast", summary="What is expected of two actors, with its uncertainty",
        function=prospects.forecast_page, asked=prospects.ForecastAsked, body=pages.Forecast, about=scopes.either,
        example="RUS/CHN?by=month&ahead=6",
    ),
    Question(
        path="/network", summary="All actors and how each two stand", function=network.network,
        asked=network.NetworkAsked, body=things.Network, about=scopes.everything, whole=True, example="?since=2014",
    ),
    Question(
        path="/map", summary="Places with their events, and sums by state", function=places.places,
        asked=places.MapAsked, body=things.MapBody, about=scopes.filtered, whole=True, example="?actor=RUS",
    ),
    Question(
        path="/events", summary="Events: all filters, pages by cursor", function=events.events, asked=EventList,
        body=lists.Events, about=scopes.filtered, forms=(*TABLES, "atom"), gives=("most",),
        example="?pair=RUS-CHN&since=2014&status=occurred",
    ),
    Question(
        path="/event/{name}", summary="One event with its reports, sentences and reasons", function=event.event,
        asked=event.EventAsked, body=things.EventBody, about=scopes.of_event, example="e-…",
    ),
    Question(
        path="/documents", summary="Documents, newest first", function=documents.documents,
        asked=documents.DocumentList, body=lists.Documents, about=scopes.everything, gives=("most",),
        example="?since=2021",
    ),
    Question(
        path="/document/{name}", summary="One document with everything found in it", function=documents.document,
        asked=documents.DocumentAsked, body=things.DocumentBody, about=scopes.of_document, forms=(), example="d-…",
    ),
    Question(
        path="/search", summary="Full-text search over sentences and quotations", function=searches.search,
        asked=searches.SearchAsked, body=lists.Hits, about=scopes.filtered, forms=(*TABLES, "atom"), gives=("most",),
        example='?q="gas pipeline"',
    ),
    Question(
        path="/quotations", summary="Quotations and reported speech, newest first", function=quotations.quotations,
        asked=quotations.QuotationList, body=lists.Quotations, about=scopes.of_quotations, gives=("most",),
        example="?pair=RUS-CHN",
    ),
    Question(
        path="/pledges", summary="What was announced, and what became of it", function=pledges.pledge_list,
        asked=pledges.PledgeList, body=lists.Pledges, about=scopes.of_pledges, forms=(*TABLES, "ics"),
        gives=("shared", "most"), example="?pair=RUS-CHN&state=open",
    ),
    Question(
        path="/trust", summary="How often announcements came true, by actor and channel", function=pledges.trust,
        asked=pledges.TrustAsked, body=lists.Trust, about=scopes.of_pledges, gives=("shared",), example="?actor=RUS",
    ),
    Question(
        path="/meetings", summary="Meetings of two or more persons or actors, newest first",
        function=prospects.meeting_list, asked=prospects.MeetingList, body=lists.Meetings, about=scopes.everything,
        gives=("most",), example="?who=Xi Jinping,Vladimir Putin",
    ),
    Question(
        path="/decisions", summary="Decisions, newest first", function=decisions.decisions,
        asked=decisions.DecisionList, body=lists.Decisions, about=scopes.every_commit, gives=("most",),
        example="?state=in force",
    ),
)  # fmt: skip
