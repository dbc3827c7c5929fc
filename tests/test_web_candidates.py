"""The other one of a merge is chosen from a list: by a name typed, or as its name is near; never by a hidden one."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, cast

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

    from reftel.model import MentionType

PASSWORD = "a long enough password"  # of a test
DONE = {"tagged_by": "t", "resolved_by": "r", "related_by": "r"}
# Who reads only what is open knows no Volodar Quint, and nothing of the Zamboria.
CABLES = (
    ("UNCLAS", "1. (U) [PER Ilse Harker], the mayor, opened the dam with [PER Anton Harker]."),
    ("UNCLAS", "1. (U) [PER Quint] showed poloff the garden of [ORG Lake Trust], as [PER Ilsa Harkar] had."),
    ("UNCLAS", "1. (U) The [LOC Harker] runs into the lake. [PER Brook] (strictly protect) said so."),
    ("S E C R E T", "1. (S) [PER Volodar Quint] said that the [LOC Zamboria] leaks and that [PER Leif Harker] knows."),
    ("S E C R E T", "1. (S) [PER Volodar Kwint] denied it. [PER Anselm Brook] (strictly protect) did not."),
)
NAME = re.compile(r"\[(PER|LOC|ORG) ([^\]]+)\]")
OFFERED = re.compile(r'<input type="radio" name="other" value="([^"]+)" required> <span><strong>([^<]+)</strong>')


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("candidates") / "lake.db"
    with open_archive(path, create=True) as opened:
        for number, (opening, body) in enumerate(CABLES, 31):
            names = NAME.findall(body)
            subject = "(U) A LAKE" if opening[0] == "S" else "A LAKE"
            plain = NAME.sub(r"\2", body)
            text = f"{opening} LIMA {number:06}\n\nSUBJECT: {subject}\n\n{plain}\nHALE"
            cable = parse(RawCable(f"{number}.txt", "text", text, claimed_mrn=f"09LIMA{number}"))
            places = sorted((u, each.text.find(n), n, k) for u, each in enumerate(cable.units) for k, n in names)
            mentions = tuple(
                Mention(unit, at, at + len(name), cast("MentionType", kind), name)
                for unit, at, name, kind in places
                if at >= 0
            )
            with opened.transaction():
                cable_id = opened.add(cable, parsed_by="p")
                opened.put_names(cable_id, understand(replace(cable, mentions=mentions)), done_by=DONE)
                opened.link(cable_id, linked_by="p")
        opened.index_words()
        opened.index_names()
        resolving.resolve(opened.connection)
    connection = open_readers(Settings(path).readers)
    add_user(connection, User("low", Clearance("UNCLASSIFIED", frozenset())), PASSWORD)
    add_user(connection, User("reader", Clearance(), corrects=False), PASSWORD)
    connection.close()
    return path


def logged_in(archive: Path, name: str) -> TestClient:
    client = TestClient(create_app(Settings(archive, login=True, hosts=None)), base_url="http://127.0.0.1")
    data = {"name": name, "password": PASSWORD, "token": token(client.get("/login").text)}
    client.post("/login", data=data)
    return client


@pytest.fixture(scope="module")
def local(archive: Path) -> TestClient:
    return TestClient(create_app(Settings(archive)), base_url="http://127.0.0.1")


@pytest.fixture(scope="module")
def low(archive: Path) -> TestClient:
    return logged_in(archive, "low")


def token(page: str) -> str:
    return page.partition('name="token" value="')[2].partition('"')[0]


def offered(client: TestClient, entity: str, typed: str) -> list[str]:
    answer = client.get("/decide/candidates", params={"entity": entity, "q": typed})
    assert answer.status_code == 200
    return [name for _, name in OFFERED.findall(answer.text)]


def near(client: TestClient, entity: str) -> list[str]:
    page = client.get(f"/decide?entity={entity}").text
    return [name for _, name in OFFERED.findall(page.partition("With a name that is near")[2])]


def test_a_name_typed_offers_those_that_bear_it_begin_so_or_sound_so(local: TestClient) -> None:
    assert offered(local, "ilse-harker", "Volodar Quint")[0] == "Volodar Quint"
    assert offered(local, "ilse-harker", "lake") == ["Lake Trust"]
    assert offered(local, "ilse-harker", "tru") == ["Lake Trust"]
    assert "Volodar Quint" in offered(local, "ilse-harker", "Qui")
    assert {"Anton Harker", "Leif Harker", "Harker"} <= set(offered(local, "ilse-harker", "Harker"))
    assert offered(local, "lake-trust", "Kwint")[0].startswith("Volodar")
    assert offered(local, "lake-trust", "q") == []
    assert offered(local, "lake-trust", "Nobody Atall") == []


def test_a_key_offers_its_entity_and_an_entity_is_never_offered_to_itself(local: TestClient) -> None:
    assert offered(local, "lake-trust", "zamboria") == ["Zamboria"]
    assert "Ilse Harker" not in offered(local, "ilse-harker", "Ilse Harker")
    assert "Ilse Harker" not in near(local, "ilse-harker")


def test_a_candidate_is_told_by_type_and_number_of_cables(local: TestClient) -> None:
    page = local.get("/decide/candidates?entity=ilse-harker&q=Lake").text
    assert re.search(r"<strong>Lake Trust</strong> <span class=\"soft\">Organization[^<]*, 1 cable</span>", page)


def test_the_same_surname_is_near_and_another_type_only_under_the_same_name(local: TestClient) -> None:
    found = near(local, "ilse-harker")
    assert {"Anton Harker", "Leif Harker"} <= set(found)
    assert "Harker" not in found
    assert "Volodar Quint" not in found


def test_nothing_is_offered_for_a_name_that_the_reader_does_not_see(local: TestClient, low: TestClient) -> None:
    assert "Leif Harker" in near(local, "ilse-harker")
    assert "Leif Harker" not in near(low, "ilse-harker")
    for typed in ("Volodar", "Volodar Qui", "volodar-quint", "Zamb", "zamboria", "Leif", "Leif Harker"):
        assert offered(local, "lake-trust", typed), typed
        assert offered(low, "lake-trust", typed) == [], typed
    # By what is seen of him alone: any first name does as well.
    assert offered(low, "lake-trust", "Volodar Quint") == offered(low, "lake-trust", "Edgar Quint") == ["Quint"]
    for client in (local, low):
        for typed in ("Brook", "Anselm", "anselm-brook"):
            assert offered(client, "lake-trust", typed) == [], typed


def test_without_a_script_the_page_itself_offers_what_was_searched_and_takes_the_choice(
    archive: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own.db"
    shutil.copy(archive, own)
    client = TestClient(create_app(Settings(own)), base_url="http://127.0.0.1")
    page = client.get("/decide?entity=anton-harker&q=Leif").text
    ((key, name),) = OFFERED.findall(page.partition('id="found"')[2].partition("</div>")[0])
    assert name == "Leif Harker"
    data = {"token": token(page), "entity": "anton-harker", "what": "merge", "other": key, "note": "one man"}
    assert client.post("/decide", data=data).status_code == 200
    names = {name for name, _ in client.get("/api/entity/leif-harker").json()["names"]}
    assert names == {"Anton Harker", "Leif Harker"}
    assert "one man" in client.get("/decisions").text


def test_what_was_chosen_is_merged_though_the_reader_is_not_told_its_key(archive: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.db"
    shutil.copy(archive, own)
    held = open_readers(Settings(archive).readers)
    held.execute("VACUUM INTO ?", (str(Settings(own).readers),))
    held.close()
    client = logged_in(own, "low")
    page = client.get("/decide?entity=lake-trust&q=Quint").text
    ((key, name),) = OFFERED.findall(page.partition('id="found"')[2].partition("</div>")[0])
    assert (name, key == "quint" or key.startswith("~")) == ("Quint", True)
    data = {"token": token(page), "entity": "lake-trust", "what": "merge", "other": key}
    assert client.post("/decide", data=data).status_code == 200


def test_who_may_not_correct_is_offered_nothing(archive: Path) -> None:
    assert logged_in(archive, "reader").get("/decide/candidates?entity=lake-trust&q=Quint").status_code == 403
