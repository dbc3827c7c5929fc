"""What people decided about records, as resolving across cables is bound by it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reftel.resolve.dossier import Dossier


@dataclass(frozen=True)
class Constraints:
    """What people decided: pairs of ids of records that are the same, and pairs that are not.

    Of a pair that is not, the first is the one that was cut off: the rest of its entity stays with the second.
    """

    same: tuple[tuple[int, int], ...] = ()
    apart: tuple[tuple[int, int], ...] = ()

    @cached_property
    def pinned(self) -> frozenset[int]:
        """The records that a decision tells from others."""
        return frozenset(id_ for pair in self.apart for id_ in pair)

    @cached_property
    def cut(self) -> frozenset[int]:
        """The records that were cut off."""
        return frozenset(one for one, _ in self.apart)

    @cached_property
    def rivals(self) -> dict[int, frozenset[int]]:
        """For a pinned record those that it is not."""
        found: defaultdict[int, set[int]] = defaultdict(set)
        for one, other in self.apart:
            found[one].add(other)
            found[other].add(one)
        return {id_: frozenset(others) for id_, others in found.items()}

    def allow(self, one: Dossier, other: Dossier) -> bool:
        """Whether decisions let these two be one."""
        if not self.apart:
            return True
        theirs = {record.id for record in other.records} & self.pinned
        return not theirs or not any(self.rivals.get(record.id, frozenset()) & theirs for record in one.records)
