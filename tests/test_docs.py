"""The pages that are made from code are what the code says, and what they tell users to do works."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reftel.archive import open_archive
from reftel.pipeline import build

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reftel.archive import Archive

DOCS = Path(__file__).resolve().parent.parent / "docs"


def script(name: str) -> Any:
    """A script of the folder docs as a module."""
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def archive(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with open_archive(tmp_path_factory.mktemp("docs") / "a.db", create=True) as opened:
        build([str(examples)], opened)
        yield opened


def test_the_reference_of_the_commands_is_their_help() -> None:
    module = script("make_cli")
    assert module.PLACE.read_text(encoding="utf-8") == module.reference(), "run: python docs/make_cli.py"


def test_the_page_on_the_archive_is_what_the_schema_says() -> None:
    module = script("make_archive")
    assert module.PLACE.read_text(encoding="utf-8") == module.page(), "run: python docs/make_archive.py"


def test_every_table_of_an_archive_is_on_the_page(archive: Archive) -> None:
    shown = {name for name, _, _ in script("make_archive").tables()}
    real = {
        row[0]
        for row in archive.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not row[0].startswith(("sqlite_", "words_"))
    }
    assert shown == real


@pytest.mark.parametrize(("title", "query"), script("make_archive").queries())
def test_each_query_of_the_page_finds_something(archive: Archive, title: str, query: str) -> None:
    assert archive.connection.execute(query).fetchall(), title


def test_there_are_ten_queries() -> None:
    assert len(script("make_archive").queries()) == 10
