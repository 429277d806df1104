"""Merging of reports: one event from many, stories of near-duplicates, links between events."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import BadMergeModel
from comity.record.merge import (
    MemoryNeighbourhood,
    MergeChanges,
    Merger,
    NewDocument,
    ReportRow,
    Ruling,
    keys_of,
    window_of,
)
from comity.record.merge.akin import akin
from comity.record.merge.clustering import FLOOR, cluster, components, mean_score, pair
from comity.record.merge.compare import FEATURES, features, may_match, side_of
from comity.record.merge.keys import COMPATIBLE, lookup_keys
from comity.record.merge.score import WORDS, Scorer, read_model, shipped_model
from comity.record.merge.terms import stem, terms_of

DAY = date(2022, 2, 4)


def report(id: str, text: str, day: date | None = DAY, **changes: object) -> ReportRow:
    """A meeting of Russia and China, unless changed."""
    row = ReportRow(
        id=id, document=f"d-{id}", type="CONSULT", status="occurred", sources=("RUS",), targets=("CHN",),
        date_start=day, date_end=day, precision="day" if day else "unknown", evidence=text, symmetric=True,
        outlet=f"outlet {id}", published=day or DAY,
    )  # fmt: skip
    return msgspec.structs.replace(row, **changes)


def document(*reports: ReportRow, text: str | None = None) -> NewDocument:
    first = reports[0]
    return NewDocument(
        id=first.document,
        text=text or " ".join(r.evidence for r in reports),
        outlet=first.outlet,
        published=first.published,
        reports=reports,
    )


def merged(*documents: NewDocument, rulings: object = None) -> MemoryNeighbourhood:
    """Documents added one at a time."""
    store = MemoryNeighbourhood()
    merger = Merger(store, rulings=rulings)  # type: ignore[arg-type]
    for one in documents:
        store.apply([one], merger.add([one]))
    return store


def groups(store: MemoryNeighbourhood) -> set[frozenset[str]]:
    return {frozenset(m) for m in store.members.values() if m}


A = report("a", "Vladimir Putin met Xi Jinping in Beijing on Friday.")
B = report("b", "Xi Jinping received Vladimir Putin in Beijing.", sources=("CHN",), targets=("RUS",))
LATER = report("c", "Xi Jinping telephoned Putin about Ukraine.", DAY + timedelta(days=21), mode="phone")


def test_two_reports_of_one_meeting_are_one_event_and_a_later_call_is_another() -> None:
    store = merged(document(A), document(B), document(LATER))
    assert groups(store) == {frozenset("ab"), frozenset("c")}
    event = store.events[store.event_of["a"]]
    assert (event.reports, event.outlets, event.documents) == (2, 2, 2)
    assert {*event.sources, *event.targets} == {"RUS", "CHN"} and event.symmetric
    assert event.date_start == DAY and event.precision == "day"


def test_a_link_says_how_surely_and_why() -> None:
    store, merger = MemoryNeighbourhood(), None
    merger = Merger(store)
    store.apply([document(A)], merger.add([document(A)]))
    changes = merger.add([document(B)])
    (link,) = changes.links
    assert link.report == "b" and link.event == store.event_of["a"]
    assert shipped_model().threshold <= link.score <= 1
    assert link.why[0] == "most like a" and any("same day" in w for w in link.why)
    assert not changes.new and [e.id for e in changes.updated] == [link.event]


def test_adding_again_changes_nothing() -> None:
    documents = [document(A), document(B), document(LATER)]
    store = merged(*documents)
    assert Merger(store).add(documents) == MergeChanges()


def test_a_document_read_again_replaces_its_reports() -> None:
    store = merged(document(A), document(B))
    newer = report("b2", "Xi Jinping received Vladimir Putin in Beijing.", document="d-b", type="SUPPORT", day=DAY)
    again = document(newer)
    changes = Merger(store).add([again])
    assert changes.removed == ("b",) and not changes.signatures
    store.apply([again], changes)
    assert "b" not in store.event_of and "b2" in store.event_of
    assert sum(e.reports for e in store.events.values()) == 2


def test_removing_documents_takes_their_reports_out() -> None:
    store = merged(document(A), document(B), document(LATER))
    event = store.event_of["a"]
    changes = Merger(store).remove(["d-b", "d-c"])
    assert changes.removed == ("b", "c")
    assert [e.reports for e in changes.updated if e.id == event] == [1]
    assert changes.deleted == (store.event_of["c"],)


def test_two_days_told_exactly_in_one_document_are_two_events() -> None:
    first = report("s1", "Shells fell on the town on Monday.", type="ASSAULT", symmetric=False)
    second = report("s2", "Shells fell on the town on Tuesday.", DAY + timedelta(days=1), type="ASSAULT",
                    symmetric=False, document="d-s1")  # fmt: skip
    assert not may_match(side_of(first), side_of(second))
    # nor does a third report that is like both chain them
    third = report("s3", "Shells fell on the town.", type="ASSAULT", symmetric=False)
    store = merged(document(first, second), document(third))
    assert store.event_of["s1"] != store.event_of["s2"]
    assert store.event_of["s3"] == store.event_of["s1"]


def test_a_vague_report_does_not_chain_two_exact_ones() -> None:
    scores = {pair("vague", "one"): 0.8, pair("vague", "two"): 0.7, pair("one", "two"): 0.01}
    assert cluster(["vague", "one", "two"], scores, 0.4) == [["one", "vague"], ["two"]]


def test_other_status_is_another_event_linked_as_pledge_or_dispute() -> None:
    told = report("p", "Putin will meet Xi Jinping in Beijing on February 4.", status="announced",
                  published=DAY - timedelta(days=30))  # fmt: skip
    denied = report("n", "Putin did not meet Xi Jinping in Beijing, a spokesman said.", status="negated")
    for order in ([told, A, denied], [denied, A, told], [A, told, denied]):
        store = merged(*map(document, order))
        done, pledge, dispute = (store.events[store.event_of[n]] for n in "apn")
        assert len({done.id, pledge.id, dispute.id}) == 3
        assert done.pledge == pledge.id and pledge.pledge is None
        assert done.disputes == (dispute.id,) and dispute.disputes == (done.id,)


def test_nothing_is_fulfilled_before_it_was_announced() -> None:
    told = report("p", "Putin will meet Xi Jinping in Beijing on February 5.", DAY + timedelta(days=1),
                  status="announced", published=DAY + timedelta(days=3))  # fmt: skip
    store = merged(document(A), document(told))
    assert store.events[store.event_of["a"]].pledge is None


def test_rulings_of_persons_win() -> None:
    apart = merged(document(A), document(B), rulings=lambda _: [Ruling(first="a", second="b", same=False)])
    assert groups(apart) == {frozenset("a"), frozenset("b")}
    together = merged(document(A), document(LATER), rulings=lambda _: [Ruling(first="a", second="c", same=True)])
    assert groups(together) == {frozenset("ac")}


def test_events_keep_their_id_while_they_grow() -> None:
    many = [report(f"m{n}", f"Putin met Xi Jinping in Beijing, agency number {n} said.") for n in range(40)]
    store = merged(*map(document, many))
    assert len(store.events) == 1
    (event,) = store.events.values()
    assert event.founder == "m0" and event.reports == 40


WIRE = (
    "The presidents of the two countries met on Wednesday by video link and praised what they called a model of "
    "cooperation between states. The talks lasted more than an hour and touched on gas, trade in national currencies "
    "and the security of Europe. A spokesman said that both sides would prepare a visit in the new year. Officials in "
    "Brussels watched the exchange with concern, and two ministers were to speak about it on Thursday evening."
)


def story(id: str, text: str, day: date = DAY, quotations: tuple[str, ...] = ()) -> NewDocument:
    return NewDocument(id=id, text=text, outlet=id, published=day, quotations=quotations)


def test_copies_excerpts_and_grown_updates_are_one_story() -> None:
    other = "Rain fell on the vineyards of the south, and the growers who had waited since June began the harvest. " * 3
    added = "Later in the evening the opposition asked the government to explain itself before the chamber. "
    store = merged(
        story("d-1", WIRE),
        story("d-2", "Leaders hold video talks\n" + WIRE.replace("Wednesday", "Wednesday afternoon")),
        story("d-3", WIRE[: len(WIRE) * 2 // 3]),
        story("d-4", WIRE + " " + added + "The foreign minister cut short a journey and flew home during the night."),
        story("d-5", other),
        story("d-6", WIRE, DAY + timedelta(days=400)),
    )
    assert {n: r.story for n, r in store.rows.items()} == dict.fromkeys(("d-1", "d-2", "d-3", "d-4", "d-6"), "s-1") | {
        "d-5": "s-5"
    }


def test_the_same_told_in_other_words_is_one_story_by_its_quotations() -> None:
    said = ("we are a true model of cooperation between states", "nobody will be allowed to set us at odds again")
    first = story("d-1", f"In Paris Ivan Petrov told Jean Dupont: “{said[0]}”. He added: “{said[1]}”.", quotations=said)
    second = story("d-2", f"“{said[1]}”, so Petrov to Dupont, and also “{said[0]}”.", quotations=said)
    third = story("d-3", "In Paris Ivan Petrov greeted Jean Dupont and left.", quotations=())
    store = merged(first, second, third)
    assert store.rows["d-1"].story == store.rows["d-2"].story != store.rows["d-3"].story


def test_a_retelling_is_one_story_by_its_acts_and_names() -> None:
    def told(id: str, text: str, *types: str) -> NewDocument:
        reports = tuple(report(f"{id}{k}", text, type=k, document=id) for k in types)
        return NewDocument(id=id, text=text, published=DAY, reports=reports)

    one = told("d-1", "In Geneva Ivan Petrov met Jean Dupont and they signed.", "CONSULT", "AGREE", "ACCUSE")
    two = told("d-2", "By the lake sat Petrov, Ivan, and his guest Jean Dupont of Geneva.", "CONSULT", "AGREE")
    other = told("d-3", "Nothing came of it when Ivan Petrov dined with Jean Dupont in Geneva.", "CONSULT", "REJECT")
    store = merged(one, two, other)
    assert store.rows["d-1"].story == store.rows["d-2"].story != store.rows["d-3"].story


def test_a_document_that_joins_two_stories_moves_the_earlier_ones_and_recounts() -> None:
    half, rest = WIRE[: len(WIRE) // 2], WIRE[len(WIRE) // 2 :]
    a = NewDocument(
        id="d-2", text=half, published=DAY, outlet="x", reports=(msgspec.structs.replace(A, document="d-2"),)
    )
    b = NewDocument(
        id="d-3", text=rest, published=DAY, outlet="y", reports=(msgspec.structs.replace(B, document="d-3"),)
    )
    store = merged(a, b)
    event = store.event_of["a"]
    assert event == store.event_of["b"] and store.events[event].stories == 2
    changes = Merger(store).add([story("d-1", WIRE)])
    assert changes.stories == {"d-1": "s-1", "d-2": "s-1", "d-3": "s-1"}
    assert [(e.id, e.stories) for e in changes.updated] == [(event, 1)]


words = st.lists(st.sampled_from("Putin Xi met spoke Beijing Moscow gas trade visit war on the of".split()), min_size=1)
rows = st.builds(
    report,
    id=st.uuids().map(str),
    text=words.map(" ".join),
    day=st.dates(date(2022, 1, 1), date(2022, 1, 12)),
    type=st.sampled_from(["CONSULT", "SUPPORT", "ASSAULT"]),
    sources=st.sampled_from([("RUS",), ("CHN",), ("RUS", "IRN")]),
    status=st.sampled_from(["occurred", "announced", "negated"]),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(rows, max_size=14, unique_by=lambda r: r.id), st.randoms(use_true_random=False))
def test_the_order_of_adding_does_not_matter(reports: list[ReportRow], shuffle: random.Random) -> None:
    documents = [document(r) for r in reports]
    straight = merged(*documents)
    shuffle.shuffle(documents)
    assert groups(merged(*documents)) == groups(straight)
    at_once = MemoryNeighbourhood()
    at_once.apply(documents, Merger(at_once).add(documents))
    assert groups(at_once) == groups(straight)
    for store in (straight, at_once):
        assert set(store.events) == {e for e, m in store.members.items() if m}
        assert {e.reports for e in store.events.values()} <= set(range(1, 15))
        assert sum(e.reports for e in store.events.values()) == len(reports)


@settings(deadline=None)
@given(rows, rows)
def test_features_are_the_same_whichever_comes_first_and_keys_find_both(first: ReportRow, second: ReportRow) -> None:
    a, b = side_of(first), side_of(second)
    assert features(a, b) == pytest.approx(features(b, a)) and len(features(a, b)) == len(FEATURES)
    assert may_match(a, b) == may_match(b, a)
    assert bool(set(lookup_keys(first)) & set(keys_of(second))) == bool(set(lookup_keys(second)) & set(keys_of(first)))
    if may_match(a, b) and {*first.sources, *first.targets} == {*second.sources, *second.targets}:
        assert set(lookup_keys(first)) & set(keys_of(second))


def test_tables_agree() -> None:
    assert set(WORDS) == set(FEATURES) == set(shipped_model().weights)
    for kind, others in COMPATIBLE.items():
        assert kind in others
    assert Scorer().score(side_of(A), side_of(B)) > 0.5 > Scorer().score(side_of(A), side_of(LATER))


def test_two_accusers_of_one_state_on_one_day_are_two_events() -> None:
    one = report("f", "Ankara blamed Paris for the leak of secret papers on 20 March.", type="ACCUSE", sources=("TUR",),
                 targets=("FRA",), symmetric=False)  # fmt: skip
    other = msgspec.structs.replace(one, id="g", document="d-g", sources=("IND",),
                                    evidence="New Delhi accused France of cheating in the sale of jets on 20 March.")  # fmt: skip
    told = msgspec.structs.replace(one, id="h", document="d-h", evidence="France was blamed by Turkey for leaked papers.")
    assert groups(merged(document(one), document(other), document(told))) == {frozenset("fh"), frozenset("g")}


def test_who_names_both_sides_is_looked_for_by_both_unless_the_other_is_loose() -> None:
    raid = report("i", "American warplanes struck air defences of Libya.", type="ASSAULT", sources=("USA",),
                  targets=("LBY",), symmetric=False)  # fmt: skip
    elsewhere = msgspec.structs.replace(raid, id="j", targets=("SOM",))
    one_sided = msgspec.structs.replace(raid, id="k", targets=())
    at_home = msgspec.structs.replace(raid, id="l", targets=("USA",))
    allied = msgspec.structs.replace(raid, id="m", sources=("NATO",))
    abroad = msgspec.structs.replace(elsewhere, id="n", place_country="LBY")
    assert not set(lookup_keys(raid)) & set(keys_of(elsewhere)) and not set(lookup_keys(elsewhere)) & set(keys_of(raid))
    for other in (one_sided, at_home, allied, abroad):
        assert set(lookup_keys(raid)) & set(keys_of(other)) and set(lookup_keys(other)) & set(keys_of(raid))


def test_an_alliance_may_stand_for_its_member_but_no_stranger() -> None:
    raid = report("i", "American warplanes struck air defences of Libya.", type="ASSAULT", sources=("USA",),
                  targets=("LBY",), symmetric=False)  # fmt: skip
    kin, stranger = (
        msgspec.structs.replace(raid, id=code, document=f"d-{code}", sources=(code,), evidence="Libya was bombed.")
        for code in ("NATO", "RUS")
    )
    named = {f: n for n, f in enumerate(FEATURES)}
    for other, side in ((kin, "side akin"), (stranger, "other side")):
        found = features(side_of(raid), side_of(other))
        assert found[named[side]] == 1.0 and found[named["other side"]] + found[named["side akin"]] == 1.0
    assert akin("HEZBOLLAH", "LBN") and akin("SRB", "YUG") and not akin("UN", "FRA") and not akin("FRA", "DEU")


def test_the_place_of_an_act_may_have_been_taken_for_its_target() -> None:
    talks = report("j", "Obama sat down with Castro in Panama.", sources=("USA",), targets=("CUB",), place_name="Panama",
                   place_country="PAN")  # fmt: skip
    other = report("k", "Obama spoke of his talks with Castro in Panama.", sources=("USA",), targets=("PAN",))
    found = dict(zip(FEATURES, features(side_of(talks), side_of(other)), strict=True))
    assert (found["other side"], found["side akin"]) == (0.0, 1.0)


def test_a_day_that_is_written_out_is_no_number_in_common() -> None:
    for day in ("on 20 March 2004", "on March 20th, 2004", "on 2004-03-20", "on the 20th of March"):
        assert terms_of(f"They met {day} and freed 12 men.").numbers == {"12"}
    assert terms_of("It may 20 times, or on 5 marches.").numbers == {"20", "5"}
    first, second = (
        side_of(report(n, f"{text} on 20 March.")) for n, text in (("l", "Putin met Xi"), ("m", "Aid was sent"))
    )
    assert dict(zip(FEATURES, features(first, second), strict=True))["numbers same"] == 0.0


def test_a_score_is_worked_out_once_and_anew_for_a_report_that_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    scorer, asked = Scorer(), []
    plain = scorer.score
    monkeypatch.setattr(scorer, "score", lambda a, b: asked.append((a, b)) or plain(a, b))
    a, b = scorer.side(A), scorer.side(B)
    assert scorer.kept_score(a, b) == scorer.kept_score(b, a) == plain(a, b) and len(asked) == 1
    again = scorer.side(msgspec.structs.replace(A))
    assert again is a and scorer.kept_score(again, b) and len(asked) == 1
    changed = scorer.side(msgspec.structs.replace(A, type="AID"))
    assert scorer.kept_score(changed, b) == plain(changed, b) and len(asked) == 2


def test_windows() -> None:
    assert window_of(A) == (DAY - timedelta(days=2), DAY + timedelta(days=2))
    low, high = window_of(report("x", "old", None, published=None))
    assert low == high == date.min
    since = report("y", "since 1949", date(1949, 10, 1), date_end=date(2022, 1, 1), precision="year")
    low, high = window_of(since)
    assert low > date(2019, 1, 1) and high > date(2022, 1, 1)
    announced = report("z", "will visit", DAY, date_end=None, status="announced")
    assert window_of(announced)[1] > DAY + timedelta(days=60)
    assert window_of(report("m", "end of days", date.max))[1] == date.max


def test_words() -> None:
    assert stem("agreements") == stem("agreement") and stem("1,200") == "1200" and stem("Twelve") == "12"
    found = terms_of("On Friday Putin sold 1,200 tonnes of wheat to Egypt's mills")
    assert found.numbers == {"1200"} and stem("putin") in found.names and stem("wheat") not in found.names


def test_components_and_means() -> None:
    assert components("abcd", [("a", "b"), ("d", "b")]) == [["a", "b", "d"], ["c"]]
    assert mean_score("a", ["b", "c"], {("a", "b"): 0.8}) == pytest.approx((0.8 + FLOOR) / 2)
    assert mean_score("a", ["a"], {}) == 1.0


def test_forbidden_pairs_win_over_wanted_ones() -> None:
    scores = {("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): 0.9}
    assert cluster("abc", scores, 0.4, apart=[("a", "c")]) == [["a", "b"], ["c"]]
    assert cluster("abc", {}, 0.4, together=[("a", "c"), ("a", "b")], apart=[("a", "c")]) == [["a", "b"], ["c"]]


def test_weights_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "weights.json"
    path.write_text('{"weights": {"type same": 1}, "bias": 0}')
    with pytest.raises(BadMergeModel, match=r"C251.*features do not agree"):
        read_model(path)
    path.write_text("{")
    with pytest.raises(BadMergeModel, match="cannot be read"):
        read_model(path)
