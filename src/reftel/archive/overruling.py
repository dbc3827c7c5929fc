"""Mentions as decisions have them: what people added, retyped or struck out, on top of what the tagger found.

`apply_to_cable` is a pure function of one cable, for after tagging and before resolving. What it changes is kept as the
tagger had it, so that a decision can be undone without tagging anew.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from reftel.archive.describing import plain_name
from reftel.model import Mention

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping, Sequence

    from reftel.archive.decisions import Decision
    from reftel.model import Cable

ORIGIN = "decision"
"""The origin of a mention that a person added or retyped begins with this word."""


def apply_to_cable(cable: Cable, decisions: Iterable[Decision], *, content_hash: str | None) -> Cable:
    """The cable with its mentions as decisions have them; later decisions over earlier ones.

    `content_hash` tells which cable it is; without it only decisions about names are applied. What is about a text that
    the cable has no longer is passed over.
    """
    mentions = list(cable.mentions)
    for each in decisions:
        if each.is_of_names:
            mentions = _applied_to_names(mentions, each)
        elif content_hash is not None and each.subject.get("cable") == content_hash:
            mentions = _applied_to_place(mentions, each, cable)
    mentions.sort(key=lambda mention: (mention.unit, mention.start))
    return replace(cable, mentions=tuple(mentions))


def concerned_cables(connection: sqlite3.Connection, decision: Decision) -> list[int]:
    """The ids of the cables whose mentions a decision is about."""
    if not decision.is_of_names:
        digest = decision.subject["cable"]
        return [id_ for (id_,) in connection.execute("SELECT id FROM cables WHERE content_hash = ?", (digest,))]
    return sorted({id_ for name in decision.subject["names"] for id_ in _cables_with(connection, name)})


def is_about(connection: sqlite3.Connection, decision: Decision, cable_id: int) -> bool:
    """Whether a decision is about a mention of this cable."""
    if not decision.is_of_names:
        row = connection.execute("SELECT content_hash FROM cables WHERE id = ?", (cable_id,)).fetchone()
        return row is not None and row[0] == decision.subject["cable"]
    rows = connection.execute(
        "SELECT m.text FROM units u JOIN mentions m ON m.unit_id = u.id WHERE u.cable_id = ?", (cable_id,)
    )
    return not set(decision.subject["names"]).isdisjoint(plain_name(text) for (text,) in rows)


def tagged_mentions(connection: sqlite3.Connection, cable_id: int, cable: Cable) -> tuple[Mention, ...]:
    """The cable's mentions as the tagger found them, without what decisions made of them."""
    query = (
        "SELECT u.position, m.*, o.name AS origin FROM overruled_mentions m JOIN units u ON u.id = m.unit_id"
        " JOIN origins o ON o.id = m.origin_id WHERE u.cable_id = ?"
    )
    kept = [mention for mention in cable.mentions if not mention.origin.startswith(ORIGIN)]
    back = [
        Mention(r["position"], r["start"], r["end"], r["type"], r["text"], None, r["score"], r["origin"])
        for r in connection.execute(query, (cable_id,))
    ]
    return tuple(sorted((*kept, *back), key=lambda mention: (mention.unit, mention.start)))


def put_overruled(connection: sqlite3.Connection, cable_id: int, tagged: Sequence[Mention], cable: Cable) -> None:
    """Keep those of the tagged mentions that the cable, after decisions, has not. Expects an open transaction."""
    left = {(m.unit, m.start, m.end, m.type) for m in cable.mentions if not m.origin.startswith(ORIGIN)}
    units = dict(map(tuple, connection.execute("SELECT position, id FROM units WHERE cable_id = ?", (cable_id,))))
    forget_overruled(connection, cable_id)
    for m in tagged:
        if (m.unit, m.start, m.end, m.type) not in left:
            connection.execute("INSERT OR IGNORE INTO origins (name) VALUES (?)", (m.origin,))
            connection.execute(
                "INSERT INTO overruled_mentions SELECT ?, ?, ?, ?, ?, ?, id FROM origins WHERE name = ?",
                (units[m.unit], m.start, m.end, m.type, m.text, m.score, m.origin),
            )


def forget_overruled(connection: sqlite3.Connection, cable_id: int) -> None:
    """Forget what the tagger found, where it was overruled: the cable was tagged anew."""
    connection.execute(
        "DELETE FROM overruled_mentions WHERE unit_id IN (SELECT id FROM units WHERE cable_id = ?)", (cable_id,)
    )


def _applied_to_names(mentions: list[Mention], decision: Decision) -> list[Mention]:
    names, kind = set(decision.subject["names"]), decision.subject.get("type")
    said = [m for m in mentions if plain_name(m.text) in names and (kind is None or m.type == kind)]
    if not said:
        return mentions
    changed = [_retyped(m, decision) for m in said] if decision.kind == "retype" else []
    return [m for m in mentions if m not in said] + changed


def _applied_to_place(mentions: list[Mention], decision: Decision, cable: Cable) -> list[Mention]:
    place = _place(decision.subject, cable)
    if place is None:
        return mentions
    unit, start, end = place
    met = [m for m in mentions if m.unit == unit and m.start < end and start < m.end]
    if decision.kind == "not-a-name":
        gone = [m for m in met if (m.start, m.end) == (start, end)]
        return [m for m in mentions if m not in gone]
    if decision.kind == "retype":
        exact = [m for m in met if (m.start, m.end) == (start, end)]
        return [m for m in mentions if m not in exact] + [_retyped(m, decision) for m in exact]
    text = cable.units[unit].text[start:end]
    added = Mention(unit, start, end, _type(decision), text, origin=f"{ORIGIN} of {decision.by}")
    return [m for m in mentions if m not in met] + [added]


def _retyped(mention: Mention, decision: Decision) -> Mention:
    return replace(mention, type=_type(decision), entity=None, score=1.0, origin=f"{ORIGIN} of {decision.by}")


def _type(decision: Decision) -> Any:
    return decision.value


def _place(subject: Mapping[str, Any], cable: Cable) -> tuple[int, int, int] | None:
    """Where the text of a decision about one mention stands now: in its place, else the nearest in its unit."""
    unit, start, text = subject["unit"], subject["start"], subject["text"]
    if not 0 <= unit < len(cable.units) or not text:
        return None
    own = cable.units[unit].text
    if own[start : start + len(text)] != text:
        places = [at for at in range(len(own)) if own.startswith(text, at)]
        if not places:
            return None
        start = min(places, key=lambda at: (abs(at - start), at))
    return unit, start, start + len(text)


def _cables_with(connection: sqlite3.Connection, name: str) -> list[int]:
    """The cables that have the name, as the archive's entities tell; by all mentions where no entity has it."""
    by_alias = (
        "SELECT DISTINCT ce.cable_id FROM aliases a JOIN cable_entities ce ON ce.entity_id = a.entity_id"
        " JOIN mentions m ON m.cable_entity_id = ce.id WHERE a.name = ?1 COLLATE NOCASE AND m.text LIKE ?1 || '%'"
    )
    by_text = "SELECT DISTINCT u.cable_id FROM mentions m JOIN units u ON u.id = m.unit_id WHERE m.text = ?1"
    overruled = (
        "SELECT DISTINCT u.cable_id FROM overruled_mentions m JOIN units u ON u.id = m.unit_id"
        " WHERE m.text LIKE ?1 || '%'"
    )
    found = {id_ for (id_,) in connection.execute(by_alias, (name,))}
    found |= {id_ for (id_,) in connection.execute(overruled, (name,))}
    return sorted(found or {id_ for (id_,) in connection.execute(by_text, (name,))})
