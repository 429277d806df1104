"""What questions can say: the parameters of the API, checked."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Form = Literal["json", "csv", "parquet", "atom", "svg", "ics"]
Order = Literal["newest", "oldest", "reported", "doubtful", "seen"]
By = Literal["week", "month", "year"]
Text = Annotated[str, Field(max_length=400)]
Offsets = Annotated[
    Literal["characters", "utf16"], Field(description="Unit of start and end; utf16 is that of JavaScript.")
]


class Asked(BaseModel):
    """What every question can say: the form of the answer."""

    model_config = ConfigDict(extra="forbid")
    format: Annotated[Form, Field(description="Form of the answer; also by .csv at the end of the path.")] = "json"


class Paged(Asked):
    """A page of a list."""

    limit: Annotated[int | None, Field(ge=1, le=100_000, description="Rows of a page, or of a table.")] = None
    cursor: Annotated[Text | None, Field(description="`next` of the page before.")] = None


class EventFilter(Asked):
    """Which events."""

    pair: Annotated[Text | None, Field(description="Two actors, codes or names: RUS-CHN.")] = None
    actor: Annotated[Text | None, Field(description="An actor on either side.")] = None
    directed: Annotated[bool, Field(description="Only from the first of the pair to the second.")] = False
    source: Annotated[Text | None, Field(description="Who acts.")] = None
    target: Annotated[Text | None, Field(description="Whom it is done to.")] = None
    type: Annotated[Text | None, Field(description="PLOVER types, with commas between.")] = None
    mode: Annotated[Text | None, Field(description="A mode of the type.")] = None
    status: Annotated[Text | None, Field(description="occurred, announced, possible, negated; with commas.")] = None
    channel: Literal["cooperation", "conflict"] | None = None
    since: Annotated[Text | None, Field(description="First day: 2021-12-15, 2021-12 or 2021.")] = None
    until: Annotated[Text | None, Field(description="Last day.")] = None
    min_confidence: Annotated[float | None, Field(ge=0, le=1)] = None
    q: Annotated[Text | None, Field(description='Words in one sentence of evidence; "a phrase", begin*.')] = None
    document: Annotated[Text | None, Field(description="Events that a document tells.")] = None
    run: Annotated[Text | None, Field(description="Events of a run.")] = None
    imported: Annotated[bool | None, Field(description="Imported from sets of others, or read.")] = None
    decided: Annotated[bool | None, Field(description="Whether somebody has decided on them.")] = None


class EventList(EventFilter, Paged):
    """A page of events."""

    order: Order = "newest"
