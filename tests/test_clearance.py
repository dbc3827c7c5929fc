"""Who may see which unit."""

from __future__ import annotations

import pytest

from reftel.archive import FULL, Clearance
from reftel.archive.clearance import level, unit_controls, unit_level
from reftel.archive.fulltext import COLUMNS, visible_columns
from reftel.model import Cable, Marking, Unit


def unit(classification: str | None = None, *captions: str) -> Unit:
    marking = Marking(classification, captions) if classification or captions else None  # type: ignore[arg-type]
    return Unit("body", "text", marking=marking)


SECRET = Cable(classification="SECRET", captions=("NOFORN", "SIPDIS"))
EXDIS = Cable(classification="SECRET", captions=("EXDIS",))
SENSITIVE = Cable(classification="UNCLASSIFIED", captions=("SENSITIVE", "SIPDIS"))


@pytest.mark.parametrize(
    ("cable", "marked", "wanted_level", "wanted_controls"),
    [
        (SECRET, unit(), 3, ("NOFORN",)),
        (SECRET, unit("UNCLASSIFIED"), 0, ()),
        (SECRET, unit("CONFIDENTIAL"), 2, ()),
        (SECRET, unit("SECRET", "NOFORN"), 3, ("NOFORN",)),
        (SECRET, unit("SECRET", "REL TO USA, GBR"), 3, ("NOFORN",)),
        (SECRET, unit("UNCLASSIFIED", "SBU"), 1, ()),
        (EXDIS, unit("UNCLASSIFIED"), 0, ("EXDIS",)),
        (EXDIS, unit("SECRET", "NOFORN"), 3, ("EXDIS", "NOFORN")),
        (SENSITIVE, unit(), 1, ()),
        (SENSITIVE, unit("UNCLASSIFIED"), 0, ()),
        (Cable(), unit(), 4, ()),
    ],
)
def test_a_unit_is_as_its_mark_says_and_else_as_its_cable(
    cable: Cable, marked: Unit, wanted_level: int, wanted_controls: tuple[str, ...]
) -> None:
    assert unit_level(marked, cable) == wanted_level
    assert unit_controls(marked, cable) == wanted_controls


def test_what_is_not_classified_at_all_counts_as_the_highest() -> None:
    assert level(None) == level("TOP SECRET") == 4


def test_a_reader_sees_up_to_his_clearance_with_his_captions() -> None:
    reader = Clearance("SECRET", frozenset({"NOFORN"}))
    assert reader.allows(3, ["NOFORN"])
    assert not reader.allows(4, [])
    assert not reader.allows(0, ["EXDIS"])
    assert FULL.allows(4, ["EXDIS", "ORCON"])


def test_full_clearance_finds_words_in_every_column() -> None:
    assert tuple(visible_columns(FULL, ["NOFORN", "EXDIS"])) == COLUMNS


def test_a_reader_without_captions_finds_no_word_of_a_controlled_unit() -> None:
    found = set(visible_columns(Clearance("CONFIDENTIAL", frozenset()), ["NOFORN"]))
    assert found == {f"{part}_{number}" for part in ("subject", "text") for number in range(3)}


def test_a_column_of_mixed_controls_is_for_who_has_them_all() -> None:
    some = Clearance("TOP SECRET", frozenset({"NOFORN", "EXDIS"}))
    assert "text_3_x" not in set(visible_columns(some, ["EXDIS", "ORCON"]))
    assert "text_3_x" in set(visible_columns(some, ["EXDIS", "NOFORN"]))
