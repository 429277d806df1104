"""The types and modes of docs/codebook.md, made from the tables that the reader uses.

    python scripts/codebook.py [--check]

Definitions, scores and CAMEO codes are those of ``types.csv`` and ``modes.csv``, the examples those of the surest
frames of ``frames.csv``: all of them our own sentences.  Exit status 1, with ``--check``, when the page is out of date.
"""

# ruff: noqa: E501 - paragraphs of the page are lines
from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
DATA, PAGE = ROOT / "comity" / "knowledge" / "data", ROOT / "docs" / "codebook.md"
BEGIN, END = "<!-- types: made by scripts/codebook.py -->", "<!-- end of types -->"
BESIDE: Mapping[str, str] = {
    "AGREE": "Narrower than in PLOVER, which codes every promise of cooperation here: where the act is named, Comity gives that act, announced. CAMEO 03.",
    "CONSULT": "As in PLOVER. CAMEO codes a visit twice, as made (042) and as received (043); here it is one event of both sides, or one from guest to host where the text tells a journey. A meeting that is only announced is `announced`; CAMEO has 036, an intent to meet.",
    "SUPPORT": "As in PLOVER. Signed treaties are here, as in CAMEO (057), and not under AGREE, which looks ahead.",
    "CONCEDE": "CAMEO's 08, yield, is two types in PLOVER and here: in words or rules (CONCEDE) and in fact (RETREAT).",
    "COOPERATE": "As in PLOVER; CAMEO 06. Joint exercises are here, exercises against somebody under MOBILIZE.",
    "AID": "As in PLOVER; CAMEO 07. Promised aid is AID with the status `announced`; both others code a promise of aid elsewhere (AGREE, 033).",
    "RETREAT": "See CONCEDE. An agreed withdrawal is RETREAT, announced, until somebody tells that it was carried out.",
    "REQUEST": "CAMEO's appeals (02) and demands (10) together, as in PLOVER. What is asked for may be an event of its own, `possible`.",
    "ACCUSE": "CAMEO's 11, disapprove, and 09, investigate, together, as in PLOVER. What somebody is accused of is an event of its own with the accuser as `speaker`.",
    "REJECT": "As in PLOVER; CAMEO 12. Whoever denies an act makes a REJECT that occurred; the act itself is `negated` on his word.",
    "THREATEN": "As in PLOVER; CAMEO 13. The threat has occurred, what is threatened is `possible`.",
    "PROTEST": "As in PLOVER; CAMEO 14. By people, not by states: a protest note is ACCUSE.",
    "SANCTION": "As in PLOVER; CAMEO 16. Verdicts of courts are here (mode `convict`), as in PLOVER; trials and charges are ACCUSE.",
    "MOBILIZE": "As in PLOVER; CAMEO 15. A test of a weapon has a target only where the text names one.",
    "COERCE": "As in PLOVER; CAMEO 17. Occupied and annexed land is here (`seize`); CAMEO has it under fighting (192). Breaking into computers is here, too (`cyber`), where CAMEO has 176 and PLOVER a mode.",
    "ASSAULT": "All violence, as in PLOVER; CAMEO parts it in 18 (assault), 19 (fight) and 20 (mass violence). The mode tells the means, not the scale.",
}
"""How each type differs from PLOVER's and CAMEO's."""


def rows(name: str) -> list[dict[str, str]]:
    """A table of the reader."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shown(example: str) -> str:
    """An example with its source and target in words: [S:Peru] becomes *Peru* (S)."""
    for mark in "ST":
        parts = example.split(f"[{mark}:")
        example = parts[0] + "".join(f"**{p.split(']', 1)[0]}**{sub(mark)}{p.split(']', 1)[1]}" for p in parts[1:])
    return example


def sub(mark: str) -> str:
    """The mark of a side behind its name."""
    return f"<sub>{mark}</sub>"


def example(frames: Sequence[Mapping[str, str]], type_: str, mode: str) -> str:
    """The example of the surest verb of a type and mode that tells what occurred, with both sides in it."""
    found = [f for f in frames if (f["type"], f["mode"]) == (type_, mode) and f["default_status"] in ("", "occurred")]
    both = [f for f in found if "[S:" in f["example"] and "[T:" in f["example"]] or found
    return shown(max(both, key=lambda f: (f["pos"] == "v", float(f["weight"] or 0)))["example"])


def tables() -> Iterator[str]:
    """The text of the page between its marks, by lines."""
    frames, modes = rows("frames.csv"), rows("modes.csv")
    for row in rows("types.csv"):
        name = row["type"]
        yield f"### {name}"
        yield ""
        yield f"{row['definition']} *{row['quad'].capitalize()}*, score {row['score']}, CAMEO {row['cameo']}. {shown(row['example'])}"
        yield ""
        yield BESIDE[name]
        yield ""
        here = [m for m in modes if m["type"] == name]
        if here:
            yield "| mode | score | CAMEO | when | example |"
            yield "|---|---|---|---|---|"
            for m in here:
                yield f"| `{m['mode']}` | {m['score']} | {m['cameo']} | {m['definition']} | {example(frames, name, m['mode'])} |"
            yield ""


def made() -> str:
    """The page as it ought to be."""
    before, rest = PAGE.read_text("utf-8").split(BEGIN, 1)
    text = "\n".join(tables()).rstrip()
    return f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END, 1)[1]}"


def main() -> int:
    """Write or check; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    old = PAGE.read_text("utf-8") != made()
    if old:
        print(f"docs/codebook.md {'is out of date' if given.check else 'written'}")
    if old and not given.check:
        PAGE.write_text(made(), "utf-8")
    return int(given.check and old)


if __name__ == "__main__":
    sys.exit(main())
