"""The lexicon of acts: which words name what act, and what words do to the acts they govern.

The tables ``frames.csv``, ``embedders.csv``, ``light_verbs.csv``, ``word_classes.csv``,
``negative.csv``, ``types.csv`` and ``modes.csv`` in ``data/``; `load_frames` reads and checks them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar, cast

from comity.errors import BadKnowledge
from comity.knowledge.frame_records import (
    UPOS,
    Embedder,
    EventType,
    Frame,
    Lexicon,
    LightVerb,
    Mode,
    Negative,
)
from comity.knowledge.tables import Fault, Row, RowFault, read_table
from comity.model import Status

T = TypeVar("T")

FOLDER: Final = Path(__file__).parent / "data"
POS: Final = tuple(UPOS)
QUADS: Final = ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict")
STATUSES: Final = ("occurred", "announced", "possible", "negated")
EFFECTS: Final = ("same", "occurred", "announced", "possible", "negated", "flip")
MEANINGS: Final = ("do", "stop", "cancel", "start", "refuse", "plan", "possible")
SCOPES: Final = ("obj", "subj", "prep", "mod", "of", "head", "particle", "sentence", "next", "before")
PLACES: Final = frozenset({"subj", "obj", "iobj", "poss", "amod", "compound", "comp", "says", "clause"})

FRAMES: Final = (
    "id", "pos", "lemma", "particle", "object", "prep_object", "type", "mode", "cameo", "source", "target",
    "symmetric", "default_status", "weight", "example", "source_note",
)  # fmt: skip
EMBEDDERS: Final = (
    "id", "pos", "lemma", "particle", "complement", "effect", "who", "own_type", "own_mode", "own_cameo",
    "own_target", "own_status", "weight", "example", "source_note",
)  # fmt: skip
LIGHTS: Final = ("lemma", "particle", "meaning", "effect", "prepositions", "source", "target", "example")
CLASSES: Final = ("class", "lemma")
NEGATIVE: Final = ("lemma", "pos", "scope", "words", "reason", "example")
TYPES: Final = ("type", "quad", "score", "recipient", "cameo", "definition", "example")
MODES: Final = ("type", "mode", "score", "cameo", "definition", "cues")

_MARK = re.compile(r"\[([ST]):([^\[\]]+)\]")


def plain(example: str) -> str:
    """An example without its marks."""
    return _MARK.sub(lambda m: m[2], example)


def marks(example: str) -> tuple[tuple[str, str], ...]:
    """The marked actors of an example: ``("S", "France"), ("T", "Mali")``."""
    return tuple((m[1], m[2]) for m in _MARK.finditer(example))


def load_frames(folder: Path | None = None) -> Lexicon:
    """The lexicon of the folder, checked.  The package's own is read once a process."""
    return _shipped() if folder is None else _load(folder)


@cache
def _shipped() -> Lexicon:
    return _load(FOLDER)


def _load(folder: Path) -> Lexicon:
    faults: list[Fault] = []
    reader = _Reader(folder, faults)
    lexicon = reader.lexicon()
    if faults:
        first, more = faults[0], len(faults) - 1
        message = first.message + (f"; and {more} more" if more else "")
        raise BadKnowledge(message, about=f"{first.file}:{first.line}", fix=first.fix)
    return lexicon


class _Reader:
    """Reads the tables in the order in which they refer to each other."""

    def __init__(self, folder: Path, faults: list[Fault]) -> None:
        self.folder = folder
        self.faults = faults
        self.types: dict[str, EventType] = {}
        self.modes: dict[tuple[str, str], Mode] = {}
        self.classes: dict[str, frozenset[str]] = {}
        self.ids: set[str] = set()

    def lexicon(self) -> Lexicon:
        """All of it; faults are collected on the way."""
        self.types = {t.type: t for t in self._table("types.csv", TYPES, self._type)}
        self.modes = {(m.type, m.mode): m for m in self._table("modes.csv", MODES, self._mode)}
        members: dict[str, set[str]] = {}
        for name, lemma in self._table("word_classes.csv", CLASSES, _member):
            members.setdefault(name, set()).add(lemma)
        self.classes = {name: frozenset(found) for name, found in members.items()}
        lights = self._table("light_verbs.csv", LIGHTS, self._light)
        bare = {light.lemma: light for light in sorted(lights, key=lambda e: bool(e.particle), reverse=True)}
        return Lexicon(
            frames=_grouped(self._table("frames.csv", FRAMES, self._frame), lambda f: (f.pos, f.lemma)),
            embedders=_grouped(self._table("embedders.csv", EMBEDDERS, self._embedder), lambda e: (e.pos, e.lemma)),
            lights=MappingProxyType(bare),
            phrasal=MappingProxyType({(light.lemma, light.particle): light for light in lights}),
            classes=MappingProxyType(self.classes),
            negatives=_grouped(self._table("negative.csv", NEGATIVE, self._negative), lambda n: n.lemma),
            types=MappingProxyType(self.types),
            modes=MappingProxyType(self.modes),
        )

    def _table(self, name: str, columns: Sequence[str], build: Callable[[Row], T]) -> tuple[T, ...]:
        return read_table(self.folder / name, columns, build, self.faults)

    def _type(self, row: Row) -> EventType:
        return EventType(
            type=row.need("type"), quad=row.one_of("quad", QUADS), score=row.number("score", -10, 10),
            recipient=row.yes("recipient"), cameo=row.text("cameo"), definition=row.need("definition"),
            example=_example(row),
        )  # fmt: skip

    def _mode(self, row: Row) -> Mode:
        return Mode(
            type=row.one_of("type", tuple(self.types)), mode=row.need("mode"),
            score=row.number("score", -10, 10), cameo=row.text("cameo"), definition=row.need("definition"),
            cues=row.many("cues"),
        )  # fmt: skip

    def _frame(self, row: Row) -> Frame:
        kind, mode = self._kind(row, "type", "mode")
        return Frame(
            id=self._id(row), pos=row.one_of("pos", POS), lemma=_lemma(row), particle=row.text("particle"),
            object=self._constraints(row.many("object")), prep_object=self._prepositions(row),
            type=kind, mode=mode, cameo=_cameo(row, "cameo"), source=_places(row, "source") or ("subj",),
            target=_places(row, "target"), symmetric=row.text("symmetric") == "1",
            default_status=_status(row, "default_status"), weight=row.number("weight", 0, 1),
            example=_example(row),
        )  # fmt: skip

    def _embedder(self, row: Row) -> Embedder:
        kind, mode = self._kind(row, "own_type", "own_mode") if row.text("own_type") else ("", "")
        return Embedder(
            id=self._id(row), pos=row.one_of("pos", POS), lemma=_lemma(row), particle=row.text("particle"),
            complement=row.many("complement") or ("any",), effect=row.one_of("effect", EFFECTS),
            who=row.one_of("who", ("subj", "obj", "none")), own_type=kind, own_mode=mode,
            own_cameo=_cameo(row, "own_cameo"), own_target=_places(row, "own_target"),
            own_status=_status(row, "own_status"), weight=row.number("weight", 0, 1), example=_example(row),
        )  # fmt: skip

    def _light(self, row: Row) -> LightVerb:
        return LightVerb(
            lemma=_lemma(row), particle=row.text("particle"), meaning=row.one_of("meaning", MEANINGS),
            effect=row.one_of("effect", EFFECTS), prepositions=row.many("prepositions"),
            source=_places(row, "source"), target=_places(row, "target"), example=_example(row),
        )  # fmt: skip

    def _negative(self, row: Row) -> Negative:
        scope, _, detail = row.need("scope").partition(":")
        if scope not in SCOPES:
            raise RowFault(f"scope {scope!r} is unknown", f"use one of {', '.join(SCOPES)}")
        words: set[str] = set()
        for word in row.many("words"):
            words |= self._class(word) if word.startswith("@") else {word}
        if not words:
            raise RowFault("column 'words' is empty", "fill in words")
        return Negative(
            lemma=_lemma(row), pos=row.one_of("pos", POS), scope=scope, detail=detail, words=frozenset(words),
            reason=row.need("reason"), example=row.need("example"),
        )  # fmt: skip

    def _kind(self, row: Row, type_column: str, mode_column: str) -> tuple[str, str]:
        kind, mode = row.one_of(type_column, tuple(self.types)), row.text(mode_column)
        if mode and (kind, mode) not in self.modes:
            known = [m for t, m in self.modes if t == kind]
            raise RowFault(f"{kind} has no mode {mode!r}", f"use one of {', '.join(known) or 'none'}")
        return kind, mode

    def _id(self, row: Row) -> str:
        value = row.need("id")
        if value in self.ids:
            raise RowFault(f"id {value!r} is used twice", "make ids unique")
        self.ids.add(value)
        return value

    def _class(self, name: str) -> frozenset[str]:
        found = self.classes.get(name[1:])
        if found is None:
            raise RowFault(f"class {name!r} is unknown", "add it to word_classes.csv")
        return found

    def _constraints(self, values: Iterable[str]) -> tuple[str, ...]:
        out = []
        for value in values:
            plain_value = "!actor" if value == "!@actor" else value
            if plain_value.startswith("!") and plain_value not in {"!actor", "!none"}:
                raise RowFault(f"constraint {value!r} is unknown", "use !@actor or !none")
            if plain_value.startswith("@"):
                self._class(plain_value)
            out.append(plain_value)
        return tuple(out)

    def _prepositions(self, row: Row) -> tuple[str, ...]:
        out = []
        for value in row.many("prep_object"):
            preposition, colon, thing = value.partition(":")
            if not preposition or not preposition.replace(" ", "").isalpha():
                raise RowFault(f"prep_object {value!r} is unclear", "write preposition:thing")
            out.append(preposition + colon + "".join(self._constraints([thing] if thing else [])))
        return tuple(out)


def _member(row: Row) -> tuple[str, str]:
    return row.need("class").lstrip("@"), row.need("lemma").lower()


def _lemma(row: Row) -> str:
    value = row.need("lemma")
    if value != value.lower():
        raise RowFault(f"lemma {value!r} has capitals", "write it in lower case")
    return value


def _places(row: Row, column: str) -> tuple[str, ...]:
    values = row.many(column)
    for value in values:
        name, _, detail = value.partition(":")
        if (name == "prep" and detail) or value in PLACES or value.replace(" ", "").isalpha():
            continue
        raise RowFault(f"{column} {value!r} is no place", "use subj, obj, iobj, poss, comp or prep:word")
    return values


def _status(row: Row, column: str) -> Status | None:
    return cast(Status, row.one_of(column, STATUSES)) if row.text(column) else None


def _cameo(row: Row, column: str) -> str:
    value = row.text(column)
    if value and not (value.isdigit() and 2 <= len(value) <= 4):
        raise RowFault(f"{column} {value!r} is no code", "use two to four digits")
    return value


def _example(row: Row) -> str:
    value = row.need("example")
    rest = _MARK.sub("", value)
    if "[" in rest or "]" in rest:
        raise RowFault("the marks of the example are broken", "write [S:name] and [T:name]")
    return value


K = TypeVar("K")


def _grouped(rows: Iterable[T], key: Callable[[T], K]) -> Mapping[K, tuple[T, ...]]:
    groups: dict[K, list[T]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return MappingProxyType({k: tuple(v) for k, v in groups.items()})


__all__ = [
    "Embedder", "EventType", "Frame", "Lexicon", "LightVerb", "Mode", "Negative", "load_frames", "marks",
    "plain",
]  # fmt: skip
