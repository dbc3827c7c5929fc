"""A cable as a line of a list, with no more in it than its reader may see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reftel.web.addresses import address_of
from reftel.web.cut import see

if TYPE_CHECKING:
    from reftel.web.visit import Visit


def line_of(visit: Visit, cable_id: int) -> dict[str, Any] | None:
    """What a list shows of a cable: number, day, post, and the subject where it may be seen."""
    row = visit.archive.execute(
        "SELECT id, mrn, sent, post, classification FROM cables WHERE id = ?", (cable_id,)
    ).fetchone()
    if row is None:
        return None
    return {**dict(row), "address": address_of(visit, cable_id), "subject": subject_of(visit, cable_id)}


def subject_of(visit: Visit, cable_id: int) -> str:
    """The subject as the reader may see it; a cable that protects a name is read whole for it, to be masked."""
    held = visit.archive.execute(
        "SELECT subject FROM cables WHERE id = ?1 AND EXISTS (SELECT 1 FROM units WHERE cable_id = ?1"  # noqa: S608  # ours
        f" AND kind = 'subject' AND {visit.sight.units()})",
        (cable_id,),
    ).fetchone()
    if held is None:
        return ""
    if visit.clearance.protected or not protects(visit, cable_id):
        return str(held[0] or "")
    seen = see(visit, cable_id)
    return seen.cable.subject or "" if seen else ""


def protects(visit: Visit, cable_id: int) -> bool:
    """Whether the cable has a name to be protected."""
    query = "SELECT EXISTS (SELECT 1 FROM units JOIN protected ON protected.unit_id = units.id WHERE cable_id = ?)"
    return bool(visit.archive.execute(query, (cable_id,)).fetchone()[0])
