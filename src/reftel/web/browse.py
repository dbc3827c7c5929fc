"""Browsing: all posts, years and months, TAGS, classifications and signatures, each with its cables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from reftel.archive.search import search
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
_FACETS = {"posts": "post", "tags": "tag", "classifications": "classification"}


def browse_page(visit: Visit) -> Response:
    """One way to browse, posts at first."""
    way = visit.request.path_params.get("way", "posts")
    if way not in WAYS:
        raise HTTPException(404, "There is no such list. The lists stand above the page on browsing.")
    groups = {"years": _years, "signatures": _signatures}.get(way, _facet)(visit)
    return visit.page("browse.html", way=way, ways=WAYS, groups=groups, map=_map(visit) if way == "posts" else None)


def post_page(visit: Visit) -> Response:
    """The cables of a post, as a search."""
    return visit.redirect(with_parameters("/search", post=visit.path("code")))


def _facet(visit: Visit) -> list[dict[str, Any]]:
    """All values of a facet with their counts, as one group."""
    way = visit.request.path_params.get("way", "posts")
    results = search(visit.archive, "", count=0, clearance=visit.clearance, with_facets=True)
    shares = getattr(results.facets, way, ())
    items = [
        {
            "name": share.name,
            "cables": share.cables,
            "address": with_parameters("/search", **{_FACETS[way]: share.value}),
        }
        for share in shares
        if share.value != "none"
    ]
    return [{"name": "", "items": items}]


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
    results = search(visit.archive, "", count=0, clearance=visit.clearance, with_facets=True)
    shares = results.facets.posts if results.facets else ()
    spots = [
        Spot(share.name, with_parameters("/search", post=share.value), found.latitude, found.longitude, share.cables)
        for share in shares
        if (found := post(share.value)) and found.latitude is not None and found.longitude is not None
    ]
    return world_map(spots)
