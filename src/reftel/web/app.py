"""The reader put together: which page is where."""

from __future__ import annotations

import gc
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from reftel.web.api import (
    api_archive,
    api_browse,
    api_cable,
    api_company,
    api_decisions,
    api_docs,
    api_entities,
    api_entity,
    api_meetings,
    api_raw,
    api_referring,
    api_search,
    api_shelf,
    api_statements,
    api_versions,
    openapi,
)
from reftel.web.browse import browse_page, post_page
from reftel.web.cable import cable_page, cable_preview
from reftel.web.corrections import candidates_page, correct, correct_page, decide, decide_page, decisions_page, undo
from reftel.web.door import Door, with_headers
from reftel.web.entity import entities_page, entity_page
from reftel.web.help import help_page
from reftel.web.holdings import archive_page
from reftel.web.home import home_page
from reftel.web.login import login, login_page, logout
from reftel.web.meetings import meetings_page
from reftel.web.raw import diff_page, raw_page
from reftel.web.search import search_export, search_page
from reftel.web.shelf import add_note, remove_note, shelf_export, shelf_page, star
from reftel.web.statements import statements_page
from reftel.web.static import static
from reftel.web.suggest import suggestions

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from reftel.web.settings import Settings
    from reftel.web.visit import Visit

_SMALL = 700  # bytes of an answer that is not worth packing
_TITLES = {401: "Log in first", 403: "Not allowed", 404: "Not found", 405: "Not here", 500: "Something went wrong"}

# Every page: where it is, what makes it.
PAGES = (
    ("/", home_page),
    ("/search", search_page),
    ("/search/export/{kind}", search_export),
    ("/suggest", suggestions),
    ("/entities", entities_page),
    ("/entity/{key:path}", entity_page),
    ("/meetings", meetings_page),
    ("/statements", statements_page),
    ("/shelf", shelf_page),
    ("/cable/{cable}", cable_page),
    ("/cable/{cable}/preview", cable_preview),
    ("/cable/{cable}/raw", raw_page),
    ("/cable/{cable}/diff/{other}", diff_page),
    ("/cable/{cable}/correct", correct_page),
    ("/browse", browse_page),
    ("/browse/post/{code}", post_page),
    ("/browse/{way}", browse_page),
    ("/archive", archive_page),
    ("/decide", decide_page),
    ("/decide/candidates", candidates_page),
    ("/decisions", decisions_page),
    ("/shelf/export/{kind}", shelf_export),
    ("/help", help_page),
    ("/api/docs", api_docs),
    ("/api/openapi.json", openapi),
    ("/api/search", api_search),
    ("/api/export/{kind}", search_export),
    ("/api/cable/{cable}", api_cable),
    ("/api/entities", api_entities),
    ("/api/entity/{key:path}", api_entity),
    ("/api/company/{key:path}", api_company),
    ("/api/archive", api_archive),
    ("/api/cable/{cable}/raw", api_raw),
    ("/api/cable/{cable}/referring", api_referring),
    ("/api/cable/{cable}/versions", api_versions),
    ("/api/browse/{way}", api_browse),
    ("/api/shelf", api_shelf),
    ("/api/decisions", api_decisions),
    ("/api/meetings", api_meetings),
    ("/api/statements", api_statements),
)
FORMS = (
    ("/cable/{cable}/star", star),
    ("/cable/{cable}/note", add_note),
    ("/cable/{cable}/correct", correct),
    ("/decide", decide),
    ("/decisions/undo", undo),
    ("/notes/remove", remove_note),
    ("/logout", logout),
)
OPEN = (("/login", "GET", login_page), ("/login", "POST", login))


def create_app(settings: Settings) -> Any:
    """The reader of one archive, for any ASGI server. Raises InputError where the archive cannot be opened."""
    door = Door(settings)
    routes = [
        *(Route(where, door.page(made), methods=["GET"]) for where, made in PAGES),
        *(Route(where, door.page(made), methods=["POST"]) for where, made in FORMS),
        *(Route(where, door.page(made, is_open=True), methods=[method]) for where, method, made in OPEN),
        Route("/static/{name:path}", static, methods=["GET"]),
        Route("/{path:path}", door.page(_nowhere), methods=["GET"]),
    ]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        # Pages are made in a thread beside the loop that sends them, which must not wait 5 ms for each of its steps.
        sys.setswitchinterval(0.001)
        gc.set_threshold(50_000, 20, 50)  # a page makes thousands of small things, and nearly none of them in circles
        yield
        door.close()

    handlers: Any = {HTTPException: _told, Exception: _broken}
    app = Starlette(routes=routes, exception_handlers=handlers, lifespan=lifespan)
    return with_headers(GZipMiddleware(app, minimum_size=_SMALL, compresslevel=5), settings)


def _nowhere(_: Visit) -> Response:
    raise HTTPException(404, "There is no page at this address.")


async def _told(request: Request, error: Exception) -> Response:
    """What an error looks like: a page, or for a script JSON."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    what = error.detail if isinstance(error, HTTPException) else ""
    return _error(request, status, what, getattr(error, "headers", None))


async def _broken(request: Request, _: Exception) -> Response:
    return _error(request, 500, "The reader could not make this page. What went wrong stands in its log.", None)


def _error(request: Request, status: int, what: str, headers: Any) -> Response:
    title = _TITLES.get(status, "That did not work")
    if request.url.path.startswith("/api/") or request.headers.get("x-reftel-fragment"):
        return JSONResponse({"error": what or title}, status_code=status, headers=headers)
    visit = getattr(request.state, "visit", None)
    if visit is None:
        main = f"<main><h1>{title}</h1><p><a href=/>Search</a></p></main>"
        text = f"<!doctype html><html lang=en><title>{title}</title>{main}</html>"
        return HTMLResponse(text, status_code=status, headers=headers)
    page: Response = visit.page("error.html", status=status, title=title, what=what)
    return page
