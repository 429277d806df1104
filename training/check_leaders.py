"""Compares the leaders' tables with REIGN (effective leaders and their terms, 1990 to March 2021).

    python training/check_leaders.py [REIGN.csv] [--region europe]

Prints the leaders of REIGN since 1990 that are missing here or whose terms differ by more than
31 days, by state, and the rate of agreement.  REIGN dates ends to the month only.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from pathlib import Path

from comity.knowledge import fold
from comity.knowledge.tables import day_range

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "comity" / "knowledge" / "data"
REIGN = ROOT.parent / "shared" / "data" / "leaders" / "reign-leaders-to-2021-03.csv"
TOLERANCE = timedelta(days=31)
FIRST, LAST = date(1990, 1, 1), date(2021, 3, 1)
RULING = ("head_of_state", "head_of_government", "other")
TITLES = frozenset("nd rd st th time acting and the von van der del".split())

CODES = """
USA USA|CAN CAN|BHM BHS|CUB CUB|HAI HTI|DOM DOM|JAM JAM|TRI TTO|BAR BRB|DMA DMA|GRN GRD|SLU LCA|SVG VCT
|AAB ATG|SKN KNA|MEX MEX|BLZ BLZ|GUA GTM|HON HND|SAL SLV|NIC NIC|COS CRI|PAN PAN|COL COL|VEN VEN|GUY GUY
|SUR SUR|ECU ECU|PER PER|BRA BRA|BOL BOL|PAR PRY|CHL CHL|ARG ARG|URU URY|UKG GBR|IRE IRL|NTH NLD|BEL BEL
|LUX LUX|FRN FRA|MNC MCO|LIE LIE|SWZ CHE|SPN ESP|AND AND|POR PRT|GMY DEU|GDR DDR|POL POL|AUS AUT|HUN HUN
|CZE CSK|CZR CZE|SLO SVK|ITA ITA|SNM SMR|MLT MLT|ALB ALB|MNG MNE|MAC MKD|CRO HRV|YUG SRB YUG SCG|BOS BIH
|KOS XKX|SLV SVN|GRC GRC|CYP CYP|BUL BGR|MLD MDA|ROM ROU|RUS RUS SUN|EST EST|LAT LVA|LIT LTU|UKR UKR
|BLR BLR|ARM ARM|GRG GEO|AZE AZE|FIN FIN|SWD SWE|NOR NOR|DEN DNK|ICE ISL|CAP CPV|STP STP|GNB GNB|EQG GNQ
|GAM GMB|MLI MLI|SEN SEN|BEN BEN|MAA MRT|NIR NER|CDI CIV|GUI GIN|BFO BFA|LBR LBR|SIE SLE|GHA GHA|TOG TGO
|CAO CMR|NIG NGA|GAB GAB|CEN CAF|CHA TCD|CON COG|DRC COD|UGA UGA|KEN KEN|TAZ TZA|BUI BDI|RWA RWA|SOM SOM
|DJI DJI|ETH ETH|ERI ERI|ANG AGO|MZM MOZ|ZAM ZMB|ZIM ZWE|MAW MWI|SAF ZAF|NAM NAM|LES LSO|BOT BWA|SWA SWZ
|MAG MDG|COM COM|MAS MUS|SEY SYC|MOR MAR|ALG DZA|TUN TUN|LIB LBY|SUD SDN|SSD SSD|IRN IRN|TUR TUR|IRQ IRQ
|EGY EGY|SYR SYR|LEB LBN|JOR JOR|ISR ISR|SAU SAU|YAR YEM|YEM YEM|YPR YMD YEM|KUW KWT|BAH BHR|QAT QAT
|UAE ARE|OMA OMN|AFG AFG|TKM TKM|TAJ TJK|KYR KGZ|UZB UZB|KZK KAZ|CHN CHN|MON MNG|PRK PRK|ROK KOR|JPN JPN
|IND IND|BHU BTN|PAK PAK|BNG BGD|MYA MMR|SRI LKA|MAD MDV|NEP NPL|THI THA|CAM KHM|LAO LAO|DRV VNM|MAL MYS
|SIN SGP|BRU BRN|PHI PHL|INS IDN|ETM TLS|AUL AUS|PNG PNG|NEW NZL|VAN VUT|SOL SLB|KIR KIR|TUV TUV|FIJ FJI
|TON TON|NAU NRU|MSI MHL|PAL PLW|FSM FSM|WSM WSM
"""
"""REIGN's abbreviations, each with the codes of ours it covers."""


@dataclass(frozen=True)
class Span:
    """A term; each end is a range of days, as exact as the source tells."""

    state: str
    name: str
    since: tuple[date, date]
    until: tuple[date, date]
    words: frozenset[str] = frozenset()
    first: bool = False


@dataclass(frozen=True)
class Finding:
    """How a term of REIGN is met: "agrees", "differs" or "missing"."""

    theirs: Span
    kind: str
    ours: tuple[Span, ...] = ()


def codes() -> dict[str, tuple[str, ...]]:
    """Our codes by REIGN's abbreviation."""
    entries = (entry.split() for entry in CODES.replace("\n", "").split("|"))
    return {words[0]: tuple(words[1:]) for words in entries}


def words(text: str) -> frozenset[str]:
    """The words of a name that may identify a person."""
    plain = fold(text).replace("-", " ").replace("'", "")
    found = "".join(c if c.isalnum() else " " for c in plain).split()
    return frozenset(w for w in found if len(w) > 2 and w not in TITLES)


def our_terms(folder: Path = FOLDER) -> dict[str, list[Span]]:
    """The terms of our rulers by state."""
    out: dict[str, list[Span]] = defaultdict(list)
    for path in sorted(folder.glob("leaders_*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                if row["role"] in RULING:
                    until = day_range(row["until"]) if row["until"] else (date.max, date.max)
                    known = words(" ".join([row["name"], *row["aliases"].split("|")]))
                    out[row["state"]].append(Span(row["state"], row["name"], day_range(row["from"]), until, known))
    return out


def _day(year: str, month: str, day: str) -> tuple[date, date]:
    known = f"{int(year):04}-{int(month):02}" + (f"-{int(day):02}" if day else "")
    return day_range(known)


def their_terms(path: Path = REIGN) -> list[Span]:
    """The terms of REIGN that reach into the years since 1990."""
    seen: set[str] = set()
    out: list[Span] = []
    with path.open(encoding="utf-8", errors="replace", newline="") as lines:
        for row in csv.DictReader(lines):
            state = row["stateabb"]
            first = state not in seen
            seen.add(state)
            until = _day(row["eyear"], row["emonth"], "") if row["eyear"] else (date.max, date.max)
            if until[1] >= FIRST:
                since = _day(row["syear"], row["smonth"], row["sdate"])
                out.append(Span(state, row["leader"], since, until, words(row["leader"]), first))
    return out


def same_person(theirs: frozenset[str], ours: frozenset[str]) -> bool:
    """Whether two names share a word, allowing for another spelling."""
    if theirs & ours:
        return True
    pairs = ((a, b) for a in theirs for b in ours if len(a) > 3 and len(b) > 3)
    return any(SequenceMatcher(None, a, b).ratio() >= 0.75 for a, b in pairs)


def near(one: tuple[date, date], other: tuple[date, date]) -> bool:
    """Whether two days, each known as a range, lie within the tolerance."""
    return max(one[0], other[0]) - min(one[1], other[1]) <= TOLERANCE


def _ends(term: Span, theirs: Span) -> bool:
    if theirs.until[0] == date.max:
        return term.until[1] >= LAST
    return term.until[0] != date.max and near(term.until, theirs.until)


def _starts(term: Span, theirs: Span) -> bool:
    # A state's first leader is dated by REIGN from the birth of the state; he may have led before.
    return near(term.since, theirs.since) or (theirs.first and term.since[0] < theirs.since[0])


def judge(theirs: Span, ours: Iterable[Span]) -> Finding:
    """Looks for the person and for unbroken terms with the same first and last day."""
    same = sorted((t for t in ours if same_person(theirs.words, t.words)), key=lambda t: t.since)
    for name in dict.fromkeys(t.name for t in same):
        chain: list[Span] = []
        for term in (t for t in same if t.name == name):
            reach = max((t.until[1] for t in chain), default=date.min)
            unbroken = reach == date.max or (chain and term.since[0] - reach <= TOLERANCE)
            chain = [*chain, term] if unbroken else ([term] if _starts(term, theirs) else [])
            if not chain and _starts(term, theirs):
                chain = [term]
            if chain and _ends(term, theirs):
                return Finding(theirs, "agrees", tuple(chain))
    return Finding(theirs, "differs" if same else "missing", tuple(same))


def findings(reign: Path = REIGN, folder: Path = FOLDER) -> Iterator[Finding]:
    """Every term of REIGN with what our tables say of it."""
    ours = our_terms(folder)
    table = codes()
    for theirs in their_terms(reign):
        yield judge(theirs, [t for code in table.get(theirs.state, ()) for t in ours.get(code, ())])


def rate(found: Iterable[Finding]) -> float:
    """The share of REIGN's terms that agree."""
    kinds = [f.kind for f in found]
    return kinds.count("agrees") / len(kinds) if kinds else 0.0


def _text(span: Span) -> str:
    until = "" if span.until[1] == date.max else span.until[1].isoformat()
    return f"{span.name} {span.since[0]}..{until}"


def main() -> None:
    """Prints what disagrees and the rates."""
    parser = argparse.ArgumentParser()
    parser.add_argument("reign", nargs="?", type=Path, default=REIGN)
    parser.add_argument("--states", default="", help="our codes, comma between; all when left out")
    args = parser.parse_args()
    wanted = set(filter(None, args.states.split(",")))
    table = codes()
    found = [f for f in findings(args.reign) if not wanted or wanted & set(table.get(f.theirs.state, ()))]
    for finding in found:
        if finding.kind != "agrees":
            ours = "; ".join(map(_text, finding.ours))
            print(f"{finding.theirs.state}\t{finding.kind}\t{_text(finding.theirs)}\tours: {ours or 'none'}")
    missing = sum(f.kind == "missing" for f in found)
    print(f"{len(found)} terms, {missing} missing, {rate(found):.1%} agree within {TOLERANCE.days} days")


if __name__ == "__main__":
    main()
