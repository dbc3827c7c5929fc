"""The formats by name."""

from __future__ import annotations

import pytest

from reftel.errors import UsageError
from reftel.model import Cable, Mention, RawCable, Span, Unit
from reftel.write import DISPLAYED, EXTENSIONS, FORMATS, write

CABLE = Cable(
    units=(Unit("body", "Oda left \ud83d.", raw_end=11),),
    mentions=(Mention(0, 0, 3, "PER", "Oda"),),
    protected=(Span(0, 0, 3),),
    raw=RawCable("test", "text", "Oda left \ud83d."),
)


def test_brackets_come_first_and_every_format_has_a_file_ending() -> None:
    assert list(FORMATS) == list(EXTENSIONS) == ["brackets", "json", "conll", "brat", "html", "tei", "text"]


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_encodable_and_ends_in_one_line_feed(form: str) -> None:
    text = write(CABLE, form)
    assert text.encode("utf-8")
    assert text.endswith("\n")
    assert form == "conll" or not text.endswith("\n\n")


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_writes_a_cable_of_which_only_the_text_is_known(form: str) -> None:
    # The .ann of a text without names is an empty file: brat takes no other line.
    assert write(Cable(raw=RawCable("test", "text", "")), form) or form == "brat"


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_masks_when_told_to(form: str) -> None:
    assert "Oda" not in write(CABLE, form, masked=True)
    assert "Oda" in write(CABLE, form, masked=False)


@pytest.mark.parametrize("form", FORMATS)
def test_only_what_is_made_to_be_read_masks_by_default(form: str) -> None:
    assert ("Oda" in write(CABLE, form)) == (form not in DISPLAYED)


def test_a_format_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageError, match="no format 'word'; there are brackets, json, conll, brat, html, tei, text"):
        write(CABLE, "word")
