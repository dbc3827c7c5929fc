"""All rows of an export, table by table: those of each cable, then those that belong to no one cable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reftel.export.layout import tables
from reftel.export.rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reftel.export.across import Across, AcrossEntity
    from reftel.export.rows import Row, Rows
    from reftel.export.view import Shown, View

_AS_THEY_ARE = {
    "entities": "SELECT * FROM entities ORDER BY id",
    "aliases": "SELECT aliases.*, key AS entity_key FROM aliases JOIN entities ON entities.id = entity_id"
    " ORDER BY entity_id, aliases.name",
    "roles": "SELECT roles.*, key AS entity_key FROM roles JOIN entities ON entities.id = entity_id"
    " ORDER BY entity_id, roles.role",
    "decisions": "SELECT * FROM decisions ORDER BY id",
    "failures": "SELECT content_hash, failures.* FROM failures LEFT JOIN cables ON cables.id = cable_id"
    " ORDER BY failures.id",
}
_STAGES = "parsed_by, linked_by, tagged_by, resolved_by, related_by"


def rows_of_cable(view: View, shown: Shown) -> Rows:
    """The rows of a cable, with where it was found and its versions."""
    execute, cable_id, content_hash = view.connection.execute, shown.chosen.id, shown.chosen.content_hash
    done_by = execute(f"SELECT {_STAGES} FROM cables WHERE id = ?", (cable_id,)).fetchone()  # noqa: S608  # our own names
    rows = rows_of(shown.cable, content_hash=content_hash, done_by=dict(done_by), keys=shown.keys)
    found = execute("SELECT source, reader, added FROM provenance WHERE cable_id = ? ORDER BY id", (cable_id,))
    rows["provenance"] = [{"content_hash": content_hash, **dict(row)} for row in found]
    versions = execute(
        "SELECT content_hash AS other_content_hash, kind, similarity FROM versions JOIN cables ON cables.id = other_id"
        " WHERE cable_id = ? ORDER BY other_id",
        (cable_id,),
    )
    rows["versions"] = [{"content_hash": content_hash, **dict(row)} for row in versions]
    return rows


def rows_of_archive(view: View, across: Across) -> Iterator[tuple[str, Row]]:
    """The rows of entities, aliases and roles; and, where nothing is left out or masked, of decisions and failures."""
    if not view.shows_all:
        for entity in across.entities():
            if entity.is_linked:
                yield from _entity(entity)
        return
    for table, query in _AS_THEY_ARE.items():
        for row in view.connection.execute(query):
            yield table, _of(table, dict(row))


def _entity(entity: AcrossEntity) -> Iterator[tuple[str, Row]]:
    columns = {column.name: getattr(entity, column.name) for column in tables()["entities"]}
    yield "entities", columns
    for name in entity.names:
        yield "aliases", {"entity_key": entity.key, **name._asdict()}
    for role in entity.roles:
        yield "roles", {"entity_key": entity.key, **role._asdict()}


def _of(table: str, row: dict[str, Any]) -> Row:
    return {column.name: row[column.name] for column in tables()[table]}
