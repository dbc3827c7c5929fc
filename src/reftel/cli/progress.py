"""How far the work is: one line on the terminal, drawn over a few times a second."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_REDRAW = 0.2  # seconds between two drawings


class Line:
    """A line on the terminal that says how far the work is; silent where standard error is no terminal."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._begun = self._drawn = time.monotonic()
        self._done, self._width, self._stage = 0, 0, ""

    def step(self, failed: int) -> None:
        """Count one more outcome and, a few times a second, draw the line anew."""
        self._done += 1
        if self._done > 1:
            self.draw(f"{self._done:,} cables  {failed:,} failed", self._done, None)

    def draw(self, said: str, done: int, total: int | None) -> None:
        """Say how far it is, a few times a second, with the rate and the time left of this stage (its first word)."""
        now = time.monotonic()
        if said.split(maxsplit=1)[0] != self._stage:
            self._stage, self._begun = said.split(maxsplit=1)[0], now if self._stage else self._begun
        if not self._shown or now - self._drawn < _REDRAW:
            return
        self._drawn = now
        rate = done / max(now - self._begun, 1e-9)
        left = f"  {_duration((total - done) / max(rate, 1e-9))} left" if total is not None else ""
        text = f"{said}  {rate:,.0f} a second{left} "
        sys.stderr.write("\r" + text.ljust(self._width))
        sys.stderr.flush()
        self._width = len(text)

    def clear(self) -> None:
        """Take the line off the terminal, so that a message or the data can stand there."""
        if self._shown and self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()


def _duration(seconds: float) -> str:
    """Minutes and seconds, or hours and minutes: "4:05", "2 h 10"."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60} h {minutes % 60:02}" if minutes >= 60 else f"{minutes}:{rest:02}"


@contextmanager
def progress() -> Iterator[Line]:
    """A line that is off the terminal when the block ends, however it ends."""
    line = Line()
    try:
        yield line
    finally:
        line.clear()
