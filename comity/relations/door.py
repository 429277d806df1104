"""Relations as methods of a record: ``open_record("record").relation("RUS", "CHN")``.

A record knows nothing of relations (layers point one way), so the methods are laid on `Store` here, when relations are
first loaded or a record is opened through the door of the package.  The same as functions: `comity.relation(record,
"RUS", "CHN")`.
"""

from __future__ import annotations

from comity.record.store import Store
from comity.relations.changes import changes
from comity.relations.forecast import forecast
from comity.relations.network import network
from comity.relations.relation import compare, relation
from comity.relations.turnings import named

METHODS = {
    "relation": relation, "compare": compare, "changes": changes, "named_turns": named, "network": network,
    "forecast": forecast,
}  # fmt: skip
"""Name of the method to the function whose first argument is the record."""


def attach() -> None:
    """Lay the methods on `Store`."""
    for name, function in METHODS.items():
        setattr(Store, name, function)
