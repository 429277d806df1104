"""A reader that is kept warm in a process of its own, so that reading never makes other answers wait."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Protocol

from comity.errors import ReaderFailed, SkipDocument, TooBusy
from comity.model import Document
from comity.record.reading import ReaderFactory, Skip

Made = Callable[[Document], Document]


class Warm(Protocol):
    """Reads documents."""

    def read(self, document: Document) -> Document:
        """The document with everything found in it.  Raises `SkipDocument`, `TooBusy`."""

    def close(self) -> None:
        """End it."""


class WarmReader:
    """One reader in a process of its own, begun when first asked and again when it had to be ended.

    ``waiting`` callers may stand in line; a text that takes more than ``seconds`` is given up, and the process with it.
    """

    def __init__(self, seconds: float, waiting: int, factory: Callable[[], Made] | None = None) -> None:
        self.seconds = seconds
        self._factory = factory or ReaderFactory()
        self._turn = threading.Lock()
        self._line = threading.BoundedSemaphore(waiting + 1)
        self._process: Any = None
        self._pipe: Any = None

    def warm(self) -> None:
        """Begin the process, if it does not run."""
        with self._turn:
            self._begin()

    def read(self, document: Document) -> Document:
        """See `Warm`."""
        if not self._line.acquire(blocking=False):
            raise TooBusy("too many texts wait to be read", fix="try again in a few seconds")
        try:
            with self._turn:
                return self._read(document)
        finally:
            self._line.release()

    def _read(self, document: Document) -> Document:
        self._begin()
        try:
            self._pipe.send(document)
            if not self._pipe.poll(self.seconds):
                self._end()
                raise TooBusy(f"the text was not read within {self.seconds:g} seconds", fix="give a shorter text")
            found = self._pipe.recv()
        except (EOFError, OSError):
            self._end()
            raise ReaderFailed("the reading process ended", fix="try again; please report the text") from None
        if isinstance(found, Skip):
            raise skipped(found)
        assert isinstance(found, Document)
        return found

    def _begin(self) -> None:
        if self._process is not None and self._process.is_alive():
            return
        context = get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, self._factory), daemon=True, name="comity-reader")
        self._process.start()
        other.close()

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._pipe.close()
            self._process = None

    def close(self) -> None:
        """End the process."""
        with self._turn:
            self._end()


def skipped(skip: Skip) -> SkipDocument:
    """The error that a reading process told of."""
    kinds = {k.code: k for k in _below(SkipDocument)}
    return kinds.get(skip.code, SkipDocument)(skip.message, about=skip.about, fix=skip.fix)


def _below(kind: type[SkipDocument]) -> list[type[SkipDocument]]:
    return [k for one in kind.__subclasses__() for k in (one, *_below(one))]


def _serve(pipe: Connection, factory: Callable[[], Made]) -> None:
    """The reading process: a document in, a document or the reason for none out, until the other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server decides when to stop
    reader = factory()
    while True:
        try:
            document = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(_answer(reader, document))


def _answer(reader: Made, document: Document) -> Document | Skip:
    import msgspec

    try:
        found = reader(document)
    except SkipDocument as error:
        return Skip(code=error.code, message=error.message, about=error.about, fix=error.fix)
    sentences = tuple(msgspec.structs.replace(s, tokens=(), vectors=None) for s in found.sentences)
    return msgspec.structs.replace(found, sentences=sentences)
