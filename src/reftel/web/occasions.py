"""Meetings and statements as lists: what the reader may see of them, with filters, a page at a time.

A row is there where its sentence may be seen. A name that is masked or told only in hidden text is not given; a
statement whose source is hidden is not there. The day of a meeting may be told in hidden text: to who does not see
everything, meetings are in the order in which their cables were sent.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from starlette.exceptions import HTTPException

from reftel.archive.protection import hidden_spans, mask
from reftel.archive.rows import from_list
from reftel.archive.visible import staff_told, tells_of_day
from reftel.model import MeetingKind, MeetingStatus
from reftel.tables import post_of
from reftel.web.lines import protects
from reftel.web.sighted import by_name, link
from reftel.web.sighted import named as bearers_of

if TYPE_CHECKING:
    import sqlite3

    from reftel.web.visit import Visit

PAGE = 30
KINDS: tuple[str, ...] = get_args(MeetingKind)
STATUSES: tuple[str, ...] = get_args(MeetingStatus)
VOICES = ("account", "comment")
_DATE = "coalesce(meetings.date, substr(cables.sent, 1, 10), '')"
_BY_STATEMENTS = (
    "statements JOIN units ON units.id = statements.unit_id JOIN cables ON cables.id = units.cable_id"
    " JOIN cable_entities AS source ON source.id = statements.source_id"
)
# CROSS JOIN has SQLite begin with the cables, which are there in the order that is asked for.
_BY_CABLES = (
    "cables CROSS JOIN units ON units.cable_id = cables.id CROSS JOIN statements ON statements.unit_id = units.id"
    " CROSS JOIN cable_entities AS source ON source.id = statements.source_id"
)
_LONGEST = 700  # characters of a sentence
_FEW = 1000  # statements that are all looked at for the latest
_LAST = 2**62  # no id is so high


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where the next ones begin."""

    rows: list[dict[str, Any]]
    next: str | None


def meetings(visit: Visit, *, entity: int | None = None, count: int = PAGE, among: list[int] | None = None) -> Page:
    """The meetings that the address asks for, or those of an entity, the latest first; `among` are ids of cables."""
    conditions, values = _meeting_conditions(visit, entity, is_narrow=among is not None)
    conditions += _among(among)
    after = _after(visit.given("after"))
    date = _date(visit)
    if after:
        conditions.append(f"({date}, meetings.id) < (?, ?)")
        values += after
    where = " AND ".join([*conditions, visit.sight.units()])
    found = visit.archive.execute(
        f"SELECT meetings.*, {date} AS day, units.cable_id, units.position, units.number, units.text, cables.mrn,"  # noqa: S608  # ours
        " cables.sent, cables.post FROM meetings JOIN units ON units.id = meetings.unit_id"
        f" JOIN cables ON cables.id = units.cable_id WHERE {where} ORDER BY day DESC, meetings.id DESC LIMIT ?",
        (*values, count + 1),
    ).fetchall()
    rows = [_meeting(visit, row) for row in found[:count]]
    return Page(rows, _cursor(found[count - 1]["day"], found[count - 1]["id"]) if len(found) > count else None)


def statements(
    visit: Visit,
    *,
    by: int | None = None,
    about: int | None = None,
    count: int = PAGE,
    among: list[int] | None = None,
) -> Page:
    """The statements that the address asks for, or those by or about an entity; the latest first, as meetings are."""
    conditions, values = _statement_conditions(visit, by, about, is_narrow=among is not None)
    conditions += _among(among)
    after = _after(visit.given("after"))
    if after:
        conditions += ["coalesce(cables.sent, '') <= ?", "(coalesce(cables.sent, ''), statements.id) < (?, ?)"]
        values += [after[0], *after]
    hidden = "1" if visit.sight.is_full else visit.sight.party("source", "statements.unit_id")
    where = " AND ".join([*conditions, visit.sight.units(), hidden])
    is_any = not {by, about, *map(visit.given, ("by", "about"))} - {None, ""}
    joined = _BY_CABLES if is_any and _are_many(visit) else _BY_STATEMENTS
    found = visit.archive.execute(
        "SELECT statements.*, coalesce(cables.sent, '') AS day, units.cable_id, units.position, units.number,"  # noqa: S608  # ours
        f" units.text, cables.mrn, cables.sent, cables.post, source.entity_id FROM {joined}"
        f" WHERE {where} ORDER BY cables.sent DESC, statements.id DESC LIMIT ?",
        (*values, count + 1),
    ).fetchall()
    rows = [_statement(visit, row) for row in found[:count]]
    return Page(rows, _cursor(found[count - 1]["day"], found[count - 1]["id"]) if len(found) > count else None)


def _are_many(visit: Visit) -> bool:
    """Whether so many statements are there that the latest are sooner found by going through the latest cables."""
    some = visit.archive.execute("SELECT count(*) FROM (SELECT 1 FROM statements LIMIT ?)", (_FEW,)).fetchone()
    return bool(some[0] == _FEW)


def note_list(visit: Visit, which: str) -> None:
    """Write into the log that a list was looked through, and for what."""
    visit.note("searched", f"{which}?{visit.request.url.query}")


def named(visit: Visit, name: str) -> int | None:
    """The entity that a filter names, by key, `~` and id, or any of its names; None where it is empty. 400 for none."""
    written = visit.given(name)
    if not written:
        return None
    view = by_name(visit, written) or next(iter(bearers_of(visit, written)), None)
    if view is None:
        raise HTTPException(400, f"Nobody and nothing is called “{written}” here. Try a name from the list of names.")
    return view.id


def _meeting_conditions(visit: Visit, entity: int | None, *, is_narrow: bool) -> tuple[list[str], list[Any]]:
    """`is_narrow`: few cables are looked at, so that it is faster to try each meeting than to find all of an entity."""
    conditions, values = _common(visit, _date(visit))
    for each in (entity, named(visit, "entity") if entity is None else None, named(visit, "with")):
        if each is not None:
            own = f"own.entity_id = ? AND {visit.sight.party('own', 'met.unit_id')}"
            people = (
                "FROM participants JOIN cable_entities AS own ON own.id = participants.cable_entity_id"
                " JOIN meetings AS met ON met.id = participants.meeting_id"
            )
            conditions.append(
                f"EXISTS (SELECT 1 {people} WHERE participants.meeting_id = meetings.id AND +{own})"  # ours
                if is_narrow
                else f"meetings.id IN (SELECT meeting_id {people} WHERE {own})"  # ours
            )
            values.append(each)
    place = named(visit, "place")
    if place is not None:
        seen = visit.sight.party("own", "meetings.unit_id")
        conditions.append(f"place_id IN (SELECT id FROM cable_entities AS own WHERE own.entity_id = ? AND {seen})")  # noqa: S608  # ours
        values.append(place)
    for column, allowed in (("kind", KINDS), ("status", STATUSES)):
        if visit.given(column) in allowed:
            conditions.append(f"meetings.{column} = ?")
            values.append(visit.given(column))
    if not visit.given("status") and entity is None:
        conditions.append("meetings.status = 'held'")
    return conditions, values


def _statement_conditions(
    visit: Visit, by: int | None, about: int | None, *, is_narrow: bool
) -> tuple[list[str], list[Any]]:
    conditions, values = _common(visit, "substr(cables.sent, 1, 10)")
    is_asked = by is None and about is None
    source = named(visit, "by") if is_asked else by
    if source is not None:
        # The sign keeps SQLite from beginning with all cables of an entity where few are looked at.
        told = visit.sight.party("source", "statements.unit_id")
        conditions += [f"{'+' if is_narrow else ''}source.entity_id = ?", told]
        values.append(source)
    subject = named(visit, "about") if is_asked else about
    if subject is not None:
        conditions.append(
            "EXISTS (SELECT 1 FROM mentions JOIN cable_entities AS own ON own.id = mentions.cable_entity_id"  # noqa: S608  # ours
            " WHERE mentions.unit_id = statements.unit_id AND +own.entity_id = ? AND own.id <> statements.source_id"
            f" AND mentions.start >= content_start AND mentions.end <= content_end AND {visit.sight.entity('own')})"
        )
        values.append(subject)
        if not is_narrow:  # else it would be looked for in every statement of the archive
            conditions.append("units.cable_id IN (SELECT cable_id FROM cable_entities WHERE entity_id = ?)")
            values.append(subject)
    if visit.given("voice") in VOICES:
        conditions.append("voice = ?")
        values.append(visit.given("voice"))
    conditions += [name for name in ("quoted", "denied") if visit.given(name) == "1"]
    if visit.given("q"):
        conditions.append(
            "substr(units.text, statements.start + 1, statements.end - statements.start) LIKE ? ESCAPE '\\'"
        )
        values.append(_like(visit.given("q")))
        if not visit.sight.protected:
            conditions.append(_NO_PROTECTED)
    return conditions, values


# Words are not looked for where a masked name could be one of them.
_NO_PROTECTED = (
    "NOT EXISTS (SELECT 1 FROM units AS other JOIN protected ON protected.unit_id = other.id"
    " WHERE other.cable_id = cables.id)"
)


def _among(cables: list[int] | None) -> list[str]:
    """Only in these cables; the numbers are ours."""
    return [] if cables is None else [f"units.cable_id IN ({', '.join(map(str, cables))})"]


def _common(visit: Visit, date: str) -> tuple[list[str], list[Any]]:
    """The filters that both have: post and dates."""
    conditions, values = ["1"], []
    if visit.given("post"):
        at = post_of(visit.given("post"))
        conditions.append("cables.post_code = ?")
        values.append(at.code if at else visit.given("post").upper())
    for name, sign, rest in (("from", ">=", ""), ("to", "<=", "~")):
        if visit.given(name):
            conditions.append(f"{date} {sign} ?")
            values.append(visit.given(name) + rest)  # "~" stands behind all digits, so that 2009 takes in its days
    return conditions, values


def _date(visit: Visit) -> str:
    """By what meetings are in order, and found."""
    return _DATE if visit.sight.is_full else "coalesce(substr(cables.sent, 1, 10), '')"


def _meeting(visit: Visit, row: sqlite3.Row) -> dict[str, Any]:
    people = visit.archive.execute(
        "SELECT cable_entity_id FROM participants WHERE meeting_id = ? ORDER BY position", (row["id"],)
    )
    sentence = row["text"][row["start"] : row["end"]]
    is_whole = visit.sight.is_full or _is_whole(visit, row["cable_id"])
    tells_day = is_whole or (row["date"] and tells_of_day(sentence, row["date"], row["until"]))
    staff = from_list(row["staff"])
    return {
        **_placed(visit, row),
        "date": row["date"] if tells_day else None,
        "until": row["until"] if tells_day else None,
        "kind": row["kind"],
        "status": row["status"],
        "staff": list(staff if is_whole else staff_told(sentence, staff)),
        "participants": [name for (each,) in people if (name := who(visit, each, row["unit_id"]))],
        "place": who(visit, row["place_id"], row["unit_id"]),
    }


def _is_whole(visit: Visit, cable_id: int) -> bool:
    query = f"SELECT {visit.sight.whole()} FROM cables WHERE id = ?"  # noqa: S608  # ours
    return bool(visit.archive.execute(query, (cable_id,)).fetchone()[0])


def _statement(visit: Visit, row: sqlite3.Row) -> dict[str, Any]:
    base, unit = _placed(visit, row), row["unit_id"]
    content = None
    if row["content_start"] is not None:
        content = [
            max(0, row["content_start"] - row["start"]),
            min(len(base["text"]), row["content_end"] - row["start"]),
        ]
    return {
        **base,
        "source": who(visit, row["source_id"], unit),
        "cue": row["cue"],
        "content": content,
        "addressee": who(visit, row["addressee_id"], unit)
        or ({"name": row["addressee"]} if row["addressee"] else None),
        "quoted": bool(row["quoted"]),
        "denied": bool(row["denied"]),
        "voice": row["voice"],
        "within": who(visit, row["within_id"], unit),
    }


def _placed(visit: Visit, row: sqlite3.Row) -> dict[str, Any]:
    """Where it stands, and its sentence."""
    text = row["text"]
    if not visit.clearance.protected and protects(visit, row["cable_id"]):
        text = mask(text, hidden_spans(visit.archive, row["cable_id"]).get(row["position"], ()))
    return {
        "id": row["id"],
        "mrn": row["mrn"],
        "sent": row["sent"],
        "post": row["post"],
        "cable_id": row["cable_id"],
        "paragraph": row["number"],
        "position": row["position"],
        "text": text[row["start"] : row["end"]][:_LONGEST],
        "score": row["score"],
    }


def who(visit: Visit, cable_entity: int | None, unit: int) -> dict[str, Any] | None:
    """An entity of a cable that has a part in what a unit tells, by the archive's name where that may be told."""
    if cable_entity is None:
        return None
    row = visit.archive.execute(
        f"SELECT name, type, role, entity_id, {visit.sight.party('cable_entities', '?')} AS is_told"  # noqa: S608  # ours
        " FROM cable_entities WHERE id = ?",
        (*([unit] if not visit.sight.is_full else []), cable_entity),
    ).fetchone()
    if row is None or not row["is_told"]:
        return None
    held = link(visit, row["entity_id"]) or ({"address": None, "key": None} if visit.sight.is_full else None)
    if held is None:
        return None
    name = row["name"] if visit.sight.is_full else held["name"]
    return {
        **held,
        "name": held.get("name") or name,
        "type": row["type"],
        "role": row["role"] if visit.sight.is_full else None,
    }


def _like(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _cursor(*place: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _after(written: str) -> list[Any]:
    """The place that a cursor names. Raises 400 for what is none."""
    if not written:
        return []
    try:
        place = json.loads(base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)))
        return [str(place[0]).encode().decode(), min(max(int(place[1]), 0), _LAST)]
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError):
        raise HTTPException(400, "This is no place to go on from.") from None
