"""`reftel entity`."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from reftel.archive import open_archive
from reftel.archive.portraits import portrait
from reftel.cli import options
from reftel.errors import ReftelError
from reftel.pipeline.resolving import find_entities

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from reftel.archive.portraits import Candidate, Portrait
    from reftel.model import Classification

FORMATS = ("table", "json")
_CLEAR = 4  # how many times as often as all others one must be called so to be meant without a choice
_SHOWN = 12  # rows of a list in the table


@click.command("entity")
@options.archive
@click.argument("name")
@click.option("--exact", is_flag=True, help="No other spellings of the name.")
@options.clearance
@options.captions
@click.option("--protected", type=click.Choice(("mask", "show")), default="mask", show_default=True,
              help='Persons that a cable marks "strictly protect": told there, or not.')  # fmt: skip
@options.output_format(FORMATS)
def entity_command(
    archive: Path,
    name: str,
    exact: bool,
    clearance: Classification,
    captions: str | None,
    protected: str,
    fmt: str,
) -> None:
    """Show who or what NAME is: other names, roles with dates, countries, posts, company, meetings, statements.

    NAME is a key ("country:IZ") or a name in any spelling. Where it may mean several, the candidates are listed with
    their keys.
    """
    reader = options.reader(clearance, captions, protected)
    try:
        with open_archive(archive) as opened:
            found = find_entities(opened.connection, name, spellings=not exact, clearance=reader)
            shown = [(each, portrait(opened.connection, each.id, clearance=reader)) for each in found]
    except ReftelError as error:
        click.echo(f"reftel: {error}", err=True)
        sys.exit(1)
    known = [(each, drawn) for each, drawn in shown if drawn is not None]
    if not known:
        click.echo(f"reftel: no entity is called {name!r}; try a part of the name, or reftel search", err=True)
        sys.exit(1)
    click.echo(_json(known) if fmt == "json" else "\n".join(_table(known)))


def _meant(known: Sequence[tuple[Candidate, Portrait]]) -> Portrait | None:
    """The one that is meant, where it is the only one or called so far more often than all others."""
    first, *others = known
    is_clear = first[0].mentions > _CLEAR * sum(each.mentions for each, _ in others)
    return first[1] if not others or is_clear else None


def _json(known: Sequence[tuple[Candidate, Portrait]]) -> str:
    meant = _meant(known)
    candidates = [_summary(each, drawn) for each, drawn in known]
    return json.dumps({"entity": meant and asdict(meant), "candidates": candidates}, ensure_ascii=False, indent=2)


def _summary(each: Candidate, drawn: Portrait) -> dict[str, Any]:
    plain = {name: getattr(drawn, name) for name in ("key", "type", "name", "role", "country", "cables")}
    return {**plain, "mentions_of_name": each.mentions}


def _table(known: Sequence[tuple[Candidate, Portrait]]) -> Iterator[str]:
    meant = _meant(known)
    if meant is None:
        yield "This may be:"
        yield from (_line(drawn) for _, drawn in known)
        return
    yield from _drawn(meant)
    if len(known) > 1:
        yield "also called so:"
        yield from (_line(drawn) for _, drawn in known[1:])


def _line(drawn: Portrait) -> str:
    told = ", ".join(filter(None, (drawn.role, drawn.country)))
    return f"  {drawn.key:32} {drawn.type:4} {drawn.name}{f' ({told})' if told else ''}, {drawn.cables:,} cables"


def _drawn(each: Portrait) -> Iterator[str]:
    yield f"{each.name}  [{each.type}]  {each.key}"
    yield f"  {each.cables:,} cables, {each.mentions:,} mentions, {_day(each.first)} to {_day(each.last)}"
    if each.former_keys:
        yield f"  formerly {', '.join(each.former_keys)}"
    yield from _list("names", [f"{a['name']} ({a['mentions']:,} in {a['cables']:,} cables)" for a in each.aliases])
    yield from _list(
        "roles", [f"{r['role']} ({r['cables']:,}; {_day(r['first'])} to {_day(r['last'])})" for r in each.roles]
    )
    yield from _list("countries", [f"{c['country']} ({c['cables']:,})" for c in each.countries])
    yield from _list("posts", [f"{p['post']} ({p['cables']:,})" for p in each.posts])
    yield from _list("with", [f"{p['name']} ({p['cables']:,})" for p in each.persons])
    yield from _list("and", [f"{p['name']} ({p['cables']:,})" for p in each.others])
    yield from _list(f"meetings ({each.meetings_in_all:,})", [_meeting(m) for m in each.meetings])
    yield from _list(f"statements ({each.statements_in_all:,})", [_statement(s) for s in each.statements])
    yield from _list("least certain", [f"{w['score']:.2f} {w['one']} = {w['other']}: {w['reason']}" for w in each.why])


def _list(title: str, rows: Sequence[str]) -> Iterator[str]:
    if rows:
        yield f"{title}:"
        yield from (f"  {row}" for row in rows[:_SHOWN])
        if len(rows) > _SHOWN:
            yield f"  ... {len(rows) - _SHOWN:,} more"


def _meeting(each: dict[str, Any]) -> str:
    where = f" at {each['place']}" if each["place"] else ""
    status = "" if each["status"] == "held" else f" ({each['status']})"
    who, when = ", ".join(each["participants"]), each["date"] or _day(each["sent"])
    return f"{when} {each['mrn']} {each['kind']}{status}: {who}{where}"


def _statement(each: dict[str, Any]) -> str:
    return f"{_day(each['sent'])} {each['mrn']} {each['cue']}: {' '.join(each['text'].split())[:160]}"


def _day(time: str | None) -> str:
    return time[:10] if time else "?"
