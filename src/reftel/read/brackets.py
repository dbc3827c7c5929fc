"""Tagged text: the bracket layout (one sentence a line, tokens apart, `[PER Ahn  ]`), and gold files.

The layout's text is put back together: blanks that only part tokens go, the head's labels, page lines,
rules and paragraphs get lines of their own again. Which blanks and line ends the source had is lost, so
they are set by rule; no other character is touched. The tags become mentions.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from reftel.errors import InputError
from reftel.model import Markup, MentionType, RawCable, RawMention
from reftel.read.names import mrn_from_name
from reftel.read.page import TAG
from reftel.read.sections import Section, gather

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LAYOUT_TAG = re.compile(r"\[(PER|LOC|ORG|MISC)(?::\w{1,9})? |(  \])")
_GOLD_TAG = re.compile(r"\[(PER|LOC|ORG|MISC)(?::\w{1,9})? |(\])")
_UNIT = re.compile(r"# (SUBJECT|CLASSIFIED BY|SIGNATURE|PARA \d{1,4}|UNIT \d{1,4})\s*\Z")
_BEFORE_UNIT = {"SUBJECT": "SUBJECT: ", "CLASSIFIED BY": "Classified By: "}
_OUTER_BEGIN = re.compile(r"\s{0,99}(?:<code>)?<pre>", re.IGNORECASE)

_PIECE = re.compile(rf"(?P<tag>{TAG.pattern})|(?P<blank>\s+)|(?P<word>[^\s<]+|<)", re.IGNORECASE)
_CLOSES = frozenset(".,;:!?)]}%'’”»…")
_OPENS = frozenset("([{“«‘")
_QUOTES = frozenset({'"', "'"})
# A single quotation mark with no other in so many characters is an apostrophe.
_QUOTED = 400
_POSSESSIVE = re.compile(r"['’‘`][sS]\Z")
_PARAGRAPH_TAG = re.compile(r"<a\s[^<>]{0,40}\bid=['\"]par(\w{1,6})['\"]", re.IGNORECASE)
_NUMBER = re.compile(r"(\d{1,3}) ?\. ?\n")
# After such a word a number at a sentence's end is no paragraph's.
_COUNTS = re.compile(
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?|paras?|ref|no\.?|nos\.?|article|section|part|of|to|and|by|or"
    r"|in|at|from|the|about|over|than|only",
    re.IGNORECASE,
)

# In the head: what stood on a line of its own, and the labels that began one.
_FIRST_LINE = re.compile(
    r"(?:(?:[A-Z]{1,2} ){4,20}(?://[A-Z/ ]{1,40}?)?|UNCLAS\w{0,10} |CONFIDENTIAL |SECRET |LIMITED OFFICIAL USE )"
    r"(?:SECTION \d\d OF \d\d )?[A-Z][A-Z ]{1,30}? \d{3,9}(?=\s)",
    re.IGNORECASE,
)
_HEADER_BEGIN = re.compile(r"\s{0,99}(?:VZCZ|[ZOPR]{2} R[A-Z]{4,6} |(?:[ZOPR] ){0,2}\d{6}Z [A-Z]{3} \d\d\b)")
_HEADER_LINE = re.compile(
    r"[ZOPR]{2} R[A-Z]{4,6}\b|DE R[A-Z]{4,6}\b|ZN[YR] |(?:[ZOPR] ){0,2}\d{6}Z [A-Z]{3} \d\d\b|(?:FM|TO|INFO|XMT) [A-Z]"
    r"|R[A-Z]{4,6}/|AM(?:EMBASSY|CONSUL) |SECSTATE |USMISSION |SECDEF "
)
# What a line of the header goes on after: the label before its first address, the precedence before its date.
_GOES_ON = frozenset({"FM", "TO", "INFO", "XMT", "Z", "O", "P", "R"})
_CAPTION = re.compile(r"(?:NOFORN|SIPDIS|NODIS|EXDIS|STADIS|LIMDIS|NOCONTRACT|ORCON|CORRECTED COPY)(?=\s)")
_LABEL = re.compile(
    r"E\.? ?O\.? ?1\d{4}|TAGS?\b ?:?|SUBJ(?:ECT)? ?:|REF(?:S|TELS?|\(S\))? ?:"
    r"|CLASSIFIED BY\b|REASONS? ?:|DECLASSIFY ON",
    re.IGNORECASE,
)
# In the text: page lines, the mark of the end, and rules.
_OWN_LINE = re.compile(
    r"[A-Z][A-Z ]{2,25} \d{6,8} \d{3}(?:\.\d)? OF \d{3}(?!\S)"
    r"|PAGE \d\d [A-Z][A-Z .]{1,24} \d{3,7}(?: \d\d OF \d\d)?(?: \d{6}Z)?(?!\S)"
    r"|NNNN(?!\S)"
)
_RULE = re.compile(r"[-=_*‐]{4,}(?!\S)")
# The head ends at the first paragraph, or here.
_HEAD = 5000

_Read = tuple[str, tuple[Markup, ...], tuple[RawMention, ...]]


def read_brackets(lines: Iterable[str], name: str) -> Iterator[RawCable | InputError]:
    """The cables of a tagged file, in the bracket layout or in a gold file's."""
    for section in gather(((bool(_OUTER_BEGIN.match(line)), line) for line in lines), name):
        yield _cable(section, name)


def _cable(section: Section, name: str) -> RawCable | InputError:
    begin = _OUTER_BEGIN.match(section.text)
    written = section.text[begin.end() if begin else 0 :].rstrip()
    written = written.removesuffix("</code>").removesuffix("</pre>")
    read = _gold if _UNIT.match(written.lstrip().partition("\n")[0]) else _layout
    text, markup, mentions = read(written)
    if not text.strip():
        return InputError(section.name, "it is empty", "leave it out, or get it again")
    mrn = mrn_from_name(name) if section.alone else None
    return RawCable(section.name, "brackets", text, claimed_mrn=mrn, markup=markup, mentions=mentions)


def _gold(written: str) -> _Read:
    """A gold file's units, each with the words that a cable would have before it."""
    parts: list[str] = []
    mentions: list[RawMention] = []
    at, before = 0, ""
    for line in written.split("\n"):
        if (unit := _UNIT.match(line)) is not None:
            before = _BEFORE_UNIT.get(unit[1], f"{unit[1][5:]}. " if unit[1].startswith("PARA") else "")
        elif line.strip():
            text, tagged = _untagged(line, _GOLD_TAG)
            before = "" if text.lower().startswith(before.lower()) else before
            mentions += [RawMention(at + len(before) + m.start, at + len(before) + m.end, m.type) for m in tagged]
            parts.append(f"{before}{text}\n\n")
            at, before = at + len(parts[-1]), ""
    return "".join(parts), (), tuple(mentions)


def _layout(written: str) -> _Read:
    layout, tagged = _untagged(written, _LAYOUT_TAG)
    draft = _Draft(layout)
    for piece in _PIECE.finditer(layout):
        if piece["blank"]:
            draft.parted = True
        elif piece["tag"]:
            draft.set_tag(piece["tag"])
        else:
            draft.set_word(piece.start(), piece["word"])
    draft.markup += [Markup(draft.at, tag) for tag in draft.waiting]
    mentions = (draft.place(mention) for mention in tagged)
    return "".join(draft.parts), tuple(draft.markup), tuple(mention for mention in mentions if mention)


def _untagged(written: str, tag: re.Pattern[str]) -> tuple[str, list[RawMention]]:
    """A text without its brackets, and the mentions that they marked; brackets that do not pair are text."""
    parts: list[str] = []
    mentions: list[RawMention] = []
    at, end, opened = 0, 0, None
    for bracket in tag.finditer(written):
        closes = bracket[2] is not None
        if closes != (opened is not None):
            continue
        parts.append(written[end : bracket.start()])
        at += len(parts[-1])
        end = bracket.end()
        if opened:
            mentions.append(RawMention(opened[0], at, cast("MentionType", opened[1])))
        opened = None if closes else (at, bracket[1])
    parts.append(written[end:])
    return "".join(parts), mentions


@dataclass(slots=True)
class _Draft:
    """The text as far as it is put together from the words and tags of `layout`.

    `parted` tells whether a blank stands before the next word; `line_until` is where in the layout something
    ends that had a line of its own; `quoted` holds the quotation marks that are open.
    """

    layout: str
    parts: list[str] = field(default_factory=list)
    markup: list[Markup] = field(default_factory=list)
    at: int = 0
    word: str = ""
    parted: bool = False
    waiting: list[str] = field(default_factory=list)
    starts: array[int] = field(default_factory=lambda: array("q"))
    places: array[int] = field(default_factory=lambda: array("q"))
    line_until: int = 0
    numbered: bool = True
    signature: int = 0
    in_header: bool = False
    in_head: bool = True
    labelled: bool = False
    paragraph: int = 0
    quoted: set[str] = field(default_factory=set)
    opening: bool = False

    def __post_init__(self) -> None:
        self.in_header = _HEADER_BEGIN.match(self.layout) is not None
        self.numbered = "¶" not in self.layout
        last_line = self.layout[self.layout.rfind("\n") + 1 :]
        self.signature = len(self.layout) - len(last_line.lstrip("\"')]}”’ "))

    def set_tag(self, tag: str) -> None:
        """Put a tag at the end of the last word if it closes, else before the next word."""
        if tag.startswith("</") and not self.waiting:
            self.markup.append(Markup(self.at, tag))
        else:
            self.waiting.append(tag)

    def set_word(self, start: int, word: str) -> None:
        """Put the word at `start` of the layout after the gap that belongs before it."""
        gap = self._gap(start, word)
        breaks = self._line_gap(start, word) if self.parted or not self.parts else ""
        gap = (breaks or gap) if self.parted and self.parts else ""
        self.parts += [gap, word]
        self.at += len(self.parts[-2])
        self.markup += [Markup(self.at, tag) for tag in self.waiting]
        self.starts.append(start)
        self.places.append(self.at)
        self.at += len(word)
        self.waiting, self.parted, self.word = [], False, word

    def place(self, mention: RawMention) -> RawMention | None:
        """A mention of the layout as one of the text; None where it holds no word."""
        first = self._place(mention.start)
        last = self._place(mention.end - 1)
        return RawMention(first, last + 1, mention.type) if mention.start < mention.end and first <= last else None

    def _place(self, offset: int) -> int:
        """Where a character of a word is in the text; of what is no word, the last word's last character before it."""
        index = bisect_right(self.starts, offset) - 1
        if index < 0:
            return 0
        end = self.places[index + 1] if index + 1 < len(self.places) else self.at
        return min(self.places[index] + offset - self.starts[index], end - 1)

    def _line_gap(self, start: int, word: str) -> str:
        """The line ends before what stands at `start`, or nothing where it began no line."""
        if start < self.line_until:
            return ""
        after_line, self.line_until = bool(self.line_until), 0
        paragraph = self._paragraph_gap(start, word)
        if paragraph:
            return paragraph
        if broken := sum(tag[:3].lower() == "<br" for tag in self.waiting):
            return "\n" * min(broken, 2)
        pattern = _OWN_LINE if word.isupper() else _RULE
        own = pattern.match(self.layout, start)
        if own:
            self.line_until = own.end()
        begins = own or start == self.signature or (self.in_head and self._begins_head_line(start))
        return "\n" if after_line or begins else ""

    def _paragraph_gap(self, start: int, word: str) -> str:
        """The line ends before a paragraph's number, or before a reference's letter after a pilcrow."""
        tag = next((found for tag in self.waiting if (found := _PARAGRAPH_TAG.match(tag))), None)
        number = _NUMBER.match(self.layout, start) if word[0].isdecimal() else None
        if number and not self.numbered and not self.layout.startswith("(", number.end()):
            number = None
        if tag or word[0] == "¶":
            named = tag[1] if tag else self.layout[start + 1 : start + 9].strip()
            if not named[:1].isdecimal():
                return "\n"
            self.paragraph = int(tag[1]) if tag and tag[1].isdecimal() else self.paragraph + 1
        elif number and int(number[1]) == self.paragraph + 1 and not _COUNTS.fullmatch(self.word):
            self.paragraph += 1
        else:
            return ""
        self.in_head = False
        self.quoted.clear()
        return "\n\n"

    def _begins_head_line(self, start: int) -> bool:
        """Whether a label of the head stands at `start`; before the first label, a line that has none."""
        if start > _HEAD:
            self.in_head = False
        elif _LABEL.match(self.layout, start):
            self.labelled = True
            return True
        elif first := _FIRST_LINE.match(self.layout, start):
            self.in_header, self.line_until = False, first.end()
            return True
        elif self.labelled:
            return False
        elif caption := _CAPTION.match(self.layout, start):
            self.line_until = caption.end()
            return True
        return self.in_header and self._begins_header_line(start)

    def _begins_header_line(self, start: int) -> bool:
        """Whether a line of the routing header begins at `start`."""
        return bool(_HEADER_LINE.match(self.layout, start)) and self.word not in _GOES_ON

    def _gap(self, start: int, word: str) -> str:
        """The blank between the last word and this one, or nothing where the blank only parts tokens."""
        after_opening, self.opening = self.opening, word in _OPENS
        if word in _QUOTES:
            closes = word in self.quoted or (word == "'" and self.layout.find(" ' ", start + 1, start + _QUOTED) < 0)
            self.quoted ^= {word} if word in self.quoted or not closes else set()
            self.opening = not closes
            return "" if closes or after_opening else " "
        # "Zapatero,s": where the transmission has a comma for an apostrophe.
        clings = (
            (word in ("s", "S") and self.word == ",")
            or (word[0] in _CLOSES and set(word) <= _CLOSES)
            or _POSSESSIVE.match(word)
        )
        return "" if after_opening or clings else " "
