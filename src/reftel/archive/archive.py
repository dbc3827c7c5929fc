"""An open archive: what the other modules of this room do, with the connection held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from reftel.archive import (
    cables,
    check,
    entities,
    portraits,
    relations,
    search,
    spellings,
    store,
    versions,
    word_counts,
    writing,
)
from reftel.archive.clearance import EVERYTHING, FULL, Clearance
from reftel.archive.fingerprints import content_hash
from reftel.archive.relations import Wanted
from reftel.archive.rows import raw_cable
from reftel.archive.sight import sight_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from reftel.archive.entities import NamedEntity
    from reftel.archive.portraits import Portrait
    from reftel.archive.relations import MeetingRow, StatementRow
    from reftel.archive.search import Results
    from reftel.archive.versions import VersionKind
    from reftel.model import Cable, RawCable

_LOADED = "loaded"  # what linked the versions of cables that came from an export
# A stage to the columns that forget it, and all that rests on it.
_RESTS_ON = {
    "parse": ("parsed_by", "linked_by", "tagged_by", "resolved_by", "related_by"),
    "tag": ("tagged_by", "resolved_by", "related_by"),
    "resolve": ("resolved_by", "related_by"),
    "relate": ("related_by",),
}


def open_archive(path: Path | str, *, create: bool = False) -> Archive:
    """The archive in this file; `create` makes it where there is none.

    Raises InputError where there is no such file, or it is no archive that this version can read.
    """
    return Archive(store.open_file(path, create=create))


class Archive:
    """A collection of cables. Use it in a `with` block, or close it; `connection` is for SQL of one's own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take an open connection, as `store.open_file` makes it."""
        self.connection = connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was written stays."""
        self.connection.close()

    def __len__(self) -> int:
        """How many cables it holds."""
        return int(self._one("SELECT count(*) FROM cables"))

    def transaction(self) -> AbstractContextManager[None]:
        """A block whose writes are all in the file at its end, or none of them."""
        return store.transaction(self.connection)

    def cable(self, cable_id: int, *, with_raw: bool = True) -> Cable:
        """The cable with this id, names and all, for `reftel.export.cleared` to cut; see `cables.read_cable`."""
        return cables.read_cable(self.connection, cable_id, with_raw=with_raw)

    def cable_ids(self, mrn: str, *, clearance: Clearance = EVERYTHING) -> list[int]:
        """The ids of the cables with this number of which the reader sees anything, in the order they came in."""
        return cables.cable_ids(self.connection, mrn, seen=sight_of(self.connection, clearance).cables())

    def cables(self, *, with_raw: bool = True) -> Iterator[Cable]:
        """All cables, in the order they came in, one at a time."""
        last = 0
        while (found := self._one("SELECT min(id) FROM cables WHERE id > ?", last)) is not None:
            last = found
            yield self.cable(last, with_raw=with_raw)

    def raw(self, cable_id: int) -> RawCable:
        """The raw cable, as it was read. Raises KeyError where there is none."""
        row = self.connection.execute("SELECT * FROM raw_cables WHERE cable_id = ?", (cable_id,)).fetchone()
        if row is None:
            raise KeyError(cable_id)
        return raw_cable(row)

    def search(self, query: str = "", **how: Any) -> Results:
        """The cables that match, ranked, with their best paragraphs; see `search.search` for the other arguments.

        Raises QueryError where the query cannot be read, with the place.
        """
        return search.search(self.connection, query, **how)

    def entities(self, name: str, *, clearance: Clearance = EVERYTHING) -> list[NamedEntity]:
        """The entities of this name, or with this key, the most frequent first, as the reader is told of them."""
        return entities.entities_known(self.connection, sight_of(self.connection, clearance), name)

    def portrait(self, entity_id: int, *, clearance: Clearance = FULL) -> Portrait | None:
        """What the archive knows of an entity: names, roles, company, meetings, statements; see `portraits`."""
        return portraits.portrait(self.connection, entity_id, clearance=clearance)

    def meetings(self, wanted: Wanted | None = None, **how: Any) -> Iterator[MeetingRow]:
        """Meetings, in the order of their cables; see `relations.meetings`."""
        return relations.meetings(self.connection, wanted or Wanted(), **how)

    def statements(self, wanted: Wanted | None = None, **how: Any) -> Iterator[StatementRow]:
        """Statements, in the order of their cables; see `relations.statements`."""
        return relations.statements(self.connection, wanted or Wanted(), **how)

    def versions(
        self, cable_id: int, *, clearance: Clearance = EVERYTHING
    ) -> list[tuple[int, VersionKind, float | None]]:
        """The other versions of a cable: id, kind of the link, similarity; see `versions.versions_told`."""
        return versions.versions_told(self.connection, sight_of(self.connection, clearance), cable_id)

    def check(self) -> Iterator[str]:
        """What is wrong with the archive, a sentence each; see `check.check`."""
        return check.check(self.connection)

    # What a build needs. The methods that write expect an open transaction.

    def knows(self, raw: RawCable) -> bool:
        """Whether just this raw cable is in the archive."""
        return self._id_of(raw) is not None

    def found_again(self, raw: RawCable) -> None:
        """Note where a cable that is in the archive was found once more."""
        cable_id = self._id_of(raw)
        if cable_id is not None:
            writing.add_provenance(self.connection, cable_id, raw)

    def add(self, cable: Cable, *, parsed_by: str) -> int:
        """Write a cable that was just parsed, its `raw` with it; returns its id."""
        if cable.raw is None:
            raise ValueError("a cable without its raw text cannot be added to an archive")
        cable_id = writing.add_cable(self.connection, cable, content_hash=content_hash(cable.raw), parsed_by=parsed_by)
        writing.add_provenance(self.connection, cable_id, cable.raw)
        writing.forget_failure(self.connection, cable.raw.source)
        return cable_id

    def replace(self, cable_id: int, cable: Cable, *, parsed_by: str) -> None:
        """Write a cable that was parsed anew over what was there."""
        writing.replace_cable(self.connection, cable_id, cable, parsed_by=parsed_by)

    def put_names(self, cable_id: int, cable: Cable, *, done_by: Mapping[str, str]) -> None:
        """Write a cable's mentions, entities, meetings and statements over those it had."""
        writing.put_names(self.connection, cable_id, cable, done_by=done_by)

    def link(self, cable_id: int, *, linked_by: str) -> None:
        """Link a cable with its versions."""
        versions.link(self.connection, cable_id, linked_by=linked_by)

    def pending(self, column: str, done_by: str) -> list[int]:
        """The ids of the cables whose stage (`parsed_by`, `linked_by`) was not done by this version, in order."""
        query = f"SELECT id FROM cables WHERE {column} IS NOT ? ORDER BY id"  # noqa: S608  # our own names
        return [row[0] for row in self.connection.execute(query, (done_by,))]

    def pending_names(self, done_by: Mapping[str, str]) -> list[tuple[int, bool]]:
        """The ids of the cables whose names are not done by these versions, each with whether its mentions are."""
        rows = self.connection.execute(
            "SELECT id, tagged_by IS :tagged_by AS is_tagged FROM cables WHERE (tagged_by IS NOT :tagged_by"
            " OR resolved_by IS NOT :resolved_by OR related_by IS NOT :related_by)"
            " AND id NOT IN (SELECT cable_id FROM failures WHERE cable_id IS NOT NULL) ORDER BY id",
            dict(done_by),
        )
        return [(row["id"], bool(row["is_tagged"])) for row in rows]

    def forget(self, stage: str) -> None:
        """Let a stage, and all that rests on it, be done again by the next build."""
        columns = [column for column in _RESTS_ON[stage] if column != "parsed_by"]
        places = ", ".join([*(f"{column} = NULL" for column in columns), *(["parsed_by = ''"] * (stage == "parse"))])
        self.connection.execute(f"UPDATE cables SET {places}")  # noqa: S608  # our own names

    def index_words(self) -> None:
        """Count the words that are not counted yet, for a fast search; in transactions of its own."""
        word_counts.count_words(self.connection)

    def index_names(self) -> None:
        """List the spellings of names anew, so that a search finds other spellings; in a transaction of its own."""
        spellings.index_spellings(self.connection)

    def settle(self) -> None:
        """Link versions and index what was added outside a build; in transactions of its own."""
        with self.transaction():
            for cable_id in self.pending("linked_by", _LOADED):
                self.link(cable_id, linked_by=_LOADED)
        self.index_words()
        self.index_names()
        self.tidy()

    def tidy(self) -> None:
        """Put the full-text index in order, which makes searches faster; takes a while after a large build."""
        self.connection.execute("INSERT INTO words (words) VALUES ('optimize')")

    def fail(self, source: str, stage: str, reason: str, *, path: str | None, cable_id: int | None = None) -> None:
        """Keep what failed and why; `path` is the file to read again."""
        writing.add_failure(self.connection, source, stage, reason, path=path, cable_id=cable_id)

    def failed_paths(self) -> list[str]:
        """The files that held an input or a cable that could not be read or parsed."""
        query = "SELECT DISTINCT path FROM failures WHERE path IS NOT NULL AND cable_id IS NULL ORDER BY path"
        return [row[0] for row in self.connection.execute(query)]

    def forgive(self) -> None:
        """Take all failures off the list, so that they are tried again."""
        self.connection.execute("DELETE FROM failures")

    def source(self, cable_id: int) -> str:
        """Where a cable was first found."""
        return str(self._one("SELECT source FROM raw_cables WHERE cable_id = ?", cable_id))

    def _id_of(self, raw: RawCable) -> int | None:
        found: int | None = self._one("SELECT id FROM cables WHERE content_hash = ?", content_hash(raw))
        return found

    def _one(self, query: str, *values: Any) -> Any:
        row = self.connection.execute(query, values).fetchone()
        return None if row is None else row[0]
