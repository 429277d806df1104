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
        ReaderCrashed         C112
        UnknownKind           C130
        DamagedArchive        C131
        CutArchive            C132
        DamagedRow            C133
        ArchiveTooLarge       C134
        LockedMember          C135
        DamagedFeed           C136
        UnsafeMarkup          C137
        TooManyEntries        C138
        NoSuchColumn          C139
        ForbiddenAddress      C140
        FetchFailed           C141
        ForbiddenByRobots     C142
        FetchTooLarge         C143
        FetchTooSlow          C144
        WrongContent          C145
        TooManyRedirects      C146
        PartialDocument       C147
        NotThisSet            C160
        DamagedEventFile      C161
      StopRun           nothing more can be read
        BadUsage              C201
        BadKnowledge          C202
        BadModel              C203
        BadActorFile          C204
        CannotWrite           C205
        NoPlotter             C210
        BadMapping            C231
        NothingToWatch        C232
        BadWatchState         C233
        NoRecord              C220
        DamagedManifest       C221
        DamagedSegment        C222
        RecordBusy            C223
        RecordNotWritable     C224
        RecordTooNew          C225
        UnknownName           C226
        UnknownEvent          C227
        RecordOutdated        C228
        ReadersDied           C229
        BadRequest            C240
        TooLong               C241
        NotAllowed            C242
        TooOften              C243
        TooBusy               C244
        LoginNeeded           C245
        DecidedMeanwhile      C246
        BadUser               C247
        NotFound              C248
        CannotServe           C249
        BadMergeModel         C251
        BadMergeGold          C252
        BadDecision           C270
        UnknownDecision       C271
        BadDecisionFile       C272
        NothingDecided        C273
        NoEventFiles          C260
        BadPeriod             C280
        BadSeries             C281

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


class ReaderCrashed(SkipDocument):
    code = "C112"


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


class UnknownKind(SkipDocument):
    code = "C130"


class DamagedArchive(SkipDocument):
    code = "C131"


class CutArchive(SkipDocument):
    code = "C132"


class DamagedRow(SkipDocument):
    code = "C133"


class ArchiveTooLarge(SkipDocument):
    code = "C134"


class LockedMember(SkipDocument):
    code = "C135"


class DamagedFeed(SkipDocument):
    code = "C136"


class UnsafeMarkup(SkipDocument):
    code = "C137"


class TooManyEntries(SkipDocument):
    code = "C138"


class NoSuchColumn(SkipDocument):
    code = "C139"


class ForbiddenAddress(SkipDocument):
    code = "C140"


class FetchFailed(SkipDocument):
    code = "C141"


class ForbiddenByRobots(SkipDocument):
    code = "C142"


class FetchTooLarge(SkipDocument):
    code = "C143"


class FetchTooSlow(SkipDocument):
    code = "C144"


class WrongContent(SkipDocument):
    code = "C145"


class TooManyRedirects(SkipDocument):
    code = "C146"


class PartialDocument(SkipDocument):
    code = "C147"


class NotThisSet(SkipDocument):
    code = "C160"


class DamagedEventFile(SkipDocument):
    code = "C161"


class NoPlotter(StopRun):
    code = "C210"


class BadMapping(StopRun):
    code = "C231"


class NothingToWatch(StopRun):
    code = "C232"


class BadWatchState(StopRun):
    code = "C233"


class NoRecord(StopRun):
    code = "C220"


class DamagedManifest(StopRun):
    code = "C221"


class DamagedSegment(StopRun):
    code = "C222"


class RecordBusy(StopRun):
    code = "C223"


class RecordNotWritable(StopRun):
    code = "C224"


class RecordTooNew(StopRun):
    code = "C225"


class UnknownName(StopRun):
    code = "C226"


class UnknownEvent(StopRun):
    code = "C227"


class RecordOutdated(StopRun):
    code = "C228"


class ReadersDied(StopRun):
    code = "C229"


class BadMergeModel(StopRun):
    code = "C251"


class BadMergeGold(StopRun):
    code = "C252"


class NoEventFiles(StopRun):
    code = "C260"


class BadPeriod(StopRun):
    code = "C280"


class BadSeries(StopRun):
    code = "C281"


class BadDecision(StopRun):
    code = "C270"


class UnknownDecision(StopRun):
    code = "C271"


class BadDecisionFile(StopRun):
    code = "C272"


class NothingDecided(StopRun):
    code = "C273"


class BadRequest(StopRun):
    code = "C240"


class TooLong(StopRun):
    code = "C241"


class NotAllowed(StopRun):
    code = "C242"


class TooOften(StopRun):
    code = "C243"


class TooBusy(StopRun):
    code = "C244"


class LoginNeeded(StopRun):
    code = "C245"


class DecidedMeanwhile(StopRun):
    code = "C246"


class BadUser(StopRun):
    code = "C247"


class NotFound(StopRun):
    code = "C248"


class CannotServe(StopRun):
    code = "C249"
