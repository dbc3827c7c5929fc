"""The schema: a unit leads back to the raw text, and errors travel between processes."""

from __future__ import annotations

import pickle

from hypothesis import given
from hypothesis import strategies as st

from reftel.errors import InputError
from reftel.model import Cable, Edit, Repair, Unit

RAW = "xx the Michae \nl Quill \nof TUNIS 00000812 002 OF 002 \n\nTunis yy"
UNIT = Unit(
    "body",
    "the Michael Quill of Tunis",
    raw_start=3,
    raw_end=len(RAW) - 3,
    edits=(
        Edit("word", 10, " \n", ""),
        Edit("wrap", 17, " \n", " "),
        Edit("page-line", 20, " TUNIS 00000812 002 OF 002 \n\n", " "),
    ),
)


def test_undoing_the_edits_gives_the_raw_text() -> None:
    assert UNIT.undo() == RAW[UNIT.raw_start : UNIT.raw_end]


def test_each_kept_character_leads_to_itself_in_the_raw_text() -> None:
    for word in ("the", "Quill", "of", "Tunis"):
        at = UNIT.text.index(word)
        assert RAW[UNIT.to_raw(at) : UNIT.to_raw(at) + len(word)] == word


def test_the_end_of_a_unit_leads_to_the_end_of_its_raw_text() -> None:
    assert UNIT.to_raw(len(UNIT.text)) == UNIT.raw_end


def test_a_raw_offset_leads_back_to_the_unit() -> None:
    kept = [i for i, c in enumerate(UNIT.text) if c != " "]
    assert [UNIT.from_raw(UNIT.to_raw(i)) for i in kept] == kept


def test_a_raw_offset_outside_is_in_no_unit() -> None:
    assert UNIT.from_raw(0) is None
    assert UNIT.from_raw(len(RAW) - 1) is None


def test_a_dropped_character_leads_behind_its_repair() -> None:
    page_line = RAW.index("TUNIS 0")
    assert UNIT.from_raw(page_line) == UNIT.text.index("Tunis")


pieces = st.lists(
    st.tuples(st.text("ab", min_size=1), st.text("\n-", min_size=1), st.sampled_from(["", " "])), max_size=6
)


@given(pieces)
def test_from_raw_undoes_to_raw_for_any_edits(made: list[tuple[str, str, str]]) -> None:
    text, raw = "", ""
    edits: list[Edit] = []
    kept: list[int] = []
    for word, before, after in made:
        kept += range(len(text), len(text) + len(word))
        text, raw = text + word, raw + word
        edits.append(Edit("wrap", len(text), before, after))
        text, raw = text + after, raw + before
    unit = Unit("body", text, raw_end=len(raw), edits=tuple(edits))
    assert unit.undo() == raw
    assert [unit.from_raw(unit.to_raw(i)) for i in kept] == kept
    assert all(raw[unit.to_raw(i)] == text[i] for i in kept)


def test_a_cable_lists_the_repairs_of_its_header_and_its_units() -> None:
    header = Repair("id", None, None, "09TUNS812", "09TUNIS812")
    cable = Cable(units=(Unit("subject", "A"), UNIT), outer_repairs=(header,))
    assert cable.repairs[0] is header
    assert [(r.kind, r.unit) for r in cable.repairs[1:]] == [("word", 1), ("wrap", 1), ("page-line", 1)]


def test_an_input_error_survives_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(InputError("a.txt", "it is empty", "give a cable")))  # our own bytes
    assert str(error) == "a.txt: it is empty; give a cable"
