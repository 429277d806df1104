"""A figure of one relation as SVG, written by hand: two channels with bands, moments, and coverage below."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.relations.relation import Relation
from comity.relations.weights import CHANNELS

Array = NDArray[np.float64]
WIDTH, LEFT, RIGHT, TOP, PANEL, GAP, COVER = 860, 64, 20, 64, 130, 44, 40
COLOURS = {"cooperation": "#1b6e8c", "conflict": "#b3402a"}
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#333}.t{font-size:16px;font-weight:600}.s{fill:#666}"
    ".a{stroke:#999;stroke-width:1;fill:none}.m{stroke:#555;stroke-dasharray:2 3}"
)


def svg(found: Relation) -> str:
    """The figure as text.  ``title`` and ``desc`` say in words what it shows."""
    names = " and ".join(found.names)
    title = f"{names}: cooperation and conflict by {found.by}"
    height = TOP + 2 * (PANEL + GAP) + COVER + 34
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'role="img" aria-labelledby="title desc">',
        f'<title id="title">{escape(title)}</title>', f'<desc id="desc">{escape(described(found))}</desc>',
        f"<style>{STYLE}</style>", f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text class="t" x="{LEFT}" y="26">{escape(title)}</text>',
    ]  # fmt: skip
    if not found.series.starts:
        body.append(f'<text x="{LEFT}" y="{TOP}">No dated event of this pair: nothing to draw.</text>')
        return "\n".join([*body, "</svg>"]) + "\n"
    body.append(
        f'<text class="s" x="{LEFT}" y="44">Weighted events a {found.by} at the average volume of news, '
        "band 90 %, grey as counted</text>"
    )
    for number, channel in enumerate(CHANNELS):
        body += panel(found, channel, TOP + number * (PANEL + GAP))
    body += cover(found, TOP + 2 * (PANEL + GAP))
    return "\n".join([*body, "</svg>"]) + "\n"


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


def panel(found: Relation, channel: str, top: float) -> list[str]:
    """One channel."""
    one, number = found.lines[channel], len(found.series.starts)
    observed = np.asarray(one.observed / np.maximum(found.series.news(channel), 1e-9))
    highest = max(float(np.quantile(observed, 0.98)), float(np.max(one.high)), 1e-9)

    def down(value: float) -> float:
        return top + PANEL * (1 - min(value, highest) / highest)

    def path(values: Any) -> str:
        return " ".join(f"{across(number, t):.1f},{down(float(v)):.1f}" for t, v in enumerate(values))

    upper, lower = path(one.high).split(), path(one.low).split()
    drawn = [
        f'<text x="{LEFT}" y="{top - 8}" style="fill:{COLOURS[channel]};font-weight:600">{channel}</text>',
        f'<path class="a" d="M{LEFT} {top}V{top + PANEL}H{WIDTH - RIGHT}"/>',
        f'<text class="s" x="{LEFT - 6}" y="{top + 10}" text-anchor="end">{highest:.3g}</text>',
        f'<text class="s" x="{LEFT - 6}" y="{top + PANEL}" text-anchor="end">0</text>',
        *(
            f'<circle cx="{across(number, t):.1f}" cy="{down(float(v)):.1f}" r="1.6" fill="#aaa"/>'
            for t, v in enumerate(observed)
        ),
        f'<polygon points="{" ".join(upper + lower[::-1])}" fill="{COLOURS[channel]}" fill-opacity="0.18"/>',
        f'<polyline points="{path(one.level)}" fill="none" stroke="{COLOURS[channel]}" stroke-width="2"/>',
    ]
    for m in found.moments:
        if m.channel == channel:
            x = across(number, found.series.starts.index(m.at) - 0.5)
            faint = ' opacity="0.45"' if m.support == "weak" else ""
            drawn.append(
                f'<g{faint}><title>{escape(m.reason)}</title><path class="m" d="M{x:.1f} {top}V{top + PANEL}"/>'
                f'<text class="s" x="{x + 3:.1f}" y="{top + 10}">{m.day or m.at}</text></g>'
            )
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
        f'<text class="s" x="{LEFT}" y="{top + COVER + 18}">{starts[0]}</text>',
        f'<text class="s" x="{WIDTH - RIGHT}" y="{top + COVER + 18}" text-anchor="end">{starts[-1]}</text>',
    ]
