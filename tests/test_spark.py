"""`reftel build --engine spark`: the same rows as the local engine's, whatever happens in between."""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from reftel.archive import open_archive
from reftel.archive.fingerprints import content_hash
from reftel.cli import main
from reftel.export.layout import tables
from reftel.parse import parse
from reftel.pipeline import build as build_locally
from reftel.pipeline import stages
from reftel.read import read
from reftel.spark import naming

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reftel.model import Cable

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "scale.md"
# What one engine cannot say as the other does: times, and what rests on other cables.
_OTHER = {"provenance": {"added"}, "cables": {"linked_by"}, "failures": {"at"}}
_ACROSS = {"versions", "decisions"}
Rows = dict[str, list[str]]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A session on this machine, which every build of this module finds."""
    for name in ("pyarrow", "pandas", "pyspark"):
        pytest.importorskip(name, reason="needs the extra: pip install 'reftel[spark]'")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Spark needs Java 17")
    sql = pytest.importorskip("pyspark.sql")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = sql.SparkSession.builder.master("local[2,4]").config("spark.ui.enabled", "false")
    own = {
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": "2",
    }
    for name, value in own.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("FATAL")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def made(spark: Any, examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert spark.version
    folder = tmp_path_factory.mktemp("spark") / "out"
    assert run(str(examples), "-a", str(folder)) == "added 18, skipped 0, failed 0\n"
    return folder


@pytest.fixture(scope="module")
def archive(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("local") / "a.db"
    with open_archive(path, create=True) as opened:
        build_locally([str(examples)], opened)
    return path


@pytest.fixture(scope="module")
def exported(spark: Any, archive: Path) -> Path:
    assert spark.version
    folder = archive.with_name("parquet")
    command = ["export", "-a", str(archive), "-f", "parquet", "--protected", "show", "-o", str(folder)]
    assert CliRunner().invoke(main, command).exit_code == 0
    return folder


def run(*arguments: str) -> str:
    done = CliRunner().invoke(main, ["build", "--engine", "spark", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def failing(*arguments: str) -> str:
    """What a build says on standard error that ends with code 1."""
    done = CliRunner().invoke(main, ["build", "--engine", "spark", *arguments])
    assert done.exit_code == 1, done.output
    return done.stderr


def rows(folder: Path, *, without: dict[str, set[str]] | None = None) -> Rows:
    """Every row of every table as JSON, with its year, in order."""
    pq = pytest.importorskip("pyarrow.parquet")
    found: Rows = {}
    for table in tables():
        held = []
        for part in (folder / table).rglob("part-*.parquet"):
            for row in pq.ParquetFile(part).read().to_pylist():
                kept = {name: cell for name, cell in row.items() if name not in (without or {}).get(table, ())}
                held.append(json.dumps([part.parent.name if "=" in part.parent.name else "", kept]))
        found[table] = sorted(held)
    return found


def test_local_and_spark_give_the_same_rows(made: Path, exported: Path) -> None:
    spark, local = rows(made, without=_OTHER), rows(exported, without=_OTHER)
    for table in set(tables()) - _ACROSS:
        assert spark[table] == local[table], table
    assert sum(map(len, spark.values())) > 1000
    assert {table for table in tables() if not spark[table]} <= {*_ACROSS, "failures", "doubts", "protected"}


def test_the_output_has_the_layout_of_an_export(made: Path, exported: Path) -> None:
    def layout(folder: Path) -> set[str]:
        of_tables = set(tables()) - {"entities", "aliases", "roles", "versions"}
        return {str(each.parent.relative_to(folder)) for table in of_tables for each in (folder / table).rglob("*.*")}

    assert layout(made) == layout(exported)
    assert (made / "_SUCCESS").is_file()
    assert {each.name for each in made.iterdir()} == {*tables(), "_reftel", "_SUCCESS"}


def test_an_archive_loaded_from_it_is_the_one_that_is_built(made: Path, archive: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["load", str(made), "-a", str(tmp_path / "b.db")])
    assert done.stdout == "added 18, skipped 0, failed 0\n", done.output
    query = "SELECT name, type, cables, mentions FROM entities ORDER BY name, type, cables, mentions"
    with open_archive(archive) as before, open_archive(tmp_path / "b.db") as after:
        found = [list(map(tuple, each.connection.execute(query))) for each in (before, after)]
        assert found[0] == found[1]
        assert list(after.check()) == []


def test_running_again_changes_nothing(made: Path, examples: Path) -> None:
    before = rows(made)
    assert run(str(examples), "-a", str(made)) == "added 0, skipped 18, failed 0\n"
    assert rows(made) == before


def test_who_is_who_is_derived_anew_to_the_same_keys(made: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "out")
    command = ["resolve", "--engine", "spark", "-a", str(tmp_path / "out")]
    done = CliRunner().invoke(main, command)
    assert done.stdout == f"{len(rows(made)['entities']):,} entities\n", done.output
    assert rows(tmp_path / "out") == rows(made)
    assert "--touched is for the local engine" in CliRunner().invoke(main, [*command, "--touched"]).output


@pytest.mark.usefixtures("spark")
def test_a_folder_without_cables_has_nobody_to_tell_apart(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["resolve", "--engine", "spark", "-a", str(tmp_path / "none")])
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert "holds no cables; `reftel build --engine spark INPUT... -a" in done.stderr


def test_what_is_new_is_added_and_a_copy_only_tells_where_it_is(made: Path, examples: Path, tmp_path: Path) -> None:
    first = sorted(examples.iterdir())[3:6]
    (tmp_path / "copies").mkdir()
    shutil.copy(first[0], tmp_path / "copies" / "once-more.html")
    assert run(*map(str, first), "-a", str(tmp_path / "out")) == "added 3, skipped 0, failed 0\n"
    added = run(str(examples), str(tmp_path / "copies"), "-a", str(tmp_path / "out"))
    assert added == "added 15, skipped 4, failed 0\n"
    grown, whole = rows(tmp_path / "out", without=_OTHER), rows(made, without=_OTHER)
    assert len(grown["provenance"]) == len(whole["provenance"]) + 1
    assert {**grown, "provenance": []} == {**whole, "provenance": []}


def test_files_that_spark_brings_are_read_as_those_that_the_worker_opens(
    made: Path, examples: Path, tmp_path: Path
) -> None:
    assert run(f"file://{examples}", "-a", str(tmp_path / "out")) == "added 18, skipped 0, failed 0\n"
    source = {**_OTHER, "provenance": {"added", "source"}, "raw_cables": {"source"}}
    assert rows(tmp_path / "out", without=source) == rows(made, without=source)


# The driver and its Java are killed when the first runs are committed; workers live on for a moment, as on a cluster.
_SLICED = """
import sys
import reftel.spark
from reftel.pipeline import Plan
room = sys.modules["reftel.spark.build"]
room.RUN, room._SMALLEST, room._WAVES = 2, 2, 9
room.build([sys.argv[1]], sys.argv[2], Plan(workers=1))
"""


def test_a_build_whose_driver_is_killed_goes_on_to_the_same_rows(made: Path, examples: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    command = [sys.executable, "-c", _SLICED, str(examples), str(folder)]
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None and len(list(folder.glob("_reftel/*.json"))) < 3:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert len(list(folder.glob("_reftel/*.json"))) >= 3
    assert not (folder / "_SUCCESS").exists()
    added, skipped = map(int, re.findall(r"\d+", run(str(examples), "-a", str(folder)))[:2])
    assert added < 18
    assert added + skipped == 18
    assert rows(folder, without=_OTHER) == rows(made, without=_OTHER)


def test_a_build_whose_worker_is_killed_comes_to_the_same_rows(made: Path, examples: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    process = subprocess.Popen([sys.executable, "-c", _SLICED, str(examples), str(folder)], stderr=subprocess.DEVNULL)
    killed: set[int] = set()
    while process.poll() is None and not killed:
        if list(folder.glob("_reftel/*.json")):
            killed = python_workers(process.pid)
        for number in killed:
            os.kill(number, signal.SIGKILL)
        time.sleep(0.02)
    assert process.wait() == 0
    assert killed
    assert rows(folder, without=_OTHER) == rows(made, without=_OTHER)


def python_workers(driver: int) -> set[int]:
    """The processes that Spark's Python daemon has started for a driver."""
    parents, daemons = {}, set()
    for each in Path("/proc").glob("[0-9]*"):
        try:
            told = (each / "cmdline").read_bytes().split(b"\0"), (each / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        parents[int(each.name)] = int(told[1][1])
        daemons |= {int(each.name)} if b"pyspark.daemon" in told[0] else set()
    return {number for number in daemons if parents[number] in daemons and driver in ancestors(number, parents)}


def ancestors(number: int, parents: dict[int, int]) -> Iterator[int]:
    while number := parents.get(number, 0):
        yield number


def test_what_a_killed_task_left_does_not_count(made: Path, examples: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "out")
    part = next((tmp_path / "out" / "mentions").rglob("part-*"))
    shutil.copy(part, part.with_name("part-" + "0" * 32 + ".parquet"))
    (part.with_name(part.name + ".1f.new")).write_bytes(b"PAR1")
    note = max((tmp_path / "out" / "_reftel").glob("*[0-9a-f].json"), key=lambda each: each.stat().st_size)
    told = json.loads(note.read_bytes())
    note.with_name("f" * 32 + ".json").write_text(json.dumps(told))  # the same cables once more
    run(str(examples), "-a", str(tmp_path / "out"))
    assert rows(tmp_path / "out") == rows(made)


def test_a_part_that_is_gone_is_made_again(made: Path, examples: Path, tmp_path: Path) -> None:
    shutil.copytree(made, tmp_path / "out")
    next((tmp_path / "out" / "mentions").rglob("part-*")).unlink()
    run(str(examples), "-a", str(tmp_path / "out"))
    assert rows(tmp_path / "out", without=_OTHER) == rows(made, without=_OTHER)


# What fails


def parsed_rows(examples: Path) -> list[dict[str, Any]]:
    raws = [raw for name in ("10BERN77.html", "07RIGA412.html") for raw in read(examples / name)]
    return [
        {
            "content_hash": content_hash(raw),
            "year": 2007,
            "file": 0,
            "number": 0,
            "source": raw.source,
            "reader": raw.reader,
            "cable": pickle.dumps(parse(raw)),
            "is_in": False,
        }
        for raw in raws
    ]


def test_a_cable_at_fault_is_a_failure_and_the_others_are_done(
    examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pa = pytest.importorskip("pyarrow", reason="needs the extra: pip install 'reftel[spark]'")
    pytest.importorskip("pyspark", reason="needs the extra: pip install 'reftel[spark]'")
    understand = stages.understand

    def faulty(cable: Cable) -> Cable:
        if cable.mrn == "10BERN77":
            raise ZeroDivisionError("by a fault of ours")
        return understand(cable)

    monkeypatch.setattr(stages, "understand", faulty)
    task = naming.Task(str(tmp_path / "out"), "model 1")
    (done,) = naming.name_cables(iter([pa.RecordBatch.from_pylist(parsed_rows(examples))]), task=task)
    (failure,) = json.loads(done.to_pylist()[0]["failures"])
    assert failure["source"].endswith("10BERN77.html")
    assert "by a fault of ours" in failure["reason"]
    found = rows(tmp_path / "out")
    assert len(found["cables"]) == 2
    assert ['"tagged_by": null' in row for row in found["cables"]].count(True) == 1
    assert found["mentions"]


# Every process of Python, Spark's among them, that works on this one cable is gone at once.
_DEADLY = """
import os
from reftel.pipeline import stages
understand = stages.understand
stages.understand = lambda cable: os._exit(9) if cable.mrn == "10BERN77" else understand(cable)
"""


@pytest.mark.usefixtures("spark")
def test_a_cable_that_kills_its_process_is_one_clear_line(examples: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(_DEADLY)
    pages = [str(examples / name) for name in ("07RIGA412.html", "10BERN77.html", "06MANAMA1633.html")]
    command = [sys.executable, "-m", "reftel.cli", "build", "--engine", "spark", *pages, "--workers", "1", "-a"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [*command, str(tmp_path / "out")], capture_output=True, text=True, check=False, env=environment
    )
    assert (done.returncode, done.stdout) == (1, "added 3, skipped 0, failed 1\n"), done.stderr
    told = [line for line in done.stderr.splitlines() if line.startswith("reftel: ")]
    assert told == [f"reftel: {pages[1]}: the process that worked on it died (out of memory?)"]
    assert len([row for row in rows(tmp_path / "out")["cables"] if '"tagged_by": null' in row]) == 1


@pytest.mark.usefixtures("spark")
def test_what_cannot_be_read_is_told_kept_and_forgotten_when_it_can(examples: Path, tmp_path: Path) -> None:
    pages, folder = tmp_path / "pages", tmp_path / "out"
    pages.mkdir()
    shutil.copy(examples / "07RIGA412.html", pages)
    (pages / "08NOWHERE1.txt").write_bytes(b"\x00\x01\x02" * 100)
    nothing = str(tmp_path / "nothing")
    told = failing(str(pages), nothing, "-a", str(folder))
    assert told.count("\n") == 2
    assert f"{nothing}: there is no such file or folder; check the name" in told
    assert "08NOWHERE1.txt" in told
    assert [json.loads(row)[1]["stage"] for row in rows(folder)["failures"]] == ["read", "read"]
    shutil.copy(examples / "10BERN77.html", pages / "08NOWHERE1.txt")
    assert run(str(pages), "-a", str(folder)) == "added 1, skipped 1, failed 0\n"
    assert [json.loads(row)[1]["source"] for row in rows(folder)["failures"]] == [nothing]


@pytest.mark.usefixtures("spark")
def test_a_missing_folder_of_spark_is_one_clear_line(tmp_path: Path) -> None:
    url = f"file://{tmp_path}/nothing"
    told = failing(url, "-a", str(tmp_path / "out"))
    assert told == f"reftel: {url}: there is no such file or folder; check the name\n"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("ftp://somewhere/cables", "ftp://somewhere/cables: the Spark engine cannot read ftp://; give a path"),
        ("-", "the Spark engine reads no standard input; name files or folders that every worker sees"),
    ],
)
def test_an_input_that_spark_cannot_read_is_one_clear_line(source: str, told: str, tmp_path: Path) -> None:
    said = failing(source, "-a", str(tmp_path / "out"))
    assert said.startswith(f"reftel: {told}")
    assert said.count("\n") == 1


@pytest.mark.usefixtures("spark")
def test_a_file_system_that_is_not_installed_is_one_clear_line(tmp_path: Path) -> None:
    said = failing("s3a://nowhere/cables", "-a", str(tmp_path / "out"))
    assert said.count("\n") == 1
    assert "see docs/scale.md" in said


@pytest.mark.usefixtures("spark")
def test_a_scheme_that_cannot_be_written_to_is_one_clear_line(examples: Path) -> None:
    said = failing(str(examples / "10BERN77.html"), "-a", "ftp://nowhere/cables")
    assert said.startswith("reftel: ftp://nowhere/cables: cannot be written to")
    assert said.count("\n") == 1


@pytest.mark.usefixtures("spark")
def test_another_folder_is_never_written_over(exported: Path, made: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir")
    assert "is no output of the Spark engine" in failing(str(tmp_path / "letter.txt"), "-a", str(tmp_path))
    assert "was written by `reftel export`" in failing(str(tmp_path / "letter.txt"), "-a", str(exported))
    shutil.copytree(made, tmp_path / "old")
    for note in (tmp_path / "old" / "_reftel").glob("*.json"):
        note.write_text(re.sub(r'"by": "[^"]*"', '"by": "an older model"', note.read_text()))
    assert "was made by an older model" in failing(str(tmp_path / "letter.txt"), "-a", str(tmp_path / "old"))


def alone(start: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, after some lines of Python."""
    call = "from reftel.cli import main; main(['build', '--engine', 'spark', 'nothing', '-a', 'nowhere'])"
    command = [sys.executable, "-c", f"{start}\n{call}"]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_without_pyspark_one_line_says_what_to_install() -> None:
    done = alone("import sys; sys.modules['pyspark'] = None", **os.environ)
    assert done.returncode == 1
    assert done.stderr.startswith("reftel: the Spark engine needs PySpark 4")
    assert done.stderr.endswith("install it with `pip install 'reftel[spark]'`\n")
    assert done.stderr.count("\n") == 1


def test_without_java_one_line_says_so() -> None:
    for name in ("pyarrow", "pandas", "pyspark"):
        pytest.importorskip(name, reason="needs the extra: pip install 'reftel[spark]'")
    without = {name: value for name, value in os.environ.items() if name not in {"PATH", "JAVA_HOME"}}
    done = alone("", **without, PATH="")
    assert done.returncode == 1
    assert done.stderr.startswith("reftel: the Spark engine needs Java")
    assert done.stderr.count("\n") == 1


# The recipes of docs/scale.md


def recipes(language: str) -> list[str]:
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    return re.findall(rf"```sql {language}\n(.*?)```", text, re.DOTALL)


@pytest.mark.parametrize("query", recipes("duckdb"))
def test_each_recipe_for_duckdb_finds_something(query: str, made: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="needs duckdb: pip install duckdb")
    found = duckdb.sql(query.replace("'out/", f"'{made}/")).fetchall()
    assert found


@pytest.mark.parametrize("query", recipes("spark"))
def test_each_recipe_for_spark_finds_something(query: str, spark: Any, made: Path) -> None:
    assert spark.sql(query.replace("`out/", f"`{made}/").rstrip().rstrip(";")).collect()


def test_there_are_recipes_for_both() -> None:
    assert len(recipes("duckdb")) >= 4
    assert len(recipes("spark")) >= 3
