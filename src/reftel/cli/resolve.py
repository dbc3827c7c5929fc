"""`reftel resolve`."""

from __future__ import annotations

import sqlite3
import sys
from typing import TYPE_CHECKING

import click

from reftel.archive import open_archive
from reftel.cli import options
from reftel.errors import ReftelError
from reftel.pipeline.resolving import resolve

if TYPE_CHECKING:
    from pathlib import Path


@click.command("resolve")
@options.archive
@click.option("--touched", is_flag=True, help="Only what new cables and decisions touch; the outcome is the same.")
def resolve_command(archive: Path, *, touched: bool) -> None:
    """Derive the entities across all cables anew: who is who in the archive. `reftel build` ends with it.

    Keys of entities stay, and decisions hold.
    """
    try:
        with open_archive(archive) as opened:
            done = resolve(opened.connection, everything=not touched)
            entities = opened.connection.execute("SELECT count(*) FROM entities").fetchone()[0]
    except (ReftelError, sqlite3.Error) as error:
        click.echo(f"reftel: {error}", err=True)
        sys.exit(1)
    click.echo(f"{entities:,} entities, {done.changed:,} of them new or changed")
