"""The same articles give the same bytes in every time zone, locale, order and seed of hashing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

DEV = Path(__file__).parents[1] / "gold" / "dev"
ARTICLES = ("andes-2008.txt", "skripal-2018.html", "doha-2020.txt", "qatar-2017.txt", "senkaku-2012.txt")
SCRIPT = """
import sys
from pathlib import Path
import msgspec
from comity.contract import document_object
from comity.read import read_bytes
from comity.reader import Reader

reader = Reader()
found = {}
for name in sys.argv[1:]:
    path = Path(name)
    found[path.name] = document_object(reader(read_bytes(path.read_bytes(), name=path.name)), passed=True)
sys.stdout.buffer.write(msgspec.json.encode([found[name] for name in sorted(found)]))
"""
SETTINGS = (
    {"TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "1"},
    {"TZ": "America/Los_Angeles", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "77", "PYTHONUTF8": "0"},
)


def read_with(environment: dict[str, str], names: list[str]) -> subprocess.Popen[bytes]:
    """A process of its own that reads the articles in this order."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "TZ", "PYTHON"))}
    paths = [str(DEV / name) for name in names]
    return subprocess.Popen([sys.executable, "-c", SCRIPT, *paths], env={**kept, **environment}, stdout=subprocess.PIPE)


def test_time_zone_locale_order_and_hashing_change_nothing() -> None:
    first, second = (
        read_with(setting, names)
        for setting, names in zip(SETTINGS, (list(ARTICLES), list(reversed(ARTICLES))), strict=True)
    )
    one, other = first.communicate()[0], second.communicate()[0]
    assert first.returncode == second.returncode == 0
    assert one.count(b'"type":"') > 40
    assert one == other
