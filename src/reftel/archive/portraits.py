"""Portraits: what the archive knows of one entity, as far as a reader may see it.

Other names, roles with their first and last dates, countries, the posts that mention it, who appears with it, the
meetings it took part in, and what it said. Cables that protect the person's name tell nothing of it to a reader without
the right.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reftel.archive.clearance import FULL, Clearance
from reftel.archive.describing import plain_name
from reftel.archive.linking import by_ids
from reftel.archive.protection import hidden_spans, mask, protecting_cables
from reftel.archive.rows import from_list
from reftel.archive.sight import sight_of
from reftel.archive.told import former_keys, fully_counted, short, told
from reftel.archive.visible import tells_of_day

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from reftel.archive.sight import Sight

_COMPANY = 20  # of persons, and of all others, that appear with it
_TOLD = 20  # meetings and statements told in full


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that a name may mean; `mentions` are those of the name that was asked for."""

    id: int
    key: str
    type: str
    name: str
    role: str | None
    country: str | None
    cables: int
    mentions: int


@dataclass(frozen=True, slots=True)
class Portrait:
    """All of it, in the names of the JSON; lists are in order of weight, meetings and statements the latest first.

    `aliases` have name, mentions, cables; `roles` role, cables, first, last; `countries` and `posts` code or name and
    cables; `persons` and `others` key, type, name, cables; `meetings` mrn, date, kind, status, participants, place,
    text; `statements` mrn, sent, cue, text. `why` are the least certain merges: score, one, other, reason.
    """

    key: str
    type: str
    name: str
    role: str | None
    country: str | None
    latitude: float | None
    longitude: float | None
    cables: int
    mentions: int
    first: str | None
    last: str | None
    former_keys: tuple[str, ...]
    aliases: tuple[dict[str, Any], ...]
    roles: tuple[dict[str, Any], ...]
    countries: tuple[dict[str, Any], ...]
    posts: tuple[dict[str, Any], ...]
    persons: tuple[dict[str, Any], ...]
    others: tuple[dict[str, Any], ...]
    meetings: tuple[dict[str, Any], ...]
    meetings_in_all: int
    statements: tuple[dict[str, Any], ...]
    statements_in_all: int
    why: tuple[dict[str, Any], ...]


def candidate(connection: sqlite3.Connection, sight: Sight, entity_id: int, written: str) -> Candidate | None:
    """The entity as one that a name may mean, as far as the reader is told; None where that is nothing."""
    view = told(connection, sight, entity_id)
    if view is None:
        return None
    view = fully_counted(connection, sight, view)
    named = sum(mentions for name, mentions in view.names if name.casefold() == written.casefold())
    plain = {name: getattr(view, name) for name in ("id", "key", "type", "name", "role", "country", "cables")}
    return Candidate(**plain, mentions=named)


def portrait(connection: sqlite3.Connection, entity_id: int, *, clearance: Clearance = FULL) -> Portrait | None:
    """What this reader may know of the entity; None where there is nothing."""
    sight = sight_of(connection, clearance)
    view = told(connection, sight, entity_id)
    look = _Look(connection, entity_id, clearance, sight)
    if view is None or not look.members:
        return None
    aliases = look.aliases()
    plain = {name: getattr(view, name) for name in ("key", "type", "name", "country", "latitude", "longitude")}
    sent = [member["sent"] for member in look.members if member["sent"]]
    roles = look.roles()
    meetings, statements = look.meetings(), look.statements()
    return Portrait(
        **plain,
        role=roles[0]["role"] if roles else None,
        cables=len(look.cables),
        mentions=sum(alias["mentions"] for alias in aliases),
        first=min(sent, default=None),
        last=max(sent, default=None),
        former_keys=former_keys(connection, sight, view),
        aliases=aliases,
        roles=roles,
        countries=_counted("country", ((m["country"], m["cable_id"]) for m in look.members if look.tells(m["id"]))),
        posts=_counted("post", ((m["post"], m["cable_id"]) for m in look.members)),
        persons=look.company(persons=True),
        others=look.company(persons=False),
        meetings=meetings[:_TOLD],
        meetings_in_all=len(meetings),
        statements=statements[:_TOLD],
        statements_in_all=len(statements),
        why=look.why(),
    )


class _Look:
    """One reader's look at one entity: its members, the entities of cables, that this reader may know of."""

    def __init__(self, connection: sqlite3.Connection, entity_id: int, clearance: Clearance, sight: Sight) -> None:
        self._connection = connection
        self._clearance = clearance
        self._sight = sight
        self._entity_id = entity_id
        self._protecting = frozenset() if clearance.protected else protecting_cables(connection)
        protected = set() if clearance.protected else self._protected()
        self.sees_all = clearance.is_full and not protected
        self._seen: dict[int, list[Any]] = defaultdict(list)
        for row in self._mentions():
            if row["id"] not in protected and clearance.allows(row["level"], from_list(row["controls"])):
                self._seen[row["id"]].append(row)
        self.members = [row for row in self._rows() if row["id"] in self._seen]
        self.cables = {row["cable_id"] for row in self.members}

    def aliases(self) -> tuple[dict[str, Any], ...]:
        """Names as they are written, capitals aside."""
        spelt: defaultdict[str, Counter[str]] = defaultdict(Counter)
        cables: defaultdict[str, set[int]] = defaultdict(set)
        for rows in self._seen.values():
            for row in rows:
                name = plain_name(row["text"])
                spelt[name.casefold()][name] += 1
                cables[name.casefold()].add(row["cable_id"])
        found = [
            {
                "name": max(names, key=lambda n: (not n.isupper(), names[n], n)),
                "mentions": names.total(),
                "cables": len(cables[low]),
            }
            for low, names in spelt.items()
        ]
        return tuple(sorted(found, key=lambda each: (-each["mentions"], each["name"])))

    def roles(self) -> tuple[dict[str, Any], ...]:
        """Roles as cables give them, with the first and last cable that does."""
        held: defaultdict[str, list[Any]] = defaultdict(list)
        for member in self.members:
            role = member["signed"] or member["role"]
            if role and self.tells(member["id"]):
                held[role.casefold()].append((role, member["cable_id"], member["sent"]))
        found = [
            {
                "role": max((role for role, _, _ in rows), key=lambda r: (not r.isupper(), r)),
                "cables": len({cable for _, cable, _ in rows}),
                "first": min((sent for _, _, sent in rows if sent), default=None),
                "last": max((sent for _, _, sent in rows if sent), default=None),
            }
            for rows in held.values()
        ]
        return tuple(sorted(found, key=lambda each: (-each["cables"], each["role"])))

    def company(self, *, persons: bool) -> tuple[dict[str, Any], ...]:
        """Who appears in the same cables, by how many."""
        kind = "=" if persons else "<>"
        query = (
            "SELECT DISTINCT ce.cable_id, ce.id, ce.entity_id FROM cable_entities ce"  # noqa: S608  # our own words
            f" WHERE ce.cable_id IN ({{}}) AND ce.type {kind} 'PER' AND ce.entity_id IS NOT NULL"
            f" AND {self._sight.entity('ce')}"
        )
        rows = by_ids(self._connection, query, self.cables)
        met = {(row["entity_id"], row["cable_id"]) for row in rows}
        counts = Counter(entity for entity, _ in met if entity != self._entity_id)
        first = sorted(counts, key=lambda id_: (-counts[id_], id_))[:_COMPANY]
        known = [each for id_ in first if (each := short(self._connection, self._sight, id_))]
        return tuple({"key": e.key, "type": e.type, "name": e.name, "cables": counts[e.id]} for e in known)

    def meetings(self) -> tuple[dict[str, Any], ...]:
        """The encounters that it took part in, or that took place there, the latest first."""
        query = (
            "SELECT DISTINCT m.id, m.unit_id, m.date, m.until, m.kind, m.status, m.place_id, m.start, m.end, u.text,"  # noqa: S608  # ours
            f" u.position, u.cable_id, c.mrn, c.sent, {self._sight.whole('c.id')} AS is_whole FROM"
            " (SELECT meeting_id AS id, cable_entity_id AS member FROM participants WHERE cable_entity_id IN ({0})"
            " UNION SELECT id, place_id FROM meetings WHERE place_id IN ({0})) own JOIN meetings m ON m.id = own.id"
            " JOIN units u ON u.id = m.unit_id JOIN cables c ON c.id = u.cable_id JOIN cable_entities ce"
            f" ON ce.id = own.member WHERE {self._sight.units('u')} AND {self._sight.party('ce', 'm.unit_id')}"
        )
        rows = [{**dict(row), **self._days(row)} for row in self._told(query, twice=True)]
        rows.sort(key=lambda row: (row["date"] or row["sent"] or "", row["id"]), reverse=True)
        return tuple(
            {
                **{name: row[name] for name in ("mrn", "sent", "date", "until", "kind", "status")},
                "participants": self._participants(row["id"], row["unit_id"]),
                "place": self._name(row["place_id"], row["unit_id"]),
                "text": self._text(row),
            }
            for row in rows
        )

    def statements(self) -> tuple[dict[str, Any], ...]:
        """What cables attribute to it, the latest first."""
        query = (
            "SELECT s.id, s.cue, s.start, s.end, s.denied, u.text, u.position, u.cable_id, c.mrn, c.sent"  # noqa: S608  # ours
            " FROM statements s JOIN units u ON u.id = s.unit_id JOIN cables c ON c.id = u.cable_id"
            " JOIN cable_entities ce ON ce.id = s.source_id WHERE s.source_id IN ({0})"
            f" AND {self._sight.units('u')} AND {self._sight.party('ce', 's.unit_id')}"
        )
        rows = self._told(query)
        rows.sort(key=lambda row: (row["sent"] or "", row["id"]), reverse=True)
        return tuple(
            {
                **{name: row[name] for name in ("mrn", "sent", "cue")},
                "denied": bool(row["denied"]),
                "text": self._text(row),
            }
            for row in rows
        )

    def why(self) -> tuple[dict[str, Any], ...]:
        """The merges of unlike names or roles that it rests on, the least certain first."""
        query = (
            "SELECT l.score, a.name AS one, x.mrn AS one_mrn, b.name AS other, y.mrn AS other_mrn, l.reason"
            " FROM links l JOIN cable_entities a ON a.id = l.cable_entity_id JOIN cable_entities b ON b.id = l.other_id"
            " JOIN cables x ON x.id = a.cable_id JOIN cables y ON y.id = b.cable_id WHERE l.other_id IN ({0})"
        )
        rows = self._told(query) if self.sees_all else []
        return tuple(dict(row) for row in sorted(rows, key=lambda row: (row["score"], row["other"]))[:_TOLD])

    def tells(self, member: int) -> bool:
        """Whether the reader sees every unit that names a member, so that its role is told there."""
        return self.sees_all or len(self._seen[member]) == self._all[member]

    def _days(self, row: Any) -> dict[str, str | None]:
        """The days of a meeting, where its sentence can be what tells them or all of the cable is seen."""
        sentence = row["text"][row["start"] : row["end"]]
        if row["date"] and (row["is_whole"] or tells_of_day(sentence, row["date"], row["until"])):
            return {"date": row["date"], "until": row["until"]}
        return {"date": None, "until": None}

    def _text(self, row: Any) -> str:
        """The row's stretch of its unit, protected names masked."""
        text = str(row["text"])
        if row["cable_id"] in self._protecting:
            text = mask(text, hidden_spans(self._connection, row["cable_id"]).get(row["position"], ()))
        return text[row["start"] : row["end"]]

    def _told(self, query: str, *, twice: bool = False) -> list[Any]:
        """The rows of a query whose {0} takes ids of members, a few hundred at a time."""
        ids = sorted(row["id"] for row in self.members)
        found: dict[tuple[Any, ...], Any] = {}
        for at in range(0, len(ids), 400):
            part = ids[at : at + 400]
            rows = self._connection.execute(query.format(",".join("?" * len(part))), part * (2 if twice else 1))
            found |= {tuple(row): row for row in rows}
        return list(found.values())

    def _rows(self) -> list[Any]:
        query = (
            "SELECT ce.id, ce.cable_id, ce.role, ce.country, s.role AS signed, c.post, c.sent FROM cable_entities ce"
            " JOIN cables c ON c.id = ce.cable_id LEFT JOIN signers s ON s.cable_entity_id = ce.id"
            " WHERE ce.entity_id = ?"
        )
        return self._connection.execute(query, (self._entity_id,)).fetchall()

    def _mentions(self) -> Iterable[Any]:
        query = (
            "SELECT ce.id, ce.cable_id, m.text, u.level, u.controls FROM cable_entities ce JOIN mentions m"
            " ON m.cable_entity_id = ce.id JOIN units u ON u.id = m.unit_id WHERE ce.entity_id = ?"
        )
        rows = self._connection.execute(query, (self._entity_id,)).fetchall()
        self._all = Counter(row["id"] for row in rows)
        return rows

    def _protected(self) -> set[int]:
        """The members whose name their cable protects."""
        query = "SELECT id FROM temp.masked WHERE entity_id = ?"
        return {id_ for (id_,) in self._connection.execute(query, (self._entity_id,))}

    def _participants(self, meeting: int, unit: int) -> list[str]:
        query = "SELECT cable_entity_id FROM participants WHERE meeting_id = ? ORDER BY position"
        rows = self._connection.execute(query, (meeting,)).fetchall()
        return [name for (member,) in rows if (name := self._name(member, unit))]

    def _name(self, member: int | None, unit: int) -> str | None:
        """The name of an entity of a cable that has a part in what a unit tells, None where that is not told."""
        if member is None:
            return None
        party = self._sight.party("ce", str(unit))
        query = f"SELECT ce.entity_id, ce.name FROM cable_entities ce WHERE ce.id = ? AND {party}"  # noqa: S608  # numbers
        row = self._connection.execute(query, (member,)).fetchone()
        known = short(self._connection, self._sight, row["entity_id"]) if row else None
        return known.name if known else row["name"] if row and self._sight.is_full else None


def _counted(name: str, pairs: Iterable[tuple[str | None, int]]) -> tuple[dict[str, Any], ...]:
    """Values with how many cables have them, the most frequent first."""
    counts = Counter(value for value, _ in set(pairs) if value)
    return tuple({name: value, "cables": counts[value]} for value in sorted(counts, key=lambda v: (-counts[v], v)))
