"""`reftel load`."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

import click

from reftel.archive import open_archive
from reftel.archive.decisions import import_lines
from reftel.cli import options
from reftel.errors import InputError, ReftelError
from reftel.export.loading import check_export, decisions_of, load
from reftel.pipeline.resolving import resolve
from reftel.tables import post_code


@click.command("load")
@click.argument("path", type=click.Path(path_type=Path), metavar="PARQUET")
@options.archive
@click.option(
    "--year", "years", type=int, multiple=True, metavar="Y", help="Only cables of this year; may be repeated."
)
@click.option("--post", "posts", multiple=True, metavar="P", help="Only cables from this post; may be repeated.")
def load_command(path: Path, archive: Path, years: tuple[int, ...], posts: tuple[str, ...]) -> None:
    """Load the cables of a Parquet export, or a slice of it, into an archive for reading.

    PARQUET is the folder that `reftel export -f parquet --protected show` wrote. Cables that are in are skipped, so an
    interrupted load can be run again; decisions of the export come along.
    """
    try:
        codes = {_code(written) for written in posts}
        check_export(path)
        with open_archive(archive, create=True) as opened:
            done = load(path, opened, years=years or None, posts=codes or None)
            with opened.transaction():
                import_lines(opened.connection, decisions_of(path))
            opened.settle()
            resolve(opened.connection)
    except KeyboardInterrupt:
        click.echo("reftel: stopped; run the same command again: it goes on", err=True)
        sys.exit(1)
    except (ReftelError, sqlite3.Error) as error:
        click.echo(f"reftel: {error}", err=True)
        sys.exit(1)
    for failure in done.failures:
        click.echo(f"reftel: {failure}; export with --protected show, or copy the archive's file", err=True)
    click.echo(f"added {done.added:,}, skipped {done.skipped:,}, failed {len(done.failures):,}")
    sys.exit(1 if done.failures else 0)


def _code(written: str) -> str:
    code = post_code(written)
    if code is None:
        raise InputError(written, "no such post", "name it as cables do, Embassy Baghdad or BAGHDAD")
    return code
