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

    from reftel.archive.sight import Sight
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
_COLUMNS = f"id, content_hash, mrn, {_YEAR} AS year, {_STAMP} AS stamp"


class Chosen(NamedTuple):
    """A cable to export: `year` is None where nothing tells it, `stamp` changes with what the archive holds of it.

    `twins` is how many cables that came in before, and can be seen, have the same number.
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

    def chosen(self, connection: sqlite3.Connection, sight: Sight, *, by_year: bool = False) -> Iterator[Chosen]:
        """The cables of which anything is seen, in the order they came in, or year by year (of no known year first)."""
        where, values = self._where()
        order = "year, id" if by_year else "id"
        twins = (
            "(SELECT count(*) FROM cables AS twin WHERE twin.mrn = cables.mrn AND twin.id < cables.id"  # noqa: S608  # ours
            f" AND {sight.cables('twin.id')}) AS twins"
        )
        query = f"SELECT {_COLUMNS}, {twins} FROM cables WHERE {where} AND {sight.cables()} ORDER BY {order}"  # noqa: S608  # ours
        return (Chosen(*row) for row in connection.execute(query, values))

    def count(self, connection: sqlite3.Connection, sight: Sight) -> int:
        """How many cables there are to export."""
        where, values = self._where()
        query = f"SELECT count(*) FROM cables WHERE {where} AND {sight.cables()}"  # noqa: S608  # our own text
        found: int = connection.execute(query, values).fetchone()[0]
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
