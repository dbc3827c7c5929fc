"""The page of statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reftel.web import occasions
from reftel.web.meetings import with_places
from reftel.web.pages import with_parameters

if TYPE_CHECKING:
    from starlette.responses import Response

    from reftel.web.visit import Visit

_ASKED = ("q", "by", "about", "post", "from", "to", "voice", "quoted", "denied")


def statements_page(visit: Visit) -> Response:
    """Who said what, the latest first, with filters."""
    occasions.note_list(visit, "statements")
    page = occasions.statements(visit)
    asked = {name: visit.given(name) for name in _ASKED}
    return visit.page(
        "statements.html",
        rows=with_places(visit, page.rows),
        next=with_parameters("/statements", **asked, after=page.next) if page.next else "",
        asked=asked,
        voices=occasions.VOICES,
    )
