"""How right a tagger is on files in which every name was marked by hand."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from reftel.cli import main
from reftel.evaluate import Count, GoldFile, Scores, evaluate, read_gold, table, to_json
from reftel.model import RawMention
from reftel.tag import Span, load_tagger

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from reftel.errors import InputError

GOLD = """# SUBJECT
[LOC:e1 TUNIS] TALKS
# PARA 1
(C) Summary: [PER:e2 Ada Quill] met [ORG Harbour Board] staff in [LOC:e1 Tunis]. Tunis was wet.
"""
CAPITALS = "# UNIT 1\nMINISTER [PER HADDAD] LEFT [LOC TUNIS] FOR [LOC SFAX].\n"


class Words:
    """A tagger for tests: every "Quill" is a person, every "Tunis" a place."""

    version = "words-1"

    def spans_many(self, cables: Iterable[Sequence[str]]) -> Iterator[list[list[Span]]]:
        for texts in cables:
            yield [[*self.found(t, "Quill"), *self.found(t, "(?i)tunis")] for t in texts]

    def found(self, text: str, word: str) -> Iterator[Span]:
        for match in re.finditer(word, text):
            yield Span(match.start(), match.end(), "PER" if word == "Quill" else "LOC", 0.5)


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    folder = tmp_path / "gold"
    folder.mkdir()
    (folder / "09TUNIS1.txt").write_text(GOLD, encoding="utf-8")
    (folder / "09TUNIS1.json").write_text("{}", encoding="utf-8")
    return folder


def read(*sources: object) -> tuple[list[GoldFile], list[InputError]]:
    failed: list[InputError] = []
    return [file for source in sources for file in read_gold(str(source), on_error=failed.append)], failed


def scored(*sources: object, upper: bool = False) -> Scores:
    return evaluate(read(*sources)[0], Words(), upper=upper)


def reftel(*words: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["evaluate", *map(str, words)], input=stdin)


def test_a_gold_file_is_its_units_with_their_text_as_it_stands(gold: Path) -> None:
    units = read(gold / "09TUNIS1.txt")[0][0].units
    assert [unit.name for unit in units] == ["SUBJECT", "PARA 1"]
    assert units[0].text == "TUNIS TALKS"
    assert units[0].mentions == (RawMention(0, 5, "LOC"),)
    assert units[1].text.startswith("(C) Summary: Ada Quill met Harbour Board")
    assert [units[1].text[m.start : m.end] for m in units[1].mentions] == ["Ada Quill", "Harbour Board", "Tunis"]


def test_a_bracket_that_is_no_mention_is_text(tmp_path: Path) -> None:
    path = tmp_path / "09TUNIS2.txt"
    path.write_text("# PARA 1\n[sic] [GPE Tunis] [PER] [LOC Tunis ] [ORG open\n", encoding="utf-8")
    unit = read(path)[0][0].units[0]
    assert unit.text == "[sic] [GPE Tunis] [PER] Tunis [ORG open"
    assert unit.mentions == (RawMention(24, 29, "LOC"),)


def test_a_unit_over_several_lines_is_one_text(tmp_path: Path) -> None:
    path = tmp_path / "09TUNIS3.txt"
    path.write_text("# PARA 1\n\nOne [LOC Tunis]\n\nTwo [LOC Sfax]\n\n# PARA 2\n# PARA 3\nThree\n", encoding="utf-8")
    units = read(path)[0][0].units
    assert [(unit.name, unit.text) for unit in units] == [("PARA 1", "One Tunis\n\nTwo Sfax"), ("PARA 3", "Three")]
    assert [units[0].text[m.start : m.end] for m in units[0].mentions] == ["Tunis", "Sfax"]


def test_a_file_in_the_bracket_layout_is_gold_too(examples: Path, tmp_path: Path) -> None:
    path = tmp_path / "09TASHKENT1483.txt"
    annotated = CliRunner().invoke(main, ["annotate", str(examples / "09TASHKENT1483.html")])
    path.write_text(annotated.stdout, encoding="utf-8")
    scores = evaluate(read(path)[0], load_tagger())
    assert scores.count().gold > 10
    assert scores.count().f1 == 1.0
    assert {"SUBJECT", "PARA 1"} <= {unit.name for unit in read(path)[0][0].units}


def test_a_mention_is_right_when_type_and_both_ends_are(gold: Path) -> None:
    scores = scored(gold)
    assert scores.count(mention_type="LOC") == Count(gold=2, found=3, right=2)
    assert scores.count(mention_type="PER") == Count(gold=1, found=1, right=0)
    assert scores.count(mention_type="ORG") == Count(gold=1, found=0, right=0)
    assert scores.count() == Count(gold=4, found=4, right=2)


def test_rates_follow_from_the_counts() -> None:
    count = Count(gold=4, found=5, right=3)
    assert (count.precision, count.recall) == (0.6, 0.75)
    assert count.f1 == pytest.approx(2 * 0.6 * 0.75 / (0.6 + 0.75))


def test_rates_of_nothing_are_zero() -> None:
    assert (Count().precision, Count().recall, Count().f1) == (0, 0, 0)


def test_errors_stand_in_the_order_of_the_text_with_what_is_around_them(gold: Path) -> None:
    errors = scored(gold).errors
    assert [(e.unit, e.kind, e.type, e.text) for e in errors] == [
        ("PARA 1", "missed", "PER", "Ada Quill"),
        ("PARA 1", "wrong", "PER", "Quill"),
        ("PARA 1", "missed", "ORG", "Harbour Board"),
        ("PARA 1", "wrong", "LOC", "Tunis"),
    ]
    assert (errors[1].before, errors[1].score) == ("(C) Summary: Ada ", 0.5)
    assert (errors[0].score, errors[3].after) == (None, " was wet.")
    assert max(len(e.before) for e in errors) == 40


def test_upper_puts_the_texts_in_capitals_and_moves_no_offset(gold: Path, tmp_path: Path) -> None:
    assert scored(gold, upper=True).count(mention_type="PER") == Count(gold=1, found=0, right=0)
    assert scored(gold, upper=True).count(mention_type="LOC") == Count(gold=2, found=3, right=2)
    (tmp_path / "09BERN1.txt").write_text("# PARA 1\nDie Straße nach [LOC Tunis].\n", encoding="utf-8")
    assert scored(tmp_path / "09BERN1.txt", upper=True).count() == Count(gold=1, found=1, right=1)


def test_letter_cases_are_told_apart_where_both_occur(gold: Path) -> None:
    assert "\nmixed" not in table(scored(gold))
    (gold / "1975TUNIS00001.txt").write_text(CAPITALS, encoding="utf-8")
    scores = scored(gold)
    assert scores.files == {"mixed": 1, "capitals": 1}
    assert scores.count(letter_case="capitals") == Count(gold=3, found=1, right=1)
    assert [line.split()[0] for line in table(scores).splitlines()[-2:]] == ["mixed", "capitals"]


def test_the_table_has_a_row_a_type_and_one_for_all(gold: Path) -> None:
    lines = table(scored(gold)).splitlines()
    assert lines[0] == "1 cable, tagged by words-1"
    assert [line.split()[0] for line in lines[2:]] == ["PER", "LOC", "ORG", "MISC", "all"]
    assert lines[-1].split() == ["all", "4", "4", "2", "0.5000", "0.5000", "0.5000"]


def test_the_table_lists_errors_on_request(gold: Path) -> None:
    line = table(scored(gold), errors=True).splitlines()[-2]
    assert line.split("\t")[1:4] == ["PARA 1", "missed", "ORG"]
    assert line.endswith("(C) Summary: Ada Quill met [[Harbour Board]] staff in Tunis. Tunis was wet.")


def test_json_has_the_same_numbers(gold: Path) -> None:
    made = json.loads(to_json(scored(gold)))
    assert made["all"] == {"gold": 4, "found": 4, "right": 2, "precision": 0.5, "recall": 0.5, "f1": 0.5}
    assert list(made["types"]) == ["PER", "LOC", "ORG", "MISC"]
    assert made["cases"]["mixed"]["cables"] == 1
    assert "errors" not in made
    assert len(json.loads(to_json(scored(gold), errors=True))["errors"]) == 4


def test_of_a_folder_and_of_an_archive_the_text_files_are_read(gold: Path, tmp_path: Path) -> None:
    packed = tmp_path / "gold.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in gold.iterdir():
            archive.write(path, path.name)
    files, failed = read(gold, packed)
    assert [file.name.rpartition("/")[2] for file in files] == ["09TUNIS1.txt", "gold.zip!09TUNIS1.txt"]
    assert failed == []


def test_a_folder_without_a_text_file_is_an_error(gold: Path) -> None:
    (gold / "09TUNIS1.txt").unlink()
    assert [error.where for error in read(gold)[1]] == [str(gold)]


@pytest.mark.parametrize(
    "content", [b"# PARA 1\nNo name here.\n", b"FM AMEMBASSY TUNIS\nTO SECSTATE\n\n1. Rain.\n", b"", b"\x89PNG" * 99]
)
def test_a_file_without_a_mention_is_one_error_and_the_rest_is_done(gold: Path, content: bytes) -> None:
    (gold / "09TUNIS0.txt").write_bytes(content)
    result = reftel(gold)
    assert result.exit_code == 1
    assert result.stdout.startswith("1 cable, ")
    assert len(result.stderr.splitlines()) == 1
    assert "09TUNIS0.txt" in result.stderr


def test_where_nothing_could_be_read_nothing_is_printed(tmp_path: Path) -> None:
    result = reftel(tmp_path / "none.txt")
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 1


def test_the_command_takes_standard_input_and_writes_json() -> None:
    result = reftel("-f", "json", "--errors", "--upper", "-", stdin=GOLD)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["upper"] is True


def test_a_model_folder_without_a_model_is_one_line(gold: Path, tmp_path: Path) -> None:
    result = reftel("--model", tmp_path, gold)
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", [(), ("-f", "brackets", "x"), ("--model", "nowhere", "x")])
def test_wrong_usage_is_exit_code_2(words: tuple[str, ...]) -> None:
    assert reftel(*words).exit_code == 2


def test_the_scorer_of_the_gold_gives_the_same_figures(shared: Path, tmp_path: Path) -> None:
    folder = shared / "gold" / "caps-dev"
    files, tagger = read(folder)[0], load_tagger()
    pairs: list[str] = []
    for number, (file, spans) in enumerate(zip(files, tagger.spans_many(_texts(files)), strict=True)):
        lines = [_bracketed(unit.text, own) for unit, own in zip(file.units, spans, strict=True)]
        (tmp_path / f"{number}.txt").write_text("\n".join(lines), encoding="utf-8")
        pairs += [file.name, str(tmp_path / f"{number}.txt")]
    scorer = [sys.executable, str(shared / "tools" / "score_mentions.py"), *pairs]
    printed = subprocess.run(scorer, capture_output=True, text=True, check=True).stdout
    count = evaluate(files, tagger).count()
    rates = f"P {count.precision:.4f} R {count.recall:.4f} F1 {count.f1:.4f}  (gold {count.gold})"
    assert printed.split("ALL")[1].strip() == rates


def _texts(files: list[GoldFile]) -> Iterator[list[str]]:
    return ([unit.text for unit in file.units] for file in files)


def _bracketed(text: str, spans: list[Span]) -> str:
    for span in reversed(spans):
        text = f"{text[: span.start]}[{span.type} {text[span.start : span.end]}]{text[span.end :]}"
    return text
