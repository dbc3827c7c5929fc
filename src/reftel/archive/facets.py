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
_FEW = 8  # hits are few that are fewer than one of so many cables
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
    """A kind of metadata: the values, and which of them each cable has.

    `having` are the cables of each value, from its number in `of_value` on; `held` the values of each cable, from
    its number in `of_cable` on.
    """

    values: tuple[str, ...]
    having: NDArray[np.intp]
    of_value: NDArray[np.int64]
    held: NDArray[np.intp]
    of_cable: NDArray[np.int64]

    def counts(self, cables: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many of the cables (ids in order) have each value: by way of the cables where they are few."""
        if not self.values:
            return np.zeros(0, np.int64)
        size = len(self.of_cable) - 1
        if len(cables) > size // _FEW:
            mask = np.zeros(size, np.uint8)
            mask[cables] = 1
            return np.add.reduceat(mask.take(self.having), self.of_value, dtype=np.int64)
        begin, sizes = self.of_cable[cables], self.of_cable[cables + 1] - self.of_cable[cables]
        places = np.repeat(begin - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
        return np.bincount(self.held[places], minlength=len(self.values))


def facets(reader: Reader, cables: NDArray[np.int64], best: Sequence[int]) -> Facets:
    """The facets of the hits (ids in order); `best` are those whose entities are counted."""
    return Facets(
        posts=tuple(_share(v, _post_name(v), n) for v, n in _counted(reader, "post", cables)),
        years=years(reader, cables),
        classifications=tuple(_share(v, v or "none", n) for v, n in _counted(reader, "classification", cables)),
        tags=tuple(_share(v, _tag_name(v), n) for v, n in _counted(reader, "tag", cables)),
        entities=_entities(reader, best),
        entities_of=len(best),
    )


def years_alone(reader: Reader, cables: NDArray[np.int64]) -> Facets:
    """The facet of years, the others empty: for who shows no more than that."""
    return Facets((), years(reader, cables), (), (), (), 0)


def _share(value: str, name: str, cables: int) -> Share:
    return Share(value or "none", name, cables)


def _counted(reader: Reader, name: str, cables: NDArray[np.int64]) -> list[tuple[str, int]]:
    column = _column(reader, name)
    counts = column.counts(cables)
    if name == "tag" and not reader.clearance.protected:
        # A person's TAGS are a name, which the cable may ask to protect.
        closed = column.counts(cables[reader.snapshot.protects(reader.connection)[cables]])
        counts = np.where([names_a_person(value) for value in column.values], counts - closed, counts)
    best = np.argsort(-counts, kind="stable")  # the values are in order
    return [(column.values[number], int(counts[number])) for number in best[:_LISTED].tolist() if counts[number]]


def _column(reader: Reader, name: str) -> _Column:
    columns = reader.snapshot.columns
    if name not in columns:
        found = sorted(reader.snapshot.metadata(reader.connection, name).items())
        values = tuple(value for value, cables in found if len(cables))
        parts = [cables for _, cables in found if len(cables)]
        sizes = np.array([len(cables) for cables in parts], np.int64)
        having = np.concatenate([np.zeros(0, np.intp), *parts])
        order = np.argsort(having, kind="stable")
        held = np.repeat(np.arange(len(values)), sizes)[order]
        of_cable = np.searchsorted(having[order], np.arange(reader.snapshot.size + 1))
        columns[name] = _Column(values, having, np.cumsum(sizes) - sizes, held, of_cable)
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
