"""The command line: parse the arguments, call the library, render."""

from __future__ import annotations

from comity.cli.main import main

__all__ = ["main"]
