"""Modes that no frame tells."""

from __future__ import annotations

import pytest

from comity.reader import Reader


@pytest.mark.parametrize(
    ("text", "kind", "mode"),
    [
        ("Malian soldiers raped Tuareg women in a village near Gao, the United Nations said.", "ASSAULT", "sexual"),
        ("An American drone killed an al Qaeda commander in Yemen's Marib province.", "ASSAULT", "drone"),
        ("Chadian dockers laid down tools for a week to force the government to pay them.", "PROTEST", "strike"),
        ("A Belarussian court handed an opposition leader a sentence of ten years.", "SANCTION", "convict"),
        ("Nepal's king gave leave to release 50 Maoist prisoners.", "RETREAT", "release"),
    ],
)
def test_the_words_around_tell_the_mode(reader: Reader, text: str, kind: str, mode: str) -> None:
    assert mode in {e.mode for e in reader.text(text).events if e.type == kind}


def test_a_mode_has_its_code(reader: Reader) -> None:
    for event in reader.text("Chadian dockers laid down tools for a week to force the government to pay them.").events:
        if event.mode:
            assert event.cameo == reader.lexicon.cameo(event.type, event.mode)
