"""Who is meant by words that refer back, and the scorer of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from comity import Reader
from comity.evaluate.reference_score import answering, is_right, score_reference, understood

GOLD = Path(__file__).parents[1] / "gold" / "reference"


def meant(reader: Reader, text: str, words: str, day: str = "2018-06-13") -> set[str | None]:
    """The codes that the words, told once in the text, stand for."""
    start = text.rindex(words)
    found = answering(
        understood(reader, text, date.fromisoformat(day)).mentions, {"start": start, "end": start + len(words)}
    )
    return {a.state for a in found.actors if a.state} if found is not None else set()


@pytest.mark.parametrize(
    ("text", "words", "codes"),
    [
        ("Iran, Russia and Turkey met in Sochi. The three guarantors want a truce.", "three guarantors", "IRN RUS TUR"),
        ("Peru, Chile and Bolivia sent envoys. Paraguay protested. All three smiled.", "All three", "PER CHL BOL"),
        ("Greece and Turkey reopened their embassies.", "their", "GRC TUR"),
        ("France and Britain sent soldiers to Mali.", "soldiers", "FRA GBR"),
        ("Kenya and Uganda shelled each other for a week.", "each other", "KEN UGA"),
        ("Honduras sent police to the gulf. Its southern neighbour protested.", "southern neighbour", "NIC"),
        ("Portugal closed the border. Its eastern neighbour did the same.", "eastern neighbour", "ESP"),
        ("Cuba wants talks. Washington sent a note to the island.", "island", "CUB"),
        ("NATO and Russia met. The alliance promised restraint.", "alliance", "NATO"),
        ("Kuwait and Egypt quarrelled. The emirate withdrew its money.", "emirate", "KWT"),
        ("Burundi arrested a priest. Kenya stopped its trade with the government.", "government", "BDI"),
        ("Macron received Modi in Paris. The guest stayed a day.", "guest", "IND"),
        ("Serbia and Croatia signed. The latter opened a consulate.", "latter", "HRV"),
        ("Japan called Korea. It asked for calm.", "It", "JPN"),
        ("India gave Nepal a list. India wants it to pay.", "it", "NPL"),
        ("Ukraine warned Belarus. It took the ministry two days to answer.", "It", ""),
        ("China criticised Japan. It is raining in Beijing.", "It", ""),
        ("The Border Guard Force of Chad (BGFC) fired at a car. The BGFC denied it.", "BGFC", "TCD"),
        ("Yugoslvia asked for a truce.", "Yugoslvia", "YUG"),
    ],
)
def test_what_words_stand_for(reader: Reader, text: str, words: str, codes: str) -> None:
    assert meant(reader, text, words, "1999-04-24" if "Yugos" in text else "2018-06-13") == set(codes.split())


def test_a_name_that_is_half_a_persons_is_no_state(reader: Reader) -> None:
    assert meant(reader, "Georgia Okeefson's flowers were sold in a shop.", "Georgia") == set()


def test_the_speaker_does_not_call_himself_they(reader: Reader) -> None:
    text = "Mexico protested. “They struck me,” the Mexican consul, Pablo Ruiz, told reporters."
    assert meant(reader, text, "They") == set()


def test_a_mistake_of_the_person_counts() -> None:
    class Named:
        state, name, id = "RUS", "Boris Yeltsin", "person:boris-yeltsin"

    class Found:
        actors, confidence = (Named,), 0.9

    gold = {"actors": ["RUS"], "person": "Vladimir Putin"}
    assert not is_right(gold, Found)  # type: ignore[arg-type]
    assert is_right({**gold, "person": "Boris Yeltsin"}, Found)  # type: ignore[arg-type]


def test_the_gold_of_dev_holds(reader: Reader) -> None:
    if not (GOLD / "dev.jsonl").is_file():
        pytest.skip("the gold lies in a checkout only")
    scores, notes, _ = score_reference(reader, GOLD / "dev.jsonl")
    assert scores["mentions"] == 264
    assert scores["accuracy"] >= 0.9, notes
