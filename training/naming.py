"""Names for our own news and for the swapping of names: listed, put together, or invented."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
TABLES = HERE.parent / "comity" / "language" / "names"

CONSONANTS = "b|d|f|g|h|j|k|l|m|n|p|r|s|t|v|w|y|z|ch|sh|kh|th|mb|nd|ng|gh|br|dr|kr|tr|st|sk".split("|")
VOWELS = "a|e|i|o|u|a|e|i|o|u|aa|ee|ou|ai|ia|ua|io".split("|")
MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
SMALL = frozenset("and of the de del al el bin la da du des di van von".split())
ACRONYMS = frozenset("us usa uk uae drc dprk ussr prc dmz fata u.s. u.k. u.s.a. u.a.e. d.c. dc dr pdr car".split())
PREFIXES = ("al-", "Al-", "el-", "Al ", "van ", "van der ", "de ", "Ben ", "bin ", "O'", "Mc", "ul-", "ur-")
CITY_FIRST = ("San ", "Santa ", "El ", "Al-", "Deir ", "Tel ", "New ", "Port ", "Upper ", "Ain ")
CITY_LAST = (" Town", " City", "abad", "pur", "grad", "stan", " Village", " Valley")
SIDES = ("North ", "South ", "East ", "West ", "Northern ", "Eastern ", "Western ", "Central ")
REGIONS = (
    " Province", " District", " County", " State", " Region", " Governorate", " Island", " Islands",
    " Valley", " Peninsula", " Oblast", " Delta",
)  # fmt: skip
FIRMS = (
    "", "", " Group", " Oil", " Energy", " Airlines", " Motors", " Ltd", " Corp", " Holdings", " Industries",
    " Telecom", " Gold", " Bank", " Steel", " & Sons",
)  # fmt: skip
PAPERS = (
    " Times", " Post", " Herald", " News", " Tribune", " Observer", " Today", " TV", " News Agency", " Radio", " Star",
)  # fmt: skip
CLUBS = ("", " United", " FC", " City", " Rangers", " Stars", " Warriors", " Kings", " Lions")
BANDS = (
    "Liberation Front", "Liberation Army", "Resistance Movement", "Patriotic Front", "Salvation Army",
    "Defence Force", "Brigades", "Revolutionary Front", "Jihad", "Resistance",
)  # fmt: skip
PARTIES = ("Party", "Union", "Movement", "Front", "Alliance", "Coalition", "Congress", "League")

Dice = random.Random


@cache
def table(name: str) -> tuple[str, ...]:
    """The first column of a name table of the model, with capitals."""
    with (TABLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(capital(row[0]) for row in list(csv.reader(file))[1:])


@cache
def places(kind: str) -> tuple[str, ...]:
    """Places of one kind."""
    with (TABLES / "places.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in list(csv.reader(file))[1:] if kind in row[1].split()]
    return tuple(capital(row[0]) for row in rows)


@cache
def names(kind: str) -> tuple[str, ...]:
    """A list of our own."""
    return tuple((HERE / "names" / f"{kind}.txt").read_text("utf-8").splitlines())


def capital(name: str) -> str:
    """Capital letters where a name in small letters lost them."""
    words = []
    for i, word in enumerate(name.split(" ")):
        if word in ACRONYMS:
            words.append(word.upper())
        elif i and word in SMALL:
            words.append(word)
        else:
            parts = word.split("-")
            small = {"al", "el", "e", "ur"} if len(parts) > 1 else set()
            words.append("-".join(p if p in small else p[:1].upper() + p[1:] for p in parts))
    return " ".join(words)


def invented(rng: Dice) -> str:
    """A name that no list has."""
    parts = [rng.choice(CONSONANTS) + rng.choice(VOWELS) for _ in range(rng.choice((1, 2, 2, 3, 3)))]
    if rng.random() < 0.5:
        parts.append(rng.choice("nrslkmtdv"))
    word = "".join(parts)
    return word[0].upper() + word[1:]


def first(rng: Dice) -> str:
    """A first name."""
    return invented(rng) if rng.random() < 0.2 else rng.choice(table("first_names"))


def surname(rng: Dice) -> str:
    """A family name, also with a particle or doubled."""
    draw = rng.random()
    if draw < 0.25:
        return invented(rng)
    name = rng.choice(table("surnames"))
    if draw < 0.3:
        return rng.choice(PREFIXES) + name
    if draw < 0.34:
        return name + rng.choice(("-", " ")) + rng.choice(table("surnames"))
    return name


def full(rng: Dice) -> str:
    """A person's name of two to four words."""
    draw = rng.random()
    given = first(rng)
    initials = "ABCDEFGHJKLMNPRSTW"
    if draw < 0.12:
        given += " " + first(rng)
    elif draw < 0.2:
        given += f" {rng.choice(initials)}."
    elif draw < 0.23:
        given = f"{rng.choice(initials)}.{rng.choice(initials)}."
    elif draw < 0.28:
        given += "-" + first(rng).lower()
    elif draw < 0.31:
        given = "Abu"
    elif draw < 0.34:
        given += " bin " + first(rng)
    last = rng.choice((" Jr.", " Jr", " II", " III")) if rng.random() < 0.02 else ""
    return f"{given} {surname(rng)}{last}"


def acronym(rng: Dice) -> str:
    """Two to five capital letters."""
    return "".join(rng.choice("ABCDEFGHIKLMNOPRSTUVWZ") for _ in range(rng.choice((2, 3, 3, 3, 4, 4, 5))))


def city(rng: Dice) -> str:
    """A town, seldom an invented one."""
    draw = rng.random()
    if draw < 0.35:
        return rng.choice(places("capital"))
    if draw < 0.55:
        return rng.choice(places("bigcity"))
    if draw < 0.85:
        return rng.choice(places("city"))
    name = invented(rng)
    if draw < 0.9:
        return rng.choice(CITY_FIRST) + name
    return name + rng.choice(CITY_LAST) if draw < 0.92 else name


def state(rng: Dice) -> str:
    """A state, those in the news more often."""
    return rng.choice(names("news_states") if rng.random() < 0.5 else places("state"))


def region(rng: Dice) -> str:
    """A part of a state or of the world."""
    draw = rng.random()
    if draw < 0.6:
        return rng.choice(places("region"))
    name = invented(rng) if draw < 0.7 else city(rng)
    if draw < 0.85:
        return name + rng.choice(REGIONS)
    return rng.choice(SIDES) + name if draw < 0.93 else rng.choice(places("state"))


def adjective(rng: Dice) -> str:
    """Of a state."""
    return rng.choice(names("news_adjectives"))


def theme(rng: Dice) -> str:
    """What an organisation is about."""
    return rng.choice(names("org_themes"))


def made_org(rng: Dice) -> str:
    """An organisation put together from theme, place and kind."""
    draw, hub, about = rng.random(), rng.choice(names("org_kinds")), theme(rng)
    where = state(rng) if rng.random() < 0.5 else city(rng)
    forms: tuple[tuple[float, Callable[[], str]], ...] = (
        (0.2, lambda: f"{about} {hub}"),
        (0.35, lambda: f"{where} {about} {hub}"),
        (0.45, lambda: f"{adjective(rng)} {about} {hub}"),
        (0.55, lambda: f"{about} {hub} of {where}"),
        (0.62, lambda: f"{hub} for {about}"),
        (0.7, lambda: f"{about} and {theme(rng)} {hub}"),
        (0.78, lambda: f"{where} {hub}"),
        (0.84, lambda: f"{surname(rng)} {hub}"),
        (0.9, lambda: f"{invented(rng)} {hub}"),
        (0.93, lambda: f"{hub} for {about} and {theme(rng)}"),
        (0.96, lambda: f"{where} {hub} for {about} and {theme(rng)}"),
        (0.98, lambda: f"{about}, {theme(rng)} and {theme(rng)} {hub}"),
        (1.0, lambda: f"{hub} of {about} {rng.choice(('Workers', 'Studies', 'Affairs', 'Journalists', 'Services'))}"),
    )
    return next(make() for bound, make in forms if draw <= bound)


def university(rng: Dice) -> str:
    """A university or school."""
    where = city(rng) if rng.random() < 0.6 else full(rng) if rng.random() < 0.4 else state(rng)
    return rng.choice((
        f"University of {where}", f"{where} University", f"{where} State University", f"{where} Polytechnic",
        f"{where} College", f"{where} School of Economics", f"{where} Institute of Technology",
        f"University of {where}", f"Technical University of {where}", f"American University in {where}",
    ))  # fmt: skip


def ministry(rng: Dice) -> str:
    """A ministry or department."""
    field = rng.choice(names("ministry_fields"))
    plain = field.removeprefix("the ")
    return rng.choice((
        f"Ministry of {field}", f"{plain} Ministry", f"Ministry of {field}", f"Department of {field}",
        f"{state(rng)} Ministry of {field}", f"{adjective(rng)} Ministry of {field}", f"{plain} Department",
        f"Federal Ministry of {field}", f"{plain} Office",
    ))  # fmt: skip


def party(rng: Dice) -> str:
    """A party, listed or put together."""
    if rng.random() < 0.6:
        return rng.choice(names("partyname"))
    about, kind = theme(rng), rng.choice(PARTIES)
    aim = rng.choice(("Change", "Democracy", "Justice", "Renewal"))
    where = rng.choice(("", "", f" of {state(rng)}", f" for {aim}"))
    return rng.choice((
        f"{about} {kind}{where}", f"{about} {theme(rng)} {kind}{where}", f"{state(rng)} {about} {kind}",
        f"{kind} for {about}",
    ))  # fmt: skip


def bank(rng: Dice) -> str:
    """A bank."""
    where = state(rng)
    return rng.choice((
        f"Bank of {where}", f"Central Bank of {where}", f"{where} Central Bank", f"{invented(rng)} Bank",
        f"{city(rng)} Commercial Bank", f"National Bank of {where}", "World Bank", "IMF", "Deutsche Bank",
        "Standard Bank", "Ecobank", "Bank of America", "HSBC",
    ))  # fmt: skip


def court(rng: Dice) -> str:
    """A court."""
    return rng.choice((
        "Supreme Court", "High Court", "Constitutional Court", "Court of Appeal", "Federal High Court",
        "Special Tribunal", "International Criminal Court", "Appeals Court", f"{city(rng)} High Court",
        f"Supreme Court of {state(rng)}", f"{city(rng)} District Court",
    ))  # fmt: skip


def union(rng: Dice) -> str:
    """A trade union."""
    return rng.choice((
        f"{theme(rng)} Workers Union", f"{state(rng)} Union of Teachers", "Nigeria Labour Congress", "Solidarity",
        f"National Union of {theme(rng)} Workers", acronym(rng),
    ))  # fmt: skip


def armed(rng: Dice) -> str:
    """An armed group."""
    band = rng.choice(BANDS)
    return rng.choice((
        f"{region(rng)} {band}", f"{state(rng)} {band}", f"{band.removesuffix('s')} of {region(rng)}",
        f"{invented(rng)} Brigade", f"{adjective(rng)} {band}", acronym(rng),
    ))  # fmt: skip


def listed(kind: str, rng: Dice) -> str:
    """A name of one of our lists, or one made in its manner."""
    if rng.random() >= (0.1 if kind == "io" else 0.35):
        return rng.choice(names(kind))
    draw = rng.random()
    if kind == "company" and draw < 0.6:
        return invented(rng) + rng.choice(FIRMS)
    if kind == "media" and draw < 0.7:
        return rng.choice((city(rng), state(rng), "Daily", "Sunday")) + rng.choice(PAPERS)
    if kind == "club":
        return city(rng) + rng.choice(CLUBS)
    return armed(rng) if kind == "group" and draw < 0.7 else made_org(rng)


def event(rng: Dice) -> str:
    """An event, which is no entity of ours."""
    where = rng.choice((state, city, region))(rng)
    last = rng.choice(("Open", "Film Festival", "Marathon", "Grand Prix", "Conference", "Summit", "War", "League"))
    made = (f"Battle of {where}", f"{where} {last}", f"{adjective(rng)} {rng.choice(('Cup', 'Grand Prix'))}")
    return rng.choice(made) if rng.random() < 0.25 else rng.choice(names("events"))


def patterned(kind: str, rng: Dice) -> str:
    """A law or programme, which is no entity of ours."""
    text = rng.choice(names(kind))
    while "{theme}" in text:
        text = text.replace("{theme}", theme(rng), 1)
    return text.replace("{name}", invented(rng))
