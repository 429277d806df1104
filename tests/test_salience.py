"""Whose government, army, police: each passage marks the words, and says the state."""

from __future__ import annotations

from collections import Counter

import pytest

from comity.model import Document, Mention
from comity.reader import Reader
from comity.understand.actors.memory import Memory
from comity.understand.actors.salience import load_weights
from comity.understand.tree import Tree

CASES = (
    ("Chad closed its border. Sudan protested. *The government* in N'Djamena did not answer.", "TCD"),
    ("Riots shook Bamako for a third day. *Police* fired tear gas. Paris told its citizens to stay indoors.", "MLI"),
    ("Peru expelled the Mexican ambassador. *The foreign ministry* gave him three days to leave Lima.", "PER"),
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(judge="none")


def found(reader: Reader, text: str) -> tuple[Document, list[Mention]]:
    document = Document(id="text", text=text)
    for _, stage in reader.stages[:-1]:
        document = stage(document)
    return document, list(document.mentions)


@pytest.mark.parametrize(("marked", "code"), CASES)
def test_a_body_of_a_state_in_view(reader: Reader, marked: str, code: str) -> None:
    _, mentions = found(reader, marked.replace("*", ""))
    at = marked.index("*")
    over = [m for m in mentions if m.start <= at + 4 < m.end or m.start == at]
    assert [a.state for m in over for a in m.actors] == [code]


def test_every_state_in_view_is_weighed_once_and_by_known_features(reader: Reader) -> None:
    document, mentions = found(reader, "Peru warned Chile. Chile warned Peru and Bolivia. Police were on the streets.")
    trees = [Tree(sentence, number) for number, sentence in enumerate(document.sentences)]
    weights = load_weights()
    memory = Memory(reader.knowledge, Counter(PER=2, CHL=2, BOL=1), Counter(), weights)
    for mention in (m for m in mentions if m.sentence < 2):
        memory.add(trees[mention.sentence], mention)
    candidates = list(memory.salience.candidates(trees[2], 0, memory.seen, lambda code: code != "BOL"))
    assert sorted(c.code for c in candidates) == ["CHL", "PER"]
    assert {k for c in candidates for k, v in c.features.items() if v} <= set(weights)
    named = {c.code: c.features for c in candidates}
    assert named["CHL"]["subject before"] == 1.0
    assert named["PER"]["subject before"] == 0.0


def test_without_a_state_in_view_nobody_is_meant(reader: Reader) -> None:
    document, _ = found(reader, "Police were on the streets.")
    memory = Memory(reader.knowledge, Counter(), Counter(), load_weights())
    assert memory.salience.best(Tree(document.sentences[0], 0), 0, memory.seen, lambda code: True) is None
