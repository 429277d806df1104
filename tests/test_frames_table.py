"""The lexicon of acts: complete, consistent, and its faults are named with file and line."""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from comity.errors import BadKnowledge
from comity.knowledge.frames import FOLDER, Lexicon, Negative, load_frames, marks, plain
from comity.model import Sentence, Token
from comity.understand.tree import Tree

TABLES = (
    "frames.csv", "embedders.csv", "light_verbs.csv", "word_classes.csv", "negative.csv", "types.csv", "modes.csv",
)  # fmt: skip
MODES = {
    "CONSULT": "visit third-party multilateral phone",
    "RETREAT": "withdraw release disarm ceasefire access resign",
    "REQUEST": "assist change yield meet",
    "ACCUSE": "disapprove investigate allege",
    "REJECT": "assist change yield meet",
    "THREATEN": "restrict arrest relations expel territory violence",
    "PROTEST": "demo riot strike hunger boycott obstruct vandalize",
    "SANCTION": "convict expel withdraw discontinue",
    "MOBILIZE": "troops weapons police militia",
    "COERCE": "seize restrict censor curfew martial-law arrest deport withhold misinformation cyber",
    "ASSAULT": "abduct beat torture sexual targeted destroy primitive firearms explosives suicide-attack aerial "
    "drone heavy-weapons crowd-control unconventional",
}
TYPES = {*MODES, "AGREE", "SUPPORT", "CONCEDE", "COOPERATE", "AID"}


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_frames()


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_sixteen_types_and_their_modes(lexicon: Lexicon) -> None:
    assert set(lexicon.types) == TYPES
    assert {(t, m) for t, names in MODES.items() for m in names.split()} == set(lexicon.modes)


def test_breadth(lexicon: Lexicon) -> None:
    count = Counter(frame.pos for frame in lexicon.all_frames())
    assert count["v"] >= 900
    assert count["n"] >= 350
    assert sum(map(len, lexicon.embedders.values())) >= 250


def test_every_type_and_mode_has_several_frames(lexicon: Lexicon) -> None:
    types = Counter(frame.type for frame in lexicon.all_frames())
    modes = Counter((frame.type, frame.mode) for frame in lexicon.all_frames())
    assert min(types[t] for t in TYPES) >= 40
    assert {key for key in lexicon.modes if modes[key] < 4} == set()


def test_every_frame_shows_its_actors(lexicon: Lexicon) -> None:
    for frame in lexicon.all_frames():
        roles = [role for role, _ in marks(frame.example)]
        assert "S" in roles or "T" in roles, frame.id
        assert "[" not in plain(frame.example), frame.id


def test_examples_hold_the_word(lexicon: Lexicon) -> None:
    missing = [
        frame.id
        for frame in lexicon.all_frames()
        if frame.lemma != "go"
        and not any(word.startswith(frame.lemma[0]) for word in re.findall("[a-z]+", plain(frame.example).lower()))
    ]
    assert missing == []


def test_places_and_targets_are_given(lexicon: Lexicon) -> None:
    one_sided = {"MOBILIZE", "RETREAT", "COERCE", "ASSAULT", "CONCEDE"}
    for frame in lexicon.all_frames():
        assert frame.source, frame.id
        assert frame.target or frame.type in one_sided, frame.id


def test_no_two_frames_are_alike(lexicon: Lexicon) -> None:
    keys = Counter((f.pos, f.lemma, f.particle, f.object, f.prep_object) for f in lexicon.all_frames())
    assert [key for key, n in keys.items() if n > 1] == []


def test_scores_follow_the_quad_classes(lexicon: Lexicon) -> None:
    for kind in lexicon.types.values():
        if kind.quad == "material conflict":
            assert kind.score <= -5
        if kind.quad.endswith("cooperation"):
            assert kind.score > 0
    for mode in lexicon.modes.values():
        conflict = lexicon.types[mode.type].quad.endswith("conflict")
        assert (mode.score <= 0.5) if conflict else (mode.score > 0), mode


def test_cameo_and_score_defaults(lexicon: Lexicon) -> None:
    assert lexicon.cameo("CONSULT", "phone") == "041"
    assert lexicon.cameo("AID") == "070"
    assert lexicon.score("ASSAULT", "unconventional") == -10
    assert lexicon.score("SUPPORT") == 5


@pytest.mark.parametrize(
    ("pos", "lemma", "kind"),
    [
        ("v", "invade", "ASSAULT"), ("v", "meet", "CONSULT"), ("n", "annexation", "COERCE"),
        ("n", "visit", "CONSULT"), ("v", "praise", "SUPPORT"), ("n", "embargo", "SANCTION"),
        ("v", "extradite", "COOPERATE"), ("v", "donate", "AID"), ("n", "withdrawal", "RETREAT"),
        ("v", "veto", "REJECT"), ("n", "ultimatum", "THREATEN"), ("v", "riot", "PROTEST"),
    ],
)  # fmt: skip
def test_common_words(lexicon: Lexicon, pos: str, lemma: str, kind: str) -> None:
    assert kind in {frame.type for frame in lexicon.frames[pos, lemma]}


@pytest.mark.parametrize(
    ("pos", "lemma", "effect"),
    [
        ("v", "say", "same"), ("v", "refuse", "negated"), ("v", "pledge", "announced"), ("v", "fear", "possible"),
        ("v", "confirm", "occurred"), ("n", "refusal", "negated"), ("a", "likely", "possible"),
        ("n", "plan", "announced"), ("v", "urge", "possible"), ("v", "condemn", "occurred"),
    ],
)  # fmt: skip
def test_embedders(lexicon: Lexicon, pos: str, lemma: str, effect: str) -> None:
    assert effect in {entry.effect for entry in lexicon.embedders[pos, lemma]}


def test_light_verbs(lexicon: Lexicon) -> None:
    hold = lexicon.light("hold")
    assert hold is not None and hold.effect == "same"
    off = lexicon.light("call", ["off"])
    assert off is not None and off.meaning == "cancel" and off.effect == "negated"
    assert lexicon.light("call") is None
    for lemma in ("celebrate", "sustain", "maintain", "realize", "emit"):
        assert lexicon.light(lemma) is not None, lemma
    received = lexicon.light("receive")
    assert received is not None and received.target == ("subj",)


# --- senses that are no act


def tree(*words: tuple[str, str, str, int, str]) -> Tree:
    tokens = [
        Token(text=text, start=k, end=k + 1, lemma=lemma, upos=upos, head=head, deprel=rel)
        for k, (text, lemma, upos, head, rel) in enumerate(words)
    ]
    return Tree(Sentence(start=0, end=len(tokens), tokens=tuple(tokens)), 0)


def blocked(lexicon: Lexicon, found: Tree, i: int, node: int = -1) -> bool:
    return any(n.matches(found, i, node) for n in lexicon.negatives.get(found.lemma(i), ()))


def test_meeting_a_requirement_is_no_meeting(lexicon: Lexicon) -> None:
    found = tree(
        ("Serbia", "Serbia", "PROPN", 1, "nsubj"), ("met", "meet", "VERB", -1, "root"),
        ("requirements", "requirement", "NOUN", 1, "obj"),
    )  # fmt: skip
    assert blocked(lexicon, found, 1, 2)
    found = tree(
        ("Serbia", "Serbia", "PROPN", 1, "nsubj"), ("met", "meet", "VERB", -1, "root"),
        ("Xi", "Xi", "PROPN", 1, "obj"),
    )  # fmt: skip
    assert not blocked(lexicon, found, 1, 2)


def test_a_heart_attack_is_no_attack(lexicon: Lexicon) -> None:
    assert blocked(lexicon, tree(("heart", "heart", "NOUN", 1, "compound"), ("a", "attack", "NOUN", -1, "root")), 1)
    assert not blocked(
        lexicon, tree(("missile", "missile", "NOUN", 1, "compound"), ("a", "attack", "NOUN", -1, "r")), 1
    )


def test_sport_needs_more_than_one_word(lexicon: Lexicon) -> None:
    arab = tree(
        ("Arab", "Arab", "PROPN", 1, "compound"), ("League", "League", "PROPN", 2, "nsubj"),
        ("attacked", "attack", "VERB", -1, "root"), ("goal", "goal", "NOUN", 2, "obl"),
    )  # fmt: skip
    assert not blocked(lexicon, arab, 2)
    match = tree(
        ("team", "team", "NOUN", 1, "nsubj"), ("beat", "beat", "VERB", -1, "root"),
        ("Brazil", "Brazil", "PROPN", 1, "obj"), ("goal", "goal", "NOUN", 1, "obl"),
        ("final", "final", "NOUN", 1, "obl"),
    )  # fmt: skip
    assert blocked(lexicon, match, 1, 2)


def test_negatives_name_words_that_have_a_frame(lexicon: Lexicon) -> None:
    lemmas = {lemma for _, lemma in (*lexicon.frames, *lexicon.embedders)} | set(lexicon.lights)
    used = sum(lemma in lemmas for lemma in lexicon.negatives)
    assert used >= 0.8 * len(lexicon.negatives)
    assert all(isinstance(n, Negative) and n.reason for group in lexicon.negatives.values() for n in group)


# --- faults


def spoiled(folder: Path, name: str, column: str, value: str) -> Path:
    for table in TABLES:
        shutil.copy(FOLDER / table, folder / table)
    found = rows(name)
    found[1][column] = value
    with (folder / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(found[0]))
        writer.writeheader()
        writer.writerows(found)
    return folder


@pytest.mark.parametrize(
    ("name", "column", "value", "word"),
    [
        ("frames.csv", "type", "FIGHT", "FIGHT"),
        ("frames.csv", "mode", "nowhere", "nowhere"),
        ("frames.csv", "object", "@nothing", "@nothing"),
        ("frames.csv", "object", "!thing", "!thing"),
        ("frames.csv", "weight", "2", "weight"),
        ("frames.csv", "cameo", "abc", "abc"),
        ("frames.csv", "example", "[S:France met Mali.", "marks"),
        ("frames.csv", "lemma", "Attack", "capitals"),
        ("frames.csv", "target", "prep:", "place"),
        ("embedders.csv", "effect", "maybe", "maybe"),
        ("embedders.csv", "own_type", "SAY", "SAY"),
        ("light_verbs.csv", "meaning", "perhaps", "perhaps"),
        ("negative.csv", "scope", "above", "above"),
        ("negative.csv", "words", "@nothing", "@nothing"),
        ("modes.csv", "type", "FIGHT", "FIGHT"),
        ("types.csv", "quad", "peace", "peace"),
    ],
)
def test_a_fault_is_named_with_file_and_line(tmp_path: Path, name: str, column: str, value: str, word: str) -> None:
    with pytest.raises(BadKnowledge, match=word) as caught:
        load_frames(spoiled(tmp_path, name, column, value))
    assert caught.value.about.startswith(f"{name}:")
    assert int(caught.value.about.partition(":")[2]) >= 3


def test_the_same_id_twice(tmp_path: Path) -> None:
    first = rows("frames.csv")[0]["id"]
    with pytest.raises(BadKnowledge, match="twice"):
        load_frames(spoiled(tmp_path, "frames.csv", "id", first))


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadKnowledge) as caught:
        load_frames(tmp_path)
    assert ".csv" in caught.value.about
