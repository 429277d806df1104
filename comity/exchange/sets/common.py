"""What the sets share: heads of columns, and actors by name and country."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from comity.exchange.codes import Codes
from comity.exchange.model import Layout


def slug(column: str) -> str:
    """The name of a column: small letters, digits and ``_``."""
    return re.sub(r"[^a-z0-9]+", "_", column.strip().strip('"').lower()).strip("_")


def headed(
    name: str,
    first: Sequence[str],
    delimiter: str,
    needed: Sequence[str],
    fields: Mapping[str, str],
    extra: Mapping[str, str],
    *,
    spelling: Mapping[str, str] | None = None,
) -> Layout | None:
    """The layout of a file whose first line names its columns in any order, None where one that is needed lacks."""
    columns = [slug(c) for c in first]
    columns = [(spelling or {}).get(c, c) for c in columns]
    if not set(needed) <= set(columns):
        return None
    seen: dict[str, int] = {}
    for n, column in enumerate(columns):
        if not column or column in seen:
            columns[n] = f"column_{n}"
        seen[columns[n]] = n
    quoted = delimiter != "\t" or any(c.startswith('"') for c in first)
    return Layout(
        name=name,
        columns=tuple(columns),
        fields=fields,
        delimiter=delimiter,
        quoted=quoted,
        headed=True,
        extra=extra,
    )


def who(codes: Codes, name: str, country: str | None, on: date | None = None) -> str | None:
    """An actor by his name and the country that the set gives him.

    A body between states or an armed group stands for itself, whoever else for his country; leaders are known by name.
    """
    group = codes.named(name) if name else None
    if group is not None and group in codes.knowledge.states:
        return country or group
    if group is not None:
        kind = getattr(codes.knowledge.organisations.get(group), "kind", "group")
        if kind in ("igo", "group") or country is None:
            return group
    if country or not name:
        return country
    return codes.body(name) or (codes.person(name, on) if on else None)


def place_country(codes: Codes, text: str) -> str | None:
    """A country by its three letters or its name."""
    return (codes.country(text) if len(text.strip()) == 3 else None) or codes.named(text)


def listed(*codes: str | None) -> tuple[str, ...]:
    """Codes without gaps and doubles."""
    return tuple(dict.fromkeys(c for c in codes if c))
