"""The validation records of the PETRARCH coders, from raw sentences: root type with both actors.

CAMEO roots become PLOVER types (King, Halterman et al., PLOVER 2021 mapping);
actors count by their first three letters, the state.  A cooperative act that is
only announced counts as AGREE, as CAMEO's root 03 does.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType

from comity.model import Event, Record

ROOTS: Mapping[str, str] = MappingProxyType(
    {
        "01": "STATEMENT",
        "02": "REQUEST",
        "03": "AGREE",
        "04": "CONSULT",
        "05": "SUPPORT",
        "06": "COOPERATE",
        "07": "AID",
        "08": "CONCEDE",
        "09": "ACCUSE",
        "10": "REQUEST",
        "11": "ACCUSE",
        "12": "REJECT",
        "13": "THREATEN",
        "14": "PROTEST",
        "15": "MOBILIZE",
        "16": "SANCTION",
        "17": "COERCE",
        "18": "ASSAULT",
        "19": "ASSAULT",
        "20": "ASSAULT",
    }
)
# The unit tests mix CAMEO with the older WEIS scheme (McClelland 1976): a root counts in either sense.
WEIS_ROOTS: Mapping[str, str] = MappingProxyType(
    {
        "01": "CONCEDE",
        "02": "STATEMENT",
        "03": "CONSULT",
        "04": "SUPPORT",
        "05": "AGREE",
        "06": "SUPPORT",
        "07": "AID",
        "08": "AGREE",
        "09": "REQUEST",
        "10": "REQUEST",
        "11": "REJECT",
        "12": "ACCUSE",
        "13": "ACCUSE",
        "14": "REJECT",
        "15": "REQUEST",
        "16": "THREATEN",
        "17": "THREATEN",
        "18": "MOBILIZE",
        "19": "SANCTION",
        "20": "SANCTION",
        "21": "COERCE",
        "22": "ASSAULT",
    }
)
COOPERATIVE = frozenset({"CONSULT", "SUPPORT", "COOPERATE", "AID", "AGREE"})
RECORD = re.compile(r"<Sentence\b([^>]*)>(.*?)(?=<Sentence\b|</Sentences>|\Z)", re.S)
CODING = re.compile(r"<EventCoding\b([^>]*)>")
ATTRIBUTE = re.compile(r"""(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
COMMENT = re.compile(r"<!--.*?-->", re.S)

FORCE = frozenset({"ASSAULT", "COERCE", "SANCTION", "MOBILIZE"})

Roots = Sequence[Mapping[str, str]]
Coded = tuple[frozenset[str], str, str]


class TestSentence(Record, frozen=True):
    """One validation record: text, date and the coded events as (type, source, target)."""

    id: str
    text: str
    published: date | None
    events: frozenset[Coded]


def read_records(path: Path, roots: Roots = (ROOTS,)) -> Iterator[TestSentence]:
    """The records of one file that have a text and a coding, with the types of these roots."""
    data = COMMENT.sub(" ", gzip.decompress(path.read_bytes()).decode("utf-8", "replace"))
    for head, body in RECORD.findall(data):
        attributes = _attributes(head)
        text = re.search(r"<Text>(.*?)</Text>", body, re.S)
        codings = [_attributes(c) for c in CODING.findall(body)]
        if text is None or not codings:
            continue
        events = frozenset(_coded(c, roots) for c in codings if c.get("eventcode"))
        yield TestSentence(
            id=attributes.get("id", ""),
            text=" ".join(text.group(1).split()),
            published=_date(attributes.get("date", "")),
            events=events,
        )


def _attributes(text: str) -> dict[str, str]:
    return {name.lower(): a or b for name, a, b in ATTRIBUTE.findall(text)}


def _coded(coding: Mapping[str, str], roots: Roots) -> Coded:
    kind = frozenset(scheme.get(coding["eventcode"][:2], "?") for scheme in roots) - {"STATEMENT", "?"}
    return kind, _state(coding.get("sourcecode", "")), _state(coding.get("targetcode", ""))


def _state(code: str) -> str:
    """The state of an actor code; organisations keep their own short name after the prefix."""
    code = code.strip('"')
    return code[3:6] if code.startswith(("IGO", "NGO")) and len(code) >= 6 else code[:3]


def _date(value: str) -> date | None:
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:8]))
    except ValueError:
        return None


class Prediction(Record, frozen=True):
    """One predicted event in the terms of these records: the types it may count as, and its sides."""

    types: frozenset[str]
    source: str
    target: str
    symmetric: bool

    def matches(self, gold: Coded) -> bool:
        """Root type and both actors agree; a mutual act agrees in either order."""
        kind, source, target = gold
        same = (source, target) == (self.source, self.target)
        turned = self.symmetric and (target, source) == (self.source, self.target)
        return bool(kind & self.types) and (same or turned)


def coded_events(events: tuple[Event, ...], aliases: Mapping[str, str]) -> list[Prediction]:
    """Predictions in the terms of these records, which have no status of their own.

    CAMEO folds it into the code: cooperation that is planned or wished for is
    root 03, cooperation that is refused root 12, force that is threatened root
    13, and an act that is only somebody's claim is an accusation by him.
    """
    found = []
    told = {(s, t) for e in events if e.status == "occurred" for s in e.sources for t in e.targets}
    for event in events:
        types, pairs = root_types(event), [(s, t) for s in event.sources for t in event.targets]
        if event.status == "possible" and not _intended(event):
            types, pairs = frozenset({"ACCUSE"}), _claimed(event, told)
        both = event.symmetric or event.type == "CONSULT"  # CAMEO codes a visit for guest and host
        for source, target in pairs if types else ():
            if both and source == target:
                continue
            one, two = (aliases.get(code, code)[:3] for code in (source, target))
            found.append(Prediction(types=types, source=one, target=two, symmetric=both))
    return found


def _intended(event: Event) -> bool:
    """Whether the actors themselves speak of an act that is only possible: they wish or weigh it."""
    return event.speaker is not None and event.speaker.state in event.sources


def _claimed(event: Event, told: Container[tuple[str, str]]) -> list[tuple[str, str]]:
    """Who accuses whom by claiming the act; nobody of an act that is only asked of him or feared."""
    accuser = event.speaker.state if event.speaker and event.type in FORCE else None
    return [(accuser, source) for source in event.sources if accuser and (accuser, source) not in told]


def root_types(event: Event) -> frozenset[str]:
    """The types under which these records may code an event of ours; none for what the text denies."""
    own = "CONCEDE" if event.type == "RETREAT" else event.type
    if event.status == "negated":
        return frozenset({"REJECT"}) if event.type in COOPERATIVE else frozenset()
    types = {own}
    if event.status in {"announced", "possible"} and event.type in COOPERATIVE:
        types.add("AGREE")
    if event.status in {"announced", "possible"} and event.type in FORCE:
        types.add("THREATEN")
    return frozenset(types)
