"""`reftel meetings` and `reftel statements`."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
import textwrap
from dataclasses import asdict, fields
from itertools import islice
from typing import TYPE_CHECKING, Any, get_args

import click

from reftel.archive import open_archive
from reftel.archive.relations import MeetingRow, StatementRow, Wanted, meetings, statements
from reftel.cli import options
from reftel.errors import ReftelError
from reftel.model import MeetingStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from reftel.archive.clearance import Clearance
    from reftel.archive.relations import Party

    Row = MeetingRow | StatementRow

FORMATS = ("table", "json", "csv")
STATUSES = get_args(MeetingStatus)


def _filters(command: Callable[..., None]) -> Callable[..., None]:
    """The options that both commands have."""
    for option in reversed(
        (
            options.archive,
            click.option("--entity", metavar="E", help="A name, or an entity's key."),
            click.option("--post", metavar="P", help="Sent by this post, however it is written."),
            click.option(
                "--from", "since", metavar="DATE", help="Sent on this day or later: 2009, 2009-01, 2009-01-26."
            ),
            click.option("--to", "until", metavar="DATE", help="Sent on this day or earlier."),
            click.option("-n", "count", type=click.IntRange(1), metavar="N", help="So many at most; default: all."),
            options.clearance,
            options.captions,
            click.option(
                "--protected",
                type=click.Choice(("mask", "show")),
                default="mask",
                show_default=True,
                help="Cables that protect a name: left out, or told.",
            ),
            options.output_format(FORMATS),
        )
    ):
        command = option(command)
    return command


@click.command("meetings")
@_filters
@click.option(
    "--status",
    multiple=True,
    type=click.Choice(STATUSES),
    default=("held",),
    show_default=True,
    help="What became of it; may be repeated.",
)
def meetings_command(status: tuple[str, ...], **given: Any) -> None:
    """List meetings, calls and visits: who met whom, where and when, in the order of their cables.

    A row is one sentence of one cable; the same meeting told by two cables is two rows.
    """
    wanted, clearance, how = _read(given)
    _tell(
        how,
        MeetingRow,
        lambda connection: meetings(connection, wanted, statuses=frozenset(status), clearance=clearance),
    )


@click.command("statements")
@_filters
def statements_command(**given: Any) -> None:
    """List statements: what cables attribute to whom, and by which word; with --entity, what that entity said."""
    wanted, clearance, how = _read(given)
    _tell(how, StatementRow, lambda connection: statements(connection, wanted, clearance=clearance))


def _read(given: dict[str, Any]) -> tuple[Wanted, Clearance, dict[str, Any]]:
    """The options as what is wanted, by whom, and how it is written."""
    wanted = Wanted(given["entity"], given["post"], given["since"], given["until"])
    return wanted, options.reader(given["clearance"], given["captions"], given["protected"]), given


def _tell(how: dict[str, Any], kind: type, rows_of: Callable[..., Iterable[Row]]) -> None:
    """Write the rows as they come, and leave with the exit code."""
    path: Path = how["archive"]
    write = {"table": _table, "json": _json, "csv": _csv}[how["fmt"]]
    try:
        with open_archive(path) as archive:
            for line in write(islice(rows_of(archive.connection), how["count"]), kind):
                sys.stdout.buffer.write(line.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # the reader of our output (head, less) has gone: that is no failure
        sys.stderr.close()
    except ReftelError as error:
        click.echo(f"reftel: {error}", err=True)
        sys.exit(1)


def _json(rows: Iterable[Row], _: type) -> Iterator[str]:
    for row in rows:
        yield json.dumps(asdict(row), ensure_ascii=False) + "\n"


def _csv(rows: Iterable[Row], kind: type) -> Iterator[str]:
    names = [field.name for field in fields(kind)]
    yield _csv_line(names)
    for row in rows:
        yield _csv_line([_cell(getattr(row, name)) for name in names])


def _csv_line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _cell(value: Any) -> str:
    """A value as a table shows it: names of parties, lists with semicolons between, nothing for None."""
    if isinstance(value, tuple):
        return "; ".join(map(_cell, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(getattr(value, "name", value))


def _table(rows: Iterable[Row], _: type) -> Iterator[str]:
    width = min(shutil.get_terminal_size((88, 24)).columns, 110)
    for row in rows:
        head = _meeting_head(row) if isinstance(row, MeetingRow) else _statement_head(row)
        where = f"{row.mrn or '-'}{f', par. {row.number}' if row.number else ''}"
        text = textwrap.fill(row.text, width, initial_indent="    ", subsequent_indent="    ")
        yield f"{head}  ({where})\n{text}\n\n"


def _meeting_head(row: MeetingRow) -> str:
    when = f"{row.date or 'no date'}{f' to {row.until}' if row.until else ''}"
    who = ", ".join([*(party.name for party in row.participants), *row.staff]) + _known(row.chief)
    where = f" in {row.place.name}" if row.place else ""
    return f"{when}  {row.kind}{'' if row.status == 'held' else f' ({row.status})'}: {who}{where}"


def _statement_head(row: StatementRow) -> str:
    to = f" to {row.addressee}{_known(row.chief)}" if row.addressee else ""
    within = f", as told by {_name(row.within)}" if row.within else ""
    return f"{(row.sent or 'no date')[:10]}  {row.source.name}: {row.cue}{to}{within}"


def _name(party: Party) -> str:
    return party.name


def _known(chief: Party | None) -> str:
    """Who the Ambassador is, by the list of officers."""
    return f" ({chief.name})" if chief else ""
