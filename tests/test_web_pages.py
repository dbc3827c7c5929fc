"""Every kind of page is well-formed, links to what is there, and says what its cable says."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("starlette", reason="needs the extra: pip install 'reftel[web]'")
pytest.importorskip("httpx2")
from starlette.testclient import TestClient

from reftel.archive import open_archive
from reftel.pipeline import build
from reftel.web.app import create_app
from reftel.web.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

VOID = {"meta", "link", "input", "br", "hr", "img", "col", "rect", "circle", "line", "path", "use"}
PAGES = (
    "/", "/search", "/search?q=ballast", "/search?q=(", "/search?q=nothingatall", "/entities", "/entities?type=ORG&q=W",
    "/entity/org:IBRD", "/entity/bakhrom-sulaimonov", "/meetings", "/statements", "/browse", "/browse/years",
    "/browse/tags", "/browse/classifications", "/browse/signatures", "/shelf", "/archive", "/decisions",
    "/decide?entity=org:IBRD", "/decide?entity=org:IBRD&q=ba",
    "/help", "/api/docs", "/login", "/nowhere", "/cable/09MEXICO2871",
    "/cable/09MEXICO2871/raw", "/cable/09MEXICO2871/correct", "/cable/09MEXICO2871/preview", "/cable/10BERN77",
)  # fmt: skip


class Reading(HTMLParser):
    """What is wrong in a page: elements not closed or closed out of order, ids used twice, links within links."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: set[str] = set()
        self.labelled: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.wrong.append(f"<{tag}> has an attribute twice")
        own = dict(attrs).get("id")
        if own in self.ids:
            self.wrong.append(f"id {own} is there twice")
        self.ids |= {own} if own else set()
        if tag in {"a", "form", "button", "label"} and tag in self.open:
            self.wrong.append(f"<{tag}> inside <{tag}>")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element of SVG that is closed where it is opened."""

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()} closes another")


@pytest.fixture(scope="module")
def archive(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "examples.db"
    with open_archive(path, create=True) as opened:
        build([str(examples)], opened)
    return path


@pytest.fixture(scope="module")
def client(archive: Path) -> TestClient:
    return TestClient(create_app(Settings(archive)), base_url="http://127.0.0.1")


@pytest.mark.parametrize("where", PAGES)
def test_every_kind_of_page_is_well_formed(client: TestClient, where: str) -> None:
    answer = client.get(where)
    assert answer.status_code == {"/search?q=(": 400, "/nowhere": 404}.get(where, 200)
    reading = Reading()
    reading.feed(answer.text)
    reading.close()
    assert reading.wrong == []
    assert reading.open == []
    if not where.endswith("/preview"):
        assert answer.text.startswith("<!doctype html>\n<html lang=")
        assert answer.text.count("<h1") == 1


def test_every_file_that_a_page_names_is_there(client: TestClient) -> None:
    found = {each for where in PAGES for each in re.findall(r'(?:src|href)="(/static/[^"]+)"', client.get(where).text)}
    assert len(found) > 5
    for each in found:
        assert client.get(each).status_code == 200, each


def test_every_path_of_the_api_that_is_described_answers(client: TestClient) -> None:
    paths: dict[str, Any] = client.get("/api/openapi.json").json()["paths"]
    for path in paths:
        where = path.replace("{cable}", "09MEXICO2871").replace("{way}", "posts").replace("{key}", "org:IBRD")
        answer = client.get(where.replace("{kind}", "csv"))
        assert answer.status_code == 200, where
        kinds = paths[path]["get"]["responses"]["200"]["content"]
        assert "*/*" in kinds or answer.headers["content-type"] in kinds, where


def test_a_list_of_the_api_goes_on_to_its_end_without_a_row_twice(client: TestClient) -> None:
    for kind in ("meetings", "statements", "entities", "search"):
        whole: Any = client.get(f"/api/{kind}?n=200").json()
        name = "hits" if kind == "search" else "rows"
        rows, after = [], ""
        while after is not None:
            page: Any = client.get(f"/api/{kind}?n=1&after={after}").json()
            rows += page[name]
            after = page["next"]
        assert [row.get("id", row.get("cable_id")) for row in rows] == [
            row.get("id", row.get("cable_id")) for row in whole[name]
        ], kind
