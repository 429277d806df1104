"""A figure of one relation as SVG, written by hand: two channels with bands, moments, and coverage below."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from comity.errors import NoPlotter
from comity.record.wording import many
from comity.relations.relation import Relation
from comity.relations.weights import CHANNELS

Array = NDArray[np.float64]
WIDTH, LEFT, RIGHT, TOP, PANEL, GAP, COVER = 860, 64, 20, 78, 130, 44, 40
COLOURS = {"cooperation": "#1b6e8c", "conflict": "#b3402a"}
SEVERAL = ("#1b6e8c", "#b3402a", "#6a4c93", "#2e7d32", "#c27c0e", "#555555")
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#333}.t{font-size:16px;font-weight:600}.s{fill:#666}"
    ".c{font-size:10px;fill:#666}"
    ".a{stroke:#999;stroke-width:1;fill:none}.m{stroke:#555;stroke-dasharray:2 3}"
)


def svg(found: Relation, *others: Relation) -> str:
    """The figure as text, with one or more pairs on one scale.  ``title`` and ``desc`` say in words what it shows."""
    every = (found, *others)
    names = "; ".join(" and ".join(one.names) for one in every)
    title = f"{names}: cooperation and conflict by {found.by}"
    head = title if not others else f"Cooperation and conflict of {len(every)} pairs by {found.by}"
    height = TOP + 2 * (PANEL + GAP) + (18 * len(every) + 24 if others else COVER + 54)
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'role="img" aria-labelledby="title desc">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="desc">{escape(" ".join(described(one) for one in every))}</desc>',
        f"<style>{STYLE}</style>", f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text class="t" x="{LEFT}" y="26">{escape(head)}</text>',
    ]  # fmt: skip
    foot = f'<text class="c" x="{LEFT}" y="{height - 10}">{escape(cited(every))}</text>'
    drawn = [one for one in every if one.series.starts]
    if not drawn:
        body.append(f'<text x="{LEFT}" y="{TOP}">No dated event of this pair: nothing to draw.</text>')
        return "\n".join([*body, foot, "</svg>"]) + "\n"
    body.append(
        f'<text class="s" x="{LEFT}" y="44">Weighted events a {found.by} at the average volume of news, '
        "band 90 %, grey as counted</text>"
    )
    for number, channel in enumerate(CHANNELS):
        body += panel(drawn, channel, TOP + number * (PANEL + GAP))
    below = TOP + 2 * (PANEL + GAP)
    body += cover(drawn[0], below) if not others else legend(drawn, below)
    return "\n".join([*body, foot, "</svg>"]) + "\n"


def png(drawn: str, scale: float = 2.0) -> bytes:
    """A figure as PNG.  Raises `NoPlotter` where vl-convert is not installed."""
    try:
        import vl_convert
    except ImportError:
        raise NoPlotter(
            "a PNG needs the package vl-convert-python", fix="install it, or name a file that ends in .svg"
        ) from None
    made: bytes = vl_convert.svg_to_png(drawn, scale=scale)
    return made


def when(start: date, by: str) -> str:
    """A period by its first day: 2014, 2014-03, or the Monday of a week."""
    return start.isoformat()[: {"year": 4, "month": 7}.get(by, 10)]


def cited(every: Sequence[Relation]) -> str:
    """The citation line of one or several pairs."""
    first = every[0].citation
    if len(every) == 1:
        return first.line()
    pairs = "; ".join(f"{one.a}-{one.b}" for one in every)
    return msgspec.structs.replace(first, selection=f"pairs {pairs}, by {every[0].by}").line()


def described(found: Relation) -> str:
    """What the figure shows, for those who do not see it."""
    if not found.series.starts:
        return "There is no dated event."
    parts = [f"From {found.series.starts[0]} to {found.series.starts[-1]}."]
    for channel in CHANNELS:
        one = found.lines[channel]
        parts.append(f"{channel.capitalize()}: {one.level[0]:.3g} at the beginning, {one.level[-1]:.3g} at the end.")
    parts += [f"{m.day or m.at}: {m.reason}" for m in found.moments if m.support != "weak"]
    return " ".join(parts)


def across(number: int, t: float) -> float:
    """Where period t of so many lies from left to right; in the middle where there is one."""
    return LEFT + (WIDTH - LEFT - RIGHT) * ((t + 0.5) / number)


def panel(every: Sequence[Relation], channel: str, top: float) -> list[str]:
    """One channel of one or several pairs on one scale."""
    shown = [float(np.quantile(counted(one, channel), 0.98)) for one in every if len(every) == 1]
    highest = max([*shown, *(float(np.max(one.lines[channel].high)) for one in every), 1e-9])
    drawn = [
        f'<text x="{LEFT}" y="{top - 8}" style="fill:{COLOURS[channel]};font-weight:600">{channel}</text>',
        f'<path class="a" d="M{LEFT} {top}V{top + PANEL}H{WIDTH - RIGHT}"/>',
        f'<text class="s" x="{LEFT - 6}" y="{top + 10}" text-anchor="end">{highest:.3g}</text>',
        f'<text class="s" x="{LEFT - 6}" y="{top + PANEL}" text-anchor="end">0</text>',
    ]
    for n, one in enumerate(every):
        colour = COLOURS[channel] if len(every) == 1 else SEVERAL[n % len(SEVERAL)]
        drawn += curve(one, channel, top, highest, colour, alone=len(every) == 1)
    return drawn


def counted(one: Relation, channel: str) -> Array:
    """What was counted of a channel, at the average volume of news."""
    return np.asarray(one.lines[channel].observed / np.maximum(one.series.news(channel), 1e-9))


def curve(found: Relation, channel: str, top: float, highest: float, colour: str, alone: bool) -> list[str]:
    """The line of one pair with its band, and, where it is alone, what was counted and its moments."""
    one, number = found.lines[channel], len(found.series.starts)

    def down(value: float) -> float:
        return top + PANEL * (1 - min(value, highest) / highest)

    def path(values: Any) -> str:
        return " ".join(f"{across(number, t):.1f},{down(float(v)):.1f}" for t, v in enumerate(values))

    upper, lower = path(one.high).split(), path(one.low).split()
    drawn = []
    if alone:
        drawn += [
            f'<circle cx="{across(number, t):.1f}" cy="{down(float(v)):.1f}" r="1.6" fill="#aaa"/>'
            for t, v in enumerate(counted(found, channel))
        ]
    drawn += [
        f'<polygon points="{" ".join(upper + lower[::-1])}" fill="{colour}" fill-opacity="{0.18 if alone else 0.1}"/>',
        f'<polyline points="{path(one.level)}" fill="none" stroke="{colour}" stroke-width="2"/>',
    ]
    return drawn + (marks(found, channel, top) if alone else [])


def marks(found: Relation, channel: str, top: float) -> list[str]:
    """The moments of one channel, weak ones faint; a weak one that no event tells is left out."""
    drawn: list[str] = []
    told = (m for m in found.moments if m.channel == channel and (m.events or m.support != "weak"))
    listed = sorted(told, key=lambda m: m.at)
    for n, m in enumerate(listed):
        if m.at in found.series.starts:
            x = across(len(found.series.starts), found.series.starts.index(m.at) - 0.5)
            faint = ' opacity="0.45"' if m.support == "weak" else ""
            day = m.day or when(m.at, found.by)
            drawn.append(
                f'<g{faint}><title>{escape(m.reason)}</title><path class="m" d="M{x:.1f} {top}V{top + PANEL}"/>'
                f'<text class="s" x="{x + 3:.1f}" y="{top + 10 + 13 * (n % 3)}">{day}</text></g>'
            )
    return drawn


def legend(every: Sequence[Relation], top: float) -> list[str]:
    """Which colour is which pair, with the events behind each, and the days at the ends."""
    starts = every[0].series.starts
    drawn = [
        f'<text class="s" x="{LEFT}" y="{top - 22}">{when(starts[0], every[0].by)}</text>',
        f'<text class="s" x="{WIDTH - RIGHT}" y="{top - 22}" text-anchor="end">{when(starts[-1], every[0].by)}</text>',
    ]
    for n, one in enumerate(every):
        colour, y = SEVERAL[n % len(SEVERAL)], top + 18 * n
        drawn.append(f'<path d="M{LEFT} {y}h24" stroke="{colour}" stroke-width="3"/>')
        events, silent = many(one.coverage.events, "event"), many(one.coverage.silent, "silent period")
        text = f"{' and '.join(one.names)}, {events}, {silent}"
        drawn.append(f'<text x="{LEFT + 32}" y="{y + 4}">{escape(text)}</text>')
    return drawn


def cover(found: Relation, top: float) -> list[str]:
    """How many events stand behind each point, and the days at the ends."""
    counts = np.asarray(sum(np.asarray(found.series.events[c]) for c in CHANNELS))
    number, highest = len(counts), max(float(counts.max()), 1.0)
    wide = max((WIDTH - LEFT - RIGHT) / number - 1, 0.6)
    bars = (
        f'<rect x="{across(number, t) - wide / 2:.1f}" y="{top + COVER * (1 - n / highest):.1f}" width="{wide:.1f}" '
        f'height="{COVER * n / highest:.1f}" fill="#bbb"/>'
        for t, n in enumerate(counts) if n
    )  # fmt: skip
    starts = found.series.starts
    return [
        f'<text class="s" x="{LEFT}" y="{top - 6}">events behind each point, at most {int(highest)}; '
        "silence is not peace</text>",
        *bars,
        f'<text class="s" x="{LEFT}" y="{top + COVER + 18}">{when(starts[0], found.by)}</text>',
        f'<text class="s" x="{WIDTH - RIGHT}" y="{top + COVER + 18}" text-anchor="end">{when(starts[-1], found.by)}'
        "</text>",
    ]
