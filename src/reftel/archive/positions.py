"""Where order counts: the cables that have a phrase, or words near one another, by the index or by their text."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from reftel.archive.clearance import column_class
from reftel.archive.folding import words
from reftel.archive.fulltext import COLUMNS
from reftel.archive.nearness import fts_expressions, holds, spelled_out
from reftel.archive.protection import MASK
from reftel.archive.query import Near, Phrase
from reftel.archive.rows import from_list
from reftel.archive.units import readable_units
from reftel.archive.word_counts import METADATA, PROTECTED

if TYPE_CHECKING:
    from reftel.archive.postings import Mask
    from reftel.archive.query import Word
    from reftel.archive.reader import Reader

_HIDDEN = "\ue000"  # a letter of no word: what is masked keeps its neighbours apart
_KEPT = 64  # phrases whose cables are kept
_READ = 4  # cables whose text is sooner read than the index walked through


def confirmed(reader: Reader, node: Phrase | Near, candidates: Mask, *, in_subject: bool) -> Mask:
    """Those of the candidates, which have all the words, that have them in the right order or near one another."""
    found = np.flatnonzero(candidates)
    mask = np.zeros_like(candidates)
    if len(found) <= _READ:
        mask[[cable for cable in found.tolist() if _text_holds(reader, node, cable, in_subject=in_subject)]] = True
        return mask
    return candidates & _indexed(reader, node, in_subject=in_subject)


def _indexed(reader: Reader, node: Phrase | Near, *, in_subject: bool) -> Mask:
    """All cables that have it. Kept for a while: a phrase of common words takes a tenth of a second to look up."""
    columns = list(reader.columns(in_subject=in_subject))
    expression = " OR ".join(fts_expressions(node, reader.spell))
    if len(columns) < len(COLUMNS):  # naming all of them would take twice as long
        expression = f"{{{' '.join(columns)}}} : ({expression})"
    kept, key = reader.snapshot.phrases, (expression, reader.clearance)
    if key not in kept:
        mask = _matched(reader, expression) if columns else np.zeros(reader.snapshot.size, np.bool_)
        if not reader.clearance.protected:
            _without_protected(reader, node, mask, in_subject=in_subject)
        while len(kept) >= _KEPT:
            kept.pop(next(iter(kept)), None)
        kept[key] = mask
        return mask
    return kept[key]


def _matched(reader: Reader, expression: str) -> Mask:
    mask = np.zeros(reader.snapshot.size, np.bool_)
    query = "SELECT group_concat(rowid) FROM words WHERE words MATCH ?"  # in one row: much faster than in many
    listed = reader.connection.execute(query, (expression,)).fetchone()[0]
    if listed:
        mask[np.fromstring(str(listed), np.int64, sep=",")] = True
    return mask


def _without_protected(reader: Reader, node: Phrase | Near, mask: Mask, *, in_subject: bool) -> None:
    """Take out the cables that have it in a protected name only: the index knows nothing of those."""
    doubtful = mask & reader.snapshot.protects(reader.connection)
    if not doubtful.any():
        return
    hidden = np.zeros_like(mask)
    for word in _all_words(node):
        fields = frozenset(range(PROTECTED, METADATA))
        for spelled in reader.spell(word):
            hidden |= reader.snapshot.read(reader.connection, [spelled], fields).mask
    for cable in np.flatnonzero(doubtful & hidden).tolist():
        mask[cable] = _text_holds(reader, node, cable, in_subject=in_subject)


def _all_words(node: Phrase | Near) -> list[Word]:
    parts = node.parts if isinstance(node, Near) else (node,)
    return [word for part in parts for word in (part.words if isinstance(part, Phrase) else (part,))]


@lru_cache(maxsize=1024)
def _column_class(controls: str) -> str:
    return column_class(from_list(controls))


def _text_holds(reader: Reader, node: Phrase | Near, cable_id: int, *, in_subject: bool) -> bool:
    columns: defaultdict[tuple[bool, int, str], list[str]] = defaultdict(list)
    for unit in readable_units(reader, cable_id):
        is_subject = unit.kind == "subject"
        if is_subject or not in_subject:
            text = unit.text.replace(MASK, _HIDDEN)
            columns[is_subject, unit.level, _column_class(unit.controls)].append(text)
    nodes = spelled_out(node, reader.spell)
    return any(holds(words("\n".join(texts)), each) for texts in columns.values() for each in nodes)
