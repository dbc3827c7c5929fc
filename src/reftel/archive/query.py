"""The query language: what a reader writes, as a tree. Its grammar for readers stands in docs/search.md.

    query     = group { OR group }
    group     = near { [AND] near }                  -- side by side is AND
    near      = item { w/N item }                    -- at most N words apart
    item      = NOT item | -item | ( query ) | "words" | word | word* | ~word | NEAR(item item, N) | field:value
    value     = word | "words" | ( query of values )

AND, OR, NOT and NEAR are operators in capitals only; "and" is a word. A word that the index holds as several
("al-Rubaie", "U.S.") is a phrase. A sign that holds no word ("&") is read over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal, NamedTuple

from reftel.archive.dates import day_range
from reftel.archive.folding import words
from reftel.errors import ReftelError

if TYPE_CHECKING:
    from collections.abc import Callable

FieldName = Literal[
    "post", "tag", "signed", "entity", "from", "to", "mrn", "ref", "classification", "caption", "is", "subject"
]
FIELDS: tuple[FieldName, ...] = (
    "subject", "post", "tag", "signed", "entity", "from", "to", "mrn", "ref", "classification", "caption", "is",
)  # fmt: skip
_LONGEST = 4000  # characters
_DEEPEST = 40  # brackets within brackets
_SHORTEST_PREFIX = 2
_FARTHEST = 1000  # words apart
_QUOTES = str.maketrans("“”„«»", '"' * 5)
_TOKEN = re.compile(
    r"""
    (?P<blank>\s+)
  | "(?P<quoted>[^"]*)"(?P<star>\*?)
  | (?P<near>NEAR\s*\()
  | (?P<within>[wW]/(?P<distance>\d+)(?![^\s()"]))
  | (?P<operator>(?:AND|OR|NOT)(?![^\s()"]))
  | (?P<field>[A-Za-z]+):(?!/)(?=\S)
  | (?P<minus>-(?=[\w"(~]))
  | (?P<sounds>~(?=\w))
  | (?P<open>\()
  | (?P<close>\))
  | (?P<comma>,)
  | (?P<word>[^\s()"]+)
    """,
    re.VERBOSE,
)
_KINDS = {"star": "quoted", "distance": "within"}  # a group within another ends the match with its own name
_VALUE = re.compile(r'(?P<word>[^\s()"~][^\s()"]*)')
_NUMBER = re.compile(r"[0-9]{2}[A-Z]{3,}[0-9]+", re.IGNORECASE | re.ASCII)
_COMMA_IN_NEAR = re.compile(r",\s*\d+\s*\)|,\s*\)")


class Place(NamedTuple):
    """A half-open stretch of the query."""

    start: int
    end: int


class QueryError(ReftelError):
    """A query that cannot be read: `what` is wrong, where (`place` in `query`, None for a filter), and the `remedy`."""

    def __init__(self, query: str, what: str, place: Place | None, remedy: str) -> None:
        where = f"the query, character {place.start + 1}" if place else "the search"
        super().__init__(f"{where}: {what}; {remedy}")
        self.query = query
        self.what = what
        self.place = place
        self.remedy = remedy

    def __reduce__(self) -> tuple[type[QueryError], tuple[str, str, Place | None, str]]:
        """Made anew from its parts in another process."""
        return QueryError, (self.query, self.what, self.place, self.remedy)

    @property
    def pointer(self) -> str:
        """The query's line and, under it, carets at the place; empty where there is no place."""
        if self.place is None:
            return ""
        line = self.query.replace("\n", " ").replace("\t", " ")
        return f"  {line}\n  {' ' * self.place.start}{'^' * max(1, self.place.end - self.place.start)}"


@dataclass(frozen=True, slots=True)
class Word:
    """One word, as the index holds it; or all that begin with it, or all that are spellings of it."""

    word: str
    form: Literal["exact", "prefix", "sounds"] = "exact"
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand one after the other; only the last can be a prefix."""

    words: tuple[Word, ...]
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """Words or phrases in any order with at most `between` other words between them (FTS5's NEAR)."""

    parts: tuple[Word | Phrase, ...]
    between: int
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """What a cable is found by beside its words: `post:Baghdad`."""

    name: FieldName
    value: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class InSubject:
    """What stands in the subject line."""

    part: Node


@dataclass(frozen=True, slots=True)
class Not:
    """Whatever does not have it."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """All of them; with no part, every cable."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them."""

    parts: tuple[Node, ...]


Node = Word | Phrase | Near | Field | InSubject | Not | And | Or
EVERYTHING = And(())


def parse_query(query: str) -> Node:
    """The tree of a query; an empty one is EVERYTHING. Raises QueryError at the place that cannot be read."""
    if len(query) > _LONGEST:
        raise QueryError(query[:60], f"longer than {_LONGEST:,} characters", None, "search for less at once")
    return _Parser(query).query()


class _Token(NamedTuple):
    kind: str
    text: str
    place: Place


class _Parser:
    """A recursive descent over the query's tokens."""

    def __init__(self, query: str) -> None:
        self._query = query
        self._tokens = list(_tokens(query))
        self._at = 0
        self._depth = 0

    def query(self) -> Node:
        tree = self._or(None)
        if self._peek() == "close":
            self._fail('")" closes nothing', "take it out, or put it in quotes")
        return EVERYTHING if tree is None else tree

    def _or(self, field: FieldName | None) -> Node | None:
        """A query; None where there is no word in it."""
        parts = [self._and(field)]
        while self._peek_operator() == "OR":
            operator = self._next()
            parts.append(self._and(field))
            if parts[-1] is None or parts[-2] is None:
                self._fail(
                    "OR needs a word on either side", "add one, or write or in small letters", place=operator.place
                )
        found = [part for part in parts if part is not None]
        return found[0] if len(found) == 1 else Or(tuple(found)) if found else None

    def _and(self, field: FieldName | None) -> Node | None:
        parts: list[Node] = []
        while self._peek() not in {"end", "close", "comma"} and self._peek_operator() != "OR":
            if self._peek_operator() == "AND":
                self._operand_follows(self._next(), has_left=bool(parts))
            elif (part := self._within(field)) is not None:
                parts.append(part)
        return parts[0] if len(parts) == 1 else And(tuple(parts)) if parts else None

    def _operand_follows(self, operator: _Token, *, has_left: bool) -> None:
        if not has_left or self._peek() in {"end", "close"} or self._peek_operator() in {"AND", "OR"}:
            remedy = "add one, or write and in small letters"
            self._fail("AND needs a word on either side", remedy, place=operator.place)

    def _within(self, field: FieldName | None) -> Node | None:
        """An item, or several with w/N between them."""
        first = self._here()
        found = self._item(field)
        while self._peek() == "within":
            operator = self._next()
            other = self._item(field) if self._peek() not in {"end", "close"} else None
            distance = self._distance(operator.text[2:], operator.place)
            parts = (*_near_parts(found), *_near_parts(other))
            if not _near_parts(found) or not _near_parts(other):
                remedy = 'write it as in: oil w/5 "price cap"'
                self._fail("w/N needs a word or a phrase on either side", remedy, place=operator.place)
            found = Near(parts, max(0, distance - 1), Place(first.start, self._before()))
        return found

    def _item(self, field: FieldName | None) -> Node | None:
        kind = self._peek()
        if kind == "minus" or self._peek_operator() == "NOT":
            return self._not(field)
        readers: dict[str, Callable[[FieldName | None], Node | None]] = {
            "open": self._brackets,
            "near": self._near,
            "field": self._field,
            "quoted": self._quoted,
            "sounds": self._sounds,
            "comma": self._skip,
            "word": self._word,
        }
        if kind in readers:
            return readers[kind](field)
        self._fail(f'"{self._tokens[self._at].text}" stands where a word should', "put a word before it")
        return None

    def _not(self, field: FieldName | None) -> Node | None:
        operator = self._next()
        if self._peek() in {"end", "close"} or self._peek_operator() in {"AND", "OR"}:
            self._fail("NOT needs a word behind it", "add one, or write not in small letters", place=operator.place)
        part = self._item(field)
        return None if part is None else Not(part)

    def _brackets(self, field: FieldName | None) -> Node | None:
        opening = self._next()
        self._depth += 1
        if self._depth > _DEEPEST:
            self._fail("too many brackets in one another", "search for less at once", place=opening.place)
        found = self._or(field)
        if self._peek() != "close":
            self._fail('"(" is never closed', 'add a ")", or put it in quotes', place=opening.place)
        self._next()
        self._depth -= 1
        return found

    def _near(self, _field: FieldName | None) -> Node | None:
        opening = self._next()
        parts: list[Word | Phrase] = []
        while self._peek() not in {"end", "close", "comma"}:
            item = self._item(None)
            if item is not None and not isinstance(item, Word | Phrase):
                remedy = 'write it as in: NEAR(oil "price cap", 5)'
                self._fail("NEAR takes words and phrases only", remedy, place=opening.place)
            parts += [item] if isinstance(item, Word | Phrase) else []
        distance = 10
        if self._peek() == "comma":
            self._next()
            number = self._next() if self._peek() == "word" else None
            distance = self._distance(number.text if number else "", number.place if number else self._here())
        if self._peek() != "close":
            self._fail("NEAR( is never closed", 'write it as in: NEAR(oil "price cap", 5)', place=opening.place)
        self._next()
        if len(parts) < 2:
            self._fail("NEAR needs two words", 'write it as in: NEAR(oil "price cap", 5)', place=opening.place)
        return Near(tuple(parts), distance, Place(opening.place.start, self._before()))

    def _field(self, _field: FieldName | None) -> Node | None:
        token = self._next()
        name = token.text[:-1].lower()
        if name not in FIELDS:
            near = get_close_matches(name, FIELDS, n=1)
            hint = f"{near[0]}:" if near else f"one of {', '.join(FIELDS)}"
            self._fail(f'no field is called "{name}"', f"write {hint}, or put the words in quotes", token.place)
        field: FieldName = next(known for known in FIELDS if known == name)
        if self._peek() not in {"open", "quoted", "word", "sounds"}:
            self._fail(f"{name}: needs a value", f"write it as in: {_EXAMPLES[field]}", place=token.place)
        if field != "subject":
            return self._item(field)
        part = self._item(None)
        return None if part is None else InSubject(part)

    def _quoted(self, field: FieldName | None) -> Node | None:
        token = self._next()
        star = token.text.endswith("*")
        inner = token.text.rstrip("*")[1:-1]
        if field:
            return self._value(field, inner, token.place)
        return self._words(inner + ("*" if star else ""), token.place)

    def _sounds(self, field: FieldName | None) -> Node | None:
        mark = self._next()
        token = self._next()
        if field:
            self._fail(f"~ has no meaning in {field}:", "take it out", place=mark.place)
        found = [Word(word, "sounds", Place(mark.place.start, token.place.end)) for word in words(token.text)]
        if token.text.endswith("*"):
            self._fail("~ and * do not go together", "take one of them out", place=token.place)
        return found[0] if len(found) == 1 else And(tuple(found)) if found else None

    def _word(self, field: FieldName | None) -> Node | None:
        token = self._next()
        if field:
            return self._value(field, token.text.rstrip(","), token.place)  # "post:(Paris, London)" means two
        return self._words(token.text, token.place)

    def _words(self, text: str, place: Place) -> Node | None:
        """A word, or the phrase that the index makes of it; a cable's number finds the cable too."""
        if _NUMBER.fullmatch(text):
            return Or((Word(words(text)[0], place=place), Field("mrn", text, place)))
        stem = text.removesuffix("*")
        if "*" in stem and words(stem):
            self._fail("* stands only at the end of a word", "search for the beginning of the word", place=place)
        found = words(stem)
        if not found:
            return None
        is_prefix = text.endswith("*")
        if is_prefix and len(found[-1]) < _SHORTEST_PREFIX:
            self._fail(f'"{found[-1]}*" is too short', "give at least two letters before the *", place=place)
        last = Word(found[-1], "prefix" if is_prefix else "exact", place)
        return Phrase((*(Word(word, place=place) for word in found[:-1]), last), place) if found[1:] else last

    def _value(self, field: FieldName, value: str, place: Place) -> Node:
        if field in {"from", "to"} and day_range(value) is None:
            self._fail(f'"{value}" is no date', "write 2009, 2009-01 or 2009-01-26", place=place)
        if not value.strip():
            self._fail(f"{field}: needs a value", f"write it as in: {_EXAMPLES[field]}", place=place)
        return Field(field, value.strip(), place)

    def _distance(self, written: str, place: Place) -> int:
        if not written.isdecimal() or int(written) > _FARTHEST:
            self._fail("the distance is no number of words", f"write a number up to {_FARTHEST:,}", place=place)
        return int(written)

    def _skip(self, _field: FieldName | None) -> None:
        self._next()

    def _peek(self) -> str:
        return self._tokens[self._at].kind

    def _peek_operator(self) -> str | None:
        token = self._tokens[self._at]
        return token.text if token.kind == "operator" else None

    def _next(self) -> _Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _here(self) -> Place:
        return self._tokens[self._at].place

    def _before(self) -> int:
        return self._tokens[self._at - 1].place.end

    def _fail(self, what: str, remedy: str, place: Place | None = None) -> None:
        raise QueryError(self._query, what, place or self._here(), remedy)


_EXAMPLES: dict[FieldName, str] = {
    "subject": "subject:election",
    "post": 'post:"Abu Dhabi"',
    "tag": "tag:PREL",
    "signed": "signed:CROCKER",
    "entity": 'entity:"Angela Merkel"',
    "from": "from:2009-01",
    "to": "to:2009-01-26",
    "mrn": "mrn:09PARIS1234",
    "ref": "ref:09PARIS1234",
    "classification": "classification:SECRET",
    "caption": "caption:NOFORN",
    "is": "is:redacted",
}


def _tokens(query: str) -> list[_Token]:
    plain = query.translate(_QUOTES)
    found: list[_Token] = []
    at = 0
    while at < len(plain):
        is_value = bool(found) and found[-1].kind == "field"
        match = (is_value and _VALUE.match(plain, at)) or _TOKEN.match(plain, at)
        if match is None:
            raise QueryError(
                query, "the quotation mark is never closed", Place(at, at + 1), "add another behind the words"
            )
        kind = _KINDS.get(match.lastgroup or "", match.lastgroup or "")
        text, end = match[0], match.end()
        if kind == "word" and (cut := text.find(",")) >= 0 and _COMMA_IN_NEAR.match(plain, at + cut):
            text, end = text[:cut] or text[:1], at + max(cut, 1)
        if kind != "blank":
            found.append(_Token(kind, text, Place(at, end)))
        at = end
    return [*found, _Token("end", "the end", Place(len(plain), len(plain) + 1))]


def _near_parts(node: Node | None) -> tuple[Word | Phrase, ...]:
    """What NEAR can take of a node; nothing where it cannot take it."""
    if isinstance(node, Near):
        return node.parts
    return (node,) if isinstance(node, Word | Phrase) else ()
