"""Articles that were passed over at first look: the mark that they carry, in a module that loads nothing."""

from __future__ import annotations

from typing import Final

import msgspec

from comity.model import Document, Passed

NO_TWO: Final = "no two actors"
NO_ACT: Final = "two actors, but nothing that sounds like dealings between them"
REASONS: Final = (NO_TWO, NO_ACT)


def passed_over(document: Document, reason: str) -> Document:
    """The empty result of an article that is not read, with the reason."""
    whole = Passed(start=0, end=len(document.text), reason=reason)
    return msgspec.structs.replace(document, passed=(whole,))


def why_passed_over(document: Document) -> str | None:
    """The reason for which a document was passed over at first look, None where it was read."""
    whole = (p.reason for p in document.passed if p.reason in REASONS and p.end - p.start == len(document.text))
    return next(whole, None)
