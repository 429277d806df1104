"""The score of single agency sentences."""

from __future__ import annotations

import json
from pathlib import Path

from comity.evaluate.leads_score import score_leads
from comity.reader import Reader


def test_acts_inside_one_state_and_marked_pairs_count(reader: Reader, tmp_path: Path) -> None:
    text = "Police in Lagos arrested 40 street traders in a dawn sweep."
    event = {"need": "must", "types": ["COERCE"], "status": ["occurred"], "source": ["NGA"], "target": ["NGA"]}
    rows = [
        {"id": "a", "text": text, "published": "2015-02-03", "events": [{**event, "from": [0, 6], "to": [25, 42]}]},
        {"id": "b", "text": text, "published": "2015-02-03",
         "events": [{**event, "types": ["AID"], "from": [0, 6], "to": [25, 42]}]},
    ]  # fmt: skip
    path = tmp_path / "leads.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in rows))
    scores, notes, _ = score_leads(reader, path)
    assert scores["acts"] == 2 and scores["recall"] == scores["precision"] == scores["accuracy"] == 0.5
    assert len(notes) == 1 and notes[0].startswith("b: missed AID NGA>NGA (pair found as COERCE)")
