"""Every error that leaves the library, as one tree with stable codes.

    ComityError
      SkipDocument      this document cannot be read; the run goes on
        EmptyDocument         C101
        BinaryDocument        C102
        UnknownEncoding       C103
        DocumentTooLarge      C104
        NestedTooDeep         C105
        OtherLanguage         C106
        MissingFile           C107
        UnreadableFile        C108
        NoText                C109
        BadDate               C110
        ReaderFailed          C111
      StopRun           nothing more can be read
        BadUsage              C201
        BadKnowledge          C202
        BadModel              C203
        BadActorFile          C204
        CannotWrite           C205

A message says what is wrong, where, and what to do about it.
"""

from __future__ import annotations


class ComityError(Exception):
    """Base of all errors: a code, the thing it is about, and the fix."""

    code = "C000"

    def __init__(self, message: str, *, about: str = "", fix: str = "") -> None:
        self.message = message
        self.about = about
        self.fix = fix
        super().__init__(str(self))

    def __str__(self) -> str:
        where = f"{self.about}: " if self.about else ""
        fix = f" ({self.fix})" if self.fix else ""
        return f"[{self.code}] {where}{self.message}{fix}"


class SkipDocument(ComityError):
    """This one document cannot be read; others can."""

    code = "C100"


class StopRun(ComityError):
    """The run cannot go on."""

    code = "C200"


class EmptyDocument(SkipDocument):
    code = "C101"


class BinaryDocument(SkipDocument):
    code = "C102"


class UnknownEncoding(SkipDocument):
    code = "C103"


class DocumentTooLarge(SkipDocument):
    code = "C104"


class NestedTooDeep(SkipDocument):
    code = "C105"


class OtherLanguage(SkipDocument):
    code = "C106"


class MissingFile(SkipDocument):
    code = "C107"


class UnreadableFile(SkipDocument):
    code = "C108"


class NoText(SkipDocument):
    code = "C109"


class BadDate(SkipDocument):
    code = "C110"


class ReaderFailed(SkipDocument):
    code = "C111"


class BadUsage(StopRun):
    code = "C201"


class BadKnowledge(StopRun):
    code = "C202"


class BadModel(StopRun):
    code = "C203"


class BadActorFile(StopRun):
    code = "C204"


class CannotWrite(StopRun):
    code = "C205"
