"""The outlet that a text names as its own."""

from datetime import date

import pytest

from comity.read.outlet import find_outlet
from comity.read.published import find_published


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        ("Talks end\n\nThe Lantern Post · Doha, 18 September 2023\n\nQatar said ...", "The Lantern Post"),
        ("Talks end\n\nDaily Star | Beirut, 12 March 2010\n\nLebanon said ...", "Daily Star"),
        ("Talks end\n\nYEREVAN, 10 November 2020 (Northline Wire) - Armenia and Russia met.", "Northline Wire"),
        ("Talks end\n\nKABUL, 3 May 2010 (Reuters) - Kabul said ...", "Reuters"),
        ("Talks end\n\nNew York | March 3, 2001\n\nThe council met.", None),
        ("Talks end\n\nThe council met on 3 March 2001 in New York.", None),
    ],
)
def test_mastheads_and_datelines_name_the_outlet(text: str, outlet: str | None) -> None:
    assert find_outlet(text) == outlet


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("The Lantern Post · Addis Ababa, 16 July 2018", date(2018, 7, 16)),
        ("Daily Star | Beirut, 12 March 2010", date(2010, 3, 12)),
        ("The Valley Courier, Tuesday 18 September 2012", date(2012, 9, 18)),
        ("Weekly brief, 5 March 2025", date(2025, 3, 5)),
        ("Note on the Caspian, 9 September 2025", date(2025, 9, 9)),
        ("Daily digest — 5 May 2025", date(2025, 5, 5)),
        ("The siege of Sarajevo, 5 April 1992", None),
        ("The council will meet in Beirut on 12 March 2010", None),
    ],
)
def test_a_masthead_with_its_place_tells_the_day(line: str, day: date | None) -> None:
    assert find_published(f"Talks end without a result\n\n{line}\n\nThe ministers left the hall at noon.") == day
