"""An entity known in full only by a cable that is hidden or protects its name: what other cables tell of it."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("starlette", reason="needs the extra: pip install 'reftel[web]'")
pytest.importorskip("httpx2")
from starlette.testclient import TestClient

from guarded_archives import merge, put, settle
from reftel.archive import Clearance, open_archive
from reftel.web import log
from reftel.web.app import create_app
from reftel.web.readers import open_readers
from reftel.web.settings import Settings
from reftel.web.users import User, add_user

if TYPE_CHECKING:
    from pathlib import Path


PASSWORD = "a long enough password"  # of a test
LONG = (
    "The mayor of the town by the lake told poloff that he had asked for the keys of the old boat house in May, and"
    " that the boats lie in a row along the northern shore, where nobody has sailed them since the flood."
)
# Quint is known by his whole name, and met with Zamboria, in secret text alone; Brook's whole name is protected.
CABLES = (
    ("09LIMA21", "UNCLAS", "THE GARDEN", "1. (U) [PER Quint] showed poloff the garden and met [PER Ilse Harker]."),
    ("09LIMA22", "S E C R E T", "A VISIT", "1. (S) Engineer [PER Volodar Quint] said that the turbine leaks."),
    (
        "09LIMA23",
        "S E C R E T",
        "(U) A TOWN",
        "1. (S) [PER Ilse Harker] met [PER Volodar Quint] in [LOC Zamboria].\n\n2. (U) The harbor is calm.",
    ),
    ("09LIMA24", "UNCLAS", "PERCH", "1. (U) Fisherman [PER Anselm Brook] (strictly protect) said the perch are gone."),
    (
        "09LIMA25",
        "UNCLAS",
        "BOATS",
        "1. (U) [PER Brook] told poloff on May 3 that the boats left with [PER Ilse Harker].",
    ),
    ("09LIMA26", "UNCLAS", "COPIES", f"1. (U) {LONG}"),
    ("09LIMA26", "S E C R E T", "COPIES", f"1. (S) {LONG}\n\n2. (S) The turbine leaks."),
)
SECRETS = re.compile("volodar|zamboria|turbine|09LIMA22", re.IGNORECASE)
PROTECTED = re.compile("anselm", re.IGNORECASE)
LINK = re.compile(r'(?:href|data-address)="(/[^"]*)"')
WALKED = ("/", "/entities", "/entities?type=LOC", "/meetings", "/statements", "/browse", "/archive", "/shelf", "/help")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("across") / "lake.db"
    with open_archive(path, create=True) as opened:
        for mrn, opening, subject, body in CABLES:
            put(opened, mrn, f"{opening} LIMA {int(mrn[6:]):06}\n\nSUBJECT: {subject}\n\n{body}\nHALE")
        settle(opened)
        merge(opened, "Quint", "Volodar Quint")
        merge(opened, "Brook", "Anselm Brook")
    connection = open_readers(Settings(path).readers)
    add_user(connection, User("low", Clearance("UNCLASSIFIED", frozenset())), PASSWORD)
    add_user(connection, User("trusted", Clearance(protected=True)), PASSWORD)
    connection.close()
    return path


def logged_in(archive: Path, name: str) -> TestClient:
    client = TestClient(create_app(Settings(archive, login=True, hosts=None)), base_url="http://127.0.0.1")
    token = client.get("/login").text.partition('name="token" value="')[2].partition('"')[0]
    client.post("/login", data={"name": name, "password": PASSWORD, "token": token})
    return client


@pytest.fixture(scope="module")
def low(archive: Path) -> TestClient:
    return logged_in(archive, "low")


@pytest.fixture(scope="module")
def trusted(archive: Path) -> TestClient:
    return logged_in(archive, "trusted")


@pytest.fixture(scope="module")
def local(archive: Path) -> TestClient:
    """Whoever reads on the machine itself: everything but protected names."""
    return TestClient(create_app(Settings(archive)), base_url="http://127.0.0.1")


def walked(client: TestClient) -> dict[str, Any]:
    """The answer of every address that links of pages lead to, from the main pages on."""
    waiting: list[str] = [*WALKED]
    found: dict[str, Any] = {}
    while waiting:
        where = waiting.pop().partition("#")[0]
        if where in found or where.count("&") > 1:  # facets can be chosen in any number of ways
            continue
        found[where] = client.get(where)
        if "text/html" in found[where].headers["content-type"]:
            waiting += map(unescape, LINK.findall(found[where].text))
    return found


@pytest.fixture(scope="module")
def of_low(low: TestClient) -> dict[str, Any]:
    return walked(low)


@pytest.fixture(scope="module")
def of_local(local: TestClient) -> dict[str, Any]:
    return walked(local)


def test_no_page_that_links_lead_to_tells_a_hidden_name(of_low: dict[str, Any]) -> None:
    for where, answer in of_low.items():
        assert not SECRETS.search(answer.text), where
        assert not PROTECTED.search(answer.text), where


def test_no_page_that_links_lead_to_tells_a_protected_name(of_local: dict[str, Any]) -> None:
    for where, answer in of_local.items():
        assert not PROTECTED.search(answer.text), where


def test_no_link_leads_nowhere(of_low: dict[str, Any], of_local: dict[str, Any]) -> None:
    assert len(of_low) > 50
    assert len(of_local) > len(of_low)
    for found in (of_low, of_local):
        for where, answer in found.items():
            assert answer.status_code == 200, (where, answer.text)


def test_a_name_in_a_cable_leads_to_what_the_reader_may_know_of_it(low: TestClient, local: TestClient) -> None:
    assert 'href="/entity/volodar-quint"' in local.get("/cable/09LIMA21").text
    for where, name in (("/cable/09LIMA21", "Quint"), ("/cable/09LIMA25", "Brook")):
        found = re.search(rf'href="(/entity/~\d+)">{name}<', low.get(where).text)
        assert found, where
        assert low.get(found[1]).status_code == 200


def test_no_filter_knows_an_entity_by_a_name_or_key_that_is_hidden(low: TestClient, local: TestClient) -> None:
    asked = [
        f"/api/{kind}{name}"
        for kind in ("meetings?entity=", "meetings?with=", "statements?by=", "statements?about=", "search?entity=")
        for name in ("Volodar Quint", "volodar-quint", "Anselm Brook", "anselm-brook")
    ]
    for where in (*asked, "/api/meetings?place=zamboria", "/api/entity/zamboria", "/api/company/volodar-quint"):
        expected = 404 if "/entity/" in where or "company" in where else 400
        assert low.get(where).status_code == expected, where
        if "rook" in where:
            assert local.get(where).status_code == expected, where
        else:
            assert local.get(where).status_code == 200, where


def test_nothing_is_suggested_in_place_of_a_protected_name(local: TestClient) -> None:
    answer = local.get('/api/search?q=entity:"Anse"')
    assert answer.status_code == 400
    assert not PROTECTED.search(answer.text)
    assert "Volodar Quint" in local.get('/api/search?q=entity:"Volod"').text


def test_copies_that_may_not_be_seen_are_not_counted(low: TestClient, local: TestClient) -> None:
    query = "/api/search?q=keys"
    assert [hit["versions"] for hit in local.get(query).json()["hits"]] == [1, 1]
    assert [hit["versions"] for hit in low.get(query).json()["hits"]] == [0]
    assert local.get("/api/search?q=is:copy").json()["total"] == 2
    assert low.get("/api/search?q=is:copy").json()["total"] == 0


def test_a_decision_tells_no_protected_name(local: TestClient, trusted: TestClient) -> None:
    assert "Brook is Anselm Brook" in trusted.get("/decisions").text
    assert "a protected name is another" in local.get("/decisions").text
    for where in ("/decisions", "/api/decisions"):
        assert PROTECTED.search(trusted.get(where).text), where
        assert not PROTECTED.search(local.get(where).text), where


def test_an_entity_page_counts_only_the_mentions_that_are_told(local: TestClient, trusted: TestClient) -> None:
    known: Any = trusted.get("/api/entity/anselm-brook").json()
    assert (known["name"], known["cables"], known["mentions"]) == ("Anselm Brook", 2, 2)
    told: Any = local.get(f"/api/entity/~{known['id']}").json()
    assert (told["name"], told["key"], told["cables"], told["mentions"]) == ("Brook", f"~{known['id']}", 1, 1)


def test_a_list_of_names_is_paged_without_a_gap(low: TestClient) -> None:
    names, after = [], ""
    while after is not None:
        page: Any = low.get(f"/api/entities?n=1&after={after}").json()
        names += [row["name"] for row in page["rows"]]
        after = page["next"]
    assert sorted(names) == ["Brook", "Ilse Harker", "Quint"]


def test_a_place_to_go_on_from_that_is_none_is_refused(local: TestClient) -> None:
    for value in ("x", "W10", "W251bGwsMV0", "WyIiLEluZmluaXR5XQ", "WyJcdWQ4MDAiLDFd", "eyJhIjoxfQ", "W1t" * 300):
        for kind in ("meetings", "statements", "search"):
            assert local.get(f"/api/{kind}?after={value}").status_code in {200, 400}, (kind, value)


def test_what_a_user_reads_stands_in_the_log(low: TestClient, archive: Path) -> None:
    asked = {
        "/cable/09LIMA21": "09LIMA21", "/cable/09LIMA21/raw": "09LIMA21, raw text",
        "/cable/09LIMA23/preview": "09LIMA23, first lines", "/api/cable/09LIMA25": "09LIMA25",
        "/api/search?q=garden": "/api/search?q=garden", "/statements?by=Quint": "statements?by=Quint",
    }  # fmt: skip
    for where in asked:
        assert low.get(where).status_code == 200, where
    connection = open_readers(Settings(archive).readers)
    logged = {row["what"] for row in log.read(connection, user="low", count=1000)}
    connection.close()
    assert set(asked.values()) <= logged
