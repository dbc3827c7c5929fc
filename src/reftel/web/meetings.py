"""The page of meetings."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from reftel.web import occasions
from reftel.web.addresses import addresses_of, anchors
from reftel.web.histogram import histogram
from reftel.web.pages import with_parameters

if TYPE_CHECKING:
    from starlette.responses import Response

    from reftel.web.visit import Visit

_ASKED = ("entity", "with", "place", "post", "from", "to", "kind", "status")
_NARROWING = ("entity", "with", "place", "post", "kind", "status")  # what the chart does not count by


def meetings_page(visit: Visit) -> Response:
    """Who met whom, the latest first, with filters."""
    occasions.note_list(visit, "meetings")
    page = occasions.meetings(visit)
    asked = {name: visit.given(name) for name in _ASKED}
    return visit.page(
        "meetings.html",
        rows=with_places(visit, page.rows),
        next=with_parameters("/meetings", **asked, after=page.next) if page.next else "",
        asked=asked,
        kinds=occasions.KINDS,
        statuses=occasions.STATUSES,
        chart=None if any(asked[name] for name in _NARROWING) else _chart(visit),
    )


def with_places(visit: Visit, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with the address of the paragraph that each stands in."""
    addresses = addresses_of(visit, [row["cable_id"] for row in rows])
    places = anchors(visit, [(row["cable_id"], row["position"], row["paragraph"]) for row in rows])
    return [
        {**row, "address": f"{addresses[row['cable_id']]}#{place}"} for row, place in zip(rows, places, strict=True)
    ]


def _chart(visit: Visit) -> Any:
    return histogram(
        visit.keep("meetings", partial(_years, visit)),
        lambda year: with_parameters("/meetings", **{"from": year, "to": year}),
        since=visit.given("from"),
        until=visit.given("to"),
    )


def _years(visit: Visit) -> dict[str, int]:
    """The meetings held, by year."""
    rows = visit.archive.execute(
        "SELECT substr(date, 1, 4), count(*) FROM meetings JOIN units ON units.id = unit_id"  # noqa: S608  # ours
        f" WHERE date IS NOT NULL AND status = 'held' AND {visit.sight.units()} GROUP BY 1"
    )
    return {year: count for year, count in rows if year.isdecimal()}
