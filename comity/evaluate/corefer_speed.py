"""How long coreference from text takes: reading, vectors, clusters of one gold folder told several times over.

Run ``python -m comity.evaluate.corefer_score --speed [FOLDER]``.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

import msgspec
import numpy as np

from comity.evaluate.corefer_gold import GoldDocument
from comity.language.encoder import Encoder
from comity.record.merge.coref.linking import coref_model
from comity.record.merge.coref.reading import Reading, read
from comity.record.merge.coref.vectors import MentionVectors
from comity.record.merge.corefer import link

COPIES: Final = 6
Result = TypeVar("Result")


def timed(work: Callable[[], Result]) -> tuple[Result, float]:
    """What the work gives, and the seconds of processor time it took."""
    start = time.process_time()
    found = work()
    return found, round(time.process_time() - start, 2)


def copied(reading: Reading, times: int, *, grouped: bool) -> Reading:
    """The reading told several times over as other documents, each copy in groups of its own or all in one."""
    docs, passages = len(reading.names), len(reading.texts)

    def group(name: str, copy: int) -> str:
        return f"{copy}/{name}" if grouped else ""

    replace = msgspec.structs.replace
    return Reading(
        mentions=tuple(
            replace(m, doc=m.doc + k * docs, passage=m.passage + k * passages, group=group(m.group, k))
            for k in range(times)
            for m in reading.mentions
        ),
        texts=tuple(replace(t, doc=t.doc + k * docs) for k in range(times) for t in reading.texts),
        names=tuple(f"{name}#{k}" for k in range(times) for name in reading.names),
        groups=tuple(group(name, k) for k in range(times) for name in reading.groups),
        days=reading.days * times,
    )


def speed(documents: Sequence[GoldDocument], items: Sequence[dict[str, object]]) -> dict[str, float]:
    """Seconds of one process by step, how much was read, and the peak memory of the process in MB."""
    encoder, vectors, model = Encoder.load(), MentionVectors.load(), coref_model()
    read(items[:1], encoder)
    reading, reading_s = timed(lambda: read(items, encoder))
    found, vectors_s = timed(lambda: vectors(reading))
    shown = {
        "documents": float(len(documents)),
        "mentions": float(len(items)),
        "parsed, s": reading_s,
        "vectors, s": vectors_s,
    }
    wide = np.tile(found, (COPIES, 1))
    for grouped in (True, False):
        many = copied(reading, COPIES, grouped=grouped)
        groups = len(set(many.groups))
        name = f"{len(many.mentions)} mentions, {len(many.names)} documents, groups: {groups}"
        for reasons in (False, True):
            _, seconds = timed(lambda: link(many, wide, model, reasons=reasons))  # noqa: B023
            shown[f"clustered {'with' if reasons else 'without'} reasons, {name}, s"] = seconds
    shown["peak memory, MB"] = float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    return shown


def print_speed(folder: Path, documents: Sequence[GoldDocument], items: Sequence[dict[str, object]]) -> None:
    """One line a figure."""
    print(f"{folder.name}, seconds of processor time")
    for name, value in speed(documents, items).items():
        print(f"  {name:90} {value:g}")
