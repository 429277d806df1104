"""The records of the tables of acts: frames, embedders, light verbs, senses that are no act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Final, Protocol

from comity.knowledge.records import Entry
from comity.model import Status, Token

UPOS: Final = {"v": ("VERB", "AUX"), "n": ("NOUN", "PROPN"), "a": ("ADJ",)}


class Frame(Entry, frozen=True, kw_only=True):
    """A word that names an act, with the places where its two sides stand.

    ``object`` constrains the direct object of a verb; of a noun it constrains the modifiers
    (compound, adjective, possessor, nmod: "video conference", "prisoner exchange").  Its values are
    lemmas, ``@class``, ``!actor`` (an actor is meant) or ``!none`` (there is no object); one must hold.
    ``prep_object`` is ``preposition:thing`` with the same things, or ``preposition:`` for any.
    """

    id: str
    pos: str
    lemma: str
    particle: str = ""
    object: tuple[str, ...] = ()
    prep_object: tuple[str, ...] = ()
    type: str
    mode: str = ""
    cameo: str = ""
    source: tuple[str, ...] = ("subj",)
    target: tuple[str, ...] = ()
    symmetric: bool = False
    default_status: Status | None = None
    weight: float = 0.8
    example: str = ""


class Embedder(Entry, frozen=True, kw_only=True):
    """A word that governs another clause or noun: what it makes of it, whose word it is, its own act."""

    id: str
    pos: str
    lemma: str
    particle: str = ""
    complement: tuple[str, ...] = ("any",)
    effect: str = "same"
    who: str = "none"
    own_type: str = ""
    own_mode: str = ""
    own_cameo: str = ""
    own_target: tuple[str, ...] = ()
    own_status: Status | None = None
    weight: float = 0.8
    example: str = ""


class LightVerb(Entry, frozen=True, kw_only=True):
    """A verb that leaves the act to its noun ("hold talks", "cancel a visit").

    ``meaning`` says what is done with the act, ``effect`` what that makes of its status.
    Without ``source`` or ``target`` the places of the noun's own frame hold, where the
    subject and objects of the light verb are meant by ``subj``, ``obj``, ``iobj``.
    """

    lemma: str
    particle: str = ""
    meaning: str = "do"
    effect: str = "same"
    prepositions: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    target: tuple[str, ...] = ()
    example: str = ""


class TreeLike(Protocol):
    """What `Negative.matches` asks of a parsed sentence."""

    @property
    def tokens(self) -> tuple[Token, ...]: ...

    def lemma(self, i: int) -> str: ...

    def low(self, i: int) -> str: ...

    def rel(self, i: int) -> str: ...

    def head(self, i: int) -> int: ...

    def kids(self, i: int, *relations: str) -> list[int]: ...

    def case(self, i: int) -> str: ...


class Negative(Entry, frozen=True, kw_only=True):
    """An everyday sense of a word that is no act between actors.

    ``scope`` says where one of ``words`` stands: obj, subj, of, ``prep:on`` and so on, mod (its
    modifiers), head (what it modifies), particle, next, before, or anywhere in the sentence
    (``sentence:3``: three of them).
    """

    lemma: str
    pos: str
    scope: str
    words: frozenset[str]
    detail: str = ""
    reason: str = ""
    example: str = ""

    def matches(self, tree: TreeLike, i: int, node: int = -1) -> bool:
        """Whether word ``i`` with the logical object ``node`` (-1: none) has this sense."""
        if tree.tokens[i].upos not in UPOS[self.pos]:
            return False
        found = sum(w in self.words for w in self._around(tree, i, node))
        return found >= (int(self.detail or 1) if self.scope == "sentence" else 1)

    def _around(self, tree: TreeLike, i: int, node: int) -> Iterable[str]:
        if self.scope == "sentence":
            return (tree.lemma(k) for k in range(len(tree.tokens)) if k != i)
        if self.scope == "next":
            return (tree.low(k) for k in range(i + 1, min(i + 2, len(tree.tokens))))
        if self.scope == "before":
            return (tree.low(k) for k in range(max(i - 1, 0), i))
        if self.scope == "obj":
            return (tree.lemma(k) for k in [node] if k >= 0)
        if self.scope == "head":
            return (tree.lemma(k) for k in [tree.head(i)] if k >= 0 and tree.rel(i) in {"compound", "amod"})
        return (tree.lemma(k) for k in self._kids(tree, i))

    def _kids(self, tree: TreeLike, i: int) -> Iterable[int]:
        if self.scope == "subj":
            return tree.kids(i, "nsubj", "nsubj:pass")
        if self.scope == "mod":
            return tree.kids(i, "compound", "amod", "nmod:poss", "nummod")
        if self.scope == "particle":
            return tree.kids(i, "compound:prt", "advmod")
        case = "of" if self.scope == "of" else self.detail
        return [k for k in tree.kids(i, "obl", "nmod") if tree.case(k) == case]


class EventType(Entry, frozen=True, kw_only=True):
    """One of the PLOVER types with the score that relations are computed with."""

    type: str
    quad: str
    score: float
    recipient: bool
    cameo: str
    definition: str
    example: str


class Mode(Entry, frozen=True, kw_only=True):
    """A finer kind within a type, with the words that give it away."""

    type: str
    mode: str
    score: float
    cameo: str
    definition: str
    cues: tuple[str, ...]


HARM = frozenset({"ASSAULT", "COERCE", "ACCUSE", "THREATEN"})


class Lexicon(Entry, frozen=True, kw_only=True, dict=True):
    """All tables of acts, indexed by (pos, lemma) or lemma."""

    frames: Mapping[tuple[str, str], tuple[Frame, ...]]
    embedders: Mapping[tuple[str, str], tuple[Embedder, ...]]
    lights: Mapping[str, LightVerb]
    phrasal: Mapping[tuple[str, str], LightVerb]
    classes: Mapping[str, frozenset[str]]
    negatives: Mapping[str, tuple[Negative, ...]]
    types: Mapping[str, EventType]
    modes: Mapping[tuple[str, str], Mode]

    def light(self, lemma: str, particles: Iterable[str] = ()) -> LightVerb | None:
        """The light verb with one of these particles, else the bare one."""
        for particle in particles:
            found = self.phrasal.get((lemma, particle))
            if found is not None:
                return found
        return self.phrasal.get((lemma, ""))

    def cameo(self, type_: str, mode: str = "") -> str:
        """The default CAMEO code of a type and mode."""
        found = self.modes.get((type_, mode))
        return found.cameo if found is not None and found.cameo else self.types[type_].cameo

    @cached_property
    def cooperation(self) -> frozenset[str]:
        """The types of PLOVER's verbal and material cooperation."""
        return frozenset(name for name, kind in self.types.items() if kind.quad.endswith("cooperation"))

    def score(self, type_: str, mode: str = "") -> float:
        """How cooperative (up to 10) or hostile (down to -10) the act is."""
        found = self.modes.get((type_, mode))
        return found.score if found is not None else self.types[type_].score

    @cached_property
    def cues(self) -> Mapping[tuple[str, str], tuple[tuple[str, tuple[str, ...]], ...]]:
        """By type and first word: the modes that it gives away, each with the words that must follow."""
        found: dict[tuple[str, str], list[tuple[str, tuple[str, ...]]]] = {}
        for (type_, name), mode in self.modes.items():
            for first, *rest in (cue.lower().split() for cue in mode.cues if cue.strip()):
                found.setdefault((type_, first), []).append((name, tuple(rest)))
        return MappingProxyType({key: tuple(cues) for key, cues in found.items()})

    @cached_property
    def act_nouns(self) -> frozenset[str]:
        """Nouns that name an act ("annexation")."""
        return frozenset(lemma for pos, lemma in self.frames if pos == "n")

    @cached_property
    def harmful(self) -> frozenset[str]:
        """Verbs that only name harm done to somebody ("bomb", "seize", "accuse")."""
        kinds: dict[str, set[str]] = {}
        for frame in self.all_frames():
            if frame.pos == "v":
                kinds.setdefault(frame.lemma, set()).add(frame.type)
        return frozenset(lemma for lemma, types in kinds.items() if types <= HARM)

    @cached_property
    def enders(self) -> frozenset[str]:
        """Verbs that stop, cancel or refuse what their object names."""
        return frozenset(e.lemma for e in self.phrasal.values() if e.meaning in {"stop", "cancel", "refuse"})

    @property
    def lemmas(self) -> Iterable[str]:
        """Every lemma of a frame, an embedder, a light verb or a word class."""
        yield from (lemma for _, lemma in self.frames)
        yield from (lemma for _, lemma in self.embedders)
        yield from self.lights
        yield from (lemma for members in self.classes.values() for lemma in members)

    def all_frames(self) -> Iterable[Frame]:
        """Every frame."""
        return (frame for group in self.frames.values() for frame in group)
