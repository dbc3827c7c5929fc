"""Browsing: all posts, years and months, TAGS, classifications and signatures, each with its cables."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from reftel.tables import post
from reftel.web.pages import with_parameters
from reftel.web.worldmap import Spot, world_map

if TYPE_CHECKING:
    from starlette.responses import Response

    from reftel.web.visit import Visit

WAYS = {
    "posts": "Posts",
    "years": "Years and months",
    "tags": "TAGS",
    "classifications": "Classifications",
    "signatures": "Signatures",
}


_NO_NAME = (
    "(tags.kind NOT IN ('person', 'unknown') OR tags.cable_id NOT IN"
    " (SELECT cable_id FROM units WHERE id IN (SELECT unit_id FROM protected)))"
)


def browse_page(visit: Visit) -> Response:
    """One way to browse, posts at first."""
    way = visit.request.path_params.get("way", "posts")
    groups = groups_of(visit, way)
    return visit.page(
        "browse.html",
        way=way,
        ways=WAYS,
        groups=groups,
        map=visit.keep("map", partial(_map, visit)) if way == "posts" else None,
    )


def groups_of(visit: Visit, way: str) -> list[dict[str, Any]]:
    """The list of one way to browse, in groups. Raises 404 where there is no such way."""
    if way not in WAYS:
        raise HTTPException(404, "There is no such list. The lists stand above the page on browsing.")
    makers = {
        "posts": _post_items,
        "years": _years,
        "tags": _tag_items,
        "classifications": _classification_items,
        "signatures": _signatures,
    }
    return visit.keep(("browse", way), partial(makers[way], visit))


def post_page(visit: Visit) -> Response:
    """The cables of a post, as a search."""
    return visit.redirect(with_parameters("/search", post=visit.path("code")))


def _posts(visit: Visit) -> list[tuple[str, str, int]]:
    """Each post that sent a cable of which anything may be seen: code, name, cables; the most frequent first."""
    rows = visit.archive.execute(
        "SELECT post_code, max(post), count(*) FROM cables WHERE post_code IS NOT NULL"  # noqa: S608  # our own names
        f" AND {visit.sight.cables()} GROUP BY post_code ORDER BY 3 DESC, 2"
    )
    return [(code, name, cables) for code, name, cables in rows]


def _post_items(visit: Visit) -> list[dict[str, Any]]:
    return [{"name": "", "items": [_item(name, cables, post=code) for code, name, cables in _posts(visit)]}]


def _tag_items(visit: Visit) -> list[dict[str, Any]]:
    """The TAGS of cables of which anything may be seen, by their kind. The header is not kept from any reader of it."""
    # What is no code may be a name, which the cable may ask to protect.
    open_ = "1" if visit.sight.protected else _NO_NAME
    rows = visit.archive.execute(
        "SELECT tags.kind, tags.code, max(tags.name), count(*) FROM tags JOIN cables ON cables.id = tags.cable_id"  # noqa: S608  # ours
        f" WHERE {visit.sight.cables()} AND {open_} GROUP BY tags.kind, tags.code ORDER BY tags.kind, 4 DESC, tags.code"
    )
    kinds: dict[str, list[dict[str, Any]]] = {}
    for kind, code, name, cables in rows:
        kinds.setdefault(kind, []).append(_item(f"{code} ({name})" if name else code, cables, tag=code))
    order = ["subject", "geography", "organization", "program", "person", "unknown"]
    return [{"name": kind.capitalize(), "items": kinds[kind]} for kind in order if kind in kinds]


def _classification_items(visit: Visit) -> list[dict[str, Any]]:
    rows = visit.archive.execute(
        "SELECT classification, count(*) FROM cables WHERE classification IS NOT NULL"  # noqa: S608  # our own names
        f" AND {visit.sight.cables()} GROUP BY level, classification ORDER BY level"
    )
    return [{"name": "", "items": [_item(name, cables, classification=name) for name, cables in rows]}]


def _item(name: str, cables: int, **asked: str) -> dict[str, Any]:
    return {"name": name, "cables": cables, "address": with_parameters("/search", **asked)}


def _years(visit: Visit) -> list[dict[str, Any]]:
    """The months of each year in which anything may be seen, the latest year first."""
    rows = visit.archive.execute(
        f"SELECT substr(sent, 1, 7) AS month, count(*) FROM cables WHERE sent IS NOT NULL AND {visit.sight.cables()}"  # noqa: S608  # ours
        " GROUP BY month ORDER BY month"
    )
    years: dict[str, list[dict[str, Any]]] = {}
    for month, cables in rows:
        address = with_parameters("/search", **{"from": month, "to": month})
        years.setdefault(month[:4], []).append({"name": month, "cables": cables, "address": address})
    return [{"name": year, "items": items} for year, items in sorted(years.items(), reverse=True)]


def _signatures(visit: Visit) -> list[dict[str, Any]]:
    """Who signed at each post, where the signature may be seen."""
    rows = visit.archive.execute(
        "SELECT cables.post, cables.signature, count(DISTINCT cables.id) FROM cables"  # noqa: S608  # our own names
        " JOIN units ON units.cable_id = cables.id AND units.kind = 'signature'"
        f" WHERE cables.signature IS NOT NULL AND {visit.sight.units()}"
        " GROUP BY cables.post, cables.signature ORDER BY cables.post, 3 DESC, cables.signature"
    )
    posts: dict[str, list[dict[str, Any]]] = {}
    for place, name, cables in rows:
        query = {"q": f'signed:"{name}"', "post": place or ""}
        posts.setdefault(place or "", []).append(
            {"name": name, "cables": cables, "address": with_parameters("/search", **query)}
        )
    return [{"name": place or "No post", "items": items} for place, items in posts.items()]


def _map(visit: Visit) -> Any:
    """Where the posts stand, with their cables."""
    spots = [
        Spot(name, with_parameters("/search", post=code), found.latitude, found.longitude, cables)
        for code, name, cables in _posts(visit)
        if (found := post(code)) and found.latitude is not None and found.longitude is not None
    ]
    return world_map(spots)
