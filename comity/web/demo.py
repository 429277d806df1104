"""The demonstration: a record made once from the examples, kept in the user's cache folder."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from comity.errors import CannotServe
from comity.record.store import open_record
from comity.version import VERSION

SUFFIXES = frozenset({".txt", ".html"})


def examples() -> Path:
    """The folder of examples: in the package, beside it, or in the current folder where that is a checkout.

    Raises `CannotServe`, which says where it looked.
    """
    package = Path(__file__).resolve().parents[1]
    places = [package / "examples", package.parent / "examples", Path.cwd() / "examples"]
    for folder in places:
        # A folder of that name anywhere else need not be ours: `stories` tells a checkout.
        ours = folder != places[-1] or (folder / "stories").is_dir()
        if ours and folder.is_dir() and any(p.suffix in SUFFIXES for p in folder.rglob("*")):
            return folder
    raise CannotServe(
        f"there are no examples in {', '.join(str(p) for p in places)}",
        fix="run this in the folder of a checkout, or make a record (comity add SOURCE... --record DIR) and give that",
    )


def cache_folder() -> Path:
    """Where what can be made again is kept for this user."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "comity"


def demo_record(tell: Callable[[str], None]) -> Path:
    """The folder of the record of these examples, made now where it is not there.  Raises `CannotServe`."""
    folder = examples()
    files = sorted(p for p in folder.rglob("*") if p.suffix in SUFFIXES)
    digest = hashlib.sha256(VERSION.encode())
    for file in files:
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    target = cache_folder() / f"demo-{digest.hexdigest()[:12]}"
    if target.is_dir():
        return target
    tell(f"Reading {len(files)} example articles, once ...")
    partial = target.with_name(f"{target.name}.{os.getpid()}.part")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.parent.mkdir(parents=True, exist_ok=True)
        with open_record(partial) as store:
            store.add([str(f) for f in files], command="comity serve --demo")
            store.refresh()
        partial.rename(target)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        if target.is_dir():  # another process was faster
            return target
        raise CannotServe(f"the demonstration cannot be made: {error}", about=str(target)) from None
    return target
