"""On whose word an event is told, and how many times it happened."""

from __future__ import annotations

from pathlib import Path

import pytest

from comity.evaluate.claims_score import score_claims
from comity.model import Event
from comity.reader import Reader
from comity.understand.counts import number_of


def event(reader: Reader, text: str, kind: str) -> Event:
    found = [e for e in reader.text(text).events if e.type == kind]
    assert found, f"no {kind} in: {text}"
    return found[0]


CLAIMS = [
    ("Human Rights Watch has documented that Saudi border guards fired on Ethiopia's army.", "ASSAULT", "Human Rights Watch"),
    ("Colombia holds Venezuela responsible for the kidnapping of its soldiers at Arauca.", "ASSAULT", "Colombia"),
    ("Montenegro indicted two Russian agents for plotting to overthrow its government.", "COERCE", "Montenegro"),
    ("Lisbon is convinced that Jakarta is deporting Timorese to Java.", "COERCE", "Portugal"),
    ("Ethiopia is said by Western diplomats to have bought drones from Turkey.", "COOPERATE", "Western diplomats"),
    ("Sofia attributes the bombing of its depots to Russian agents.", "ASSAULT", "Bulgaria"),
    ("The Solomon Islands, reports the Washington Post, has agreed to let Chinese warships dock.", "AGREE", "Washington Post"),
    ("The Romanians armed the Moldovans, according to the Kremlin; Bucharest denies it.", "REJECT", None),
    ("The two presidents of Eritrea and Yemen agreed by telephone to stop shooting.", "AGREE", None),
    ("Kyiv said that Russia had shelled the port of Odesa.", "ASSAULT", "Ukraine"),
    ("According to Pakistan, Indian troops attacked a Pakistani post.", "ASSAULT", "Pakistan"),
    ("“Russia bombed Ukraine again,” Volodymyr Zelensky said.", "ASSAULT", "Volodymyr Zelensky"),
    ("Nigeria accused France of supplying Cameroon with arms.", "AID", "Nigeria"),
    ("In its own letter Bangkok claims that the Cambodians attacked Thailand.", "ASSAULT", "Thailand"),
    ("Chad bombed Sudan.", "ASSAULT", None),
    ("Rwanda was said by United Nations experts to have armed the M23.", "AID", "United Nations experts"),
    ("It is feared in Cairo that Algeria will attack Egypt.", "ASSAULT", "Egypt"),
    (
        "Washington fears that Egypt may attack Israel, as its generals have hinted they would.",
        "ASSAULT",
        "United States",
    ),
    ("Nigeria accused France of supplying Cameroon with arms.", "ACCUSE", None),
    ("Nigeria accused Cameroon of piracy. Yaounde rejected the accusation.", "ACCUSE", None),
    ("Rwandan troops crossed into eastern Congo, the Congolese army said.", "ASSAULT", "Congolese army"),
    (
        "North Korea fired two missiles over Japan, the South Korean joint chiefs of staff said.",
        "MOBILIZE",
        "South Korean joint chiefs of staff",
    ),
    ("Fears are growing in Vilnius that Belarus will attack Lithuania.", "ASSAULT", "Lithuania"),
    ("Peru says that Gustavo Petro of Colombia is capable of ordering an invasion of Peru.", "ASSAULT", "Peru"),
    ("Egypt says that Sudan has promised to send aid to Egypt.", "AID", "Sudan"),
    ("Armenia sees the drill as the preparation of an Azeri attack on Armenia.", "ASSAULT", "Armenia"),
    (
        "Serbia accused Kosovo's police of beating Serbs in Mitrovica, an allegation Pristina dismissed as propaganda.",
        "ASSAULT",
        "Serbia",
    ),
    ("Kenya claims that Somalia shelled its posts, which Mogadishu denies.", "REJECT", None),
    ("Kenya claims that Somalia shelled its posts, which Mogadishu denies.", "ASSAULT", "Kenya"),
    ("Ravi Menon, a minister of India, did not rule out an attack on Pakistan.", "ASSAULT", "Ravi Menon"),
    (
        "Sudan accused in May to Chad and the rebels of have attacked Darfur and to Libya of have armed the rebels of "
        "Sudan.",
        "ASSAULT",
        "Sudan",
    ),
]


@pytest.mark.parametrize(("text", "kind", "speaker"), CLAIMS, ids=[c[0][:30] for c in CLAIMS])
def test_whose_word(reader: Reader, text: str, kind: str, speaker: str | None) -> None:
    said = event(reader, text, kind).speaker
    assert (said.name if said else None) == speaker


def test_anyone_says_nothing(reader: Reader) -> None:
    """Where the parse gives "anyone" to the verb of saying too, whoever is named before has said it."""
    text = (
        "Nick Warner landed in Honiara on Monday. Anyone still holding a weapon in three weeks' time, he warned, faces "
        "ten years in jail."
    )
    names = {q.speaker.name for q in reader.prepare(text).quotes if q.speaker}
    assert names == {"Nick Warner"}


def test_the_innermost_source_counts(reader: Reader) -> None:
    text = "Moscow said that Kyiv had claimed that Russia had shelled the port of Odesa."
    said = event(reader, text, "ASSAULT").speaker
    assert said is not None
    assert said.state == "UKR"


def test_whoever_is_blamed_did_it(reader: Reader) -> None:
    found = event(reader, "Nigeria accused France of supplying Cameroon with arms.", "AID")
    assert (found.sources, found.targets) == (("FRA",), ("CMR",))


COUNTS = [
    ("Vladimir Putin and Xi Jinping have met 37 times since 2013.", 37),
    ("Vladimir Putin and Xi Jinping met twice in 2019.", 2),
    ("Vladimir Putin met Xi Jinping for the third time.", 3),
    ("China and Japan held nine rounds of talks.", 9),
    ("Vladimir Putin met Xi Jinping a fifth time.", 5),
    ("It was the fifth meeting between Barack Obama and Vladimir Putin.", 5),
    ("Vladimir Putin met Xi Jinping for the first time.", None),
    ("Vladimir Putin met Xi Jinping half a dozen times.", 6),
    ("The third round of talks between Iran and the United States opened in Vienna.", 3),
    ("Vladimir Putin and Xi Jinping have met dozens of times.", None),
    ("Vladimir Putin and Xi Jinping met for the 40th time.", 40),
    ("China and Japan held talks for the seventh day in a row.", 7),
    ("China and Japan concluded their third cycle of talks in Tokyo.", 3),
    ("Vladimir Putin met Xi Jinping in Moscow.", None),
]


@pytest.mark.parametrize(("text", "count"), COUNTS, ids=[c[0][:40] for c in COUNTS])
def test_how_many_times(reader: Reader, text: str, count: int | None) -> None:
    assert event(reader, text, "CONSULT").count == count


def test_rounds_of_an_act_are_counted(reader: Reader) -> None:
    assert event(reader, "Pakistan and India have fought three wars since 1947.", "ASSAULT").count == 3


def test_what_is_fired_is_counted_piece_by_piece(reader: Reader) -> None:
    assert event(reader, "North Korea fired three missiles at South Korea.", "ASSAULT").count == 3


def test_the_score_tells_speakers_from_finding(reader: Reader, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    row = (
        '{"id": "x", "text": "Kyiv said that Russia had shelled Ukraine.", "published": "2023-01-01", "events": '
        '[{"types": ["ASSAULT"], "source": "RUS", "target": "UKR", "speaker": ["POL"], "count": null}, '
        '{"types": ["AID"], "source": "RUS", "target": "UKR", "speaker": ["UKR"]}]}'
    )
    gold.write_text(row)
    scores, notes, _ = score_claims(reader, gold)
    assert (scores["found"], scores["speaker"], scores["uncounted"], scores["speaker_of_all"]) == (0.5, 0, 1, 0)
    assert len(notes) == 2


def test_numbers_in_words() -> None:
    given = ("37", "1,204", "thirty-seven", "twelve", "dozen", "forty-dozen", "several", "12345678")
    assert [number_of(w) for w in given] == [37, 1204, 37, 12, 12, None, None, None]


STATUSES = [
    ("Greece and Turkey almost fought over a rock.", "ASSAULT", {"negated"}),
    ("Greece came close to attacking Turkey.", "ASSAULT", {"negated", "possible"}),
    ("Argentina has written to London asking for negotiations with Britain.", "REQUEST", {"occurred"}),
    ("Turkey accused Greece of to arm the PKK.", "AID", {"possible"}),
    ("Police in Lagos foiled an attack by Cameroon on Nigeria.", "ASSAULT", {"negated"}),
    ("Kenya annulled a visit to Uganda.", "CONSULT", {"negated"}),
    ("Kenya could not foil an attack by Somalia on Kenya.", "ASSAULT", {"occurred", "possible"}),
]


SUPPOSED = [
    (
        "If Serbia attacked Kosovo all the same, Washington would surely bring back the trade sanctions on Serbia that "
        "it eased in May.",
        "SANCTION",
        "possible",
        "on a condition",
    ),
    (
        "The foreign minister of Kenya should have sat down in Kampala with the president of Uganda, but some hours "
        "before his embassy called it off.",
        "CONSULT",
        "negated",
        "'should have'",
    ),
]


@pytest.mark.parametrize(("text", "kind", "status", "reason"), SUPPOSED, ids=[s[0][:30] for s in SUPPOSED])
def test_what_was_only_due_or_supposed(reader: Reader, text: str, kind: str, status: str, reason: str) -> None:
    found = event(reader, text, kind)
    assert found.status == status
    assert any(reason in why for why in found.why)


def test_what_is_still_due_is_not_denied(reader: Reader) -> None:
    found = event(reader, "By Friday the last Ethiopian troops should have left Somalia.", "RETREAT")
    assert found.status in {"announced", "possible"}


@pytest.mark.parametrize(("text", "kind", "allowed"), STATUSES, ids=[s[0][:30] for s in STATUSES])
def test_what_almost_was(reader: Reader, text: str, kind: str, allowed: set[str]) -> None:
    found = {e.status for e in reader.text(text).events if e.type == kind}
    assert found and found <= allowed
