"""Shared fixtures: one reader a test session, and the shared gold sets where they lie beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from comity.reader import Reader

# A machine that does other things, too, is slow: no example fails for its time (the fuzzing has limits of its own).
settings.register_profile("comity", deadline=None)
settings.load_profile("comity")

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader()


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the shared gold sets are not beside this checkout")
    return SHARED
