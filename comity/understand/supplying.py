"""Which sides an act has: plural sides split, missing ones supplied from the story, and whether they make an event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from comity.model import Mention
from comity.understand.acts import Act
from comity.understand.arguments import Hit
from comity.understand.sides import TOWNS
from comity.understand.topic import Topic

# What actors of one state do to one another is kept where it is an act against somebody.
DOMESTIC = frozenset({"PROTEST", "COERCE", "ASSAULT", "MOBILIZE", "SANCTION", "ACCUSE", "THREATEN"})
GUESSED = 0.6
FORCES = frozenset({"MIL", "COP"})
# A recipient is not supplied for a longer list of sources.
MOST_SUPPLIED = 4
# How sure the word alone must be before its other side is supplied from the story.
SURE = 0.5
# A meeting of more than these names no pairs.
MOST_MUTUAL = 6
# Types that several actors named together do with one another when no other side is told.
MUTUAL = frozenset({"AGREE", "CONSULT", "COOPERATE", "SUPPORT"})
# Types that are told of their target alone ("sanctions on Iran"), without anybody named who does them.
RECEIVED = frozenset({"SANCTION", "COERCE", "AID"})

Two = tuple[Sequence[Hit], Sequence[Hit]]


def among_themselves(act: Act) -> bool:
    """Whether several actors do it with one another ("the two will reopen their embassies")."""
    sources = codes(act.sources)
    return act.type in MUTUAL and len(sources) > 1 and codes(act.targets) in ((), sources)


def split(act: Act) -> list[Two]:
    """The two sides of an act; a plural side of a symmetric act is split against itself."""
    sources, targets = act.sources, act.targets
    if not act.symmetric:
        return [(without(sources, targets), targets)]
    if sources and targets and codes(sources) != codes(targets):
        own = codes(sources)
        if len(own) > 1 and not set(own) & set(codes(targets)):
            return [(sources, targets), *within(sources)] if act.type == "CONSULT" else [(sources, targets)]
        return [(sources, targets)]
    return within(sources or (targets if act.mutual else ()))


def without(sources: Sequence[Hit], targets: Sequence[Hit]) -> Sequence[Hit]:
    """The doers of an act without its sufferers, if any are left: "both Koreas traded fire, killing a Southerner"."""
    suffered = set(codes(targets))
    return [h for h in sources if not suffered.issuperset(codes([h]))] or sources


def supply(
    sides: Two,
    act: Act,
    topic: Topic,
    mentions: Sequence[Mention],
    number: int,
    unsaid: bool,
    partner: Callable[[str], Hit | None] = lambda _: None,
) -> Two:
    """Fill the missing side from the story, where the act is sure and one actor is told.

    ``partner`` names whom the learned reader takes the act of an actor to be towards, where it does.
    """
    sources, targets = codes(sides[0]), codes(sides[1])
    if sources == targets and sources and act.type in DOMESTIC and any(map(guessed, [*sides[0], *sides[1]])):
        return other_than_guessed(sides, topic, mentions, number)
    if targets == sources and (act.type not in DOMESTIC or own_forces(act, sides[1])):
        targets = ()  # "Kigali denies arming them": the pronoun is no counterpart
    if act.symmetric and targets and not sources:
        sides, sources, targets = (sides[1], sides[0]), targets, ()
    if unsaid:
        return sides
    if act.weight < SURE or not 1 <= len(sources) <= MOST_SUPPLIED or targets:
        return sides
    other = partner(sources[0]) or topic.counterpart(sources[0], number)
    if other is None or other.actor.state in sources:
        return sides
    return sides[0], [other]


def guessed(hit: Hit) -> bool:
    """A crowd, soldiers, children whose state only the story suggests."""
    return hit.mention.how == "role" and hit.mention.confidence <= GUESSED


def other_than_guessed(sides: Two, topic: Topic, mentions: Sequence[Mention], number: int) -> Two:
    """ "a crowd burned the Saudi embassy": the side that is only guessed is rather the other one of the story.

    Where the sentence says in which other state it was, that state ("... in Tehran").
    """
    side = 0 if all(map(guessed, sides[0])) else 1
    known = codes(sides[1 - side])
    other = None
    if all(map(guessed, sides[side])):
        places = (m for m in mentions if m.how in TOWNS and len(m.actors) == 1 and m.actors[0].state not in known)
        place = next(places, None)
        other = Hit(actor=place.actors[0], mention=place, depth=2) if place else topic.counterpart(known[0], number)
    if other is None:
        return sides
    return ([other], sides[1]) if side == 0 else (sides[0], [other])


def own_forces(act: Act, targets: Sequence[Hit]) -> bool:
    """Whether an army or police is what is moved, not against whom ("put its army on alert")."""
    return act.type == "MOBILIZE" and all(h.actor.sector in FORCES for h in targets)


def within(side: Sequence[Hit]) -> list[Two]:
    """One plural side as its own counterpart: first-named against the others, or all with all."""
    top = min((h.depth for h in side), default=0)
    side = [h for h in side if h.depth == top]
    names = codes(side)
    if len(names) < 2:
        return []
    if len(names) > MOST_MUTUAL or (len(names) > 2 and any(h.mention.how == "bloc" for h in side)):
        return []
    if len(names) == 2:
        first = [h for h in side if h.actor.state == names[0]]
        return [(first, [h for h in side if h.actor.state == names[1]])]
    return [(side, side)]


def codes(side: Iterable[Hit]) -> tuple[str, ...]:
    """The actor codes of a side, without repetition, in order."""
    return tuple(dict.fromkeys(h.actor.state for h in side if h.actor.state))


def worth(act: Act, sources: tuple[str, ...], targets: tuple[str, ...], sides: Two) -> bool:
    """Whether the act names enough actors to be an event."""
    if not sources and not targets:
        return False
    if sources and targets:
        if sources == targets and len(sources) == 1:
            return domestic(sides) and act.type in DOMESTIC
        return True
    if targets:
        near = all(h.depth == 0 for h in sides[1])
        return act.weight >= 0.6 and not act.symmetric and near and act.type in RECEIVED
    return False


def domestic(sides: Two) -> bool:
    """Two different actors of one state ("police arrested protesters")."""
    left = {(h.actor.id, h.actor.sector) for h in sides[0]}
    right = {(h.actor.id, h.actor.sector) for h in sides[1]}
    return not left & right and any(h.actor.sector or h.actor.kind == "person" for side in sides for h in side)


def strength(sides: Two) -> float:
    """How surely the actors were found: mention confidence, less for actors deep inside a phrase."""
    value = 1.0
    for side in sides:
        if side:
            value *= max(h.mention.confidence * (0.93**h.depth) for h in side)
        else:
            value *= 0.75
    return value
