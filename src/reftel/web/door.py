"""The door: what every request passes before a page is made, and what every answer carries."""

from __future__ import annotations

from functools import partial, wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from reftel.archive.clearance import Clearance
from reftel.archive.store import open_file
from reftel.web import csrf, sessions
from reftel.web.connections import Connections
from reftel.web.readers import open_readers, secret
from reftel.web.turns import Turns
from reftel.web.users import User
from reftel.web.visit import Visit, cookie

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from reftel.web.settings import Settings

    Page = Callable[[Visit], Response]

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_PRIVATE = {"cache-control": "private, no-store", "vary": "Cookie"}
LOCAL = User("", Clearance())


class Door:
    """Lends each request its files, knows who reads, and turns away who may not."""

    def __init__(self, settings: Settings) -> None:
        """Open nothing yet."""
        self.settings = settings
        self._turns = Turns()
        self._archive = Connections(lambda: open_file(settings.archive))
        self._readers = Connections(lambda: open_readers(settings.readers))
        with self._readers.lent() as readers:
            self._secret = secret(readers)

    def close(self) -> None:
        """Close the files."""
        self._archive.close()
        self._readers.close()

    def page(self, made: Page, *, is_open: bool = False) -> Callable[[Request], Awaitable[Response]]:
        """The endpoint that makes this page, in a thread of its own; `is_open`: before a login, too."""

        @wraps(made)
        async def endpoint(request: Request) -> Response:
            answer = partial(self._answer, request, made, is_open=is_open)
            # A form waits for what its sender writes, and so may take long; what only reads takes its turn.
            if request.method != "GET":
                return await to_thread.run_sync(answer)
            response = await self._turns.take(answer)
            if self._turns.is_crowded:
                response.headers["connection"] = "close"
            return response

        return endpoint

    def _answer(self, request: Request, made: Page, *, is_open: bool) -> Response:
        seed = request.cookies.get(csrf.COOKIE) or csrf.new_visit()
        with self._archive.lent() as archive, self._readers.lent() as readers:
            user = self._user(request, readers)
            if user is None and not is_open:
                return _to_login(request)
            visit = Visit(request, self.settings, archive, readers, user or LOCAL, self._secret, seed)
            request.state.visit = visit
            response = made(visit)
        if csrf.COOKIE not in request.cookies:
            response.set_cookie(csrf.COOKIE, seed, **cookie(self.settings))
        for name, value in _PRIVATE.items():
            response.headers.setdefault(name, value)
        return response

    def _user(self, request: Request, readers: Any) -> User | None:
        """Who reads: who is logged in, else, where no login is asked for, anybody."""
        token = request.cookies.get(sessions.COOKIE)
        user = sessions.user_of(readers, token) if token else None
        return user or (None if self.settings.login else LOCAL)


def with_headers(app: Any, settings: Settings) -> Any:
    """The app with a policy on every answer; a request that is addressed to another host is turned away."""

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return

        async def sent(message: Any) -> None:
            if message["type"] == "http.response.start":
                held = {name for name, _ in message["headers"]}
                more = [(n.encode(), v.encode()) for n, v in _HEADERS.items() if n.encode() not in held]
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        if settings.hosts is not None and _host(scope) not in settings.hosts:
            await _refuse(sent)
            return
        await app(scope, receive, sent)

    return guarded


def _host(scope: Any) -> str:
    """The name that the request is addressed to, without its port."""
    given = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
    return given.rpartition(":")[0] if given.rpartition(":")[2].isdecimal() else given


async def _refuse(send: Any) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": 421, "headers": headers})
    await send({"type": "http.response.body", "body": b"This reader is not at that address.\n"})


def _to_login(request: Request) -> Response:
    """To the login, and from there back; a script is told in its own way."""
    if request.url.path.startswith("/api") or request.method != "GET":
        raise HTTPException(401, "Log in first.")
    after = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/login?next={quote(after, safe='')}", status_code=303)
