"""The entity sentences of an epoch: annotated corpora, our own news, silver tags of the treebanks.

Our own news is made afresh every epoch: the sentences of ``own_news.txt``
with names drawn from the lists in ``names/`` and the model's name tables.
"""

from __future__ import annotations

import csv
import random
import re
import sys
from functools import cache
from pathlib import Path

import silver
from corpora import SHARED, Sample, read_columns

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from comity.language.tokens import tokenize  # noqa: E402

NAMES = HERE.parent / "comity" / "language" / "names"
OWN_AN_EPOCH = 4000

ADJ = "Afghan American Angolan Armenian Bolivian Brazilian British Burmese Chadian Chilean Chinese Colombian Congolese Cuban Egyptian Ethiopian French German Ghanaian Greek Indian Indonesian Iranian Iraqi Israeli Italian Ivorian Japanese Kenyan Kurdish Kuwaiti Lebanese Libyan Malaysian Malian Mexican Moroccan Nepali Nigerian Pakistani Palestinian Peruvian Polish Qatari Russian Rwandan Saudi Senegalese Serbian Somali Spanish Sudanese Syrian Thai Tunisian Turkish Ugandan Ukrainian Uzbek Venezuelan Vietnamese Yemeni Zambian Zimbabwean North_Korean South_Korean South_African Sri_Lankan".split()
COMMON = "Russia|China|United States|US|U.S.|USA|America|UK|Britain|Ukraine|Iran|Iraq|Israel|Palestine|Syria|Turkey|Egypt|Libya|Sudan|South Sudan|Ethiopia|Eritrea|Somalia|Kenya|Uganda|Rwanda|Burundi|Tanzania|Congo|DRC|DR Congo|Nigeria|Niger|Mali|Ghana|Ivory Coast|Senegal|Cameroon|Chad|South Africa|Zimbabwe|Zambia|Angola|Mozambique|Morocco|Algeria|Tunisia|Saudi Arabia|Yemen|Qatar|Kuwait|Bahrain|United Arab Emirates|UAE|Oman|Jordan|Lebanon|Afghanistan|Pakistan|India|Bangladesh|Nepal|Sri Lanka|Myanmar|Burma|Thailand|Vietnam|Cambodia|Laos|Malaysia|Indonesia|Singapore|Philippines|Japan|North Korea|South Korea|Taiwan|Hong Kong|Mongolia|Kazakhstan|Uzbekistan|Georgia|Armenia|Azerbaijan|Belarus|Poland|Germany|France|Italy|Spain|Greece|Cyprus|Serbia|Kosovo|Hungary|Romania|Bulgaria|Brazil|Argentina|Chile|Peru|Bolivia|Colombia|Venezuela|Ecuador|Mexico|Cuba|Haiti|Nicaragua|Honduras|Guatemala|Canada|Australia|New Zealand|Fiji|Gaza|West Bank|Europe|Africa|Asia".split("|")
COMMON_TUPLE = tuple(COMMON)
TITLES = "President|Prime Minister|Foreign Minister|Defence Minister|Defense Secretary|Interior Minister|Vice President|Chancellor|Premier|Secretary General|Secretary of State|Governor|Senator|Ambassador|Chairman|General|Colonel|King|Crown Prince|Sheikh|Emir|spokesman|spokeswoman|chairman|president|director|leader|chief|analyst|deputy leader|commander|opposition leader|finance minister|foreign minister|envoy|special envoy|Commissioner|Speaker|High Representative|Archbishop|Imam|Pastor|Judge|Attorney General|Director-General|Mayor|MP|Lt. Gen.|Maj. Gen.|Brig. Gen.|Capt.|Gov.|Sen.|Rep.|Mr.|Mrs.|Dr.|Prof.|Sir|activist|journalist|lawyer".split("|")
FIELDS = "Foreign Affairs|Defence|Defense|Finance|the Interior|Interior|Health|Education|Justice|Energy|Trade|Agriculture|Transport|Information|Culture|Labour|Tourism|Environment|Petroleum Resources|Oil|Industry and Trade|External Affairs|Home Affairs|Women Affairs|Science and Technology|Public Security|State Security|Economy|Commerce|Communications|Religious Affairs|Water Resources|Mines".split("|")
SEAS = "South China Sea|Black Sea|Red Sea|Mediterranean|Mediterranean Sea|Baltic Sea|Persian Gulf|Gulf|Gulf of Aden|Gulf of Guinea|Arabian Sea|Indian Ocean|Pacific|Pacific Ocean|Atlantic|Caspian Sea|East China Sea|Yellow Sea|Sea of Japan|Strait of Hormuz|Taiwan Strait|Strait of Malacca|Aegean Sea|Aegean|Caribbean|Caribbean Sea|Bay of Bengal|Sea of Azov|Arctic".split("|")
RIVERS = "Nile|River Nile|Blue Nile|Nile River|Mekong|Mekong River|Amazon|Amazon River|Euphrates|Tigris|Indus|Ganges|Brahmaputra|Yangtze|Congo River|Congo|Niger River|River Niger|Zambezi|Zambezi River|Volta River|Danube|Dnieper|Volga|Jordan River|River Jordan|Orinoco|Parana|Amur River|Yalu River|Limpopo|Senegal River|Benue".split("|")
AWARDS = "Nobel Peace Prize|Nobel Prize|Booker Prize|Pulitzer Prize|Ballon d'Or|Golden Bear|Oscar|Grammy|Emmy|Golden Globe|Order of Merit|Caine Prize|Sakharov Prize|Right Livelihood Award|Best Actor award|Player of the Year award|Order of Lenin|Victoria Cross".split("|")
TREATIES = "Kyoto Protocol|Paris Agreement|Oslo Accords|Camp David Accords|Minsk Agreements|Geneva Conventions|Vienna Convention|Rome Statute|Lisbon Treaty|Non-Proliferation Treaty|NPT|START|New START|Comprehensive Test Ban Treaty|Abraham Accords|Dayton Agreement|Lusaka Protocol|Arusha Accords|Treaty of Waitangi|Simla Agreement|Indus Waters Treaty|Schengen Agreement|TPP|Joint Comprehensive Plan of Action|JCPOA".split("|")
NORPS = "Muslims|Muslim|Christians|Christian|Shiites|Shiite|Shia|Shias|Sunnis|Sunni|Jews|Jewish|Hindus|Hindu|Buddhists|Buddhist|Sikhs|Catholics|Catholic|Protestants|Copts|Coptic|Druze|Alawites|Yazidis|Kurds|Kurdish|Arabs|Arab|Turks|Persians|Uighurs|Uyghurs|Tibetans|Tibetan|Rohingya|Rohingyas|Tamils|Tamil|Sinhalese|Pashtuns|Pashtun|Hazaras|Hazara|Tajiks|Uzbeks|Baloch|Sindhis|Bengalis|Hutus|Hutu|Tutsis|Tutsi|Yoruba|Igbo|Hausa|Fulani|Ijaw|Tiv|Zulus|Zulu|Xhosa|Shona|Ndebele|Kikuyu|Luo|Kalenjin|Maasai|Oromo|Amhara|Tigrayans|Dinka|Nuer|Somalis|Berbers|Berber|Tuareg|Tuaregs|Mayans|Quechua|Mapuche|Russians|Ukrainians|Chechens|Serbs|Croats|Bosniaks|Albanians|Roma|Catalans|Basques|Scots|Europeans|Africans|Asians|Americans|Britons|Germans|Israelis|Palestinians|Iraqis|Iranians|Syrians|Indians|Pakistanis|Nigerians|Kenyans|Communists|communist|Marxist|Maoist|Maoists|Islamists|Islamist|Salafists|Salafi|Wahhabi|Zionist|Zionists|Peronist|Sandinista|Baathist|Kemalist|Democrat|Democrats|Republican|Republicans".split("|")
LANGUAGES = "English|French|Spanish|Portuguese|Arabic|Russian|Mandarin|Chinese|Cantonese|Hindi|Urdu|Bengali|Tamil|Swahili|Kiswahili|Hausa|Yoruba|Igbo|Amharic|Somali|Turkish|Persian|Farsi|Dari|Pashto|Kurdish|Hebrew|German|Italian|Dutch|Polish|Greek|Japanese|Korean|Vietnamese|Thai|Malay|Tagalog|Burmese|Nepali|Sinhala|Punjabi|Quechua|Afrikaans|Zulu|Shona|Latin".split("|")
PRODUCTS = "iPhone|iPad|Boeing 737|Boeing 747|Airbus A320|Toyota Hilux|Land Rover|Mercedes|F-16|F-35|MiG-29|Sukhoi Su-30|S-400|Patriot missile|Scud missile|Kalashnikov|T-72 tank|Kinzhal missile|Rafale|Eurofighter|BlackBerry|Galaxy S5|Windows 8|Android phone|Model 3|Coca-Cola|Viagra|Sputnik V|Bitcoin|Bible|Koran|Antonov An-26|Fokker 50|Iskander|Javelin|HIMARS|Shahed drone".split("|")
MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
HUBS = "University|Commission|Authority|Council|Institute|Agency|Bureau|Board|Foundation|Centre|Center|Association|Federation|Union|Committee|Corporation|Company|Service|Office|Department|Movement|Front|Party|Alliance|Congress|Coalition|Forum|Network|League|Society|Group|Bank|Fund|Trust|Academy|College|Hospital|Church|Initiative|Organisation|Organization|Cabinet|Chamber of Commerce|Airlines|Airways|Television|Radio|Times|Post|Gazette|Holdings|Ltd|Plc|Inc|Corp".split("|")
THEMES = "National|Federal|International|Democratic|Islamic|Christian|People's|Popular|Revolutionary|United|Human Rights|Peace|Development|Electoral|Election|Security|Intelligence|Investment|Trade|Oil|Petroleum|Mining|Water|Education|Medical|Health|Women|Youth|Farmers|Workers|Teachers|Muslim|Catholic|Liberation|Reform|Unity|Progressive|Social|Green|Refugee|Football|Cricket|Transport|Railway|Ports|Aviation|Nuclear|Maritime|Police|Army|Anti-Corruption|Consumer|Lawyers|Students|Journalists|Press|Economic|Business|Broadcasting|Policy|Strategic Studies|Statistics|Land|Housing|Tax|Customs|Immigration|Drug Enforcement|Disaster Management|Meteorological".split("|")
CONSONANTS = "b|d|f|g|h|j|k|l|m|n|p|r|s|t|v|w|y|z|ch|sh|kh|th|mb|nd|ng|gh|br|dr|kr|tr|st|sk".split("|")
VOWELS = "a|e|i|o|u|a|e|i|o|u|aa|ee|ou|ai|ia|ua|io".split("|")


@cache
def table(name: str) -> tuple[str, ...]:
    """One column of a name table, with capitals."""
    with (NAMES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(capital(row[0]) for row in list(csv.reader(file))[1:])


@cache
def places(kind: str) -> tuple[str, ...]:
    """Places of one kind."""
    with (NAMES / "places.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in list(csv.reader(file))[1:] if kind in row[1].split()]
    return tuple(capital(row[0]) for row in rows)


@cache
def names(kind: str) -> tuple[str, ...]:
    """A list of our own."""
    return tuple((HERE / "names" / f"{kind}.txt").read_text("utf-8").splitlines())


def capital(name: str) -> str:
    """Capital letters where a name in small letters lost them."""
    small = {"and", "of", "the", "de", "del", "al", "el", "bin", "la", "da", "du", "des", "di", "van", "von"}
    acronyms = {"us", "usa", "uk", "uae", "drc", "dprk", "ussr", "prc", "dmz", "fata", "lao", "u.s.", "u.k.", "u.s.a.", "u.a.e.", "d.c.", "dc", "dr", "pdr", "car"}
    words = []
    for i, word in enumerate(name.split(" ")):
        if word in acronyms:
            words.append(word.upper() if word != "lao" else "Lao")
        elif i and word in small:
            words.append(word)
        else:
            words.append("-".join(p if p in {"al", "el", "e", "ur"} and "-" in word else p[:1].upper() + p[1:] for p in word.split("-")))
    return " ".join(words)


def invented(rng: random.Random) -> str:
    """A name that no list has."""
    parts = [rng.choice(CONSONANTS) + rng.choice(VOWELS) for _ in range(rng.choice((1, 2, 2, 3, 3)))]
    if rng.random() < 0.5:
        parts.append(rng.choice("nrslkmtdv"))
    word = "".join(parts)
    return word[0].upper() + word[1:]


def first(rng: random.Random) -> str:
    return invented(rng) if rng.random() < 0.2 else rng.choice(table("first_names"))


def surname(rng: random.Random) -> str:
    draw = rng.random()
    if draw < 0.25:
        return invented(rng)
    name = rng.choice(table("surnames"))
    if draw < 0.3:
        return rng.choice(("al-", "Al-", "el-", "Al ", "van ", "van der ", "de ", "Ben ", "bin ", "O'", "Mc", "ul-", "ur-")) + name
    if draw < 0.34:
        return name + rng.choice(("-", " ")) + rng.choice(table("surnames"))
    return name


def full(rng: random.Random) -> str:
    """A person's name of two to four words."""
    draw = rng.random()
    given = first(rng)
    if draw < 0.12:
        given += " " + first(rng)
    elif draw < 0.2:
        given += f" {rng.choice('ABCDEFGHJKLMNPRSTW')}."
    elif draw < 0.23:
        given = f"{rng.choice('ABCDEFGHJKLMNPRSTW')}.{rng.choice('ABCDEFGHJKLMNPRSTW')}."
    elif draw < 0.28:
        given += "-" + first(rng).lower()
    elif draw < 0.31:
        given = "Abu"
    elif draw < 0.34:
        given += " bin " + first(rng)
    name = f"{given} {surname(rng)}"
    if rng.random() < 0.02:
        name += rng.choice((" Jr.", " Jr", " II", " III"))
    return name


def acronym(rng: random.Random) -> str:
    return "".join(rng.choice("ABCDEFGHIKLMNOPRSTUVWZ") for _ in range(rng.choice((2, 3, 3, 3, 4, 4, 5))))


def city(rng: random.Random) -> str:
    draw = rng.random()
    if draw < 0.35:
        return rng.choice(places("capital"))
    if draw < 0.55:
        return rng.choice(places("bigcity"))
    if draw < 0.85:
        return rng.choice(places("city"))
    name = invented(rng)
    if draw < 0.9:
        name = rng.choice(("San ", "Santa ", "El ", "Al-", "Deir ", "Tel ", "New ", "Port ", "Upper ", "Ain ")) + name
    elif draw < 0.92:
        name += rng.choice((" Town", " City", "abad", "pur", "grad", "stan", " Village", " Valley"))
    return name


def state(rng: random.Random) -> str:
    """A state, those in the news more often."""
    return rng.choice(COMMON) if rng.random() < 0.5 else rng.choice(places("state"))


def region(rng: random.Random) -> str:
    draw = rng.random()
    if draw < 0.6:
        return rng.choice(places("region"))
    name = invented(rng) if draw < 0.7 else city(rng)
    if draw < 0.85:
        kinds = (" Province", " District", " County", " State", " Region", " Governorate", " Island", " Islands", " Valley", " Peninsula", " Oblast", " Delta")
        return name + rng.choice(kinds)
    if draw < 0.93:
        return rng.choice(("North ", "South ", "East ", "West ", "Northern ", "Eastern ", "Western ", "Central ")) + name
    return rng.choice(places("state"))


def adjective(rng: random.Random) -> str:
    return rng.choice(ADJ).replace("_", " ")


def made_org(rng: random.Random) -> str:
    """An organisation put together from theme, place and kind."""
    draw, hub = rng.random(), rng.choice(HUBS)
    theme = rng.choice(THEMES)
    where = state(rng) if rng.random() < 0.5 else city(rng)
    if draw < 0.2:
        return f"{theme} {hub}"
    if draw < 0.35:
        return f"{where} {theme} {hub}"
    if draw < 0.45:
        return f"{adjective(rng)} {theme} {hub}"
    if draw < 0.55:
        return f"{theme} {hub} of {where}"
    if draw < 0.62:
        return f"{hub} for {theme}"
    if draw < 0.7:
        return f"{theme} and {rng.choice(THEMES)} {hub}"
    if draw < 0.78:
        return f"{where} {hub}"
    if draw < 0.84:
        return f"{surname(rng)} {hub}"
    if draw < 0.9:
        return f"{invented(rng)} {hub}"
    second = rng.choice(THEMES)
    if draw < 0.93:
        return f"{hub} for {theme} and {second}"
    if draw < 0.96:
        return f"{where} {hub} for {theme} and {second}"
    if draw < 0.98:
        return f"{theme}, {second} and {rng.choice(THEMES)} {hub}"
    return f"{hub} of {theme} {rng.choice(('Workers', 'Studies', 'Affairs', 'Journalists', 'Services', 'Churches'))}"


def univ(rng: random.Random) -> str:
    where = city(rng) if rng.random() < 0.6 else full(rng) if rng.random() < 0.4 else state(rng)
    return rng.choice((
        f"University of {where}", f"{where} University", f"{where} State University", f"{where} Polytechnic",
        f"{where} College", f"{where} School of Economics", f"{where} Institute of Technology",
        f"University of {where}", f"Technical University of {where}", f"American University in {where}",
    ))  # fmt: skip


def ministry(rng: random.Random) -> str:
    f = rng.choice(FIELDS)
    plain = f.removeprefix("the ")
    return rng.choice((
        f"Ministry of {f}", f"{plain} Ministry", f"Ministry of {f}", f"Department of {f}", f"{state(rng)} Ministry of {f}",
        f"{adjective(rng)} Ministry of {f}", f"{plain} Department", f"Federal Ministry of {f}", f"{plain} Office",
    ))  # fmt: skip


def party(rng: random.Random) -> str:
    if rng.random() < 0.6:
        return rng.choice(names("partyname"))
    a, b = rng.choice(THEMES), rng.choice(("Party", "Union", "Movement", "Front", "Alliance", "Coalition", "Congress", "League"))
    where = rng.choice(("", "", f" of {state(rng)}", f" for {rng.choice(('Change', 'Democracy', 'Justice', 'Renewal'))}"))
    return rng.choice((f"{a} {b}{where}", f"{a} {rng.choice(THEMES)} {b}{where}", f"{state(rng)} {a} {b}", f"{b} for {a}"))


def bank(rng: random.Random) -> str:
    where = state(rng)
    return rng.choice((f"Bank of {where}", f"Central Bank of {where}", f"{where} Central Bank", f"{invented(rng)} Bank", "World Bank", "IMF", f"{city(rng)} Commercial Bank", f"National Bank of {where}", "Deutsche Bank", "Standard Bank", "Ecobank", "Bank of America", "HSBC"))


def court(rng: random.Random) -> str:
    return rng.choice(("Supreme Court", "High Court", "Constitutional Court", "Court of Appeal", "Federal High Court", "Special Tribunal", "International Criminal Court", f"{city(rng)} High Court", f"Supreme Court of {state(rng)}", f"{city(rng)} District Court", "Appeals Court"))


def mixed(listed: str, rng: random.Random, made: float = 0.35) -> str:
    if rng.random() >= made:
        return rng.choice(names(listed))
    if listed == "company" and rng.random() < 0.6:
        return invented(rng) + rng.choice(("", "", " Group", " Oil", " Energy", " Airlines", " Motors", " Ltd", " Corp", " Holdings", " Industries", " Telecom", " Gold", " Bank", " Steel", " & Sons"))
    if listed == "media" and rng.random() < 0.7:
        return rng.choice((city(rng), state(rng), "Daily", "Sunday")) + rng.choice((" Times", " Post", " Herald", " News", " Tribune", " Observer", " Today", " TV", " News Agency", " Radio", " Star"))
    if listed == "club":
        return city(rng) + rng.choice(("", " United", " FC", " City", " Rangers", " Stars", " Warriors", " Kings", " Lions"))
    if listed == "group" and rng.random() < 0.7:
        a = rng.choice(("Liberation Front", "Liberation Army", "Resistance Movement", "Patriotic Front", "Salvation Army", "Defence Force", "Brigades", "Revolutionary Front", "Jihad", "Resistance"))
        return rng.choice((f"{region(rng)} {a}", f"{state(rng)} {a}", f"{a.removesuffix('s')} of {region(rng)}", f"{invented(rng)} Brigade", f"{adjective(rng)} {a}", acronym(rng)))
    return made_org(rng)


def event(rng: random.Random) -> str:
    """An event, which is no entity of ours."""
    where = rng.choice((state, city, region))(rng)
    return rng.choice((
        "World Cup", "FIFA World Cup", "African Cup of Nations", "Africa Cup of Nations", "AFCON", "Olympics", "Olympic Games",
        "Winter Olympics", "Asian Games", "Commonwealth Games", "Champions League", "Wimbledon", "US Open", "Tour de France",
        "Copa America", "Euro 2016", "Asia Cup", "Grand Prix", "Second World War", "World War II", "First World War", "Cold War",
        "Gulf War", "Arab Spring", "Holocaust", "Cultural Revolution", "Orange Revolution", "Intifada", "Vietnam War",
        "Great Depression", "Oscars", "Cannes Film Festival", f"Battle of {where}", f"{where} Open", f"{where} Film Festival",
        f"{where} Marathon", f"{where} Grand Prix", f"{where} Conference", f"{where} Summit", f"{where} War", f"{where} Premier League",
        f"{adjective(rng)} Cup", f"{adjective(rng)} Grand Prix", f"{adjective(rng)} Revolution", "Independence Day", "World AIDS Day",
        "International Women 's Day", "Super Bowl", "Miss World", "General Assembly", "Earth Summit",
    ))  # fmt: skip


def law(rng: random.Random) -> str:
    """A law, which is no entity of ours."""
    theme = rng.choice(THEMES)
    return rng.choice((
        f"{theme} Act", f"{theme} Bill", f"{theme} Law", f"{theme} Amendment", "Constitution", "Penal Code", "Criminal Code",
        "Petroleum Industry Bill", "Patriot Act", "Freedom of Information Act", "Sharia", "Basic Law", "Local Government Act",
        f"{theme} and {rng.choice(THEMES)} Act", f"{surname(rng)} Report", "Peace Agreement", "Budget", "Electoral Act",
    ))  # fmt: skip


def program(rng: random.Random) -> str:
    """A programme or plan, which is no entity of ours."""
    theme = rng.choice(THEMES)
    return rng.choice((
        f"{theme} Programme", f"{theme} Program", f"{theme} Project", f"{theme} Plan", f"Operation {invented(rng)}", f"Vision {rng.randint(2010, 2040)}",
        "Millennium Development Goals", "Sustainable Development Goals", "Marshall Plan", "Belt and Road Initiative", f"{theme} Strategy",
        "Green Revolution", f"{theme} Week", f"{theme} Campaign", f"{theme} Policy",
    ))  # fmt: skip


def fill(slot: str, rng: random.Random) -> tuple[str, str]:
    """A filling and its class ("" for none)."""
    if slot == "org":
        slot = rng.choice(("io", "agency", "ngo", "company", "group", "media", "party", "ministry", "univ", "made"))
    if slot == "per":
        slot = rng.choice(("full", "full", "sur"))
    people = {"full": full, "sur": surname, "first": first}
    if slot in people:
        return people[slot](rng), "PER"
    spots = {"city": city, "state": state, "region": region}
    if slot in spots:
        return spots[slot](rng), "LOC"
    if slot == "CITY":
        return city(rng).upper(), "LOC"
    if slot in ("sea", "river"):
        return rng.choice(SEAS if slot == "sea" else RIVERS), "LOC"
    makers = {"ministry": ministry, "party": party, "univ": univ, "bank": bank, "court": court, "acr": acronym, "made": made_org}
    if slot in makers:
        return makers[slot](rng), "ORG"
    if slot == "union":
        return rng.choice((f"{rng.choice(THEMES)} Workers Union", f"{state(rng)} Union of Teachers", "Nigeria Labour Congress", "Solidarity", f"National Union of {rng.choice(THEMES)} Workers", acronym(rng))), "ORG"
    if slot in ("media", "group", "io", "company", "club", "ngo", "agency"):
        return mixed(slot, rng, 0.1 if slot == "io" else 0.35), "ORG"
    plain = {
        "event": lambda: event(rng), "law": lambda: law(rng), "award": lambda: rng.choice(AWARDS),
        "treaty": lambda: rng.choice(TREATIES), "norp": lambda: rng.choice(NORPS), "language": lambda: rng.choice(LANGUAGES),
        "product": lambda: rng.choice(PRODUCTS), "program": lambda: program(rng),
        "day": lambda: rng.choice(DAYS), "month": lambda: rng.choice(MONTHS), "adj": lambda: adjective(rng),
        "num": lambda: str(rng.randint(2, 99)), "year": lambda: str(rng.randint(1950, 2025)),
        "title": lambda: rng.choice(TITLES), "field": lambda: rng.choice(FIELDS).removeprefix("the "),
    }  # fmt: skip
    return plain[slot](), ""


def own_sentence(template: str, rng: random.Random) -> Sample:
    """A template with its slots filled and its words cut as the reader cuts them."""
    words: list[str] = []
    tags: list[str] = []
    for part in template.split(" "):
        fixed = re.fullmatch(r"\[(PER|LOC|ORG):(\S+)\]", part)
        if fixed:
            named = fixed.group(2).split("_")
            words += named
            tags += [("B-" if i == 0 else "I-") + fixed.group(1) for i in range(len(named))]
            continue
        slot = re.fullmatch(r"\{(\w+)\}", part)
        if not slot:
            words.append(part)
            tags.append("O")
            continue
        text, kind = fill(slot.group(1), rng)
        lower = text.lower()
        if kind and lower.startswith("the ") and slot.group(1) not in ("media",):
            words.append("the")
            tags.append("O")
            text = text[4:]
        cut = [text[a:b] for a, b in tokenize(text)]
        words += cut
        tags += [("B-" if i == 0 else "I-") + kind if kind else "O" for i in range(len(cut))]
    if words and words[0][:1].islower() and rng.random() < 0.5:
        words[0] = words[0][:1].upper() + words[0][1:]
    return Sample(tuple(words), entities=tuple(tags))


def swapped(sample: Sample, rng: random.Random) -> Sample:
    """The sentence with some of its names changed for others of the same class."""
    words: list[str] = []
    tags: list[str] = []
    at, n = 0, len(sample.words)
    while at < n:
        tag = sample.entities[at]
        end = at + 1
        while end < n and sample.entities[end].startswith("I-"):
            end += 1
        kind = tag[2:]
        one = end - at == 1
        if tag.startswith("B-") and rng.random() < 0.4 and (kind != "ORG" or rng.random() < 0.5):
            if kind == "PER":
                text = surname(rng) if one else full(rng)
            elif kind == "LOC":
                text = rng.choice((city, state, region))(rng)
            elif one and sample.words[at].isupper():
                text = acronym(rng)
            else:
                text = fill("org", rng)[0]
            text = text[4:] if text.lower().startswith("the ") else text
            cut = [text[a:b] for a, b in tokenize(text)]
            words += cut
            tags += [("B-" if i == 0 else "I-") + kind for i in range(len(cut))]
        else:
            words += sample.words[at:end]
            tags += sample.entities[at:end]
        at = end
    return Sample(tuple(words), entities=tuple(tags))


@cache
def corpora() -> tuple[tuple[Sample, ...], tuple[Sample, ...]]:
    """Clean corpora and the noisy one."""
    clean = read_columns(SHARED / "ner" / "wikigold.conll.gz", 0, 1)
    clean += read_columns(SHARED / "ner" / "uner-ewt-test.iob2.gz", 1, 2, "\t")
    return tuple(clean), tuple(read_columns(SHARED / "ner" / "wnut17-train.conll.gz", 0, 1))


def plain(rng: random.Random) -> list[Sample]:
    """The annotated corpora as they are."""
    clean, noisy = corpora()
    return list(clean) + rng.sample(noisy, 700)


@cache
def templates() -> tuple[str, ...]:
    lines = (HERE / "own_news.txt").read_text("utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip())


_SILVER: list[Sample] = []


def silver_trees(trees: list[Sample]) -> list[Sample]:
    """The treebank sentences with silver entity tags."""
    if not _SILVER:
        low = {k: {n.lower() for n in places(k)} for k in ("state", "region", "capital", "bigcity", "city", "adjective")}
        org = {n.lower() for k in ("media", "group", "io", "company", "agency", "ngo", "club", "partyname") for n in names(k)}
        org = {n.removeprefix("the ") for n in org}
        lists = silver.Lists(
            low["state"] | low["region"] | low["capital"] | low["bigcity"], org - {"league", "act", "total", "time", "access"},
            {n.lower() for n in table("first_names")}, {n.lower() for n in table("surnames")} - low["adjective"],
            {n.lower() for n in table("org_words")}, silver.common_words(trees),
        )  # fmt: skip
        calendar = {n.lower() for n in table("calendar_words")}
        _SILVER.extend(silver.tag(s, lists, calendar) for s in trees)
    return _SILVER


def epoch(rng: random.Random, trees: list[Sample]) -> tuple[list[Sample], list[Sample]]:
    """What this epoch sees: entity sentences, and the treebank sentences."""
    own = [own_sentence(rng.choice(templates()), rng) for _ in range(OWN_AN_EPOCH)]
    others = [swapped(s, rng) if rng.random() < 0.5 else s for s in plain(rng)]
    given, family = table("first_names"), table("surnames")
    spots = places("capital") + places("bigcity") + COMMON_TUPLE
    marked = [silver.renamed(s, rng, given, family, spots) if rng.random() < 0.35 else s for s in silver_trees(trees)]
    return own + others, marked


if __name__ == "__main__":
    dice = random.Random(1)
    extra, _ = epoch(dice, [])
    for s in extra[:40]:
        print(" ".join(f"{w}/{t}" if t != "O" else w for w, t in zip(s.words, s.entities, strict=True)))
