"""The scripts, style sheets and fonts: all read at the start, so that no address ever leads to the disk."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from starlette.requests import Request

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
_FOREVER = "public, max-age=31536000, immutable"
_A_WHILE = "public, max-age=86400"


def address(name: str) -> str:
    """The address of a file, which changes with what is in it."""
    return f"/static/{name}?{_digests()[name]}"


async def static(request: Request) -> Response:
    """A file of ours."""
    name = str(request.path_params["name"])
    data = _files().get(name)
    if data is None:
        raise HTTPException(404)
    is_exact = request.url.query == _digests()[name]
    kind = _TYPES["." + name.rpartition(".")[2]]
    return Response(data, media_type=kind, headers={"cache-control": _FOREVER if is_exact else _A_WHILE})


@cache
def _files() -> dict[str, bytes]:
    return dict(_read(files("reftel").joinpath("web", "static"), ""))


def _read(folder: Traversable, before: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for each in folder.iterdir():
        if each.is_dir():
            found += _read(each, f"{before}{each.name}/")
        elif "." + each.name.rpartition(".")[2] in _TYPES:
            found.append((before + each.name, each.read_bytes()))
    return found


@cache
def _digests() -> dict[str, str]:
    return {name: hashlib.sha256(data).hexdigest()[:12] for name, data in _files().items()}
