"""Turning points that texts name themselves: "the names changed in 2014", "relations have soured since 2014".

A small reader of patterns over the sentences of the documents that tell of a pair.  A sentence counts when

- it names a change of a relation: a noun of relation with a verb of change (tables below), or a word for a turn,
- it holds a date of a year or less (`comity.understand.dates`), of which the nearest to the change is taken, and
- it is about the pair: the first two actors that it mentions are the pair, or it mentions no other one and the
  document tells mostly of this pair.

Every point is cited: document, offsets, and the sentence verbatim.  The sign is that of the verb, "?" where it says
only that something changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from comity.model import Record, Timex
from comity.relations.told import documents, told
from comity.understand.dates import find_timexes

if TYPE_CHECKING:
    from comity.record.store import Store

DOCUMENTS = 300
"""Documents that are read, the newest that tell of the pair."""
LONGEST = 800
"""Characters of a sentence that is read."""
NEAR = 90
"""Characters between the words of a change, and between them and a date."""
NOUNS = (
    r"relations?|relationships?|ties|bonds?|links|friendship|partnership|alliance|rapprochement|détente|detente|"
    r"cooperation|co-operation|rivalry|hostility|dialogue|contacts|names|roles|tables|everything|the mood|the tone|"
    r"the dynamics?|the balance|the situation|the picture"
)
BETTER = (
    r"improv\w+|warm(?:ed|ing)|thaw\w*|normali[sz]\w+|restor\w+|resum\w+|strengthen\w+|deepen\w+|blossom\w+|"
    r"flourish\w+|reviv\w+|mend(?:ed|ing)|repair\w*|rebuilt|reset|recover\w+|reconcil\w+|blooming|grown closer|"
    r"grew closer|drew closer|(?:re-?)?established|upgraded|elevated"
)
WORSE = (
    r"sour\w*|deteriorat\w+|worsen\w*|cool(?:ed|ing)|chill\w*|collaps\w+|fray\w*|ruptur\w+|broken?(?: off| down)?|"
    r"broke(?: off| down)?|sever\w+|strained|plung\w+|plummet\w+|nosediv\w+|fr[oe]ze|frozen|unravel\w+|declin\w+|"
    r"suspended|cut off|fell (?:out|apart)|fallen|hit (?:a|an|their|its) (?:new |all-time )?low|downgraded|damaged|"
    r"suffered|tense|at (?:a|their) (?:lowest|worst)"
)
PLAIN = r"chang\w+|shift\w+|transform\w+|turned|reversed|altered"
TURN = (
    r"turning[- ]points?|watershed|key moment|decisive moment|low point|lowest point|breaking point|new (?:era|chapter|"
    r"phase|beginning)|(?:a|the) (?:reset|thaw|rupture|breakthrough|rift|falling[- ]out|rapprochement)|"
    r"point of no return|honeymoon"
)
UP_TURN = re.compile(r"reset|thaw|breakthrough|rapprochement|honeymoon|new (?:era|chapter|beginning)", re.I)
DOWN_TURN = re.compile(r"low|breaking|rupture|rift|falling", re.I)
CHANGE = re.compile(
    rf"\b(?P<noun>{NOUNS})\b[^.;]{{0,{NEAR}}}?\b(?:(?P<better>{BETTER})|(?P<worse>{WORSE})|(?P<plain>{PLAIN}))\b"
    rf"|\b(?:(?P<better2>restor\w+|resum\w+|normali[sz]\w+|established)|(?P<worse2>broke off|severed|cut|suspended))"
    rf"\s(?:[\w-]+\s){{0,3}}?(?P<noun2>relations|ties|links)\b"
    rf"|\b(?P<turn>{TURN})\b",
    re.I,
)
SPACE = re.compile(r"\s+")


class Named(Record, frozen=True):
    """A turning point as a text names it.

    ``first`` and ``last`` are the days of its date (inclusive), ``when`` its words; ``start:end`` are offsets of the
    ``sentence`` in the stored text of the document.
    """

    first: date
    last: date
    when: str
    sign: Literal["+", "-", "?"]
    change: str
    sentence: str
    document: str
    title: str | None
    outlet: str | None
    published: date | None
    start: int
    end: int


def named(store: Store, a: str, b: str, limit: int | None = 10) -> tuple[Named, ...]:
    """The turning points of two actors that the documents of a record name, those that more documents name first.

    ``a`` and ``b`` are codes.
    """
    found: list[Named] = []
    for row in telling(store, a, b):
        text = store.text(row["id"])
        if text:
            found += in_document(row, text, sentences(store, row["id"], text), {a, b})
    often = Counter(n.first.year for n in {(n.first.year, n.document): n for n in found}.values())
    found.sort(key=lambda n: (-often[n.first.year], n.first, n.published or date.max, n.document, n.start))
    return tuple(found[:limit])


def telling(store: Store, a: str, b: str) -> list[dict[str, Any]]:
    """Documents that tell of a pair, the newest first; ``mostly`` where no other pair has more of their reports."""
    pair = sorted((a, b))
    return store.rows(
        f"""
        with ours as materialized ({documents(store)}),
        counted as (
            select document, low, high, sum(number) as number from {told(store)} semi join ours using (document)
            group by all),
        about as (
            select document, max(number) as most, coalesce(max(number) filter (low = ? and high = ?), 0) as ours
            from counted group by document)
        select d.id, d.title, d.source, d.published, ours = most as mostly from about join documents d
        on d.id = about.document where ours > 0 order by d.published desc nulls last, d.id limit {DOCUMENTS}
        """,
        [*pair, *pair],
    )


def sentences(store: Store, document: str, text: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """Start, end and the actors mentioned, in order, of each sentence of a document."""
    spans = store.query('select start, "end" from sentences where document = ? order by start', [document]).to_pylist()
    mentions = store.query(
        "select start, state from mentions where document = ? and state is not null order by start", [document]
    ).to_pylist()
    found = []
    for span in spans:
        actors = tuple(dict.fromkeys(m["state"] for m in mentions if span["start"] <= m["start"] < span["end"]))
        found.append((span["start"], min(span["end"], len(text)), actors))
    return found


def in_document(
    row: dict[str, Any], text: str, spans: Sequence[tuple[int, int, tuple[str, ...]]], pair: set[str]
) -> Iterator[Named]:
    """The turning points of a pair that one document names."""
    for start, end, actors in spans:
        about = set(actors[:2]) == pair or (row["mostly"] and set(actors) <= pair)
        if not about or end - start > LONGEST:
            continue
        for first, last, when, sign, change in in_sentence(text[start:end], row["published"]):
            yield Named(
                first=first, last=last, when=when, sign=sign, change=change,
                sentence=SPACE.sub(" ", text[start:end]).strip(), document=row["id"], title=row["title"],
                outlet=row["source"], published=row["published"], start=start, end=end,
            )  # fmt: skip


def in_sentence(
    text: str, published: date | None
) -> Iterable[tuple[date, date, str, Literal["+", "-", "?"], str]]:
    """First and last day, words of the date, sign, and words of the change, of a turning point in a sentence."""
    hit = CHANGE.search(text)
    if hit is None:
        return
    dated = [t for t in find_timexes(text, published) if t.kind == "DATE" and past(t, published)]
    near = sorted((max(t.start - hit.end(), hit.start() - t.end, 0), t.start) for t in dated)
    if not near or near[0][0] > NEAR:
        return
    best = next(t for t in dated if t.start == near[0][1])
    assert best.low and best.high
    yield best.low, best.high, best.text, sign_of(hit), SPACE.sub(" ", hit.group())


def past(found: Timex, published: date | None) -> bool:
    """Whether an expression means a year or less, and not what lies ahead of the text."""
    low, high = found.low, found.high
    return bool(low and high and (high - low).days <= 366 and (published is None or low < published))


def sign_of(hit: re.Match[str]) -> Literal["+", "-", "?"]:
    """Whether a change is for the better, the worse, or only a change."""
    if hit["turn"]:
        return "+" if UP_TURN.search(hit["turn"]) else "-" if DOWN_TURN.search(hit["turn"]) else "?"
    if hit["plain"]:
        return "?"
    noun = (hit["noun"] or hit["noun2"] or "").lower()
    better = bool(hit["better"] or hit["better2"])
    return "+" if better != (noun in ("rivalry", "hostility")) else "-"
