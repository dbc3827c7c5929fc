"""Mentions of a cable: what the tagger finds in its units."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from reftel.model import Cable, Mention, Unit
from reftel.tag import Span, Tagger, load_tagger, tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

CABLE = Cable(units=(Unit("subject", "A PORT IN TUNISIA"), Unit("body", "Ada Quill met Minister Haddad in Tunis.")))


class Capitals:
    """A tagger for tests: every word "Tunis" is a place."""

    version = "capitals-1"

    def spans_many(self, cables: Iterable[Sequence[str]]) -> Iterator[list[list[Span]]]:
        for texts in cables:
            yield [[Span(t.index("Tunis"), t.index("Tunis") + 5, "LOC", 0.5)] if "Tunis" in t else [] for t in texts]


def tagged(*cables: Cable, keep: bool = False) -> list[Cable]:
    return list(tag(cables, tagger=cast("Tagger", Capitals()), keep=keep))


def test_spans_become_mentions_of_their_unit() -> None:
    assert tagged(CABLE)[0].mentions == (Mention(1, 33, 38, "LOC", "Tunis", score=0.5, origin="capitals-1"),)


def test_cables_keep_their_order() -> None:
    cables = [Cable(mrn=f"09TUNIS{n}", units=CABLE.units) for n in range(200)]
    assert [c.mrn for c in tagged(*cables)] == [c.mrn for c in cables]


@pytest.mark.parametrize(("keep", "origin"), [(True, "brackets"), (False, "capitals-1")])
def test_mentions_that_a_cable_came_with_are_kept_only_on_request(keep: bool, origin: str) -> None:
    own = Cable(units=CABLE.units, mentions=(Mention(1, 0, 9, "PER", "Ada Quill", origin="brackets"),))
    assert {m.origin for m in tagged(own, keep=keep)[0].mentions} == {origin}


def test_the_shipped_tagger_finds_plain_names() -> None:
    found = next(tag([CABLE], tagger=load_tagger())).mentions
    assert {("Ada Quill", "PER"), ("Haddad", "PER"), ("Tunis", "LOC")} <= {(m.text, m.type) for m in found}
    assert all(CABLE.units[m.unit].text[m.start : m.end] == m.text for m in found)
