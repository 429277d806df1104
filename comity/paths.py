"""Paths as text, in UTF-8 whatever the locale; and back."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeVar

T = TypeVar("T")

_UNDECODED = re.compile("[\udc80-\udcff]+")
"""Bytes of a name that the locale has no letters for, as Python holds them."""


def as_text(path: str | Path) -> str:
    r"""A path as it is kept and printed.

    Python holds bytes of a name that its locale has no letter for as halves of surrogate pairs, which neither JSON nor
    tables can hold.  Here they are UTF-8 as on every other terminal; what is no UTF-8 either is written out: `caf\xe9`.
    """
    try:
        data = os.fsencode(path)
    except UnicodeEncodeError:  # no path of this system
        data = str(path).encode("utf-8", "surrogatepass")
    return data.decode("utf-8", "backslashreplace")


def in_place(path: Path) -> Path:
    """The file that is written when a user names this path: a link leads to its target.

    Raises `PermissionError` for a file that may not be written: putting another in its place would not ask.
    """
    target = Path(os.path.realpath(path)) if path.is_symlink() else path
    if target.is_file() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return target


def is_stream(path: Path) -> bool:
    """Whether something other than a file or folder stands there, a pipe or a device, which no file may replace."""
    return path.exists() and not path.is_file() and not path.is_dir()


def put(path: Path, write: Callable[[BinaryIO], T]) -> T:
    """Have a file written, whole or not at all; what is no file is written into.  Raises `OSError`."""
    target = in_place(path)
    if is_stream(target):
        with target.open("wb") as stream:
            return write(stream)
    partial = target.with_name(target.name + ".part")
    try:
        with partial.open("wb") as file:
            result = write(file)
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return result


def undecoded(text: str) -> bool:
    """Whether a text from the command line or the environment holds bytes that the locale has no letters for."""
    return _UNDECODED.search(text) is not None


def spelled_out(text: str) -> str:
    """A message with the names of files in it as they are kept and printed."""
    return _UNDECODED.sub(lambda found: as_text(found[0]), text)


def as_path(text: str) -> str:
    """The path that this text names, in the locale of this process."""
    return os.fsdecode(text.encode())


def same_everywhere(path: Path) -> bool:
    """Whether programs that know paths in UTF-8 alone, as the database does, find this one."""
    try:
        return os.fsencode(path) == str(path).encode()
    except UnicodeEncodeError:
        return False
