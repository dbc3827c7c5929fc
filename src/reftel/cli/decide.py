"""`reftel decide`: what people say about names, which the machine never overrules."""

from __future__ import annotations

import getpass
import re
import sqlite3
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from reftel.archive import decisions, open_archive
from reftel.archive.cables import cable_ids
from reftel.archive.describing import plain_name
from reftel.archive.store import transaction
from reftel.cli import options
from reftel.errors import ReftelError, UsageError
from reftel.pipeline.resolving import find_entities, resolve, take_effect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from reftel.archive.decisions import Decision, Kind

_TYPES = click.Choice(("PER", "LOC", "ORG", "MISC"))
_by = click.option("--by", default=None, metavar="NAME", help="Who decides; default: the user of this machine.")
_note = click.option("--note", metavar="TEXT", help="Why.")
_within = click.option("--in", "mrn", metavar="MRN", help="In this cable only.")


@click.group("decide")
def decide_group() -> None:
    """Correct names: merge, split, rename, retype, not-a-name, add-mention, and undo; list, export and import.

    A decision is kept with who made it and when. It takes effect at once, in search, counts and entities, survives
    every rebuild, and is never overruled by the machine. NAMEs of entities are keys, or names that only one entity has.
    """


@decide_group.command("merge")
@options.archive
@click.argument("one")
@click.argument("other")
@_by
@_note
def merge_command(archive: Path, one: str, other: str, by: str | None, note: str | None) -> None:
    """ONE and OTHER are the same."""
    with _deciding(archive, by) as made:
        subject, object_ = (decisions.entity_subject(made.connection, made.entity(name)) for name in (one, other))
        if subject["key"] == object_["key"]:
            raise UsageError(f"{one!r} and {other!r} are one entity already ({subject['key']})")
        made.decide("merge", subject, object=object_, note=note)


@decide_group.command("split")
@options.archive
@click.argument("name")
@click.argument("mrns", nargs=-1, required=True, metavar="CABLE...")
@_by
@_note
def split_command(archive: Path, name: str, mrns: tuple[str, ...], by: str | None, note: str | None) -> None:
    """What the CABLEs (by number) mean by NAME is another than the rest of it."""
    with _deciding(archive, by) as made:
        entity = made.entity(name)
        cables = [id_ for mrn in mrns for id_ in made.cables(mrn)]
        cut, rest = (
            decisions.entity_subject(made.connection, entity, cables),
            decisions.rest_subject(made.connection, entity, cables),
        )
        if not cut["examples"] or not rest["examples"]:
            raise UsageError(f"{name!r} is in {'no other cable' if cut['examples'] else 'none of these cables'}")
        made.decide("split", rest, object=cut, note=note)


@decide_group.command("rename")
@options.archive
@click.argument("name")
@click.argument("new_name")
@_by
@_note
def rename_command(archive: Path, name: str, new_name: str, by: str | None, note: str | None) -> None:
    """Call the entity NAME by NEW_NAME."""
    with _deciding(archive, by) as made:
        subject = decisions.entity_subject(made.connection, made.entity(name))
        made.decide("rename", subject, value=new_name, note=note)


@decide_group.command("retype")
@options.archive
@click.argument("name")
@click.argument("type_", type=_TYPES, metavar="TYPE")
@_within
@_by
@_note
def retype_command(archive: Path, name: str, type_: str, mrn: str | None, by: str | None, note: str | None) -> None:
    """The mentions that read NAME are of TYPE (PER, LOC, ORG, MISC), in the whole archive or in one cable."""
    with _deciding(archive, by) as made:
        for subject in made.mentions(name, mrn):
            made.decide("retype", subject, value=type_, note=note)


@decide_group.command("not-a-name")
@options.archive
@click.argument("name")
@_within
@_by
@_note
def not_a_name_command(archive: Path, name: str, mrn: str | None, by: str | None, note: str | None) -> None:
    """The mentions that read NAME name nothing, in the whole archive or in one cable."""
    with _deciding(archive, by) as made:
        for subject in made.mentions(name, mrn):
            made.decide("not-a-name", subject, note=note)


@decide_group.command("add-mention")
@options.archive
@click.argument("mrn", metavar="CABLE")
@click.argument("text")
@click.argument("type_", type=_TYPES, metavar="TYPE")
@_by
@_note
def add_mention_command(archive: Path, mrn: str, text: str, type_: str, by: str | None, note: str | None) -> None:
    """TEXT in this CABLE is a name of TYPE, wherever it stands there."""
    with _deciding(archive, by) as made:
        places = list(made.places(mrn, text))
        if not places:
            raise UsageError(f"{mrn} does not say {text!r}")
        for subject in places:
            made.decide("mention", subject, value=type_, note=note)


@decide_group.command("undo")
@options.archive
@click.argument("uid")
@_by
def undo_command(archive: Path, uid: str, by: str | None) -> None:
    """Undo the decision UID (or the one that begins so)."""
    with _deciding(archive, by) as made:
        undone = decisions.undo(made.connection, uid, by=made.by)
        if undone is None:
            raise UsageError(f"no one decision in force has the number {uid!r}; reftel decide list shows them")
        made.take(undone)


@decide_group.command("list")
@options.archive
@click.option("--undone", is_flag=True, help="Those that were undone as well.")
def list_command(archive: Path, *, undone: bool) -> None:
    """List the decisions, one a line: number, when, who, what."""
    with _opened(archive) as connection:
        for each in decisions.decisions(connection, undone=undone):
            gone = f"  (undone by {each.undone_by}, {each.undone_at})" if each.undone_at else ""
            click.echo(f"{each.uid}  {each.at}  {each.by}  {told(each)}{gone}")


@decide_group.command("export")
@options.archive
@click.argument("file", type=click.File("w", encoding="utf-8"))
def export_command(archive: Path, file: Any) -> None:
    """Write all decisions to FILE (- is standard output), a line of JSON each, for others to import."""
    with _opened(archive) as connection:
        for line in decisions.to_lines(decisions.decisions(connection, undone=True)):
            click.echo(line, file=file)


@decide_group.command("import")
@options.archive
@click.argument("file", type=click.File("r", encoding="utf-8"))
def import_command(archive: Path, file: Any) -> None:
    """Take in the decisions of FILE (- is standard input); those that are known are not taken twice.

    Where two contradict each other, it is said, and the later one holds.
    """
    with _deciding(archive, None) as made:
        try:
            done = decisions.import_lines(made.connection, file)
        except ValueError as error:
            raise UsageError(f"{file.name}: {error}; it must be what reftel decide export wrote") from None
        made.taken += [*done.added, *done.undone]
        for conflict in done.conflicts:
            click.echo(f"reftel: {conflict}", err=True)
        click.echo(f"added {len(done.added):,}, undone {len(done.undone):,}, known before {done.known:,}")


class _Deciding:
    """The decisions made in one run, and what they may be about."""

    def __init__(self, connection: sqlite3.Connection, by: str | None) -> None:
        self.connection = connection
        self.by = by or getpass.getuser()
        self.taken: list[Decision] = []

    def decide(self, kind: Kind, subject: dict[str, Any], **about: Any) -> None:
        """Make a decision."""
        self.take(decisions.decide(self.connection, decisions.decision_of(kind, subject, by=self.by, **about)))

    def take(self, decision: Decision) -> None:
        """Note a decision, and tell of it."""
        self.taken.append(decision)
        click.echo(f"{'undone: ' if decision.undone_at else ''}{decision.uid}  {told(decision)}")

    def entity(self, name: str) -> int:
        """The one entity that a key or name means. Raises UsageError where there is none or more than one."""
        found = find_entities(self.connection, name, spellings=False)
        if len(found) == 1:
            return found[0].id
        if not found:
            raise UsageError(f"no entity is called {name!r}; reftel entity finds other spellings")
        keys = ", ".join(each.key for each in found[:8])
        raise UsageError(f"{name!r} may be {len(found)} entities; name one by its key: {keys}")

    def cables(self, mrn: str) -> list[int]:
        """The ids of the cables with this number. Raises UsageError where there is none."""
        found = cable_ids(self.connection, mrn)
        if not found:
            raise UsageError(f"no cable has the number {mrn}")
        return found

    def mentions(self, name: str, mrn: str | None) -> list[dict[str, Any]]:
        """What a decision about mentions of this name is about: the name everywhere, or each mention in one cable."""
        if mrn is None:
            return [{"names": [name], "type": None}]
        query = (
            "SELECT c.content_hash, u.position, m.start, m.end, m.text FROM cables c JOIN units u ON u.cable_id = c.id"
            " JOIN mentions m ON m.unit_id = u.id WHERE c.id = ? ORDER BY u.position, m.start"
        )
        found = [
            _subject(row, mrn)
            for id_ in self.cables(mrn)
            for row in self.connection.execute(query, (id_,))
            if plain_name(row["text"]) == name
        ]
        if not found:
            raise UsageError(f"{mrn} has no mention that reads {name!r}")
        return found

    def places(self, mrn: str, text: str) -> list[dict[str, Any]]:
        """Wherever a cable says the text, as what a decision is about."""
        query = (
            "SELECT c.content_hash, u.position, u.text FROM cables c JOIN units u ON u.cable_id = c.id WHERE c.id = ?"
            " ORDER BY u.position"
        )
        rows = [row for id_ in self.cables(mrn) for row in self.connection.execute(query, (id_,))]
        pattern = re.compile(rf"(?<!\w){re.escape(text)}(?!\w)")
        return [
            _subject((digest, unit, match.start(), match.end(), text), mrn)
            for digest, unit, own in rows
            for match in pattern.finditer(own)
        ]


def _subject(row: Sequence[Any], mrn: str) -> dict[str, Any]:
    digest, unit, start, end, text = row
    return {"cable": digest, "mrn": mrn.upper(), "unit": unit, "start": start, "end": end, "text": text}


def told(each: Decision) -> str:
    """A decision in words."""
    subject = each.subject
    if each.kind in decisions.OF_MENTIONS:
        said = ", ".join(subject["names"]) if each.is_of_names else f"{subject['text']} in {subject['mrn']}"
        return f"{said}: {'no name' if each.kind == 'not-a-name' else each.value}"
    if each.kind == "rename":
        return f"{subject['key']} is called {each.value}"
    other = (each.object or {}).get("key")
    if each.kind == "merge":
        return f"{subject['key']} is {other}"
    return f"{subject['key']} is another in {len((each.object or {}).get('examples', ()))} cables"


@contextmanager
def _deciding(archive: Path, by: str | None) -> Iterator[_Deciding]:
    """A run that makes decisions, which take effect at its end, or are not made where it fails."""
    with _opened(archive) as connection:
        with transaction(connection):
            made = _Deciding(connection, by)
            yield made
            take_effect(connection, made.taken)
        resolve(connection)


@contextmanager
def _opened(archive: Path) -> Iterator[sqlite3.Connection]:
    """The archive's connection; what goes wrong is one line and exit code 1."""
    try:
        with open_archive(archive) as opened:
            yield opened.connection
    except (ReftelError, sqlite3.Error) as error:
        click.echo(f"reftel: {error}", err=True)
        sys.exit(1)
