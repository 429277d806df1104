"""One sentence, one reading: who does what to whom, and whether it happened.

Each case is a sentence, and the dyads it must give as ``TYPE status SOURCE>TARGET``
(``SOURCE=TARGET`` where both sides do it).  A leading ``-`` names what must not be read.
"""

from __future__ import annotations

from datetime import date

import pytest

from comity.model import Event
from comity.reader import Reader

PUBLISHED = date(2022, 3, 10)

CASES: list[tuple[str, list[str]]] = [
    # plain acts, active and passive
    ("France condemned Russia on Monday.", ["ACCUSE occurred FRA>RUS"]),
    ("Russia was condemned by France and Germany.", ["ACCUSE occurred FRA>RUS", "ACCUSE occurred DEU>RUS"]),
    ("The United States imposed sanctions on Iran.", ["SANCTION occurred USA>IRN"]),
    ("Sanctions were imposed on Iran by the United States.", ["SANCTION occurred USA>IRN"]),
    ("Russian troops invaded Ukraine.", ["ASSAULT occurred RUS>UKR"]),
    ("Ukraine was invaded by Russian troops.", ["ASSAULT occurred RUS>UKR"]),
    ("Japan donated 20 million dollars to Fiji.", ["AID occurred JPN>FJI"]),
    ("Poland expelled three Russian diplomats.", ["SANCTION occurred POL>RUS"]),
    # what reporters say of their own calls
    ("Turkey declined to comment on Greek accusations.", ["-REJECT occurred TUR>GRC"]),
    ("Calls to the foreign ministry of Malaysia went unanswered in Singapore.", ["-REJECT occurred SGP>MYS"]),
    # symmetric acts
    (
        "Chinese President Xi Jinping met his Russian counterpart Vladimir Putin in Moscow.",
        ["CONSULT occurred CHN=RUS"],
    ),
    ("The leaders of Egypt and Sudan held talks in Cairo.", ["CONSULT occurred EGY=SDN"]),
    ("Kenya and Somalia signed a trade agreement.", ["SUPPORT|AGREE|COOPERATE occurred KEN=SOM"]),
    ("Talks between India and Pakistan ended on Friday.", ["CONSULT occurred IND=PAK"]),
    # nominal acts
    ("The annexation of Crimea by Russia shocked Europe.", ["COERCE|ASSAULT occurred RUS>UKR"]),
    ("Israel's bombing of Lebanon killed twelve people.", ["ASSAULT occurred ISR>LBN"]),
    ("The Saudi blockade of Qatar lasted three years.", ["COERCE|SANCTION occurred SAU>QAT"]),
    # coordination
    ("Turkey recalled its ambassador and suspended trade with Israel.", ["SANCTION occurred TUR>ISR"]),
    (
        "Cuba and Venezuela denounced the United States.",
        ["ACCUSE occurred CUB>USA", "ACCUSE occurred VEN>USA"],
    ),
    (
        "The two Koreas exchanged fire across their border, killing two South Korean marines.",
        ["ASSAULT occurred PRK>KOR", "-ASSAULT occurred KOR>KOR"],
    ),
    # what is promised is given, later; who invites asks
    (
        "Saudi Arabia has promised Pakistan 50,000 barrels of oil a day.",
        ["AID announced SAU>PAK", "-AGREE occurred SAU>PAK"],
    ),
    (
        "Riyadh has invited the Iranian president for a state visit.",
        ["REQUEST occurred SAU>IRN", "-AGREE occurred SAU>IRN"],
    ),
    (
        "Putin's invitation to Kim Jong Un was delivered on Monday.",
        ["REQUEST occurred RUS>PRK", "-AGREE occurred RUS>PRK"],
    ),
    # statuses
    ("Germany will send tanks to Ukraine.", ["AID announced DEU>UKR", "-AID occurred DEU>UKR"]),
    ("Germany did not send tanks to Ukraine.", ["AID negated DEU>UKR", "-AID occurred DEU>UKR"]),
    ("The visit of Putin to India is in doubt.", ["CONSULT possible RUS>IND", "-CONSULT occurred RUS>IND"]),
    ("Germany may send tanks to Ukraine.", ["AID possible DEU>UKR", "-AID occurred DEU>UKR"]),
    ("Putin plans to visit India next month.", ["CONSULT announced RUS>IND", "-CONSULT occurred RUS>IND"]),
    (
        "If Russia attacks Poland, NATO will respond.",
        ["ASSAULT possible RUS>POL", "-ASSAULT occurred RUS>POL"],
    ),
    ("Washington fears that Russia could attack Moldova.", ["ASSAULT possible RUS>MDA"]),
    ("Iran denied attacking Saudi Arabia.", ["-ASSAULT occurred IRN>SAU"]),
    (
        "North Korea threatened to attack South Korea.",
        ["THREATEN occurred PRK>KOR", "-ASSAULT occurred PRK>KOR"],
    ),
    ("Serbia refused to meet Kosovo.", ["REJECT occurred SRB>XKX", "-CONSULT occurred SRB=XKX"]),
    ("Would Russia attack Finland?", ["-ASSAULT occurred RUS>FIN"]),
    ("Syria failed to persuade Turkey to withdraw its troops.", ["-RETREAT occurred TUR>SYR"]),
    ("Ethiopia signed no agreement with Egypt.", ["-AGREE occurred ETH=EGY", "-SUPPORT occurred ETH=EGY"]),
    # predicates that govern others
    (
        "Britain urged China to release the prisoners.",
        ["REQUEST occurred GBR>CHN", "-RETREAT occurred CHN>GBR"],
    ),
    ("Ukraine accused Russia of shelling the town.", ["ACCUSE occurred UKR>RUS"]),
    ("Canada promised to help Haiti.", ["AGREE|AID announced|occurred CAN>HTI", "-AID occurred CAN>HTI"]),
    ("Moscow called on Kyiv to lay down its arms.", ["REQUEST occurred RUS>UKR"]),
    ("Greece rejected a proposal by Turkey.", ["REJECT occurred GRC>TUR"]),
    # actors by other names
    ("The Kremlin warned the White House.", ["THREATEN occurred RUS>USA"]),
    ("Tehran praised Hezbollah.", ["SUPPORT occurred IRN>HEZBOLLAH"]),
    ("Angela Merkel telephoned Emmanuel Macron in 2019.", ["CONSULT occurred DEU=FRA"]),
    # no event
    ("The turkey was served on a china plate.", []),
    ("Michael Jordan scored 40 points against Israel's best player.", ["-ASSAULT occurred JOR>ISR"]),
]


def shown(event: Event) -> set[str]:
    """An event as the strings that cases use."""
    lines = set()
    for source in event.sources or ("?",):
        for target in event.targets or ("?",):
            lines.add(f"{event.type} {event.status} {source}>{target}")
            if event.symmetric:
                lines |= {
                    f"{event.type} {event.status} {source}={target}",
                    f"{event.type} {event.status} {target}={source}",
                }
    return lines


def wanted(line: str) -> set[str]:
    """All readings that a line with alternatives allows."""
    kinds, statuses, pair = line.split()
    return {f"{kind} {status} {pair}" for kind in kinds.split("|") for status in statuses.split("|")}


@pytest.mark.parametrize(("sentence", "lines"), CASES, ids=[c[0][:40] for c in CASES])
def test_reading(reader: Reader, sentence: str, lines: list[str]) -> None:
    document = reader.text(sentence, published=PUBLISHED)
    found = set().union(*(shown(e) for e in document.events)) if document.events else set()
    for line in lines:
        if line.startswith("-"):
            assert not wanted(line[1:]) & found, found
        else:
            assert wanted(line) & found, found
    if not lines:
        assert not found
    for event in document.events:
        assert document.text[event.evidence.start : event.evidence.end] == sentence
        assert event.why
        assert 0.0 < event.confidence <= 1.0
