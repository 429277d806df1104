"""Which time expression of a sentence dates a predicate: syntax alone, no calendar but that of the expressions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from comity.model import Timex
from comity.understand.tree import Tree, base

SPEECH_EDGES: Final = frozenset({"ccomp", "parataxis"})
TOGETHER: Final = frozenset({"after", "when", "as", "while", "once", "where"})
"""Subordinators of clauses that lie in the time of their main clause, or not long before."""
MEANWHILE: Final = frozenset({"when", "as", "while", "once"})
"""Subordinators of clauses whose date is that of the main clause too."""
INSIDE: Final = frozenset("for of at in during with by through via amid under into over".split())
"""Prepositions of phrases that lie in the time of their verb."""
TEMPORAL: Final = frozenset({"during", "in", "at", "throughout", "amid"})
"""Prepositions after which a dated noun tells when: "during the war of 1993"."""
RARE_REACH: Final = 8
NEXT_TO: Final = 8
"""Characters between a time and the day that tells it more exactly."""
AT_ONCE: Final = 2
"""Characters between a time and the clause that tells what happened then: a comma and a space."""
PREMODIFIERS: Final = frozenset({"nummod", "compound", "amod", "nmod:poss"})
OF_TIME: Final = frozenset("beginning beginnings end ends start close eve middle course rest morning afternoon evening"
                           " night dawn hour day week month year half quarter part".split())  # fmt: skip
MADE: Final = frozenset("sign conclude reach strike make hold impose start begin launch stage agree close open win"
                        " carry break fight wage seal ink lay broker plan schedule slate foresee".split())  # fmt: skip
"""Verbs that bring about, or plan, the thing that they are told of: "the contract, signed in 2014"."""
GATHERING: Final = frozenset("meet convene gather assemble sit".split())
"""What those do who speak on the day on which they come together."""
MEETING: Final = GATHERING | {"open", "begin", "end", "close"}
"""What a body or conference does on the day on which somebody speaks there."""
COSTING: Final = frozenset("kill take claim leave cost cause destroy injure wound happen occur last".split())
"""What a deed does when it is done."""
STANDING: Final = frozenset("force place effect office power".split())
"""What a law, a bar or a ruler is in from a day on."""
GIVEN: Final = frozenset("sign issue adopt publish pass send release make give deliver approve read write".split())
"""Verbs by which a text or speech comes about, that does then what it says: "adopted a resolution that condemned"."""


def own(tree: Tree, timexes: Sequence[tuple[Timex, int]], predicate: int, carrier: int) -> Timex | None:
    """The closest time expression that may date the predicate; each comes with the token that heads it."""
    best: tuple[int, int, Timex] | None = None
    for timex, head in timexes:
        if _is_measure(tree, timex):
            continue
        cost = _cost(tree, head, predicate, carrier, timex)
        if timex.low is not None and _leads_in(tree, head, predicate):
            cost = min(1, cost) if cost is not None else 1
        if cost is None:
            continue
        key = (cost, abs(head - predicate))
        if best is None or key < best[:2]:
            best = (*key, timex)
    return _narrower(best[2], timexes) if best else None


def joined_after(tree: Tree, timexes: Sequence[tuple[Timex, int]], predicate: int) -> Timex | None:
    """The time of a following verb with the same subject ("withdrew its navy and accepted the limit in June")."""
    for kid in tree.kids(predicate, "conj"):
        if tree.tokens[kid].xpos != tree.tokens[predicate].xpos or tree.kids(kid, "nsubj", "nsubj:pass", "advmod"):
            continue
        timex = own(tree, timexes, kid, kid)
        if timex is not None and timex.start > tree.tokens[kid].start:
            return timex
    return None


def told_on(tree: Tree, timexes: Sequence[tuple[Timex, int]], predicate: int) -> Timex | None:
    """The time at which an act was told of ("said on Friday that Spain had accepted")."""
    node = tree.clause(predicate)
    while tree.head(node) >= 0 and base(tree.rel(node)) in {"xcomp", "ccomp", "conj", "advcl"}:
        above = tree.clause(tree.head(node))
        timex = own(tree, timexes, above, above) if base(tree.rel(node)) in SPEECH_EDGES else None
        if timex is not None:
            return timex
        node = above
    return None


def _is_measure(tree: Tree, timex: Timex) -> bool:
    """Whether a time only says how rare a thing is: "for the first time since 1945", "the worst flood since May"."""
    first = next((i for i, t in enumerate(tree.tokens) if t.end > timex.start), 0)
    if first < 1 or tree.low(first - 1) != "since":
        return False
    for index in range(first - 2, max(-1, first - 2 - RARE_REACH), -1):
        token = tree.tokens[index]
        if token.upos in {"VERB", "PUNCT"}:
            return False
        if tree.low(index) in {"first", "only", "last"} or token.xpos in {"JJS", "RBS"}:
            return True
    return False


def _narrower(timex: Timex, timexes: Sequence[tuple[Timex, int]]) -> Timex:
    """The day that follows a coarser time and lies within it: "the week before, on November 13"."""
    for other, _ in timexes:
        near = 0 <= other.start - timex.end <= NEXT_TO and other.precision == "day" != timex.precision
        if not near or timex.kind == "DURATION" or not (timex.low and timex.high and other.low and other.high):
            continue
        if timex.low <= other.low and other.high <= timex.high:
            return other
    return timex


def subordinators(tree: Tree, clause: int) -> list[str]:
    """The words that open a subordinate clause: after, when, as."""
    return [*tree.marks(clause), *(tree.low(k) for k in tree.kids(clause, "advmod") if k < clause)]


def is_pluperfect(tree: Tree, clause: int) -> bool:
    """Whether a clause tells what had been before: "70 years before, the Union had invaded it"."""
    return any(tree.low(k) == "had" for k in tree.kids(clause, "aux"))


def _leads_in(tree: Tree, head: int, predicate: int) -> bool:
    """ "..., and on Monday he signed": an opening time phrase with no other verb before the predicate."""
    if not head < predicate or tree.tokens[predicate].upos != "VERB":
        return False
    between = range(head + 1, predicate)
    if any(tree.tokens[k].upos == "VERB" or tree.tokens[k].text in {",", ";"} for k in between):
        return False
    before = [tree.low(k) for k in range(max(0, head - 3), head)]
    return not before or bool({",", "and", "but", ";", "then", ":"} & set(before))


def _cost(tree: Tree, head: int, predicate: int, carrier: int, timex: Timex) -> int | None:
    """How far a time expression stands from the predicate; None if it dates something else."""
    if timex.low is None and timex.high is None:
        return None
    if _in_force(tree, timex):
        return None
    noun = dated_noun(tree, head, timex)
    if noun >= 0 and predicate != noun and carrier != noun:
        if _tells_of(tree, predicate, noun):
            return 1
        if tree.head(noun) == predicate and tree.rel(noun).startswith("nsubj"):
            return 4 if timex.precision == "day" or tree.rel(head) == "nmod:poss" else None
        if base(tree.rel(noun)) != "obl" or tree.case(noun) not in TEMPORAL:
            return None
    above = [head, *tree.ancestors(head)]
    if _when_of(tree, predicate, timex):
        return 1
    if predicate in above:
        return _upwards(tree, above, predicate, 0, timex)
    if carrier in above:
        return _upwards(tree, above, carrier, 1, timex)
    return _sideways(tree, tree.clause(head), predicate, timex)


def dated_noun(tree: Tree, head: int, timex: Timex) -> int:
    """The noun that a time expression belongs to ("a 2019 agreement", "the accord of May 17"), else -1."""
    noun = tree.head(head)
    if noun < 0 or tree.tokens[noun].upos not in {"NOUN", "PROPN"} or tree.lemma(noun) in OF_TIME:
        return -1
    first = next(i for i, t in enumerate(tree.tokens) if t.end > timex.start)
    led = first > 0 and tree.tokens[first - 1].upos == "ADP" and tree.rel(head) != "nmod:poss"
    before = head < noun and not led and (tree.rel(head) in PREMODIFIERS or base(tree.rel(head)) in PREMODIFIERS)
    after = noun < head and base(tree.rel(head)) == "nmod" and tree.case(head) == "of"
    return noun if before or after else -1


def sets_time(tree: Tree, head: int, timex: Timex) -> bool:
    """Whether a time expression tells when its clause happened, not when a thing that the clause speaks of did."""
    noun = dated_noun(tree, head, timex)
    if base(tree.rel(tree.clause(head))) not in {"root", "conj", "ccomp", "parataxis", "xcomp"}:
        return False
    node = noun
    while node >= 0 and not tree.is_verbal(node):
        if base(tree.rel(node)) == "obl" and tree.case(node) in TEMPORAL:
            return True
        node = tree.head(node)
    return noun < 0


def _tells_of(tree: Tree, predicate: int, noun: int) -> bool:
    """Whether a clause tells of the dated noun ("the war of 1941, in which ...", "Sunday's drama, when ...")."""
    node = predicate
    while tree.head(node) >= 0 and node != noun:
        relation = tree.rel(node)
        if relation == "acl:relcl" and tree.head(node) == noun:
            return True
        if noun < node and relation in {"acl:relcl", "advcl"} and "when" in subordinators(tree, node):
            return True
        if base(relation) in SPEECH_EDGES:
            return False
        node = tree.head(node)
    return False


def _when_of(tree: Tree, predicate: int, timex: Timex) -> bool:
    """ "in 1985, when Washington suspended its obligations": a clause that opens right behind the time."""
    clause = tree.clause(predicate)
    return any(
        tree.low(k) == "when" and 0 <= tree.tokens[k].start - timex.end <= AT_ONCE
        for k in tree.kids(clause, "advmod", "mark")
        if k < clause
    )


def _in_force(tree: Tree, timex: Timex) -> bool:
    """ "demanded talks under the treaty, in force since 1994": a time from which something stands."""
    before = [tree.low(n) for n, t in enumerate(tree.tokens) if t.end <= timex.start][-3:]
    return before[:1] == ["in"] and before[-1] == "since" and before[1] in STANDING


def _sideways(tree: Tree, clause: int, predicate: int, timex: Timex) -> int | None:
    """Cost of the way from the predicate up to the clause in which the time expression stands."""
    node, cost = predicate, 2
    where = False
    inside = INSIDE if timex.precision == "day" else INSIDE | {"after", "following"}
    while node >= 0:
        if node == clause:
            return cost
        relation = base(tree.rel(node))
        if _is_cleft(tree, node) and tree.head(node) == clause:
            return cost + 1
        if relation in SPEECH_EDGES:
            return None
        opening = set(subordinators(tree, node))
        if tree.rel(node) == "acl:relcl":
            if not opening & {"where", "when"} and not _says(tree, node):
                return None
            where = True
        elif (
            relation == "acl"
            or (
                relation == "advcl"
                and tree.marks(node)
                and timex.precision == "day"
                and not TOGETHER & opening
                and not _purpose(tree, node)
            )
            or (relation in {"nmod", "obl"} and not where and tree.case(node) not in inside)
        ):
            return None
        cost += 1
        node = tree.head(node)
    return None


def _says(tree: Tree, clause: int) -> bool:
    """ "Signed on Monday a declaration which condemned the raid": what a text says, on the day on which it is given."""
    text = tree.head(clause)
    given = tree.rel(text) == "obj" and tree.lemma(tree.head(text)) in GIVEN
    return given and tree.tokens[clause].xpos == "VBD" and not is_pluperfect(tree, clause)


def _purpose(tree: Tree, clause: int) -> bool:
    """ "telephoned on Monday to press him", in translations "for to press him": what is done by doing something."""
    opened = set(tree.marks(clause)) <= {"to", "for"}
    return opened and tree.tokens[clause].xpos == "VB" and not tree.kids(clause, "nsubj")


def _is_cleft(tree: Tree, clause: int) -> bool:
    """ "It was in 1985 that the two met"."""
    above = tree.head(clause)
    if above < 0 or "that" not in {tree.low(k) for k in tree.kids(clause)} or not tree.kids(above, "cop"):
        return False
    return any(tree.low(k) == "it" for k in tree.kids(above, "nsubj", "expl"))


def _upwards(tree: Tree, above: Sequence[int], target: int, start: int, timex: Timex) -> int | None:
    """Cost of the way up from the time expression; clauses on the way own it instead."""
    cost = start
    for node in above[1:] if above[0] != target else ():
        if node == target:
            break
        verbal = tree.is_verbal(node) and tree.tokens[node].upos in {"VERB", "AUX"} and tree.rel(node) != "xcomp"
        named = tree.rel(node) == "acl:relcl" and bool(tree.kids(node, "cop"))  # "who is up for election in May"
        verbal = verbal or named
        if verbal and _governor(tree, node) == target and timex.kind != "DURATION":
            return cost + 4
        if verbal and not _aside(tree, node, above[0]):
            if not _lends(tree, node, target, timex):
                return None
            cost += 3
        cost += 1
    return cost


def _governor(tree: Tree, clause: int) -> int:
    """What a clause of the past that was parsed below an infinitive belongs to: "urged both to stop when he came"."""
    if not MEANWHILE & set(subordinators(tree, clause)) or tree.tokens[clause].xpos != "VBD":
        return -1
    above = tree.head(clause)
    if above < 0 or tree.tokens[above].xpos != "VB" or "to" not in tree.marks(above):
        return -1
    return tree.clause(tree.head(above)) if tree.head(above) >= 0 else -1


def _lends(tree: Tree, clause: int, target: int, timex: Timex) -> bool:
    """Whether a clause's date is also that of what governs it: "when he begged in June", "the pact signed in 1951"."""
    relation = base(tree.rel(clause))
    if relation == "advcl":
        return tree.head(clause) == target and bool(MEANWHILE & set(subordinators(tree, clause)))
    noun = tree.head(clause)
    if tree.rel(clause) == "acl:relcl" and tree.lemma(clause) in MEETING:
        # "at the council, which met on Monday, he called it a crime", "the League, which met on Monday, called it one"
        there = base(tree.rel(noun)) == "obl" and tree.case(noun) in {"at", "in", "before"}
        came = tree.rel(noun) == "nsubj" and tree.lemma(clause) in GATHERING and timex.precision == "day"
        itself = all(tree.low(k) in {"which", "that", "who"} for k in tree.kids(clause, "nsubj"))
        return (there or came) and itself and tree.head(noun) == target
    if tree.rel(clause) == "acl:relcl" and (tree.lemma(clause) in COSTING or _does(tree, clause)):
        return noun == target and timex.kind != "DURATION"  # "the attack that on 18 July took 85 lives"
    made = relation == "acl" and tree.lemma(clause) in MADE and timex.kind != "DURATION"
    return made and tree.tokens[target].upos in {"NOUN", "PROPN"}


def _does(tree: Tree, clause: int) -> bool:
    """Whether a relative clause tells what its noun did in the past: "the invasion that toppled him in 1989"."""
    itself = any(tree.low(k) in {"which", "that"} for k in tree.kids(clause, "nsubj"))
    return itself and tree.tokens[clause].xpos == "VBD" and bool(tree.kids(clause, "obj"))


def _aside(tree: Tree, clause: int, time: int) -> bool:
    """ "raided the ship, which carried aid, on 31 May": a relative clause that closed before the time."""
    if tree.rel(clause) != "acl:relcl":
        return False
    first = min(tree.subtree(time))
    return clause < first and "," in {tree.tokens[first - 1].text, tree.tokens[first].text}
