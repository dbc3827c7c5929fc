"""Pages of one process are made one after the other; one that takes long lets the next be made beside it."""

from __future__ import annotations

import asyncio
from threading import Event

import pytest

pytest.importorskip("anyio", reason="needs the extra: pip install 'reftel[web]'")

from reftel.web import turns
from reftel.web.turns import Turns


def test_a_page_waits_until_the_one_before_it_is_made() -> None:
    made: list[str] = []
    first_began, go_on = Event(), Event()

    def first() -> None:
        first_began.set()
        go_on.wait(30)
        made.append("first")

    async def run() -> None:
        taken = Turns()
        one = asyncio.create_task(taken.take(first))
        await asyncio.to_thread(first_began.wait, 30)
        other = asyncio.create_task(taken.take(lambda: made.append("second")))
        await asyncio.sleep(0.05)
        go_on.set()
        await asyncio.gather(one, other)

    asyncio.run(run())
    assert made == ["first", "second"]


def test_a_page_that_takes_long_does_not_keep_the_next_from_being_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_PATIENCE", 0.01)
    go_on = Event()

    async def run() -> str:
        taken = Turns()
        slow = asyncio.create_task(taken.take(lambda: go_on.wait(30)))
        found = await taken.take(lambda: "made")
        go_on.set()
        assert await slow
        return found

    assert asyncio.run(run()) == "made"


def test_what_is_raised_comes_out_and_the_next_has_its_turn() -> None:
    async def run() -> int:
        taken = Turns()
        with pytest.raises(ZeroDivisionError):
            await taken.take(lambda: 1 // 0)
        return await taken.take(lambda: 7)

    assert asyncio.run(run()) == 7


def test_a_process_is_crowded_while_many_wait() -> None:
    go_on = Event()

    async def run() -> list[bool]:
        taken = Turns()
        waiting = [asyncio.create_task(taken.take(lambda: go_on.wait(30))) for _ in range(8)]
        await asyncio.sleep(0.01)
        found = [taken.is_crowded]
        go_on.set()
        await asyncio.gather(*waiting)
        return [*found, taken.is_crowded]

    assert asyncio.run(run()) == [True, False]
