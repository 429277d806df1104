"""W3C PROV-JSON: which report an event was derived from, which document a report, and which run made it."""

from __future__ import annotations

from typing import Any, BinaryIO

import msgspec

from comity.exchange.exporting import Source
from comity.version import VERSION


class Prov:
    """Entities are documents, reports and events; activities are runs; the agent is this program."""

    suffix = ".prov.json"
    about = "W3C PROV-JSON, for provenance tools"

    def write(self, source: Source, out: BinaryIO) -> int:
        """See `Format`."""
        found: dict[str, dict[str, Any]] = {
            "prefix": {"comity": "urn:comity:", "prov": "http://www.w3.org/ns/prov#"},
            "entity": {},
            "activity": {},
            "agent": {"comity:program": {"prov:type": "prov:SoftwareAgent", "comity:version": VERSION}},
            "wasDerivedFrom": {},
            "wasGeneratedBy": {},
            "wasAssociatedWith": {},
        }
        for row in source.rows():
            found["entity"][_name(row["id"])] = _event(row)
        reports = source.reports().to_pylist()
        _derive(found, reports)
        _documents(found, source, {r["document"] for r in reports if r["document"]})
        _runs(found, source, {r["run"] for r in reports if r["run"]})
        out.write(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
        return len(found["entity"])


def _name(text: str) -> str:
    return f"comity:{text}"


def _event(row: dict[str, Any]) -> dict[str, Any]:
    kept = ("type", "mode", "status", "cameo", "date_start", "date_end", "imported_from")
    facts = {f"comity:{k}": str(row[k]) for k in kept if row[k] is not None}
    sides = {f"comity:{k}": " ".join(row[k] or ()) for k in ("sources", "targets")}
    return {"prov:type": "comity:event", **facts, **sides}


def _derive(found: dict[str, dict[str, Any]], reports: list[dict[str, Any]]) -> None:
    """Events from reports, reports from documents and runs."""
    derived, made = found["wasDerivedFrom"], found["wasGeneratedBy"]
    for row in reports:
        report = _name(row["id"])
        found["entity"][report] = {"prov:type": "comity:report"}
        if row["evidence"]:
            found["entity"][report]["prov:value"] = row["evidence"]
        link = f"_:d{len(derived)}"
        derived[link] = {"prov:generatedEntity": _name(row["event"]), "prov:usedEntity": report}
        if row["document"]:
            link = f"_:d{len(derived)}"
            derived[link] = {"prov:generatedEntity": report, "prov:usedEntity": _name(row["document"])}
        if row["run"]:
            made[f"_:g{len(made)}"] = {"prov:entity": report, "prov:activity": _name(row["run"])}


def _documents(found: dict[str, dict[str, Any]], source: Source, wanted: set[str]) -> None:
    if not wanted:
        return
    for row in source.store.documents().to_pylist():
        if row["id"] in wanted:
            facts = {"comity:title": row["title"], "comity:outlet": row["source"], "prov:location": row["url"]}
            published = {"comity:published": str(row["published"])} if row["published"] else {}
            kept = {k: v for k, v in facts.items() if v}
            found["entity"][_name(row["id"])] = {"prov:type": "comity:document", **kept, **published}


def _runs(found: dict[str, dict[str, Any]], source: Source, wanted: set[str]) -> None:
    for row in source.store.runs().to_pylist():
        if row["id"] in wanted:
            times = {"prov:startTime": row["started"], "prov:endTime": row["ended"]}
            facts = {"comity:program": row["program"], "comity:model": row["model"], "comity:command": row["command"]}
            found["activity"][_name(row["id"])] = {
                **{k: v.isoformat() for k, v in times.items() if v},
                **{k: v for k, v in facts.items() if v},
            }
            links = found["wasAssociatedWith"]
            links[f"_:a{len(links)}"] = {"prov:activity": _name(row["id"]), "prov:agent": "comity:program"}
