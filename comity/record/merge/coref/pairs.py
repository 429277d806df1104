"""Features of pairs of mentions, for all pairs of one story at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from comity.record.merge.coref.kin import family, is_listed, nearest_senses, nearness
from comity.record.merge.coref.linking import Nets
from comity.record.merge.coref.reading import Floats, Telling
from comity.record.merge.terms import idf, rarest

Bools = npt.NDArray[np.bool_]
Matrix = npt.NDArray[Any]

SAYING: Final = frozenset(
    "say tell announce add speak claim call note describe declare report write state statement announcement speech "
    "comment remark interview conference tweet news".split()
)
GENERAL: Final = frozenset(
    "event incident disaster tragedy accident case act action move step decision measure effort operation attack deal "
    "agreement it this that they what happen occur take make do have go come begin start end begin follow cause bring "
    "hold mark cost claim hit struggle crisis dispute conflict catastrophe process campaign".split()
)
FEATURES: Final = (
    "same lemma", "same words", "same family", "meaning", "word", "context", "sentence", "around", "names shared",
    "names apart", "subject shared", "subject apart", "object shared", "object apart", "subject object",
    "numbers shared", "numbers apart", "same days", "other days", "same document", "same sentence", "far apart",
    "depends", "both lead", "one lead", "both verbs", "verb noun", "proper", "both saying", "one saying",
    "both general", "one general",
    "commoner", "rarer", "told often", "told seldom", "presumed", "denied", "day of documents", "documents alike",
    "nearest word", "trigger", "meaning beside", "ordinals shared", "ordinals apart", "roles swapped", "neighbours",
    "refers back", "refers to lead", "later new", "both known", "names around", "both deep", "one pronoun",
    "nearest sense",
)  # fmt: skip
ROWS: Final = 64
"""Rows of a block that are scored at once."""


def features(found: Sequence[Telling], alike: Floats, contextual: Floats) -> tuple[npt.NDArray[np.intp], Floats]:
    """All pairs of mentions of one block (pairs x 2, first < second) and their features (pairs x `FEATURES`).

    ``alike`` says how surely the documents of each two mentions tell the same story, mentions x mentions;
    ``contextual`` are vectors of the mentions in their sentence, of length one.
    """
    first, second = np.triu_indices(len(found), 1)
    columns = [matrix[first, second].astype(np.float32) for matrix in matrices(found, alike, contextual)]
    return np.stack([first, second], axis=1), np.stack(columns, axis=1)


def scores(valued: Sequence[Matrix], model: Nets) -> Floats:
    """How surely each two mentions are of one event, mentions x mentions, from one matrix a feature."""
    size = len(valued[0])
    found = np.zeros((size, size), np.float32)
    for low in range(0, size, ROWS):
        rows = np.stack([matrix[low : low + ROWS] for matrix in valued], axis=-1).astype(np.float32)
        found[low : low + ROWS] = model.chances(model.standard(rows))
    return found


def matrices(found: Sequence[Telling], alike: Floats, contextual: Floats) -> list[Matrix]:
    """One matrix a feature, mentions x mentions, in the order of `FEATURES`."""
    told = [meant(m) for m in found]
    kinship = nearness(told)
    families = [family(*word) for word in told]
    kin = overlap(families) > 0
    same_lemma = same([m.lemma for m in found])
    vectors = np.stack([m.vector for m in found])
    word = vectors @ vectors.T
    contexts = np.stack([m.context for m in found])
    doc = same([m.doc for m in found])
    passage = same([m.passage for m in found])
    sentence = passage & same([m.sentence for m in found])
    apart = np.abs(np.subtract.outer(*[np.array([m.sentence for m in found], np.float32)] * 2))
    lead = np.array([m.sentence < LEAD and m.whole for m in found])
    verbal = np.array([m.verbal for m in found])
    proper = np.array([m.proper for m in found])
    saying = np.array([m.lemma in SAYING for m in found])
    general = np.array([m.lemma in GENERAL for m in found])
    rare = np.array([idf(m.lemma) / rarest() for m in found], np.float32)
    often = told_often(found, kin | (kinship > NEAR))
    presumed, denied = np.array([m.presumed for m in found]), np.array([m.denied for m in found])
    names, around = [m.names for m in found], [m.around for m in found]
    subjects, objects = [m.subject for m in found], [m.object for m in found]
    numbers = [m.numbers for m in found]
    told_days, doc_days = days([m.days for m in found]), days([(m.day, m.day) if m.day else None for m in found])
    nearest = np.maximum.outer(*[best_elsewhere(word, doc)] * 2)
    return [
        same_lemma, same([m.words for m in found]), kin, kinship, word, contexts @ contexts.T,
        jaccard([n | a for n, a in zip(names, around, strict=True)]), jaccard(around), jaccard(names),
        disjoint(names), jaccard(subjects), disjoint(subjects), jaccard(objects), disjoint(objects),
        crossed(subjects, objects), jaccard(numbers), disjoint(numbers), told_days[0], told_days[1], doc, sentence,
        np.where(doc, np.minimum(apart, FAR) / FAR, 0), depends(found, passage), both(lead), one(lead), both(verbal),
        one(verbal), ~both(~proper), both(saying), one(saying), both(general), one(general),
        1 - np.minimum.outer(rare, rare), np.maximum.outer(rare, rare), np.maximum.outer(often, often),
        np.minimum.outer(often, often), one(presumed), one(denied), doc_days[1], alike,
        nearest - word, contextual @ contextual.T, *round_about(found, told, doc, general, subjects, objects),
    ]  # fmt: skip


def meant(mention: Telling) -> tuple[str, bool]:
    """The word by which the tables know a mention: with its particle or compound where they have that."""
    for phrase in mention.phrases:
        if is_listed(phrase, mention.verbal):
            return phrase, mention.verbal
    return mention.lemma, mention.verbal


def round_about(
    found: Sequence[Telling],
    told: Sequence[tuple[str, bool]],
    doc: Bools,
    general: Bools,
    subjects: Sequence[Collection[str]],
    objects: Sequence[Collection[str]],
) -> list[Matrix]:
    """Features of what stands around two mentions: their arguments' meaning, their order, what takes up what."""
    pronoun = np.array([m.proper and m.known for m in found])
    known, new = np.array([m.known for m in found]), np.array([m.new for m in found])
    order = np.argsort(np.argsort([m.passage * FURTHEST + m.place for m in found]))
    between = np.abs(np.subtract.outer(order, order)) * doc
    passage = same([m.passage for m in found])
    sentence = np.array([m.sentence for m in found])
    later = (order[:, None] > order[None, :]) & passage
    step = sentence[:, None] - sentence[None, :]
    takes_up = later & (step <= 1) & (general & known | pronoun)[:, None]
    deep = np.array([min(m.depth, DEEP) for m in found], np.float32) / DEEP
    ordinals = [m.ordinals for m in found]
    meets = overlap(subjects, objects) > 0
    return [
        meaning_beside(found, told), jaccard(ordinals), disjoint(ordinals), meets & meets.T,
        np.where(doc, 1 / np.maximum(between, 1), 0), both_ways(takes_up), both_ways(takes_up & (deep == 0)[None, :]),
        both_ways(later & new[:, None]), both(known), jaccard([m.names | m.before for m in found]),
        np.minimum.outer(deep, deep), one(pronoun), nearest_senses(told),
    ]  # fmt: skip


FURTHEST: Final = 1 << 20
DEEP: Final = 4


def both_ways(matrix: Bools) -> Bools:
    """Whether it holds from the one or from the other."""
    return np.asarray(matrix | matrix.T)


def meaning_beside(found: Sequence[Telling], told: Sequence[tuple[str, bool]]) -> Floats:
    """How near the one's word is to one that stands beside the other, 1 where it is the same."""
    words = sorted({word for m in found for word in m.beside} | {*told})
    place = {word: at for at, word in enumerate(words)}
    near = nearest_senses(words)
    np.fill_diagonal(near, 1.0)
    rows = near[[place[word] for word in told]]
    best = np.zeros((len(found), len(found)), np.float32)
    for at, mention in enumerate(found):
        own = [place[word] for word in mention.beside]
        if own:
            best[:, at] = rows[:, own].max(axis=1)
    return np.asarray(np.maximum(best, best.T), np.float32)


NEAR: Final = 0.5
FAR: Final = 5.0
LEAD: Final = 2
"""Sentences (a headline counts) in which news tells its main event."""


def same(values: Sequence[object]) -> Bools:
    """Whether two values are equal."""
    numbers: dict[object, int] = {}
    codes = np.array([numbers.setdefault(v, len(numbers)) for v in values])
    return np.asarray(codes[:, None] == codes[None, :])


def both(flags: Bools) -> Bools:
    """Whether both are true."""
    return np.logical_and.outer(flags, flags)


def one(flags: Bools) -> Bools:
    """Whether exactly one is true."""
    return np.logical_xor.outer(flags, flags)


def overlap(sets: Sequence[Collection[str]], others: Sequence[Collection[str]] | None = None) -> Floats:
    """The weight of what two sets share, rare stems weighing more."""
    others = sets if others is None else others
    columns = {term: at for at, term in enumerate(sorted({t for found in (*sets, *others) for t in found}))}
    weights = np.array([idf(t) / rarest() + LEAST for t in columns], np.float32)
    left, right = indicator(sets, columns), indicator(others, columns)
    return np.asarray((left * weights) @ right.T, np.float32)


LEAST: Final = 0.05


def indicator(sets: Sequence[Collection[str]], columns: dict[str, int]) -> Floats:
    """1 where a set holds a term."""
    matrix = np.zeros((len(sets), max(1, len(columns))), np.float32)
    for row, found in enumerate(sets):
        for term in found:
            matrix[row, columns[term]] = 1
    return matrix[:, : len(columns)]


def jaccard(sets: Sequence[Collection[str]]) -> Floats:
    """The weighted share of what two sets have in common; 0 where both are empty."""
    shared = overlap(sets)
    sizes = np.diag(shared)
    return np.asarray(shared / np.maximum(sizes[:, None] + sizes[None, :] - shared, 1e-6), np.float32)


def disjoint(sets: Sequence[Collection[str]]) -> Bools:
    """Whether two sets both hold something and share nothing."""
    filled = np.array([bool(s) for s in sets])
    return np.asarray(both(filled) & (overlap(sets) == 0))


def crossed(subjects: Sequence[Collection[str]], objects: Sequence[Collection[str]]) -> Bools:
    """Whether the one's subject is the other's object, as in active and passive."""
    meets = overlap(subjects, objects) > 0
    return np.asarray(meets | meets.T)


def days(ranges: Sequence[tuple[date, date] | None]) -> tuple[Bools, Floats]:
    """Whether two ranges of days meet, and how far apart they are else, in weeks, at most 1."""
    known = np.array([r is not None for r in ranges])
    low = np.array([r[0].toordinal() if r else 0 for r in ranges])
    high = np.array([r[1].toordinal() if r else 0 for r in ranges])
    gap = np.maximum(low[:, None] - high[None, :], low[None, :] - high[:, None])
    pair = both(known)
    return np.asarray(pair & (gap <= 0)), np.where(pair, np.clip(gap, 0, 7) / 7, 0).astype(np.float32)


def depends(found: Sequence[Telling], passage: Bools) -> Bools:
    """Whether the one depends on the other in the tree."""
    places = np.array([m.place for m in found])
    governors = np.array([m.governor for m in found])
    meets = governors[:, None] == places[None, :]
    return np.asarray(passage & (meets | meets.T))


def told_often(found: Sequence[Telling], alike: Bools) -> Floats:
    """The share of the story's documents that tell something like each mention."""
    docs = {d: at for at, d in enumerate(sorted({m.doc for m in found}))}
    home = np.zeros((len(found), len(docs)), np.float32)
    for row, mention in enumerate(found):
        home[row, docs[mention.doc]] = 1
    return np.asarray(((alike.astype(np.float32) @ home) > 0).mean(axis=1), np.float32)


def best_elsewhere(word: Floats, doc: Bools) -> Floats:
    """How like the likest word of another document is."""
    return np.asarray(np.where(doc, 0, word).max(axis=1, initial=0.0), np.float32)
