"""The curves of `comity.evaluate.growth` as one SVG picture, in double logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

Row = Mapping[str, float]
WIDTH, HEIGHT, LEFT, TOP, GAP = 430, 300, 62, 40, 40
SHOWN = {
    "documents": ("text_s", "near_s", "merge_s", "rows_s", "commit_s", "index_s"),
    "events": ("write_s", "index_s", "cube_s", "first_answer_s", "pair_s"),
}
INKS = ("#0b5cad", "#b3261e", "#1a7f4b", "#8a5a00", "#6b3fa0", "#4a4a4a")


def drawn(found: Mapping[str, Sequence[Row]]) -> str:
    """The picture: processor seconds over documents, and over imported events."""
    kinds = [k for k in SHOWN if len(found.get(k, ())) > 1]
    whole = LEFT + len(kinds) * (WIDTH + GAP + 120)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{HEIGHT + 2 * TOP}" '
        'font-family="sans-serif" font-size="12" role="img" aria-label="Processor seconds over size">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for n, kind in enumerate(kinds):
        parts += _panel(kind, found[kind], LEFT + n * (WIDTH + GAP + 120))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(kind: str, rows: Sequence[Row], left: float) -> list[str]:
    names = [s for s in SHOWN[kind] if sum(r.get(s, 0) > 0 for r in rows) > 1]
    sizes = [r["size"] for r in rows]
    costs = [r[s] for r in rows for s in names if r.get(s, 0) > 0]
    x0, x1 = math.log10(min(sizes)), math.log10(max(sizes))
    y0, y1 = math.floor(math.log10(min(costs))), math.ceil(math.log10(max(costs)))

    def at(size: float, cost: float) -> tuple[float, float]:
        return (
            left + (math.log10(size) - x0) / (x1 - x0) * WIDTH,
            TOP + HEIGHT - (math.log10(cost) - y0) / (y1 - y0) * HEIGHT,
        )

    parts = [f'<text x="{left}" y="{TOP - 16}" font-weight="bold">Processor seconds, by number of {kind}</text>']
    for power in range(y0, y1 + 1):
        y = at(sizes[0], 10.0**power)[1]
        parts.append(f'<line x1="{left}" x2="{left + WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    for size in sizes:
        x = at(size, 10.0**y0)[0]
        parts.append(f'<text x="{x:.1f}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{_short(size)}</text>')
    parts += _linear(rows, names, at, y1)
    ends: list[float] = []
    lowest_last = sorted(names, key=lambda s: -next((r[s] for r in reversed(rows) if r.get(s, 0) > 0), 0.0))
    for name in lowest_last:
        n = names.index(name)
        points = [at(r["size"], r[name]) for r in rows if r.get(name, 0) > 0]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{INKS[n]}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{INKS[n]}"/>' for x, y in points]
        y = points[-1][1] + 4
        while any(abs(y - other) < 13 for other in ends):  # names never stand on one another
            y += 13
        ends.append(y)
        label = escape(name.removesuffix("_s").replace("_", " "))
        parts.append(f'<text x="{left + WIDTH + 8}" y="{y:.1f}" fill="{INKS[n]}">{label}</text>')
    return parts


def _linear(rows: Sequence[Row], names: Sequence[str], at: object, top: int) -> list[str]:
    """A broken line of what grows as n, from the dearest cost of the smallest size."""
    assert callable(at)
    first, last = rows[0], rows[-1]
    cost = max(first.get(n, 0) for n in names)
    end = min(last["size"], first["size"] * 10.0**top / cost) if cost > 0 else 0
    if end <= first["size"]:
        return []
    (xa, ya), (xb, yb) = at(first["size"], cost), at(end, cost * end / first["size"])
    return [
        f'<line x1="{xa:.1f}" y1="{ya:.1f}" x2="{xb:.1f}" y2="{yb:.1f}" stroke="#999" stroke-dasharray="4 4"/>',
        f'<text x="{(xa + xb) / 2 - 14:.1f}" y="{(ya + yb) / 2 - 8:.1f}" fill="#777">n</text>',
    ]


def _short(size: float) -> str:
    power = round(math.log10(size))
    return f"10^{power}" if abs(size - 10**power) < 1 else f"{size:,.0f}"
