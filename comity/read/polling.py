"""Polling feeds: what is new since last time, asked for politely, remembered in a small file."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from comity.errors import BadWatchState, CannotWrite, FetchFailed, FetchTooSlow, NothingToWatch, SkipDocument
from comity.read.blob import Blob
from comity.read.feeds import read_opml
from comity.read.fetch.client import Fetcher
from comity.read.item import Item, ItemOptions
from comity.read.items import Opener
from comity.read.kinds import guess, is_url

STATE_FILE = "watch.json"
_MOST_KNOWN = 5_000
_LONGEST = 24 * 3600.0


class FeedState(msgspec.Struct):
    """What is remembered of one feed: its validators, the keys given lately, and failures in a row.

    ``ready`` is the time (seconds since 1970) before which it is left alone.
    """

    etag: str = ""
    modified: str = ""
    known: list[str] = msgspec.field(default_factory=list)
    failures: int = 0
    ready: float = 0.0


class Poll(msgspec.Struct):
    """What one look at one feed brought: new items, or why there are none."""

    feed: str
    items: list[Item]
    told: str = ""
    error: SkipDocument | None = None


class Watcher:
    """Looks at feeds again and again.

    ``folder`` keeps the state.  A feed is remembered only by `keep`, which is
    called when its items are safe: what was not kept comes again.
    """

    def __init__(
        self,
        feeds: Sequence[str],
        folder: Path,
        options: ItemOptions,
        *,
        fetcher: Fetcher | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.feeds = list(dict.fromkeys(feeds))
        self.path = folder / STATE_FILE
        self.options = options
        self.fetcher = fetcher or Fetcher(options.fetch)
        self.state = self._load()
        self._now = now

    def polls(self, every: float) -> Iterator[Poll]:
        """One look at each feed whose turn it is; ``every`` is seconds, and back-off doubles from there."""
        for feed in self.feeds:
            if self.state.get(feed, FeedState()).ready <= self._now():
                yield self.poll(feed, every)

    def poll(self, feed: str, every: float) -> Poll:
        """Look at one feed: a conditional request, then what was not given before."""
        state = self.state.setdefault(feed, FeedState())
        headers = {"if-none-match": state.etag} if state.etag else {}
        headers |= {"if-modified-since": state.modified} if state.modified else {}
        try:
            answer = self.fetcher.get(feed, headers=headers)
        except SkipDocument as error:
            return self._failed(feed, state, error, every)
        state.failures, state.ready = 0, 0.0
        if answer.status == 304:
            return Poll(feed, [], "nothing new")
        opener = Opener(self.options, self.fetcher)
        items = list(opener.fetched(feed, answer))
        errors = [i.error for i in items if i.error is not None]
        if errors and len(errors) == len(items):
            return self._failed(feed, state, errors[0], every)
        state.etag = answer.headers.get("etag", "")
        state.modified = answer.headers.get("last-modified", "")
        known = set(state.known)
        new = [item for item in items if item.key not in known]
        return Poll(feed, new, f"{len(new)} new of {len(items)}")

    def keep(self, poll: Poll) -> None:
        """Remember what a look brought, now that it is safe; a page that could not be had for now comes again."""
        if poll.error is None:
            state = self.state[poll.feed]
            safe = [i.key for i in poll.items if not isinstance(i.fault, FetchFailed | FetchTooSlow)]
            state.known = list(dict.fromkeys([*safe, *state.known]))[:_MOST_KNOWN]
            if len(safe) < len(poll.items):
                state.etag = state.modified = ""
        self._save()

    def _failed(self, feed: str, state: FeedState, error: SkipDocument, every: float) -> Poll:
        state.failures += 1
        pause = min(_LONGEST, max(every, 60.0) * 2.0 ** min(state.failures, 12))
        state.ready = self._now() + pause
        return Poll(feed, [], f"left alone for {pause / 60:.0f} minutes", error)

    def _load(self) -> dict[str, FeedState]:
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=dict[str, FeedState])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.DecodeError) as error:
            fix = "delete it: feeds are then read anew, and nothing is stored twice"
            raise BadWatchState(
                f"the state of watching cannot be read: {error}", about=str(self.path), fix=fix
            ) from None

    def _save(self) -> None:
        """Write the state as a whole: a new file takes the place of the old one."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            partial = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
            partial.write_bytes(msgspec.json.format(msgspec.json.encode(self.state), indent=1))
            partial.replace(self.path)
        except OSError as error:
            told = f"cannot be written: {error.strerror}"
            raise CannotWrite(told, about=str(self.path), fix="choose another folder with --record") from None


def feeds_of(sources: Sequence[str], options: ItemOptions, fetcher: Fetcher) -> list[str]:
    """The addresses of feeds that sources name: addresses themselves, and OPML files or addresses of some.

    Raises `NothingToWatch` where there are none.
    """
    feeds: list[str] = []
    for source in sources:
        try:
            if is_url(source) and not source.lower().endswith(".opml"):
                feeds.append(source)
                continue
            blob = Blob.of_file(Path(source))
            if is_url(source):
                blob = Blob.of_bytes(f"url:{source}", source, source, fetcher.get(source).body)
            if guess(source, blob.head()).kind != "opml":
                raise FetchFailed("this is no list of feeds (OPML)", about=source)
            with blob.open() as stream:
                feeds += read_opml(stream, source, options.limits)
        except SkipDocument as error:
            raise NothingToWatch(error.message, about=source, fix="give addresses of feeds, or an OPML file") from None
    if not feeds:
        raise NothingToWatch(
            "no feed is named", about=", ".join(sources), fix="give addresses of feeds, or an OPML file"
        )
    return feeds
