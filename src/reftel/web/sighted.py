"""Entities of the archive as the reader of a page sees them: `reftel.archive.told`, for a visit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reftel.archive import told as archived
from reftel.web.pages import entity_address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reftel.archive.told import Brief, Told
    from reftel.web.visit import Visit


def told(visit: Visit, entity_id: int) -> Told | None:
    """The entity, None where the reader sees no mention of it, or there is none."""
    return archived.told(visit.archive, visit.sight, entity_id)


def brief(visit: Visit, entity_id: int) -> Brief | None:
    """The same, as a list tells of it."""
    return archived.brief(visit.archive, visit.sight, entity_id)


def sees_all(visit: Visit, entity_id: int) -> bool:
    """Whether nothing of an entity is kept from the reader."""
    return archived.sees_all(visit.archive, visit.sight, entity_id)


def protects_any(visit: Visit) -> bool:
    """Whether names are kept from the reader because cables ask to protect them."""
    masked = "SELECT EXISTS (SELECT 1 FROM temp.masked)"
    return not visit.sight.protected and bool(visit.archive.execute(masked).fetchone()[0])


def by_name(visit: Visit, written: str) -> Told | None:
    """The entity that an address names, as the reader sees it; a key that tells more than that leads nowhere."""
    view = archived.known_as(visit.archive, visit.sight, written)
    return archived.fully_counted(visit.archive, visit.sight, view) if view else None


def named(visit: Visit, written: str) -> list[Told]:
    """The entities that the reader sees under just this name, those in the most cables first."""
    return archived.called(visit.archive, visit.sight, written)


def link(visit: Visit, entity_id: int | None) -> dict[str, Any] | None:
    """What a list shows of an entity: name, type, address, key."""
    view = archived.short(visit.archive, visit.sight, entity_id)
    if view is None:
        return None
    return {"name": view.name, "type": view.type, "address": entity_address(view.key), "key": view.key}


def links(visit: Visit, ids: Iterable[int | None]) -> list[dict[str, Any]]:
    """The links of several, those that are not told left out."""
    return [found for each in ids if (found := link(visit, each))]


def members(visit: Visit, entity_id: int) -> list[int]:
    """The ids of the cables in which the reader sees it, the latest first."""
    return archived.members(visit.archive, visit.sight, entity_id)


def some_members(visit: Visit, entity_id: int, count: int) -> list[int]:
    """The ids of so many of them, those that came into the archive last."""
    return archived.some_members(visit.archive, visit.sight, entity_id, count)


def roles(visit: Visit, entity: Told) -> list[dict[str, Any]]:
    """Its roles with the first and the last cable that gives it."""
    return archived.roles(visit.archive, visit.sight, entity.id)
