"""Every command that knows a clearance, every export and method, tried by who may read only the open text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args

import pytest
from click.testing import CliRunner

from guarded_archives import ASKED, LOW, NAMES, garden, told
from reftel.archive import open_archive
from reftel.archive.query import QueryError
from reftel.archive.relations import Wanted
from reftel.cli import main
from reftel.errors import ReftelError
from reftel.export import FORMATS, View, cleared, export
from reftel.model import MeetingStatus
from reftel.pipeline.resolving import find_entities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return garden(tmp_path_factory.mktemp("everywhere") / "garden.db")


# The command line.

READER = ("--clearance", "UNCLASSIFIED", "--captions", "")
COMMANDS: tuple[tuple[str, ...], ...] = (
    *(("search", "--facets", "-f", form, "--excerpts", "20", asked) for form in ("json", "table") for asked in ASKED),
    *(("search", "--facets", "--entity", name) for name in NAMES),
    *(("entity", name, "-f", form) for name in NAMES for form in ("json", "table")),
    *(("entity", name, "--exact") for name in NAMES),
    *((kind, "--entity", name, "-f", form) for kind in ("meetings", "statements") for name in NAMES
      for form in ("json", "csv")),
    *((kind, "-f", form) for kind in ("meetings", "statements") for form in ("json", "csv", "table")),
    *(("show", mrn, "-f", form) for mrn in ("09LIMA23", "09LIMA24", "09LIMA26", "98VIENTIANE4022", "98VIENTIANE4021")
      for form in ("text", "json", "html", "tei")),
)  # fmt: skip


def run(archive: Path, command: tuple[str, ...], *more: str) -> Result:
    return CliRunner().invoke(main, [command[0], "-a", str(archive), *READER, *command[1:], *more])


@pytest.mark.parametrize("kind", ["search", "entity", "meetings", "statements", "show"])
def test_no_command_tells_a_secret(archive: Path, kind: str) -> None:
    for command in COMMANDS:
        if command[0] == kind:
            result = run(archive, command)
            assert result.exit_code in {0, 1, 2}, (command, result.output)
            assert not isinstance(result.exception, (KeyError, TypeError, AttributeError)), command
            assert told(result.output, " ".join(command)) == [], (command, result.output)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_no_export_has_a_secret(archive: Path, tmp_path: Path, form: str) -> None:
    place = tmp_path / f"out.{form}"
    try:
        with open_archive(archive) as opened:
            done = export(View(opened.connection, LOW), form, place)
    except ReftelError as error:
        pytest.skip(str(error))
    assert done.cables == 6
    held = "".join(contents(path) for path in ([place] if place.is_file() else sorted(place.rglob("*"))))
    assert told(held) == []


def contents(path: Path) -> str:
    if path.is_dir():
        return path.name
    if path.suffix == ".parquet":
        parquet = pytest.importorskip("pyarrow.parquet")
        return json.dumps(parquet.read_table(path).to_pylist(), default=str)
    return path.name + path.read_bytes().decode("utf-8", "replace")


# The library.


def asked_of_search(opened: Any) -> Iterator[Any]:
    for query in ASKED:
        try:
            yield query, opened.search(query, clearance=LOW, with_facets=True, excerpts=20)
        except QueryError as error:
            yield query, (str(error), error.remedy)


def asked_of_relations(opened: Any) -> Iterator[Any]:
    for entity in (None, *NAMES):
        for ask in (opened.meetings, opened.statements):
            try:
                yield str(entity), list(ask(Wanted(entity), clearance=LOW))
            except ReftelError as error:
                yield str(entity), str(error)
    yield "", list(opened.meetings(clearance=LOW, statuses=frozenset(get_args(MeetingStatus))))


def asked_of_portraits(opened: Any) -> Iterator[Any]:
    for number in range(1, 40):
        yield "", opened.portrait(number, clearance=LOW)
    for name in NAMES:
        yield name, find_entities(opened.connection, name, clearance=LOW)


def asked_of_lists(opened: Any) -> Iterator[Any]:
    for name in NAMES:
        yield name, opened.entities(name, clearance=LOW)
        yield name, opened.cable_ids(name, clearance=LOW)
    for number in range(1, 9):
        yield "", opened.versions(number, clearance=LOW)
        yield "", cleared(opened.cable(number), LOW) if number != 2 else None  # its header is kept


@pytest.mark.parametrize("ask", [asked_of_search, asked_of_relations, asked_of_portraits, asked_of_lists])
def test_no_method_of_the_library_tells_a_secret(archive: Path, ask: Callable[[Any], Iterator[Any]]) -> None:
    with open_archive(archive) as opened:
        for asked, answer in ask(opened):
            assert told(repr(answer), asked) == [], asked


def test_the_open_text_is_all_there(archive: Path) -> None:
    with open_archive(archive) as opened:
        assert opened.search("harbor", clearance=LOW).total == 1
        (quint,) = find_entities(opened.connection, "Quint", clearance=LOW)
        seen: Any = opened.portrait(quint.id, clearance=LOW)
        assert (seen.name, seen.key, seen.cables) == ("Quint", f"~{quint.id}", 2)
        assert [row.participants[0].name for row in opened.meetings(clearance=LOW)] == ["Quint", "Ilse Harker"]
        whole: Any = opened.portrait(quint.id)
        assert whole.name == "Volodar Quint"
        assert opened.entities("Volodar Quint")[0].key == "volodar-quint"
        assert len(opened.cable_ids("09LIMA26")) == 2
        assert len(opened.cable_ids("09LIMA26", clearance=LOW)) == 1
