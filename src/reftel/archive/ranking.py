"""The order of hits, and where in it a page begins.

Relevance is BM25 over the text, and on top of it a share for every word that the subject has: a cable about a thing
says so in its subject, of few words, where the text of a long one names it in passing.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from reftel.archive.moments import moments
from reftel.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from reftel.archive.matching import Term
    from reftel.archive.postings import Mask
    from reftel.archive.reader import Reader

Order = Literal["relevance", "newest", "oldest"]
ORDERS: tuple[Order, ...] = ("relevance", "newest", "oldest")
_SATURATION = 1.2  # k1 of BM25: how soon more of the same word counts no more
_SUBJECT = 2.5  # a word in the subject weighs more than one that the text has endlessly often, which weighs 2.2


class Ranked(NamedTuple):
    """Cables in order: ids, and the numbers they are ordered by (higher first)."""

    cables: NDArray[np.int64]
    keys: NDArray[np.float64]


def ranked(reader: Reader, mask: Mask, terms: Sequence[Term], order: Order) -> Ranked:
    """All cables of the mask with what orders them, not sorted yet."""
    cables = np.flatnonzero(mask)
    if order == "relevance":
        return Ranked(cables, _relevance(reader, cables, terms))
    sent = moments(reader)[cables].astype(np.float64)
    return Ranked(cables, sent if order == "newest" else -sent)


def page(hits: Ranked, *, offset: int, after: str | None, count: int) -> Ranked:
    """A page of the hits in order, ties by id: `count` from `offset` on, or from behind the hit that `after` names."""
    if after is not None:
        key, cable = _position(after)
        behind = (hits.keys < key) | ((hits.keys == key) & (hits.cables > cable))
        hits = Ranked(hits.cables[behind], hits.keys[behind])
    wanted = offset + count
    if wanted < len(hits.cables):
        least = np.partition(hits.keys, len(hits.keys) - wanted)[len(hits.keys) - wanted] if wanted else np.inf
        best = hits.keys >= least
        hits = Ranked(hits.cables[best], hits.keys[best])
    order = np.lexsort((hits.cables, -hits.keys))[offset:wanted]
    return Ranked(hits.cables[order], hits.keys[order])


def cursor(key: float, cable: int) -> str:
    """What names a hit's place in the order, for `page`."""
    return base64.urlsafe_b64encode(json.dumps([key, cable]).encode()).decode().rstrip("=")


def weight(reader: Reader, mask: Mask) -> float:
    """How much a word counts that these cables have: the fewer they are, the more (the idf of BM25, never negative)."""
    having = int(np.count_nonzero(mask))
    return float(np.log(1 + (reader.view.total - having + 0.5) / (having + 0.5)))


def _relevance(reader: Reader, cables: NDArray[np.int64], terms: Sequence[Term]) -> NDArray[np.float64]:
    score = np.zeros(len(cables), np.float64)
    fullness = _SATURATION * reader.view.length_weight[cables]
    for term in terms:
        text, subject = term.found.text[cables], term.found.subject[cables]
        share = (_SATURATION + 1) * text / (text + fullness) + _SUBJECT * (subject > 0)
        score += weight(reader, term.found.mask) * share
    return np.round(score, 6)


def _position(after: str) -> tuple[float, int]:
    try:
        key, cable = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        return float(key), int(cable)
    except (ValueError, TypeError, binascii.Error) as error:
        raise UsageError(f"{after!r} is no place in a list of hits; take `next` of the page before") from error
