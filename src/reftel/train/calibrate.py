"""Fits the curves that turn a mention's raw score into the chance that it is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reftel.tag.scores import Curve, in_capitals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reftel.evaluate import GoldFile
    from reftel.tag import Tagger

    Pair = tuple[float, bool]

_LEAST = 1e-3
_PULL = 1.0  # towards slope 1 and offset 0, as much as that many mentions


def pairs(files: Sequence[GoldFile], tagger: Tagger, *, upper: bool = False) -> Iterator[tuple[int, bool, float, bool]]:
    """Yield for each mention found: its file's number, whether in capitals, its score, whether it is right."""
    texts = [[_upper(unit.text) if upper else unit.text for unit in file.units] for file in files]
    found = tagger.spans_many(texts)
    for number, (file, own, spans) in enumerate(zip(files, texts, found, strict=True)):
        for unit, text, some in zip(file.units, own, spans, strict=True):
            gold = {(mention.start, mention.end, mention.type) for mention in unit.mentions}
            for span in some:
                yield number, in_capitals(text), span.score, (span.start, span.end, span.type) in gold


def _upper(text: str) -> str:
    return "".join(c.upper() if len(c.upper()) == 1 else c for c in text)


def fitted(scored: Iterable[Pair]) -> Curve:
    """Return slope and offset of the log-odds, by logistic regression on raw scores and whether they were right."""
    raw, right = np.array([*scored, (0.5, 0.5)], float).T
    raw = raw.clip(_LEAST, 1 - _LEAST)
    rows = np.stack([np.log(raw / (1 - raw)), np.ones_like(raw)], 1)
    start = np.array([1.0, 0.0])
    weights = start.copy()
    for _ in range(100):
        chance = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (chance - right) + _PULL * (weights - start)
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + _PULL * np.eye(2)
        weights -= np.clip(np.linalg.solve(curve, slope), -0.2, 0.2)
    return Curve(round(float(weights[0]), 4), round(float(weights[1]), 4))
