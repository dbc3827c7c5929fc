"""`reftel check`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from reftel.archive import open_archive
from reftel.cli import options
from reftel.errors import ReftelError

if TYPE_CHECKING:
    from pathlib import Path


@click.command("check")
@options.archive
def check_command(archive: Path) -> None:
    """Check that an archive is whole: pages, counts, offsets, references, and that search is in step with the text.

    One line a fault, and exit code 1 where there is one. Reads the whole file.
    """
    try:
        with open_archive(archive) as opened:
            faults = list(opened.check())
            cables = len(opened)
    except ReftelError as error:
        click.echo(f"reftel: {error}", err=True)
        sys.exit(1)
    for fault in faults:
        click.echo(f"reftel: {archive}: {fault}", err=True)
    click.echo(f"{archive}: {cables:,} cables, {len(faults) or 'no'} {'fault' if len(faults) == 1 else 'faults'}")
    sys.exit(1 if faults else 0)
