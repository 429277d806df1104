"""What somebody is accused of: an accusation that is believed tells a deed of the accused, on the accuser's word.

"Accused Tehran of wanting to dominate the region": that a deed is told is sure, only which is not.  Where nothing else
of the accused is believed on the accuser's word, the surest of what was proposed is, or what the reader of pairs takes
the words of the accusation to tell most likely, however little.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from comity.model import Event
from comity.understand.deciding import Candidate

DEEDS: Final = ("ASSAULT", "COERCE", "MOBILIZE", "SANCTION", "AID", "COOPERATE")
"""What an accusation is about: what is done, not what is said or agreed."""
PROPOSED: Final = 0.35
"""From this probability on a deed that was proposed like any other is what the accusation tells."""
CHARGED: Final = 0.6
"""The probability of what an accusation is taken to tell (seven in ten of the dev articles)."""
SAID: Final = frozenset({"ACCUSE", "REJECT"})


def is_charge(event: Event, accusation: Event) -> bool:
    """Whether a deed of the accused towards the accuser is told on the accuser's word."""
    inside = set(event.sources) <= set(accusation.targets) and set(event.targets) <= set(accusation.sources)
    return inside and event.type in DEEDS and event.status != "announced" and told_by(event, accusation)


def told_by(event: Event, accusation: Event) -> bool:
    """Whether something is told on the word of whoever accuses."""
    return event.speaker is not None and event.speaker.state in accusation.sources


def answered(accusation: Event, believed: Sequence[Candidate]) -> bool:
    """Whether something is believed that the accusation is about."""
    told = (c.event for c in believed if c.event.type not in SAID)
    return any(told_by(e, accusation) and set(e.sources) & set(accusation.targets) for e in told)


def charge_of(accusation: Candidate, candidates: Sequence[Candidate]) -> Candidate | None:
    """The deed that an accusation tells, if any is found."""
    proposed = [c for c in candidates if c.event.confidence >= PROPOSED and is_charge(c.event, accusation.event)]
    # "Denied having shelled it" on his own word is no accusation of himself.
    proposed = [c for c in proposed if c.event.status != "negated" or c.event.anchor in accusation.about]
    best = max(proposed or accusation.charges, key=lambda c: c.event.confidence, default=None)
    if best is None:
        return None
    event = best.event
    status = "possible" if event.status == "negated" else event.status  # denied by others, not by him
    surely, why = max(event.confidence, CHARGED), (*event.why, "what the accusation is about")
    return replace(best, event=replace(event, status=status, confidence=surely, why=why))


def charges(candidates: Sequence[Candidate], believed: Sequence[Candidate]) -> list[Candidate]:
    """What the believed accusations of a sentence tell, where no deed of the accused is believed."""
    told = [c for c in believed if (c.event.type, c.event.status) == ("ACCUSE", "occurred")]
    accusations = [c for c in told if not answered(c.event, believed)]
    found = [charge for c in accusations if (charge := charge_of(c, candidates)) is not None]
    return list({charge.event.id: charge for charge in found}.values())
