"""What a reader without the right must not see of names that a cable asks to protect, as the archive holds them.

The same that `reftel.write` masks: the protected spans, the same words wherever else the cable has them (in capitals
too), the persons' mentions that they are a part of, and every mention of the entities so mentioned.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

Spans = tuple[tuple[int, int], ...]
MASK = "█"
_SHOWN = re.compile(r"\S")


def protecting_cables(connection: sqlite3.Connection) -> frozenset[int]:
    """The ids of the cables that protect a name."""
    rows = connection.execute("SELECT DISTINCT cable_id FROM protected JOIN units ON units.id = unit_id")
    return frozenset(cable_id for (cable_id,) in rows)


def hidden_spans(connection: sqlite3.Connection, cable_id: int) -> dict[int, Spans]:
    """The half-open spans to hide in each unit's text, by the unit's position, in order and apart."""
    texts = dict(map(tuple, connection.execute("SELECT position, text FROM units WHERE cable_id = ?", (cable_id,))))
    spans = _spans(connection, cable_id)
    found = {(unit, span) for unit, listed in spans.items() for span in listed}
    found.update(_mentioned(connection, cable_id, spans, texts))
    names = {texts[unit][start:end] for unit, (start, end) in found}
    pattern = _any_of(names)
    for unit, text in texts.items():
        found.update((unit, match.span()) for match in pattern.finditer(text))
    return {unit: _joined(span for place, span in found if place == unit) for unit in {unit for unit, _ in found}}


def mask(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with every character of the spans that is no blank made "█"."""
    for start, end in spans:
        text = text[:start] + _SHOWN.sub(MASK, text[start:end]) + text[end:]
    return text


def _spans(connection: sqlite3.Connection, cable_id: int) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    rows = connection.execute(
        "SELECT position, start, end FROM protected JOIN units ON units.id = unit_id WHERE cable_id = ?", (cable_id,)
    )
    for unit, start, end in rows:
        found.setdefault(unit, []).append((start, end))
    return found


def _mentioned(
    connection: sqlite3.Connection,
    cable_id: int,
    spans: Mapping[int, list[tuple[int, int]]],
    texts: Mapping[int, str],
) -> set[tuple[int, tuple[int, int]]]:
    """The persons' mentions that touch a protected span or have its words, and all of their entities."""
    names = _any_of({texts[unit][start:end] for unit, listed in spans.items() for start, end in listed})
    mentions = connection.execute(
        "SELECT position, start, end, cable_entity_id, mentions.text FROM mentions JOIN units ON units.id = unit_id"
        " WHERE cable_id = ? AND mentions.type = 'PER'",
        (cable_id,),
    ).fetchall()
    meant = [row for row in mentions if _touches(spans.get(row[0], ()), row[1], row[2]) or names.search(row[4])]
    entities = {row[3] for row in meant} - {None}
    return {(row[0], (row[1], row[2])) for row in mentions if row in meant or row[3] in entities}


def _touches(spans: Iterable[tuple[int, int]], start: int, end: int) -> bool:
    return any(first < end and start < last for first, last in spans)


def _any_of(names: Iterable[str]) -> re.Pattern[str]:
    """A pattern for the names as they stand, in capitals and in title case, over any blanks."""
    forms = {form for name in names for form in (name, name.upper(), name.title() if name.isupper() else name)}
    found = [r"\s+".join(map(re.escape, form.split())) for form in sorted(forms, key=len, reverse=True) if form.strip()]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(found)})(?![^\W_])" if found else r"(?!)")


def _joined(spans: Iterable[tuple[int, int]]) -> Spans:
    """The spans in order, those that touch made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
