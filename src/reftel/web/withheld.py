"""What a search says beside its hits, kept from telling more than the reader sees.

The archive finds entities by all of their names, and names them as it knows them best. To who may not see everything
an entity is known only by the names that stand in text that may be seen.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reftel.archive.entities import entities_named, entity_suggestions
from reftel.archive.facets import Share
from reftel.archive.query import And, Field, InSubject, Not, Or, QueryError, parse_query
from reftel.tables import tag_entry
from reftel.web.sighted import by_name, named, protects_any, sees_all, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reftel.archive.query import Node
    from reftel.archive.search import Results
    from reftel.web.visit import Visit

_TELLING = (" entities: ", "mrn:")  # notes that name entities, or say that a cable is there
_VERSIONS = (
    "SELECT other_id FROM versions WHERE cable_id = ?1 UNION ALL SELECT cable_id FROM versions WHERE other_id = ?1"
)


def refuse_hidden(visit: Visit, query: str, entities: Iterable[str]) -> None:
    """Raise QueryError where a search asks for an entity by a name that the reader does not see, or for copies."""
    if visit.sight.is_full and visit.sight.protected:
        return
    asked = list(_fields(parse_query(query)))
    if not visit.sight.is_full and any(each.name == "is" and each.value.lower() == "copy" for each in asked):
        raise QueryError(query, "copies are found for readers who may see every cable", None, "search for their words")
    for value in (*(each.value for each in asked if each.name == "entity"), *entities):
        if not _is_known(visit, value):
            raise QueryError(query, f'no entity is called "{value}"', None, _instead(visit, value))


def without_secrets(visit: Visit, results: Results) -> Results:
    """The results with versions, facets and notes as this reader may have them."""
    if visit.sight.is_full and visit.sight.protected:
        return results
    facets, notes, hits = results.facets, results.notes, results.hits
    if facets is not None:
        entities = tuple(_seen(visit, facets.entities))
        facets = replace(facets, entities=entities)
        if not visit.sight.protected:
            # A person's TAGS are a name, which the cable may ask to protect.
            facets = replace(facets, tags=tuple(share for share in facets.tags if _is_code(share.value)))
    if not visit.sight.is_full or protects_any(visit):
        notes = tuple(note for note in notes if not any(part in note for part in _TELLING))
    if not visit.sight.is_full:
        hits = tuple(replace(hit, versions=_versions(visit, hit.cable_id)) for hit in hits)
    return replace(results, facets=facets, notes=notes, hits=hits)


def _is_known(visit: Visit, value: str) -> bool:
    """Whether the reader sees an entity under this key, id or name."""
    if value.isdecimal() and len(value) < 16:
        return told(visit, int(value)) is not None
    found = entities_named(visit.archive, value)
    if found and all(sees_all(visit, each.id) for each in found):
        return True
    return by_name(visit, value) is not None or bool(named(visit, value))


def _instead(visit: Visit, value: str) -> str:
    """What to try where no entity is called so: names that begin so, of entities that the reader sees."""
    near = [f'"{name}"' for name in entity_suggestions(visit.archive, value) if named(visit, name)]
    return f"is it {' or '.join(near)}?" if near else "search for it as a word"


def _fields(node: Node) -> Iterator[Field]:
    """The fields of a query."""
    if isinstance(node, Field):
        yield node
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from _fields(part)
    elif isinstance(node, Not | InSubject):
        yield from _fields(node.part)


def _versions(visit: Visit, cable_id: int) -> int:
    """How many other copies and versions of a cable the reader sees something of."""
    seen = visit.sight.cables("versions.other_id")
    query = f"SELECT count(*) FROM ({_VERSIONS}) AS versions WHERE {seen}"  # noqa: S608  # our own names
    return int(visit.archive.execute(query, (cable_id,)).fetchone()[0])


def _seen(visit: Visit, shares: Iterable[Share]) -> Iterator[Share]:
    """The shares of entities by the names that the reader sees; each for its id, where its key tells another."""
    for share in shares:
        row = visit.archive.execute("SELECT id FROM entities WHERE key = ?", (share.value,)).fetchone()
        if row and sees_all(visit, row[0]):
            yield share
        elif row and (view := told(visit, row[0])):
            yield Share(str(view.id), view.name, share.cables)


def _is_code(value: str) -> bool:
    """Whether the value of the facet is a code of the lists, or at least looks like one, and so no name."""
    return tag_entry(value) is not None or (len(value) <= 4 and value.isalpha())
