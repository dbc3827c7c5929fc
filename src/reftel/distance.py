"""How far two words are apart: slips of a pen or of a keyboard."""

from __future__ import annotations


def distance(one: str, other: str, limit: int) -> int:
    """Edit distance with swaps of neighbours counted once (optimal string alignment); past `limit`, any larger."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if earlier and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]
