"""What actors of one state do to one another."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.reader import Reader


def told(reader: Reader, text: str) -> set[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return {(e.type, e.sources, e.targets) for e in reader.text(text).events}


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        ("Zambia's finance minister sacked the governor of the central bank on Monday.", "SANCTION", "ZMB"),
        ("Armenia's president met opposition leaders to end a month of street rallies.", "CONSULT", "ARM"),
        ("The Spanish government gave farmers 200 million euros after the drought.", "AID", "ESP"),
        ("Indonesian students hailed the army chief as a hero.", "SUPPORT", "IDN"),
        ("Brazil's Lula pardoned three union leaders convicted of contempt.", "RETREAT", "BRA"),
    ],
)
def test_parties_of_one_state_are_told_apart(reader: Reader, text: str, kind: str, code: str) -> None:
    assert (kind, (code,), (code,)) in told(reader, text)


def test_nameless_people_are_of_the_only_state_named(reader: Reader) -> None:
    text = "The Albanian cabinet refused to sit down with hunger-striking lecturers."
    assert ("REJECT", ("ALB",), ("ALB",)) in told(reader, text)
    abroad = "Albanian and Greek ministers refused to sit down with hunger-striking lecturers."
    assert not any(s == t for _, s, t in told(reader, abroad))


def test_a_state_named_for_its_people(reader: Reader) -> None:
    assert any(s == t == ("GRC",) for _, s, t in told(reader, "Greek growers kept defying the Socialist government."))


def test_a_group_keeps_its_own_code(reader: Reader) -> None:
    text = "Al-Shabaab fighters killed four teachers in a village school."
    assert ("ASSAULT", ("ALSHABAAB",), ("SOM",)) in told(reader, text)


def test_what_a_state_moves_is_no_party(reader: Reader) -> None:
    assert not any(s == t for _, s, t in told(reader, "Iran put its artillery on alert."))
    assert not any(s == t for _, s, t in told(reader, "South Africa recalled its ambassador from Israel."))


def test_what_befalls_a_place_or_a_market_is_nothing(reader: Reader) -> None:
    assert not told(reader, "A bomb killed three people in a market in Karachi on Friday.")
    assert not told(reader, "Germany's economy shrank in the first quarter, the statistics office said.")


def test_who_is_called_another_states_is_no_party(reader: Reader) -> None:
    text = "Lebanese kidnappers freed the American journalist Terry Anderson after seven years."
    assert ("RETREAT", ("LBN",), ("LBN",)) not in told(reader, text)


def test_what_a_party_is_called_tells_no_act(reader: Reader) -> None:
    kinds = {k for k, _, _ in told(reader, "Georgian demonstrators received ministers from the Georgian government.")}
    assert "PROTEST" not in kinds


def test_who_does_it_together_does_nothing_to_one_another(reader: Reader, tmp_path: Path) -> None:
    own = tmp_path / "actors.csv"
    own.write_text("code,name,kind\nFOR,Fornost,state\nGON,Gondor,state\nOSG,Osgiliath,state\n")
    mine = Reader(actors=own, lexicon=reader.lexicon, encoder=reader.encoder, judge=reader.judge)
    text = "Fornost and Gondor welcome a resumption of formal diplomatic ties with Osgiliath after a 12-year rift."
    found = told(mine, text)
    assert any(t == ("OSG",) for _, _, t in found)
    assert not any({*s, *t} == {"FOR", "GON"} for _, s, t in found)
