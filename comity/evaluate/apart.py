"""Measurements in processes of their own, so that the peak memory of each is its own, and how they are told."""

from __future__ import annotations

import resource
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import msgspec


def peak_mb() -> int:
    """The most memory that this process has had, in mebibytes."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def apart(measure: Callable[..., dict[str, Any]], *given: Any) -> dict[str, Any]:
    """What a measurement returns, made in a fresh process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure, *given).result()


def print_figures(figures: Mapping[str, Mapping[str, Any]], *, as_json: bool) -> None:
    """All figures of each measurement: one JSON object, or lines for people."""
    if as_json:
        print(msgspec.json.encode(figures).decode())
        return
    for name, values in figures.items():
        print(name)
        for label, value in values.items():
            print(f"  {label.replace('_', ' ')}: {value:,}")
