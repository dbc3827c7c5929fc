"""Where a cable's page is: by its number; of several cables with one number, and without a number, by its id too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from reftel.archive.cables import cable_ids
from reftel.web.cut import see

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from reftel.web.cut import Seen
    from reftel.web.visit import Visit

_MARK = "~"
NO_CABLE = "There is no such cable in this archive, or nothing of it that you may see."


def cable_address(mrn: str | None, cable_id: int, *, is_only: bool = True) -> str:
    """The address of a cable's page."""
    return f"/cable/{mrn}" if mrn and is_only else f"/cable/{mrn or ''}{_MARK}{cable_id}"


def address_of(visit: Visit, cable_id: int) -> str:
    """The same, for a cable of which only the id is known; others with its number count where they may be seen."""
    return addresses_of(visit, [cable_id])[cable_id]


def addresses_of(visit: Visit, cable_ids: Iterable[int]) -> dict[int, str]:
    """The addresses of several, by their ids."""
    rows = visit.archive.execute(
        "SELECT id, mrn, (SELECT count(*) FROM cables AS twin WHERE twin.mrn = cables.mrn"  # noqa: S608  # our own names
        f" AND {visit.sight.cables('twin.id')}) FROM cables WHERE id IN ({', '.join(map(str, cable_ids))})"
    )
    return {number: cable_address(mrn, number, is_only=bearers == 1) for number, mrn, bearers in rows}


def anchors(visit: Visit, places: Sequence[tuple[int, int, int | None]]) -> list[str]:
    """The permalinks of paragraphs in their cables' pages as the reader sees them; the second of a number is `par3-2`.

    A place is a cable's id, a unit's position, and the paragraph's number.
    """
    numbered = [each for each in places if each[2] is not None]
    before = iter(_before(visit, numbered) if numbered else ())
    return [f"unit{unit}" if number is None else _anchor(number, next(before)) for _, unit, number in places]


def _anchor(number: int, before: int) -> str:
    return f"par{number}-{before + 1}" if before else f"par{number}"


def _before(visit: Visit, places: Sequence[tuple[int, int, int | None]]) -> list[int]:
    """How many paragraphs with its number the reader sees before each."""
    given = ", ".join(["(?, ?, ?, ?)"] * len(places))
    rows = visit.archive.execute(
        f"WITH asked (place, cable, unit, number) AS (VALUES {given}) SELECT (SELECT count(*) FROM units"  # noqa: S608  # ours
        f" WHERE cable_id = asked.cable AND number = asked.number AND position < asked.unit AND {visit.sight.units()})"
        " FROM asked ORDER BY place",
        [value for place, each in enumerate(places) for value in (place, *each)],
    )
    return [count for (count,) in rows]


def find(visit: Visit, *, with_raw: bool = False) -> Seen:
    """The cable that the address names, as the reader sees it. Raises 404 where there is none to be seen."""
    for cable_id in _ids(visit.archive, visit.path("cable")):
        seen = see(visit, cable_id, with_raw=with_raw)
        if seen is not None:
            return seen
    raise HTTPException(404, NO_CABLE)


def _ids(connection: sqlite3.Connection, written: str) -> list[int]:
    _, mark, number = written.rpartition(_MARK)
    if not mark:
        return cable_ids(connection, written)
    return [int(number)] if number.isdecimal() and len(number) < 16 else []
