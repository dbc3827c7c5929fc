"""axe finds nothing to mend on any kind of page, in light and dark, wide and narrow."""

from __future__ import annotations

import os
import shutil
import threading
import time
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("starlette", reason="needs the extra: pip install 'reftel[web]'")
import uvicorn

from reftel.archive import open_archive
from reftel.pipeline import build
from reftel.web.app import create_app
from reftel.web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

sync_api = pytest.importorskip("playwright.sync_api", reason="needs the extra: pip install 'reftel[browser]'")
axe = pytest.importorskip("axe_playwright_python", reason="needs the extra: pip install 'reftel[browser]'")
BROWSER = os.environ.get("REFTEL_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed; set REFTEL_BROWSER to one")

PAGES = (
    "/", "/search?q=ballast", "/search?q=(", "/search?q=nothingatall", "/entities", "/entity/org:IBRD",
    "/entity/bakhrom-sulaimonov", "/meetings", "/statements", "/browse", "/browse/years", "/browse/tags",
    "/browse/signatures", "/shelf", "/archive", "/decisions", "/decide?entity=org:IBRD", "/decide?entity=org:IBRD&q=ba",
    "/help", "/api/docs", "/login",
    "/nowhere", "/cable/09MEXICO2871", "/cable/09MEXICO2871/raw", "/cable/09MEXICO2871/correct", "/cable/10BERN77",
)  # fmt: skip


@pytest.fixture(scope="module")
def reader(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("axe") / "examples.db"
    with open_archive(path, create=True) as opened:
        build([str(examples)], opened)
    app = create_app(Settings(path))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=BROWSER, args=QUIET)
        yield launched
        launched.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390)])
def test_axe_finds_no_violation(browser: Any, reader: str, scheme: str, width: int) -> None:
    # The policy of the pages forbids scripts of others, axe's own among them.
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    script = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    found = {}
    for where in PAGES:
        page.goto(reader + where)
        page.evaluate(script)
        violations = page.evaluate("axe.run()")["violations"]
        told = [
            (v["id"], n["html"][:160], n.get("failureSummary", "")[:200]) for v in violations for n in v["nodes"][:3]
        ]
        if told:
            found[where] = told
    context.close()
    assert found == {}


@pytest.mark.parametrize("where", PAGES)
def test_no_page_is_wider_than_a_phone(browser: Any, reader: str, where: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(reader + where)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()
