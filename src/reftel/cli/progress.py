"""How far the work is: one line on the terminal, drawn over a few times a second."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_REDRAW = 0.2  # seconds between two drawings


class Progress:
    """A line on the terminal that says how far the work is; silent where standard error is no terminal."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._begun = self._drawn = time.monotonic()
        self._done = 0

    def step(self, failed: int) -> None:
        """Count one more outcome and, a few times a second, draw the line anew."""
        self._done += 1
        now = time.monotonic()
        if self._shown and self._done > 1 and now - self._drawn > _REDRAW:
            self._drawn = now
            rate = self._done / max(now - self._begun, 1e-9)
            sys.stderr.write(f"\r{self._done:,} cables  {rate:,.0f} a second  {failed:,} failed ")
            sys.stderr.flush()

    def clear(self) -> None:
        """Take the line off the terminal, so that a message or the data can stand there."""
        if self._shown and self._done > 1:
            sys.stderr.write("\r" + " " * 60 + "\r")
            sys.stderr.flush()


@contextmanager
def progress() -> Iterator[Progress]:
    """A line that is off the terminal when the block ends, however it ends."""
    line = Progress()
    try:
        yield line
    finally:
        line.clear()
