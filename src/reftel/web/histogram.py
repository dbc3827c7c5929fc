"""A histogram of years as SVG: every bar a link, and a script lets the reader brush over several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

WIDTH, HEIGHT = 960, 100
_BASE = 76  # where the bars stand
_FEW, _SOME = 14, 40  # years up to which each, or every fifth, is named
_WIDEST = 46


class Bar(NamedTuple):
    """A year: its bar's place and size, how many cables, where it leads, its name where there is room for it."""

    year: int
    cables: int
    x: float
    width: float
    y: float
    height: float
    address: str
    label: str
    is_out: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars of all years from the first to the last; `since` and `until` are the years asked for, or empty."""

    bars: tuple[Bar, ...]
    undated: int
    step: float
    since: str = ""
    until: str = ""
    width: float = WIDTH
    height: int = HEIGHT
    base: int = _BASE


def histogram(
    years: Mapping[str, int], address: Callable[[int], str], *, since: str = "", until: str = ""
) -> Chart | None:
    """The chart of these counts by year; None without a dated cable. Years outside `since` and `until` are paler."""
    counts = {int(year): count for year, count in years.items() if year.isdecimal()}
    if not counts:
        return None
    first, last = min(counts), max(counts)
    span = last - first + 1
    step = min(WIDTH / span, _WIDEST)
    most = max(counts.values())
    bars = []
    for year in range(first, last + 1):
        count = counts.get(year, 0)
        # The root keeps a year with one cable visible beside one with thousands.
        height = round((_BASE - 8) * (count / most) ** 0.5, 1) if count else 0.0
        x = (year - first) * step
        label = str(year) if _is_named(year, first, last) else ""
        is_out = bool((since and str(year) < since[:4]) or (until and str(year) > until[:4]))
        gap = min(3.0, step * 0.15)
        bar = (round(x + gap / 2, 2), round(step - gap, 2), round(_BASE - height, 1), height)
        bars.append(Bar(year, count, *bar, address(year), label, is_out))
    return Chart(tuple(bars), years.get("none", 0), step, since[:4], until[:4], width=round(step * span, 1))


def _is_named(year: int, first: int, last: int) -> bool:
    span = last - first + 1
    if span <= _FEW:
        return True
    every = 5 if span <= _SOME else 10
    return year % every == 0
