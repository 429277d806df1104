"""Where the checkout lies, with the gold and the examples that are no part of the package."""

from __future__ import annotations

from pathlib import Path
from typing import Final


def _checkout() -> Path:
    """The folder above the package; of an installed copy the working folder, where that is a checkout."""
    above = Path(__file__).parents[2]
    if not (above / "gold").is_dir() and Path("gold").is_dir() and Path("comity/evaluate").is_dir():
        return Path().absolute()
    return above


ROOT: Final = _checkout()
