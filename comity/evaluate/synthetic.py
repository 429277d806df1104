"""Made-up archives of any size with known truth: paraphrased own articles, damaged copies, excerpts, retellings.

A *story* is a stretch of one of the project's own articles whose names, numbers and half of whose longer words
are exchanged, with one to four acts of states told in it.  It is told by one to two hundred documents (a Zipf law):
copies for other outlets, damaged copies (`comity.evaluate.damaging`), excerpts, and retellings in other words.
Acts lie anywhere in twenty years whatever the size of the archive, so that a larger one is a denser one, which is the
harder way to grow; a few pairs of states fill much of it.  One telling in four leaves the day out, one in twelve takes
the act for a kindred one, and one document in ten ends in a line that its outlet puts under all of them.

`documents` gives the documents in blocks of mixed stories; the same number and seed give the same documents.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache, partial
from hashlib import blake2b

import msgspec

from comity.evaluate.checkout import ROOT
from comity.evaluate.damaging import KINDS, apply
from comity.model import Document, Event, EventDate, Record, Sentence, Span
from comity.read.items import Item

SEED = 11
BLOCK = 100
"""Stories whose documents are mixed with one another."""
FIRST, DAYS = date(2004, 1, 1), 7305
MOST = 200
"""Documents of one story at most."""
CODES = (
    "USA RUS CHN ISR IRN UKR GBR FRA DEU IND PAK TUR JPN SYR SAU PRK KOR IRQ AFG EGY VEN ITA ESP POL BRA "
    "MEX CAN AUS SDN ETH KEN NGA ZAF COD RWA UGA SOM YEM LBN JOR ARE QAT OMN KWT ARM AZE GEO KAZ UZB KGZ "
    "TJK MNG VNM THA PHL IDN MYS MMR COL CUB"
).split()
ACTS = {
    "CONSULT": ("met with", "held talks with", "received a delegation of"),
    "AGREE": ("signed an agreement with", "came to terms with", "reached an accord with"),
    "SUPPORT": ("backed", "declared its support for", "stood by"),
    "AID": ("sent relief to", "gave aid to", "granted credits to"),
    "ACCUSE": ("accused", "blamed", "put the blame on"),
    "REQUEST": ("called on", "asked", "appealed to"),
    "THREATEN": ("threatened", "warned", "gave an ultimatum to"),
    "REJECT": ("rejected the terms of", "turned down", "refused the offer of"),
    "SANCTION": ("imposed sanctions on", "put an embargo on", "froze the assets of"),
    "ASSAULT": ("attacked", "shelled", "struck targets in"),
    "MOBILIZE": ("massed troops against", "put its army on alert against", "moved forces towards"),
}
KINDRED = {"CONSULT": "AGREE", "AGREE": "CONSULT", "SUPPORT": "AID", "AID": "SUPPORT", "ACCUSE": "REQUEST",
           "REQUEST": "ACCUSE", "THREATEN": "ACCUSE", "REJECT": "ACCUSE", "SANCTION": "REJECT", "ASSAULT": "MOBILIZE",
           "MOBILIZE": "ASSAULT"}  # fmt: skip
TYPE_OF = {verb: kind for kind, verbs in ACTS.items() for verb in verbs}
FORM = re.compile(
    rf"\b([A-Z]{{3}}) ({'|'.join(sorted(TYPE_OF, key=len, reverse=True))}) ([A-Z]{{3}})(?: on (\d{{4}}-\d\d-\d\d))?"
)
DAMAGE = ("stops", "doubled", "articles", "calques", "breaks", "prepositions")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"[A-Za-z]+|\d+")


class Act(Record, frozen=True):
    """One true event and the words that go with it."""

    number: int
    type: str
    source: str
    target: str
    day: date
    topic: tuple[str, ...]


class Story(Record, frozen=True):
    """What is told: sentences of its own, and acts."""

    body: tuple[str, ...]
    acts: tuple[Act, ...]


class Made(Record, frozen=True):
    """A document, and the numbers of the true events in the order in which its text tells them."""

    name: str
    text: str
    published: date
    outlet: str
    truth: tuple[int, ...]

    def item(self) -> Item:
        """The document as `Store.add` takes it."""
        data = partial(str.encode, self.text)
        return Item(f"made:{self.name}", self.name, data, published=self.published, outlet=self.outlet)


class TellerReader:
    """Finds the acts in the texts of this module and nothing else, at almost no cost."""

    def __call__(self, document: Document) -> Document:
        """The document with its events and their sentences."""
        events = tuple(self._event(document, match) for match in FORM.finditer(document.text))
        spans = {e.evidence: None for e in events}
        return msgspec.structs.replace(
            document, events=events, sentences=tuple(Sentence(start=s.start, end=s.end) for s in spans)
        )

    def _event(self, document: Document, match: re.Match[str]) -> Event:
        text = document.text
        low = max(text.rfind("\n", 0, match.start()), text.rfind(". ", 0, match.start()) + 1) + 1
        ends = [at for at in (text.find(".", match.end()), text.find("\n", match.end())) if at >= 0]
        high = min(ends, default=len(text) - 1) + 1
        told = date.fromisoformat(match[4]) if match[4] else None
        day = told or document.published
        key = f"{document.id}|{match.start()}"
        return Event(
            id="e-" + blake2b(key.encode(), digest_size=8).hexdigest(),
            type=TYPE_OF[match[2]], mode=None, cameo=None, status="occurred",
            sources=(match[1],), targets=(match[3],), participants=(),
            date=EventDate(start=day, end=day, precision="day" if told else "unknown"),
            evidence=Span(start=low, end=high), anchor=Span(start=match.start(2), end=match.end(2)),
            confidence=0.8, why=("made",),
        )  # fmt: skip


class TellerFactory:
    """Makes `TellerReader`s."""

    def __call__(self) -> TellerReader:
        """A reader."""
        return TellerReader()

    def versions(self) -> dict[str, str]:
        """No model, no knowledge."""
        return {"model": "stub", "knowledge": "stub"}


def documents(number: int, seed: int = SEED) -> Iterator[Made]:
    """So many documents."""
    made, block, acts = 0, 0, 0
    while made < number:
        draw = random.Random(f"{seed} {block}")
        told: list[tuple[Story, str, date, tuple[Act, ...], str]] = []
        for _ in range(BLOCK):
            story = _story(draw, acts)
            acts += len(story.acts)
            told += [_telling(draw, story) for _ in range(_tellers(draw))]
        draw.shuffle(told)
        for _, text, published, order, outlet in told[: number - made]:
            yield Made(
                name=f"{made}.txt", text=text, published=published, outlet=outlet,
                truth=tuple(a.number for a in order),
            )  # fmt: skip
            made += 1
        block += 1


def _tellers(draw: random.Random) -> int:
    """How many documents tell a story: a Zipf law, cut off."""
    return min(MOST, int(draw.paretovariate(1.3)))


def _story(draw: random.Random, first: int) -> Story:
    body = _exchanged(draw, _stretch(draw))
    begin = draw.randrange(DAYS)
    acts = []
    for n in range(draw.choice((1, 1, 2, 2, 3, 4))):
        source, target = _pair(draw)
        day = FIRST + timedelta(days=begin + draw.randrange(4))
        topic = tuple(draw.sample(_vocabulary(), 9))
        acts.append(
            Act(number=first + n, type=draw.choice(tuple(ACTS)), source=source, target=target, day=day, topic=topic)
        )
    return Story(body=body, acts=tuple(acts))


def _pair(draw: random.Random) -> tuple[str, str]:
    while True:
        first, second = draw.choices(CODES, _weights(), k=2)
        if first != second:
            return first, second


@cache
def _weights() -> tuple[float, ...]:
    return tuple(1 / (n + 1) for n in range(len(CODES)))


def _stretch(draw: random.Random) -> Sequence[str]:
    """Some sentences in a row of one own article."""
    article = draw.choice(_articles())
    size = min(len(article), draw.randrange(6, 13))
    start = draw.randrange(len(article) - size + 1)
    return article[start : start + size]


def _exchanged(draw: random.Random, sentences: Sequence[str]) -> tuple[str, ...]:
    """Sentences with other names and numbers, and half of their longer words exchanged, each the same throughout."""
    words, taken = _vocabulary(), dict[str, str]()

    def other(match: re.Match[str]) -> str:
        word = match[0]
        if word not in taken:
            taken[word] = word
            if word.isdigit():
                taken[word] = str(draw.randrange(2, 90))
            elif word[0].isupper():
                taken[word] = draw.choice(words).capitalize()
            elif len(word) > 3 and draw.random() < 0.5:
                taken[word] = draw.choice(words)
        return taken[word]

    return tuple(_WORD.sub(other, s) for s in sentences)


def _telling(draw: random.Random, story: Story) -> tuple[Story, str, date, tuple[Act, ...], str]:
    """One document on a story, its day, its acts in order, and its outlet."""
    way = draw.random()
    body = story.body
    acts = story.acts
    if way >= 0.85:  # in other words
        body = _exchanged(draw, _stretch(draw))
    elif way >= 0.65:  # an excerpt
        body = body[: max(2, len(body) // 2)]
        acts = acts[: max(1, len(acts) // 2)]
    text = " ".join(body)
    if 0.4 <= way < 0.65:
        for kind in draw.sample(DAMAGE, 3):
            damage, _, together = KINDS[kind]
            text = apply(text, list(damage(text, draw, together)))
    published = max(a.day for a in acts) + timedelta(days=draw.choice((0, 0, 0, 1, 1, 2)))
    order = tuple(draw.sample(acts, len(acts)) if way >= 0.85 else acts)
    told = " ".join(_told(draw, act) for act in order)
    outlet = f"Outlet {int(draw.paretovariate(0.6)) % 500}"
    lines = [told, text]
    if draw.random() < 0.1:
        lines.append(f"All that {outlet} writes may be read again by its readers and by no others without its leave.")
    return story, "\n\n".join(lines) + "\n", published, order, outlet


def _told(draw: random.Random, act: Act) -> str:
    """One sentence on an act, with some of its words, in one of several forms."""
    kind = KINDRED[act.type] if draw.random() < 1 / 12 else act.type
    when = f" on {act.day.isoformat()}" if draw.random() < 0.75 else ""
    said = f"{act.source} {draw.choice(ACTS[kind])} {act.target}{when}"
    topic = " ".join(draw.sample(act.topic, 6) + draw.sample(_vocabulary(), 3))
    return draw.choice(
        (f"{said} over {topic}.", f"It was told that {said} in the matter of {topic}.", f"Of {topic}: {said}.")
    )


@cache
def _articles() -> tuple[tuple[str, ...], ...]:
    """The project's own articles as sentences: those of the dev gold where there is a checkout."""
    paths = sorted((ROOT / "gold" / "dev").glob("*.txt")) or sorted((ROOT / "examples").glob("*.txt"))
    found = []
    for path in paths:
        text = " ".join(path.read_text("utf-8", errors="replace").split())
        sentences = tuple(s for s in _SENTENCE.split(text) if len(s.split()) >= 6)
        if len(sentences) >= 2:
            found.append(sentences)
    return tuple(found)


@cache
def _vocabulary() -> tuple[str, ...]:
    """The longer words of these articles in small letters."""
    words = {w for a in _articles() for s in a for w in _WORD.findall(s) if len(w) > 4 and w.islower()}
    return tuple(sorted(words))
