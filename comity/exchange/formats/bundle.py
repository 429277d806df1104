"""A bundle: the data as Parquet and CSV, what the columns mean, licence, citation, selection and checksums."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from comity.errors import CannotWrite
from comity.exchange.cells import write_csv
from comity.exchange.codes import rows
from comity.exchange.exporting import Source, put_folder
from comity.record.wording import many
from comity.version import VERSION

PACKAGE, SUMS = "datapackage.json", "SHA256SUMS"
_LICENCE = """These data were made with Comity {version} from the sources named in events and reports.

The coding of the events is yours to share under the terms that you choose; the program itself is under Apache-2.0.
Sentences quoted as evidence belong to their publishers and are quoted so that each event can be checked.
Rows with a name in the column imported_from come from the event set of that name and stay under its terms:
{sets}.
"""
_TYPES = (
    (pa.types.is_integer, "integer"),
    (pa.types.is_floating, "number"),
    (pa.types.is_date, "date"),
    (pa.types.is_boolean, "boolean"),
    (pa.types.is_list, "array"),
    (pa.types.is_timestamp, "datetime"),
)


def write(source: Source, target: Path) -> int:
    """Write a folder, or a ZIP archive where the name ends in .zip.  Raises `CannotWrite` over what is no bundle."""
    zipped = target.suffix.lower() == ".zip"
    if not zipped and target.exists() and not (target / PACKAGE).is_file() and any(target.iterdir()):
        raise CannotWrite(
            "this folder is not empty and holds no bundle", about=str(target), fix="choose another place with --out"
        )
    partial = Path(tempfile.mkdtemp(prefix=target.name + ".", suffix=".part", dir=target.parent))
    try:
        _files(source, partial)
        if zipped:
            archive = partial.with_suffix(".zip")
            _zip(partial, archive, target.stem)
            archive.replace(target)
        else:
            put_folder(partial, target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return int(source.table.num_rows)


def _files(source: Source, folder: Path) -> None:
    reports = source.reports()
    reports = reports.drop_columns([c for c in ("keys", "window_low", "window_high") if c in reports.column_names])
    tables = {"events": source.table, "reports": reports}
    for name, table in tables.items():
        with (folder / f"{name}.parquet").open("wb") as file:
            pq.write_table(table, file, compression="zstd")
        with (folder / f"{name}.csv").open("wb") as file:
            listed = (r for b in table.to_batches(max_chunksize=5_000) for r in b.to_pylist())
            write_csv(file, listed if name == "reports" else source.rows(), table.column_names)
    sets = sorted({s for s in source.table.column("imported_from").to_pylist() if s})
    licence = _LICENCE.format(version=VERSION, sets=", ".join(sets) or "there are none of these")
    (folder / "LICENCE.txt").write_text(licence, encoding="utf-8")
    made = datetime.now(UTC)
    citation = _citation(source, made, sets)
    (folder / "CITATION.txt").write_text(citation + "\n", encoding="utf-8")
    package = _package(source, tables, folder, made, citation)
    (folder / PACKAGE).write_bytes(msgspec.json.format(msgspec.json.encode(package), indent=1) + b"\n")
    sums = [f"{sha256(p)}  {p.name}\n" for p in sorted(folder.iterdir()) if p.name != SUMS]
    (folder / SUMS).write_text("".join(sums), encoding="utf-8")


def _citation(source: Source, made: datetime, sets: list[str]) -> str:
    """What was selected when, with the versions that coded it and the hash of the record it was taken from."""
    models = ", ".join(_models(source)) or "none"
    return (
        f"Events coded with Comity {VERSION} (model {models}, knowledge {source.codes.knowledge.version}), "
        f"{many(source.table.num_rows, 'event')}, selection of {made:%d %B %Y}"
        f"{', with events of ' + ', '.join(sets) if sets else ''}. "
        f"Record of generation {source.store.manifest.generation}, SHA-256 {record_hash(source)}."
    )


def _models(source: Source) -> list[str]:
    """The models with which the documents of the record were read."""
    found = source.store.database().table("select distinct model from runs where model is not null order by model")
    return [str(m) for m in found.column("model").to_pylist()]


def record_hash(source: Source) -> str:
    """One hash of all that the record holds: of the hashes of its files in order of their names."""
    listed = sorted((s.file, s.sha256) for s in source.store.manifest.segments)
    return hashlib.sha256("".join(f"{digest}  {file}\n" for file, digest in listed).encode()).hexdigest()


def _package(
    source: Source, tables: dict[str, pa.Table], folder: Path, made: datetime, citation: str
) -> dict[str, Any]:
    """The description of the data, in the manner of a Frictionless data package."""
    meanings = {(r["table"], r["column"]): r["meaning"] for r in rows("columns.csv")}
    resources = [
        {
            "name": f"{name}-{suffix}",
            "path": f"{name}.{suffix}",
            "format": suffix,
            "rows": table.num_rows,
            "bytes": (folder / f"{name}.{suffix}").stat().st_size,
            "hash": f"sha256:{sha256(folder / f'{name}.{suffix}')}",
            "schema": {"fields": [_field(f, meanings.get((name, f.name)) or meanings.get(("", f.name), ""))
                                  for f in table.schema]},
        }
        for name, table in tables.items()
        for suffix in ("parquet", "csv")
    ]  # fmt: skip
    generation = source.store.manifest.generation
    return {
        "name": "comity-events",
        "title": "Events between states and other actors",
        "created": made.isoformat(timespec="seconds"),
        "program": f"Comity {VERSION}",
        "knowledge": source.codes.knowledge.version,
        "model": _models(source),
        "record": {"generation": generation, "hash": f"sha256:{record_hash(source)}"},
        "selection": source.selection.asked(),
        "citation": citation,
        "licences": [{"path": "LICENCE.txt"}],
        "resources": resources,
    }


def _field(field: pa.Field, meaning: str) -> dict[str, str]:
    kind = next((name for test, name in _TYPES if test(field.type)), "string")
    return {"name": field.name, "type": kind, "description": meaning}


def sha256(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _zip(folder: Path, archive: Path, name: str) -> None:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for path in sorted(folder.iterdir()):
            out.write(path, f"{name}/{path.name}")
