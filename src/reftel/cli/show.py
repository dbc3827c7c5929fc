"""`reftel show`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from reftel.archive import open_archive
from reftel.archive.nearest import nearest_mrns, normal_mrn
from reftel.archive.sight import sight_of
from reftel.cli import options
from reftel.errors import ReftelError, UsageError
from reftel.export import cleared
from reftel.write import FORMATS, write

if TYPE_CHECKING:
    from pathlib import Path

    from reftel.archive import Archive, Clearance
    from reftel.model import Classification

_FORMATS = ("text", *(name for name in FORMATS if name != "text"))


@click.command("show")
@options.archive
@click.argument("mrn", metavar="MRN")
@options.output_format(_FORMATS)
@click.option(
    "--version",
    type=click.IntRange(1),
    metavar="N",
    help="Of several cables with this number the N-th; the latest by default.",
)
@options.clearance
@options.captions
@click.option(
    "--protected",
    type=click.Choice(("mask", "show")),
    default="mask",
    show_default=True,
    help='Names that a cable marks "strictly protect".',
)
def show_command(
    archive: Path,
    mrn: str,
    fmt: str,
    version: int | None,
    clearance: Classification,
    captions: str | None,
    protected: str,
) -> None:
    """Show one cable of an archive, by its number (09BAGHDAD197)."""
    reader = options.reader(clearance, captions, protected)
    try:
        with open_archive(archive) as opened:
            cable_id = _chosen(opened, normal_mrn(mrn), version, reader)
            cable = cleared(opened.cable(cable_id), reader)
            text = write(cable, fmt, masked=False)
        sys.stdout.buffer.write(text.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # the reader of our output (head, less) has gone: that is no failure
        sys.stderr.close()
    except (ReftelError, ValueError) as error:
        click.echo(f"reftel: {error}", err=True)
        sys.exit(2 if isinstance(error, UsageError) else 1)


def _chosen(archive: Archive, mrn: str, version: int | None, reader: Clearance) -> int:
    """The id of the cable that is meant, of those that the reader sees; on standard error, that there are others."""
    ids = archive.cable_ids(mrn, clearance=reader)
    if not ids:
        seen = sight_of(archive.connection, reader).cables()
        near = nearest_mrns(archive.connection, mrn, seen)
        remedy = f"near are {', '.join(near)}" if near else "find its number with reftel search"
        raise ReftelError(f"no cable {mrn} in the archive; {remedy}")
    if version is not None and version > len(ids):
        raise UsageError(f"{mrn} has {len(ids)} {'version' if len(ids) == 1 else 'versions'}, and no version {version}")
    number = version or len(ids)
    if version is None and len(ids) > 1:
        others = ", ".join(f"--version {other}" for other in range(1, number))
        click.echo(f"reftel: this is the latest of {len(ids)} versions of {mrn}; for the others: {others}", err=True)
    return ids[number - 1]
