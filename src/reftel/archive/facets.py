"""Facets: how the hits of a search divide by post, year, classification, TAGS and entity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from reftel.archive.entities import frequent_entities, named_shares
from reftel.archive.fields import names_a_person
from reftel.archive.moments import UNDATED, moments
from reftel.tables import post, tag_entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from reftel.archive.reader import Reader

_LISTED = 20  # values of a facet, but all years
_MINUTES_PER_YEAR = "datetime64[Y]"


class Share(NamedTuple):
    """A value and how many of the hits have it: `value` is what a filter takes, `name` what is shown."""

    value: str
    name: str
    cables: int


@dataclass(frozen=True, slots=True)
class Facets:
    """The hits by what they have, the most frequent first (years in order).

    All hits are counted but for `entities`, which are those of the best `entities_of` hits.
    """

    posts: tuple[Share, ...]
    years: tuple[Share, ...]
    classifications: tuple[Share, ...]
    tags: tuple[Share, ...]
    entities: tuple[Share, ...]
    entities_of: int


class _Column(NamedTuple):
    """A kind of metadata: the values, and the cables of each, one value's from its number in `starts` on."""

    values: tuple[str, ...]
    cables: NDArray[np.intp]
    starts: NDArray[np.int64]

    def counts(self, mask: NDArray[np.uint8]) -> NDArray[np.int64]:
        """How many of the cables where the mask is 1 have each value."""
        if not self.values:
            return np.zeros(0, np.int64)
        return np.add.reduceat(mask.take(self.cables), self.starts, dtype=np.int64)


def facets(reader: Reader, cables: NDArray[np.int64], best: Sequence[int]) -> Facets:
    """The facets of the hits (ids in order); `best` are those whose entities are counted."""
    mask = np.zeros(reader.snapshot.size, np.uint8)
    mask[cables] = 1
    return Facets(
        posts=tuple(_share(v, _post_name(v), n) for v, n in _counted(reader, "post", mask)),
        years=years(reader, cables),
        classifications=tuple(_share(v, v or "none", n) for v, n in _counted(reader, "classification", mask)),
        tags=tuple(_share(v, _tag_name(v), n) for v, n in _counted(reader, "tag", mask)),
        entities=_entities(reader, best),
        entities_of=len(best),
    )


def years_alone(reader: Reader, cables: NDArray[np.int64]) -> Facets:
    """The facet of years, the others empty: for who shows no more than that."""
    return Facets((), years(reader, cables), (), (), (), 0)


def _share(value: str, name: str, cables: int) -> Share:
    return Share(value or "none", name, cables)


def _counted(reader: Reader, name: str, mask: NDArray[np.uint8]) -> list[tuple[str, int]]:
    column = _column(reader, name)
    counts = column.counts(mask)
    if name == "tag" and not reader.clearance.protected:
        # A person's TAGS are a name, which the cable may ask to protect.
        open_ = column.counts(mask & ~reader.snapshot.protects(reader.connection))
        counts = np.where([names_a_person(value) for value in column.values], open_, counts)
    best = np.argsort(-counts, kind="stable")  # the values are in order
    return [(column.values[number], int(counts[number])) for number in best[:_LISTED].tolist() if counts[number]]


def _column(reader: Reader, name: str) -> _Column:
    columns = reader.snapshot.columns
    if name not in columns:
        found = sorted(reader.snapshot.metadata(reader.connection, name).items())
        values = tuple(value for value, cables in found if len(cables))
        parts = [cables for _, cables in found if len(cables)]
        sizes = np.array([len(cables) for cables in parts], np.int64)
        joined = np.concatenate([np.zeros(0, np.intp), *parts])
        columns[name] = _Column(values, joined, np.cumsum(sizes) - sizes)
    return cast("_Column", columns[name])


def years(reader: Reader, cables: NDArray[np.int64]) -> tuple[Share, ...]:
    """The cables (ids) by year, in order."""
    columns = reader.snapshot.columns
    if "year" not in columns:
        sent = moments(reader)
        own = sent.astype("datetime64[m]").astype(_MINUTES_PER_YEAR).astype(np.int64) + 1970
        columns["year"] = np.where(sent == UNDATED, 0, own).clip(0, 9999)
    counts = np.bincount(cast("NDArray[np.int64]", columns["year"])[cables])
    return tuple(_share(str(year) if year else "", str(year or "none"), int(counts[year]))
                 for year in np.flatnonzero(counts).tolist())  # fmt: skip


def _entities(reader: Reader, best: Sequence[int]) -> tuple[Share, ...]:
    if not best:
        return ()
    return tuple(Share(*share) for share in named_shares(reader, frequent_entities(reader, best, _LISTED)))


def _post_name(code: str) -> str:
    found = post(code)
    return found.name if found else code or "none"


def _tag_name(code: str) -> str:
    entry = tag_entry(code)
    return f"{code} ({entry.name})" if entry and entry.name else code
