"""Coreference of events from text alone: gold, scores, clusters, stories, the command."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import BadMergeGold, BadMergeModel, BadUsage
from comity.evaluate.checkout import ROOT
from comity.evaluate.corefer_gold import read_topic, read_topics
from comity.evaluate.corefer_score import mentions_of, same_lemma, scored
from comity.evaluate.coreference import clusters_of, lea
from comity.record.merge.coref import pairs, second, stories
from comity.record.merge.coref.kin import concepts, family, kin_of, nearest, nearest_senses, nearness
from comity.record.merge.coref.linking import CorefModel, Weights, average_link, checked, coref_model
from comity.record.merge.corefer import corefer, linked, spoken

TOPIC = """= fires
== mill
@ a 2019-05-01
A [fire|f] [destroyed|f] a mill.
Nobody was [hurt|.].
@ b 2019-05-02
The [blaze|f] at the mill is out.
"""


def mention(doc: str, text: str, trigger: str, **more: object) -> dict[str, object]:
    start = text.index(trigger)
    return {"doc": doc, "text": text, "start": start, "end": start + len(trigger), **more}


A = "A fire destroyed the paper mill of Karlsund on Monday. Two workers died."
B = "The mill in Karlsund burned down on Monday, and the fire killed two workers."
C = "The president of Peru resigned on Friday after protests in Lima."
D = "Peru's president announced his resignation in Lima on Friday."
SIX = [
    mention("a", A, "fire"), mention("b", B, "fire"), mention("a", A, "died"),
    mention("b", B, "killed"), mention("c", C, "resigned"), mention("d", D, "resignation"),
]  # fmt: skip


def test_gold_is_read_with_offsets(tmp_path: Path) -> None:
    path = tmp_path / "fires.txt"
    path.write_text(TOPIC, encoding="utf-8")
    first, second = read_topic(path)
    assert first.text == "A fire destroyed a mill.\nNobody was hurt."
    assert [first.text[m.start : m.end] for m in first.mentions] == ["fire", "destroyed", "hurt"]
    assert first.mentions[0].chain == first.mentions[1].chain == second.mentions[0].chain
    assert first.mentions[2].chain != first.mentions[0].chain
    assert (first.topic, first.story, second.published.isoformat()) == ("fires", "mill", "2019-05-02")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("words\n", "line 1"),
        ("= a\n== b\n@ x yesterday\nWords.\n", "outlet and day"),
        ("= a\n== b\n@ x 2020-01-01\nA [word here.\n", "not closed"),
        ("= a\n== b\n@ x 2020-01-01\n", "without topic, story or text"),
    ],
)
def test_gold_names_the_line_that_is_wrong(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "bad.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadMergeGold, match=told):
        list(read_topic(path))


def test_gold_halves_share_no_topic_and_no_text() -> None:
    parts = [read_topics(ROOT / "gold" / "corefer" / part) for part in ("dev", "dev2", "dev3", "test", "test2")]
    topics = [{d.topic for d in part} for part in parts]
    assert sum(map(len, topics)) == len(set().union(*topics))
    texts = [{d.text for d in part} for part in parts]
    assert sum(map(len, texts)) == len(set().union(*texts))
    assert all(d.mentions for part in parts for d in part)


def test_lea_as_in_the_paper() -> None:
    key = clusters_of(dict(zip("abcdefg", "1112222", strict=True)))
    answer = clusters_of(dict(zip("abcdfghi", "11223333", strict=True)))
    assert lea(key, answer).recall == pytest.approx((3 * 1 / 3 + 4 * 1 / 6) / 7)
    assert lea(key, answer).precision == pytest.approx((2 + 0 + 4 * 1 / 6) / 8)
    assert lea(key, key).f1 == 1


def test_scores_without_singletons_leave_them_out() -> None:
    key, answer = [1, 1, 2, 3], [1, 1, 2, 2]
    assert scored(key, answer).b3.precision < 1
    assert scored(key, key, alone=False).conll == 1
    assert scored(key, [1, 2, 3, 4], alone=False).conll == 0


def slow_average_link(scores: np.ndarray, threshold: float) -> set[frozenset[int]]:
    groups = [frozenset((i,)) for i in range(len(scores))]
    while len(groups) > 1:
        value, a, b = max(
            (float(np.mean([scores[i, j] for i in a for j in b])), sorted(a), sorted(b))
            for n, a in enumerate(groups) for b in groups[n + 1 :]
        )  # fmt: skip
        if value < threshold:
            break
        groups = [g for g in groups if g not in (frozenset(a), frozenset(b))] + [frozenset([*a, *b])]
    return set(groups)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 9), st.integers(0, 10_000), st.floats(0.2, 0.8))
def test_average_link_is_that_of_the_definition(size: int, seed: int, threshold: float) -> None:
    half = np.random.default_rng(seed).random((size, size)).astype(np.float32)
    scores = (half + half.T) / 2
    labels = average_link(scores, threshold)
    assert {frozenset(c) for c in clusters_of(dict(enumerate(labels)))} == slow_average_link(scores, threshold)
    assert labels[0] == 0 and sorted(set(labels)) == list(range(len(set(labels))))


def test_blocks_hold_every_document_once_and_few_mentions() -> None:
    sure = np.full((40, 40), 0.95, np.float32)
    found = stories.blocks(sure, lambda part: 10 * len(part), 100)
    assert sorted(d for block in found for d in block) == list(range(40))
    assert max(len(block) for block in found) == 10
    assert stories.blocks(np.eye(3, dtype=np.float32), len, 100) == [[0], [1], [2]]


def test_kinship_of_words() -> None:
    assert family("death", False) & family("die", True)
    assert family("arrest", False) & family("arrest", True)
    assert not family("death", False) & family("arrest", False)
    assert family("zzyzx", False) == {"zzyzx"} and not kin_of("zzyzx", True).concepts
    near = nearness([("earthquake", False), ("tremor", False), ("election", False), ("zzyzx", True)])
    assert near[0, 1] > near[0, 2] and np.allclose(near, near.T) and not near[3].any()


def test_tables_of_concepts_hang_together() -> None:
    rows = concepts()
    above = {row.name: row.broader for row in rows}
    assert len(above) == len(rows) and all(row.words for row in rows)
    assert not set(above.values()) - set(above) - {""}
    for name in above:
        chain = [name]
        while above[chain[-1]]:
            chain.append(above[chain[-1]])
            assert len(chain) < 12, chain
    assert all(word.isascii() and word == word.lower() for row in rows for word, _ in row.words)


@pytest.mark.parametrize(
    ("noun", "verb"),
    [
        ("resignation", "resign"), ("acquittal", "acquit"), ("collision", "collide"), ("sale", "sell"),
        ("theft", "steal"), ("takeover", "take"), ("flight", "fly"), ("nationalisation", "nationalize"),
        ("bludgeoning", "bludgeon"), ("zigzagging", "zigzag"), ("strike", "strike"), ("dead", "die"),
    ],
)  # fmt: skip
def test_families(noun: str, verb: str) -> None:
    assert family(noun, False) & family(verb, True)


@pytest.mark.parametrize(("noun", "verb"), [("development", "devise"), ("trial", "defeat"), ("attack", "attach")])
def test_words_that_only_look_alike_are_of_two_families(noun: str, verb: str) -> None:
    assert not family(noun, False) & family(verb, True)


def test_of_the_verbs_of_a_row_those_nearest_in_letters_are_taken() -> None:
    assert nearest("clearance", ["clean", "clear", "scrub"]) == {"clear"}
    assert nearest("tragedy", ["die", "strike"]) == set()


def test_pairs_are_scored_the_same_both_ways() -> None:
    from comity.language.encoder import Encoder
    from comity.record.merge.coref.reading import WIDTH, read

    reading = read(SIX, Encoder.load())
    none = np.zeros((len(SIX), WIDTH), np.float32)
    valued = pairs.matrices(reading.mentions, np.ones((6, 6), np.float32), none)
    for name, matrix in zip(pairs.FEATURES, valued, strict=True):
        assert np.allclose(matrix, matrix.T, atol=1e-5), name
    died, killed = reading.mentions[2], reading.mentions[3]
    assert (died.lemma, killed.lemma) == ("die", "kill")
    assert "worker" in died.subject and "worker" in killed.object


def test_weights_must_fit_the_features() -> None:
    model = coref_model()
    assert checked(model, stories.FEATURES, pairs.FEATURES, second.FEATURES) is model
    empty = CorefModel(stories=Weights(weights={}, bias=0), pairs=model.pairs, second=model.second, threshold=0.5)
    with pytest.raises(BadMergeModel, match="do not agree"):
        checked(empty, stories.FEATURES, pairs.FEATURES, second.FEATURES)


def test_scores_and_what_speaks_for_them_are_of_the_same_networks() -> None:
    model = coref_model()
    given = np.random.default_rng(3).random((5, len(pairs.FEATURES))).astype(np.float32)
    chance = model.pairs.chances(model.pairs.standard(given))
    square = [np.tile(column[:, None], (1, 5)) for column in given.T]  # the feature of a pair is that of its row
    assert np.allclose(pairs.scores(square, model.pairs), chance[:, None], atol=1e-5)
    usual = np.tile(np.asarray(model.pairs.middle, np.float32), (2, 1))
    assert not spoken(usual, model).any()  # nothing speaks where every feature is as it mostly is
    assert spoken(given, model).shape == given.shape and spoken(given, model).any()


def test_one_event_in_other_words_and_other_stories_apart() -> None:
    found = corefer(SIX)
    assert found[0] == found[1] and found[4] == found[5]
    assert len({found[0], found[2], found[4]}) == 3
    assert found[0] == 0


def test_the_order_of_the_mentions_does_not_matter() -> None:
    documents = read_topics(ROOT / "gold" / "corefer" / "dev")[:12]
    items = mentions_of(documents)
    order = list(range(len(items)))
    random.Random(3).shuffle(order)
    straight = corefer(items)
    mixed = dict(zip(order, corefer([items[i] for i in order]), strict=True))
    assert {frozenset(c) for c in clusters_of(dict(enumerate(straight)))} == {frozenset(c) for c in clusters_of(mixed)}


def test_reasons_name_another_mention() -> None:
    found = linked([*SIX, mention("z", "Rain fell on the hills.", "fell", group="weather")])
    assert len(found.why) == 7 and all(lines for lines in found.why)
    assert "fire" in found.why[0][0] and any(line.startswith("for: ") for line in found.why[0])
    assert found.why[6] == ("alone in its story",)


def test_whatever_lies_in_the_span_is_taken() -> None:
    odd = [
        {"doc": 1, "text": "   ", "start": 0, "end": 1},
        {"doc": 1, "text": "…!", "start": 0, "end": 2},
        {"doc": 2, "text": "It happened. 爆発", "start": 12, "end": 15, "date": "no day"},
        {"doc": 2, "text": "word " * 600, "start": 2500, "end": 2504},
    ]
    assert len(corefer(odd)) == 4
    with pytest.raises(BadUsage, match="not in its text"):
        corefer([{"doc": "1", "text": "short", "start": 3, "end": 900}])


def test_speed_is_measured_on_copies_that_are_clustered_alike() -> None:
    from comity.evaluate.corefer_speed import copied
    from comity.language.encoder import Encoder
    from comity.record.merge.coref.reading import WIDTH, read
    from comity.record.merge.corefer import link

    reading = read(SIX, Encoder.load())
    twice = copied(reading, 2, grouped=True)
    assert len(twice.mentions) == 12 and len(twice.names) == len(set(twice.names)) == 8
    labels = link(twice, np.zeros((12, WIDTH), np.float32), coref_model(), reasons=False).clusters
    once = link(reading, np.zeros((6, WIDTH), np.float32), coref_model(), reasons=False).clusters
    assert labels[:6] == once and not set(labels[:6]) & set(labels[6:])
    assert set(copied(reading, 2, grouped=False).groups) == {""}


def test_the_baseline_keeps_parts_apart() -> None:
    items = [mention("a", A, "fire"), mention("b", B, "fire")]
    assert len(set(same_lemma(items, ["x", "x"]))) == 1 and len(set(same_lemma(items, ["x", "y"]))) == 2


def run(*args: str, stdin: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "comity", "corefer", *args], input=stdin.encode(), capture_output=True, check=False
    )


def test_command_reads_lines_and_one_object() -> None:
    lines = run(stdin="\n".join(json.dumps(m) for m in SIX))
    rows = [json.loads(line) for line in lines.stdout.splitlines()]
    assert lines.returncode == 0 and [r["id"] for r in rows] == list(range(6))
    assert rows[0]["cluster"] == rows[1]["cluster"] != rows[4]["cluster"] and rows[0]["why"]
    whole = {
        "documents": [
            {"id": d, "text": t, "published": "2020-05-01"} for d, t in zip("abcd", (A, B, C, D), strict=True)
        ],
        "mentions": [{"id": f"m{n}", "doc": m["doc"], "start": m["start"], "end": m["end"]} for n, m in enumerate(SIX)],
    }
    found = run("--format", "clusters", "--no-alone", stdin=json.dumps(whole, indent=1))
    clusters = [json.loads(line) for line in found.stdout.splitlines()]
    assert {"m0", "m1"} <= set(clusters[0]["mentions"]) and clusters[0]["documents"] == ["a", "b"]
    assert {"m4", "m5"} in [set(c["mentions"]) for c in clusters]
    assert all(len(c["mentions"]) > 1 for c in clusters)


@pytest.mark.parametrize(
    ("stdin", "told"),
    [
        ("words", "no JSON"),
        ('{"doc": "a", "text": "x", "start": 0, "end": 1}\n{oops\n', "line 2 is no JSON"),
        ('{"doc": "a", "text": "x"}', "has no start, end"),
        ('{"doc": "a", "text": "x", "start": "0", "end": 1}', "whole numbers"),
        ('{"documents": [{"text": "x"}], "mentions": []}', "document 1 has no id"),
        ('{"documents": [], "mentions": [{"doc": "q"}]}', "names no document"),
        ('{"doc": "a", "text": "x", "start": 0, "end": 7}', "not in its text"),
    ],
)
def test_command_says_what_is_wrong(stdin: str, told: str) -> None:
    from comity.cli.corefer import mentions_in

    with pytest.raises(BadUsage, match=told):
        corefer(mentions_in(stdin.encode()))


def test_command_of_nothing_and_of_a_wrong_format() -> None:
    assert run(stdin="").stdout == b""
    wrong = run("--format", "pictures", stdin="")
    assert wrong.returncode == 2 and b"unknown format 'pictures'" in wrong.stderr


def test_a_second_look_sees_friends_and_rivals() -> None:
    from comity.language.encoder import Encoder
    from comity.record.merge.coref.reading import read

    found = read(SIX, Encoder.load()).mentions  # of documents a, b, a, b, c, d
    scores = np.zeros((6, 6), np.float32)
    for one, other, score in ((0, 1, 0.9), (1, 2, 0.8), (0, 2, 0.1), (4, 5, 0.7)):
        scores[one, other] = scores[other, one] = score
    valued = dict(zip(second.FEATURES, second.second_look(scores, found), strict=True))
    assert valued["friend"][0, 2] == pytest.approx(0.8) and valued["friend"][4, 5] == 0
    assert valued["rival beside"][1, 2] == pytest.approx(0.1) and valued["rival beside"][4, 5] < 0
    for name, matrix in valued.items():
        assert np.allclose(matrix, matrix.T, atol=1e-5), name


def test_phrases_of_the_tables_are_words_of_their_own() -> None:
    assert family("takeoff", False) & family("take_off", True)
    near = nearest_senses([("take_off", True), ("lift_off", True), ("take", True), ("heart_attack", False)])
    assert near[0, 1] > 0.3 > near[0, 2] and near[0, 3] < 0.1


def test_other_senses_take_nothing_from_the_nearest() -> None:
    words = [("fire", False), ("blaze", False), ("zzyzx", False)]
    assert nearest_senses(words)[0, 1] > nearness(words)[0, 1]
    assert not nearest_senses(words)[2].any()


def test_what_takes_up_the_sentence_before_is_seen() -> None:
    from comity.language.encoder import Encoder
    from comity.record.merge.coref.reading import WIDTH, read

    text = "Gunmen stormed a school in Kagara. This attack was the second in a week. Police launched a manhunt."
    items = [mention("a", text, word) for word in ("stormed", "attack", "launched", "manhunt")]
    mentions = read(items, Encoder.load()).mentions
    assert mentions[1].known and mentions[3].new and "kagara" in mentions[1].before
    valued = pairs.matrices(mentions, np.ones((4, 4), np.float32), np.zeros((4, WIDTH), np.float32))
    named = dict(zip(pairs.FEATURES, valued, strict=True))
    assert named["refers to lead"][0, 1] and not named["refers back"][0, 2]
    assert named["meaning beside"][2, 3] == pytest.approx(1)
