"""One visit to one page: the request, who reads, and the two files, lent for as long as the page is made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl

import anyio.from_thread
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from reftel.archive.remembered import remembered
from reftel.archive.sight import Sight, sight_of
from reftel.web import csrf, log
from reftel.web.pages import render

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Hashable, Mapping

    from starlette.requests import Request

    from reftel.archive.clearance import Clearance
    from reftel.web.log import Did
    from reftel.web.settings import Settings
    from reftel.web.users import User

T = TypeVar("T")
_LONGEST_FORM = 256 * 1024  # bytes
_LONGEST_PARAMETER = 1000  # characters
_MOST_FIELDS = 300  # the form that splits an entity has one for each of its cables


def cookie(settings: Settings) -> dict[str, Any]:
    """How cookies are set: for no script, sent to no other site, over https where there is any."""
    return {"httponly": True, "samesite": "strict", "secure": settings.https, "path": "/"}


@dataclass
class Visit:
    """What a page is made from."""

    request: Request
    settings: Settings
    archive: sqlite3.Connection
    readers: sqlite3.Connection
    user: User
    secret: bytes
    token_seed: str

    @property
    def clearance(self) -> Clearance:
        """What the reader may see."""
        return self.user.clearance

    @cached_property
    def sight(self) -> Sight:
        """The same, as conditions of SQL."""
        return sight_of(self.archive, self.clearance)

    @property
    def cookie(self) -> dict[str, Any]:
        """How cookies are set."""
        return cookie(self.settings)

    @property
    def address(self) -> str:
        """Where the request came from."""
        return self.request.client.host if self.request.client else ""

    def path(self, name: str) -> str:
        """A part of the address's path, as its route names it."""
        return str(self.request.path_params[name])

    def given(self, name: str) -> str:
        """A parameter of the address, without blanks around it; empty where it is not there."""
        return self.request.query_params.get(name, "")[:_LONGEST_PARAMETER].strip()

    def listed(self, name: str) -> list[str]:
        """A parameter that may be given several times, without empty ones."""
        values = (value[:_LONGEST_PARAMETER].strip() for value in self.request.query_params.getlist(name))
        return [value for value in values if value]

    def number(self, name: str, *, default: int, least: int = 0, most: int) -> int:
        """A parameter that is a number, kept between two others."""
        value = self.given(name)
        return max(least, min(most, int(value))) if value.isdecimal() and len(value) < 10 else default

    @cached_property
    def form(self) -> Mapping[str, str]:
        """The fields of the form that was sent, proved to be ours. Raises 403 for a foreign one, 413 for a long one."""
        data = anyio.from_thread.run(self._body)
        fields = self._fields(data)
        given = fields.get(csrf.FIELD) or self.request.headers.get(csrf.HEADER, "")
        if csrf.is_foreign(self.request) or not csrf.is_ours(self.secret, self.token_seed, given):
            raise HTTPException(403, "This form is no longer valid. Go back, reload the page and send it once more.")
        return fields

    def token(self) -> str:
        """A token for a form of this page."""
        return csrf.token(self.secret, self.token_seed)

    def note(self, did: Did, what: str) -> None:
        """Write into the log what a user does; whoever reads without a login is not written down."""
        if self.user.name:
            log.write(self.readers, self.user.name, self.address, did, what)

    def keep(self, name: Hashable, made: Callable[[], T]) -> T:
        """What `made` gives from the archive alone, kept for who has the same clearance until the archive changes."""
        return remembered(self.archive, (self.clearance, name), made)

    def page(self, template: str, *, status: int = 200, **context: Any) -> Response:
        """A page from its template."""
        return HTMLResponse(render(self, template, context), status_code=status)

    def json(self, value: Any, *, status: int = 200) -> Response:
        """An answer in JSON."""
        return JSONResponse(value, status_code=status)

    def redirect(self, where: str) -> Response:
        """Go on to another page of ours after a form."""
        return RedirectResponse(where, status_code=303)

    def _fields(self, data: bytes) -> dict[str, str]:
        try:
            if self.request.headers.get("content-type", "").startswith("application/json"):
                sent = json.loads(data)
                fields = {str(key): str(value) for key, value in sent.items()} if isinstance(sent, dict) else {}
                "".join((*fields, *fields.values())).encode()  # half a surrogate pair can be kept nowhere
                return fields
            return dict(parse_qsl(data.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
        except (ValueError, RecursionError):
            raise HTTPException(400, "This form cannot be read.") from None

    async def _body(self) -> bytes:
        data = bytearray()
        async for chunk in self.request.stream():
            data += chunk
            if len(data) > _LONGEST_FORM:
                raise HTTPException(413, "This is more than a form may hold.")
        return bytes(data)
