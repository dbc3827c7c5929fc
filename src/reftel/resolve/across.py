"""Who is who over all cables of an archive: entities of cables (records) to entities of the archive (clusters).

Records are compared inside blocks (`records.blocks`), each of which is clustered on its own by what its records and the
tables say and nothing else; clusters that share a record are one. So a cable that is added changes only the clusters of
the blocks it touches, and doing those again gives what doing everything again would.

Decisions bind: records in `Constraints.same` are one, those in `Constraints.apart` are two, whatever speaks against it.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from typing import TYPE_CHECKING

from reftel.resolve.constraints import Constraints
from reftel.resolve.namesakes import Link, cluster_persons
from reftel.resolve.records import KEYED, blocks
from reftel.resolve.things import cluster_things

if TYPE_CHECKING:
    from collections.abc import Iterable, MutableMapping, Sequence

    from reftel.resolve.records import Record

__all__ = ["Constraints", "Forest", "Link", "cluster_block", "resolve_across"]

_DECIDED = "somebody decided so"


def cluster_block(
    block: str, records: Sequence[Record], constraints: Constraints
) -> tuple[list[list[int]], list[Link]]:
    """The ids of the records of one block, grouped by who or what they are, and the links between unlike ones.

    The order of the records makes no difference to the groups.
    """
    if block.startswith(KEYED):
        return _cluster_keyed(records, constraints), []
    find = cluster_persons if block.startswith("PER ") else cluster_things
    found, links = find(records, constraints)
    return [[record.id for record in each.records] for each in found], links


def _cluster_keyed(records: Sequence[Record], constraints: Constraints) -> list[list[int]]:
    """What the tables know by one key is one thing, but for what decisions tell apart."""
    pinned = [record.id for record in records if record.id in constraints.pinned]
    pinned.sort(key=lambda id_: (id_ in constraints.cut, id_))
    groups = [[record.id for record in records if record.id not in constraints.pinned]]
    for id_ in pinned:
        rivals = constraints.rivals[id_]
        fits = next((group for group in groups if not rivals.intersection(group)), None)
        if fits is None:
            groups.append([id_])
        else:
            fits.append(id_)
    return [group for group in groups if group]


class _Sparse(dict[int, int]):
    """Holds 0 for whatever was not put in, as an array of zeros does."""

    def __missing__(self, _: int) -> int:
        return 0


class Forest:
    """Records joined to clusters; the root of each is its smallest id. Decisions first, then what blocks found.

    Ids are positive. `many` is the largest id where most of the ids up to it will be joined: they are then held in an
    array, in a tenth of the memory.
    """

    def __init__(self, constraints: Constraints, *, many: int = 0) -> None:
        self.constraints = constraints
        self._parent: MutableMapping[int, int] | array[int] = array("q", bytes(8 * (many + 1))) if many else _Sparse()
        self._pins: dict[int, set[int]] = {}
        for id_ in self.constraints.pinned:
            self._pins[id_] = {id_}
        for one, other in self.constraints.same:
            self.join(one, other)

    def root(self, id_: int) -> int:
        """The smallest id of the cluster."""
        parent = self._parent
        root = id_
        while above := parent[root]:
            root = above
        while id_ != root:
            parent[id_], id_ = root, parent[id_]
        return root

    def join(self, one: int, other: int) -> bool:
        """Put two clusters together; False where a decision forbids it."""
        low, high = sorted((self.root(one), self.root(other)))
        if low == high:
            return True
        pins, more = self._pins.get(low, set()), self._pins.get(high, set())
        if any(self.constraints.rivals[pin] & more for pin in pins):
            return False
        self._parent[high] = low
        if pins or more:
            self._pins[low] = pins | more
        return True

    def join_all(self, ids: Sequence[int]) -> None:
        """Put the records of one group together, as far as decisions let them be."""
        roots = [min(ids)]
        for id_ in sorted(ids):
            if not any(self.join(root, id_) for root in roots):
                roots.append(id_)


def resolve_across(
    records: Iterable[Record], constraints: Constraints | None = None
) -> tuple[list[tuple[int, ...]], list[Link]]:
    """The ids of the records of each entity, in the order of their smallest id, and why unlike records were merged.

    Records that are no names (redactions) are in none.
    """
    bound = constraints or Constraints()
    by_block: defaultdict[str, list[Record]] = defaultdict(list)
    for record in records:
        for block in blocks(record):
            by_block[block].append(record)
    forest, links = Forest(bound), [Link(one, other, 1.0, _DECIDED) for one, other in bound.same]
    for block in sorted(by_block):
        groups, found = cluster_block(block, by_block[block], bound)
        links += found
        for group in groups:
            forest.join_all(group)
    return _clusters({record.id for held in by_block.values() for record in held}, forest), links


def _clusters(ids: Iterable[int], forest: Forest) -> list[tuple[int, ...]]:
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for id_ in sorted(ids):
        groups[forest.root(id_)].append(id_)
    return [tuple(groups[root]) for root in sorted(groups)]
