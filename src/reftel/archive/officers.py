"""Officers: who headed which mission when, and which of them signed which cable.

Every function that writes expects an open transaction (`store.transaction`). The list of officers has chiefs of
mission only: who signs in their absence (a chargé d'affaires), or at a consulate, is not in it and is not guessed.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from reftel import tables
from reftel.archive.pocom import STATE, Officer, missions
from reftel.archive.rows import from_list

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping

    from reftel.archive.pocom import Tenure

    _Row = Mapping[str, Any] | sqlite3.Row

_NO_LETTER = re.compile(r"[^a-z]")
_SUFFIX = re.compile(r"[\s,]+(?:jr|sr|ii|iii|iv)\.?\s*\Z", re.IGNORECASE)
# Days: a chief signs from the arrival on, which the list seldom has, and a list may end a tenure by the nomination of
# the next; that another of the same surname follows so soon is not known to have happened.
_BEFORE, _AFTER = 120, 120
_SLIP = 0.85  # how alike a misspelt surname must be
_LAST_DAY = "9999-12-31"
_CHIEF = frozenset(
    {"Ambassador", "AMBASSADOR", "Amb", "AMB", "COM", "Chief of Mission"}
)  # small letters may be another's


class Held(NamedTuple):
    """An officer at the head of a mission."""

    officer: Officer
    tenure: str
    title: str
    begun: str
    ended: str | None


def put_officers(connection: sqlite3.Connection, officers: Iterable[Officer], tenures: Iterable[Tenure]) -> None:
    """Write the list over the one that was there; signatures are to be linked anew."""
    connection.execute("UPDATE signers SET officer_id = NULL, tenure_id = NULL")
    for table in ("tenures", "officers"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608  # our own names
    connection.executemany("INSERT INTO officers VALUES (?, ?, ?)", [(o.id, o.name, o.surname) for o in officers])
    connection.executemany(
        "INSERT INTO tenures (id, officer_id, mission, title, begun, ended) VALUES (?, ?, ?, ?, ?, ?)",
        [(t.id, t.officer, t.mission, t.title, t.begun, t.ended) for t in tenures],
    )


def heads_of_post(connection: sqlite3.Connection, post: str | None, code: str | None, sent: str) -> list[Held]:
    """Who headed the post on that day (an ISO date, or time), by the list; several where two tenures meet."""
    return [held for held in _held(connection, missions(post, code)) if _outside(held, sent[:10]) == 0]


def chief_meant(
    connection: sqlite3.Connection, words: Iterable[str], *, post: str | None, code: str | None, sent: str | None
) -> Officer | None:
    """Who "the Ambassador" among these words is: the one chief of the cable's post on its day, by the list."""
    if not sent or missions(post, code) == (STATE,) or not _CHIEF.intersection(words):
        return None
    found = {held.officer for held in heads_of_post(connection, post, code, sent)}
    return found.pop() if len(found) == 1 else None


def cables_meeting_chief(connection: sqlite3.Connection, entities: Iterable[int]) -> list[int]:
    """The cables that tell of a meeting with the Ambassador, who is one of these entities."""
    own = {
        officer
        for entity in entities
        for (officer,) in connection.execute(
            "SELECT s.officer_id FROM signers s JOIN cable_entities ce ON ce.id = s.cable_entity_id"
            " WHERE ce.entity_id = ? AND s.officer_id IS NOT NULL",
            (entity,),
        )
    }
    query = (
        "SELECT DISTINCT c.id, c.post, c.post_code, c.sent, m.staff FROM meetings m JOIN units u ON u.id = m.unit_id"
        " JOIN cables c ON c.id = u.cable_id WHERE m.staff <> '[]' ORDER BY c.id"
    )
    meant = (
        (id_, chief_meant(connection, from_list(staff), post=post, code=code, sent=sent))
        for id_, post, code, sent, staff in (connection.execute(query).fetchall() if own else ())
    )
    return sorted({id_ for id_, officer in meant if officer and officer.id in own})


def entity_of_officer(connection: sqlite3.Connection, officer_id: str) -> int | None:
    """The entity of the archive that an officer is, by what he signed."""
    query = (
        "SELECT ce.entity_id FROM signers s JOIN cable_entities ce ON ce.id = s.cable_entity_id"
        " WHERE s.officer_id = ? AND ce.entity_id IS NOT NULL ORDER BY ce.id LIMIT 1"
    )
    found = connection.execute(query, (officer_id,)).fetchone()
    return found[0] if found else None


def signatory(
    connection: sqlite3.Connection, post: str | None, code: str | None, sent: str, signature: str
) -> Held | None:
    """Who signed: the officer of that surname whose tenure the day is in, or nearest to within some weeks."""
    fits = [
        held
        for held in _held(connection, missions(post, code))
        if _bears(held.officer.surname, signature) and -_BEFORE <= _outside(held, sent[:10]) <= _AFTER
    ]
    return min(fits, key=lambda held: (abs(_outside(held, sent[:10])), held.tenure), default=None)


def signing_entities(connection: sqlite3.Connection) -> list[int]:
    """The entities of cables that signed them, in order."""
    return [
        id_ for (id_,) in connection.execute("SELECT cable_entity_id FROM signers WHERE role IS NOT NULL ORDER BY 1")
    ]


def put_signers(connection: sqlite3.Connection, cable_ids: Iterable[int]) -> None:
    """Say for each of these cables which of its entities signed it, in what role, and which officer that is."""
    for cable_id in cable_ids:
        for row in signers(connection.execute(_SIGNERS, (cable_id,))):
            has_signed = row["kind"] == "signature"
            held = (
                signatory(connection, row["post"], row["post_code"], row["sent"], row["signature"])
                if has_signed and row["sent"] and row["signature"]
                else None
            )
            connection.execute(
                "INSERT OR REPLACE INTO signers VALUES (?, ?, ?, ?)",
                (
                    row["cable_entity_id"],
                    signing_role(row["post"], row["post_code"], held) if has_signed else None,
                    held and held.officer.id,
                    held and held.tenure,
                ),
            )


_SIGNERS = (
    "SELECT DISTINCT m.cable_entity_id, u.kind, ce.name, c.post, c.post_code, c.sent, c.signature,"
    " c.classified_by_name FROM cables c"
    " JOIN units u ON u.cable_id = c.id JOIN mentions m ON m.unit_id = u.id"
    " JOIN cable_entities ce ON ce.id = m.cable_entity_id WHERE c.id = ?"
    " AND u.kind IN ('signature', 'classified_by') AND m.type = 'PER' ORDER BY u.kind"
)


def signers(named: Iterable[_Row]) -> list[_Row]:
    """Of the persons named in the lines that sign and classify cables (rows, by their `kind`) those who do.

    Whoever signed and classified a cable stands there once, for having signed.
    """
    rows = {row["cable_entity_id"]: row for row in named}.values()
    return [row for row in rows if row["kind"] != "classified_by" or _is_classifier(row)]


def _is_classifier(row: _Row) -> bool:
    """Whether a person named in the line that classifies the cable is the one it names as its classifier."""
    last = _letters((row["name"].split() or [""])[-1])
    return bool(last) and last in _letters(row["classified_by_name"] or "")


def signing_role(post: str | None, code: str | None, held: Held | None = None) -> str:
    """What signing a post's cables makes one: its head, or whoever stands in, where no list tells."""
    known = (tables.post_named(post) if post else None) or (tables.post(code) if code else None)
    at = known.name if known else post
    if at is None:
        return "signatory"
    if missions(post, code) == (STATE,):
        return "Secretary of State" if held else "Secretary of State, or acting"
    head = "principal officer" if known and known.kind in {"consulate", "office"} else "chief of mission"
    return f"{head}, {at}" if held else f"{head} or chargé, {at}" if head == "chief of mission" else f"{head}, {at}"


def _held(connection: sqlite3.Connection, of: tuple[str, ...]) -> Iterator[Held]:
    """The tenures at these missions, by their beginning."""
    query = (
        "SELECT o.id, o.name, o.surname, t.id, t.title, t.begun, t.ended FROM tenures t JOIN officers o"
        " ON o.id = t.officer_id WHERE t.mission = ? ORDER BY t.begun, t.id"
    )
    for mission in of:
        rows = connection.execute(query, (mission,)).fetchall()
        for row, following in zip_longest(rows, rows[1:]):
            id_, name, surname, tenure, title, begun, ended = row
            # A tenure whose end the list does not have ended with the next one.
            ended = ended or (following["begun"] if following else None)
            yield Held(Officer(id_, name, surname), tenure, title, begun, ended)


def _outside(held: Held, day: str) -> int:
    """Days from the tenure to a day, negative before it; a date without day or month covers all that it may be."""
    begun, ended, on = _first_day(held.begun), _last_day(held.ended or _LAST_DAY), date.fromisoformat(day)
    return (on - begun).days if on < begun else max((on - ended).days, 0)


def _first_day(written: str) -> date:
    return date.fromisoformat((written + "-01-01")[:10] if len(written) < 10 else written[:10])


def _last_day(written: str) -> date:
    return date.fromisoformat((written + "-12-28")[:10] if len(written) < 7 else (written + "-28")[:10])


def _bears(surname: str, signature: str) -> bool:
    """Whether a signature is a surname, perhaps with a given name before it, or misspelt."""
    signed, own = _letters(_SUFFIX.sub("", signature)), _letters(surname)
    if not signed or not own:
        return False
    last = _letters(_SUFFIX.sub("", signature).split()[-1])
    return own in {signed, last} or (len(own) > 4 and SequenceMatcher(None, signed, own).ratio() >= _SLIP)


def _letters(written: str) -> str:
    return _NO_LETTER.sub("", unicodedata.normalize("NFKD", written).casefold())
