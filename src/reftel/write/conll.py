"""CoNLL columns: one token a line, its tag after a tab, a blank line after each sentence.

    -DOCSTART-<TAB>O

    # mrn = 09BAGHDAD197
    # unit = 2 summary 1
    Mowafaq<TAB>B-PER
    al-Rubaie<TAB>I-PER
    said<TAB>O

Tags are IOB2 over PER, LOC, ORG and MISC. Tokens and sentences are those of `reftel.tokens`, except that a token is
cut where a mention begins or ends inside it, and that no sentence ends inside a mention. A line that begins with "# "
is a comment: one with the cable's number, and one before each unit with its index, its kind and, for a numbered
paragraph, its number. Of two mentions that overlap the longer counts.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from reftel.tokens import Span, sentence_tokens
from reftel.write.masks import mask
from reftel.write.spans import by_unit, cut, edges, without_overlaps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reftel.model import Cable, Mention


def to_conll(cable: Cable, *, masked: bool = True) -> str:
    """The cable's units as token and tag columns; it ends in a blank line."""
    cable = mask(cable) if masked else cable
    mentions = by_unit(cable.mentions)
    parts = [f"-DOCSTART-\tO\n\n# mrn = {cable.mrn or '-'}\n"]
    for index, unit in enumerate(cable.units):
        number = "" if unit.number is None else f" {unit.number}"
        parts.append(f"# unit = {index} {unit.kind}{number}\n")
        for sentence in _tagged(unit.text, without_overlaps(mentions[index])):
            parts += [f"{token}\t{tag}\n" for token, tag in sentence]
            parts.append("\n")
    return "".join(parts)


def _tagged(text: str, mentions: list[Mention]) -> Iterator[list[tuple[str, str]]]:
    """The sentences of a text as rows of token and tag; `mentions` are in order and do not overlap."""
    starts = [mention.start for mention in mentions]
    cuts = edges(mentions)
    last = -1
    for sentence in _joined(sentence_tokens(text), mentions, starts):
        row = []
        for start, end in cut(sentence, cuts):
            index = bisect_right(starts, start) - 1
            tag = "O"
            if index >= 0 and start < mentions[index].end:
                tag = f"{'I' if index == last else 'B'}-{mentions[index].type}"
                last = index
            row.append((text[start:end], tag))
        yield row


def _joined(sentences: list[list[Span]], mentions: list[Mention], starts: list[int]) -> list[list[Span]]:
    """The sentences, two of them made one where a mention runs from the one into the other."""
    joined: list[list[Span]] = []
    for sentence in sentences:
        index = bisect_left(starts, sentence[0][0]) - 1
        if joined and index >= 0 and sentence[0][0] < mentions[index].end:
            joined[-1] += sentence
        else:
            joined.append(sentence)
    return joined
