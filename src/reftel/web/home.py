"""The first page: what the archive is, and a box to ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reftel.archive.search import search
from reftel.web.histogram import histogram
from reftel.web.pages import with_parameters

if TYPE_CHECKING:
    from starlette.responses import Response

    from reftel.web.visit import Visit

_SHOWN = 10


def home_page(visit: Visit) -> Response:
    """The search box, the years, and where to begin."""
    results = visit.keep("home", lambda: search(visit.archive, count=0, clearance=visit.clearance, with_facets=True))
    facets = results.facets
    years = {share.value: share.cables for share in (facets.years if facets else ())}
    dated = sorted(year for year in years if year.isdecimal())
    return visit.page(
        "home.html",
        masthead=True,
        total=results.total,
        first=dated[0] if dated else "",
        last=dated[-1] if dated else "",
        chart=histogram(years, lambda year: with_parameters("/search", **{"from": year, "to": year})),
        posts=_shares(facets.posts if facets else (), "post"),
        tags=_shares(facets.tags if facets else (), "tag"),
    )


def _shares(shares: Any, name: str) -> list[dict[str, Any]]:
    made = [
        {"name": share.name, "cables": share.cables, "address": with_parameters("/search", **{name: share.value})}
        for share in shares[: _SHOWN + 1]
        if share.value != "none"
    ]
    return made[:_SHOWN]
