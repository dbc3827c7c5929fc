"""An entity named shortly in open text and fully in secret text: who may read only the open text knows it so."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("starlette", reason="needs the extra: pip install 'reftel[web]'")
pytest.importorskip("httpx2")
from starlette.testclient import TestClient

from reftel import parse
from reftel.archive import Clearance, open_archive
from reftel.model import Mention, RawCable
from reftel.pipeline import resolving
from reftel.pipeline.stages import understand
from reftel.web.app import create_app
from reftel.web.readers import open_readers
from reftel.web.settings import Settings
from reftel.web.users import User, add_user

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "a long enough password"  # of a test
CABLE = """S E C R E T LIMA 000014

E.O. 12958: DECL: 01/20/2019
TAGS: PREL, PE
SUBJECT: (U) A VISIT TO THE DAM

1. (S) Engineer Volodar Quint said that the dam leaks.

2. (U) Quint showed poloff the garden.
HALE"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("withheld") / "dam.db"
    cable = parse(RawCable("09LIMA14.txt", "text", CABLE, claimed_mrn="09LIMA14"))
    mentions = [
        Mention(unit, each.text.index(name), each.text.index(name) + len(name), "PER", name)
        for unit, each in enumerate(cable.units)
        for name in ("Volodar Quint", "Quint")
        if name in each.text and not (name == "Quint" and "Volodar" in each.text)
    ]
    with open_archive(path, create=True) as opened:
        with opened.transaction():
            number = opened.add(cable, parsed_by="p")
            done = {"tagged_by": "t", "resolved_by": "r", "related_by": "r"}
            opened.put_names(number, understand(replace(cable, mentions=tuple(mentions))), done_by=done)
        opened.index_words()
        opened.index_names()
        resolving.resolve(opened.connection)
    connection = open_readers(Settings(path).readers)
    add_user(connection, User("low", Clearance("UNCLASSIFIED", frozenset())), PASSWORD)
    connection.close()
    return path


@pytest.fixture(scope="module")
def low(archive: Path) -> TestClient:
    client = TestClient(create_app(Settings(archive, login=True, hosts=None)), base_url="http://127.0.0.1")
    token = client.get("/login").text.partition('name="token" value="')[2].partition('"')[0]
    client.post("/login", data={"name": "low", "password": PASSWORD, "token": token})
    return client


@pytest.fixture(scope="module")
def everything(archive: Path) -> TestClient:
    return TestClient(create_app(Settings(archive)), base_url="http://127.0.0.1")


def entities_of(client: TestClient) -> list[Any]:
    found: list[Any] = client.get("/api/search?q=garden&facets=1").json()["facets"]["entities"]
    return found


def test_the_facet_names_an_entity_as_the_reader_may_read_it(low: TestClient, everything: TestClient) -> None:
    assert [share[1] for share in entities_of(everything)] == ["Volodar Quint"]
    assert [share[1] for share in entities_of(low)] == ["Quint"]
    assert re.fullmatch(r"~\d+", entities_of(low)[0][0])  # its key is a name, too


def test_the_facet_leads_to_the_same_cables(low: TestClient) -> None:
    number = entities_of(low)[0][0]
    assert low.get(f"/api/search?entity={number}").json()["total"] == 1
    assert "Volodar" not in low.get(f"/search?entity={number}").text


def test_a_hidden_name_finds_no_entity(low: TestClient, everything: TestClient) -> None:
    for asked in ("/api/search?entity=Volodar Quint", '/api/search?q=entity:"Volodar Quint"'):
        assert everything.get(asked).json()["total"] == 1
        answer = low.get(asked)
        assert answer.status_code == 400
        assert 'no entity is called "Volodar Quint"; search for it as a word' in answer.json()["error"]
    assert low.get('/api/search?q=entity:"Quint"').json()["total"] == 1


def test_the_page_of_an_entity_has_only_the_names_that_may_be_seen(low: TestClient, everything: TestClient) -> None:
    key = everything.get("/api/entities").json()["rows"][0]["key"]
    assert "Volodar Quint" in everything.get(f"/entity/{key}").text
    assert low.get(f"/entity/{key}").status_code == 404
    (row,) = low.get("/api/entities").json()["rows"]
    assert (row["name"], row["names"], row["mentions"]) == ("Quint", [["Quint", 1]], 1)
    page = low.get(f"/entity/{row['key']}")
    assert page.status_code == 200
    assert "Volodar" not in page.text


def test_a_hidden_name_is_not_offered_while_typing(low: TestClient, everything: TestClient) -> None:
    assert everything.get("/suggest?q=Volod").json()[0]["name"] == "Volodar Quint"
    assert low.get("/suggest?q=Volod").json() == []
    assert low.get("/suggest?q=Quin").json()[0]["name"] == "Quint"


def test_a_filter_of_a_list_does_not_know_a_hidden_name(low: TestClient, everything: TestClient) -> None:
    assert everything.get("/api/statements?by=Volodar Quint").json()["rows"]
    assert low.get("/api/statements?by=Volodar Quint").status_code == 400
    assert low.get("/api/statements?by=Quint").json()["rows"] == []


def test_two_entities_are_merged_by_the_name_of_the_other(everything: TestClient) -> None:
    page = everything.get("/decide?entity=volodar-quint")
    assert page.status_code == 200
    token = page.text.partition('name="token" value="')[2].partition('"')[0]
    data = {"token": token, "entity": "volodar-quint", "what": "merge", "other": "Nobody Known"}
    answer = everything.post("/decide", data=data)
    assert answer.status_code == 404
    assert "Nobody and nothing is called" in answer.text


def test_what_was_mended_is_marked_in_the_raw_text(tmp_path: Path) -> None:
    paragraph = "1. The mayor said that the wall beside the\n\nBERN 00000078  002 OF 002\n\n\nriver was sound.\n"
    text = f"UNCLAS SECTION 01 OF 02 BERN 000078\n\nSUBJECT: A WALL\n\n{paragraph}"
    path = tmp_path / "wall.db"
    with open_archive(path, create=True) as opened, opened.transaction():
        opened.add(parse(RawCable("x.txt", "text", text, claimed_mrn="09BERN78")), parsed_by="p")
    page = TestClient(create_app(Settings(path)), base_url="http://127.0.0.1").get("/cable/09BERN78/raw").text
    assert '<del title="page-line">' in page
    assert "beside the river" in page


def test_a_page_that_is_not_there_says_so_in_the_house_s_style(everything: TestClient) -> None:
    answer = everything.get("/nowhere/at/all")
    assert answer.status_code == 404
    assert "There is no page at this address." in answer.text
    assert "reader.css" in answer.text


def test_programs_are_told_what_the_archive_page_tells(everything: TestClient) -> None:
    held = everything.get("/api/archive").json()
    assert held["total"] == 1
    assert held["failures"] == []
    described = everything.get("/api/openapi.json").json()["paths"]
    assert {"/api/archive", "/api/entities", "/api/company/{key}"} <= set(described)


def test_a_redaction_is_not_set_against_the_words_of_another_copy(tmp_path: Path) -> None:
    path = tmp_path / "copies.db"
    paragraphs = [
        "The mayor of the town by the lake told poloff that {} had asked for the keys of the old boat house in May.",
        "The boats of the town are {} and lie in a row along the northern shore of the lake, where nobody sails them.",
    ]
    filled = (("XXXXXXXXXXXX", "green"), ("Anselm Brook", "white"))
    with open_archive(path, create=True) as opened, opened.transaction():
        for number, words in enumerate(filled):
            held = "\n\n".join(
                f"{n}. {text.format(word)}" for n, (text, word) in enumerate(zip(paragraphs, words, strict=True), 1)
            )
            raw = RawCable(
                f"{number}.txt", "text", f"UNCLAS BERN 000079\n\nSUBJECT: BOATS\n\n{held}\n", claimed_mrn="09BERN79"
            )
            opened.add(parse(raw), parsed_by="p")
    client = TestClient(create_app(Settings(path)), base_url="http://127.0.0.1")
    page = client.get("/cable/09BERN79~1/diff/2").text
    assert "<ins>Anselm" not in page
    assert "Anselm Brook" in page
