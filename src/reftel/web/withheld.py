"""What a search says beside its hits, kept from telling more than the reader sees.

The archive finds entities by all of their names, and names them as it knows them best. To who may not see everything
an entity is known only by the names that stand in text that may be seen.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reftel.archive.facets import Share
from reftel.archive.query import And, Field, InSubject, Not, Or, QueryError, parse_query
from reftel.tables import tag_entry
from reftel.web.sighted import by_name, named, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reftel.archive.query import Node
    from reftel.archive.search import Results
    from reftel.web.visit import Visit

_TELLING = (" entities: ", "mrn:")  # notes that name entities, or say that a cable is there


def refuse_hidden(visit: Visit, query: str, entities: Iterable[str]) -> None:
    """Raise QueryError where a search asks for an entity by a name that the reader does not see."""
    if visit.sight.is_full:
        return
    for value in (*_entities_asked(parse_query(query)), *entities):
        is_id = value.isdecimal() and len(value) < 16
        view = told(visit, int(value)) if is_id else by_name(visit, value)
        if view is None and (is_id or not named(visit, value)):
            raise QueryError(query, f'no entity is called "{value}"', None, "search for it as a word")


def without_secrets(visit: Visit, results: Results) -> Results:
    """The results with facets and notes as this reader may have them."""
    facets = results.facets
    if facets is not None and not visit.sight.protected:
        # A person's TAGS are a name, which the cable may ask to protect.
        facets = replace(facets, tags=tuple(share for share in facets.tags if _is_code(share.value)))
    if visit.sight.is_full:
        return replace(results, facets=facets)
    if facets is not None:
        facets = replace(facets, entities=tuple(_seen(visit, facets.entities)))
    notes = tuple(note for note in results.notes if not any(part in note for part in _TELLING))
    return replace(results, facets=facets, notes=notes)


def _entities_asked(node: Node) -> Iterator[str]:
    """The values of `entity:` in a query."""
    if isinstance(node, Field) and node.name == "entity":
        yield node.value
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from _entities_asked(part)
    elif isinstance(node, Not | InSubject):
        yield from _entities_asked(node.part)


def _seen(visit: Visit, shares: Iterable[Share]) -> Iterator[Share]:
    """The shares of entities by the names that the reader sees, each for its id."""
    for share in shares:
        row = visit.archive.execute("SELECT id FROM entities WHERE key = ?", (share.value,)).fetchone()
        view = told(visit, row[0]) if row else None
        if view:
            yield Share(str(view.id), view.name, share.cables)


def _is_code(value: str) -> bool:
    """Whether the value of the facet is a code of the lists, or at least looks like one, and so no name."""
    return tag_entry(value) is not None or (len(value) <= 4 and value.isalpha())
