"""Search: a query, filters and a reader in; hits with their best paragraphs, facets and counts out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np

from reftel.archive.clearance import FULL, Clearance
from reftel.archive.excerpts import Excerpt, excerpts_of
from reftel.archive.facets import Facets, Share, facets, years, years_alone
from reftel.archive.hints import hints
from reftel.archive.matching import Match, matching
from reftel.archive.query import And, Field, FieldName, Node, Or, parse_query
from reftel.archive.ranking import Order, Ranked, cursor, page, ranked, weight
from reftel.archive.reader import Reader, reader_of
from reftel.archive.units import readable_units
from reftel.archive.versions import versions_told

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from reftel.archive.matching import Term

_OF_ENTITIES = 50  # the best hits, whose entities the facets count
_LARGE = 1000  # cables
_TELLING = 0.69  # the weight of a word that half of the cables have
_HEADER = """
    SELECT id, mrn, sent, post, post_code, classification,
        EXISTS (SELECT 1 FROM versions WHERE cable_id = cables.id)
        OR EXISTS (SELECT 1 FROM versions WHERE other_id = cables.id) AS has_versions
    FROM cables WHERE id IN ({})
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a search beside its words, each as a query has it: any of a filter's values, and all filters.

    `post` takes any spelling, `tag` a code or a meaning, `entity` a name or a key; `since` and `until` are dates
    (2009, 2009-01, 2009-01-26), the last day included.
    """

    post: tuple[str, ...] = ()
    tag: tuple[str, ...] = ()
    classification: tuple[str, ...] = ()
    entity: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A cable that matches: its header as far as the reader sees it, and the paragraphs where the words stand.

    `sent` is ISO 8601 in UTC, `score` BM25 with the subject's share (0 without words), `versions` how many other
    copies and versions of the cable the reader is told of.
    """

    cable_id: int
    mrn: str | None
    sent: str | None
    post: str | None
    post_code: str | None
    classification: str | None
    subject: Excerpt | None
    excerpts: tuple[Excerpt, ...]
    score: float
    versions: int


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits. `total` counts them all; `next` is where the next page begins, None on the last one.

    `notes` say in a sentence each what a reader should know: what a name stands for, what to try instead.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: Facets | None
    notes: tuple[str, ...]
    order: Order
    next: str | None


def search(  # noqa: PLR0913  # all but the query by name
    connection: sqlite3.Connection,
    query: str = "",
    *,
    filters: Filters | None = None,
    count: int = 10,
    offset: int = 0,
    after: str | None = None,
    sort: Order | None = None,
    clearance: Clearance = FULL,
    with_facets: bool | Literal["years"] = False,
    excerpts: int = 1,
) -> Results:
    """The cables that match a query and filters, a page of `count` from `offset` on, or behind the place `after`.

    They come by relevance, or the newest first where the query has no word; `sort` says otherwise. Nothing of a unit
    above the clearance is matched, shown or counted, nor a protected name without the right to it. Raises QueryError
    where the query or a filter cannot be read, UsageError for an `after` that is no place. With "years" for the facets
    only those are counted.
    """
    reader = reader_of(connection, clearance, query)
    tree = parse_query(query)
    match = matching(reader, And((tree, *_narrowed(filters or Filters()))))
    order: Order = sort or ("relevance" if match.terms else "newest")
    hits = ranked(reader, match.mask, match.terms, order)
    shown = page(hits, offset=offset, after=after, count=count + 1)
    marked, weights = _marked(reader, match)
    hit = partial(_hit, reader, terms=marked, weights=weights, excerpts=excerpts)
    ids = shown.cables[:count].tolist()
    keys = shown.keys[:count].tolist() if order == "relevance" else [0.0] * count
    headers = _headers(reader, ids)
    found = tuple(hit(headers[cable], key) for cable, key in zip(ids, keys, strict=False))
    more = 0 < count < len(shown.cables)
    return Results(
        total=len(hits.cables),
        hits=found,
        facets=_facets(reader, hits, with_facets) if with_facets else None,
        notes=(*dict.fromkeys(reader.notes), *hints(reader, tree, len(hits.cables))),
        order=order,
        next=cursor(float(shown.keys[count - 1]), int(shown.cables[count - 1])) if more else None,
    )


def hit_ids(
    connection: sqlite3.Connection, query: str = "", *, filters: Filters | None = None, clearance: Clearance = FULL
) -> tuple[int, ...]:
    """The ids of all cables that match, the newest first: what a page of `search` shows a part of, for an export.

    Raises QueryError where the query or a filter cannot be read.
    """
    reader = reader_of(connection, clearance, query)
    match = matching(reader, And((parse_query(query), *_narrowed(filters or Filters()))))
    hits = ranked(reader, match.mask, match.terms, "newest")
    return tuple(page(hits, offset=0, after=None, count=len(hits.cables)).cables.tolist())


def years_around(
    connection: sqlite3.Connection, query: str = "", *, filters: Filters | None = None, clearance: Clearance = FULL
) -> tuple[Share, ...]:
    """The years of all cables that match but for the filters of dates: what a range of years is chosen from."""
    reader = reader_of(connection, clearance, query)
    undated = replace(filters or Filters(), since=None, until=None)
    match = matching(reader, And((parse_query(query), *_narrowed(undated))))
    return years(reader, np.flatnonzero(match.mask))


def _narrowed(filters: Filters) -> list[Node]:
    """The filters as parts of a query."""
    listed: tuple[tuple[FieldName, tuple[str, ...]], ...] = (
        ("post", filters.post),
        ("tag", filters.tag),
        ("classification", filters.classification),
        ("entity", filters.entity),
        ("from", (filters.since,) if filters.since else ()),
        ("to", (filters.until,) if filters.until else ()),
    )
    return [Or(tuple(Field(name, value) for value in values)) for name, values in listed if values]


def _marked(reader: Reader, match: Match) -> tuple[list[Term], list[float]]:
    """The terms that are marked, and what each counts when the best paragraph is chosen.

    In a large archive a word that most cables have ("the") is marked only where there is no other.
    """
    weighed = [(term, weight(reader, term.found.mask)) for term in match.terms]
    telling = [pair for pair in weighed if pair[1] > _TELLING] if reader.view.total > _LARGE else weighed
    chosen = [*(telling or weighed), *((term, 1.0) for term in match.names)]
    return [term for term, _ in chosen], [value for _, value in chosen]


def _headers(reader: Reader, cables: Sequence[int]) -> dict[int, sqlite3.Row]:
    """What the hits tell of these cables beside their text, by their ids."""
    listed = ", ".join(map(str, cables))
    return {row["id"]: row for row in reader.connection.execute(_HEADER.format(listed))}


def _hit(
    reader: Reader, row: sqlite3.Row, score: float, *, terms: Sequence[Term], weights: Sequence[float], excerpts: int
) -> Hit:
    cable = row["id"]
    units = readable_units(reader, cable, kind=None if excerpts else "subject")
    subject, paragraphs = excerpts_of(units, terms, weights, excerpts)
    return Hit(
        cable_id=cable,
        **{name: row[name] for name in ("mrn", "sent", "post", "post_code", "classification")},
        versions=len(versions_told(reader.connection, reader.sight, cable)) if row["has_versions"] else 0,
        subject=subject,
        excerpts=paragraphs,
        score=score,
    )


def _facets(reader: Reader, hits: Ranked, which: Literal[True, "years"]) -> Facets:
    if which == "years":
        return years_alone(reader, hits.cables)
    best = page(hits, offset=0, after=None, count=_OF_ENTITIES)
    return facets(reader, hits.cables, best.cables.tolist())
