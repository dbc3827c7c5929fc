"""The commands about who is who: `reftel entity`, `resolve`, `decide`, `import-officers`, on an invented archive."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from made_archives import Made, archive_of
from reftel.cli import main
from reftel.cli.decide import decide_group
from reftel.cli.entity import entity_command
from reftel.cli.officers import import_officers_command
from reftel.cli.resolve import resolve_command
from reftel.pipeline.resolving import resolve

if TYPE_CHECKING:
    from pathlib import Path

    import click

CABLES = (
    Made("08OSLO1", "Foreign Minister [PER Karim Danesh] met [PER Petra Quill] in [LOC Oslo] on May 1."
                    " [PER Danesh] said that [LOC Iraq] was calm."),
    Made("08OSLO2", "Foreign Minister [PER Karim Danesh] said no. [ORG Tuesday] passed.", sent="2009-05-01"),
    Made("08PARIS3", "[PER Tor Danesh], a poet, left [LOC Paris].", post="Embassy Paris"),
)  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path) -> str:
    path = tmp_path / "a.db"
    connection = archive_of(CABLES, path)
    resolve(connection)
    connection.close()
    return str(path)


def run(command: click.Command, *arguments: str) -> Result:
    return CliRunner().invoke(main, [str(command.name), *arguments])


def test_an_entity_is_told_with_names_roles_company_meetings_and_statements(archive: str) -> None:
    done = run(entity_command, "-a", archive, "Karim Danesh")
    assert done.exit_code == 0
    for said in ("Karim Danesh  [PER]", "Danesh (1 in 1 cables)", "Foreign Minister (2; 2008-05-01 to 2009-05-01)",
                 "Embassy Oslo (2)",
                 "Petra Quill (1)", "meetings (1):", "Karim Danesh, Petra Quill", "statements (2):"):  # fmt: skip
        assert said in done.output


def test_the_json_has_the_same(archive: str) -> None:
    told = json.loads(run(entity_command, "-a", archive, "karim-danesh", "-f", "json").output)
    assert told["entity"]["name"] == "Karim Danesh"
    assert told["entity"]["aliases"][0] == {"name": "Karim Danesh", "mentions": 2, "cables": 2}
    assert told["entity"]["first"] == "2008-05-01T00:00:00Z"
    assert told["candidates"][0]["key"] == "karim-danesh"


def test_a_name_of_several_lists_them_with_their_keys(archive: str) -> None:
    done = run(entity_command, "-a", archive, "Daneesh")
    assert done.exit_code == 0
    assert "This may be:" in done.output
    assert "karim-danesh" in done.output
    assert "tor-danesh" in done.output
    assert json.loads(run(entity_command, "-a", archive, "Daneesh", "-f", "json").output)["entity"] is None


def test_other_spellings_can_be_switched_off(archive: str) -> None:
    assert run(entity_command, "-a", archive, "Daneesh", "--exact").exit_code == 1


def test_a_name_that_nothing_has_is_one_line_and_exit_code_1(archive: str) -> None:
    done = run(entity_command, "-a", archive, "Nobody Atall")
    assert done.exit_code == 1
    assert done.output.count("\n") == 1


def test_an_archive_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    for command in (entity_command, resolve_command):
        done = run(command, "-a", str(tmp_path / "no.db"), *(["X"] if command is entity_command else []))
        assert done.exit_code == 1
        assert done.output.startswith("reftel: ")


def test_resolve_says_how_many_entities_there_are(archive: str) -> None:
    assert "entities" in run(resolve_command, "-a", archive).output
    assert run(resolve_command, "-a", archive, "--touched").output.endswith("0 of them new or changed\n")


def test_a_merge_is_told_listed_and_undone(archive: str) -> None:
    done = run(
        decide_group, "merge", "-a", archive, "karim-danesh", "tor-danesh", "--by", "anna", "--note", "a pen name"
    )
    assert done.exit_code == 0
    listed = run(decide_group, "list", "-a", archive).output
    assert "anna  karim-danesh is tor-danesh" in listed
    assert json.loads(run(entity_command, "-a", archive, "tor-danesh", "-f", "json").output)["entity"]["cables"] == 3
    assert run(decide_group, "undo", "-a", archive, listed.split()[0]).exit_code == 0
    assert json.loads(run(entity_command, "-a", archive, "karim-danesh", "-f", "json").output)["entity"]["cables"] == 2
    assert run(decide_group, "list", "-a", archive).output == ""
    assert "undone by" in run(decide_group, "list", "-a", archive, "--undone").output


def test_a_split_takes_cables_out(archive: str) -> None:
    assert run(decide_group, "split", "-a", archive, "karim-danesh", "08OSLO2").exit_code == 0
    told = json.loads(run(entity_command, "-a", archive, "Karim Danesh", "-f", "json").output)
    assert [each["cables"] for each in told["candidates"]] == [1, 1]


def test_names_are_renamed_retyped_struck_out_and_added(archive: str) -> None:
    assert run(decide_group, "rename", "-a", archive, "petra-quill", "Petra R. Quill").exit_code == 0
    assert "Petra R. Quill  [PER]" in run(entity_command, "-a", archive, "petra-quill").output
    assert run(decide_group, "retype", "-a", archive, "Tuesday", "MISC").exit_code == 0
    assert "[MISC]" in run(entity_command, "-a", archive, "Tuesday").output
    assert run(decide_group, "not-a-name", "-a", archive, "Tuesday", "--in", "08oslo2").exit_code == 0
    assert run(entity_command, "-a", archive, "Tuesday").exit_code == 1
    assert run(decide_group, "add-mention", "-a", archive, "08PARIS3", "poet", "MISC").exit_code == 0
    assert "[MISC]" in run(entity_command, "-a", archive, "poet").output


def test_decisions_travel_as_json_lines(archive: str, tmp_path: Path) -> None:
    run(decide_group, "rename", "-a", archive, "petra-quill", "Petra R. Quill", "--by", "anna")
    file = tmp_path / "d.jsonl"
    assert run(decide_group, "export", "-a", archive, str(file)).exit_code == 0
    assert json.loads(file.read_text(encoding="utf-8"))["value"] == "Petra R. Quill"
    assert run(decide_group, "import", "-a", archive, str(file)).output == "added 0, undone 0, known before 1\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("merge", "Danesh", "nobody"), "no entity is called 'nobody'"),
        (("merge", "karim-danesh", "karim-danesh"), "one entity already"),
        (("split", "petra-quill", "08OSLO1"), "in no other cable"),
        (("split", "petra-quill", "08OSLO9"), "no cable has the number 08OSLO9"),
        (("not-a-name", "Friday", "--in", "08OSLO1"), "has no mention that reads 'Friday'"),
        (("add-mention", "08OSLO1", "Friday", "PER"), "does not say 'Friday'"),
        (("undo", "zzzz"), "no one decision in force"),
    ],
)
def test_what_cannot_be_decided_is_one_line_and_changes_nothing(
    archive: str, arguments: tuple[str, ...], said: str
) -> None:
    done = run(decide_group, arguments[0], "-a", archive, *arguments[1:])
    assert done.exit_code == 1
    assert said in done.output
    assert done.output.count("\n") == 1
    assert run(decide_group, "list", "-a", archive, "--undone").output == ""


def test_a_file_that_holds_no_decisions_is_refused(archive: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("nothing\n")
    done = run(decide_group, "import", "-a", archive, str(tmp_path / "x"))
    assert done.exit_code == 1
    assert "line 1 is no decision" in done.output


def test_import_officers_refuses_what_is_no_list(archive: str, tmp_path: Path) -> None:
    done = run(import_officers_command, "-a", archive, str(tmp_path))
    assert done.exit_code == 1
    assert "holds no list of officers" in done.output
