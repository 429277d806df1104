"""Adding to a record on a cluster: the stages of `comity.record.add` as a data flow of Daft, here or on Ray.

    from comity.engine import add_distributed
    add_distributed(store, ["s3://bucket/news/"], workers=64, address="auto")

Needs ``pip install 'comity[cluster]'``.  See ``docs/scale.md``.
"""

from __future__ import annotations

from comity.engine.flow import leave
from comity.engine.run import add_distributed

__all__ = ["add_distributed", "leave"]
