"""Parses as CoNLL-U, the format of Universal Dependencies."""

from __future__ import annotations

from collections.abc import Iterator

from comity.language.encoder import Encoder, Parse
from comity.language.sentences import sentences


def conllu(encoder: Encoder, text: str, pretokenized: bool) -> Iterator[str]:
    """One block per sentence of the text; pre-tokenised text is one sentence."""
    if pretokenized:
        words = [text.split()]
        spans = [text]
    else:
        split = sentences(text)
        words = [[t.text for t in s.tokens] for s in split]
        spans = [text[s.start : s.end] for s in split]
    for line, tokens, parse in zip(spans, words, encoder.parse(words), strict=True):
        if tokens:
            yield block(" ".join(line.split()), tokens, parse)


def block(text: str, tokens: list[str], parse: Parse) -> str:
    """One sentence with its comment line and a blank line after it."""
    rows = [f"# text = {text}"]
    for i, word in enumerate(tokens):
        misc = "_" if parse.entities[i] == "O" else f"Entity={parse.entities[i]}"
        rows.append(
            "\t".join(
                (
                    str(i + 1),
                    word,
                    parse.lemmas[i] or "_",
                    parse.upos[i],
                    parse.xpos[i] or "_",
                    "_",
                    str(parse.heads[i] + 1),
                    parse.deprels[i],
                    "_",
                    misc,
                )
            )
        )
    return "\n".join(rows) + "\n"
