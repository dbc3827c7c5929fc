"""Archives of invented cables, written as text with names in brackets: "[PER Karim Danesh] met [PER Olsen]"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from reftel.archive import writing
from reftel.archive.fingerprints import content_hash
from reftel.archive.store import open_file, transaction
from reftel.model import Cable, Mention, RawCable, Unit
from reftel.pipeline.stages import understand

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

_NAME = re.compile(r"\[(PER|LOC|ORG|MISC) ([^\]]+)\]")


@dataclass(frozen=True)
class Made:
    """An invented cable: its number, day, post, paragraphs with names in brackets, and signature."""

    mrn: str
    text: str
    sent: str = "2008-05-01"
    post: str = "Embassy Oslo"
    signature: str | None = None


def cable_of(made: Made) -> Cable:
    """The cable with its mentions as tagged, without entities."""
    texts = [("body", line) for line in made.text.split("\n")]
    texts += [("signature", f"[PER {made.signature}]")] if made.signature else []
    units, mentions = [], []
    for number, (kind, line) in enumerate(texts):
        plain, found = _plain(line)
        units.append(Unit(cast("Any", kind), plain))
        mentions += [
            Mention(number, start, end, cast("Any", type_), plain[start:end], origin="test")
            for type_, start, end in found
        ]
    raw = RawCable(f"{made.mrn}.txt", "text", f"{made.mrn} {made.text}")
    sent = datetime.fromisoformat(made.sent).replace(tzinfo=UTC)
    return Cable(
        mrn=made.mrn, sent=sent, post=made.post, classification="UNCLASSIFIED", signature=made.signature,
        units=tuple(units), mentions=tuple(mentions), raw=raw,
    )  # fmt: skip


def archive_of(cables: Iterable[Made], path: Any = ":memory:") -> sqlite3.Connection:
    """An archive with the names of these cables resolved within each; across them is still to do."""
    connection = open_file(path, create=True)
    add(connection, cables)
    return connection


def add(connection: sqlite3.Connection, cables: Iterable[Made]) -> None:
    """Add cables to an archive, as a build does before it resolves across them."""
    for made in cables:
        cable = cable_of(made)
        assert cable.raw is not None
        with transaction(connection):
            number = writing.add_cable(connection, cable, content_hash=content_hash(cable.raw), parsed_by="test")
            writing.add_provenance(connection, number, cable.raw)
            done_by = {"tagged_by": "test", "resolved_by": "test", "related_by": "test"}
            writing.put_names(connection, number, understand(replace(cable, raw=None)), done_by=done_by)


def entities(connection: sqlite3.Connection, type_: str = "PER") -> dict[str, set[str]]:
    """The numbers of the cables of each entity of a type, by its name and what it is called."""
    found: dict[str, set[str]] = {}
    query = (
        "SELECT e.key, c.mrn FROM entities e JOIN cable_entities ce ON ce.entity_id = e.id"
        " JOIN cables c ON c.id = ce.cable_id WHERE e.type = ?"
    )
    for key, mrn in connection.execute(query, (type_,)):
        found.setdefault(key, set()).add(mrn)
    return found


def _plain(line: str) -> tuple[str, list[tuple[str, int, int]]]:
    """The text without brackets, and the type and place of each name."""
    plain, found, at = "", [], 0
    for match in _NAME.finditer(line):
        plain += line[at : match.start()]
        found.append((match[1], len(plain), len(plain) + len(match[2])))
        plain += match[2]
        at = match.end()
    return plain + line[at:], found
