"""The sentences of a cable as the rules read them: words and names in order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reftel.tokens import sentence_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reftel.model import Cable, Mention, Unit
    from reftel.tokens import Span

_LONGEST = 400
_QUOTES = frozenset('"“”„«»')


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence; its items are words and names, a name of several words being one item.

    `words` are in small letters ("" for a name), `spans` half-open offsets in the unit's `text`, `names` the mention
    or None. `in_quotes` says that a quotation was open when the sentence began.
    """

    unit: int
    text: str
    words: tuple[str, ...]
    spans: tuple[Span, ...]
    names: tuple[Mention | None, ...]
    in_capitals: bool
    in_quotes: bool

    @property
    def start(self) -> int:
        """Where the sentence begins in the unit's text."""
        return self.spans[0][0]

    @property
    def end(self) -> int:
        """Where the sentence ends in the unit's text."""
        return self.spans[-1][1]

    def written(self, first: int, last: int) -> str:
        """The text of the items from `first` to `last`, both included."""
        return self.text[self.spans[first][0] : self.spans[last][1]]

    def is_capital(self, item: int) -> bool:
        """Whether the item begins with a capital that tells something."""
        return not self.in_capitals and self.text[self.spans[item][0]].isupper()


def sentences(cable: Cable) -> Iterator[Sentence]:
    """The sentences of all units but the classification line and the signature, in order."""
    names: defaultdict[int, list[Mention]] = defaultdict(list)
    for mention in cable.mentions:
        names[mention.unit].append(mention)
    for index, unit in enumerate(cable.units):
        if unit.kind not in {"classified_by", "signature"}:
            yield from _sentences_of(index, unit, sorted(names[index], key=lambda mention: mention.start))


def _sentences_of(index: int, unit: Unit, names: list[Mention]) -> Iterator[Sentence]:
    text = unit.text
    small = text.lower() if len(text.lower()) == len(text) else text
    at, is_open = 0, False
    for tokens in _bounded(sentence_tokens(text)):
        first, end = at, tokens[-1][1]
        while at < len(names) and names[at].start < end:
            at += 1
        spans, named = _items(tokens, names[first:at]) if at > first else (tokens, [None] * len(tokens))
        words = tuple("" if name else small[a:b] for (a, b), name in zip(spans, named, strict=True))
        if spans:
            in_capitals = text[spans[0][0] : end].isupper()
            yield Sentence(index, text, words, tuple(spans), tuple(named), in_capitals, is_open)
        is_open = _is_open_after(text, tokens, is_open=is_open)


def _bounded(found: Iterable[list[Span]]) -> Iterator[list[Span]]:
    """The sentences, an endless one in pieces, so that what a rule looks through stays small."""
    for tokens in found:
        for start in range(0, len(tokens), _LONGEST):
            yield tokens[start : start + _LONGEST]


def _items(tokens: Sequence[Span], names: Sequence[Mention]) -> tuple[list[Span], list[Mention | None]]:
    """Tokens and names in order, a token cut where a name begins or ends inside it."""
    spans: list[Span] = []
    named: list[Mention | None] = []
    at = done = 0
    for start, end in tokens:
        begin = max(start, done)
        while at < len(names) and names[at].start < end:
            name = names[at]
            at += 1
            if name.start < done or name.end <= name.start:
                continue
            if begin < name.start:
                spans.append((begin, name.start))
                named.append(None)
            spans.append((name.start, name.end))
            named.append(name)
            begin = done = name.end
        if begin < end:
            spans.append((begin, end))
            named.append(None)
    return spans, named


def _is_open_after(text: str, tokens: Sequence[Span], *, is_open: bool) -> bool:
    """Whether a quotation is open after the sentence."""
    for start, end in tokens:
        sign = text[start] if end == start + 1 else ""
        if sign in _QUOTES:
            is_open = sign in "“„«" or (sign == '"' and not is_open)
    return is_open
