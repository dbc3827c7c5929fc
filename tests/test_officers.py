"""Officers: the list of chiefs of mission (`reftel.archive.pocom`, invented here) and the signatures it explains."""

from __future__ import annotations

import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from made_archives import Made, add, archive_of
from reftel.archive.officers import chief_meant, entity_of_officer, heads_of_post, signatory
from reftel.archive.pocom import missions, read_pocom
from reftel.archive.relations import Party, Wanted, meetings
from reftel.errors import InputError
from reftel.pipeline.resolving import find_entities, import_officers, resolve

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

PERSON = (
    "<person><id>{id}</id><persName><surname>{surname}</surname>"
    "<forename>{given}</forename>{suffix}</persName></person>"
)
CHIEF = (
    "<chief><id>{id}</id><person-id>{person}</person-id><role-title-id>ambassador-e-p</role-title-id>"
    "<appointed><date>{appointed}</date></appointed><arrived><date/></arrived><started><date>{started}</date></started>"
    "<ended><date>{ended}</date></ended></chief>"
)
ROLE = "<role><id>ambassador-e-p</id><names><singular>Ambassador\n   Extraordinary</singular></names></role>"
NORWAY = (
    "<country-mission><territory-id>norway</territory-id><chiefs>"
    + CHIEF.format(id="no-1", person="halvers-ida", appointed="2005-01-01", started="2005-03-01", ended="2008-06-30")
    + CHIEF.format(id="no-2", person="quist-per", appointed="2008-06-01", started="2008-09-15", ended="")
    + "</chiefs><other-nominees>"
    + CHIEF.format(id="no-3", person="never-sent", appointed="2008-01-01", started="2008-01-01", ended="2009-01-01")
    + "</other-nominees></country-mission>"
)
UNITED_NATIONS = (
    "<org-mission><id>representative-to-un</id><chiefs>"
    + CHIEF.format(id="un-1", person="quist-per", appointed="2001", started="", ended="2004")
    + "</chiefs></org-mission>"
)
SECRETARY = (
    "<principal-position><id>secretary</id><names><singular>Secretary of State</singular></names><principals>"
    + CHIEF.format(id="se-1", person="halvers-ida", appointed="2008-07-01", started="2008-07-01", ended="").replace(
        "chief>", "principal>"
    )
    + "</principals></principal-position>"
)
FILES = {
    "people/h/halvers.xml": PERSON.format(
        id="halvers-ida", surname="Halvers", given="Ida Marie", suffix="<genName>Jr.</genName>"
    ),
    "people/q/quist.xml": PERSON.format(id="quist-per", surname="Quist", given="Per", suffix=""),
    "people/n/never.xml": PERSON.format(id="never-sent", surname="Never", given="Sent", suffix=""),
    "roles/ambassador.xml": ROLE,
    "missions/norway.xml": NORWAY,
    "missions/un.xml": UNITED_NATIONS,
    "positions/secretary.xml": SECRETARY,
    "notes/broken.xml": "<person><id>",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        place = tmp_path / "pocom" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return tmp_path / "pocom"


@pytest.fixture
def connection() -> sqlite3.Connection:
    made = archive_of([
        Made("08OSLO1", "[PER Karim Danesh] met the Ambassador.", sent="2008-05-01", signature="HALVERS"),
        Made("08OSLO2", "Ambassador [PER Per Quist] met [PER Karim Danesh].", sent="2008-10-01", signature="QUIST"),
        Made("08OSLO3", "[PER Karim Danesh] left.", sent="2008-05-02", signature="BERGER"),
        Made("08PARIS4", "[PER Ida Halvers] visited.", sent="2009-05-02", post="Embassy Paris", signature="OTTO"),
    ])  # fmt: skip
    resolve(made)
    return made


def test_a_folder_a_tar_and_a_zip_hold_the_same_list(folder: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "p.tar.xz", "w:xz") as archive:
        archive.add(folder, "pocom")
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        for name, text in FILES.items():
            archive.writestr(f"pocom/{name}", text)
    assert read_pocom(folder) == read_pocom(tmp_path / "p.tar.xz") == read_pocom(tmp_path / "p.zip")


def test_the_list_gives_officers_and_the_tenures_they_served(folder: Path) -> None:
    officers, tenures = read_pocom(folder)
    assert [(o.id, o.name) for o in officers] == [("halvers-ida", "Ida Marie Halvers Jr."), ("quist-per", "Per Quist")]
    assert [(t.id, t.mission, t.begun, t.ended) for t in tenures] == [
        ("no-1", "country:NO", "2005-03-01", "2008-06-30"),
        ("no-2", "country:NO", "2008-09-15", None),
        ("se-1", "STATE", "2008-07-01", None),
        ("un-1", "USUNNEWYORK", "2001", "2004"),
    ]
    assert tenures[0].title == "Ambassador Extraordinary"


@pytest.mark.parametrize("path", ["missing", "empty"])
def test_what_holds_no_list_is_refused_in_one_line(tmp_path: Path, path: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError) as caught:
        read_pocom(tmp_path / path)
    assert "\n" not in str(caught.value)
    assert "Office of the Historian" in str(caught.value)


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_text("not an archive")
    with pytest.raises(InputError, match="cannot be read"):
        read_pocom(tmp_path / "x.tar")


def test_an_embassy_is_the_seat_of_the_mission_to_its_country_and_a_consulate_of_none() -> None:
    assert missions("Embassy Oslo", "OSLO") == ("OSLO", "country:NO")
    assert "country:BR" not in missions("Consulate Sao Paulo", "SAOPAULO")
    assert missions("USEU Brussels", "BRUSSELS") == ("USEUBRUSSELS",)
    assert missions("Secretary of State", None) == ("STATE",)


def test_a_signature_is_the_officer_of_that_name_who_headed_the_post_that_day(
    connection: sqlite3.Connection, folder: Path
) -> None:
    import_officers(connection, folder)
    rows = connection.execute("SELECT c.mrn, s.officer_id FROM signers s"
                              " JOIN cable_entities ce ON ce.id = s.cable_entity_id"
                              " JOIN cables c ON c.id = ce.cable_id ORDER BY 1").fetchall()  # fmt: skip
    assert [tuple(row) for row in rows] == [
        ("08OSLO1", "halvers-ida"),
        ("08OSLO2", "quist-per"),
        ("08OSLO3", None),
        ("08PARIS4", None),
    ]


def test_who_signed_is_one_person_under_the_name_of_the_list(connection: sqlite3.Connection, folder: Path) -> None:
    import_officers(connection, folder)
    (found,) = find_entities(connection, "Per Quist")
    assert found.cables == 1
    (found,) = find_entities(connection, "halvers")
    assert (found.name, found.role, found.country, found.cables) == (
        "Ida Marie Halvers Jr.",
        "chief of mission, Embassy Oslo",
        "US",
        2,
    )


def test_without_a_list_a_signature_is_a_person_who_headed_the_post_or_stood_in(connection: sqlite3.Connection) -> None:
    (found,) = find_entities(connection, "berger")
    assert (found.role, found.country) == ("chief of mission or chargé, Embassy Oslo", "US")


def test_cables_that_come_later_are_linked_to_the_list_too(connection: sqlite3.Connection, folder: Path) -> None:
    import_officers(connection, folder)
    add(connection, [Made("09OSLO5", "[PER Karim Danesh] wrote.", sent="2009-01-01", signature="QUIST")])
    resolve(connection)
    assert find_entities(connection, "quist")[0].cables == 2


def test_a_list_imported_twice_gives_the_same(connection: sqlite3.Connection, folder: Path) -> None:
    import_officers(connection, folder)
    before = [tuple(row) for row in connection.execute("SELECT key, name, cables FROM entities ORDER BY key")]
    import_officers(connection, folder)
    assert [tuple(row) for row in connection.execute("SELECT key, name, cables FROM entities ORDER BY key")] == before


def test_who_the_ambassador_was_on_a_day_can_be_told(connection: sqlite3.Connection, folder: Path) -> None:
    import_officers(connection, folder)
    heads = heads_of_post(connection, "Embassy Oslo", "OSLO", "2008-05-01T10:00:00Z")
    assert [held.officer.name for held in heads] == ["Ida Marie Halvers Jr."]
    assert heads_of_post(connection, "Embassy Oslo", "OSLO", "2008-08-01") == []


@pytest.mark.parametrize(
    ("signature", "sent", "officer"),
    [
        ("HALVERS", "2008-07-20", "halvers-ida"),  # drafted before she left
        ("HALVERS JR", "2007-01-01", "halvers-ida"),
        ("IDA HALVERS", "2007-01-01", "halvers-ida"),
        ("HALVRES", "2007-01-01", "halvers-ida"),
        ("HALVERS", "2009-07-20", None),
        ("QUIST", "2008-08-20", "quist-per"),  # before presenting credentials
        ("QUIST", "2007-01-01", None),
        ("HALL", "2007-01-01", None),
    ],
)
def test_a_signature_is_linked_by_name_and_day(
    connection: sqlite3.Connection, folder: Path, signature: str, sent: str, officer: str | None
) -> None:
    import_officers(connection, folder)
    held = signatory(connection, "Embassy Oslo", "OSLO", sent, signature)
    assert (held and held.officer.id) == officer


def test_the_ambassador_of_a_meeting_is_whom_the_list_has(connection: sqlite3.Connection, folder: Path) -> None:
    import_officers(connection, folder)
    asked = {"post": "Embassy Oslo", "code": "OSLO", "sent": "2008-05-01T10:00:00Z"}
    meant = chief_meant(connection, ("PolOff", "Ambassador"), **asked)
    assert meant is not None
    assert meant.name == "Ida Marie Halvers Jr."
    assert entity_of_officer(connection, meant.id) == find_entities(connection, "halvers")[0].id
    assert chief_meant(connection, ("PolOff",), **asked) is None
    assert chief_meant(connection, ("ambassador",), **asked) is None  # in small letters it may be another country's
    assert chief_meant(connection, ("Ambassador",), **{**asked, "sent": "2008-08-01"}) is None


def test_a_tenure_without_an_end_ended_with_the_next(connection: sqlite3.Connection, folder: Path) -> None:
    import_officers(connection, folder)
    connection.execute("UPDATE tenures SET ended = NULL")
    heads = heads_of_post(connection, "Embassy Oslo", "OSLO", "2030-05-01T10:00:00Z")
    assert len(heads) == 1


def test_meetings_of_an_officer_are_also_those_where_he_is_the_ambassador(
    connection: sqlite3.Connection, folder: Path
) -> None:
    text = "The Ambassador met with Foreign Minister [PER Karim Danesh] on May 3."
    add(connection, [Made("08OSLO9", text, sent="2008-05-05", signature=None)])
    import_officers(connection, folder)
    row = next(row for row in meetings(connection, Wanted(entity="Ida Marie Halvers Jr.")) if row.mrn == "08OSLO9")
    assert row.staff == ("Ambassador",)
    assert row.chief == Party("Ida Marie Halvers Jr.", find_entities(connection, "halvers")[0].key)
