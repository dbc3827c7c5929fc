"""`reftel import-officers`."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

import click

from reftel.archive import open_archive
from reftel.cli import options
from reftel.errors import ReftelError
from reftel.pipeline.resolving import import_officers


@click.command("import-officers")
@click.argument("path", type=click.Path(path_type=Path), metavar="PATH")
@options.archive
def import_officers_command(path: Path, archive: Path) -> None:
    """Read who headed which mission when, so that signatures lead to persons.

    PATH is the Office of the Historian's list "pocom": its folder of XML files, or a .zip or .tar archive of it. A
    signature is linked to the officer of that surname who headed the post on that day. Chargés d'affaires and heads of
    consulates are not in the list; their signatures stay what they were.
    """
    try:
        with open_archive(archive) as opened:
            officers, tenures, linked = import_officers(opened.connection, path)
            signed = opened.connection.execute("SELECT count(*) FROM signers WHERE role IS NOT NULL").fetchone()[0]
    except (ReftelError, sqlite3.Error) as error:
        click.echo(f"reftel: {error}", err=True)
        sys.exit(1)
    click.echo(f"{officers:,} officers, {tenures:,} tenures; {linked:,} of {signed:,} signatures linked")
