"""`reftel export`."""

from __future__ import annotations

import sqlite3
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reftel.archive import Clearance, open_archive
from reftel.archive.clearance import LEVELS
from reftel.archive.dates import day_range
from reftel.archive.query import QueryError
from reftel.archive.search import Filters, hit_ids
from reftel.cli import options
from reftel.cli.progress import progress
from reftel.errors import ReftelError, UsageError
from reftel.export import FORMATS, RESUMED, Exported, Selection, View, export
from reftel.tables import post_code

if TYPE_CHECKING:
    from reftel.model import Classification

    Asked = tuple[str, Filters]


@click.command("export")
@options.archive
@click.option(
    "-f", "--format", "fmt", type=click.Choice(tuple(FORMATS)), required=True, help="Output format; see docs/export.md."
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    metavar="PATH",
    help="The file or, for csv, parquet, docbin and the formats with a file a cable, the folder (or .zip) to write.",
)
@click.option(
    "--post", "posts", multiple=True, metavar="POST", help="Only cables from this post; several: from any of them."
)
@click.option("--query", metavar="Q", help="Only what `reftel search` finds for this query; see docs/search.md.")
@click.option("--entity", "entities", multiple=True, metavar="E", help="Only cables that mention this entity.")
@click.option("--from", "since", metavar="DATE", help="Sent on this day or later: 2009, 2009-01 or 2009-01-26.")
@click.option("--to", "until", metavar="DATE", help="Sent on this day or earlier.")
@click.option(
    "--tag", "tags", multiple=True, metavar="TAG", help="Only cables with this TAGS code; several: any of them."
)
@click.option(
    "--classification", "classifications", multiple=True, type=click.Choice(LEVELS), help="Only cables so classified."
)
@click.option("--clearance", type=click.Choice(LEVELS), help="Leave out every paragraph that is classified higher.")
@click.option(
    "--caption",
    "captions",
    multiple=True,
    metavar="CAPTION",
    help="With --clearance: do not leave out paragraphs of this caption (NOFORN, EXDIS ...).",
)
@click.option(
    "--protected",
    type=click.Choice(("mask", "show")),
    default="mask",
    show_default=True,
    help='Names that a cable marks "strictly protect".',
)
@click.option(
    "--least", type=click.IntRange(1), default=1, show_default=True, metavar="N", help="For gexf: in N cables at least."
)
def export_command(
    archive: Path,
    fmt: str,
    output: Path,
    posts: tuple[str, ...],
    query: str | None,
    entities: tuple[str, ...],
    since: str | None,
    until: str | None,
    tags: tuple[str, ...],
    classifications: tuple[Classification, ...],
    clearance: Classification | None,
    captions: tuple[str, ...],
    protected: str,
    least: int,
) -> None:
    """Write an archive, or a part of it, for other tools.

    Cables pass one at a time, and there is no limit to their number. A file or folder is there when it is whole; jsonl
    and parquet go on where they were interrupted when the same command is run again.
    """
    if captions and not clearance:
        raise click.UsageError("--caption goes with --clearance: without it, nothing is left out")
    if unknown := [post for post in posts if post_code(post) is None]:
        raise click.UsageError(f"no post is called {unknown[0]!r}; name it as cables do: Baghdad, 'Embassy Rome', USUN")
    selection = Selection(posts, _day(since, "--from"), _day(until, "--to", last=True), tags, classifications)
    shown = protected == "show"
    cleared = (
        Clearance(clearance, frozenset(map(str.upper, captions)), shown) if clearance else Clearance(protected=shown)
    )
    asked = None
    if query is not None or entities:
        # The search reads the filters as well: a TAG's meaning, a classification's letter are then known there alone.
        asked = (query or "", Filters(posts, tags, classifications, entities, since, until))
        selection = Selection()
    sys.exit(_export(archive, fmt, output, least, (cleared, selection, asked)))


def _export(archive: Path, fmt: str, output: Path, least: int, what: tuple[Clearance, Selection, Asked | None]) -> int:
    """Export and tell how it went; the exit code."""
    clearance, selection, asked = what
    try:
        with open_archive(archive) as opened, progress() as line:
            if asked:
                found = hit_ids(opened.connection, asked[0], filters=asked[1], clearance=clearance)
                selection = Selection(ids=tuple(sorted(found)))
            total = View(opened.connection, clearance, selection).count()
            view = View(
                opened.connection,
                clearance,
                selection,
                lambda done: line.draw(f"{done:,} of {total:,} cables", done, total),
            )
            done = export(view, fmt, output, least=least)
    except KeyboardInterrupt:
        goes_on = "it goes on" if fmt in RESUMED else "it begins anew"
        click.echo(f"reftel: stopped; run the same command again: {goes_on}", err=True)
        return 1
    except OSError as error:
        click.echo(f"reftel: {error.filename or output}: {error.strerror}; make room or name another place", err=True)
        return 1
    except sqlite3.Error as error:
        click.echo(f"reftel: {archive}: {error}; run reftel check -a {archive}", err=True)
        return 1
    except ReftelError as error:
        click.echo("\n".join(filter(None, (f"reftel: {error}", getattr(error, "pointer", "")))), err=True)
        return 2 if isinstance(error, UsageError | QueryError) else 1
    click.echo(f"reftel: {_told(done)}", err=True)
    return 0


def _told(done: Exported) -> str:
    return f"{done.cables:,} {'cable' if done.cables == 1 else 'cables'} in {done.path}"


def _day(written: str | None, option: str, *, last: bool = False) -> str | None:
    """The first day that is meant ("2009-02": the 1st of February), or the last."""
    if written is None:
        return None
    days = day_range(written)
    if days is None:
        raise click.BadParameter(f"{written!r} is no date; write 2009, 2009-01 or 2009-01-26", param_hint=option)
    return (days[1] - timedelta(days=1) if last else days[0]).isoformat()
