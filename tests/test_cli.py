"""The command line as a user meets it: output, messages, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from reftel.cli import main

if TYPE_CHECKING:
    from pathlib import Path


def reftel(*words: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(w) for w in words], input=stdin)


def test_parse_writes_one_json_object_a_cable(examples: Path) -> None:
    result = reftel("parse", examples / "cables.csv")
    assert result.exit_code == 0
    cables = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(cables) == 3
    assert all(cable["mentions"] == [] for cable in cables)


def test_annotate_writes_brackets_by_default(examples: Path) -> None:
    result = reftel("annotate", examples / "09TASHKENT1483.html")
    assert result.exit_code == 0
    assert result.stdout.startswith("<code><pre>S E C R E T")
    assert "[PER THORNBURY  ]" in result.stdout


@pytest.mark.parametrize(
    ("fmt", "begins"),
    [
        ("json", "{"),
        ("conll", "-DOCSTART-"),
        ("text", "09TASHKENT1483"),
        ("brat", "T1\t"),
        ("html", "<!doctype html>"),
        ("tei", "<?xml"),
    ],
)
def test_annotate_writes_other_formats(examples: Path, fmt: str, begins: str) -> None:
    assert reftel("annotate", "-f", fmt, examples / "09TASHKENT1483.html").stdout.startswith(begins)


def test_standard_input_is_an_input(examples: Path) -> None:
    result = reftel("parse", "-", stdin=(examples / "1975LUSAKA01874.txt").read_bytes())
    assert result.exit_code == 0
    assert json.loads(result.stdout)["post"] == "Embassy Lusaka"


def test_a_failed_input_is_one_line_and_exit_code_1_and_the_rest_is_done(examples: Path, tmp_path: Path) -> None:
    bad = tmp_path / "picture.png"
    bad.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    result = reftel("parse", bad, examples / "10BERN77.html")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["mrn"] == "10BERN77"
    assert len(result.stderr.splitlines()) == 1
    assert "picture.png" in result.stderr


@pytest.mark.parametrize(
    "words", [(), ("parse",), ("parse", "-f", "xml", "x"), ("annotate", "--workers", "0", "x"), ("frob",)]
)
def test_wrong_usage_is_exit_code_2(words: tuple[str, ...]) -> None:
    assert reftel(*words).exit_code == 2


def test_a_folder_takes_one_file_a_cable(examples: Path, tmp_path: Path) -> None:
    result = reftel("annotate", "-o", tmp_path / "out", examples / "10BERN77.html", examples / "cables.csv")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert len(list((tmp_path / "out").iterdir())) == 4
    assert (tmp_path / "out" / "10BERN77.txt").read_text(encoding="utf-8").startswith("<code><pre>")


def test_a_format_that_needs_a_second_file_writes_it_beside_the_first(examples: Path, tmp_path: Path) -> None:
    reftel("annotate", "-f", "brat", "-o", tmp_path, examples / "10BERN77.html")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["10BERN77.ann", "10BERN77.txt"]
    text = (tmp_path / "10BERN77.txt").read_text(encoding="utf-8")
    first = (tmp_path / "10BERN77.ann").read_text(encoding="utf-8").splitlines()[0].split("\t")
    start, end = map(int, first[1].split()[1:])
    assert text[start:end] == first[2]


def test_a_name_that_comes_twice_gets_two_files(examples: Path, tmp_path: Path) -> None:
    page = examples / "10BERN77.html"
    reftel("parse", "-o", tmp_path, page, page)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["10BERN77-2.json", "10BERN77.json"]


def test_protected_names_are_masked_where_they_are_displayed_and_on_request(tmp_path: Path) -> None:
    cable = tmp_path / "10BERN9.txt"
    cable.write_text("¶1. (C) Notary Emil Rupf (strictly protect) called. Rupf was calm.\n", encoding="utf-8")
    assert "Rupf" not in reftel("parse", "-f", "text", cable).stdout
    assert "Rupf" in reftel("parse", "-f", "text", "--protected", "show", cable).stdout
    assert "Rupf" not in reftel("parse", "--protected", "mask", cable).stdout
    shown = json.loads(reftel("parse", cable).stdout)
    assert [shown["units"][0]["text"][s["start"] : s["end"]] for s in shown["protected"]][-1] == "Rupf"


def test_a_model_folder_without_a_model_is_one_line(examples: Path, tmp_path: Path) -> None:
    result = reftel("annotate", "--model", tmp_path, examples / "10BERN77.html")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


def test_a_closed_pipe_is_no_failure(examples: Path) -> None:
    command = f"{sys.executable} -m reftel.cli parse {examples} {examples} {examples} {examples} | head -c 10"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, check=False)  # any bash
    assert done.returncode == 0
    assert done.stderr == b""


def test_help_names_the_commands() -> None:
    assert "annotate" in reftel("--help").stdout
