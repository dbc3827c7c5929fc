"""The bracket layout: one sentence a line, tokens apart, names in brackets, a page's markup left in place.

Its rules, over those of `reftel.tokens`:

- Tokens stand one blank apart; a line ends in a blank and a line feed. A line feed of the raw text is a blank
  like any other, so a sentence runs on over a page line, or into a heading that only its line sets apart.
- A colon stays on the word that it touches ("Summary:", "12958:").
- A quotation mark or bracket that closes a sentence after its stop opens the next line.
- A tag of the source's markup is written as it stands, glued to the text that it touches: between two tokens
  that touch, a closing tag to the first and an opening one to the second. Tags that touch no text are a token.
- A page's body, and that of any source with tags in it, stands between `<code><pre>` and `</pre></code>`, glued in the
  same way. Plain text has no outer tags. Where the header is not known apart, the text is written whole.
- A mention is `[TYPE ` before its first character and two blanks and `]` after its last, inside the tags that
  touch it. Brackets add characters and change none: with `[TYPE ` and `  ]` taken out, the text is the layout,
  whatever was tagged. Where a name is only a part of a token the bracket stands inside the token
  (`[LOC Tehran  ]:`, `[PER Ahn  ]/[PER Berg  ]`); where a dropped page line or a line's end stands inside a name,
  the bracket goes around that too. Of two mentions that overlap the longer is written, else the first.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from operator import itemgetter
from typing import TYPE_CHECKING

from reftel.tokens import CLOSERS, Span, sentence_tokens
from reftel.write.masks import mask
from reftel.write.spans import by_unit, raw_spans, without_overlaps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reftel.model import Cable, Markup, Mention

# A piece of the layout that is not the text's own: it stands at an offset, after those of lower rank there, and
# the text goes on at another offset.
_Piece = tuple[int, int, str, int]
_CLOSING_BRACKET, _CLOSING_TAG, _BETWEEN_TOUCHING, _OPENING_TAG, _OPENING_BRACKET, _BETWEEN = range(6)

_STOPS = frozenset(".?!…")


def to_brackets(cable: Cable, *, masked: bool = True) -> str:
    """The cable's raw body in the bracket layout, with its mentions; it ends in a line feed.

    Raises ValueError if the cable has no raw text (`cable.raw` is None).
    """
    cable = mask(cable) if masked else cable
    raw = cable.raw
    if raw is None:
        raise ValueError(
            "the bracket layout is made from the raw text, and this cable has none: parse it from its source"
        )
    begin = raw.body_start or 0
    text = raw.text[begin:]
    pieces = [*_blanks(text), *_tags(raw.markup, begin), *_brackets(_raw_mentions(cable, raw.text), begin)]
    layout = _woven(text, sorted(pieces, key=itemgetter(0, 1)))
    return f"<code><pre>{layout}</pre></code> \n" if raw.reader == "page" or raw.markup else f"{layout.strip(' ')} \n"


def _woven(text: str, pieces: Iterable[_Piece]) -> str:
    """The text with the pieces in their places; those amid blanks have a blank after them, each place one."""
    parts: list[str] = []
    here, amid = 0, -1
    for at, _, string, onward in pieces:
        if at >= here:
            parts += [text[here:at], string]
            here = onward
        elif at == amid:
            parts[-1:] = [string, " "]
        else:
            parts += [string, " "]
            amid = at
    return "".join(parts)


def _blanks(text: str) -> Iterator[_Piece]:
    """What stands between the tokens, in place of the text's own blanks."""
    at, blank = 0, " " if text[:1].isspace() else ""
    for line in _lines(text):
        for start, end in line:
            yield at, _BETWEEN_TOUCHING if at == start else _BETWEEN, blank, start
            at, blank = end, " "
        blank = " \n"
    yield at, _BETWEEN, " " if text[at:] else "", len(text)


def _lines(text: str) -> Iterator[list[Span]]:
    """The tokens of each line of the layout."""
    carried: list[Span] = []
    for sentence in sentence_tokens(text, line_breaks=False):
        line = carried + _with_colons(text, sentence)
        cut = len(line) - sum(1 for _ in takewhile(lambda token: text[slice(*token)] in CLOSERS, reversed(line)))
        cut = cut if cut and text[line[cut - 1][1] - 1] in _STOPS else len(line)
        carried = line[cut:]
        yield line[:cut]
    yield carried


def _with_colons(text: str, sentence: list[Span]) -> list[Span]:
    """The tokens of a sentence, its colons put back on the words that they touch."""
    line: list[Span] = []
    for start, end in sentence:
        if (
            text[start] == ":"
            and line
            and line[-1][1] == start
            and (text[start - 1].isalnum() or text[start - 1] == ".")
        ):
            line[-1] = (line[-1][0], end)
        else:
            line.append((start, end))
    return line


def _tags(markup: Iterable[Markup], begin: int) -> Iterator[_Piece]:
    """The tags of the source; those at one place keep their order."""
    opened = -1
    for tag in markup:
        if tag.at >= begin:
            closing = tag.text.startswith("</") and tag.at != opened
            opened = opened if closing else tag.at
            yield tag.at - begin, _CLOSING_TAG if closing else _OPENING_TAG, tag.text, tag.at - begin


def _brackets(mentions: Iterable[Mention], begin: int) -> Iterator[_Piece]:
    """The brackets around mentions that are given by raw offsets; none for those before the body."""
    for mention in without_overlaps(mentions):
        if mention.start >= begin:
            start, end = mention.start - begin, mention.end - begin
            yield start, _OPENING_BRACKET, f"[{mention.type} ", start
            yield end, _CLOSING_BRACKET, "  ]", end


def _raw_mentions(cable: Cable, text: str) -> Iterator[Mention]:
    """The cable's mentions by offsets of its raw text, without blanks at their ends."""
    for unit, mentions in by_unit(cable.mentions).items():
        spans = raw_spans(cable.units[unit], [(mention.start, mention.end) for mention in mentions])
        for (start, end), mention in zip(spans, mentions, strict=True):
            name = text[start:end]
            yield replace(mention, start=end - len(name.lstrip()), end=start + len(name.rstrip()))
