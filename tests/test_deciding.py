"""What the last decision on an event is made from, and that it is made with the whole story in view."""

from __future__ import annotations

import msgspec
import pytest

from comity.model import Document
from comity.reader import Reader
from comity.understand.deciding import BRIEF, WHOLE, Candidate, Story, brevity, dyads
from comity.understand.events import (
    EventFinder,
    floor_of,
    is_denied,
    one_way,
    rows_of,
    surest_of_a_word,
    told_once,
    towards,
)

TEXT = (
    "Kenya recalled its ambassador from Somalia on Monday. Somalia protested to Kenya. "
    "Kenya and Somalia had quarrelled over the sea. France said nothing."
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.fixture(scope="module")
def prepared(reader: Reader) -> Document:
    document = Document(id="d", text=TEXT)
    for name, stage in reader.stages:
        if name != "events":
            document = stage(document)
    return document


@pytest.fixture(scope="module")
def finder(reader: Reader) -> EventFinder:
    return next(stage for stage in dict(reader.stages).values() if isinstance(stage, EventFinder))


def test_story_counts_who_is_named_and_what_else_is_proposed(finder: EventFinder, prepared: Document) -> None:
    candidates = [c for _, listed in finder.proposals(prepared) for c in listed]
    rows = rows_of(prepared, candidates)
    assert candidates and len(rows) == len(candidates)
    for candidate, row in zip(candidates, rows, strict=True):
        beside = [c for c in candidates if c.sentence == candidate.sentence and c is not candidate]
        assert row["beside"] == len(beside)
        assert 0 < row["least named"] <= row["most named"] < 1
        assert row["proposals"] == len(candidates) / len(prepared.sentences)
        assert row[f"is {candidate.event.type}"] == 1.0


def test_two_that_are_named_together_more_often_are_more_of_the_story(finder: EventFinder, prepared: Document) -> None:
    first = next(c for _, listed in finder.proposals(prepared) for c in listed)
    assert dyads(first.event) == {frozenset({"KEN", "SOM"})}
    row = Story(prepared, []).features(first)
    named_together = 3
    assert row["together"] == named_together / len(prepared.sentences)


def test_what_is_kept_reached_the_floor_after_the_last_decision(finder: EventFinder, prepared: Document) -> None:
    events = finder(prepared).events
    assert events
    assert all(e.confidence >= floor_of(e) for e in events if e.sources != e.targets)
    chances = {c.event.id: c.event.confidence for _, listed in finder.candidates(prepared) for c in listed}
    as_decided = [e for e in events if e.id in chances]  # the rest are several pairs of one word as one event
    assert as_decided
    assert all(chances[e.id] == e.confidence for e in as_decided)


@pytest.mark.parametrize(("kind", "status", "more"), [("ASSAULT", "occurred", True), ("ASSAULT", "possible", False)])
def test_force_said_to_have_been_used_needs_more(
    finder: EventFinder, prepared: Document, kind: str, status: str, more: bool
) -> None:
    event = msgspec.structs.replace(finder(prepared).events[0], type=kind, status=status)
    plain = msgspec.structs.replace(event, type="CONSULT")
    assert (floor_of(event) > floor_of(plain)) is more


def test_one_word_tells_one_learned_act_of_a_pair(finder: EventFinder, prepared: Document) -> None:
    candidate = next(c for _, listed in finder.proposals(prepared) for c in listed)

    def learned(kind: str, chance: float, targets: tuple[str, ...] = ("SOM",)) -> Candidate:
        event = msgspec.structs.replace(
            candidate.event, type=kind, confidence=chance, sources=("KEN",), targets=targets
        )
        return msgspec.structs.replace(candidate, origin="learned", event=event)

    surer, other, elsewhere = learned("ASSAULT", 0.8), learned("COOPERATE", 0.7), learned("AID", 0.6, ("FRA",))
    frame = msgspec.structs.replace(other, origin="frame")
    assert surest_of_a_word([surer, other, elsewhere]) == [surer, elsewhere]
    sure_frame = msgspec.structs.replace(learned("COOPERATE", 0.9), origin="frame")
    assert surest_of_a_word([sure_frame, surer]) == [sure_frame]
    near = msgspec.structs.replace(learned("COOPERATE", 0.75), origin="frame")
    assert surest_of_a_word([near, surer]) == [near, surer]
    assert surest_of_a_word([frame, learned("CONSULT", 0.95)]) == [learned("CONSULT", 0.95)]
    of_two = msgspec.structs.replace(learned("COOPERATE", 0.7, ("SOM", "FRA")), origin="frame")
    assert surest_of_a_word([of_two, learned("CONSULT", 0.95)]) == [of_two, learned("CONSULT", 0.95)]
    same = learned("COOPERATE", 0.6)
    assert surest_of_a_word([frame, same]) == [frame, same]


def test_a_word_tells_the_likelier_direction(finder: EventFinder, prepared: Document) -> None:
    candidate = next(c for _, listed in finder.proposals(prepared) for c in listed)

    def told(source: str, target: str, share: float, origin: str = "learned") -> Candidate:
        event = msgspec.structs.replace(
            candidate.event, type="ACCUSE", symmetric=False, sources=(source,), targets=(target,)
        )
        shown = candidate.shown | {"by itself": share}
        return msgspec.structs.replace(candidate, origin=origin, event=event, shown=shown)

    there, back, as_likely = told("KEN", "SOM", 0.9), told("SOM", "KEN", 0.2), told("SOM", "KEN", 0.8)
    assert one_way([there, back]) == [there]
    assert one_way([there, as_likely]) == [there, as_likely]
    assert one_way([there, told("SOM", "KEN", 0.2, "frame")]) != [there]
    assert one_way([back]) == [back]


def test_a_word_tells_the_likelier_recipient(finder: EventFinder, prepared: Document) -> None:
    candidate = next(c for _, listed in finder.proposals(prepared) for c in listed)

    def told(source: str, target: str, share: float, kind: str = "AID", origin: str = "learned") -> Candidate:
        event = msgspec.structs.replace(
            candidate.event, type=kind, symmetric=False, sources=(source,), targets=(target,)
        )
        shown = candidate.shown | {"by itself": share}
        return msgspec.structs.replace(candidate, origin=origin, event=event, shown=shown)

    meant, near, listed = told("AUS", "SLB", 0.9), told("AUS", "CHN", 0.4), told("AUS", "PNG", 0.6)
    assert towards([meant, near, listed]) == [meant, listed]
    assert towards([told("AUS", "SLB", 0.9, origin="frame"), near]) != [near]
    assert towards([near]) == [near]
    other_kind, other_doer = told("AUS", "CHN", 0.4, "ACCUSE"), told("FJI", "CHN", 0.4)
    assert towards([meant, other_kind, other_doer]) == [meant, other_kind, other_doer]
    assert towards([meant, told("AUS", "CHN", 0.4, origin="frame")]) != [meant]
    assert towards([meant, told("AUS", "SLB", 0.2)]) != [meant]  # the same pair again is no rival


def test_a_frame_is_not_believed_against_the_learned_reader(finder: EventFinder, prepared: Document) -> None:
    candidate = next(c for _, listed in finder.proposals(prepared) for c in listed if c.origin == "frame")

    def held(share: float, origin: str = "frame") -> Candidate:
        return msgspec.structs.replace(candidate, origin=origin, shown=candidate.shown | {"by itself": share})

    assert is_denied(held(0.001))
    assert not is_denied(held(0.3))
    assert not is_denied(held(0.001, "learned"))
    at_home = msgspec.structs.replace(candidate.event, sources=("KEN",), targets=("KEN",))
    assert not is_denied(msgspec.structs.replace(held(0.001), event=at_home))


def test_what_is_promised_is_told_once(finder: EventFinder, prepared: Document) -> None:
    candidate = next(c for _, listed in finder.proposals(prepared) for c in listed)
    sides = {"sources": ("KEN",), "targets": ("SOM",)}
    agree = msgspec.structs.replace(candidate.event, type="AGREE", status="occurred", **sides)
    promise = msgspec.structs.replace(candidate, event=agree, embeds=True)
    visit = msgspec.structs.replace(
        candidate, event=msgspec.structs.replace(agree, type="CONSULT", status="announced"), embeds=False
    )
    held = msgspec.structs.replace(visit, event=msgspec.structs.replace(visit.event, status="occurred"))
    assert told_once([promise, visit]) == [visit]
    assert told_once([promise, held]) == [promise, held]
    assert told_once([promise]) == [promise]


def test_what_few_sentences_tell_needs_more_of_them(finder: EventFinder, prepared: Document) -> None:
    sizes = (1, BRIEF, (BRIEF + WHOLE) // 2, WHOLE, 5 * WHOLE)
    found = [brevity(msgspec.structs.replace(prepared, sentences=prepared.sentences[:1] * n)) for n in sizes]
    assert found[:2] == [1, 1] and 0 < found[2] < 1 and found[3:] == [0, 0]
    event = next(c.event for _, listed in finder.proposals(prepared) for c in listed)
    assert floor_of(event, brief=1) < floor_of(event, brief=0.5) < floor_of(event)
    # the doubtful act of a passage is believed less than in an article, though the floor is a little lower
    slope, shift = finder.weights.brief["learned"]
    assert slope > 1 and slope * 0.4 + shift < 0.2


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Erdogan ordered to close the border with Armenia.", False),
        ("Putin ordered his generals to stop the operation in Georgia.", False),
        ("Australia's prime minister may order his navy to tow the boats back to Indonesia.", False),
        ("The court in Nairobi ordered Somalia to pay.", True),
        ("Tokyo was ordered to pay by a South Korean court.", True),
    ],
)
def test_a_command_to_ones_own_asks_nobody(reader: Reader, finder: EventFinder, text: str, asked: bool) -> None:
    listed = [c for _, found in finder.proposals(reader.prepare(text)) for c in found]
    assert any(c.event.type == "REQUEST" for c in listed) is asked
