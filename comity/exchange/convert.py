"""Rows of other sets to rows of a record, in Arrow and SQL; only distinct codes and names pass through Python."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import duckdb
import numpy as np
import pyarrow as pa

from comity.exchange.codes import Codes
from comity.exchange.model import FIELDS, EventSet, Odd, Raw

_NOTHING = "'', 'NULL', 'null', 'None', 'none', 'NA', 'N/A', 'nan', 'NaN', '---'"
_MACROS = (
    f"create macro v(x) as case when trim(x::varchar) in ({_NOTHING}) then null else trim(x::varchar) end",
    "create macro parts(a, b, c) as "
    "coalesce(v(a), '') || chr(31) || coalesce(v(b), '') || chr(31) || coalesce(v(c), '')",
    "create macro part(role, name, codes, sector) as {'role': role, 'name': name, 'state': codes[1], "
    "'office': null::varchar, 'sector': sector, 'start': null::integer, 'end': null::integer}",
)
_DAYS = "['%Y-%m-%d', '%Y%m%d', '%d %B %Y', '%d %b %Y', '%d-%B-%Y', '%d-%b-%Y', '%d/%m/%Y', '%Y/%m/%d', '%Y-%m-%d %H:%M:%S', '%Y-%m-%dT%H:%M:%S']"  # noqa: E501
_TABLES = (
    "create table acts (what varchar, type varchar, mode varchar, status varchar, cameo varchar, why varchar)",
    "create table actors (key varchar, codes varchar[])",
    "create table countries (text varchar, code varchar)",
    "create table seen (h ubigint)",
    "create table taken (h ubigint)",
)
_EARLIEST, _LATEST = date(1500, 1, 1), date(2100, 12, 31)

_FAULTS = f"""
create or replace temp table judged as
select c.*, case
    when c.day is null then 'no date'
    when c.date is null then 'date that cannot be read'
    when c.date < date '{_EARLIEST}' or c.date > date '{_LATEST}' then 'date out of range'
    when c.what is null then 'no code of what happened'
    when a.what is null then 'unknown code of what happened'
    when c.source_name is null and c.target_name is null and c.source_codes is null and c.target_codes is null
        then 'no actor'
    end as fault, a.type, a.mode, a.status, a.cameo, a.why
from named c left join (select * from acts where status is not null) a on a.what = c.what
"""
_IDS = """
create or replace temp table fresh as
select *, h in (select h from seen) as known,
    row_number() over (partition by id order by line) > 1 or h in (select h from taken) as twice from (
    select *, hash(id) as h from (
        select *, substr(md5(concat_ws(chr(31), ?, {identity})), 1, 20) as id from judged where fault is null
    )
)
"""
_ROWS = """
select f.*,
    case when precision = 'month' then date_trunc('month', date)::date
         when precision = 'week' then date - 3 else date end as date_start,
    case when precision = 'month' then last_day(date) when precision = 'week' then date + 3 else date end as date_end
from fresh f where not known and not twice
"""
_EVENTS = """
select 'e-' || id as id, type, mode, cameo, status, coalesce(source_codes, []) as sources,
    coalesce(target_codes, []) as targets, date_start, date_end, precision, place as place_name,
    place_code as place_country, lat as place_lat, lon as place_lon, false as symmetric,
    coalesce(try_cast(mentions as integer), 1) as reports, coalesce(try_cast(outlets as integer), 1) as outlets,
    1 as stories, coalesce(try_cast(articles as integer), 1) as documents, date_start as first_seen,
    'i-' || id as founder, $set as imported_from, [why] as why, $run as run
from rows
"""
_REPORTS = """
select 'i-' || id as id, type, mode, cameo, status, coalesce(source_codes, []) as sources,
    coalesce(target_codes, []) as targets,
    to_json(list_filter([part('source', source_name, source_codes, source_sector),
    part('target', target_name, target_codes, target_sector)], lambda p: p.name is not null))::varchar as participants,
    date_start, date_end, precision, evidence, place as place_name, place_code as place_country, lat as place_lat,
    lon as place_lon, false as symmetric, [why] as why, extra, $run as run
from rows
"""
_LINKS = "select 'i-' || id as report, 'e-' || id as event, [$title] as why from rows"


class Converter:
    """Turns stretches of one set into rows of ``events``, ``reports`` and ``report_events``.

    It remembers what it has seen as eight bytes an event, so that nothing is added twice.
    """

    def __init__(self, kind: EventSet, codes: Codes, run: str) -> None:
        self.kind, self.codes, self.run = kind, codes, run
        self.database = duckdb.connect(":memory:", config={"threads": 1})
        self.unknown: dict[str, int] = {}
        self.types: dict[str, int] = {}
        for statement in (*_MACROS, *_TABLES):
            self.database.execute(statement)

    def know(self, hashes: pa.Table) -> None:
        """Remember events of the record, by the hash of the digits of their ids."""
        self.database.register("hashes", hashes)
        self.database.execute("insert into seen select h from hashes")
        self.database.unregister("hashes")

    def convert(self, raw: Raw, odd: Odd) -> tuple[Mapping[str, pa.Table], int, int]:
        """The new rows of a stretch by table, how many events the record had, and how many new ones have no type."""
        self._fields(raw)
        self._look_up()
        self._judge(raw, odd)
        known, _ = self._one("select count(*) filter (where known and not twice), count(*) from fresh")
        self.database.execute(f"create or replace temp table rows as {_ROWS}")
        self.database.execute("insert into taken select h from fresh where not twice")
        untyped, both = self._one("select count(*) filter (where type is null), count(*) from rows")
        self._count()
        found = {
            "reports": self._table(_REPORTS, run=self.run),
            "events": self._table(_EVENTS, run=self.run, set=self.kind.name),
            "report_events": self._table(_LINKS, title=f"imported from {self.kind.title}"),
        }
        return found if both else {}, known, untyped

    def _one(self, sql: str) -> tuple[int, int]:
        first, second = self.database.execute(sql).fetchall()[0]
        return int(first), int(second)

    def _table(self, sql: str, **values: str) -> pa.Table:
        return self.database.sql(sql, params=values).to_arrow_table()

    def _fields(self, raw: Raw) -> None:
        """The table ``named`` begins here: one column for each of `FIELDS`, and ``line``."""
        layout = raw.layout
        lines = pa.array(np.arange(raw.table.num_rows), pa.int64())
        self.database.register("raw", raw.table.append_column("line__", lines))
        wanted = [f"{layout.fields.get(f, 'null::varchar')} as {f}" for f in FIELDS if f != "precision"]
        pairs = ", ".join(f"'{k}': {x}" for k, x in layout.extra.items())
        more = f", {pairs}" if pairs else ""
        columns = set(layout.columns)
        absent = sorted(_names(layout.fields) | _names(layout.extra))
        nulls = "".join(f', null::varchar as "{c}"' for c in absent if c not in columns)
        own, url = layout.fields.get("own", "null::varchar"), layout.fields.get("url", "null::varchar")
        precision = layout.fields.get("precision", "'day'")
        self.database.execute(
            f"create or replace temp table fields as select line__ as line, {', '.join(wanted)}, "
            f"{precision} as precision, "
            f"to_json({{'set': '{self.kind.name}', 'id': {own}, 'url': {url}{more}}})::varchar as extra "
            f"from (select *{nulls} from raw)"
        )
        self.database.unregister("raw")

    def _look_up(self) -> None:
        """Codes of all that is new in this stretch, and the table ``named`` with them."""
        ask = "select distinct {0} from fields where {0} is not null and {0} not in (select {1} from {2})"
        acts = [r[0] for r in self.database.execute(ask.format("what", "what", "acts")).fetchall()]
        found = [(w, self.kind.act(self.codes, w)) for w in acts]
        self._insert("acts", [
            (w, c.type, c.mode, c.status, c.cameo, c.why) if c else (w, None, None, None, None, None) for w, c in found
        ])  # fmt: skip
        days = self.database.execute(
            f"select key, min(coalesce(try_strptime(day, {_DAYS})::date, date '2000-01-01')) from ("
            "select source as key, day from fields union all select target, day from fields) "
            "where key is not null and key not in (select key from actors) group by key"
        ).fetchall()
        self._insert("actors", [(key, list(self.kind.actors(self.codes, key, day))) for key, day in days])
        countries = [r[0] for r in self.database.execute(ask.format("country", "text", "countries")).fetchall()]
        self._insert("countries", [(text, self.kind.country(self.codes, text)) for text in countries])
        self.database.execute(
            "create or replace temp table named as select f.* exclude (lat, lon), "
            f"try_strptime(f.day, {_DAYS})::date as date, "
            "nullif(s.codes, []) as source_codes, nullif(t.codes, []) as target_codes, c.code as place_code, "
            "f.lat as lat_text, f.lon as lon_text, "
            "case when try_cast(f.lat as double) between -90 and 90 and try_cast(f.lon as double) between -180 and 180 "
            "then try_cast(f.lat as double) end as lat, "
            "case when try_cast(f.lat as double) between -90 and 90 and try_cast(f.lon as double) between -180 and 180 "
            "then try_cast(f.lon as double) end as lon "
            "from fields f left join actors s on s.key = f.source left join actors t on t.key = f.target "
            "left join countries c on c.text = f.country"
        )

    def _insert(self, table: str, rows: list[tuple[object, ...]]) -> None:
        if not rows:
            return
        columns = [c[0] for c in self.database.execute(f"select * from {table} limit 0").description]
        kinds = [pa.list_(pa.string()) if c == "codes" else pa.string() for c in columns]
        arrays = [pa.array([r[n] for r in rows], kind) for n, kind in enumerate(kinds)]
        self.database.register("incoming", pa.table(arrays, names=columns))
        self.database.execute(f"insert into {table} select * from incoming")
        self.database.unregister("incoming")

    def _judge(self, raw: Raw, odd: Odd) -> None:
        """Rows that cannot be an event are left out and counted, other oddities only counted."""
        self.database.execute(_FAULTS)
        counted = "select {0}, count(*), list(line order by line)[:3] from judged where {1} group by 1 order by 1"
        for kind, number, first in self.database.execute(counted.format("fault", "fault is not null")).fetchall():
            odd.note(kind, number, [raw.shown(n) for n in first] if odd.wants(kind) else ())
        place = "'place outside the world' as kind"
        where = "fault is null and (lat_text is not null or lon_text is not null) and lat is null"
        for kind, number, first in self.database.execute(counted.format(place, where)).fetchall():
            shown = [raw.shown(n) for n in first] if odd.wants(kind, dropped=False) else ()
            odd.note(kind, number, shown, dropped=False)
        own = raw.layout.fields.get("own")
        identity = "own" if own else "day, what, source, target"
        if self.kind.name == "phoenix":  # ids of Phoenix are unique within a file only
            identity = "own, day, what, source, target"
        if own:  # a row without an id of its own is known by all it says
            content = "concat_ws(chr(31), day, what, source, target, place)"
            identity = f"case when own is null then {content} end, {identity}"
        self.database.execute(_IDS.format(identity=identity), [self.kind.name])
        twice = self.database.execute("select count(*), list(line order by line)[:3] from fresh where twice")
        number, first = twice.fetchall()[0]
        if number:
            odd.note("same event again in these files", number, [raw.shown(n) for n in first])

    def _count(self) -> None:
        sql = "select coalesce(type, ''), count(*) from rows group by 1"
        for type_, number in self.database.execute(sql).fetchall():
            self.types[type_] = self.types.get(type_, 0) + number
        sql = (
            "select name, count(*) from (select source_name as name, source_codes as codes from rows union all "
            "select target_name, target_codes from rows) where name is not null and codes is null group by 1"
        )
        for name, number in self.database.execute(sql).fetchall():
            self.unknown[name] = self.unknown.get(name, 0) + number


def _names(expressions: Mapping[str, str]) -> set[str]:
    """The columns that expressions speak of: the arguments of ``v`` and ``parts``."""
    found: set[str] = set()
    for text in expressions.values():
        for call in re.findall(r"\b(?:v|parts)\(([^()]*)\)", text):
            found |= {a.strip().strip('"') for a in call.split(",")} - {"null", ""}
    return found
