"""What the API's description says of its answers is what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("starlette", reason="needs the extra: pip install 'reftel[web]'")
pytest.importorskip("httpx2")
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from reftel.archive import open_archive
from reftel.pipeline import build
from reftel.web.app import create_app
from reftel.web.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

CABLES = ("09MEXICO2871", "09TASHKENT1483")
ADDRESSES = {
    "/api/search": ("/api/search?q=minister&facets=1", "/api/search"),
    "/api/cable/{cable}": tuple(f"/api/cable/{each}" for each in CABLES),
    "/api/cable/{cable}/raw": ("/api/cable/09MEXICO2871/raw",),
    "/api/cable/{cable}/referring": tuple(f"/api/cable/{each}/referring" for each in CABLES),
    "/api/cable/{cable}/versions": tuple(f"/api/cable/{each}/versions" for each in CABLES),
    "/api/browse/{way}": ("/api/browse/posts", "/api/browse/tags", "/api/browse/signatures"),
    "/api/entity/{key}": ("/api/entity/org:IBRD", "/api/entity/bakhrom-sulaimonov"),
    "/api/company/{key}": ("/api/company/org:IBRD",),
    "/api/statements": ("/api/statements?n=200",),
    "/api/meetings": ("/api/meetings?n=200",),
}


@pytest.fixture(scope="module")
def client(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    path = tmp_path_factory.mktemp("schemas") / "examples.db"
    with open_archive(path, create=True) as opened:
        build([str(examples)], opened)
    client = TestClient(create_app(Settings(path)), base_url="http://127.0.0.1")
    client.get("/")
    form = {"csrf": client.cookies["csrf"]} if "csrf" in client.cookies else {}
    client.post("/cable/09MEXICO2871/star", data=form)
    return client


@pytest.fixture(scope="module")
def described(client: TestClient) -> dict[str, Any]:
    told: dict[str, Any] = client.get("/api/openapi.json").json()
    return told


def _schema(described: dict[str, Any], path: str) -> dict[str, Any]:
    answer = described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return {**answer, "components": described["components"]}


def test_every_answer_of_the_api_is_as_described(client: TestClient, described: dict[str, Any]) -> None:
    for path in described["paths"]:
        if path.startswith("/api/export/"):
            continue  # files, not JSON
        schema = _schema(described, path)
        Draft202012Validator.check_schema(schema)
        for where in ADDRESSES.get(path, (path,)):
            answer = client.get(where)
            assert answer.status_code == 200, where
            Draft202012Validator(schema).validate(answer.json())


def test_every_key_of_a_cable_is_described(client: TestClient, described: dict[str, Any]) -> None:
    records = described["components"]["schemas"]
    answer = client.get("/api/cable/09TASHKENT1483").json()
    assert list(answer) == list(records["Cable"]["properties"])
    assert list(answer["units"][0]) == list(records["Unit"]["properties"])
    assert list(answer["statements"][0]) == list(records["Statement"]["properties"])


def test_an_error_is_as_described(client: TestClient, described: dict[str, Any]) -> None:
    told = described["paths"]["/api/search"]["get"]["responses"]["default"]["content"]["application/json"]["schema"]
    answer = client.get("/api/search?q=(")
    assert answer.status_code == 400
    Draft202012Validator(told).validate(answer.json())


def test_people_are_told_the_fields_of_answers_and_records(client: TestClient) -> None:
    page = client.get("/api/docs").text
    assert '<li><code>total</code> <span class="soft">integer</span></li>' in page
    assert '<li><code>hits</code> <span class="soft">list of Hit</span></li>' in page
    assert '<li><code>status</code> <span class="soft">held | planned | proposed | cancelled | denied</span>' in page
