"""The reader: an ordered list of stages from bytes to events, and the door to all of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from comity.errors import ComityError, ReaderFailed
from comity.knowledge import Knowledge, load, load_actors, with_actors
from comity.knowledge.frames import Lexicon, load_frames
from comity.language.encoder import Encoder, Vectors, annotate
from comity.language.inflection import Inflection
from comity.language.judge import PairJudge
from comity.language.sentences import sentences
from comity.model import Document, Token
from comity.understand.actors import ActorFinder
from comity.understand.dates import find_timexes
from comity.understand.events import EventFinder
from comity.understand.firstlook import FirstLook
from comity.understand.mend import mended
from comity.understand.overlooked import passed_over
from comity.understand.quotes import QuoteFinder
from comity.understand.tense import ClauseTense

Stage = Callable[[Document], Document]


class Reader:
    """Reads documents into events, quotations and dates.

    ``actors`` is a file of a user's own actors (CSV or TOML); with ``judge="none"`` frames alone decide;
    with ``first_look`` articles that can hold no event come back empty, with the reason in ``passed``.
    One reader serves one thread; it keeps nothing of what it has read.
    """

    def __init__(
        self,
        *,
        actors: Path | None = None,
        knowledge: Knowledge | None = None,
        lexicon: Lexicon | None = None,
        encoder: Encoder | None = None,
        judge: PairJudge | Literal["none"] | None = None,
        first_look: bool = False,
    ) -> None:
        known = knowledge or load()
        self.knowledge = with_actors(known, load_actors(actors)) if actors else known
        self.lexicon = lexicon or load_frames()
        self.encoder = encoder or Encoder.load()
        self.judge = None if judge == "none" else judge or PairJudge.load(self.lexicon)
        self.inflection = Inflection(frozenset(self.lexicon.lemmas))
        finder = ActorFinder(self.knowledge, self.lexicon.harmful)
        self.first_look = FirstLook(self.knowledge, finder.gazetteer) if first_look else None
        self.stages: tuple[tuple[str, Stage], ...] = (
            ("sentences", self._split),
            ("encoder", self._parse),
            ("dates", self._dates),
            ("actors", finder),
            ("quotes", QuoteFinder(self.lexicon)),
            ("speakers", finder.speakers),
            ("events", EventFinder(self.lexicon, self.knowledge, self.judge)),
        )

    def __call__(self, document: Document) -> Document:
        """The document with everything found in it."""
        if self.first_look is not None and (reason := self.first_look(document)) is not None:
            return passed_over(document, reason)
        for name, stage in self.stages:
            try:
                document = stage(document)
            except ComityError:
                raise
            except Exception as error:  # a fault of ours must not stop the run: this document is skipped and named
                raise ReaderFailed(
                    f"stage '{name}' failed: {type(error).__name__}: {error}",
                    about=document.name or document.id,
                    fix="please report it with the file",
                ) from error
        return document

    def text(self, text: str, *, published: date | None = None, name: str = "text") -> Document:
        """Read a string as it stands, without looking for a title or a date."""
        return self(Document(id=name, name=name, text=text, published=published))

    def prepare(self, text: str) -> Document:
        """A text with everything but its events."""
        document = Document(id="text", text=text)
        for _, stage in self.stages[:-1]:
            document = stage(document)
        return document

    def row(self, document: Document) -> tuple[tuple[Token, ...], Vectors | None]:
        """All words of a short text as one row, parsed as if they were one sentence, with their vectors."""
        if len(document.sentences) == 1 and document.sentences[0].vectors is not None:
            return document.sentences[0].tokens, document.sentences[0].vectors  # it has been parsed as one already
        words = [t for s in document.sentences for t in s.tokens]
        ((parse, vectors),) = self.encoder.parse_with_vectors([[t.text for t in words]])
        return self.lemmas(annotate(words, parse)), vectors

    def _split(self, document: Document) -> Document:
        return msgspec.structs.replace(document, sentences=sentences(document.text))

    def _parse(self, document: Document) -> Document:
        words = [[t.text for t in s.tokens] for s in document.sentences]
        parses = self.encoder.parse_with_vectors(words)
        parsed = tuple(
            msgspec.structs.replace(s, tokens=self.lemmas(annotate(s.tokens, p)), vectors=v)
            for s, (p, v) in zip(document.sentences, parses, strict=True)
        )
        return msgspec.structs.replace(document, sentences=parsed)

    def lemmas(self, tokens: tuple[Token, ...]) -> tuple[Token, ...]:
        """The parsed words of a sentence with the lemmas that the lexicon knows, and their tree mended."""
        lemmas = [
            msgspec.structs.replace(t, lemma=self.inflection.lemma(t.text, t.upos, t.xpos, t.lemma)) for t in tokens
        ]
        return mended(lemmas, self.lexicon.enders)

    def _dates(self, document: Document) -> Document:
        spans = [(s.start, s.end) for s in document.sentences]
        return msgspec.structs.replace(
            document,
            timexes=find_timexes(
                document.text, document.published, sentences=spans, tense=ClauseTense(document.sentences)
            ),
        )
