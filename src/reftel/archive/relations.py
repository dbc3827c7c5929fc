"""The meetings and statements of the archive as lists, cable by cable, narrowed by entity, post and date.

A row has the names as its cable gives them, with the keys of the archive's entities beside. Only what the reader may
see is told, and nothing of cables that protect a name to a reader without the right to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from reftel.archive import officers
from reftel.archive.cables import read_cable
from reftel.archive.clearance import FULL, Clearance
from reftel.archive.dates import day_range
from reftel.archive.entities import entities_known, names_near
from reftel.archive.protection import protecting_cables
from reftel.archive.sight import sight_of
from reftel.archive.told import short
from reftel.archive.visible import visible
from reftel.errors import InputError
from reftel.tables import post_code

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

    from reftel.archive.sight import Sight
    from reftel.model import Cable, Meeting, MeetingKind, MeetingStatus, Statement, Voice


@dataclass(frozen=True, slots=True)
class Wanted:
    """What narrows a list: an entity by name or key, a post in any spelling, the days on which cables were sent."""

    entity: str | None = None
    post: str | None = None
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """An entity that takes part: its name in the cable, and its key in the archive, if it has one that may be told."""

    name: str
    key: str | None


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting as a list shows it; `text` is the sentence that first tells of it, `unit` the unit's index.

    `chief` is who the ambassador among the `staff` is, where the archive has a list of officers that tells.
    """

    mrn: str | None
    sent: str | None
    post: str | None
    unit: int
    number: int | None
    date: str | None
    until: str | None
    kind: MeetingKind
    status: MeetingStatus
    participants: tuple[Party, ...]
    staff: tuple[str, ...]
    chief: Party | None
    place: Party | None
    score: float
    text: str


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A statement as a list shows it; `content` are the words attributed, `text` their whole sentence.

    `chief` is who the addressee is, where that is the post's ambassador and a list of officers tells.
    """

    mrn: str | None
    sent: str | None
    post: str | None
    unit: int
    number: int | None
    source: Party
    cue: str
    content: str | None
    addressee: str | None
    chief: Party | None
    within: Party | None
    quoted: bool
    denied: bool
    voice: Voice
    score: float
    text: str


def meetings(
    connection: sqlite3.Connection,
    wanted: Wanted,
    *,
    statuses: frozenset[str] = frozenset({"held"}),
    clearance: Clearance = FULL,
) -> Iterator[MeetingRow]:
    """The meetings of these statuses, in the order in which their cables were sent, streamed.

    Raises InputError where the entity, the post or a date is not known.
    """
    chiefs = _Chiefs(connection, clearance)
    for cable, parties, chosen in _cables(connection, wanted, "meetings", clearance):
        for each in (*cable.meetings, *cable.meetings_not_held):
            if each.status in statuses:
                chief, entity = chiefs.of(each.staff, cable)
                if chosen is None or entity in chosen.entities or chosen.labels.intersection(each.participants):
                    yield _meeting(cable, each, parties, chief)


def statements(
    connection: sqlite3.Connection, wanted: Wanted, *, clearance: Clearance = FULL
) -> Iterator[StatementRow]:
    """The statements, in the order in which their cables were sent, streamed; of an entity those it is the source of.

    Raises InputError where the entity, the post or a date is not known.
    """
    chiefs = _Chiefs(connection, clearance)
    for cable, parties, chosen in _cables(connection, wanted, "statements", clearance):
        for each in cable.statements:
            if chosen is None or each.source in chosen.labels:
                chief, _ = chiefs.of((each.addressee or "",), cable)
                yield _statement(cable, each, parties, chief)


class _Chosen(NamedTuple):
    """The entities of the archive that are asked for, and their labels in a cable."""

    entities: frozenset[int]
    labels: frozenset[str]


class _Chiefs:
    """Who the Ambassador of a cable is, to a reader."""

    def __init__(self, connection: sqlite3.Connection, clearance: Clearance) -> None:
        self._connection = connection
        self._sight = sight_of(connection, clearance)

    def of(self, words: Iterable[str], cable: Cable) -> tuple[Party | None, int | None]:
        """Who is meant by "the Ambassador" among the words, and the entity of the archive that this is."""
        sent = cable.sent.isoformat() if cable.sent else None
        code = post_code(cable.post) if cable.post else None
        found = officers.chief_meant(self._connection, words, post=cable.post, code=code, sent=sent)
        if found is None:
            return None, None
        entity = officers.entity_of_officer(self._connection, found.id)
        known = short(self._connection, self._sight, entity)
        return Party(found.name, known.key if known else None), entity


def _meeting(cable: Cable, meeting: Meeting, parties: dict[str, Party], chief: Party | None) -> MeetingRow:
    unit = cable.units[meeting.unit]
    return MeetingRow(
        mrn=cable.mrn,
        sent=cable.sent.isoformat().replace("+00:00", "Z") if cable.sent else None,
        post=cable.post,
        unit=meeting.unit,
        number=unit.number,
        date=meeting.date,
        until=meeting.until,
        kind=meeting.kind,
        status=meeting.status,
        participants=tuple(parties[label] for label in meeting.participants),
        staff=meeting.staff,
        chief=chief,
        place=parties.get(meeting.place or ""),
        score=meeting.score,
        text=unit.text[meeting.start : meeting.end],
    )


def _statement(cable: Cable, statement: Statement, parties: dict[str, Party], chief: Party | None) -> StatementRow:
    unit = cable.units[statement.unit]
    said = statement.content_start is not None and unit.text[statement.content_start : statement.content_end]
    named = parties.get(statement.addressee or "")
    return StatementRow(
        mrn=cable.mrn,
        sent=cable.sent.isoformat().replace("+00:00", "Z") if cable.sent else None,
        post=cable.post,
        unit=statement.unit,
        number=unit.number,
        source=parties[statement.source],
        cue=statement.cue,
        content=said or None,
        addressee=named.name if named else statement.addressee,
        chief=chief,
        within=parties.get(statement.within or ""),
        quoted=statement.quoted,
        denied=statement.denied,
        voice=statement.voice,
        score=statement.score,
        text=unit.text[statement.start : statement.end],
    )


def _cables(
    connection: sqlite3.Connection, wanted: Wanted, table: str, clearance: Clearance
) -> Iterator[tuple[Cable, dict[str, Party], _Chosen | None]]:
    """The cables that can have a row, as the reader sees them, each with its parties and what is asked for."""
    sight = sight_of(connection, clearance)
    entities = _entities(connection, sight, wanted.entity)
    keys: dict[int | None, str | None] = {None: None}
    hidden = frozenset() if clearance.protected else protecting_cables(connection)
    for cable_id in _cable_ids(connection, wanted, table, entities):
        if cable_id in hidden:
            continue
        cable = visible(read_cable(connection, cable_id, with_raw=False), clearance)
        rows = connection.execute(
            "SELECT label, entity_id FROM cable_entities WHERE cable_id = ?", (cable_id,)
        ).fetchall()
        for entity_id in {row["entity_id"] for row in rows} - keys.keys():
            known = short(connection, sight, entity_id)
            keys[entity_id] = known.key if known else None
        whose = {row["label"]: row["entity_id"] for row in rows}
        parties = {entity.id: Party(entity.name, keys[whose.get(entity.id)]) for entity in cable.entities}
        labels = frozenset(label for label, entity_id in whose.items() if entity_id in entities)
        yield cable, parties, _Chosen(entities, labels) if entities else None


def _cable_ids(connection: sqlite3.Connection, wanted: Wanted, table: str, entities: frozenset[int]) -> list[int]:
    conditions = [f"id IN (SELECT cable_id FROM units WHERE id IN (SELECT unit_id FROM {table}))"]  # noqa: S608  # ours
    values: list[str] = []
    if entities:
        listed = ", ".join(map(str, sorted(entities)))
        named = f"id IN (SELECT cable_id FROM cable_entities WHERE entity_id IN ({listed}))"  # noqa: S608  # numbers
        meant = officers.cables_meeting_chief(connection, entities) if table == "meetings" else ()
        conditions.append(f"({named} OR id IN ({', '.join(map(str, meant))}))")
    if wanted.post:
        conditions.append("post_code = ?")
        values.append(_post(wanted.post))
    for written, side, compared in ((wanted.since, 0, ">="), (wanted.until, 1, "<=")):
        if written:
            conditions.append(f"substr(sent, 1, 10) {compared} ?")
            values.append(_day(written, side))
    query = f"SELECT id FROM cables WHERE {' AND '.join(conditions)} ORDER BY sent, id"  # noqa: S608  # our own names
    return [row[0] for row in connection.execute(query, values)]


def _entities(connection: sqlite3.Connection, sight: Sight, written: str | None) -> frozenset[int]:
    """The entities of this name or key; empty where none is asked for."""
    if written is None:
        return frozenset()
    found = frozenset(each.id for each in entities_known(connection, sight, written))
    if not found:
        near = names_near(connection, sight, written)
        remedy = f"near are {', '.join(near)}" if near else "find it with reftel entity or reftel search"
        raise InputError(written, "no entity of the archive has this name", remedy)
    return found


def _post(written: str) -> str:
    code = post_code(written)
    if code is None:
        raise InputError(written, "no such post", "name it as cables do, Embassy Baghdad or BAGHDAD")
    return code


def _day(written: str, side: int) -> str:
    found = day_range(written)
    if found is None:
        raise InputError(written, "not a date", "write 2009, 2009-01 or 2009-01-26")
    return found[side].isoformat()
