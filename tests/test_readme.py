"""What README.md shows is what happens: its commands and its Python are run, their output compared."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from reftel.model import Cable, EditKind, Unit
from reftel.write import to_dict

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLANKS_AT_THE_END = re.compile(r"[ \t]+$", re.MULTILINE)  # the bracket layout has them, a page of Markdown should not


def _commands() -> list[tuple[str, str]]:
    """The commands of the console blocks (lines that begin with `$ reftel`) and the output shown below each."""
    found = []
    for language, text in BLOCK.findall(README):
        if language == "console":
            for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                found += [(command, output)] if command.startswith("reftel ") else []
    return found


def _run(command: str) -> str:
    """What a command prints on standard output, run in a shell at the repository's root."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        command, shell=True, cwd=ROOT, env=os.environ | {"PATH": path}, capture_output=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr.decode()
    return BLANKS_AT_THE_END.sub("", done.stdout.decode("utf-8"))


@pytest.fixture(scope="module", autouse=True)
def _no_archive_of_an_earlier_run() -> None:
    """The page builds its archive in the folder for passing files, as a reader of it would."""
    for old in Path("/tmp").glob("reftel-readme.db*"):  # the page's own word
        old.unlink()


@pytest.mark.parametrize(("command", "output"), _commands(), ids=[command for command, _ in _commands()])
def test_a_command_of_the_readme_prints_what_is_shown(command: str, output: str) -> None:
    assert doctest.OutputChecker().check_output(output, found := _run(command), doctest.ELLIPSIS), found


def test_the_readme_shows_commands() -> None:
    assert len(_commands()) >= 3


def test_the_python_of_the_readme_does_what_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    source = "\n".join(text for language, text in BLOCK.findall(README) if language == "python")
    test = doctest.DocTestParser().get_doctest(source, {}, "README.md", "README.md", 0)
    report: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE).run(
        test, out=report.append
    )
    assert result.attempted > 0
    assert result.failed == 0, "".join(report)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "examples/README.md"])
def test_a_link_of_a_page_leads_to_a_file(page: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / page).read_text("utf-8"))
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


def test_the_page_on_the_record_lists_its_keys_and_the_kinds_of_repair_and_no_others() -> None:
    page = (ROOT / "docs" / "record.md").read_text("utf-8")
    cable, kinds = page.split("## The kinds of repair")
    listed = re.findall(r"^\| (`[^|]+`) \|", cable, re.MULTILINE)
    keys = {key for cell in listed for key in re.findall(r"`(\w+)`", cell)}
    assert keys == set(to_dict(Cable()))
    assert set(re.findall(r"`([a-z-]+)`", kinds)) == set(get_args(EditKind))
    units = to_dict(Cable(units=(Unit("body", ""),)))["units"]
    assert isinstance(units, list)
    assert [key for key in units[0] if f"`{key}`" not in cable.split("## A unit")[1]] == []
