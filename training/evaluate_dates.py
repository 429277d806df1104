"""How often the acts of our stories are dated rightly: python training/evaluate_dates.py [FILE...].

``training/dates`` says, for the acts of many of our stories, when each happened: a file for each file of stories, with
a line ``# story_k 3`` for the third story and a line ``2.1 2016-01-02..2016-01-09`` for the first act line of its
second record.  ``<`` is some time before the news, ``>`` some time to come, ``=`` the time of the line before, ``?``
unknown.  A date is right when its days lie within those of the label.
"""

from __future__ import annotations

import calendar
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
sys.path.insert(0, str(HERE))

from as_read import Read, headlines, stories_of  # noqa: E402
from pairs import read_all  # noqa: E402

from comity.evaluate.when_score import within  # noqa: E402
from comity.reader import Reader  # noqa: E402
from comity.understand.tree import Tree  # noqa: E402
from comity.understand.when import Clock  # noqa: E402

LABELS = HERE / "dates"
OLD = timedelta(days=8)
"""What is told as past with no day lies at least so long before publication."""
_LINE = re.compile(r"(\d+)\.(\d+) (\S+)$")
_QUOTED = re.compile(r"'.*?'")


class Dated(NamedTuple):
    """One labelled act: by what rule it was dated, with which status, and whether rightly."""

    why: str
    status: str
    right: bool


def labels(path: Path) -> dict[tuple[int, int, int], str]:
    """The labels of one file by story, record and line of act."""
    found: dict[tuple[int, int, int], str] = {}
    story, last = 0, ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#"):
            story, last = int(line.split()[-1]), ""
        elif told := _LINE.match(line.strip()):
            last = last if told[3] == "=" else told[3]
            found[story, int(told[1]), int(told[2])] = last
    return found


def days(label: str, published: date) -> tuple[date, date] | None:
    """The first and the last day of a label, None where it tells none."""
    if label == "<":
        return date.min, published - OLD
    if label == ">":
        return published, date.max
    first, _, last = label.partition("..")
    low, high = _ends(first), _ends(last or first)
    return (low[0], high[1]) if low and high else None


def _ends(text: str) -> tuple[date, date] | None:
    try:
        year, month, day = (int(p) for p in (*text.split("-"), "0", "0")[:3])
        if not month:
            return date(year, 1, 1), date(year, 12, 31)
        return date(year, month, day or 1), date(year, month, day or calendar.monthrange(year, month)[1])
    except ValueError:
        return None


def dated(reader: Reader, files: Sequence[Path]) -> Iterator[Dated]:
    """Every labelled act, dated."""
    passages = read_all()
    for path in files:
        told = labels(path)
        stories = stories_of(p for p in passages if p.where.split(":")[0] == path.name)
        heads = dict(headlines([path.name]))
        for number, (article, records) in enumerate(stories.items(), 1):
            mine = {key[1:]: label for key, label in told.items() if key[0] == number}
            if mine:
                yield from _of_story(Read(heads[article], records, reader), mine)


def _of_story(read: Read, told: dict[tuple[int, int], str]) -> Iterator[Dated]:
    document, published = read.document, read.document.published
    if published is None:
        return
    trees = [Tree(s, n) for n, s in enumerate(document.sentences)]
    clock = Clock(document.text, published, document.sentences, trees, document.timexes)
    words = {token.start: (t.number, i) for t in trees for i, token in enumerate(t.tokens)}
    for n, (record, start) in enumerate(zip(read.of_story, read.starts, strict=True), 1):
        for k, act in enumerate(record.acts, 1):
            span = days(told.get((n, k), "?"), published)
            place = words.get(act.trigger[0] + start) if act.trigger else None
            if span is None or place is None or act.trigger is None:
                continue
            at = act.trigger[0] + start
            quoted = any(q.kind == "direct" and q.start <= at < q.end for q in document.quotes)
            found = clock.date_of(*place, place[1], act.status, quoted)  # type: ignore[arg-type]
            yield Dated(_QUOTED.sub("X", found.why), act.status, within(found.date, *span))


def main(arguments: Sequence[str]) -> None:
    """Print the share of right dates: of all, by status, by rule."""
    files = [Path(a) for a in arguments] or sorted(LABELS.glob("*.txt"))
    found = list(dated(Reader(judge="none"), files))
    asked, right = Counter[str](), Counter[str]()
    for act in found:
        for name in ("all", act.status, act.why):
            asked[name] += 1
            right[name] += act.right
    for name, n in asked.most_common():
        print(f"{right[name] / n:.3f} of {n:5}  {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
