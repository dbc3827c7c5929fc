"""What to say beside the hits: another way to ask, or why nothing was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reftel.archive.fields import mrn_of, tags_meant
from reftel.archive.query import And, Field, InSubject, Near, Node, Or, Phrase, Word
from reftel.archive.spellings import spellings_of
from reftel.tables import tag_entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reftel.archive.reader import Reader

_MOST = 5
_LONGEST = 80  # characters of a query that can be the meaning of TAGS


def hints(reader: Reader, tree: Node, total: int) -> tuple[str, ...]:
    """Sentences for the reader: TAGS that the query's words are the meaning of, a number, words that are nowhere."""
    found = [*_tags(reader, tree), *_number(reader, tree)]
    return (*found, *(_nowhere(reader, tree) if total == 0 else ()))


def _tags(reader: Reader, tree: Node) -> Iterator[str]:
    is_plain = isinstance(tree, Word | Phrase) or (
        isinstance(tree, And) and all(isinstance(p, Word) for p in tree.parts)
    )
    if not is_plain or not 0 < len(reader.query) <= _LONGEST:
        return
    for code in tags_meant(reader.query.strip('" '))[:1]:
        entry = tag_entry(code)
        cables = int((reader.snapshot.has_metadata(reader.connection, f"tag:{code}") & reader.view.visible).sum())
        if entry and cables:
            yield f"tag:{code} ({entry.name or entry.kind}) finds {cables:,} {'cable' if cables == 1 else 'cables'}"


def _number(reader: Reader, tree: Node) -> Iterator[str]:
    mrn = mrn_of(reader.query) if not isinstance(tree, Field) else None
    rows = reader.connection.execute("SELECT id FROM cables WHERE mrn = ?", (mrn,)) if mrn else ()
    if any(reader.view.visible[cable_id] for (cable_id,) in rows):
        yield f"mrn:{mrn} finds the cable with this number, ref:{mrn} those that refer to it"


def _nowhere(reader: Reader, tree: Node) -> Iterator[str]:
    """For each word that no cable has: which spellings there are."""
    for word in dict.fromkeys(_words(tree)):
        if reader.found(word).mask.any():
            continue
        star = {"exact": "", "prefix": "*", "sounds": ""}[word.form]
        others = [other for other in spellings_of(reader.connection, word.word) if reader.found(Word(other)).mask.any()]
        hint = f"; ~{word.word} finds {', '.join(others[:_MOST])}" if others and word.form == "exact" else ""
        yield f'no cable has "{word.word}{star}"{hint}'


def _words(node: Node) -> Iterator[Word]:
    """The words that are asked for, those under NOT left out."""
    if isinstance(node, Word):
        yield Word(node.word, node.form)
    elif isinstance(node, Phrase):
        yield from (Word(word.word, word.form) for word in node.words)
    elif isinstance(node, Near | And | Or):
        for part in node.parts:
            yield from _words(part)
    elif isinstance(node, InSubject):
        yield from _words(node.part)
