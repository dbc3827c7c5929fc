"""The entities that another may be one with: those that a name means, and, unasked, those with a name that is near.

Only what the reader is told counts: an entity is offered for a name that the reader sees it under, never for another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from reftel.pipeline.resolving import sounding
from reftel.resolve.names import similarity
from reftel.resolve.records import Record, blocks, person_name
from reftel.resolve.spelling import is_slip
from reftel.web.entity import listed
from reftel.web.pages import TYPES
from reftel.web.sighted import by_name, told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reftel.archive.told import Told
    from reftel.model import MentionType
    from reftel.web.visit import Visit

_OFFERED = 12
_LOOKED_AT = 40  # entities, those in the most cables first
_NAMES = 5  # of an entity, the most frequent
_SHORTEST = 2
_AS_WRITTEN, _AS_BEGUN, _WORD_BEGUN, _SPELT, _SURNAME = 2.0, 1.5, 1.0, 0.9, 0.2
_OTHER_TYPE = 1.0  # what an entity of another type is behind those of the same


def meant(visit: Visit, entity: Told, written: str) -> list[Told]:
    """The entities but this one that a key means, a name, the beginning of a word of one, another spelling."""
    if len(written) < _SHORTEST:
        return []
    keyed = by_name(visit, written)
    begun = [view for kind in TYPES for view in listed(visit, kind, written, count=_OFFERED)[0]]
    spelt = _told(visit, [*sounding(visit.archive, visit.sight, written), *_with_word(visit, written)])
    ranked = {view.id: (_meaning(written, view), view) for view in (*begun, *spelt)}
    found = [view for score, view in sorted(ranked.values(), key=_order) if score > 0]
    return _others(entity, [*([keyed] if keyed else []), *found])


def near(visit: Visit, entity: Told) -> list[Told]:
    """The entities with a name in another spelling, shorter or longer, or with the same surname, the nearest first."""
    names = [name for name, _ in entity.names[:_NAMES]]
    sought = {*names, *(name for each in names if entity.type == "PER" and (name := person_name(each).surname))}
    views = _told(visit, [id_ for written in sorted(sought) for id_ in _of_name(visit, written)])
    ranked = [(_nearness(names, entity.type, view), view) for view in views]
    return _others(entity, [view for score, view in sorted(ranked, key=_order) if score > 0])


def _with_word(visit: Visit, begun: str) -> list[int]:
    """The ids of the entities with a name in which a word begins so; every name is looked at."""
    query = "SELECT DISTINCT entity_id FROM aliases WHERE instr(' ' || lower(name), ' ' || lower(?))"
    return [row[0] for row in visit.archive.execute(query, (begun,))]


def _of_name(visit: Visit, written: str) -> list[int]:
    """The ids of the entities called so, or so in another spelling, whatever the reader sees of them."""
    query = "SELECT DISTINCT entity_id FROM aliases WHERE name = ? COLLATE NOCASE"
    return [
        *(row[0] for row in visit.archive.execute(query, (written,))),
        *sounding(visit.archive, visit.sight, written),
    ]


def _told(visit: Visit, ids: Iterable[int]) -> list[Told]:
    """Those of them that are in the most cables, as the reader sees them."""
    among = ", ".join(map(str, sorted(set(ids))))
    rows = visit.archive.execute(
        f"SELECT id FROM entities WHERE id IN ({among}) AND EXISTS (SELECT 1 FROM cable_entities AS own"  # noqa: S608  # ours
        f" WHERE own.entity_id = entities.id AND {visit.sight.entity('own')}) ORDER BY cables DESC, id LIMIT ?",
        (_LOOKED_AT,),
    )
    return [view for row in rows.fetchall() if (view := told(visit, row[0]))]


def _others(entity: Told, views: Iterable[Told]) -> list[Told]:
    return list({view.id: view for view in views if view.id != entity.id}.values())[:_OFFERED]


def _order(ranked: tuple[float, Told]) -> tuple[float, int, int]:
    score, view = ranked
    return -score, -view.cables, view.id


def _meaning(written: str, view: Told) -> float:
    """How well what was typed means the entity, by the names that the reader sees; 0 for not at all."""
    begun = written.casefold()
    names = [name.casefold() for name, _ in view.names]
    is_begun, has_word = any(name.startswith(begun) for name in names), any(f" {begun}" in name for name in names)
    least = _AS_BEGUN if is_begun else _WORD_BEGUN if has_word else 0.0
    return max(least, *(_likeness(written, name, view.type) for name, _ in view.names))


def _nearness(names: Iterable[str], kind: str, view: Told) -> float:
    """How near the names that the reader sees are, at best; of another type only the same name is near."""
    likeness = max(_likeness(one, other, view.type) for one in names for other, _ in view.names)
    return likeness - (0 if view.type == kind else _OTHER_TYPE)


def _likeness(one: str, other: str, kind: str) -> float:
    """How near two names are, as names of persons or of other things; 0 for not at all."""
    if one.casefold() == other.casefold():
        return _AS_WRITTEN
    if kind != "PER":
        return _SPELT if _sounds(one, kind) & _sounds(other, kind) else 0.0
    first, second = person_name(one), person_name(other)
    if not (first.keys and second.keys):
        return 0.0
    is_of_family = is_slip(first.keys[-1], second.keys[-1])
    return similarity(first, second) or (_SURNAME if is_of_family else 0.0)


def _sounds(name: str, kind: str) -> set[str]:
    return set(blocks(Record(0, 0, cast("MentionType", kind), name)))
