"""Speed of reading whole articles on one core, with the time by stage."""

from __future__ import annotations

import resource
import time

import msgspec
from rich.console import Console
from rich.table import Table

from comity.errors import NothingToMeasure
from comity.evaluate.checkout import ROOT
from comity.read import read_bytes
from comity.reader import Reader

SENTENCES = 25


def bench(*, repeat: int, json_out: bool, fast: bool = False) -> None:
    """Read the example articles ``repeat`` times and print articles a second, by stage.

    Raises `NothingToMeasure` where there are none.
    """
    paths = [p for p in sorted((ROOT / "examples").glob("*")) if p.suffix in {".txt", ".html"}]
    if not paths:
        raise NothingToMeasure(
            "there is no article to read", about=str(ROOT / "examples"), fix="run it from a checkout of Comity"
        )
    began = time.perf_counter()
    reader = Reader(judge="none" if fast else None)
    loaded = time.perf_counter() - began
    stages: dict[str, float] = {"read": 0.0}
    sentences = 0
    for number in range(repeat + 1):
        if number == 1:  # the first round warms up and is not counted
            stages, sentences = dict.fromkeys(stages, 0.0), 0
        for path in paths:
            start = time.perf_counter()
            document = read_bytes(path.read_bytes(), name=path.name, any_language=True)
            stages["read"] += time.perf_counter() - start
            for name, stage in reader.stages:
                start = time.perf_counter()
                document = stage(document)
                stages[name] = stages.get(name, 0.0) + time.perf_counter() - start
            sentences += len(document.sentences)
    show(stages, sentences, len(paths) * repeat, loaded, json_out)


def show(stages: dict[str, float], sentences: int, articles: int, loaded: float, json_out: bool) -> None:
    """Print the table or the JSON object."""
    total = sum(stages.values())
    figures = {
        "articles": articles,
        "sentences": sentences,
        "seconds": round(total, 3),
        "load_seconds": round(loaded, 3),
        "articles_per_second": round(articles / total, 2),
        "sentences_per_second": round(sentences / total, 1),
        "articles_of_25_sentences_per_second": round(sentences / total / SENTENCES, 2),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "share_by_stage": {k: round(v / total, 3) for k, v in stages.items()},
    }
    if json_out:
        print(msgspec.json.encode(figures).decode())
        return
    table = Table(box=None, show_header=False)
    for key, value in figures.items():
        if isinstance(value, dict):
            for stage, share in value.items():
                table.add_row(f"  {stage}", f"{share:.1%}", f"{stages[stage] / articles * 1000:.1f} ms an article")
        else:
            table.add_row(key.replace("_", " "), str(value))
    Console().print(table)
