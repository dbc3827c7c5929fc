"""Which cables of the archive are exported."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from reftel.archive.clearance import LEVELS
from reftel.tables import post_code

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from reftel.model import Classification

# The year of a cable: when it was sent, else what its number says; numbers of 1960 and later have two digits of it.
_YEAR = (
    "CASE WHEN sent IS NOT NULL THEN CAST(substr(sent, 1, 4) AS INTEGER)"
    " WHEN mrn GLOB '[0-9][0-9]*' THEN CAST(substr(mrn, 1, 2) AS INTEGER)"
    " + CASE WHEN substr(mrn, 1, 2) < '60' THEN 2000 ELSE 1900 END END"
)
_STAMP = " || ' ' || ".join(
    f"coalesce({column}, '')"
    for column in ("content_hash", "parsed_by", "linked_by", "tagged_by", "resolved_by", "related_by")
)
_TWIN = "(SELECT count(*) FROM cables AS twin WHERE twin.mrn = cables.mrn AND twin.id < cables.id)"
_COLUMNS = f"id, content_hash, mrn, {_YEAR} AS year, {_STAMP} AS stamp, {_TWIN} AS twins"


class Chosen(NamedTuple):
    """A cable to export: `year` is None where nothing tells it, `stamp` changes with what the archive holds of it.

    `twins` is how many cables that came in before have the same number.
    """

    id: int
    content_hash: str
    mrn: str | None
    year: int | None
    stamp: str
    twins: int


@dataclass(frozen=True, slots=True)
class Selection:
    """A part of the archive, all of it by default. Each condition that is given must hold.

    `posts` are names or codes ("Embassy Baghdad", "BAGHDAD"), `since` and `until` ISO dates, both days included, `tags`
    TAGS codes; of several posts, TAGS or classifications one is enough. `ids` are ids of cables, from a search, say.
    """

    posts: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    tags: tuple[str, ...] = ()
    classifications: tuple[Classification, ...] = ()
    ids: tuple[int, ...] | None = None

    def chosen(self, connection: sqlite3.Connection, *, by_year: bool = False) -> Iterator[Chosen]:
        """The cables, in the order they came in, or year by year (those of no known year first)."""
        where, values = self._where()
        order = "year, id" if by_year else "id"
        query = f"SELECT {_COLUMNS} FROM cables WHERE {where} ORDER BY {order}"  # noqa: S608  # our own text
        return (Chosen(*row) for row in connection.execute(query, values))

    def count(self, connection: sqlite3.Connection) -> int:
        """How many cables there are to export."""
        where, values = self._where()
        found: int = connection.execute(f"SELECT count(*) FROM cables WHERE {where}", values).fetchone()[0]  # noqa: S608
        return found

    def _where(self) -> tuple[str, list[str]]:
        """The condition and the values for its marks."""
        conditions: list[tuple[str, str]] = []
        if self.ids is not None:
            conditions.append(("id IN (SELECT value FROM json_each(?))", json.dumps(self.ids)))
        if self.posts:
            codes = [code for code in map(post_code, self.posts) if code]
            conditions.append(("post_code IN (SELECT value FROM json_each(?))", json.dumps(codes)))
        if self.since:
            conditions.append(("substr(sent, 1, 10) >= ?", self.since))
        if self.until:
            conditions.append(("substr(sent, 1, 10) <= ?", self.until))
        if self.tags:
            codes = [code.upper() for code in self.tags]
            with_tag = "SELECT cable_id FROM tags WHERE code IN (SELECT value FROM json_each(?))"
            conditions.append((f"id IN ({with_tag})", json.dumps(codes)))
        if self.classifications:
            levels = [LEVELS[LEVELS.index(each)] for each in self.classifications]
            conditions.append(("classification IN (SELECT value FROM json_each(?))", json.dumps(levels)))
        return " AND ".join(["TRUE", *(text for text, _ in conditions)]), [value for _, value in conditions]


ALL = Selection()
