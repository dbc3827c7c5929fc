"""From a mention's raw score to the chance that it is right, apart for text in capitals and other text."""

from __future__ import annotations

import math
import string
from typing import TYPE_CHECKING, NamedTuple

from reftel.tag.rules import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

_SMALL, _CAPITAL = string.ascii_lowercase.encode(), string.ascii_uppercase.encode()
_SHARE = 0.1  # a text in capitals has fewer small letters: what its transmission garbled
_LEAST = 1e-3  # raw scores nearer to 0 or 1 say no more


class Curve(NamedTuple):
    """The log-odds of being right are `slope` times those of the raw score, plus `offset`."""

    slope: float = 1.0
    offset: float = 0.0

    def __call__(self, raw: float) -> float:
        """Return the chance from 0 to 1, in thousandths."""
        raw = min(max(raw, _LEAST), 1 - _LEAST)
        return round(1 / (1 + math.exp(-self.slope * math.log(raw / (1 - raw)) - self.offset)), 3)


class Calibration(NamedTuple):
    """The curve for text in mixed case and the one for text in capitals."""

    mixed: Curve
    capitals: Curve

    def of(self, text: str) -> Curve:
        """Return the curve for a unit's text."""
        return self.capitals if in_capitals(text) else self.mixed


def in_capitals(text: str) -> bool:
    """Say whether a text is written in capitals, a few garbled letters aside."""
    data = text.encode("ascii", "ignore")
    small, capital = (len(data) - len(data.translate(None, letters)) for letters in (_SMALL, _CAPITAL))
    return small < _SHARE * (small + capital)


def calibrated(text: str, spans: Sequence[Span], calibration: Calibration) -> list[Span]:
    """Return the mentions of a unit's text with the chances that they are right."""
    if not spans:
        return []
    curve = calibration.of(text)
    return [Span(span.start, span.end, span.type, curve(span.score)) for span in spans]
