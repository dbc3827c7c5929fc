"""The page of an entity, and the list of all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from reftel.archive.search import Filters, search
from reftel.web import occasions, sighted
from reftel.web.company import READ, company, network
from reftel.web.histogram import histogram
from reftel.web.meetings import with_places
from reftel.web.pages import TYPES, entity_address, part, with_parameters
from reftel.web.search import shown_hits
from reftel.web.worldmap import Spot, world_map

if TYPE_CHECKING:
    from starlette.responses import Response

    from reftel.archive.search import Results
    from reftel.archive.told import Brief, Told
    from reftel.web.company import Companion
    from reftel.web.visit import Visit

_SOME = 8  # cables, meetings, statements on the page
_LISTED = 60
_LAST_LETTER = chr(0x10FFFF)
_NO_ENTITY = "Nobody and nothing has this address in this archive, or nothing that you may see."


def entity_page(visit: Visit) -> Response:
    """Who that is, under which names, when, where, with whom, what they said."""
    entity = entity_of(visit)
    visit.note("read", entity.key)
    # Everything on the page may be narrowed by the address: meetings and statements have filters of their own.
    name = ("entity", entity.id, visit.request.url.query, visit.user.corrects)
    told = visit.keep(name, lambda: part("_entity.html", _shown(visit, entity)))
    return visit.page("entity.html", entity=entity, told=told)


def _shown(visit: Visit, entity: Told) -> dict[str, Any]:
    """What the page tells of the entity."""
    kind = visit.given("type") if visit.given("type") in TYPES else ""
    companions, places = company(visit, entity, kind=kind)
    results = search(
        visit.archive,
        "",
        filters=Filters(entity=(filter_of(entity),)),
        count=_SOME,
        clearance=visit.clearance,
        with_facets="years",
        excerpts=0,
    )
    some = sighted.some_members(visit, entity.id, READ) if entity.cables > READ else None
    return {
        "entity": entity,
        "corrects": visit.user.corrects,
        "roles": _with_spans(sighted.roles(visit, entity)),
        "chart": _chart(entity, results),
        "kind": kind,
        "companions": companions,
        "net": network(entity, companions, places),
        "read": READ,
        "map": world_map(_spots(entity, companions)),
        "meetings": with_places(visit, occasions.meetings(visit, entity=entity.id, count=_SOME, among=some).rows),
        "said": with_places(visit, occasions.statements(visit, by=entity.id, count=_SOME, among=some).rows),
        "about": with_places(visit, occasions.statements(visit, about=entity.id, count=_SOME, among=some).rows),
        "hits": shown_hits(visit, results.hits),
    }


def entities_page(visit: Visit) -> Response:
    """The names of the archive, the most frequent first; `q` finds those that begin so."""
    kind = visit.given("type") if visit.given("type") in TYPES else "PER"
    begun = visit.given("q")
    at = visit.number("page", default=1, least=1, most=10_000)
    found, is_more = listed(visit, kind, begun, count=_LISTED, offset=(at - 1) * _LISTED)
    more = with_parameters("/entities", type=kind, q=begun, page=at + 1) if is_more else ""
    return visit.page("entities.html", kind=kind, begun=begun, entities=found, more=more, at=at)


def entity_of(visit: Visit) -> Told:
    """The entity of the address. Raises 404 where there is none to be seen."""
    entity = sighted.by_name(visit, visit.path("key"))
    if entity is None:
        raise HTTPException(404, _NO_ENTITY)
    return entity


def listed(visit: Visit, kind: str, begun: str, *, count: int, offset: int = 0) -> tuple[list[Told], bool]:
    """Entities of a type with names that begin so, and whether there are more; those in the most cables first.

    For who does not see everything that order would tell how often hidden text has a name: he has those first that came
    into the archive first, or, of names that begin so, in the order of the alphabet, the most frequent of a page first.
    """
    values: tuple[Any, ...] = (kind, begun, begun + _LAST_LETTER) if begun else (kind,)
    rows = visit.archive.execute(_list_query(visit, begun=bool(begun)), (*values, count + 1, offset)).fetchall()
    ids = dict.fromkeys(row[0] for row in rows[:count])
    views = [view for entity_id in ids if (view := sighted.told(visit, entity_id))]
    begins = begun.casefold()
    kept = [view for view in views if not begun or any(name.casefold().startswith(begins) for name, _ in view.names)]
    return sorted(kept, key=lambda view: -view.cables), len(rows) > count


def _list_query(visit: Visit, *, begun: bool) -> str:
    """The ids of entities that are told. The sign keeps SQLite from an index that has all of them put in order."""
    is_full = visit.sight.is_full
    own = f"own.entity_id = entities.id AND {visit.sight.entity('own')}"
    seen = f"EXISTS (SELECT 1 FROM cable_entities AS own WHERE {own})"  # noqa: S608  # our own names
    if not begun:
        kind, order = ("type", "cables DESC, id") if is_full else ("+type", "id")
        return f"SELECT id FROM entities WHERE {kind} = ? AND {seen} ORDER BY {order} LIMIT ? OFFSET ?"  # noqa: S608  # ours
    last = "GROUP BY entities.id ORDER BY entities.cables DESC, entities.id"
    return (
        "SELECT entities.id FROM aliases CROSS JOIN entities ON entities.id = entity_id WHERE +type = ?"  # noqa: S608  # ours
        " AND aliases.name >= ? COLLATE NOCASE AND aliases.name < ? COLLATE NOCASE"
        f" AND {seen} {last if is_full else 'ORDER BY aliases.name COLLATE NOCASE'} LIMIT ? OFFSET ?"
    )


def _chart(entity: Told, results: Results) -> Any:
    def address(year: int) -> str:
        return with_parameters("/search", entity=filter_of(entity), **{"from": year, "to": year})

    years = {share.value: share.cables for share in (results.facets.years if results.facets else ())}
    return histogram(years, address)


def filter_of(entity: Told) -> str:
    """What the filter of a search takes for this entity: its key, or its id for who may not see the key's name."""
    return entity.key.removeprefix("~")


def _spots(entity: Told, companions: list[Companion]) -> list[Spot]:
    """The places that appear with it, and where it is itself."""
    own = [(entity, entity.cables)] if entity.type == "LOC" else []
    others = [(each.entity, each.cables) for each in companions if each.entity.type == "LOC"]
    held: list[tuple[Brief | Told, int]] = [*own, *others]
    return [
        Spot(each.name, entity_address(each.key), each.latitude, each.longitude, cables)
        for each, cables in held
        if each.latitude is not None and each.longitude is not None
    ]


def _with_spans(roles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The roles with where each lies between the first and the last year, in parts of a hundred."""
    days = [_years(each[name]) for each in roles for name in ("first", "last") if each[name]]
    if not days:
        return roles
    first, last = min(days), max(days)
    span = max(last - first, 0.5)
    for each in roles:
        if each["first"]:
            start = 100 * (_years(each["first"]) - first) / span
            each["x"] = round(min(start, 98.5), 1)
            each["width"] = round(max(1.5, 100 * (_years(each["last"]) - first) / span - start), 1)
    return roles


def _years(day: str) -> float:
    """A day as a number of years."""
    return int(day[:4]) + (int(day[5:7]) - 1) / 12 + int(day[8:10]) / 366
