"""A very frequent entity, of which a reader who does not see everything is told from some of its mentions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from guarded_archives import LOW, merge, put, settle
from reftel.archive import open_archive
from reftel.archive import told as telling
from reftel.archive.entities import entities_known
from reftel.archive.sight import sight_of
from reftel.archive.told import brief, called, fully_counted, told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reftel.archive import Archive

HEAD = (
    "R 201430Z {} 09\nFM AMEMBASSY LIMA\nTO SECSTATE WASHDC\n\nUNCLAS LIMA 0000{}\n\nTAGS: PREL, PE\nSUBJECT: PERCH\n\n"
)


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    """Six cables that name one person, the last by another name; three mentions are read."""
    monkeypatch.setattr(telling, "_READ", 3)
    months = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN")
    with open_archive(tmp_path / "a.db", create=True) as opened:
        for number, month in enumerate(months):
            name = "Ottilie Brandt" if month == "JUN" else "Ilse Harker"
            text = f"1. (U) Fisherman [PER {name}] said that the lake is calm.\nHALE"
            put(opened, f"09LIMA{number + 41}", HEAD.format(month, number + 41) + text)
        settle(opened)
        merge(opened, "Ottilie Brandt", "Ilse Harker")
        yield opened


def test_some_are_read_and_all_are_counted(archive: Archive) -> None:
    sight = sight_of(archive.connection, LOW)
    (found,) = called(archive.connection, sight, "Ilse Harker")
    view = told(archive.connection, sight, found.id)
    assert view is not None
    assert (view.is_sample, view.mentions) == (True, 3)
    whole = fully_counted(archive.connection, sight, view)
    assert (whole.cables, str(whole.first_sent)[:7], str(whole.last_sent)[:7]) == (6, "2009-01", "2009-06")
    assert [each.cables for each in entities_known(archive.connection, sight, "Ilse Harker")] == [6]


def test_a_name_that_was_not_among_those_read_leads_there_all_the_same(archive: Archive) -> None:
    sight = sight_of(archive.connection, LOW)
    assert [each.name for each in called(archive.connection, sight, "ottilie brandt")] == ["Ilse Harker"]


def test_a_list_tells_its_name_without_a_count(archive: Archive) -> None:
    sight = sight_of(archive.connection, LOW)
    (found,) = called(archive.connection, sight, "Ilse Harker")
    short = brief(archive.connection, sight, found.id)
    assert short is not None
    assert (short.key, short.name, short.role, short.cables) == ("ilse-harker", "Ilse Harker", None, None)
