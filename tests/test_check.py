"""`reftel check`: a whole archive has no fault, and each kind of damage is told."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

import reftel
from reftel.archive import open_archive
from reftel.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from reftel.archive import Archive

DONE = {"tagged_by": "t", "resolved_by": "r", "related_by": "r"}
# What is done to the archive -> a word of the fault that tells it.
DAMAGE = {
    "UPDATE units SET position = position + 1 WHERE position = (SELECT max(position) FROM units)": "count up from 0",
    "UPDATE mentions SET text = 'nobody'": "not the text at its place",
    "UPDATE redactions SET end = 100000": "outside its text in redactions",
    "UPDATE raw_cables SET claimed_mrn = '09NOWHERE1' WHERE cable_id = 1": "is not what was read",
    "DELETE FROM provenance WHERE cable_id = 1": "found nowhere",
    "UPDATE units SET text = text || ' zyzzyva' WHERE id = 1": "not in step with the text: zyzzyva",
    "INSERT INTO entities VALUES (1, 'k', 'PER', 'Nobody', NULL, NULL, NULL, NULL, 1, 1, NULL, NULL)": "no cable names",
}


@pytest.fixture(scope="module")
def built(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("check") / "a.db"
    with open_archive(path, create=True) as archive, archive.transaction():
        for cable in reftel.annotate(reftel.read(examples)):
            cable_id = archive.add(cable, parsed_by="p")
            archive.put_names(cable_id, cable, done_by=DONE)
    return path


@pytest.fixture
def archive(built: Path, tmp_path: Path) -> Archive:
    return open_archive(shutil.copy(built, tmp_path / "a.db"))


def test_a_whole_archive_has_no_fault(archive: Archive) -> None:
    assert list(archive.check()) == []


@pytest.mark.parametrize(("statement", "told"), DAMAGE.items())
def test_damage_is_told(archive: Archive, statement: str, told: str) -> None:
    archive.connection.execute(statement)
    assert any(told in fault for fault in archive.check())


def test_a_row_that_points_nowhere_is_told(archive: Archive) -> None:
    archive.connection.execute("PRAGMA foreign_keys = OFF")
    archive.connection.execute("DELETE FROM cables WHERE id = 1")
    assert any("not there" in fault for fault in archive.check())


def test_the_command_tells_the_faults_and_how_many(built: Path, tmp_path: Path) -> None:
    good = CliRunner().invoke(main, ["check", "-a", str(built)])
    assert (good.exit_code, good.stdout) == (0, f"{built}: 18 cables, no faults\n")
    bad = shutil.copy(built, tmp_path / "bad.db")
    with open_archive(bad) as archive:
        archive.connection.execute("UPDATE mentions SET text = 'nobody'")
    told = CliRunner().invoke(main, ["check", "-a", str(bad)])
    assert told.exit_code == 1
    assert told.stdout.endswith("1 fault\n")
