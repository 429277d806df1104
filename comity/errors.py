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
        NoEngine              C234
        ClusterFailed         C235
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
        PasswordNeeded        C250
        BadMergeModel         C251
        BadMergeGold          C252
        NothingToMeasure      C253
        BadDecision           C270
        UnknownDecision       C271
        BadDecisionFile       C272
        NothingDecided        C273
        UnknownDocument       C274
        NoEventFiles          C260
        BadPeriod             C280
        BadSeries             C281

A message says what is wrong, where, and what to do about it.
"""

from __future__ import annotations

from comity.paths import spelled_out


class ComityError(Exception):
    """Base of all errors: a code, the thing it is about, and the fix."""

    code = "C000"

    def __init__(self, message: str, *, about: str = "", fix: str = "") -> None:
        self.message, self.about, self.fix = map(spelled_out, (message, about, fix))
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
    """The file has no bytes, or only blanks."""

    code = "C101"


class BinaryDocument(SkipDocument):
    """The bytes are no text: a picture, a program, a PDF."""

    code = "C102"


class UnknownEncoding(SkipDocument):
    """The encoding of the text cannot be told."""

    code = "C103"


class DocumentTooLarge(SkipDocument):
    """More bytes or characters than one article may have (`max_bytes`, `max_markup`, `max_text`)."""

    code = "C104"


class NestedTooDeep(SkipDocument):
    """A page whose elements, or lists whose lists, lie too deep in one another."""

    code = "C105"


class OtherLanguage(SkipDocument):
    """The text is not English; `--any-language` reads it all the same."""

    code = "C106"


class MissingFile(SkipDocument):
    """There is no such file, folder or pattern."""

    code = "C107"


class UnreadableFile(SkipDocument):
    """The file is there but cannot be read: permissions, or a fault of the disk."""

    code = "C108"


class NoText(SkipDocument):
    """There are no words in it, or no article was found on the page."""

    code = "C109"


class ReaderFailed(SkipDocument):
    """A stage of the reader failed: a fault of Comity, to be reported with the file."""

    code = "C111"


class ReaderCrashed(SkipDocument):
    """The process that read this document was killed, most often for want of memory (`--jobs`)."""

    code = "C112"


class BadUsage(StopRun):
    """The command line or a value is wrong; what is allowed is said."""

    code = "C201"


class BadKnowledge(StopRun):
    """A table of the package is damaged."""

    code = "C202"


class BadModel(StopRun):
    """The network cannot be loaded; install the package again."""

    code = "C203"


class BadActorFile(StopRun):
    """The file of your own actors is wrong; the line is named."""

    code = "C204"


class CannotWrite(StopRun):
    """A file to be written cannot be."""

    code = "C205"


class UnknownKind(SkipDocument):
    """There is nothing to read of this kind."""

    code = "C130"


class DamagedArchive(SkipDocument):
    """A place in an archive is damaged; what follows it is read."""

    code = "C131"


class CutArchive(SkipDocument):
    """An archive or a file ends before its end."""

    code = "C132"


class DamagedRow(SkipDocument):
    """A row or line of a table that cannot be read."""

    code = "C133"


class ArchiveTooLarge(SkipDocument):
    """An archive beyond the limits, or one that grows like a bomb."""

    code = "C134"


class LockedMember(SkipDocument):
    """A member of an archive is encrypted."""

    code = "C135"


class DamagedFeed(SkipDocument):
    """A feed, a list of feeds or a map of a site that cannot be read."""

    code = "C136"


class UnsafeMarkup(SkipDocument):
    """XML that defines entities or could hide them."""

    code = "C137"


class TooManyEntries(SkipDocument):
    """A feed or list with more entries than are allowed."""

    code = "C138"


class NoSuchColumn(SkipDocument):
    """A table lacks a column that was named, or one with texts."""

    code = "C139"


class ForbiddenAddress(SkipDocument):
    """An address that is not fetched: private, local, or of another scheme."""

    code = "C140"


class FetchFailed(SkipDocument):
    """The server or the network failed."""

    code = "C141"


class ForbiddenByRobots(SkipDocument):
    """The robots.txt of the site forbids the page."""

    code = "C142"


class FetchTooLarge(SkipDocument):
    """A page with more bytes than are allowed."""

    code = "C143"


class FetchTooSlow(SkipDocument):
    """A page that took longer than is allowed."""

    code = "C144"


class WrongContent(SkipDocument):
    """The address gives something that is no article."""

    code = "C145"


class TooManyRedirects(SkipDocument):
    """The address leads on too often."""

    code = "C146"


class PartialDocument(SkipDocument):
    """Only a part of the page is there."""

    code = "C147"


class NotThisSet(SkipDocument):
    """The file is none of the event set that was named."""

    code = "C160"


class DamagedEventFile(SkipDocument):
    """A file of an event set that cannot be read to its end."""

    code = "C161"


class NoPlotter(StopRun):
    """Figures need a library that is not installed."""

    code = "C210"


class BadMapping(StopRun):
    """`--map` names no columns."""

    code = "C231"


class NothingToWatch(StopRun):
    """None of the sources is a feed."""

    code = "C232"


class BadWatchState(StopRun):
    """What `comity watch` remembers cannot be read."""

    code = "C233"


class NoRecord(StopRun):
    """There is no record in this folder, or something else is."""

    code = "C220"


class DamagedManifest(StopRun):
    """The list of segments is damaged; `comity check --repair` puts it back."""

    code = "C221"


class DamagedSegment(StopRun):
    """A segment is damaged or gone; see `comity check`."""

    code = "C222"


class RecordBusy(StopRun):
    """Another process is writing to the record."""

    code = "C223"


class RecordNotWritable(StopRun):
    """The record cannot be written: permissions, or a full disk."""

    code = "C224"


class RecordTooNew(StopRun):
    """A newer version of Comity made the record."""

    code = "C225"


class UnknownName(StopRun):
    """No actor or type is called so; what may be meant is said."""

    code = "C226"


class UnknownEvent(StopRun):
    """There is no such event or report."""

    code = "C227"


class RecordOutdated(StopRun):
    """The tables of an older record cannot be brought up to date."""

    code = "C228"


class ReadersDied(StopRun):
    """Reading processes were killed several times in a row; use fewer `--jobs`."""

    code = "C229"


class NoEngine(StopRun):
    """The cluster engine is not installed, or there is no cluster at this address."""

    code = "C234"


class ClusterFailed(StopRun):
    """A round on a cluster failed several times; nothing of it is in the record."""

    code = "C235"


class BadMergeModel(StopRun):
    """The weights of merging do not fit this program."""

    code = "C251"


class BadMergeGold(StopRun):
    """A gold set of merging is damaged."""

    code = "C252"


class NothingToMeasure(StopRun):
    """There are no gold sets or articles here by which to measure."""

    code = "C253"


class NoEventFiles(StopRun):
    """There are no files of events where they were said to be."""

    code = "C260"


class BadPeriod(StopRun):
    """The period is empty, or too long for its steps."""

    code = "C280"


class BadSeries(StopRun):
    """A series of numbers that cannot be analysed."""

    code = "C281"


class BadDecision(StopRun):
    """The decision cannot be made: nothing to change, no such mode, days reversed, no reason, rejected already."""

    code = "C270"


class UnknownDecision(StopRun):
    """There is no such decision, or it was undone before."""

    code = "C271"


class BadDecisionFile(StopRun):
    """The file to import is not as it was exported."""

    code = "C272"


class NothingDecided(StopRun):
    """Nothing was judged in this record yet."""

    code = "C273"


class UnknownDocument(StopRun):
    """There is no such document in the record."""

    code = "C274"


class BadRequest(StopRun):
    """A request to the server, or a setting of it, is wrong."""

    code = "C240"


class TooLong(StopRun):
    """A request with more than is allowed."""

    code = "C241"


class NotAllowed(StopRun):
    """The role does not allow it."""

    code = "C242"


class TooOften(StopRun):
    """More requests a minute than are allowed."""

    code = "C243"


class TooBusy(StopRun):
    """The server is busy; ask again."""

    code = "C244"


class LoginNeeded(StopRun):
    """One must log in."""

    code = "C245"


class DecidedMeanwhile(StopRun):
    """Somebody else decided on this event meanwhile."""

    code = "C246"


class BadUser(StopRun):
    """No such user, or a name or password that cannot be."""

    code = "C247"


class NotFound(StopRun):
    """There is nothing at this address."""

    code = "C248"


class PasswordNeeded(StopRun):
    """The user must set a password of his own before anything else."""

    code = "C250"


class CannotServe(StopRun):
    """The server cannot start: the port is taken, or its files are wrong."""

    code = "C249"
