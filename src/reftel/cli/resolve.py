"""`reftel resolve`."""

from __future__ import annotations

import sqlite3
import sys

import click

from reftel.archive import open_archive
from reftel.cli import options
from reftel.errors import ReftelError
from reftel.pipeline.resolving import resolve


@click.command("resolve")
@options.archive_or_folder
@click.option("--touched", is_flag=True, help="Only what new cables and decisions touch; the outcome is the same.")
@options.engine
def resolve_command(archive: str, engine: str, *, touched: bool) -> None:
    """Derive the entities across all cables anew: who is who in the archive. `reftel build` ends with it.

    Keys of entities stay, and decisions hold.
    """
    if engine == "spark" and touched:
        raise click.UsageError("--touched is for the local engine; spark derives all of it")
    try:
        click.echo(_resolved_on_spark(archive) if engine == "spark" else _resolved(archive, everything=not touched))
    except (ReftelError, OSError, sqlite3.Error) as error:
        click.echo(f"reftel: {error}", err=True)
        sys.exit(1)


def _resolved(path: str, *, everything: bool) -> str:
    with open_archive(path) as opened:
        done = resolve(opened.connection, everything=everything)
        entities = opened.connection.execute("SELECT count(*) FROM entities").fetchone()[0]
    return f"{entities:,} entities, {done.changed:,} of them new or changed"


def _resolved_on_spark(folder: str) -> str:
    from reftel import spark  # noqa: PLC0415  # nobody else waits for it

    return f"{spark.resolve(folder):,} entities"
