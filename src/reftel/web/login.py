"""Logging in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from reftel.web import limits, log, sessions
from reftel.web.users import with_password

if TYPE_CHECKING:
    from starlette.responses import Response

    from reftel.web.visit import Visit

_WRONG = "This name and password do not go together."


def login_page(visit: Visit) -> Response:
    """The form."""
    return _form(visit, after=visit.given("next"))


def login(visit: Visit) -> Response:
    """Begin a session, where name and password go together."""
    form = visit.form
    name, after = form.get("name", "")[:64], form.get("next", "")
    seconds = limits.wait(visit.readers, name, visit.address)
    if seconds:
        response = _form(visit, after=after, name=name, failure=_later(seconds), status=429)
        response.headers["retry-after"] = str(seconds)
        return response
    user = with_password(visit.readers, name, form.get("password", "")[:1000])
    if user is None:
        limits.failed(visit.readers, name, visit.address)
        log.write(visit.readers, name, visit.address, "failed to log in", "")
        return _form(visit, after=after, name=name, failure=_WRONG, status=401)
    limits.forget(visit.readers, name, visit.address)
    log.write(visit.readers, name, visit.address, "logged in", "")
    response = visit.redirect(_own(after))
    token = sessions.begin(visit.readers, user)
    age = int(sessions.LONGEST.total_seconds())
    response.set_cookie(sessions.COOKIE, token, max_age=age, **visit.cookie)
    return response


def logout(visit: Visit) -> Response:
    """End the session."""
    _ = visit.form
    sessions.end(visit.readers, visit.request.cookies.get(sessions.COOKIE, ""))
    visit.note("logged out", "")
    response = visit.redirect("/login" if visit.settings.login else "/")
    response.delete_cookie(sessions.COOKIE, **visit.cookie)
    return response


def _form(visit: Visit, *, after: str, name: str = "", failure: str = "", status: int = 200) -> Response:
    return visit.page("login.html", status=status, bare=True, after=_own(after), name=name, failure=failure)


def _own(address: str) -> str:
    """An address of ours to go on to, never another site's."""
    parts = urlsplit(address)
    is_ours = (
        address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    )
    return address if is_ours else "/"


def _later(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return f"Too many attempts. Try again in {minutes} minute{'s' if minutes > 1 else ''}."
