"""Turns: pages are made one after the other, which gets all of them out sooner than at once; slow ones step aside."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from anyio import CapacityLimiter, to_thread

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_PATIENCE = 0.5  # seconds after which a page that is not there lets another be made beside it
_AT_ONCE = 4  # pages made at once, at most
_CROWD = 4  # requests that wait for their turn


class Turns:
    """The turns of one process, whose threads can use one core only, whatever their number."""

    def __init__(self) -> None:
        """Begin with nobody's."""
        self._turns = CapacityLimiter(1)
        self._late: set[object] = set()

    async def take(self, answer: Callable[[], T]) -> T:
        """What `answer` gives, called in a thread when its turn has come."""
        who = object()
        timer = asyncio.get_running_loop().call_later(_PATIENCE, self._let_in, who)
        try:
            return await to_thread.run_sync(answer, limiter=self._turns)
        finally:
            timer.cancel()
            if who in self._late:
                self._late.remove(who)
                self._widen()

    @property
    def is_crowded(self) -> bool:
        """Whether so many wait that a reader had better come in anew, perhaps to another process."""
        return self._turns.statistics().tasks_waiting >= _CROWD

    def _let_in(self, who: object) -> None:
        self._late.add(who)
        self._widen()

    def _widen(self) -> None:
        self._turns.total_tokens = min(1 + len(self._late), _AT_ONCE)
