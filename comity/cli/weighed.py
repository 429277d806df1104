"""What ``comity explain`` prints of the readings that were considered and not taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from comity.record.names import Names
    from comity.record.weighed import PairTypes, Proposal, Weighed

SENSES = 4
NOTHING = "NONE"


def print_weighed(console: Console, weighed: Weighed, report: Mapping[str, object], names: Names) -> None:
    """The proposals beside the report itself, what the learned reader thinks of its pair, other senses of its word."""
    if weighed.note:
        console.print(Text(f"  not weighed anew: {weighed.note}", style="dim"))
        return
    for one in weighed.proposals:
        if not _is(one, report):
            console.print(Text("  " + proposal(one, names), style="dim"))
    for pair in weighed.pairs:
        console.print(Text("  " + types(pair, names), style="dim"))
    senses = weighed.senses[:SENSES]
    if senses:
        told = ", ".join(f"{s.type.lower()}{', ' + s.mode if s.mode else ''} ({s.frame})" for s in senses)
        more = f" and {len(weighed.senses) - SENSES} more" if len(weighed.senses) > SENSES else ""
        console.print(Text(f"  other senses of '{senses[0].word}': {told}{more}", style="dim"))


def proposal(one: Proposal, names: Names) -> str:
    """One proposal in a line."""
    arrow = " <-> " if one.symmetric else " -> "
    who = arrow.join(", ".join(names.name(c) for c in side) or "?" for side in (one.sources, one.targets))
    act = one.type.lower() + (f", {one.mode}" if one.mode else "")
    source = f"frame of '{one.word}'" if one.origin == "frame" else f"learned from '{one.word}'"
    if one.taken:
        return f"beside it: {one.status} {who}  {act}, {source} ({one.confidence:.2f})"
    return f"not taken: {one.status} {who}  {act}, {source} ({one.confidence:.2f}, {one.needed:.2f} is needed)"


def types(pair: PairTypes, names: Names) -> str:
    """What the learned reader thinks of a pair in a line."""
    told = ", ".join(f"{'nothing' if k == NOTHING else k.lower()} {share:.2f}" for k, share in pair.types.items())
    return f"learned reader, {names.name(pair.source)} -> {names.name(pair.target)}: {told}"


def _is(one: Proposal, report: Mapping[str, object]) -> bool:
    """Whether a proposal is the report that is explained."""
    sides = (list(one.sources), list(one.targets))
    return one.taken and one.type == report["type"] and sides == (report["sources"], report["targets"])
