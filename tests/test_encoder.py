"""The language model: valid trees always, and a floor of quality."""

from __future__ import annotations

import gzip
import hashlib
import itertools
import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import BadModel
from comity.language.encoder import MAX_WORDS, WEIGHTS, Encoder, Parse, annotate
from comity.language.features import FLAGS, SHAPES, SIZE, Features
from comity.language.lemmas import Lemmas, lemma_of
from comity.language.trees import are_trees, best_tree, entity_paths, follow_table, mended
from comity.model import Token

SHARED = Path(__file__).parents[2] / "shared" / "data"
TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG")


@cache
def loaded() -> Encoder:
    """One model for all tests; property tests cannot take a fixture."""
    return Encoder.load()


@pytest.fixture
def encoder() -> Encoder:
    return loaded()


def is_tree(heads: list[int] | tuple[int, ...]) -> bool:
    """One root, and every word reaches it."""
    if list(heads).count(-1) != 1:
        return False
    for start in range(len(heads)):
        node, steps = start, 0
        while node >= 0 and steps <= len(heads):
            node, steps = heads[node], steps + 1
        if node >= 0:
            return False
    return True


def brute(scores: np.ndarray) -> float:
    """The score of the best single-rooted tree, by trying all."""
    size = len(scores)
    totals = (
        sum(scores[d, h + 1] for d, h in enumerate(heads))
        for heads in itertools.product(range(-1, size), repeat=size)
        if is_tree(heads)
    )
    return float(max(totals))


@pytest.mark.parametrize("seed", range(40))
def test_best_tree_is_the_best_of_all_trees(seed: int) -> None:
    dice = np.random.default_rng(seed)
    size = int(dice.integers(1, 6))
    scores = dice.normal(0, 3, (size, size + 1))
    heads = best_tree(scores)
    assert is_tree(heads)
    assert sum(scores[d, h + 1] for d, h in enumerate(heads)) == pytest.approx(brute(scores))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(0, 2**32 - 1), st.booleans())
def test_best_tree_is_a_tree_at_any_size(size: int, seed: int, ties: bool) -> None:
    dice = np.random.default_rng(seed)
    scores = dice.integers(0, 2, (size, size + 1)).astype(float) if ties else dice.normal(0, 9, (size, size + 1))
    assert is_tree(best_tree(scores))


def test_best_tree_survives_scores_that_are_no_numbers() -> None:
    assert is_tree(best_tree(np.full((4, 5), np.nan)))
    assert is_tree(best_tree(np.full((4, 5), -np.inf)))
    assert best_tree(np.zeros((0, 1))) == []


def test_greedy_trees_are_told_from_other_graphs() -> None:
    heads = np.array([[0, 1, 2], [2, 1, 0], [0, 0, 1], [0, 1, 0]])
    assert are_trees(heads, np.array([3, 3, 3, 2])).tolist() == [True, False, False, True]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_entity_paths_are_valid(size: int, seed: int) -> None:
    scores = np.random.default_rng(seed).normal(0, 4, (3, size, len(TAGS)))
    lengths = [size, max(1, size // 2), 1]
    for row, length in zip(entity_paths(scores, lengths, follow_table(TAGS)), lengths, strict=True):
        tags = [TAGS[i] for i in row[:length]]
        assert list(mended(tags)) == tags


def test_entity_path_is_the_best_of_all_paths() -> None:
    scores = np.random.default_rng(5).normal(0, 2, (1, 4, len(TAGS)))
    named = ((p, [TAGS[i] for i in p]) for p in itertools.product(range(7), repeat=4))
    paths = (p for p, tags in named if list(mended(tags)) == tags)
    best = max(paths, key=lambda p: sum(scores[0, i, t] for i, t in enumerate(p)))
    assert entity_paths(scores, [4], follow_table(TAGS))[0].tolist() == list(best)


def test_mended_gives_every_entity_a_beginning() -> None:
    assert mended(["I-PER", "I-PER", "I-LOC", "O", "I-ORG"]) == ("B-PER", "I-PER", "B-LOC", "O", "B-ORG")


@pytest.mark.parametrize(
    ("word", "script", "lemma"),
    [
        ("Putin", "keep", "Putin"), ("Said", "low:2:y", "say"), ("went", "=go", "go"), ("ACCUSED", "low:1:", "accuse"),
        ("Americans", "case:1:", "American"), ("a", "low:9:", "a"), ("talks", "low:1:", "talk"), ("x", "=", "x"),
    ],
)  # fmt: skip
def test_lemma_scripts(word: str, script: str, lemma: str) -> None:
    assert lemma_of(word, script) == lemma


def test_lemmas_of_verbs_come_from_known_bases() -> None:
    lemmas = Lemmas({"met/VB": "meet"}, frozenset({"impose", "ban", "deny", "attack", "meet"}))
    told = {w: lemmas.of(w, "VERB", "VBD", "low:2:") for w in ("met", "imposed", "banned", "denied", "attacked")}
    assert told == {"met": "meet", "imposed": "impose", "banned": "ban", "denied": "deny", "attacked": "attack"}
    assert lemmas.of("Banned", "PROPN", "NNP", "keep") == "Banned"


def test_features_tell_case_and_names() -> None:
    names = SHAPES + FLAGS
    rows = Features().of("In New York Vladimir Putin of RUSSIA met 7 B-52 crews".split())
    told = [{names[i] for i in row.nonzero()[0] if i < len(names)} for row in rows]
    assert rows.shape == (11, SIZE)
    assert {"title", "place_b"} <= told[1] and "place_i" in told[2]
    assert "first_name" in told[3] and "surname" in told[4]
    assert {"upper", "state_b"} <= told[6]
    assert "digit" in told[8] and "alnum" in told[9] and "lower" in told[10]


def test_missing_weights_are_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(BadModel) as caught:
        Encoder.load(tmp_path)
    assert caught.value.code == "C203" and "training/README.md" in str(caught.value)


def test_name_tables_are_those_of_training() -> None:
    tables = b"".join(p.read_bytes() for p in sorted((WEIGHTS.parent / "names").glob("*.csv")))
    labels = json.loads((WEIGHTS / "labels.json").read_text("utf-8"))
    assert labels["tables"] == hashlib.sha256(tables).hexdigest()[:12], "tables changed: train the model again"


def test_version_is_a_short_hash(encoder: Encoder) -> None:
    assert len(encoder.version) == 12
    assert int(encoder.version, 16) >= 0


def test_sentences_come_back_in_order(encoder: Encoder) -> None:
    given_words = [["Hello", "."], [], ["The", "two", "ministers", "met", "in", "Vienna", "."], ["No"]]
    parses = encoder.parse(given_words)
    assert [len(p.heads) for p in parses] == [2, 0, 7, 1]
    assert parses[1] == Parse()
    assert encoder.parse([]) == []
    assert parses[2].lemmas[2] == "minister"


ODD = ["the", "Moscow", "said", ",", "”", "\u200b", "😀", "x" * 500]
WORDS = st.text(min_size=0, max_size=12) | st.sampled_from(ODD)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(WORDS, max_size=20), max_size=4))
def test_any_words_give_a_tree_and_valid_entities(sentences: list[list[str]]) -> None:
    for words, parse in zip(sentences, loaded().parse(sentences), strict=True):
        columns = (parse.lemmas, parse.upos, parse.xpos, parse.heads, parse.deprels, parse.entities)
        assert {len(c) for c in columns} == {len(words)}
        if words:
            assert is_tree(parse.heads)
            assert [d == "root" for d in parse.deprels] == [h < 0 for h in parse.heads]
            assert mended(parse.entities) == parse.entities


def test_long_sentences_are_cut_and_joined(encoder: Encoder) -> None:
    words = "The minister of Kazakhstan told Reuters that he would not sign , and".split() * 90
    (parse,) = encoder.parse([words])
    assert len(words) > 4 * MAX_WORDS and len(parse.heads) == len(words)
    assert is_tree(parse.heads)
    assert mended(parse.entities) == parse.entities
    (mess,) = encoder.parse([["http://a.b/c-d-e-f?g=h&i=j"] * 300])
    assert is_tree(mess.heads)


def test_batches_do_not_change_the_reading(encoder: Encoder) -> None:
    one = "Iran rejected the offer on Monday .".split()
    other = "He said the army had left the city , which rebels took two days later .".split()
    (alone,) = encoder.parse([one])
    together = encoder.parse([other, one, one])
    assert together[1].heads == alone.heads and together[2].upos == alone.upos


SEED = "Russian President Vladimir Putin met his Chinese counterpart Xi Jinping in Moscow on Wednesday ."


def test_a_news_sentence_is_read_right(encoder: Encoder) -> None:
    words = SEED.split()
    (parse,) = encoder.parse([words])
    met = words.index("met")
    assert parse.heads[met] == -1 and parse.lemmas[met] == "meet" and parse.xpos[met] == "VBD"
    subject = [i for i, d in enumerate(parse.deprels) if d == "nsubj" and parse.heads[i] == met]
    assert [words[i] for i in subject] in (["Vladimir"], ["Putin"], ["President"])
    assert parse.entities[2:4] == ("B-PER", "I-PER") and parse.entities[8:10] == ("B-PER", "I-PER")
    assert parse.entities[11] == "B-LOC" and parse.entities[0] == parse.entities[6] == "O"


@pytest.mark.parametrize(
    ("text", "word", "deprel", "lemma"),
    [
        ("The village was attacked by rebels .", "village", "nsubj:pass", "village"),
        ("The village was attacked by rebels .", "rebels", "obl:agent", "rebel"),
        ("France did not invite them .", "not", "advmod", "not"),
        ("The troops who crossed the border surrendered .", "crossed", "acl:relcl", "cross"),
        ("Japan denied that it had sold weapons .", "weapons", "obj", "weapon"),
        ("Turkey sent aid to Syria .", "Turkey", "nsubj", "Turkey"),
    ],
)
def test_roles_that_frames_need(encoder: Encoder, text: str, word: str, deprel: str, lemma: str) -> None:
    words = text.split()
    (parse,) = encoder.parse([words])
    assert (parse.deprels[words.index(word)], parse.lemmas[words.index(word)]) == (deprel, lemma)


def test_small_letters_keep_the_reading(encoder: Encoder) -> None:
    (parse,) = encoder.parse([SEED.lower().split()])
    met = SEED.lower().split().index("met")
    assert parse.heads[met] == -1
    assert "B-PER" in parse.entities and parse.entities[11] == "B-LOC"


def test_annotate_keeps_offsets(encoder: Encoder) -> None:
    text = "Putin's envoy left."
    ranges = [(0, 5), (5, 7), (8, 13), (14, 18), (18, 19)]
    tokens = [Token(text=text[a:b], start=a, end=b) for a, b in ranges]
    (parse,) = encoder.parse([[t.text for t in tokens]])
    done = annotate(tokens, parse)
    assert [(t.start, t.end) for t in done] == ranges
    assert all(text[t.start : t.end] == t.text for t in done)
    assert done[0].deprel == "nmod:poss" and done[0].head == 2 and done[3].lemma == "leave"
    with pytest.raises(ValueError, match=r"shorter|longer"):
        annotate(tokens[:2], parse)


@pytest.mark.skipif(not (SHARED / "treebank").exists(), reason="the shared treebanks are absent")
def test_floor_on_a_part_of_the_treebank(encoder: Encoder) -> None:
    with gzip.open(SHARED / "treebank" / "en_ewt-dev.conllu.gz", "rt", encoding="utf-8") as file:
        blocks = file.read().split("\n\n")[:400]
    gold = [[r.split("\t") for r in b.split("\n") if r.split("\t")[0].isdigit()] for b in blocks]
    gold = [rows for rows in gold if rows]
    parses = encoder.parse([[r[1] for r in rows] for rows in gold])
    pairs = [(r, p, i) for rows, p in zip(gold, parses, strict=True) for i, r in enumerate(rows)]
    heads = sum(int(r[6]) - 1 == p.heads[i] and r[7] == p.deprels[i] for r, p, i in pairs)
    tags = sum(r[3] == p.upos[i] for r, p, i in pairs)
    assert heads / len(pairs) > 0.86 and tags / len(pairs) > 0.95
