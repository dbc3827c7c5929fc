"""Forms are taken only from our own pages: each holds a token that belongs to the browser that asked for it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request

COOKIE = "reftel-visit"
FIELD = "token"
HEADER = "x-reftel-token"
_SIZE = 32


def new_visit() -> str:
    """What the visit's cookie is to hold."""
    return secrets.token_urlsafe(24)


def token(secret: bytes, visit: str) -> str:
    """A token for a form. No two are alike, so that compressed pages tell nothing of it by their size."""
    pad = secrets.token_bytes(_SIZE)
    return (pad + _xor(pad, _digest(secret, visit))).hex()


def is_ours(secret: bytes, visit: str, given: str) -> bool:
    """Whether the token is one of this visit."""
    try:
        data = bytes.fromhex(given)
    except ValueError:
        return False
    if len(data) != 2 * _SIZE or not visit:
        return False
    return hmac.compare_digest(_xor(data[:_SIZE], data[_SIZE:]), _digest(secret, visit))


def is_foreign(request: Request) -> bool:
    """Whether the browser says that another site's page sent this."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None:
        return site not in ("same-origin", "none")
    return origin is not None and origin.partition("://")[2] != request.headers.get("host", "")


def _digest(secret: bytes, visit: str) -> bytes:
    return hmac.new(secret, visit.encode(), hashlib.sha256).digest()


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
