"""Pledges: how they are settled, seen from days, listed, rated and put into a calendar."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from comity.cli.pledges import register
from comity.errors import BadUsage, UnknownName
from comity.evaluate.pledges_score import Case, answer, naive, read_cases
from comity.record.store import Store, open_record
from comity.relations.pledges import Act, Evidence, Pledge, calendar, pledges, reliability
from comity.relations.pledges.calendar import FOLD, escaped, fold
from comity.relations.pledges.judge import judge
from comity.relations.pledges.windows import GRACE, window
from comity.relations.pledges.words import common, says

GOLD = Path(__file__).parents[1] / "gold" / "pledges"


def act(name: str, type: str = "CONSULT", status: str = "occurred", text: str = "", **other: Any) -> Act:
    told = other.pop("told", date(2021, 12, 16))
    return Act(
        id=name, type=type, status=status, mode=other.pop("mode", None), sources=other.pop("sources", ("RUS",)),
        targets=other.pop("targets", ("CHN",)), known=told, evidence=Evidence(text=text) if text else None, **other,
    )  # fmt: skip


def day(start: date, end: date | None = None, precision: str = "day") -> dict[str, Any]:
    return {"start": start, "end": end or start, "precision": precision}


VISIT = act("visit", status="announced", mode="visit", **day(date(2022, 2, 4)))
HELD = act("held", mode="visit", told=date(2022, 2, 4), **day(date(2022, 2, 4)))


def seen(told: Act, later: list[Act], on: date, **other: Any) -> Pledge:
    return judge(told, later, on, "cooperation", other.get("usual", {}), other.get("heard", 5))


def test_open_fulfilled_and_lapsed() -> None:
    assert seen(VISIT, [HELD], date(2022, 2, 3)).state == "open"
    found = seen(VISIT, [HELD], date(2022, 2, 4))
    assert (found.state, found.settled and found.settled.act.id, found.doubtful) == ("fulfilled", "held", False)
    assert found.score > 0.9 and any("same form" in r for r in found.reasons)
    last = date(2022, 2, 4) + timedelta(days=GRACE["day"])
    waiting = seen(VISIT, [], last)
    assert (waiting.state, waiting.overdue) == ("open", True)
    assert seen(VISIT, [], last + timedelta(days=1)).state == "lapsed"


def test_silence_of_the_record_makes_a_lapse_doubtful() -> None:
    assert seen(VISIT, [], date(2023, 1, 1), heard=0).doubtful
    assert not seen(VISIT, [], date(2023, 1, 1), heard=9).doubtful


def test_called_off_put_off_and_held_all_the_same() -> None:
    off = act("off", status="negated", text="Moscow called off the visit.", told=date(2022, 1, 20), **day(date(2022, 2, 4)))
    assert seen(VISIT, [off], date(2022, 3, 1)).state == "broken"
    both = seen(VISIT, [off, HELD], date(2022, 3, 1))
    assert both.state == "fulfilled" and "against it: off" in both.reasons[-1]
    moved = act(
        "moved", status="announced", mode="visit", text="The visit was postponed to May.", told=date(2022, 1, 20),
        **day(date(2022, 5, 4)),
    )  # fmt: skip
    assert seen(VISIT, [moved], date(2022, 3, 1)).state == "overtaken"
    put_off = msgspec.structs.replace(off, evidence=Evidence(text="Moscow put off the visit."))
    assert seen(VISIT, [put_off], date(2022, 3, 1)).state == "overtaken"


def test_done_after_it_was_moved_leaves_it_overtaken() -> None:
    moved = act(
        "moved", status="announced", mode="visit", text="It was postponed to late February.", told=date(2022, 1, 20),
        **day(date(2022, 2, 25)),
    )  # fmt: skip
    later = act("later", mode="visit", told=date(2022, 2, 25), **day(date(2022, 2, 25)))
    assert seen(VISIT, [moved, later], date(2022, 3, 1)).state == "overtaken"
    assert seen(VISIT, [later], date(2022, 3, 1)).settled.late == 21  # type: ignore[union-attr]


def test_a_busy_pair_settles_a_vague_pledge_less_surely() -> None:
    vague = act("vague", status="announced", **day(date(2022, 1, 1), date(2022, 3, 31), "season"))
    done = act("done", told=date(2022, 2, 4), **day(date(2022, 2, 4)))
    on = date(2022, 4, 1)
    assert seen(vague, [done], on, usual={"CONSULT": 0.2}).score < seen(vague, [done], on).score


def test_who_must_do_it() -> None:
    aid = act("aid", "AID", "announced", **day(date(2022, 2, 1), date(2022, 2, 28), "month"))
    back = act("back", "AID", sources=("CHN",), targets=("RUS",), told=date(2022, 2, 4), **day(date(2022, 2, 4)))
    on = date(2022, 2, 20)
    assert seen(aid, [back], on).state == "open"
    assert seen(aid, [msgspec.structs.replace(back, sources=("RUS",), targets=("CHN",))], on).state == "fulfilled"


def test_an_accusation_alone_is_never_sure() -> None:
    told = act("told", "RETREAT", "announced", "Moscow will withdraw its tanks.", mode="withdraw", **day(date(2022, 2, 4)))
    text = "Beijing says that Moscow broke its word and that the tanks are still there."
    claim = act("claim", "ACCUSE", text=text, sources=("CHN",), targets=("RUS",), told=date(2022, 2, 5), **day(date(2022, 2, 5)))
    found = seen(told, [claim], date(2022, 2, 10))
    assert found.state == "broken" and found.doubtful and found.score < 0.7


def test_a_day_before_the_news_is_when_it_was_made() -> None:
    days = window(act("said", status="announced", **day(date(2021, 12, 13))))
    assert (days.made, days.end) == (date(2021, 12, 13), None)


def test_words() -> None:
    assert common("Berlin will send 5,000 helmets", "The lorries brought 5,000 helmets") == ("5000", "helmet")
    assert common("Putin will meet Xi in March", "In March Putin met Xi") == ()
    assert says("moved", "The summit was put off") and not says("moved", "They put up tents")
    assert says("cancelled", "He has called it off")
    assert says("off", "Johnson calls off Tokyo trip") and says("off", "It put the trip off")
    assert says("moved", "The date was brought a week forward") and says("moved", "A new day is sought")


def test_an_act_whose_sentence_calls_it_off_fulfils_nothing() -> None:
    misread = act("misread", mode="visit", text="Putin calls off Beijing trip", told=date(2022, 1, 20), **day(date(2022, 2, 4)))
    off = act("off", status="negated", text="Putin has called off his trip.", told=date(2022, 1, 20), **day(date(2022, 2, 4)))
    misread = msgspec.structs.replace(misread, start=date(2022, 2, 1), end=date(2022, 2, 1), known=date(2022, 2, 1))
    found = seen(VISIT, [misread, off], date(2022, 3, 1))
    assert (found.state, found.settled and found.settled.act.id) == ("broken", "off")


def test_a_denial_of_other_days_or_of_the_same_news_breaks_nothing() -> None:
    other = act("other", status="negated", text="He called off the trip.", told=date(2022, 1, 20), **day(date(2022, 3, 20)))
    assert seen(VISIT, [other], date(2022, 2, 10)).state == "open"
    told = msgspec.structs.replace(VISIT, evidence=Evidence(text="He will go.", document="d"))
    same = msgspec.structs.replace(
        other, start=date(2022, 2, 4), end=date(2022, 2, 4), evidence=Evidence(text="He called it off.", document="d")
    )
    assert seen(told, [same], date(2022, 2, 10)).state == "open"


def test_the_document_that_announces_it_does_not_fulfil_it() -> None:
    made = date(2021, 12, 16)
    told = Evidence(text="Putin will visit Xi, whom he met.", document="d1")
    soon = msgspec.structs.replace(VISIT, start=made, end=date(2021, 12, 31), evidence=told)
    same = act("same", mode="visit", told=made, documents=1, **day(made))
    same = msgspec.structs.replace(same, evidence=told)
    assert seen(soon, [same], date(2021, 12, 20)).state == "open"
    elsewhere = msgspec.structs.replace(same, documents=2)
    assert seen(soon, [elsewhere], date(2021, 12, 20)).state == "fulfilled"
    again = msgspec.structs.replace(same, known=date(2021, 12, 18), start=date(2021, 12, 18), end=date(2021, 12, 18))
    assert seen(soon, [again], date(2021, 12, 20)).state == "fulfilled"


def test_an_announcement_that_tells_its_own_end() -> None:
    told = act("put", status="announced", text="Canada has postponed the visit.", start=date(2021, 12, 16))
    found = seen(told, [], date(2022, 1, 1))
    assert (found.state, found.doubtful) == ("overtaken", True)


STATUSES = ("occurred", "negated", "announced")
EVENTS = st.lists(
    st.builds(
        lambda n, type, status, shift, told, text, swap: act(
            f"e{n}", type, status, text, told=date(2021, 12, 16) + timedelta(days=told),
            sources=("CHN",) if swap else ("RUS",), targets=("RUS",) if swap else ("CHN",),
            **day(date(2021, 12, 10) + timedelta(days=shift)),
        ),
        st.integers(0, 30), st.sampled_from(["CONSULT", "REJECT", "SANCTION", "AGREE", "ACCUSE"]),
        st.sampled_from(STATUSES), st.integers(0, 120), st.integers(0, 120),
        st.sampled_from(["", "It was put off.", "It was called off.", "It broke its promise of talks on grain."]),
        st.booleans(),
    ),
    max_size=8, unique_by=lambda a: a.id,
)  # fmt: skip


@given(EVENTS, st.randoms(), st.integers(0, 200))
@settings(max_examples=60, deadline=None)
def test_order_does_not_matter(later: list[Act], chance: random.Random, days: int) -> None:
    on = date(2021, 12, 16) + timedelta(days=days)
    mixed = list(later)
    chance.shuffle(mixed)
    assert seen(VISIT, later, on) == seen(VISIT, mixed, on)


@given(EVENTS, st.integers(0, 200))
@settings(max_examples=80, deadline=None)
def test_nothing_told_later_counts(later: list[Act], days: int) -> None:
    on = date(2021, 12, 16) + timedelta(days=days)
    found = seen(VISIT, later, on)
    assert found == seen(VISIT, [e for e in later if e.known and e.known <= on], on)
    if found.settled and found.settled.act.known:
        before = seen(VISIT, [found.settled.act], found.settled.act.known - timedelta(days=1))
        assert before.state in ("open", "lapsed") and before.settled is None


def row(event: Act) -> dict[str, Any]:
    return {
        "id": event.id, "type": event.type, "mode": event.mode, "status": event.status, "sources": list(event.sources),
        "targets": list(event.targets), "date_start": event.start, "date_end": event.end, "precision": event.precision,
        "symmetric": event.symmetric, "first_seen": event.known, "reports": 1, "outlets": 1, "documents": 1,
        "confidence": 0.8, "place_name": event.place,
    }  # fmt: skip


def rows() -> list[dict[str, Any]]:
    undated = act("undated", "AID", "announced", start=date(2021, 12, 16), sources=("CHN",), targets=("RUS", "IRN"))
    gone = act("gone", "AGREE", "announced", told=date(2021, 1, 5), **day(date(2021, 1, 9)))
    other = act("other", status="announced", sources=("FRA",), targets=("DEU",), **day(date(2022, 3, 1)))
    noise = act("noise", "ACCUSE", told=date(2022, 2, 10), **day(date(2022, 2, 10)))
    return [row(a) for a in (VISIT, HELD, undated, gone, other, noise)]


def filled(folder: Path, listed: list[dict[str, Any]], at_once: int = 10) -> Store:
    store = open_record(folder)
    for at in range(0, len(listed), at_once):
        with store.write() as batch:
            batch.append("events", listed[at : at + at_once])
    with store.write() as batch:
        text = "Putin will be in Beijing on 4 February; “the Games”, he said."
        batch.append("documents", [{"id": "d", "published": date(2021, 12, 16), "text": text, "source": "Times"}])
        batch.append("reports", [{
            "id": "r", "document": "d", "evidence": text, "confidence": 0.8, "speaker_name": "Dmitry Peskov",
            "speaker_state": "RUS", "evidence_start": 0, "evidence_end": len(text),
            "participants": '[{"role":"source","name":"Vladimir Putin","state":"RUS","office":"President","sector":null}]',
        }])  # fmt: skip
        batch.append("report_events", [{"report": "r", "event": "visit"}])
    return store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with filled(tmp_path / "record", rows()) as found:
        yield found


def test_from_a_record(store: Store) -> None:
    found = pledges(store, as_of="2022-02-20")
    assert [(p.id, p.state) for p in found] == [
        ("gone", "lapsed"), ("visit", "fulfilled"), ("other", "open"), ("undated", "open"),
    ]  # fmt: skip
    visit = found[1]
    assert visit.act.speaker == "Dmitry Peskov" and visit.act.people == (("Vladimir Putin", "RUS"),)
    assert visit.act.evidence and visit.act.evidence.document == "d" and visit.act.last_told == date(2021, 12, 16)
    assert found.counts == {"open": 2, "fulfilled": 1, "broken": 0, "overtaken": 0, "lapsed": 1}
    table = found.to_arrow()
    assert table.num_rows == 4 and table.column("settled_by").to_pylist() == [None, "held", None, None]


def test_domestic_and_dayless_events(tmp_path: Path) -> None:
    inside = act("inside", "AGREE", "announced", targets=("RUS",), **day(date(2022, 2, 4)))
    nowhen = act("nowhen", "AGREE", "announced", told=None)
    with filled(tmp_path / "odd", [row(inside), row(nowhen)]) as store:
        assert [(p.id, p.state) for p in pledges(store, as_of="2022-02-05")] == [("inside", "open")]


def test_what_is_asked_for(store: Store) -> None:
    def ids(**asked: Any) -> list[str]:
        return [p.id for p in pledges(store, as_of="2022-02-20", **asked)]

    assert ids(pair=("CHN", "RUS")) == ["gone", "visit", "undated"]
    assert ids(actor="France") == ["other"] and ids(actor="Iran") == ["undated"]
    assert ids(state="lapsed,fulfilled") == ["gone", "visit"]
    assert ids(due_before="2022-02-04") == ["gone"] and ids(since="2022-02", until="2022") == ["visit", "other"]
    assert ids(events=["other"]) == ["other"]
    assert pledges(store).as_of == date(2021, 12, 16)
    assert [p.state for p in pledges(store, events=["visit"])] == ["open"]
    assert not len(pledges(store, as_of="2021-01-01"))
    with pytest.raises(BadUsage, match="no state"):
        pledges(store, state="kept")
    with pytest.raises(UnknownName, match="Russia"):
        pledges(store, actor="Russsia")


@given(st.randoms(), st.integers(1, 6))
@settings(max_examples=5, deadline=None)
def test_order_of_adding_does_not_matter(tmp_path_factory: pytest.TempPathFactory, chance: random.Random, n: int) -> None:
    mixed = rows()
    chance.shuffle(mixed)
    with filled(tmp_path_factory.mktemp("mixed") / "record", mixed, n) as first:
        got = pledges(first, as_of="2022-02-20").to_arrow()
    with filled(tmp_path_factory.mktemp("plain") / "record", rows()) as second:
        assert got == pledges(second, as_of="2022-02-20").to_arrow()


def test_reliability_by_hand() -> None:
    kept = [seen(msgspec.structs.replace(VISIT, id=f"v{n}"), [HELD], date(2022, 3, 1)) for n in range(6)]
    off = act("off", status="negated", text="Beijing called off the visit.", sources=("CHN",), targets=("RUS",),
              told=date(2022, 1, 20), mode="visit", **day(date(2022, 2, 4)))  # fmt: skip
    failed = seen(msgspec.structs.replace(VISIT, id="f", sources=("CHN",), targets=("RUS",)), [off], date(2022, 3, 1))
    by_other = seen(msgspec.structs.replace(VISIT, id="g"), [off], date(2022, 3, 1))
    lost = seen(msgspec.structs.replace(VISIT, id="l"), [], date(2022, 3, 1))
    found = {(r.actor, r.other): r for r in reliability([*kept, failed, by_other, lost])}
    russia = found["RUS", None]
    assert (russia.fulfilled, russia.broken, russia.overtaken, russia.lapsed) == (6, 0, 1, 1)
    score = sum(p.score for p in kept)
    assert russia.share == pytest.approx((score + 0.5) / (score + 1), abs=0.001)
    assert russia.low < russia.share < russia.high and russia.least < russia.share
    assert russia.coverage == pytest.approx(7 / 8)
    china = found["CHN", None]
    assert (china.broken, china.share < 0.5, china.high - china.low > 0.3) == (1, True, True)
    assert found["RUS", "CHN"].fulfilled == 6 and ("CHN", "RUS") not in found


def test_mutual_pledges_count_for_both_once() -> None:
    meeting = msgspec.structs.replace(VISIT, symmetric=True, targets=("CHN", "IND"))
    found = {r.actor: r.pledges for r in reliability([seen(meeting, [HELD], date(2022, 3, 1))])}
    assert found == {"RUS": 1, "CHN": 1, "IND": 1}


TEXTS = st.text(st.characters(codec="utf-8"), max_size=120)


@given(TEXTS)
def test_calendar_lines_are_folded_and_come_back(text: str) -> None:
    line = f"SUMMARY:{escaped(text)}"
    folded = fold(line)
    assert folded.endswith("\r\n") and all(len(p.encode()) <= FOLD for p in folded[:-2].split("\r\n"))
    assert folded[:-2].replace("\r\n ", "") == line and "\n" not in line


def test_calendar_of_a_record(store: Store) -> None:
    found = pledges(store, as_of="2022-02-20")
    data = calendar(found, store.names.name)
    text = data.decode().replace("\r\n ", "")
    assert text.count("BEGIN:VEVENT") == 3 == text.count("END:VEVENT")
    assert "UID:visit@comity\r\n" in text and "DTSTART;VALUE=DATE:20220204\r\nDTEND;VALUE=DATE:20220205\r\n" in text
    assert "SUMMARY:[fulfilled] Russia to China: consult\\, visit\r\n" in text and "4 February\\; “the Games”" in text
    assert data == calendar(pledges(store, as_of="2022-02-20"), store.names.name)
    wide = act("wide", status="announced", **day(date(2022, 1, 1), date(2022, 12, 31), "year"))
    assert b"DTSTART;VALUE=DATE:20221231" in calendar([seen(wide, [], date(2022, 2, 1))])


def test_calendar_is_read_by_a_library(store: Store) -> None:
    icalendar = pytest.importorskip("icalendar")
    read = icalendar.Calendar.from_ical(calendar(pledges(store, as_of="2022-02-20"), store.names.name))
    events = read.walk("VEVENT")
    assert [e.decoded("dtstart") for e in events] == [date(2021, 1, 9), date(2022, 2, 4), date(2022, 3, 1)]
    assert "“the Games”, he said." in str(events[1]["description"])


def run(*words: str) -> Any:
    app = typer.Typer()
    register(app)
    app.callback()(lambda: None)
    return CliRunner().invoke(app, ["pledges", *words], catch_exceptions=False)


def test_command(store: Store, tmp_path: Path) -> None:
    where = ["--record", str(store.path), "--as-of", "2022-02-20"]
    shown = run("Russia", "China", *where)
    assert shown.exit_code == 0 and "1 fulfilled" in shown.output and "Dmitry Peskov" in shown.output
    listed = msgspec.json.decode(run("--status", "open", "--json", *where).output)
    assert [p["id"] for p in listed["pledges"]] == ["other", "undated"] and listed["counts"]["lapsed"] == 1
    assert run("--csv", *where).output.splitlines()[0].startswith("id,state,doubtful")
    assert "90 % interval" in run("--reliability", *where).output
    rated = msgspec.json.decode(run("--reliability", "--json", *where).output)
    assert {r["actor"] for r in rated} == {"RUS", "CHN", "FRA"}
    run("--ics", str(tmp_path / "a.ics"), *where)
    assert (tmp_path / "a.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")


def test_empty_states(tmp_path: Path) -> None:
    with open_record(tmp_path / "empty"):
        pass
    assert "no events yet" in run("--record", str(tmp_path / "empty")).stderr
    with open_record(tmp_path / "set") as store, store.write() as batch:
        batch.append("events", [row(HELD) | {"imported_from": "icews"}])
    told = run("--record", str(tmp_path / "set")).stderr
    assert "Imported event sets (icews 1)" in told and "announced" in told


@pytest.mark.parametrize("part", ["dev", "test"])
def test_gold_is_sound(part: str) -> None:
    cases = read_cases(GOLD / f"{part}.jsonl")
    assert len(cases) >= 40 and len({c.id for c in cases}) == len(cases)
    for case in cases:
        told = [case.told, *case.later]
        assert case.by is None or case.by in {r["id"] for r in case.later}
        assert all(r["told"] <= case.as_of.isoformat() for r in told)


def test_gold_of_dev_is_judged_better_than_plainly() -> None:
    cases: list[Case] = read_cases(GOLD / "dev.jsonl")
    right = sum(answer(c).state == c.state for c in cases)
    plain = sum(naive(c) == c.state for c in cases)
    assert right / len(cases) >= 0.9 and right > plain
