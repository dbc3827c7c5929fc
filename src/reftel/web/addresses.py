"""Where a cable's page is: by its number; of several cables with one number, and without a number, by its id too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from reftel.archive.cables import cable_ids
from reftel.web.cut import see

if TYPE_CHECKING:
    import sqlite3

    from reftel.web.cut import Seen
    from reftel.web.visit import Visit

_MARK = "~"
NO_CABLE = "There is no such cable in this archive, or nothing of it that you may see."


def cable_address(mrn: str | None, cable_id: int, *, is_only: bool = True) -> str:
    """The address of a cable's page."""
    return f"/cable/{mrn}" if mrn and is_only else f"/cable/{mrn or ''}{_MARK}{cable_id}"


def address_of(visit: Visit, cable_id: int) -> str:
    """The same, for a cable of which only the id is known; others with its number count where they may be seen."""
    row = visit.archive.execute(
        "SELECT mrn, (SELECT count(*) FROM cables AS twin WHERE twin.mrn = cables.mrn"  # noqa: S608  # our own names
        f" AND {visit.sight.cables('twin.id')}) FROM cables WHERE id = ?",
        (cable_id,),
    ).fetchone()
    return cable_address(row[0], cable_id, is_only=row[1] == 1)


def anchor(visit: Visit, cable_id: int, position: int, number: int | None) -> str:
    """The permalink of a paragraph in its cable's page, as the reader sees it: the second with a number is `par3-2`."""
    if number is None:
        return f"unit{position}"
    before = visit.archive.execute(
        f"SELECT count(*) FROM units WHERE cable_id = ? AND number = ? AND position < ? AND {visit.sight.units()}",  # noqa: S608  # ours
        (cable_id, number, position),
    ).fetchone()[0]
    return f"par{number}-{before + 1}" if before else f"par{number}"


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
