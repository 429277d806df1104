"""The gold of merging, its scorer, and coreference from text alone."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from comity.errors import BadMergeGold
from comity.evaluate.merge_bench import made_up, order
from comity.evaluate.merge_crowd import crowded
from comity.evaluate.merge_score import (
    GoldReport,
    as_read,
    crowds,
    documents_of,
    main,
    merge_all,
    read_gold,
    score_merge_folder,
)
from comity.model import Document, Event, EventDate, Span
from comity.record.merge.mentions import head_lemma

GOLD = Path(__file__).parents[1] / "gold" / "merge"


@pytest.mark.parametrize("part", ["dev", "test"])
def test_gold_is_well_formed(part: str) -> None:
    gold = read_gold(GOLD / part)
    assert len({g.row.id for g in gold}) == len(gold)
    events = {g.event for g in gold}
    for g in gold:
        assert g.row.anchor and g.row.anchor in g.row.evidence
        assert g.fulfils is None or g.fulfils in events
        assert g.row.date_start is None or g.row.date_end is None or g.row.date_start <= g.row.date_end
        if g.row.status == "occurred" and g.row.date_start:
            assert g.row.published and g.row.date_start <= g.row.published


def test_gold_is_large_enough_and_its_halves_share_nothing() -> None:
    dev, test = read_gold(GOLD / "dev"), read_gold(GOLD / "test")
    assert len(dev) + len(test) >= 600
    assert len({g.event for g in (*dev, *test)}) >= 150 and len({g.story for g in (*dev, *test)}) >= 60
    assert not {g.story for g in dev} & {g.story for g in test}
    assert not {g.row.evidence for g in dev} & {g.row.evidence for g in test}


@pytest.mark.parametrize("part", ["dev", "test"])
def test_merging_reaches_the_bar_and_beats_the_trivial_answers(part: str) -> None:
    scores, notes, digest = score_merge_folder(GOLD / part)
    assert scores["b3"] >= 0.85
    assert scores["b3"] > scores["b3 same pair, type, day"] and scores["b3"] > scores["b3 all singletons"]
    assert len(digest) == 12 and all(n.startswith(("split: ", "mixed: ")) for n in notes)


@pytest.mark.parametrize("part", ["dev", "test"])
def test_stories_laid_upon_one_another_are_kept_apart(part: str) -> None:
    gold = read_gold(GOLD / part)
    crowd = crowded(gold, seed=7, weeks=1)
    assert [g.row.id for g in crowd] != [g.row.id for g in gold] and {g.event for g in crowd} == {g.event for g in gold}
    days = [g.row.published for g in crowd if g.row.published]
    starts = {min(d for d in ds) for ds in _by_story(crowd).values()}
    assert max(starts) - min(starts) < timedelta(days=7) and len(days) == len(gold)
    before = {g.row.id: g.row for g in gold}
    for g in crowd:
        old = before[g.row.id]
        assert old.published and g.row.published and (g.row.published - old.published).days % 7 == 0
        assert len(g.row.sources) == len(old.sources) and g.row.evidence == old.evidence
    scores = crowds(gold, seeds=(7,))
    assert scores["b3 crowded"] >= 0.9 and scores["b3 crowded"] > scores["b3 same pair, type, day crowded"] + 0.2


def _by_story(gold: list[GoldReport]) -> dict[str, list[date]]:
    found: dict[str, list[date]] = {}
    for g in gold:
        if g.row.published:
            found.setdefault(g.story, []).append(g.row.published)
    return found


def test_order_of_adding_on_gold() -> None:
    found = order(GOLD / "dev", orders=2)
    assert found["lowest likeness"] >= 0.99 and found["all at once"] >= 0.99


def test_made_up_reports_are_merged_in_batches() -> None:
    made = list(made_up(200))
    store = merge_all([d for _, d in made], batch=20)
    assert len(store.event_of) == 200 and len({e for e, _ in made}) <= len(store.events) * 1.1


def test_bad_gold_says_where(tmp_path: Path) -> None:
    with pytest.raises(BadMergeGold, match=r"C252.*cannot be read"):
        read_gold(tmp_path)
    line = (GOLD / "dev" / "reports.jsonl").read_bytes().splitlines()[0]
    (tmp_path / "reports.jsonl").write_bytes(line + b'\n{"id": 1}\n')
    with pytest.raises(BadMergeGold, match="line 2 is no report"):
        read_gold(tmp_path)


def test_main_prints_scores(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = (GOLD / "dev" / "reports.jsonl").read_bytes().splitlines()[:20]
    (tmp_path / "reports.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    assert main([str(tmp_path), "--detail"]) == 0
    assert "b3 all singletons" in capsys.readouterr().out


def test_documents_hold_the_reports_of_one_outlet_and_day() -> None:
    documents = documents_of(read_gold(GOLD / "dev"))
    assert any(len(d.reports) > 1 for d in documents)
    assert all(len({r.published for r in d.reports}) == 1 for d in documents)


def test_head_lemma() -> None:
    assert head_lemma(("was", "arrested")) == "arrest" and head_lemma(("shot", "down")) in ("shoot", "shot")


class MadeReader:
    """Reads one meeting of Russia and China at the fifth letter of any text."""

    def text(self, text: str, *, published: date | None = None, name: str = "") -> Document:
        event = Event(
            id="made", type="CONSULT", mode=None, cameo=None, status="occurred", sources=("RUS",), targets=("CHN",),
            participants=(), date=EventDate(start=published, end=published), evidence=Span(start=0, end=len(text)),
            anchor=Span(start=5, end=9),
        )  # fmt: skip
        return Document(id=name, text=text, events=(event,))


def test_as_read_takes_the_event_at_the_anchor_with_an_actor_in_common() -> None:
    gold = read_gold(GOLD / "dev")
    found = as_read(gold, MadeReader())  # type: ignore[arg-type]
    assert 0 < len(found) < len(gold)
    by_id = {g.row.id: g.row for g in gold}
    for g in found:
        row = by_id[g.row.id]
        assert {"RUS", "CHN"} & {*row.sources, *row.targets} and row.evidence.find(row.anchor) <= 35
        assert (g.row.type, g.row.sources, g.row.document) == ("CONSULT", ("RUS",), row.document)
