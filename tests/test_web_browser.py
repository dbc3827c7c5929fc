"""The reader in a real browser: from a search to a cable to a name and back, a correction, the shelf, a login."""

from __future__ import annotations

import os
import shutil
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from reftel.archive import Clearance, open_archive
from reftel.pipeline import build
from reftel.web.app import create_app
from reftel.web.readers import open_readers
from reftel.web.settings import Settings
from reftel.web.users import User, add_user

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

sync_api = pytest.importorskip("playwright.sync_api", reason="needs the extra: pip install 'reftel[browser]'")
BROWSER = os.environ.get("REFTEL_BROWSER") or next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "a long enough password"  # of a test
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed; set REFTEL_BROWSER to one")


@pytest.fixture(scope="module")
def archive(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("browser") / "examples.db"
    with open_archive(path, create=True) as opened:
        build([str(examples)], opened)
    connection = open_readers(Settings(path).readers)
    add_user(connection, User("low", Clearance("UNCLASSIFIED", frozenset())), PASSWORD)
    connection.close()
    return path


def served(settings: Settings) -> Iterator[str]:
    """The reader on a port of its own, as long as it is used."""
    server = uvicorn.Server(uvicorn.Config(create_app(settings), host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def reader(archive: Path) -> Iterator[str]:
    yield from served(Settings(archive))


@pytest.fixture(scope="module")
def guarded(archive: Path) -> Iterator[str]:
    yield from served(Settings(archive, login=True, hosts=None))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=BROWSER, args=QUIET)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page of a browser of its own; it fails where the console tells of an error, or a request leaves the server."""
    context = browser.new_context()
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("console", lambda told: wrong.append(told.text) if told.type == "error" else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("request", lambda asked: None if "//127.0.0.1" in asked.url else wrong.append(asked.url))
    yield opened
    context.close()
    assert wrong == []


def test_from_a_search_to_a_cable_to_a_name_and_back(page: Any, reader: str) -> None:
    page.goto(reader)
    page.fill("input[name=q]", "ballast")
    page.press("input[name=q]", "Enter")
    page.click(".hit h2 a")
    assert page.url.startswith(f"{reader}/cable/09MEXICO2871")
    page.click(".rail .names a")
    assert "/entity/" in page.url
    page.go_back()
    page.go_back()
    assert page.locator("mark").first.inner_text().casefold() == "ballast"


def test_a_correction_changes_the_search_and_can_be_undone(page: Any, reader: str) -> None:
    counted = f"{reader}/search?q=entity%3A%22World+Bank%22"
    page.goto(counted)
    before = page.locator(".hit").count()
    assert before > 0
    page.goto(f"{reader}/entities?type=ORG&q=World+Bank")
    page.click("text=World Bank")
    entity = page.url
    page.click("text=Merge, split or rename")
    page.fill("input[name=name]", "Bank of the World")
    page.click("button[value=rename]")
    assert "Bank of the World" in page.inner_text("main")
    page.goto(entity)
    assert page.inner_text("h1") == "Bank of the World"
    page.goto(f"{reader}/decisions")
    page.click("button:has-text('undo')")
    page.wait_for_selector("text=undone by")
    page.goto(counted)
    assert page.locator(".hit").count() == before


def test_a_facet_a_page_and_a_filter_change_a_part_of_the_page_and_the_address(page: Any, reader: str) -> None:
    page.goto(f"{reader}/search")
    page.evaluate("window.kept = true")
    page.click(".facets ul a >> nth=0")
    page.wait_for_selector(".chip")
    assert "post=" in page.url
    page.fill("#asked input[name=q]", "ballast")
    page.press("#asked input[name=q]", "Enter")
    page.wait_for_url("**/search?q=ballast&post=*")
    assert page.evaluate("window.kept") is True
    page.go_back()
    page.wait_for_selector(".chip")
    assert "ballast" not in page.url
    page.goto(f"{reader}/meetings")
    page.evaluate("window.kept = true")
    page.fill("input[name=from]", "1900")
    page.click("button:has-text('Show')")
    page.wait_for_url("**from=1900*")
    assert page.input_value("input[name=from]") == "1900"
    assert page.evaluate("window.kept") is True


def test_years_are_chosen_by_a_press_and_by_a_draw_over_the_histogram(page: Any, reader: str) -> None:
    page.goto(f"{reader}/search")
    bars = page.locator(".histogram a")
    year = bars.last.get_attribute("data-year")
    bars.last.click()
    page.wait_for_url(f"**from={year}&to={year}")
    page.wait_for_selector(".histogram .selection:visible")
    page.goto(f"{reader}/search")
    box = page.locator(".histogram svg").bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 30, steps=5)
    page.mouse.up()
    first = bars.first.get_attribute("data-year")
    page.wait_for_url(f"**from={first}&to={year}")


def test_a_node_of_the_network_can_be_drawn_elsewhere_and_the_whole_enlarged(page: Any, reader: str) -> None:
    page.goto(f"{reader}/entity/org:IBRD")
    circle = page.locator(".network [data-node='1'] circle")
    page.evaluate("document.documentElement.style.scrollBehavior = 'auto'")  # a place is told where nothing moves
    circle.hover()
    box = circle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.down()
    page.mouse.move(x + 60, y + 20, steps=5)
    page.mouse.up()
    assert "/entity/org:IBRD" in page.url
    assert abs(circle.bounding_box()["x"] - box["x"]) > 20
    page.click("[data-zoom='1.5']")
    assert "scale(1.5)" in page.locator(".network .view").get_attribute("transform")
    page.click("#with .tabs a:has-text('Places')")
    page.wait_for_selector(".network.alive .LOC")
    page.locator(".network [data-node='1']").press("Enter")
    page.wait_for_url(lambda url: "/entity/org:IBRD" not in url)


def test_a_name_is_struck_out_in_place(page: Any, reader: str) -> None:
    page.goto(f"{reader}/cable/10BERN77")
    page.evaluate("window.kept = true")
    names = page.locator(".body .n")
    before = names.count()
    names.first.hover()
    page.click(".who button:has-text('correct')")
    page.click("dialog button:has-text('Not a name')")
    page.wait_for_selector("dialog", state="hidden")
    assert names.count() == before - 1
    assert page.evaluate("window.kept") is True
    names.first.hover()
    page.wait_for_selector(".who")
    page.goto(f"{reader}/decisions")
    page.click("button:has-text('undo') >> nth=0")
    page.wait_for_selector("tbody tr:first-child:has-text('undone by')")
    page.goto(f"{reader}/cable/10BERN77")
    assert names.count() == before


def test_no_page_is_heavier_than_300_kilobytes_with_scripts_and_fonts(browser: Any, reader: str) -> None:
    for where in ("/", "/search", "/cable/10BERN77", "/entity/org:IBRD", "/meetings", "/statements", "/decisions"):
        context = browser.new_context()
        opened = context.new_page()
        talk = context.new_cdp_session(opened)
        sizes: list[float] = []
        talk.on("Network.loadingFinished", lambda told, sizes=sizes: sizes.append(told["encodedDataLength"]))
        talk.send("Network.enable")
        opened.goto(reader + where, wait_until="networkidle")
        context.close()
        assert 20_000 < sum(sizes) < 300_000, where


def test_the_other_one_of_a_merge_is_chosen_while_typing_a_name(page: Any, reader: str) -> None:
    page.goto(f"{reader}/decide?entity=org:IBRD")
    page.locator("[data-candidates]").press_sequentially("Bakh")
    page.wait_for_selector("#found input[type=radio]")
    page.locator("[data-candidates]").press_sequentially("rom")
    page.check("#found label:has-text('Bakhrom Sulaimonov') input")
    page.press("[data-candidates]", "Enter")
    page.wait_for_timeout(300)
    assert "/decide?entity=org:IBRD" in page.url
    assert page.locator("#found input:checked").count() == 1
    assert "Person" in page.inner_text("#found")
    page.click("button[value=merge]")
    assert "World Bank is Bakhrom Sulaimonov" in page.inner_text("main")
    page.click("button:has-text('undo')")
    page.wait_for_selector("text=undone by")
    page.goto(f"{reader}/entity/bakhrom-sulaimonov")
    assert page.inner_text("h1") == "Bakhrom Sulaimonov"


def test_a_starred_cable_stands_on_the_shelf(page: Any, reader: str) -> None:
    page.goto(f"{reader}/cable/10BERN77")
    page.click("button:has-text('Star')")
    page.wait_for_timeout(300)
    page.goto(f"{reader}/shelf")
    assert "10BERN77" in page.inner_text("main")


def test_a_reader_logs_in_and_sees_what_the_clearance_allows(page: Any, guarded: str) -> None:
    page.goto(f"{guarded}/search?q=pencil")
    assert "/login" in page.url
    page.fill("input[name=name]", "low")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button")
    assert page.url == f"{guarded}/search?q=pencil"
    assert page.locator(".hit").count() == 0


def test_a_session_that_ended_leads_to_the_login_and_not_to_an_empty_page(page: Any, guarded: str) -> None:
    page.goto(f"{guarded}/login?next=/search")
    page.fill("input[name=name]", "low")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/search")
    page.context.clear_cookies()
    page.click(".sorts a:has-text('oldest')")
    page.wait_for_url("**/login?next=*")
    assert page.locator("input[name=password]").count() == 1


def test_every_page_can_be_read_on_a_phone_and_without_scripts(browser: Any, reader: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, java_script_enabled=False)
    opened = context.new_page()
    for where, words in {
        "/search?q=ballast": "MEXICO",
        "/cable/10BERN77": "Rochat",
        "/entities": "Names",
        "/decide?entity=org:IBRD&q=Bakh": "Sulaimonov",
    }.items():
        opened.goto(reader + where)
        assert words.casefold() in opened.inner_text("main").casefold(), where
    context.close()
