"""On whose word an event is told, and how many times it happened.

A claim is somebody's when it stands in his quotation or reported speech, under a word of claiming, or in what he
blames another for.  Where claims are nested, the innermost source counts: "the agency quoted a diplomat as saying
that ..." is the diplomat's word.  An act of saying is nobody's word but that of whoever reports it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from comity.model import Document, Quote, Span, Speaker
from comity.understand.acts import Act
from comity.understand.arguments import Arguments, Hit
from comity.understand.status import Reading
from comity.understand.tree import Tree, base

# Who blames another for an act claims that it was done.
BLAMING = frozenset(
    {"accuse", "suspect", "blame", "charge", "allege", "fault", "reproach", "accusation", "allegation", "indict",
     "prosecute"}
)  # fmt: skip
# "Holds Caracas responsible for the raid", "attributes the blasts to Russian agents".
ANSWERABLE = frozenset({"responsible", "accountable", "liable", "answerable"})
ASCRIBING = frozenset({"attribute", "ascribe", "impute", "blame", "pin"})
CLAIMING = frozenset({"claim", "say", "warn", "fear", "believe", "denounce", "report", "insist", "hint", "suggest"})
REPROACHING = frozenset({"accuse", "reproach", "blame"})
# "Quito read it as a threat to storm the embassy": whose view it is.
CONSTRUING = frozenset("read see regard view take treat interpret understand perceive construe".split())
PHRASES = frozenset({"acl", "nmod", "obj", "obl", "compound", "xcomp", "conj"})
RUMOURED = frozenset("say fear believe report think suspect allege rumour rumor assume whisper suppose hope".split())
BY, IN = frozenset({"by"}), frozenset({"in"})
PERFECT = frozenset({"have", "having", "had"})
STOPS = frozenset({";", ":"})
GROUNDS = frozenset({"of", "for", "with"})
CONTENTS = frozenset({"advcl", "acl", "obl", "nmod", "ccomp", "xcomp", "obj"})
# No quotation is longer, in characters.
LONGEST = 8000
# Acts of saying: the words that name them are no claim about them.
SAYING = frozenset({"ACCUSE", "REJECT", "REQUEST", "THREATEN", "CONSULT", "PROTEST"})


def speaker_of(document: Document, tree: Tree, arguments: Arguments, act: Act, reading: Reading) -> Speaker | None:
    """Whose word an act is: the innermost source around its predicate, None for the article's own."""
    position = tree.tokens[act.predicate].start
    around = around_of(document.quotes, position)
    hit = reporter(tree, arguments, act.predicate) or reading.speaker or blamer(tree, arguments, act.predicate)
    hit = hit or blamer_before(tree, arguments, act.predicate)
    hit = hit or claimant(tree, arguments, act) or construer(tree, arguments, act)
    promised = reading.status == "announced"  # what is still to come is on the word of whoever promises it
    if hit is not None and ((told_himself(act, hit) and not promised) or same_report(tree, hit, around)):
        hit = None
    if hit is not None and around is not None and reading.willed and not promised and is_party(act, hit):
        hit = None  # "said that Moscow had ordered the killing": on the word of whoever says so
    if hit is not None and (around is None or within(around, hit.mention.start)):
        return of_hit(hit)
    if around is not None:
        return around.speaker
    low = bisect_left(document.quotes, position - LONGEST, key=lambda q: q.start)
    high = bisect_left(document.quotes, position + LONGEST, key=lambda q: q.start)
    told = [q for q in document.quotes[low:high] if q.cue_start == position and q.speaker is not None]
    speaker = told[0].speaker if told else None
    own = speaker is not None and speaker.state in {h.actor.state for h in act.sources}
    return None if act.type in SAYING and (own or speaker is None or speaker.state is None) else speaker


def told_himself(act: Act, hit: Hit) -> bool:
    """Whether the one who is taken for the source does the act of saying, or has it said to him.

    "A claim that Pristina rejected", "Yaounde rejected the accusation": the article tells both.
    """
    return act.type in SAYING and is_party(act, hit)


def is_party(act: Act, hit: Hit) -> bool:
    """Whether the one who is taken for the source does the act or has it done to him."""
    sides = {h.actor.state or h.actor.id for h in (*act.sources, *act.targets)}
    return (hit.actor.state or hit.actor.id) in sides


def does(act: Act, hit: Hit) -> bool:
    """Whether somebody is one of those who do the act."""
    return hit.actor.state in {h.actor.state for h in act.sources}


def same_report(tree: Tree, hit: Hit, around: Quote | None) -> bool:
    """Whether the parse gave the source to the verb of the report around ("Troops came in, the army said")."""
    mention = hit.mention
    if around is None or mention.sentence != tree.number or not within(around, mention.start):
        return False
    head = tree.head(mention.head)
    return head >= 0 and tree.tokens[head].start == around.cue_start


def of_hit(hit: Hit) -> Speaker:
    """An actor found in the sentence, as a speaker."""
    return Speaker(name=hit.actor.name, state=hit.actor.state, office=hit.actor.office)


def within(quote: Quote, position: int) -> bool:
    """Whether a character lies inside what is said."""
    spans = quote.parts or (Span(start=quote.start, end=quote.end),)
    return any(s.start <= position < s.end for s in spans)


def around_of(quotes: Sequence[Quote], position: int) -> Quote | None:
    """The shortest direct or reported speech around a position that has a speaker."""
    best: Quote | None = None
    for at in range(bisect_right(quotes, position, key=lambda q: q.start) - 1, -1, -1):
        quote = quotes[at]
        if quote.start < position - LONGEST:
            break
        if quote.speaker is not None and within(quote, position) and (best is None or size(quote) < size(best)):
            best = quote
    return best


def size(quote: Quote) -> int:
    """Characters from the beginning to the end of what is said."""
    return quote.end - quote.start


def blamer(tree: Tree, arguments: Arguments, i: int) -> Hit | None:
    """Who blames somebody for an act: "accused France of supplying arms"."""
    node = i
    for head in tree.ancestors(i):
        marks = {*tree.marks(node), tree.case(node)}
        to_do = "to" in marks and tree.lemma(head) in REPROACHING  # "reproaches to its neighbour to arm the rebels"
        if tree.lemma(head) in BLAMING and (marks & GROUNDS or to_do):
            return next(iter(doers(tree, arguments, head)), None)
        above = tree.head(head)
        if "for" in marks and tree.lemma(head) in ANSWERABLE and above >= 0 and tree.kids(above, "obj", "nsubj:pass"):
            return next(iter(doers(tree, arguments, above)), None)
        if tree.lemma(head) in ASCRIBING and tree.rel(node) in {"obj", "nsubj:pass"} and not tree.marks(node):
            return next(iter(doers(tree, arguments, head)), None)
        if marks & GROUNDS and above >= 0 and tree.lemma(above) in BLAMING and base(tree.rel(head)) == "obj":
            return next(iter(doers(tree, arguments, above)), None)  # the gerund hangs on the one who is blamed
        own = tree.rel(node) == "conj" and tree.tokens[node].upos == "VERB" and tree.kids(node, "nsubj")
        if own or tree.rel(node) == "acl:relcl":
            return None  # another clause, told by the article itself ("..., which Paris denied")
        node = head
    return None


def charged_with(tree: Tree, arguments: Arguments, blame: int, word: int) -> bool:
    """Whether a word stands in what somebody is blamed for: "accused France of supplying", "alleges that it armed"."""
    if tree.lemma(blame) not in BLAMING:
        return False
    path = [word, *tree.ancestors(word)]
    if blame not in path:
        return blamer_before(tree, arguments, word) is not None
    path = path[: path.index(blame)]
    told = bool(path) and base(tree.rel(path[-1])) in CONTENTS
    return told and not any(tree.rel(k) == "acl:relcl" for k in path)


def blamer_before(tree: Tree, arguments: Arguments, i: int) -> Hit | None:
    """ "accused then to the agency and the rebels of have poisoned it": where the parse lost what "of" belongs to."""
    if i < 2 or tree.low(i - 1) not in PERFECT or tree.low(i - 2) != "of":
        return None
    for k in range(i - 3, -1, -1):
        if tree.tokens[k].text in STOPS:
            return None
        if tree.tokens[k].upos == "VERB" and tree.lemma(k) in BLAMING | REPROACHING:
            taken = [] if tree.kids(k, "aux:pass") else tree.kids(k, "nsubj:pass")  # for a participle
            found = doers(tree, arguments, k) or [h for kid in taken for h in arguments.phrase(kid)]
            return next(iter(found), None)
    return None


def reporter(tree: Tree, arguments: Arguments, i: int) -> Hit | None:
    """By whom, or where, an act is said to have been: "were said by experts to have armed", "it is feared in Cairo"."""
    node = i
    for head in tree.ancestors(i):
        if base(tree.rel(node)) == "conj":
            node = head
            continue
        if base(tree.rel(node)) not in {"xcomp", "ccomp", "csubj"}:
            return None
        if tree.lemma(head) in RUMOURED and tree.is_passive(head):
            found = arguments.prepositional(head, BY) if base(tree.rel(node)) == "xcomp" else []
            impersonal = all(tree.low(k) == "it" for k in tree.kids(head, "nsubj", "nsubj:pass"))
            return next(iter(found or (arguments.prepositional(head, IN) if impersonal else [])), None)
        node = head
    return None


def claimant(tree: Tree, arguments: Arguments, act: Act) -> Hit | None:
    """Who claims an act that the word of the claim itself tells: "accused Russia of aggression"."""
    if tree.lemma(act.predicate) not in BLAMING | CLAIMING or act.type in SAYING:
        return None
    return next((h for h in doers(tree, arguments, act.predicate) if not does(act, h)), None)


def construer(tree: Tree, arguments: Arguments, act: Act) -> Hit | None:
    """Who takes something for an act: "Caracas sees the exercise as the preparation of an attack"."""
    if act.type in SAYING:
        return None
    node = act.predicate
    for head in tree.ancestors(node):
        if tree.case(node) == "as" and tree.lemma(head) in CONSTRUING:
            return next((h for h in doers(tree, arguments, head) if not does(act, h)), None)
        if base(tree.rel(node)) not in PHRASES:
            return None
        node = head
    return None


def doers(tree: Tree, arguments: Arguments, i: int) -> list[Hit]:
    """Who blames: the subject of the verb, the owner of the noun."""
    return arguments.subject(i) if tree.tokens[i].upos in {"VERB", "AUX"} else arguments.modifiers(i)
