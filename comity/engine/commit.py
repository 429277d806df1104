"""The end of a round: the head names in the manifest what the workers wrote, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from comity.record.manifest import Manifest, Segment, load, not_writable, save, sync_folder
from comity.record.schema import table
from comity.record.segments import FOLDER, write_segment

if TYPE_CHECKING:
    from comity.record.store import Store


def take_in(store: Store, made: Sequence[Segment], rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
    """Commit segments that lie in the folder, made for the generation after the present one, with rows of the head.

    Raises `RecordBusy`, `RecordNotWritable`.
    """
    with store.lock():
        old = load(store.path)
        generation = old.generation + 1
        try:
            own = [
                write_segment(store.path, table(name), found, (generation, generation))
                for name, given in rows.items()
                if (found := table(name).rows(given)).num_rows
            ]
            sync_folder(store.path / FOLDER)
            named = {s.file: s for s in [*made, *own]}
            listed = (*old.segments, *(named[file] for file in sorted(named)))
            save(store.path, Manifest(generation=generation, created=old.created, segments=listed, retired=old.retired))
        except OSError as error:
            raise not_writable(store.path, error) from error
