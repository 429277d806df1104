"""Mentions of events made ready for comparing: parsed, with what stands around the word that tells the event."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from comity.errors import BadUsage
from comity.language.encoder import Encoder, Vectors, annotate
from comity.language.sentences import sentences
from comity.model import Record, Sentence, Timex, Token
from comity.record.merge.terms import NUMBERS, stem
from comity.understand.dates import find_timexes
from comity.understand.tree import Tree

Floats = npt.NDArray[np.float32]

CONTENT: Final = frozenset({"NOUN", "VERB", "PROPN", "ADJ", "NUM", "ADV"})
SUBJECTS: Final = ("nsubj", "csubj", "nmod:poss")
OBJECTS: Final = ("obj", "iobj", "nsubj:pass", "nmod", "compound")
PARTS: Final = ("flat", "compound", "nummod", "amod", "nmod", "appos")
RAISED: Final = frozenset({"xcomp", "advcl", "acl", "conj", "ccomp"})
BESIDE: Final = ("nsubj", "nsubj:pass", "obj", "obl", "nmod", "xcomp", "compound")
PRESUMED: Final = frozenset("will would may might could should can plan want hope seek promise agree aim".split())
DENIED: Final = frozenset("not no never n't without deny refuse fail".split())
PARTICLES: Final = frozenset("up down off out over away back in on through apart aside along around".split())
PARTICLE_WITHIN: Final = 3
"""Words after a verb within which its particle stands, where the tree does not say."""
ORDINALS: Final = frozenset(
    "first second third fourth fifth sixth seventh eighth ninth tenth another other new last next previous former "
    "earlier later latest final initial 1st 2nd 3rd 4th 5th".split()
)
KNOWN: Final = frozenset("the this that these those such its his her their our my".split())
NEW: Final = frozenset("a an another some any".split())
WIDTH: Final = 384
"""Width of the word embeddings."""
BATCH: Final = 256
"""Sentences given to the parser at once."""


class Telling(Record, frozen=True):
    """One mention.

    ``doc``, ``passage`` and ``sentence`` are numbers (sentences count within the passage, ``place`` the words
    before the mention in it); ``subject``, ``object`` and ``around`` are stems of what depends on the word, of
    what it depends on, and of its clause; ``days`` are the first and last day of the nearest time expression.
    """

    doc: int
    passage: int
    sentence: int
    place: int
    group: str
    words: str
    lemma: str
    verbal: bool
    proper: bool
    subject: frozenset[str]
    object: frozenset[str]
    around: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[str]
    days: tuple[date, date] | None
    day: date | None
    presumed: bool
    denied: bool
    whole: bool
    """Whether the passage is all that is given of its document."""
    governor: int
    """Place of the word that it depends on, -1 at the root."""
    pieces: tuple[int, int]
    """The pieces of the sentence that the trigger is made of, half open."""
    vector: Floats
    context: Floats
    phrases: tuple[str, ...]
    """The word with its particle or with what it is compounded with, as the tables of concepts may have it."""
    beside: frozenset[tuple[str, bool]]
    """Lemmas of its arguments and of what it depends on, and whether each is a verb."""
    ordinals: frozenset[str]
    known: bool
    """Whether it is told as something known: a pronoun, or a noun with ``the``, ``this``, ``his``."""
    new: bool
    """Whether it is a noun told as something new: ``a``, ``another``."""
    depth: int
    """How many words stand above it in the tree."""
    before: frozenset[str]
    """Names of the sentence before its own."""


class Text(Record, frozen=True):
    """One passage of a document, or the whole of it, parsed, with its time expressions."""

    doc: int
    whole: bool
    sentences: tuple[Sentence, ...]
    timexes: tuple[Timex, ...]


class Reading(Record, frozen=True):
    """All mentions in the order given, the passages they stand in, and the name, group and day of every document."""

    mentions: tuple[Telling, ...]
    texts: tuple[Text, ...]
    names: tuple[str, ...]
    groups: tuple[str, ...]
    days: tuple[date | None, ...]


def read(items: Sequence[Mapping[str, Any]], encoder: Encoder) -> Reading:
    """Mentions ``{doc, text, start, end}`` with optional ``date`` and ``group``, parsed once a passage.

    Raises `BadUsage` when a trigger does not lie in its text.
    """
    spans = [checked(number, item) for number, item in enumerate(items)]
    docs: dict[tuple[str, str], int] = {}
    passages: dict[tuple[int, str], int] = {}
    days: list[date | None] = []
    homes = []
    for item in items:
        key = (str(item.get("group") or ""), str(item["doc"]))
        if key not in docs:
            docs[key] = len(docs)
            days.append(None)
        doc = docs[key]
        days[doc] = days[doc] or as_day(item.get("date"))
        homes.append((doc, passages.setdefault((doc, str(item["text"])), len(passages))))
    texts = parsed(list(passages), days, encoder)
    trees = [[Tree(s, n) for n, s in enumerate(text.sentences)] for text in texts]
    groups = [group for group, _ in docs]
    mentions = [
        telling(texts[passage], trees[passage], passage, span, groups[doc], days[doc])
        for span, (doc, passage) in zip(spans, homes, strict=True)
    ]
    return Reading(
        mentions=tuple(mentions),
        texts=tuple(texts),
        names=tuple(name for _, name in docs),
        groups=tuple(groups),
        days=tuple(days),
    )


def checked(number: int, item: Mapping[str, Any]) -> tuple[int, int]:
    """The trigger's characters."""
    try:
        text, start, end = str(item["text"]), int(item["start"]), int(item["end"])
        str(item["doc"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadUsage(f"mention {number} lacks {error}", fix="give doc, text, start and end") from None
    if not 0 <= start < end <= len(text):
        raise BadUsage(f"the trigger {start}:{end} of mention {number} is not in its text", fix="count in characters")
    return start, end


def as_day(value: Any) -> date | None:
    """A day from ISO text; None for what is none."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def parsed(passages: Sequence[tuple[int, str]], days: Sequence[date | None], encoder: Encoder) -> list[Text]:
    """Passages with trees and time expressions."""
    split = [sentences(text) for _, text in passages]
    flat = [s for found in split for s in found]
    read: list[Sentence] = []
    for at in range(0, len(flat), BATCH):
        part = flat[at : at + BATCH]
        found = encoder.parse_with_vectors([[t.text for t in s.tokens] for s in part])
        read += [
            msgspec.structs.replace(s, tokens=annotate(s.tokens, p), vectors=v)
            for s, (p, v) in zip(part, found, strict=True)
        ]
    texts = []
    several = Counter(doc for doc, _ in passages)
    at = 0
    for (doc, text), own in zip(passages, split, strict=True):
        spans = [(s.start, s.end) for s in own]
        texts.append(
            Text(
                doc=doc,
                whole=several[doc] == 1,
                sentences=tuple(read[at : at + len(own)]),
                timexes=find_timexes(text, days[doc], sentences=spans),
            )
        )
        at += len(own)
    return texts


def telling(
    text: Text, trees: Sequence[Tree], passage: int, span: tuple[int, int], group: str, day: date | None
) -> Telling:
    """One mention from its parsed passage."""
    number = nearest(text.sentences, span)
    if number is None:
        return bare(text.doc, passage, group, day)
    tree = trees[number]
    head = head_of(tree, span)
    lemma, token = tree.lemma(head), tree.tokens[head]
    subject, object_ = arguments(tree, head)
    clause = {*subject, *object_, *(t for i in tree.kids(head) for t in terms(tree, tree.subtree(i)))}
    proper = names_of(tree)
    chain = [head, *tree.ancestors(head)][:3]
    modal = {tree.lemma(k) for i in chain for k in (*tree.kids(i, "aux", "mark"), i) if k != head}
    near = {tree.lemma(k) for i in chain[:2] for k in (*tree.kids(i, "advmod", "det"), i) if k != head}
    return Telling(
        doc=text.doc, passage=passage, sentence=number, place=span[0], group=group,
        words=" ".join(t.text.casefold() for t in tree.tokens if t.start < span[1] and span[0] < t.end),
        lemma=lemma, verbal=token.upos in {"VERB", "AUX"}, proper=token.upos in {"PROPN", "PRON"},
        subject=frozenset(subject), object=frozenset(object_), around=frozenset(clause),
        names=frozenset(proper), numbers=frozenset(numbers_of(tree)),
        days=nearest_days(text.timexes, tree.sentence, span), day=day,
        presumed=bool(modal & PRESUMED), denied=bool(near & DENIED), whole=text.whole,
        governor=tree.tokens[tree.head(head)].start if tree.head(head) >= 0 else -1,
        pieces=pieces_of(tree, span, head), vector=word_vector(tree.sentence.vectors, head),
        context=sentence_vector(tree), phrases=phrases_of(tree, head), beside=frozenset(beside(tree, head)),
        ordinals=frozenset(tree.low(i) for i in tree.kids(head) if tree.low(i) in ORDINALS),
        known=token.upos == "PRON" or any(tree.low(i) in KNOWN for i in tree.kids(head)),
        new=any(tree.low(i) in NEW for i in tree.kids(head)), depth=len(list(tree.ancestors(head))),
        before=frozenset(names_of(trees[number - 1])) if number else frozenset(),
    )  # fmt: skip


def bare(doc: int, passage: int, group: str, day: date | None) -> Telling:
    """A mention in a passage without any sentence."""
    none: frozenset[str] = frozenset()
    empty = np.zeros(WIDTH, np.float32)
    return Telling(
        doc=doc, passage=passage, sentence=0, place=0, group=group, words="", lemma="", verbal=False, proper=False,
        subject=none, object=none, around=none, names=none, numbers=none, days=None, day=day, presumed=False,
        denied=False, whole=False, governor=-1, pieces=(0, 1), vector=empty, context=empty, phrases=(),
        beside=frozenset(), ordinals=none, known=False, new=False, depth=0, before=none,
    )  # fmt: skip


def nearest(found: Sequence[Sentence], span: tuple[int, int]) -> int | None:
    """The sentence that a span lies in, else the nearest before or after it that has words."""
    far = [(max(0, s.start - span[0], span[0] + 1 - s.end), n) for n, s in enumerate(found) if s.tokens]
    return min(far)[1] if far else None


def head_of(tree: Tree, span: tuple[int, int]) -> int:
    """The token of a span that depends on none within it, verbs and nouns first; the nearest where none is."""
    inside = [i for i, t in enumerate(tree.tokens) if t.start < span[1] and span[0] < t.end]
    if not inside:
        return min(range(len(tree)), key=lambda i: abs(tree.tokens[i].start - span[0]))
    tops = [i for i in inside if tree.head(i) not in inside]
    telling = [i for i in tops if tree.tokens[i].upos in {"VERB", "NOUN", "PROPN"}]
    return [*telling, *tops, *inside][0]


def arguments(tree: Tree, head: int) -> tuple[set[str], set[str]]:
    """Stems of who acts and of what it is done to; a subject is raised to a participle or joined verb."""
    subject = named(tree, [i for i in tree.kids(head, *SUBJECTS) if tree.rel(i) != "nsubj:pass"])
    object_ = named(tree, [i for i in tree.kids(head, *OBJECTS) if tree.rel(i) not in {"nsubj", "nmod:poss"}])
    at = head
    while not subject and at >= 0 and tree.rel(at).partition(":")[0] in RAISED:
        at = tree.head(at)
        subject = named(tree, tree.kids(at, "nsubj")) if at >= 0 else set()
    if tree.tokens[head].upos != "VERB" and tree.rel(head) in {"obj", "nsubj", "nsubj:pass", "obl"}:
        subject |= named(tree, [i for i in tree.kids(tree.head(head), "nsubj", "obj") if i != head])
    return subject, object_


def phrases_of(tree: Tree, head: int) -> tuple[str, ...]:
    """A verb with its particle (``take_off``), a noun with what makes a compound of it (``heart_attack``)."""
    lemma = tree.lemma(head)
    if tree.tokens[head].upos in {"VERB", "AUX"}:
        after = range(head + 1, min(head + 1 + PARTICLE_WITHIN, len(tree)))
        own = {i for i in tree.kids(head) if i > head and tree.low(i) in PARTICLES} & {*after}
        own |= set(tree.kids(head, "compound:prt"))
        own |= {i for i in after[:1] if tree.low(i) in PARTICLES}
        return tuple(f"{lemma}_{tree.low(i)}" for i in sorted(own))
    joined = tree.kids(head, "compound", "amod")
    return tuple(f"{tree.lemma(i)}_{lemma}" for i in joined if i < head)


def beside(tree: Tree, head: int) -> set[tuple[str, bool]]:
    """Lemmas of the nouns that a word governs, and of the verb or noun that it depends on."""
    near = [i for i in tree.kids(head, *BESIDE) if i != head]
    if tree.head(head) >= 0 and tree.rel(head).partition(":")[0] in BESIDE:
        near.append(tree.head(head))
    kept = [i for i in near if tree.tokens[i].upos in {"VERB", "NOUN"}]
    return {(tree.lemma(i), tree.tokens[i].upos == "VERB") for i in kept}


def names_of(tree: Tree) -> set[str]:
    """Stems of the proper nouns of a sentence."""
    return {stem(t.text) for t in tree.tokens if t.upos == "PROPN"}


def named(tree: Tree, heads: Iterable[int]) -> set[str]:
    """Stems of arguments and of what makes up a name or a compound with them."""
    return {t for i in heads for t in terms(tree, [i, *tree.kids(i, *PARTS)])}


def terms(tree: Tree, places: Iterable[int]) -> list[str]:
    """Stems of words that say something."""
    return [stem(tree.tokens[i].text) for i in places if tree.tokens[i].upos in CONTENT]


def numbers_of(tree: Tree) -> set[str]:
    """Numbers of a sentence, in digits."""
    return {stem(t.text) for t in tree.tokens if t.text[:1].isdigit() or t.text.casefold() in NUMBERS}


def pieces_of(tree: Tree, span: tuple[int, int], head: int) -> tuple[int, int]:
    """The pieces of a trigger, half open; those of its head where no word lies in the span."""
    vectors: Vectors | None = tree.sentence.vectors
    if vectors is None:
        return 0, 1
    inside = [i for i, t in enumerate(tree.tokens) if t.start < span[1] and span[0] < t.end] or [head]
    return vectors.bounds[inside[0]], vectors.bounds[inside[-1] + 1]


def nearest_days(timexes: Sequence[Timex], sentence: Sentence, span: tuple[int, int]) -> tuple[date, date] | None:
    """The days of the nearest time expression of the sentence that names any."""
    found = [
        (abs(t.start - span[0]), t.low, t.high)
        for t in timexes
        if t.low and t.high and sentence.start <= t.start < sentence.end and t.kind in ("DATE", "TIME")
    ]
    if not found:
        return None
    _, low, high = min(found)
    return low, high


def word_vector(vectors: Vectors | None, word: int) -> Floats:
    """The mean of the embeddings of a word's pieces, of length one."""
    if vectors is None:
        return np.zeros(WIDTH, np.float32)
    bounds = vectors.bounds
    return unit(vectors.states[bounds[word] : bounds[word + 1]].mean(axis=0))


def sentence_vector(tree: Tree) -> Floats:
    """The mean of the embeddings of the words that say something, of length one."""
    vectors: Vectors | None = tree.sentence.vectors
    telling = [i for i, t in enumerate(tree.tokens) if t.upos in CONTENT]
    if vectors is None or not telling:
        return np.zeros(WIDTH, np.float32)
    return unit(np.mean([word_vector(vectors, i) for i in telling], axis=0))


def unit(vector: Floats) -> Floats:
    """A vector of length one."""
    return (vector / max(float(np.linalg.norm(vector)), 1e-6)).astype(np.float32)


def tokens_of(text: Text) -> Iterable[Token]:
    """All words of a passage."""
    return (t for s in text.sentences for t in s.tokens)
