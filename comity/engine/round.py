"""One round as a data flow: open, drop what is known, read, write, find stories and events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from comity.engine import islands, known, stages
from comity.engine.flow import Flow, components
from comity.engine.records import Opened, Settings, Told, Work, packed
from comity.model import Document
from comity.record.add import Factory, Summary
from comity.record.decided.rulings import ReportRulings
from comity.record.index import Database
from comity.record.manifest import Manifest, Segment
from comity.record.merge import Ruling, StoryRow
from comity.record.merge.score import Scorer
from comity.record.reading import Skip
from comity.record.rows import story_columns
from comity.record.segments import FOLDER

TOGETHER: Final = 4
"""Documents that a reading process takes at a time."""
SEGMENT: Final = 2_000
"""Documents whose rows are written together."""


class Made(msgspec.Struct):
    """What a round leaves to the head."""

    segments: list[Segment]
    skipped: list[dict[str, Any]]
    summary: Summary


class Reading:
    """The reader of one process: made once, where the process begins."""

    def __init__(self, factory: Factory) -> None:
        self.reader: Callable[[Document], Document] = factory()

    def read(self, bodies: Any) -> list[bytes]:
        """Prepared documents, read."""
        return [stages.read_body(self.reader, body) for body in bodies.to_pylist()]


class Round:
    """One round; its tables lie in the folder of the flow until it is over."""

    def __init__(
        self, flow: Flow, settings: Settings, factory: Factory, database: Database, ruled: ReportRulings | None
    ) -> None:
        self.flow = flow
        self.settings = settings
        self.factory = factory
        self.database = database
        self.ruled = ruled
        self.col = flow.daft.col
        self.type = flow.daft.DataType
        self.segments: list[str] = []
        self.summary = Summary()
        self.skipped: list[dict[str, Any]] = []

    def run(self, manifest: Manifest, listed: Sequence[Work]) -> Made:
        """The round from sources to segments, of which nothing counts before they are named in the manifest."""
        opened = self._opened(listed)
        new = self._new(manifest, opened) if opened is not None else None
        read = self._read(new) if new is not None else None
        if read is not None:
            self._write_documents(read)
            stories, moved = self._stories(read)
            self._events(read, stories, moved)
        self.summary.read = self.summary.kept + self.summary.duplicate + sum(self.summary.skipped.values())
        segments = {s: msgspec.json.decode(s, type=Segment) for s in self.segments}
        return Made(segments=list(segments.values()), skipped=self.skipped, summary=self.summary)

    # -- documents

    def _opened(self, listed: Sequence[Work]) -> Any | None:
        """Every input, prepared; those that cannot be opened are noted."""
        t, settings = self.type, self.settings
        strings = {name: t.string() for name in ("key", "content", "id")}
        row = t.struct({"order": t.int64(), **strings, "body": t.binary()})

        def open_all(listed: list[bytes]) -> Iterator[list[stages.Row]]:
            for data in listed:
                yield list(stages.open_work(msgspec.msgpack.decode(data, type=Work), settings))

        frame = self.flow.frame({"work": [packed(w) for w in listed]})
        if self.flow.spread:
            frame = frame.into_partitions(min(len(listed), self.flow.shards))
        rows = frame.select(self.flow.apply(open_all, t.list(row), self.col("work"), batch=1).alias("row"))
        opened = self.flow.keep("opened", rows.explode("row").where(self.col("row").not_null()).select(
            *[self.col("row")[name].alias(name) for name in ("order", "key", "content", "id", "body")]
        ))  # fmt: skip
        if opened is not None:
            for body in opened.where(self.col("id").is_null()).select("body").to_pydict()["body"]:
                told = msgspec.msgpack.decode(body, type=Opened)
                if told.skip is not None:
                    self._skip(told.key, told.content, told.skip)
        return opened

    def _skip(self, key: str, content: str, skip: Skip) -> None:
        self.summary.skipped[skip.code] = self.summary.skipped.get(skip.code, 0) + 1
        row = {"key": key, "content_hash": content, "run": self.settings.run, "code": skip.code}
        self.skipped.append({**row, "message": skip.message, "fix": skip.fix})

    def _new(self, manifest: Manifest, opened: Any) -> Any | None:
        """Documents that are neither in the record nor earlier in the round."""
        col = self.col
        told = opened.where(col("id").not_null())
        inputs, documents = (self._committed(manifest, name) for name in ("inputs", "documents"))
        if inputs is not None:
            before = told.count_rows()
            seen = inputs.select(col("key"), col("content_hash").alias("content")).distinct()
            told = told.join(seen, on=["key", "content"], how="anti")
            self.summary.known += before - told.count_rows()
        ids = told.select("order", "id")
        first = ids.groupby("id").agg(col("order").min().alias("order"))
        if documents is not None:
            first = first.join(documents.select("id"), on="id", how="anti")
        first = self.flow.keep("first", first.select("order"))
        doubles = told if first is None else told.join(first, on="order", how="anti")
        self._doubles(doubles.select("key", "content", "id"))
        return None if first is None else told.join(first, on="order", how="semi").select("order", "body")

    def _committed(self, manifest: Manifest, name: str) -> Any | None:
        """A table of the record, from its segments; removed rows are left out."""
        files = [str(Path(self.settings.folder) / FOLDER / s.file) for s in manifest.of(name)]
        return self.flow.daft.read_parquet(files).where(self.col("deleted").is_null()) if files else None

    def _doubles(self, rows: Any) -> None:
        settings = self.settings

        def write(keys: list[str], contents: list[str], ids: list[str]) -> Iterator[list[str]]:
            made = list(stages.write_duplicates(zip(keys, contents, ids, strict=True), settings))
            yield from [made, *([[]] * (len(keys) - 1))]

        doubles = self.flow.keep("doubles", rows)
        if doubles is not None:
            self.summary.duplicate += doubles.count_rows()
            columns = [self.col(n) for n in ("key", "content", "id")]
            self._written("double-rows", doubles.select(self._segments(write, *columns)))

    def _segments(self, write: Callable[..., Any], *columns: Any) -> Any:
        strings = self.type.list(self.type.string())
        return self.flow.apply(write, strings, *columns, batch=SEGMENT).alias("segments")

    def _written(self, name: str, frame: Any) -> None:
        """Have segments written, and note them."""
        found = self.flow.keep(name, frame.explode("segments").where(self.col("segments").not_null()))
        if found is not None:
            self.segments += found.to_pydict()["segments"]

    def _read(self, new: Any) -> Any | None:
        """The new documents, read; those that cannot be read are noted, the others counted."""
        t, flow = self.type, self.flow
        method = flow.daft.method.batch(return_dtype=t.binary(), batch_size=TOGETHER)
        kind = type("Reading", (Reading,), {"read": method(Reading.read)})
        reading = flow.daft.cls(kind, max_concurrency=flow.workers, use_process=True)(self.factory)
        spread = flow.keep("new", flow.evenly(new))
        if spread is None:
            return None
        told = reading.read(self.col("body")).alias("body")
        read = flow.keep("read", flow.evenly(spread).select(self.col("order"), told))
        if read is not None:
            self._tally(read)
        return read

    def _tally(self, read: Any) -> None:
        t = self.type
        kind = t.struct({"skip": t.binary(), "passed_over": t.string(), "reports": t.int64(), "quotations": t.int64()})

        def tally(bodies: list[bytes]) -> list[stages.Row]:
            return [stages.tally(body) for body in bodies]

        told = read.select(self.flow.apply(tally, kind, self.col("body")).alias("t")).to_pydict()["t"]
        for row in told:
            if row["skip"] is not None:
                key, content, _, skip = msgspec.msgpack.decode(row["skip"])
                self._skip(key, content, msgspec.convert(skip, Skip))
        kept = [row for row in told if row["skip"] is None]
        self.summary.kept += len(kept)
        self.summary.reports += sum(row["reports"] for row in kept)
        self.summary.quotations += sum(row["quotations"] for row in kept)
        self.summary.passed_over.update(Counter(row["passed_over"] for row in kept if row["passed_over"]))

    def _write_documents(self, read: Any) -> None:
        settings = self.settings

        def write(bodies: list[bytes]) -> Iterator[list[str]]:
            yield from [list(stages.write_documents(bodies, settings)), *([[]] * (len(bodies) - 1))]

        self._written("written", read.select(self._segments(write, self.col("body"))))

    # -- stories

    def _stories(self, read: Any) -> tuple[Any | None, list[str]]:
        """The story of every document of the round and of those of the record that they join, as a table (``document``,
        ``story``); and the documents of the record whose story has changed."""
        t, flow, col = self.type, self.flow, self.col
        kind = t.struct({"document": t.string(), "marks": t.list(t.string()), "story": t.binary()})

        def rows(bodies: list[bytes]) -> list[stages.Row | None]:
            return [stages.story_of(body) for body in bodies]

        made = read.select(flow.apply(rows, kind, col("body")).alias("s")).where(col("s").not_null())
        new = flow.keep("stories", made.select(*[col("s")[n].alias(n) for n in ("document", "marks", "story")]))
        if new is None:
            return None, []
        old = known.stories_near(self.database, flow.folder)
        everything = new
        if old:
            everything = new.concat(flow.frame({
                "document": [r.document for r in old], "marks": [list(r.marks) for r in old],
                "story": [packed(r) for r in old],
            }))  # fmt: skip
        edges = self._like(everything, {r.document for r in old})
        if old:
            held = flow.frame({"a": [r.document for r in old], "b": ["d-" + r.story.removeprefix("s-") for r in old]})
            edges = held if edges is None else edges.concat(held)
        roots = components(flow, "story", edges) if edges is not None else None
        named = self._named(everything, roots)
        return self._write_stories(named, old)

    def _like(self, everything: Any, old: set[str]) -> Any | None:
        """Pairs of documents of one story, of which one at least is new."""
        t, flow, col = self.type, self.flow, self.col
        pair = t.struct({"a": t.string(), "b": t.string()})

        def pairs(marks: list[str], documents: list[str]) -> Iterator[stages.Row]:
            by_mark: dict[str, list[str]] = {}
            for mark, document in zip(marks, documents, strict=True):
                by_mark.setdefault(mark, []).append(document)
            for mark, named in by_mark.items():
                yield from ({"a": a, "b": b} for a, b in islands.pairs_of_mark(mark, named) if not {a, b} <= old)

        marked = everything.select("document", "marks").explode("marks").with_column("shard", flow.shard("marks"))
        found = marked.groupby("shard").map_groups(flow.of_group(pairs, pair, col("marks"), col("document")).alias("p"))
        beside = flow.keep("beside", found.explode("p").where(col("p").not_null()).select(
            col("p")["a"].alias("a"), col("p")["b"].alias("b")
        ).distinct())  # fmt: skip
        if beside is None:
            return None

        def alike(left: list[bytes], right: list[bytes]) -> list[bool]:
            sides = ([stages.story_from(data) for data in side] for side in (left, right))
            return [bool(islands.like([a], [b])) for a, b in zip(*sides, strict=True)]

        bodies = everything.select("document", "story")
        joined = beside.join(bodies, left_on="a", right_on="document").select("a", "b", col("story").alias("left"))
        joined = joined.join(bodies, left_on="b", right_on="document").select("a", "b", "left", "story")
        kept = joined.where(flow.apply(alike, t.bool(), col("left"), col("story")))
        return flow.keep("like", kept.select("a", "b"))

    def _named(self, everything: Any, roots: Any | None) -> Any:
        """Every document with the smallest one of its story."""
        col = self.col
        if roots is None:
            return everything.select("document", "story", col("document").alias("root"))
        joined = everything.join(roots, left_on="document", right_on="a", how="left")
        return joined.select("document", "story", col("root").fill_null(col("document")).alias("root"))

    def _write_stories(self, named: Any, old: Sequence[StoryRow]) -> tuple[Any | None, list[str]]:
        settings, col = self.settings, self.col
        before = {r.document: r.story for r in old}

        def write(bodies: list[bytes], roots: list[str]) -> Iterator[list[str]]:
            rows = []
            for data, root in zip(bodies, roots, strict=True):
                row = msgspec.structs.replace(stages.story_from(data), story="s-" + root.removeprefix("d-"))
                if before.get(row.document) != row.story:
                    rows.append(story_columns(row))
            yield from [list(stages.written({"stories": rows}, settings)), *([[]] * (len(bodies) - 1))]

        named = self.flow.keep("named", named)
        if named is None:
            return None, []
        self._written("story-rows", named.select(self._segments(write, col("story"), col("root"))))
        stories = named.select(col("document"), ("s-" + col("root").substr(2)).alias("story"))
        moved = []
        if old:
            told = stories.where(col("document").is_in(list(before))).to_pydict()
            moved = [d for d, s in zip(told["document"], told["story"], strict=True) if before.get(d) != s]
        return stories, moved

    # -- events

    def _events(self, read: Any, stories: Any | None, moved: Sequence[str]) -> None:
        """Events of the new reports, with those of the record that they join, or whose stories changed."""
        t, flow, col = self.type, self.flow, self.col
        kind = t.list(t.struct({"report": t.string(), "document": t.string(), "told": t.binary()}))

        def rows(orders: list[int], bodies: list[bytes]) -> list[list[stages.Row]]:
            return [stages.reports_of(order, body) for order, body in zip(orders, bodies, strict=True)]

        made = read.select(flow.apply(rows, kind, col("order"), col("body")).alias("r")).explode("r")
        new = flow.keep("reports", made.where(col("r").not_null()).select(
            *[col("r")[n].alias(n) for n in ("report", "document", "told")]
        ))  # fmt: skip
        old = known.reports_near(self.database, flow.folder, moved)
        if new is None and not old:
            return
        ruled = [r for r in self.ruled([row["report"] for row in old]) if not r.same] if self.ruled else []
        edges = []
        if old:
            listed = flow.frame({n: [row[n] for row in old] for n in ("report", "document", "told")})
            new = listed if new is None else new.concat(listed)
            edges.append(flow.frame({"a": [r["report"] for r in old], "b": [r["founder"] for r in old]}))
        if ruled:
            edges.append(flow.frame({"a": [r.first for r in ruled], "b": [r.second for r in ruled]}))
        near = self._edges(new)
        for more in edges:
            near = more if near is None else near.concat(more)
        roots = components(flow, "island", near) if near is not None else None
        self._merge(new, roots, stories, old, ruled)

    def _edges(self, reports: Any) -> Any | None:
        """Pairs of reports that hang together, found block by block."""
        t, flow, col = self.type, self.flow, self.col

        def blocks(told: list[bytes]) -> list[list[str]]:
            return [islands.blocks_of(msgspec.msgpack.decode(data, type=Told).report) for data in told]

        def edges(blocks: list[str], told: list[bytes]) -> Iterator[stages.Row]:
            scorer = Scorer()
            by_block: dict[str, list[Told]] = {}
            for block, data in zip(blocks, told, strict=True):
                by_block.setdefault(block, []).append(msgspec.msgpack.decode(data, type=Told))
            for block, found in sorted(by_block.items()):
                yield from ({"a": a, "b": b} for a, b in islands.edges_in(block, found, scorer))

        cut = reports.select(col("told"), flow.apply(blocks, t.list(t.string()), col("told")).alias("block"))
        cut = flow.keep("blocks", cut.explode("block").where(col("block").not_null()))
        if cut is None:
            return None
        cut = cut.with_column("shard", flow.shard("block"))
        pair = t.struct({"a": t.string(), "b": t.string()})
        found = cut.groupby("shard").map_groups(flow.of_group(edges, pair, col("block"), col("told")).alias("p"))
        return flow.keep("edges", found.explode("p").where(col("p").not_null()).select(
            col("p")["a"].alias("a"), col("p")["b"].alias("b")
        ))  # fmt: skip

    def _merge(
        self,
        reports: Any,
        roots: Any | None,
        stories: Any | None,
        old: Sequence[dict[str, Any]],
        ruled: Sequence[Ruling],
    ) -> None:
        """Every island merged, many of them in one shard; their rows written where they are made."""
        t, flow, col, settings = self.type, self.flow, self.col, self.settings
        if roots is not None:
            reports = reports.join(roots, left_on="report", right_on="a", how="left")
            reports = reports.with_column("island", col("root").fill_null(col("report")))
        else:
            reports = reports.with_column("island", col("report"))
        if stories is not None:
            reports = reports.join(stories, on="document", how="left").select("document", "told", "island", "story")
        else:
            reports = reports.select("document", "told", "island", flow.daft.lit(None).cast(t.string()).alias("story"))
        held = known.stories_of(self.database, [row["document"] for row in old]) if old else {}

        def merge(
            names: list[str], told: list[bytes], documents: list[str], told_stories: list[str | None]
        ) -> Iterator[stages.Row]:
            of_island: dict[str, list[Told]] = {}
            of_document = dict(held)
            for name, data, document, story in zip(names, told, documents, told_stories, strict=True):
                of_island.setdefault(name, []).append(msgspec.msgpack.decode(data, type=Told))
                if story is not None:
                    of_document[document] = story
            events, links, made = [], [], 0
            for _, found in sorted(of_island.items()):
                outcome = islands.merge_island(found, of_document, ruled, settings.run)
                events += outcome.events
                links += outcome.links
                made += outcome.made
            yield {"made": made, "segment": None}
            for segment in stages.written({"events": events, "report_events": links}, settings):
                yield {"made": 0, "segment": segment}

        kind = t.struct({"made": t.int64(), "segment": t.string()})
        columns = [col(n) for n in ("island", "told", "document", "story")]
        sharded = reports.with_column("shard", flow.shard("island"))
        found = flow.keep("merged", sharded.groupby("shard").map_groups(
            flow.of_group(merge, kind, *columns).alias("m")
        ).explode("m").select(col("m")["made"].alias("made"), col("m")["segment"].alias("segment")))  # fmt: skip
        if found is not None:
            told = found.to_pydict()
            self.summary.new_events += sum(told["made"])
            self.segments += [s for s in told["segment"] if s is not None]
