"""Every page and answer of the web reader, tried by who may read only the open text of an archive."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("starlette", reason="needs the extra: pip install 'reftel[web]'")
pytest.importorskip("httpx2")
from starlette.testclient import TestClient

from guarded_archives import ASKED, LOW, NAMES, garden, told
from reftel.web.app import create_app
from reftel.web.readers import open_readers
from reftel.web.settings import Settings
from reftel.web.users import User, add_user

if TYPE_CHECKING:
    from collections.abc import Iterator

PASSWORD = "a long enough password"  # of a test
LINK = re.compile(r'(?:href|src|action|data-address)="(/[^"]*)"')


@pytest.fixture(scope="module")
def low(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    archive = garden(tmp_path_factory.mktemp("everywhere") / "garden.db")
    connection = open_readers(Settings(archive).readers)
    add_user(connection, User("low", LOW, corrects=True), PASSWORD)
    connection.close()
    client = TestClient(create_app(Settings(archive, login=True, hosts=None)), base_url="http://127.0.0.1")
    token = token_of(client.get("/login").text)
    client.post("/login", data={"name": "low", "password": PASSWORD, "token": token})
    for mrn in ("09LIMA21", "09LIMA23"):
        page = f"/cable/{mrn}"
        client.post(f"{page}/star", data={"star": "1", "token": token_of(client.get(page).text)})
        client.post(f"{page}/note", data={"text": "look", "token": token_of(client.get(page).text)})
    return client


def token_of(page: str) -> str:
    return page.partition('name="token" value="')[2].partition('"')[0]


def answered(client: TestClient, where: str) -> str:
    """Everything that an answer has: status, headers and body, that of a zip unpacked."""
    answer = client.get(where, follow_redirects=False)
    head = f"{answer.status_code} {dict(answer.headers)}"
    if answer.headers.get("content-type") == "application/zip":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            return head + "".join(name + packed.read(name).decode() for name in packed.namelist())
    return head + str(answer.text)


def api_addresses(client: TestClient) -> Iterator[str]:
    """Every address of the API, with what can be put into it."""
    cables = ("09LIMA21", "09LIMA23", "09LIMA24", "~2", "~7", "98VIENTIANE4022")
    keys = [
        row["key"] for kind in ("PER", "LOC", "ORG") for row in client.get(f"/api/entities?type={kind}").json()["rows"]
    ]
    parts = {"cable": cables, "way": ("posts", "years", "tags", "classifications", "signatures"), "key": keys}
    parts["kind"] = ("jsonl", "csv", "bibtex", "zip")
    for path in client.get("/api/openapi.json").json()["paths"]:
        name = re.search(r"\{(\w+)\}", path)
        for value in parts[name[1]] if name else ("",):
            yield re.sub(r"\{\w+\}", value, path)


def test_no_page_or_answer_that_can_be_reached_tells_a_secret(low: TestClient) -> None:
    waiting = ["/", "/search?q=harbor", "/entities?type=LOC", "/entities?type=ORG", "/meetings", "/statements",
               "/shelf", "/archive", "/help", "/decisions", *api_addresses(low),
               *(f"/shelf/export/{kind}" for kind in ("jsonl", "csv", "bibtex", "zip"))]  # fmt: skip
    seen: set[str] = set()
    while waiting:
        where = waiting.pop().partition("#")[0]
        if where in seen or where.count("&") > 1:  # facets can be chosen in any number of ways
            continue
        seen.add(where)
        text = answered(low, where)
        if where.startswith("/static/"):
            continue
        assert told(text, where if "98VIENTIANE4022" in where else "") == [], where
        if "text/html" in text[:400]:
            waiting += map(unescape, LINK.findall(text))
    assert len(seen) > 100


@pytest.mark.parametrize("asked", ASKED)
def test_no_search_on_the_web_tells_a_secret(low: TestClient, asked: str) -> None:
    for where in ("/api/search", "/search", "/suggest"):
        answer = low.get(where, params={"q": asked, "facets": "1"})
        assert told(answer.text, asked) == [], where


@pytest.mark.parametrize("name", NAMES)
def test_no_filter_or_address_on_the_web_tells_a_secret(low: TestClient, name: str) -> None:
    asked = [
        ("/api/search", {"entity": name, "facets": "1"}),
        ("/api/entities", {"q": name}),
        ("/decide", {"entity": name}),
    ]
    asked += [("/api/meetings", {each: name}) for each in ("entity", "with", "place")]
    asked += [("/api/statements", {each: name}) for each in ("by", "about", "q")]
    asked += [(f"/{kind}/{name}", {}) for kind in ("entity", "cable", "api/entity", "api/company", "api/cable")]
    for where, given in asked:
        answer = low.get(where, params=given, follow_redirects=False)
        assert told(answer.text + str(answer.headers), name) == [], (where, given)


def test_what_is_hidden_answers_as_what_is_not_there(low: TestClient) -> None:
    for hidden, missing in (
        ("/cable/98VIENTIANE4022", "/cable/98VIENTIANE4023"),
        ("/cable/~2", "/cable/~200"),
        ("/cable/09LIMA26~7", "/cable/09LIMA26~700"),
        ("/cable/98VIENTIANE4022/raw", "/cable/98VIENTIANE4023/raw"),
        ("/cable/09LIMA21/diff/2", "/cable/09LIMA21/diff/200"),
        ("/entity/volodar-quint", "/entity/volodar-quant"),
        ("/entity/place:UZ/Tashkent", "/entity/place:UZ/Toshkent"),
        ("/api/entity/oswin-tarrant", "/api/entity/oswin-tarrent"),
        ("/api/company/oswin-tarrant", "/api/company/oswin-tarrent"),
        ("/api/search?q=entity:oswin-tarrant", "/api/search?q=entity:oswin-tarrent"),
        ("/api/search?q=98VIENTIANE4022", "/api/search?q=98VIENTIANE4023"),
        ("/api/search?q=tag:%22BROOK, ANSELM%22", "/api/search?q=tag:%22BROOK, ANSELN%22"),
        ("/api/meetings?with=Oswin Tarrant", "/api/meetings?with=Oswin Tarrent"),
    ):
        one, other = (low.get(where, follow_redirects=False) for where in (hidden, missing))
        assert one.status_code == other.status_code, hidden
        assert len(one.text) == len(other.text), hidden


def test_a_hidden_copy_is_told_of_nowhere(low: TestClient) -> None:
    (hit,) = low.get("/api/search?q=keys").json()["hits"]
    assert (hit["mrn"], hit["versions"]) == ("09LIMA26", 0)
    assert low.get("/api/cable/09LIMA26/versions").json() == []
    page = low.get("/search?q=keys").text
    assert 'href="/cable/09LIMA26"' in page
    assert "09LIMA26~" not in page


def test_that_hidden_text_is_alike_is_not_told(low: TestClient) -> None:
    assert low.get("/api/search?q=hen").json()["hits"][0]["versions"] == 0
    assert low.get("/api/cable/09QUITO31/versions").json() == []
