"""Decisions: what people said about names, which the machine never overrules.

A decision is a row that is only ever added, or marked as undone. It says what it is about so that this is found again
after every rebuild: a mention by its cable's content hash and place, an entity by its key and by examples, which are
names in cables. Entities follow from decisions and cables, and are derived anew without losing any.

    mention      a mention that the tagger missed
    retype       a mention, or names throughout the archive, are of another type
    not-a-name   a mention, or names throughout the archive, name nothing
    merge        two entities are one
    split        what some cables mean by a name is another than the rest of the entity
    rename       what an entity is to be called

Every function that writes expects an open transaction (`store.transaction`).
"""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from reftel.archive.linking import entity_ids
from reftel.archive.writing import now, plain

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Kind = Literal["mention", "retype", "not-a-name", "merge", "split", "rename"]
KINDS: tuple[Kind, ...] = get_args(Kind)
OF_MENTIONS = frozenset({"mention", "retype", "not-a-name"})
"""The kinds that change what a cable's mentions are; the others say who is who."""

_EXAMPLES = 24  # of an entity in a decision: one for each of its commonest names and roles
_JSON = ("subject", "object")


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. `uid` is its own in every archive; `subject` and `object` say what it is about.

    A subject is `{"cable": hash, "mrn", "unit", "start", "end", "text"}` for a mention, `{"names": [...], "type"}` for
    names throughout the archive, or `{"key", "name", "type", "examples": [[hash, name], ...]}` for an entity. The
    object is the other entity of a merge, or the examples that a split cuts off. `value` is the new type or name.
    """

    uid: str
    kind: Kind
    subject: Mapping[str, Any]
    object: Mapping[str, Any] | None
    value: str | None
    note: str | None
    by: str
    at: str
    undone_by: str | None = None
    undone_at: str | None = None

    @property
    def is_of_names(self) -> bool:
        """Whether it is about names throughout the archive."""
        return "names" in self.subject


class Bound(NamedTuple):
    """Pairs of entities of cables (ids) that are the same, and pairs that are not, who was cut off standing first."""

    same: tuple[tuple[int, int], ...]
    apart: tuple[tuple[int, int], ...]


class Imported(NamedTuple):
    """What an import did: decisions added, undone and known before, and a line for each that contradicts another."""

    added: tuple[Decision, ...]
    undone: tuple[Decision, ...]
    known: int
    conflicts: tuple[str, ...]


def decision_of(
    kind: Kind,
    subject: Mapping[str, Any],
    *,
    by: str,
    object: Mapping[str, Any] | None = None,  # noqa: A002  # the column's name
    value: str | None = None,
    note: str | None = None,
) -> Decision:
    """A decision made now, with a number of its own."""
    return Decision(secrets.token_hex(8), kind, subject, object, value, note, by, now())


def decide(connection: sqlite3.Connection, decision: Decision) -> Decision:
    """Add a decision to the archive."""
    _insert(connection, decision)
    return decision


def undo(connection: sqlite3.Connection, uid: str, *, by: str) -> Decision | None:
    """Mark a decision as undone; None where there is none in force with that uid, or beginning of one."""
    found = [each for each in decisions(connection) if each.uid.startswith(uid)]
    if len(found) != 1:
        return None
    return _mark_undone(connection, replace(found[0], undone_by=by, undone_at=now()))


def decisions(connection: sqlite3.Connection, *, undone: bool = False) -> list[Decision]:
    """The decisions in force, in the order they were made; with `undone` those that were undone as well."""
    where = "" if undone else " WHERE undone_at IS NULL"
    return [_decision(row) for row in connection.execute(f"SELECT * FROM decisions{where} ORDER BY at, id")]  # noqa: S608  # ours


def to_lines(found: Iterable[Decision]) -> Iterator[str]:
    """Each decision as a line of JSON."""
    for each in found:
        yield json.dumps(asdict(each), ensure_ascii=False, sort_keys=True)


def import_lines(connection: sqlite3.Connection, lines: Iterable[str]) -> Imported:
    """Take in decisions from lines of JSON; those that are known (by uid) are not taken twice.

    A decision that was undone elsewhere is undone here. Where two contradict each other, the later one holds. Raises
    ValueError for a line that is no decision.
    """
    here = {each.uid: each for each in decisions(connection, undone=True)}
    added, undone, conflicts, known = [], [], [], 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        each = _from_line(line, number)
        mine = here.get(each.uid)
        if mine is None:
            conflicts += [_said(each, other) for other in here.values() if contradict(each, other)]
            _insert(connection, each)
            here[each.uid] = each
            added.append(each)
        elif each.undone_at and not mine.undone_at:
            here[each.uid] = each
            undone.append(_mark_undone(connection, each))
        else:
            known += 1
    return Imported(tuple(added), tuple(undone), known, tuple(conflicts))


def contradict(one: Decision, other: Decision) -> bool:
    """Whether both cannot hold: two names or types for one thing, or a merge and a split of the same."""
    if one.undone_at or other.undone_at:
        return False
    if {one.kind, other.kind} == {"merge", "split"}:
        merge, split = (one, other) if one.kind == "merge" else (other, one)
        cut = _examples(split.object)
        return (
            bool(cut & (_examples(merge.subject) | _examples(merge.object))) and _about(merge) & _about(split) != set()
        )
    same = one.kind == other.kind or {one.kind, other.kind} <= {"retype", "not-a-name"}
    differ = (one.kind, one.value) != (other.kind, other.value)
    return same and one.kind in {"rename", "retype", "not-a-name"} and differ and bool(_about(one) & _about(other))


def entity_subject(
    connection: sqlite3.Connection, entity_id: int, cables: Sequence[int] | None = None
) -> dict[str, Any]:
    """What a decision says of an entity of the archive: its key, and examples (from these cables)."""
    own = connection.execute("SELECT key, name, type FROM entities WHERE id = ?", (entity_id,)).fetchone()
    examples = _examples_in(connection, entity_id, cables, inside=True)
    return {**dict(own), "examples": examples}


def rest_subject(connection: sqlite3.Connection, entity_id: int, cables: Sequence[int]) -> dict[str, Any]:
    """The same, with examples from all cables but these."""
    own = connection.execute("SELECT key, name, type FROM entities WHERE id = ?", (entity_id,)).fetchone()
    return {**dict(own), "examples": _examples_in(connection, entity_id, cables, inside=False)}


def constraints(connection: sqlite3.Connection) -> Bound:
    """Which entities of cables are the same, and which are not, by all merges and splits; a later one holds."""
    together: list[set[int]] = []
    apart: list[tuple[set[int], set[int]]] = []
    for each in decisions(connection):
        one = found_entities(connection, each.subject) if each.kind in {"merge", "split"} else set()
        other = found_entities(connection, each.object) if one and each.object else set()
        if each.kind == "merge" and one and other:
            both = one | other
            apart = [(cut, rest) for cut, rest in apart if not (cut & both and rest & both)]
            together.append(both)
        elif each.kind == "split" and other:
            together = [part for group in together for part in (group & other, group - other) if len(part) > 1]
            together.append(other)
            apart.append((other, one - other))
    same = {(min(group), id_) for group in together for id_ in group if id_ != min(group)}
    return Bound(
        tuple(sorted(same)), tuple(sorted({(one, other) for cut, rest in apart for one in cut for other in rest}))
    )


def given_names(connection: sqlite3.Connection) -> dict[int, str]:
    """The names that people gave, by the id of the entity of the archive that has the decision's examples now."""
    names: dict[int, str] = {}
    for each in decisions(connection):
        if each.kind == "rename" and each.value:
            for entity in entity_ids(connection, found_entities(connection, each.subject)):
                names[entity] = each.value
    return names


def found_entities(connection: sqlite3.Connection, subject: Mapping[str, Any]) -> set[int]:
    """The entities of cables (ids) that a decision's examples are in this archive.

    Where it has none of the example's cables, one that goes by the decision's key, or is the only one of that name.
    """
    found = {id_ for digest, name in subject["examples"] for id_ in _named_in(connection, digest, name)}
    return found or _by_key(connection, subject)


def _named_in(connection: sqlite3.Connection, digest: str, name: str) -> list[int]:
    query = (
        "SELECT ce.id, ce.name = ?2 AS is_first FROM cables c JOIN cable_entities ce ON ce.cable_id = c.id"
        " WHERE c.content_hash = ?1 AND (ce.name = ?2 OR EXISTS (SELECT 1 FROM json_each(ce.aliases) WHERE value = ?2))"
    )
    rows = connection.execute(query, (digest, name)).fetchall()
    return [row["id"] for row in rows if row["is_first"]] or [row["id"] for row in rows[:1]]


def _by_key(connection: sqlite3.Connection, subject: Mapping[str, Any]) -> set[int]:
    query = (
        "SELECT min(ce.id) FROM cable_entities ce WHERE ce.entity_id IN (SELECT id FROM entities WHERE key = ?1"
        " UNION SELECT entity_id FROM former_keys WHERE key = ?1) GROUP BY ce.entity_id"
    )
    return {id_ for (id_,) in connection.execute(query, (subject.get("key"),))}


def _examples_in(
    connection: sqlite3.Connection, entity_id: int, cables: Sequence[int] | None, *, inside: bool
) -> list[list[str]]:
    """Examples of an entity: the first cable for each name and role, the commonest first."""
    listed = json.dumps(list(cables or ()))
    not_ = "" if inside else "NOT"
    chosen = "1" if cables is None else f"ce.cable_id {not_} IN (SELECT value FROM json_each(?2))"  # noqa: S608  # ours
    by_cable = ", ce.cable_id" if cables and inside else ""
    query = (
        "SELECT c.content_hash, ce.name, min(ce.id), count(*) FROM cable_entities ce JOIN cables c"  # noqa: S608  # ours
        f" ON c.id = ce.cable_id WHERE ce.entity_id = ?1 AND {chosen} GROUP BY ce.name, ce.role{by_cable}"
        " ORDER BY count(*) DESC, min(ce.id)"
    )
    found = connection.execute(query, (entity_id, listed) if cables is not None else (entity_id,)).fetchall()
    limit = None if cables and inside else _EXAMPLES
    return [[row[0], row[1]] for row in found[:limit]]


def _examples(subject: Mapping[str, Any] | None) -> set[tuple[str, str]]:
    return {(digest, name) for digest, name in (subject or {}).get("examples", ())}


def _about(each: Decision) -> set[Any]:
    """What a decision is about, so that two about the same can be told."""
    if each.is_of_names:
        return set(each.subject["names"])
    if "cable" in each.subject:
        return {(each.subject["cable"], each.subject["unit"], each.subject["start"])}
    return {each.subject.get("key"), *_examples(each.subject), *_examples(each.object)}


def _said(new: Decision, old: Decision) -> str:
    later = new if (new.at, new.uid) > (old.at, old.uid) else old
    return (
        f"{new.kind} {new.uid} by {new.by} ({new.at}) contradicts {old.kind} {old.uid} by {old.by} ({old.at});"
        f" the later one, {later.uid}, holds"
    )


def _insert(connection: sqlite3.Connection, each: Decision) -> None:
    row = asdict(each)
    for name in _JSON:
        row[name] = None if row[name] is None else plain(json.dumps(row[name], ensure_ascii=False, sort_keys=True))
    names, marks = ", ".join(f'"{name}"' for name in row), ", ".join(f":{name}" for name in row)
    connection.execute(f"INSERT INTO decisions ({names}) VALUES ({marks})", row)  # noqa: S608  # our own names


def _mark_undone(connection: sqlite3.Connection, each: Decision) -> Decision:
    connection.execute(
        "UPDATE decisions SET undone_by = ?, undone_at = ? WHERE uid = ?", (each.undone_by, each.undone_at, each.uid)
    )
    return each


def _decision(row: sqlite3.Row) -> Decision:
    fields = {name: row[name] for name in row.keys() if name != "id"}  # noqa: SIM118  # a row's keys are its columns
    for name in _JSON:
        fields[name] = None if fields[name] is None else json.loads(fields[name])
    return Decision(**fields)


def _from_line(line: str, number: int) -> Decision:
    try:
        each = Decision(**json.loads(line))
    except (ValueError, TypeError):
        each = None
    if (
        each is None
        or each.kind not in KINDS
        or not isinstance(each.subject, dict)
        or not (each.uid and each.at and each.by)
    ):
        raise ValueError(f"line {number} is no decision")
    return each
