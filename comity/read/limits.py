"""What may be read: sizes that documents, archives, tables, feeds and their items must keep to."""

from __future__ import annotations

from comity.model import Record


class Limits(Record, frozen=True):
    """Limits of one document and of what holds it; the reader skips what goes beyond them.

    Sizes are bytes unless said otherwise.
    """

    max_bytes: int = 25_000_000
    max_text: int = 1_000_000
    max_depth: int = 1_000
    max_markup: int = 10_000_000
    """Longest page (HTML) in bytes: its tree takes many times that in memory."""

    max_line: int = 10_000_000
    """Longest line of JSONL and longest row of CSV."""
    max_unpacked: int = 500_000_000_000
    """Most that one archive may hold once unpacked."""
    max_ratio: int = 200
    """Most that a packed stream may grow when unpacked, looked at beyond `ratio_from` bytes."""
    ratio_from: int = 25_000_000
    max_members: int = 5_000_000
    """Most members (files, records) of one archive."""
    max_nesting: int = 3
    """How deep archives may lie in one another: a gzip file in a ZIP in a tar is 3."""
    max_damages: int = 1_000
    """After so many damaged places the rest of an archive or table is given up."""
    max_feed: int = 10_000_000
    max_entries: int = 20_000
    """Most entries of one feed."""
    max_tags: int = 1_000_000
    """Most tags of one feed."""
    max_xml_depth: int = 100
    max_links: int = 1_000_000
    """Most addresses taken from one sitemap index or OPML file with all that it names."""
