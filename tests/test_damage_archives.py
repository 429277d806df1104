"""Five hundred damaged archives: every damage is told, what is undamaged is read, nothing partial is given as whole.

A record counts as undamaged when every checksum that covers it holds: in
gzip that is the whole member, so that of a file packed in one piece nothing
is left where bits are flipped in it.  Of a file that is cut the records in
front of the cut count as undamaged.
"""

from __future__ import annotations

import gzip
import io
import random
import struct
import tarfile
import zipfile
from pathlib import Path

import msgspec
import pytest

from comity.errors import SkipDocument
from comity.read.items import open_items

RECORDS = 30
WORDS = "the president said that talks with Moscow and Beijing would go on in spring while ministers met envoys".split()


def articles(rng: random.Random) -> list[str]:
    """Texts that differ, of some hundred to some thousand characters."""
    return [f"Article {n}. " + " ".join(rng.choices(WORDS, k=rng.randint(40, 400))) + f" End {n}." for n in range(RECORDS)]


def warc_record(number: int, text: str) -> bytes:
    """A response with a page."""
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body><p>" + text.encode() + b"</p></body></html>"
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/{number}\r\nWARC-Record-ID: <urn:uuid:{number}>\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    return head.encode() + http + b"\r\n\r\n"


def packed(pieces: list[bytes]) -> tuple[bytes, list[tuple[int, int]]]:
    """Pieces as gzip members of their own, with the place of each."""
    out, places = b"", []
    for piece in pieces:
        member = gzip.compress(piece, mtime=0)
        places.append((len(out), len(out) + len(member)))
        out += member
    return out, places


def build(kind: str, texts: list[str]) -> tuple[bytes, list[tuple[int, int]]]:
    """An archive, and the place of each record's bytes in it."""
    if kind == "warc.gz":
        return packed([warc_record(n, t) for n, t in enumerate(texts)])
    if kind == "jsonl.gz":
        return packed([msgspec.json.encode({"text": t}) + b"\n" for t in texts])
    buffer = io.BytesIO()
    places = []
    if kind == "zip":
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for n, text in enumerate(texts):
                start = buffer.tell()
                archive.writestr(f"{n:03}.txt", text)
                places.append((start, buffer.tell()))
    else:
        with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for n, text in enumerate(texts):
                info = tarfile.TarInfo(f"{n:03}.txt")
                info.size = len(text)
                archive.addfile(info, io.BytesIO(text.encode()))
        with tarfile.open(fileobj=io.BytesIO(buffer.getvalue())) as archive:
            places = [(m.offset, m.offset_data + -(-m.size // 512) * 512) for m in archive]
    return buffer.getvalue(), places


def cut(kind: str, data: bytes, places: list[tuple[int, int]], rng: random.Random) -> tuple[bytes, set[int]]:
    at = rng.randint(places[0][0] + 20, places[-1][1] - 1)
    return data[:at], {n for n, (_, end) in enumerate(places) if end > at}


def flip(kind: str, data: bytes, places: list[tuple[int, int]], rng: random.Random) -> tuple[bytes, set[int]]:
    """Up to three bits in up to three records; a plain tar has no checksum of data, so there in headers."""
    out, hit = bytearray(data), set()
    for _ in range(rng.randint(1, 3)):
        n = rng.randrange(len(places))
        start, end = places[n]
        at = rng.randrange(start, start + 157 if kind == "tar" else end)
        out[at] ^= 1 << rng.randrange(8)
        hit.add(n)
    return bytes(out), hit


def wrong_length(kind: str, data: bytes, places: list[tuple[int, int]], rng: random.Random) -> tuple[bytes, set[int]]:
    """A length that is not true: of a WARC record before packing, in a header of ZIP or tar, at the end of gzip."""
    n = rng.randrange(len(places))
    start, end = places[n]
    out = bytearray(data)
    by = rng.choice([-400, -37, -1, 1, 29, 700, 5000, 10**6])
    if kind == "warc.gz":
        plain = gzip.decompress(data[start:end])
        length = int(plain.split(b"Content-Length: ")[1].split(b"\r\n")[0])
        plain = plain.replace(b"Content-Length: %d" % length, b"Content-Length: %d" % max(1, length + by))
        return data[:start] + gzip.compress(plain, mtime=0) + data[end:], {n}
    if kind == "jsonl.gz":
        size = struct.unpack("<I", data[end - 4 : end])[0]
        out[end - 4 : end] = struct.pack("<I", max(1, size + by))
    elif kind == "zip":
        at = start + rng.choice([18, 22])
        size = struct.unpack("<I", data[at : at + 4])[0]
        out[at : at + 4] = struct.pack("<I", max(1, size + by))
    else:
        size = int(data[start + 124 : start + 135], 8)
        out[start + 124 : start + 135] = b"%011o" % max(1, size + by)
        out[start + 148 : start + 156] = b" " * 8
        out[start + 148 : start + 156] = b"%06o\0 " % sum(out[start : start + 512])
    return bytes(out), {n}


def mixed(kind: str, data: bytes, places: list[tuple[int, int]], rng: random.Random) -> tuple[bytes, set[int]]:
    """A foreign stretch between two records: text in another encoding, or a piece of something else."""
    n = rng.randrange(1, len(places))
    start = places[n][0]
    junk = rng.choice(["Ярмарка в Москве ".encode("cp1251"), "Türkei und Österreich".encode("utf-16"), b"\xff\xfe\x00junk", bytes(range(256))]) * rng.randint(1, 40)
    if kind == "tar":
        junk += b"\xff" * (-len(junk) % 512)
    return data[:start] + junk + data[start:], set()


DAMAGES = {"cut": cut, "flip": flip, "length": wrong_length, "mixed": mixed}


def number_of(data: bytes) -> int:
    return int(data.split(b"Article ", 1)[1].split(b".", 1)[0])


def read_all(path: Path) -> tuple[dict[int, bytes], list[SkipDocument]]:
    given: dict[int, bytes] = {}
    errors = []
    for item in open_items([str(path)]):
        try:
            data = item.load()
        except SkipDocument as error:
            errors.append(error)
            continue
        given[number_of(data)] = data
    return given, errors


def trial(kind: str, damage: str, seed: int, folder: Path) -> tuple[int, int]:
    """Damage one archive and read it; how many undamaged records there were, and how many were given."""
    rng = random.Random(f"{kind} {damage} {seed}")
    texts = articles(rng)
    data, places = build(kind, texts)
    broken, hit = DAMAGES[damage](kind, data, places, rng)
    path = folder / f"{damage}-{seed}.{kind}"
    path.write_bytes(broken)
    given, errors = read_all(path)
    for number, found in given.items():
        text = texts[number].encode()
        whole = b"<p>" + text + b"</p></body></html>" in found if kind == "warc.gz" else found == text
        assert whole, f"{path.name}: record {number} was given though it is not whole"
    complete = len(given) == RECORDS
    assert errors or (complete and damage in ("flip", "length")), f"{path.name}: damage was not told"
    for error in errors:
        assert error.code.startswith("C1") and path.name in error.about
        assert "!" in error.about or "byte" in error.about or "line" in error.about or kind == "zip"
    wanted = set(range(RECORDS)) - hit
    return len(wanted), len(wanted & given.keys())


@pytest.mark.parametrize("damage", sorted(DAMAGES))
@pytest.mark.parametrize("kind", ["warc.gz", "jsonl.gz", "zip", "tar"])
def test_damage_is_told_and_the_rest_is_read(kind: str, damage: str, tmp_path: Path) -> None:
    wanted = given = 0
    for seed in range(32):
        some = trial(kind, damage, seed, tmp_path)
        wanted += some[0]
        given += some[1]
    print(f"{kind} {damage}: {given} of {wanted}")
    assert given >= 0.99 * wanted, f"{given} of {wanted} undamaged records"
