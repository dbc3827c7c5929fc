"""`reftel user`: who may log in to the reader of an archive."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from reftel.archive.clearance import LEVELS
from reftel.cli import options
from reftel.errors import ReftelError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MISSING = 'users need the extra of the reader: pip install "reftel[web]"'


@click.group("user")
def user_group() -> None:
    """Add, list and remove those who may log in to the reader, and see what they did."""


@user_group.command("add")
@options.archive
@click.argument("name")
@click.option("--clearance", type=click.Choice(LEVELS), default=LEVELS[0], show_default=True, help="Up to which.")
@click.option("--captions", metavar="A,B", default="", help="With these captions (NOFORN, EXDIS ...), or ALL.")
@click.option("--protected", is_flag=True, help="May see names that a cable asks to protect.")
@click.option("--reads-only", is_flag=True, help="May not correct names.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add_command(
    archive: Path,
    name: str,
    clearance: str,
    captions: str,
    protected: bool,
    reads_only: bool,
    password_stdin: bool,
) -> None:
    """Add the user NAME, or give one that is there another password and clearance."""
    password = _password(from_stdin=password_stdin)
    with _readers(archive) as readers:
        from reftel.web.users import User, add_user  # noqa: PLC0415  # an extra
        from reftel.web.users import clearance as cleared  # noqa: PLC0415  # same

        held = None if captions.strip().upper() == "ALL" else _listed(captions)
        user = User(name, cleared(clearance, held, protected=protected), corrects=not reads_only)
        add_user(readers, user, password)
    click.echo(f"{name} may log in, cleared for {', '.join([clearance, *sorted(held or ())])}")


@user_group.command("list")
@options.archive
def list_command(archive: Path) -> None:
    """List the users, one a line: name, clearance, captions, rights."""
    with _readers(archive) as readers:
        from reftel.web.users import users  # noqa: PLC0415  # an extra

        for user in users(readers):
            held = user.clearance
            captions = "ALL" if held.captions is None else ",".join(sorted(held.captions))
            rights = [*(["protected"] if held.protected else []), *([] if user.corrects else ["reads-only"])]
            click.echo("\t".join((user.name, held.classification, captions, ",".join(rights))))


@user_group.command("remove")
@options.archive
@click.argument("name")
def remove_command(archive: Path, name: str) -> None:
    """Remove the user NAME and end their sessions; notes and log stay."""
    with _readers(archive) as readers:
        from reftel.web.users import remove_user  # noqa: PLC0415  # an extra

        if not remove_user(readers, name):
            raise UsageError(f"no user is called {name!r}; reftel user list shows them")


@user_group.command("log")
@options.archive
@click.option("--user", metavar="NAME", help="Of this user only.")
@click.option("-n", "count", type=click.IntRange(1), default=100, show_default=True, help="So many, the newest first.")
def log_command(archive: Path, user: str | None, count: int) -> None:
    """Show what users read, searched, exported and decided, one a line."""
    with _readers(archive) as readers:
        from reftel.web import log  # noqa: PLC0415  # an extra

        for row in log.read(readers, user=user, count=count):
            click.echo("\t".join((row["at"], row["user"], row["address"], row["did"], row["what"])))


@contextmanager
def _readers(archive: Path) -> Iterator[Any]:
    """The readers' file beside an archive; ends the command in one line where something is wrong."""
    try:
        from reftel.archive.store import open_file  # noqa: PLC0415
        from reftel.web.readers import open_readers  # noqa: PLC0415  # an extra
        from reftel.web.settings import Settings  # noqa: PLC0415  # an extra

        open_file(archive).close()
        readers = open_readers(Settings(archive).readers)
        try:
            yield readers
        finally:
            readers.close()
    except ImportError as error:
        click.echo(f"reftel: {_MISSING} ({error.name} is not there)", err=True)
        sys.exit(1)
    except ReftelError as error:
        click.echo(f"reftel: {error}", err=True)
        sys.exit(1)


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    prompted: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return prompted


def _listed(captions: str) -> list[str]:
    """The captions in their usual form: NF is NOFORN."""
    from reftel.tables import caption  # noqa: PLC0415

    named = [word.strip() for word in captions.split(",") if word.strip()]
    return [caption(word) or word.upper() for word in named]
