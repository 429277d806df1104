"""Quotations and reported speech: what was said, by whom, to whom, with which cue."""

from __future__ import annotations

import msgspec

from comity.knowledge.frames import Lexicon
from comity.model import Document
from comity.understand.quotes.direct import DirectFinder, join
from comity.understand.quotes.reported import ReportedFinder
from comity.understand.quotes.view import View
from comity.understand.quotes.voices import as_speaker


class QuoteFinder:
    """Finds direct quotations and reported speech in a parsed document with mentions."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def __call__(self, document: Document) -> Document:
        """The document with its quotations, in the order of the text."""
        if not document.sentences:
            return document
        view = View(document, self.lexicon)
        direct = DirectFinder(view).find()
        reported = ReportedFinder(view).find(direct)
        quotes = sorted([*direct, *reported], key=lambda q: (q.start, -q.end))
        return msgspec.structs.replace(document, quotes=tuple(quotes))


__all__ = ["QuoteFinder", "as_speaker", "join"]
