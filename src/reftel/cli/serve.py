"""`reftel serve`."""

from __future__ import annotations

import os
import socket
import sys
import time
import webbrowser
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any

import click

from reftel.cli import options
from reftel.errors import ReftelError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_MOST_WORKERS = 8  # each keeps its own copy of what searches share
_PATIENCE = 60  # seconds that the browser waits for the server
_MISSING = 'the reader needs its extra: pip install "reftel[web]"'
_IN_THE_CLEAR = (
    "reftel: passwords and cables cross the network unencrypted; give --certificate and --key, or stand behind a"
    " server that speaks https and say --https"
)


@click.command("serve")
@options.archive
@click.option("--host", default=_LOOPBACK[0], show_default=True, help="Another address needs users (reftel user add).")
@click.option("--port", type=click.IntRange(0, 65535), default=8090, show_default=True, help="0 takes a free one.")
@click.option("--login", is_flag=True, help="Ask for a login on this machine, too.")
@click.option("--certificate", type=click.Path(exists=True, dir_okay=False), metavar="PEM", help="Speak https.")
@click.option("--key", type=click.Path(exists=True, dir_okay=False), metavar="PEM", help="The certificate's key.")
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    metavar="N",
    help="Processes that make pages; default: one a core, 8 at most.",
)
@click.option("--https", is_flag=True, help="Readers come by https, through a server in front of this one.")
@click.option("--open", "opens", is_flag=True, help="Open it in the browser of this machine.")
def serve_command(archive: Path, host: str, port: int, *, workers: int | None, opens: bool, **secured: Any) -> None:
    """Open the archive for reading in a browser: search, cables, names, meetings, statements, corrections, a shelf.

    On this machine alone, and without a login, unless told otherwise. Ends with Ctrl-C.
    """
    try:
        import uvicorn.supervisors  # noqa: PLC0415  # an extra

        from reftel.web.app import create_app  # noqa: PLC0415  # an extra
    except ImportError as error:
        click.echo(f"reftel: {_MISSING} ({error.name} is not there)", err=True)
        sys.exit(1)
    certificate, key = secured["certificate"], secured["key"]
    try:
        settings = _settings(archive, host, login=secured["login"], https=secured["https"] or certificate is not None)
        bound = _bound(host, port)
    except ReftelError as error:
        click.echo(f"reftel: {error}", err=True)
        sys.exit(1)
    if host not in _LOOPBACK and not settings.https:
        click.echo(_IN_THE_CLEAR, err=True)
    config = uvicorn.Config(
        partial(create_app, settings),
        factory=True,
        host=host,
        port=port,
        workers=workers or min(os.cpu_count() or 1, _MOST_WORKERS),
        log_level="warning",
        access_log=False,
        server_header=False,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    _run(uvicorn, config, bound, opens=opens)


def _settings(archive: Path, host: str, *, login: bool, https: bool) -> Any:
    """How to serve. Raises UsageError where others could read, and no users are there to ask for."""
    from reftel.archive.store import open_file  # noqa: PLC0415
    from reftel.web.readers import open_readers  # noqa: PLC0415  # an extra
    from reftel.web.settings import LOOPBACK, Settings  # noqa: PLC0415  # an extra
    from reftel.web.users import users  # noqa: PLC0415  # an extra

    open_file(archive).close()
    is_local = host in _LOOPBACK
    asks = login or not is_local
    settings = Settings(archive, login=asks, hosts=None if asks else LOOPBACK, https=https)
    if asks:
        connection = open_readers(settings.readers)
        known = users(connection)
        connection.close()
        if not known:
            raise UsageError(f"nobody could log in: add a user first, reftel user add NAME -a {archive}")
    return settings


def _bound(host: str, port: int) -> socket.socket:
    """A socket at that address, for all processes that make pages. Raises UsageError where it cannot be had."""
    # With its protocol, or asyncio does not see that it is TCP, leaves out TCP_NODELAY, and every answer waits 40 ms.
    bound = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, proto=socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        remedy = "another --port, or 0 for a free one" if not isinstance(error, socket.gaierror) else "another --host"
        raise UsageError(f"cannot serve at {_name(host)}:{port}: {error.strerror}; give {remedy}") from None
    bound.set_inheritable(True)
    return bound


def _run(uvicorn: Any, config: Any, bound: socket.socket, *, opens: bool) -> None:
    """Serve until the end; one line says where."""
    port = bound.getsockname()[1]
    scheme = "https" if config.ssl_certfile else "http"
    click.echo(f"{scheme}://{_name(config.host)}:{port}/  (Ctrl-C ends)")
    if opens:
        here = config.host if config.host in _LOOPBACK else _LOOPBACK[0]
        Thread(target=_open, args=(f"{scheme}://{_name(here)}:{port}/", here, port), daemon=True).start()
    if config.workers == 1:
        uvicorn.Server(config).run(sockets=[bound])
    else:
        uvicorn.supervisors.Multiprocess(config, sockets=[bound]).run()


def _name(host: str) -> str:
    """A host as an address has it."""
    return f"[{host}]" if ":" in host else host


def _open(address: str, host: str, port: int) -> None:
    """Open the browser as soon as somebody answers there."""
    late = time.monotonic() + _PATIENCE
    while time.monotonic() < late:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            webbrowser.open(address)
            return
