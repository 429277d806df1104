"""The learned reader of pairs: what it is told of a sentence, and what becomes of its verdicts."""

from __future__ import annotations

import random
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest

from comity.knowledge.frames import load_frames
from comity.language.hints import Hints
from comity.language.judge import NOTHING, Statuses, Verdict
from comity.language.pairing import ROLES, pair_inputs, word_range
from comity.model import Document, Event, EventDate, Span, Token
from comity.reader import Reader
from comity.understand.deciding import Candidate
from comity.understand.events import is_kept_out
from comity.understand.learned import Opinions, acts_of, decide, grouped, in_rows, logit
from comity.understand.retelling import united
from comity.understand.tree import Tree

sys.path.insert(0, str(Path(__file__).parents[1] / "training"))
from events_data import Group, Swapper, samples
from marked import Marked, kept_out, marked
from material import KEPT, Numbering, Passes, write
from pairs import BadRecord, Passage, Place, passage, read_all, read_file

ALONE = Place("x")

# Moscow(0) recalled(1) its(2) envoy(3) from(4) Sofia(5)
HEADS = (1, -1, 3, 1, 5, 1)
FIRSTS = (1, 2, 3, 4, 6, 7)  # "envoy" has two pieces
PIECES = 9


def role(name: str) -> int:
    return ROLES.index(name)


def test_roles_follow_the_tree() -> None:
    made = pair_inputs(HEADS, FIRSTS, PIECES, [[(0, 0, 0)], [(5, 5, 5)]], [(0, 1), (1, 0)])
    assert made.roles[0].tolist() == [
        role("edge"), role("source"), role("meeting"), role("other"), role("meeting_side"), role("meeting_side"),
        role("target_side"), role("target"), role("edge"),
    ]  # fmt: skip
    assert made.roles[1, 1] == role("target") and made.roles[1, 7] == role("source")


def test_mentions_are_averaged_over_their_pieces() -> None:
    made = pair_inputs(HEADS, FIRSTS, PIECES, [[(0, 0, 0)], [(2, 3, 3)]], [(0, 1)])
    assert made.targets[0].tolist() == pytest.approx([0, 0, 0, 1 / 3, 1 / 3, 1 / 3, 0, 0, 0])
    assert made.sources[0].sum() == pytest.approx(1.0)


def test_the_nearest_of_several_mentions_is_meant() -> None:
    made = pair_inputs(HEADS, FIRSTS, PIECES, [[(0, 0, 0), (2, 2, 2)], [(3, 3, 3)]], [(0, 1)])
    assert np.flatnonzero(made.sources[0]).tolist() == [3]


def test_words_on_different_roots_are_still_a_pair() -> None:
    made = pair_inputs((-1, 0, -1, 2), (1, 2, 3, 4), 6, [[(1, 1, 1)], [(3, 3, 3)]], [(0, 1)])
    assert role("meeting") not in made.roles[0].tolist()


def test_word_range_finds_the_head() -> None:
    tokens = [
        Token(text=w, start=i * 5, end=i * 5 + 4, head=h) for i, (w, h) in enumerate(zip("abcdef", HEADS, strict=True))
    ]
    assert word_range(tokens, 10, 19) == (2, 3, 3)
    assert word_range(tokens, 100, 110) is None


def test_hints_know_verbs_of_the_lexicon() -> None:
    hints = Hints(load_frames())
    bombed, walked = hints.of(
        [
            Token(text="bombed", start=0, end=6, lemma="bomb", upos="VERB"),
            Token(text="x", start=7, end=8, lemma="qqq", upos="VERB"),
        ]
    )
    assert bombed[hints.types.index("ASSAULT")] > 0.5
    assert not walked.any()


def test_a_record_of_the_format() -> None:
    made = passage("x:1", ["[1 Moscow] recalled its envoy from [2 Sofia].", "1>2 SANCTION occurred @recalled"], ALONE)
    assert [made.text[m.start : m.end] for m in made.marks] == ["Moscow", "Sofia"]
    assert made.acts[0].trigger is not None and made.text[slice(*made.acts[0].trigger)] == "recalled"


@pytest.mark.parametrize(
    "lines",
    [
        ["[1 Moscow] slept."],
        ["[1 Moscow] met [2 Sofia].", "1>3 CONSULT occurred @met"],
        ["[1 Moscow] met [2 Sofia].", "1=2 MEET occurred @met"],
        ["[1 Moscow] met [2 Sofia].", "1=2 CONSULT occurred @talked"],
        ["[1 Moscow] met [2 Sofia], [sic].", "1=2 CONSULT occurred @met"],
    ],
)
def test_bad_records_are_named(lines: list[str]) -> None:
    with pytest.raises(BadRecord, match="x:1"):
        passage("x:1", lines, ALONE)


STORY = """# story
# article: An envoy goes home | published 2010-03-05 | wire

[1 Vilnius] recalled its envoy from [12 Peru].
1>12 SANCTION occurred @recalled

It rained.
none

[12 Lima] hit back.
12>1 SANCTION occurred @hit

# article: Another | published 2011-01-01 | brief

[2 Quito] hit back.
2>1 SANCTION occurred @hit
"""


def test_actors_keep_their_numbers_through_a_story(tmp_path: Path) -> None:
    path = tmp_path / "story_x.txt"
    path.write_text(STORY, "utf-8")
    first, weather, answer, stranger = read_file(path)
    assert isinstance(first, Passage) and isinstance(weather, Passage) and not weather.marks
    assert isinstance(answer, Passage) and answer.acts[0].target == 1 and answer.article == first.article
    assert isinstance(stranger, BadRecord)  # number 1 is of another article


def test_a_side_may_be_one_that_only_the_sentence_before_names() -> None:
    # Moscow(0) met(1) Sofia(2) .(3) | It(4) rained(5)
    heads, firsts = (1, -1, 1, 1, 5, -1), (1, 2, 3, 4, 5, 6)
    actors = [[(0, 0, 0)], [(2, 2, 2)], [(4, 4, 4)]]
    made = pair_inputs(heads, firsts, 8, actors, [(0, 1), (2, 1)], [(0, 4), (4, 6)])
    assert made.roles[0, 5:7].tolist() == [role("elsewhere")] * 2
    assert made.roles[1].tolist() == [
        role("edge"), role("elsewhere"), role("elsewhere"), role("target_elsewhere"), role("elsewhere"), role("source"),
        role("source_path"), role("edge"),
    ]  # fmt: skip
    assert np.flatnonzero(made.targets[1]).tolist() == [3]


def test_our_passages_are_all_in_the_format() -> None:
    passages = [*read_all(), *(p for path in kept_out() for p in read_file(path))]
    assert len(passages) > 3000
    assert all(isinstance(p, Passage) and (p.marks or p.story) for p in passages)
    assert len({p.text for p in passages if not p.story}) == sum(not p.story for p in passages)


def test_a_record_kept_out_is_never_asked_states_swapped_or_not() -> None:
    lines = ["[1 Russia] recalled its envoy from [2 Bulgaria].", "1>2 SANCTION occurred @recalled"]
    record = passage("x:1", lines, Place("x", unsaid=True, story=True, article="x:0"))
    group = Group((record,))
    swapped = Swapper().group(group, random.Random(1))
    assert swapped.records[0].text != record.text
    numbering = Reader(encoder=Numbering.load(), judge="none")
    assert [s.name for s in samples([group, swapped], numbering)] == ["x:1", "x:1"]
    assert list(samples([group, swapped], numbering, frozenset({"x:1"}))) == []


def test_a_pass_is_there_when_all_its_shares_are(tmp_path: Path) -> None:
    passes = Passes(tmp_path, 2, tidy=True)
    for number, share in ((0, 0), (0, 1), (1, 0)):
        write([f"{number}{share}"], tmp_path / f"pass_{number}_{share}.pkl")
    for share in range(2):
        write({name: [share] for name in KEPT}, tmp_path / f"kept_{share}.pkl")
    assert passes.whole() == [0]
    found = iter(passes)
    assert next(found) == ["00", "01"]
    write(["11"], tmp_path / "pass_1_1.pkl")
    assert next(found) == ["10", "11"]
    assert passes.kept()["alone"] == [0, 1]


def test_decisions_are_probabilities() -> None:
    assert decide({"bias": 2.0}, {"bias": 1.0}) == pytest.approx(0.8808, abs=1e-4)
    assert 0.0 < decide({"a": 1e9}, {"a": 1.0}) <= 1.0
    assert decide({"bias": 2.0}, {"bias": 1.0}, (1.5, -3.0)) == pytest.approx(0.5)
    assert logit(0.0) < -5 < 5 < logit(1.0)


def test_the_learned_reader_finds_what_no_frame_names(reader: Reader) -> None:
    document = reader.text("Norway's envoy was shown the door by Peru on Friday after the row over the trawlers.")
    assert all(e.why for e in document.events)
    assert all(s.vectors is None for s in document.sentences)


def test_frames_alone_need_no_learned_reader() -> None:
    document = Reader(judge="none").text("Russia attacked Ukraine on Monday.")
    assert [(e.type, e.sources, e.targets) for e in document.events] == [("ASSAULT", ("RUS",), ("UKR",))]
    assert not any("learned" in why for e in document.events for why in e.why)


def test_what_one_word_tells_of_several_pairs_is_one_event() -> None:
    span = Span(start=0, end=9)

    def told(source: str, target: str, confidence: float) -> Event:
        return Event(
            id=f"{source}{target}", type="ACCUSE", mode=None, cameo=None, status="occurred", sources=(source,),
            targets=(target,), participants=(), date=EventDate(), evidence=span, confidence=confidence, anchor=span,
        )  # fmt: skip

    (event,) = united(
        "d", [told("FRA", "IRN", 0.7), told("FRA", "SYR", 0.9), told("DEU", "IRN", 0.8), told("DEU", "SYR", 0.8)]
    )
    assert (event.sources, event.targets, event.confidence) == (("FRA", "DEU"), ("IRN", "SYR"), 0.8)
    apart = united("d", [told("FRA", "IRN", 0.7), told("DEU", "SYR", 0.9)])
    assert [e.id for e in apart] == ["FRAIRN", "DEUSYR"]


def opinions(reader: Reader, text: str) -> list[Opinions]:
    """The sentences of a text before anything is asked about them."""
    document = Document(id="text", text=text)
    for name, stage in reader.stages:
        if name == "events":
            break
        document = stage(document)
    trees = [Tree(s, n) for n, s in enumerate(document.sentences)]
    return [
        Opinions(t, grouped(t, [m for m in document.mentions if m.sentence == t.number]), unsaid=True) for t in trees
    ]


def test_every_sentence_is_asked_once_and_stands_behind_the_one_before(reader: Reader) -> None:
    text = (
        "Norway and Peru fell out over fish. Oslo recalled its envoy. It rained in Lima. Chile laughed. Peru did not."
    )
    found = opinions(reader, text)
    rows = in_rows(found, most=40)
    assert len(rows) > 1
    asked = [(row.sentences[n].tree.number, a, b) for row in rows for n, a, b in row.asked]
    assert len(asked) == len(set(asked))
    assert all(row.sentences[0] is before.sentences[-1] for before, row in pairwise(rows))
    assert list(found[1].before) == ["PER"]
    assert ("NOR", "PER") in found[1].asked and ("PER", "NOR") in found[1].asked
    assert [len(r.sentences) for r in in_rows(found, most=0)] == [1] * len(found)


def test_a_row_gives_each_sentence_the_words_of_its_own(reader: Reader) -> None:
    found = opinions(reader, "Norway and Peru fell out over fish. Oslo recalled its envoy.")
    (row,) = in_rows(found, most=1000)
    question = row.question()
    words = [t.text for t in question.tokens]
    assert len(question.within or ()) == len(row.asked) == len(question.pairs)
    first, last = (question.within or ())[-1]
    assert words[first:last] == ["Oslo", "recalled", "its", "envoy", "."]
    assert len(question.vectors.firsts) == len(words)
    told = tuple(float(i) for i in range(len(words)))
    row.answered(
        [Verdict(types={"NONE": 1.0}, statuses={}, told=told, likely={}, words={"AID": first + 1}) for _ in row.asked]
    )
    assert found[1].pairs["NOR", "PER"].told == told[first:last]
    assert found[1].pairs["NOR", "PER"].words == {"AID": 1}


def test_whom_the_sentence_names_goes_before_whom_the_last_one_named(reader: Reader) -> None:
    before, sentence = opinions(reader, "India gave no aid to Nepal. Japan imposed no sanctions on China.")
    sentence.remember([before])
    likely = {("JPN", "CHN"): 0.9, ("JPN", "NPL"): 0.6, ("NPL", "CHN"): 0.05, ("NPL", "JPN"): 0.3}
    sentence.answered([verdict("SANCTION", likely.get(pair, 0.0)) for pair in sentence.asked])
    acts = acts_of(sentence, load_frames(), 0.1)
    assert [(a.sources[0].actor.state, a.targets[0].actor.state) for a in acts] == [("JPN", "CHN"), ("NPL", "JPN")]


def verdict(kind: str, share: float) -> Verdict:
    """One that knows a single type, told by the second word."""
    return Verdict(types={kind: share}, statuses={}, told=(0.0, 1.0), likely={kind: share}, words={kind: 1})


MARKED = """# story
# article: Envoys | published 2020-05-05

[1 Norway] expelled an envoy of [2 Peru].
1>2 SANCTION occurred @expelled

[2 Lima] has not answered.
~2>1 REJECT occurred @answered

[3 Chile] will receive both.
3>1 CONSULT announced @receive
3>2 CONSULT announced @receive
"""


@pytest.fixture(scope="module")
def story(reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> Marked:
    """A story read up to its events."""
    path = tmp_path_factory.mktemp("stories") / "story.txt"
    path.write_text(MARKED, "utf-8")
    (found,) = marked([path], reader)
    return found


def in_story(story: Marked, word: str, kind: str, source: str, targets: tuple[str, ...], status: str) -> Event:
    """An event read from the sentence with that word."""
    at = story.document.text.index(word)
    span = Span(start=at, end=at + len(word))
    return Event(
        id="e", type=kind, mode=None, cameo=None, status=status, sources=(source,), targets=targets,  # type: ignore[arg-type]
        participants=(), date=EventDate(), evidence=span, confidence=0.9, anchor=span,
    )  # fmt: skip


def test_an_event_is_right_where_its_own_sentence_tells_it(story: Marked) -> None:
    told = in_story(story, "expelled", "SANCTION", "NOR", ("PER",), "occurred")
    assert story.truth(told) == 1.0
    assert story.truth(in_story(story, "expelled", "SANCTION", "PER", ("NOR",), "occurred")) == 0.0
    assert story.truth(in_story(story, "expelled", "SANCTION", "NOR", ("PER",), "possible")) == 0.0
    assert story.truth(in_story(story, "receive", "SANCTION", "NOR", ("PER",), "occurred")) == 0.0
    assert story.truth(
        in_story(story, "receive", "CONSULT", "CHL", ("PER", "NOR", "RUS"), "announced")
    ) == pytest.approx(2 / 3)


def test_what_may_be_read_so_is_neither_right_nor_wrong(story: Marked) -> None:
    assert story.truth(in_story(story, "answered", "REJECT", "PER", ("NOR",), "occurred")) is None


def test_acts_of_a_story_are_found_by_the_event_of_their_sentence(story: Marked) -> None:
    one = in_story(story, "receive", "CONSULT", "CHL", ("PER",), "announced")
    assert [has for _, has in story.missed([one])] == [False, False, True]


def test_statuses_are_told_for_the_types_of_acts() -> None:
    statuses = Statuses(("AID", "ASSAULT", NOTHING), ("occurred", "negated"), [[0.9, 0.1], [0.2, 0.8]])
    assert list(statuses) == ["AID", "ASSAULT"] and len(statuses) == 2
    assert statuses["ASSAULT"] == {"occurred": 0.2, "negated": 0.8} and NOTHING not in statuses
    with pytest.raises(KeyError):
        statuses["SUPPORT"]


def test_who_is_kept_out_of_a_meeting_does_not_take_part(reader: Reader) -> None:
    text = "Joe Biden did not invite China to the Democracy Summit, which was held a few days ago."
    document = reader.text(text, published=date(2021, 12, 16))
    refusal = Candidate(event=document.events[0], origin="frame", features={}, sentence=0)
    tree = Tree(document.sentences[0], 0)
    words = [t.text for t in tree.tokens]
    held = words.index("held")
    meeting = msgspec.structs.replace(refusal.event, type="CONSULT", status="occurred")
    assert refusal.event.status == "negated" and is_kept_out(meeting, held, refusal, tree)
    assert not is_kept_out(meeting, words.index("invite"), refusal, tree), "only what the refusal is about"
    elsewhere = msgspec.structs.replace(meeting, targets=("FRA",))
    assert not is_kept_out(elsewhere, held, refusal, tree)
