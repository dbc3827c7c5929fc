"""The reader's doors: what a reader may not see is nowhere, forms are ours, and no answer lets a script in."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest

pytest.importorskip("starlette", reason="needs the extra: pip install 'reftel[web]'")
pytest.importorskip("httpx2")
from click.testing import CliRunner
from starlette.testclient import TestClient

from reftel import parse
from reftel.archive import Clearance, open_archive
from reftel.cli import main
from reftel.model import Mention, RawCable
from reftel.pipeline import resolving
from reftel.pipeline.stages import understand
from reftel.web.app import PAGES, create_app
from reftel.web.readers import open_readers
from reftel.web.settings import Settings
from reftel.web.users import User, add_user

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reftel.model import MentionType

PASSWORD = "a long enough password"  # of a test
DONE = {"tagged_by": "t", "resolved_by": "r", "related_by": "r"}
# One open and one secret paragraph each; what only the secret ones tell is in SECRETS.
CABLES = {
    "09LIMA12": """S E C R E T LIMA 000012

NOFORN

E.O. 12958: DECL: 01/20/2019
TAGS: PREL, PE
SUBJECT: (U) THE LAKE IS LOW

1. (U) Mayor [PER Ilse Harker] told us that the lake of [LOC Puno] is low.

2. (S/NF) Contact [PER Volodar Quint] met [PER Ilse Harker] in [LOC Zamboria] on January 12, at a dam.

3. (U) Fisherman [PER Anselm Brook] (strictly protect) told poloff that the perch are gone.
HALE""",
    "09LIMA13": """S E C R E T LIMA 000013

E.O. 12958: DECL: 01/20/2019
TAGS: MARR, PE
SUBJECT: (S) ZAMBORIA DAM: WHAT QUINT SAW

REF: LIMA 12

1. (S) [PER Volodar Quint] said that the Zamboria turbine is a decoy.
HALE""",
}
SECRETS = ("Quint", "Zamboria", "decoy", "turbine", "MARR")
PROTECTED = "Brook"
NAME = re.compile(r"\[(PER|LOC|ORG) ([^\]]+)\]")


def named(text: str) -> tuple[str, list[tuple[str, str]]]:
    return NAME.sub(r"\2", text), NAME.findall(text)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("doors") / "lake.db"
    with open_archive(path, create=True) as opened:
        for mrn, written in CABLES.items():
            text, names = named(written)
            cable = parse(RawCable(f"{mrn}.txt", "text", text, claimed_mrn=mrn))
            places = [
                (unit, each.text.find(name), name, kind)
                for unit, each in enumerate(cable.units)
                for kind, name in names
            ]
            mentions = tuple(
                Mention(unit, at, at + len(name), cast("MentionType", kind), name)
                for unit, at, name, kind in sorted(set(places))
                if at >= 0
            )
            tagged = replace(cable, mentions=mentions)
            with opened.transaction():
                cable_id = opened.add(cable, parsed_by="p")
                opened.put_names(cable_id, understand(tagged), done_by=DONE)
                opened.link(cable_id, linked_by="p")
        opened.index_words()
        opened.index_names()
        resolving.resolve(opened.connection)
    connection = open_readers(Settings(path).readers)
    add_user(connection, User("low", Clearance("UNCLASSIFIED", frozenset()), corrects=True), PASSWORD)
    add_user(connection, User("high", Clearance("TOP SECRET"), corrects=True), PASSWORD)
    add_user(connection, User("trusted", Clearance("TOP SECRET", protected=True), corrects=False), PASSWORD)
    connection.close()
    return path


def reader(archive: Path, name: str | None) -> TestClient:
    """A browser, logged in by this name; without a name as on one's own machine."""
    settings = Settings(archive, login=name is not None, hosts=None)
    client = TestClient(create_app(settings), base_url="http://127.0.0.1")
    if name:
        page = client.get("/login").text
        answer = client.post(
            "/login", data={"name": name, "password": PASSWORD, "token": token(page)}, follow_redirects=False
        )
        assert answer.status_code == 303, answer.text
    return client


def copied(archive: Path, folder: Path) -> Path:
    """The archive and its users, to be changed."""
    own = folder / archive.name
    shutil.copy(archive, own)
    held = open_readers(Settings(archive).readers)
    held.execute("VACUUM INTO ?", (str(Settings(own).readers),))
    held.close()
    return own


def digest_of(archive: Path, mrn: str) -> str:
    with open_archive(archive) as opened:
        found = opened.connection.execute("SELECT content_hash FROM cables WHERE mrn = ?", (mrn,)).fetchone()
    return str(found[0])


def token(page: str) -> str:
    found = re.search(r'name="token" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def addresses(archive: Path) -> Iterator[str]:
    """Every page of the reader, with every cable and entity, and the queries that could tell of the secret."""
    with open_archive(archive) as opened:
        cables = [f"{row['mrn']}" for row in opened.connection.execute("SELECT mrn FROM cables")]
        keys = [row["key"] for row in opened.connection.execute("SELECT key FROM entities")]
    words = [
        "Quint",
        "Zamboria",
        "~Kwint",
        "decoy",
        "turbine",
        "lake",
        "tag:MARR",
        'entity:"Ilse Harker"',
        "signed:hale",
    ]
    held = {
        "{cable}": cables,
        "{key:path}": [*keys, *(f"~{number}" for number in range(1, len(keys) + 1))],
        "{way}": ["posts", "years", "tags", "classifications", "signatures"],
        "{kind}": ["jsonl", "csv", "bibtex"],
        "{code}": ["LIMA"],
    }
    for where, _ in PAGES:
        whole = where.replace("{other}", "2")
        part = next((part for part in held if part in whole), "")
        yield from (whole.replace(part, value) for value in held.get(part, [""]))
    for where in ("/search", "/api/search", "/suggest"):
        yield from (f"{where}?q={word}&facets=1" for word in words)
    for kind in ("PER", "LOC"):
        yield f"/entities?type={kind}"
    yield "/meetings?status=planned"
    for where in ("/decide", "/decide/candidates"):
        yield from (f"{where}?entity={key}&q={word}" for key in keys for word in ("Quint", "Zamboria"))


def told(text: str, echoed: str) -> list[str]:
    """The secrets in a page, but for what it only repeats of the question."""
    return [word for word in SECRETS if word in text and word.casefold() not in echoed.casefold()]


def test_what_a_reader_may_not_see_is_on_no_page(archive: Path) -> None:
    client = reader(archive, "low")
    for where in addresses(archive):
        answer = client.get(where)
        assert answer.status_code in {200, 303, 403, 404, 400}, where
        assert told(answer.text, where) == [], where


def test_a_question_for_what_is_hidden_finds_nothing(archive: Path) -> None:
    low, high = reader(archive, "low"), reader(archive, "high")
    for word in ("decoy", "Zamboria", "Quint", "tag:MARR"):
        assert low.get(f"/api/search?q={word}").json()["total"] == 0
        assert high.get(f"/api/search?q={word}").json()["total"] > 0
    assert low.get("/api/search").json()["total"] == 1
    assert high.get("/api/search").json()["total"] == 2


def test_the_same_pages_tell_it_to_who_may_see_it(archive: Path) -> None:
    client = reader(archive, "high")
    pages = [client.get(where).text for where in addresses(archive)]
    for word in SECRETS:
        assert any(word in page for page in pages), word


def test_a_cable_with_nothing_to_see_is_not_there(archive: Path) -> None:
    assert reader(archive, "low").get("/cable/09LIMA13").status_code == 404
    assert reader(archive, "low").get("/cable/09LIMA12/raw").status_code == 404
    assert reader(archive, "high").get("/cable/09LIMA12/raw").status_code == 200


def test_a_protected_name_is_masked_for_all_but_who_has_the_right(archive: Path) -> None:
    for name in ("low", "high"):
        client = reader(archive, name)
        for where in addresses(archive):
            assert PROTECTED not in client.get(where).text, where
        assert client.get(f"/api/search?q={PROTECTED}").json()["total"] == 0
    assert PROTECTED in reader(archive, "trusted").get("/cable/09LIMA12").text


def test_no_page_is_shown_before_a_login_where_one_is_asked_for(archive: Path) -> None:
    client = TestClient(create_app(Settings(archive, login=True, hosts=None)), base_url="http://127.0.0.1")
    for where in addresses(archive):
        answer = client.get(where, follow_redirects=False)
        assert answer.status_code in {303, 401}, where
        assert answer.status_code == 401 or answer.headers["location"].startswith("/login"), where


def test_every_answer_forbids_scripts_of_others_and_has_none_inside(archive: Path) -> None:
    client = reader(archive, "high")
    for where in addresses(archive):
        answer = client.get(where)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy, where
        assert "unsafe" not in policy, where
        if "text/html" in answer.headers["content-type"]:
            assert not re.search(r"<script(?![^>]*(src=|application/json))", answer.text), where
            assert not re.search(r"\s(on\w+|style)=\"", answer.text), where


def test_a_form_without_our_token_or_from_another_site_is_refused(archive: Path) -> None:
    client = reader(archive, "high")
    assert client.post("/cable/09LIMA12/star", data={"star": "1"}).status_code == 403
    page = client.get("/cable/09LIMA12").text
    foreign = {"origin": "https://elsewhere.example"}
    data = {"star": "1", "token": token(page)}
    assert client.post("/cable/09LIMA12/star", data=data, headers=foreign).status_code == 403
    assert client.post("/cable/09LIMA12/star", data=data).status_code == 200


def test_logins_are_limited(archive: Path) -> None:
    client = TestClient(create_app(Settings(archive, login=True, hosts=None)), base_url="http://127.0.0.1")
    page = client.get("/login").text
    codes = [
        client.post("/login", data={"name": "nobody", "password": "x" * 12, "token": token(page)}).status_code
        for _ in range(30)
    ]
    assert 429 in codes


def test_another_host_is_refused_without_users(tmp_path: Path) -> None:
    open_archive(tmp_path / "a.db", create=True).close()
    done = CliRunner().invoke(main, ["serve", "-a", str(tmp_path / "a.db"), "--host", "0.0.0.0"])  # refused
    assert done.exit_code == 1
    assert "add a user first" in done.output


def test_a_page_asked_for_under_another_name_is_refused(archive: Path) -> None:
    client = TestClient(create_app(Settings(archive)), base_url="http://evil.example")
    assert client.get("/").status_code == 421


def test_text_of_a_cable_is_never_markup(tmp_path: Path) -> None:
    body = "SUBJECT: <script>alert(1)</script>\n\n1. An <img src=x onerror=alert(2)> stood in the garden.\n"
    text = f"UNCLAS BERN 000077\n\n{body}"
    path = tmp_path / "a.db"
    with open_archive(path, create=True) as opened, opened.transaction():
        opened.add(parse(RawCable("x.txt", "text", text, claimed_mrn="09BERN77")), parsed_by="p")
    client = reader(path, None)
    for where in ("/cable/09BERN77", "/cable/09BERN77/raw", "/search?q=garden", "/cable/09BERN77/preview"):
        answer = client.get(where).text
        assert "<script>alert" not in answer, where
        assert "<img" not in answer, where


def test_no_file_of_the_disk_can_be_asked_for(archive: Path) -> None:
    client = reader(archive, None)
    for where in ("/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd", "/cable/..%2f..%2fetc%2fpasswd"):
        assert client.get(where).status_code == 404, where


def test_a_correction_takes_effect_at_once_and_can_be_undone(archive: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.db"
    shutil.copy(archive, own)
    client = reader(own, None)
    before: Any = client.get("/api/cable/09LIMA12").json()
    mention = next(m for m in before["mentions"] if m["text"] == "Puno")
    where = f"/cable/09LIMA12/correct?unit={mention['unit']}&start={mention['start']}&end={mention['end']}"
    data = {"token": token(client.get(where).text), "what": "not-a-name"}
    data |= {name: str(mention[name]) for name in ("unit", "start", "end")}
    client.post("/cable/09LIMA12/correct", data=data)
    assert "Puno" not in {m["text"] for m in client.get("/api/cable/09LIMA12").json()["mentions"]}
    page = client.get("/decisions").text
    uid = re.search(r'name="uid" value="(\w+)"', page)
    assert uid
    client.post("/decisions/undo", data={"token": token(page), "uid": uid[1]})
    assert client.get("/api/cable/09LIMA12").json()["mentions"] == before["mentions"]


def test_an_entity_can_be_renamed(archive: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.db"
    shutil.copy(archive, own)
    client = reader(own, None)
    page = client.get("/decide?entity=ilse-harker").text
    client.post(
        "/decide", data={"token": token(page), "entity": "ilse-harker", "what": "rename", "name": "Ilse B. Harker"}
    )
    assert client.get("/api/entity/ilse-harker").json()["name"] == "Ilse B. Harker"


def test_a_shelf_holds_and_exports_no_more_of_a_cable_than_its_reader_sees(archive: Path, tmp_path: Path) -> None:
    own = copied(archive, tmp_path)
    low, high = reader(own, "low"), reader(own, "high")
    for client in (low, high):
        page = client.get("/cable/09LIMA12").text
        client.post("/cable/09LIMA12/star", data={"star": "1", "token": token(page)})
        client.post("/cable/09LIMA12/note", data={"text": "look here", "unit": "3", "token": token(page)})
    kept = ["/shelf", "/api/shelf", *(f"/shelf/export/{kind}" for kind in ("jsonl", "csv", "bibtex"))]
    for where in kept:
        assert "09LIMA12" in low.get(where).text, where
        for client in (low, high):
            assert PROTECTED not in client.get(where).text, where
        assert told(low.get(where).text, where) == [], where
    for client, knows in ((low, False), (high, True)):
        with zipfile.ZipFile(io.BytesIO(client.get("/shelf/export/zip").content)) as packed:
            (name,) = packed.namelist()
            text = packed.read(name).decode()
        assert re.fullmatch(r"09LIMA12-\d+\.txt", name)
        assert ("Quint" in text) == knows
        assert PROTECTED not in text


@pytest.mark.parametrize("where", ["/search/export", "/api/export"])
def test_an_export_of_a_search_has_all_its_hits_and_no_more_of_them_than_its_reader_sees(
    where: str, archive: Path
) -> None:
    low, high = reader(archive, "low"), reader(archive, "high")
    for kind in ("jsonl", "csv", "bibtex"):
        assert "09LIMA12" in low.get(f"{where}/{kind}?q=lake").text, kind
        assert "09LIMA13" in high.get(f"{where}/{kind}?q=decoy").text, kind
        for asked in ("", "?q=lake", "?q=decoy", "?entity=volodar-quint", "?tag=MARR"):
            assert told(low.get(f"{where}/{kind}{asked}").text, where) == [], (kind, asked)
            assert PROTECTED not in high.get(f"{where}/{kind}{asked}").text, (kind, asked)
    with zipfile.ZipFile(io.BytesIO(high.get(f"{where}/zip").content)) as packed:
        assert packed.testzip() is None
        assert len(packed.namelist()) == len(CABLES)
    assert low.get(f"{where}/jsonl?q=decoy").text == ""
    assert low.get(f"{where}/exe?q=lake").status_code == 404
    assert low.get(f"{where}/csv?q=(").status_code == 400


def test_a_note_on_a_hidden_paragraph_cannot_be_written_or_read(archive: Path, tmp_path: Path) -> None:
    own = copied(archive, tmp_path)
    low = reader(own, "low")
    whole: Any = reader(own, "high").get("/api/cable/09LIMA12").json()
    hidden = next(mention["unit"] for mention in whole["mentions"] if "Quint" in mention["text"])
    data = {"text": "x", "unit": str(hidden), "token": token(low.get("/cable/09LIMA12").text)}
    assert low.post("/cable/09LIMA12/note", data=data).status_code == 400
    connection = open_readers(Settings(own).readers)
    connection.execute(
        "INSERT INTO notes (owner, cable, unit, label, text, at) VALUES ('low', ?, ?, '', 'from before', '2020-01-01')",
        (digest_of(own, "09LIMA12"), hidden),
    )
    connection.close()
    assert low.get("/api/shelf").json()["notes"] == []
    assert "from before" not in low.get("/cable/09LIMA12").text


def test_cookies_are_for_no_script_and_no_other_site(archive: Path) -> None:
    app = create_app(Settings(archive, login=True, hosts=None, https=True))
    client = TestClient(app, base_url="https://reader.example")
    page = client.get("/login")
    data = {"name": "low", "password": PASSWORD, "token": token(page.text)}
    answer = client.post("/login", data=data, follow_redirects=False)
    cookies = [*page.headers.get_list("set-cookie"), *answer.headers.get_list("set-cookie")]
    assert len(cookies) == 2
    for cookie in cookies:
        assert all(word in cookie.lower() for word in ("httponly", "samesite=strict", "secure")), cookie


def test_a_login_leads_to_no_other_site(archive: Path) -> None:
    elsewhere = (
        "//evil.example/",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
    )
    for after in elsewhere:
        client = TestClient(create_app(Settings(archive, login=True, hosts=None)), base_url="http://127.0.0.1")
        data = {"name": "low", "password": PASSWORD, "token": token(client.get("/login").text), "next": after}
        answer = client.post("/login", data=data, follow_redirects=False)
        assert answer.status_code == 303
        assert re.match(r"/(?![\s\\/]|%09|%5C)", answer.headers["location"]), after


def test_a_session_ends_with_a_new_password_or_at_the_logout(archive: Path, tmp_path: Path) -> None:
    own = copied(archive, tmp_path)
    client = reader(own, "low")
    assert client.get("/archive", follow_redirects=False).status_code == 200
    connection = open_readers(Settings(own).readers)
    add_user(connection, User("low", Clearance("UNCLASSIFIED", frozenset())), PASSWORD)
    connection.close()
    assert client.get("/archive", follow_redirects=False).status_code == 303
    client = reader(own, "low")
    client.post("/logout", data={"token": token(client.get("/").text)})
    assert client.get("/archive", follow_redirects=False).status_code == 303


def test_a_form_that_cannot_be_read_is_refused(archive: Path) -> None:
    client = reader(archive, None)
    json = {"content-type": "application/json"}
    for content in (b"[" * 200_000, b"{", b"\xff\xfe", b'{"a": "\\ud800"}'):
        assert client.post("/decide", content=content, headers=json).status_code == 400, content[:10]
    assert client.post("/decide", content=b"a" * 300_000).status_code == 413
    data = {"token": token(client.get("/cable/09LIMA12").text), "entity": "ilse-harker", "what": "split"}
    assert client.post("/decide", data={**data, f"c{'9' * 5000}": "1"}).status_code == 400


def test_who_may_only_read_corrects_nothing(archive: Path) -> None:
    client = reader(archive, "trusted")
    page = client.get("/cable/09LIMA12").text
    assert "data-corrects" not in page
    for where in ("/cable/09LIMA12/correct", "/decide?entity=ilse-harker", "/decisions"):
        assert client.get(where).status_code == 403, where
    data = {"token": token(page), "what": "rename", "entity": "ilse-harker", "name": "X", "uid": "x"}
    for where in ("/cable/09LIMA12/correct", "/decide", "/decisions/undo"):
        assert client.post(where, data=data).status_code == 403, where
