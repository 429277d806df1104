"""What is known before reading: states, names, organisations, groups, offices, leaders, places.

The tables lie in ``data/``; `load` reads and checks them.
"""

from __future__ import annotations

from comity.knowledge.actorfile import UserActor, load_actors, with_actors
from comity.knowledge.book import Knowledge
from comity.knowledge.folding import dropped, fold, fold_char, fold_map, slug
from comity.knowledge.loader import inspect, load
from comity.knowledge.records import (
    Blocker,
    City,
    Group,
    Name,
    Office,
    Organisation,
    PastAct,
    Plural,
    Role,
    State,
    Term,
    Word,
)
from comity.knowledge.skeleton import skeleton
from comity.knowledge.surnames import surnames
from comity.knowledge.tables import Fault

__all__ = [
    "Blocker",
    "City",
    "Fault",
    "Group",
    "Knowledge",
    "Name",
    "Office",
    "Organisation",
    "PastAct",
    "Plural",
    "Role",
    "State",
    "Term",
    "UserActor",
    "Word",
    "dropped",
    "fold",
    "fold_char",
    "fold_map",
    "inspect",
    "load",
    "load_actors",
    "skeleton", "slug",
    "surnames",
    "with_actors",
]  # fmt: skip
