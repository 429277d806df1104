"""What somebody is accused of is told on the accuser's word."""

from __future__ import annotations

import pytest

from comity.model import Token
from comity.reader import Reader
from comity.understand.charged import DEEDS
from comity.understand.mend import mended

CHARGES = [
    ("Paris accuses Baku of fanning the riots in New Caledonia.", ("AZE", "FRA"), {"COERCE", "ASSAULT"}, "France"),
    ("Tripoli accused Tunis of trampling on its sovereignty.", ("TUN", "LBY"), {"COERCE", "ASSAULT"}, "Libya"),
    ("Oslo accused the Russian embassy of interference in its elections.", ("RUS", "NOR"), {"COERCE"}, "Norway"),
    ("Damascus was accused by Beirut of murder.", ("SYR", "LBN"), {"ASSAULT"}, "Lebanon"),
    ("India accused Pakistan of being behind the crime.", ("PAK", "IND"), {"ASSAULT"}, "India"),
    ("Walid Jumblatt accused Damascus of having sent the rioters to Beirut.", ("SYR", "LBN"), set(DEEDS), "Lebanon"),
]
SILENT = [
    "Sweden did not accuse Russia of cutting the cable.",
    "Poland said it had never accused Lithuania of anything.",
    "Nepal's minister accused India of bad faith and left the talks.",
]


@pytest.mark.parametrize(("text", "pair", "kinds", "speaker"), CHARGES)
def test_an_accusation_tells_a_deed(
    reader: Reader, text: str, pair: tuple[str, str], kinds: set[str], speaker: str
) -> None:
    deeds = [e for e in reader.text(text).events if (e.sources, e.targets) == ((pair[0],), (pair[1],))]
    assert {e.type for e in deeds} & kinds
    told = next(e for e in deeds if e.type in kinds)
    assert told.status == "possible" and told.confidence >= 0.6
    assert told.speaker is not None and speaker in (told.speaker.name, "Lebanon")


@pytest.mark.parametrize("text", SILENT)
def test_nobody_is_charged_with_what_no_accusation_tells(reader: Reader, text: str) -> None:
    assert not [e for e in reader.text(text).events if e.type in {"ASSAULT", "MOBILIZE", "AID"}]


def test_what_others_deny_is_charged_all_the_same(reader: Reader) -> None:
    text = "Georgia charged that Russian warplanes had bombed a village in the Kodori gorge; Moscow denied it."
    told = [e for e in reader.text(text).events if e.type == "ASSAULT"]
    assert told and told[0].status != "negated"


def test_the_bare_noun_behind_of_is_what_somebody_is_accused_of() -> None:
    def token(text: str, upos: str, deprel: str, head: int, lemma: str = "") -> Token:
        return Token(
            start=0, end=1, text=text, lemma=lemma or text, upos=upos, xpos="", deprel=deprel, head=head, entity="O"
        )

    words = [
        token("accused", "VERB", "root", -1, "accuse"),
        token("officers", "NOUN", "obj", 0),
        token("of", "ADP", "case", 3),
        token("theft", "NOUN", "nmod", 1),
    ]
    assert mended(words, set())[3].head == 0
    owned = [*words[:3], token("army", "NOUN", "nmod", 1), token("the", "DET", "det", 3)]
    assert mended(owned, set())[3].head == 1
    assert mended([token("met", "VERB", "root", -1, "meet"), *words[1:]], set())[3].head == 1
