"""The command line: options in, one call, data on stdout, one line of error for what failed, an exit code."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reftel import __version__
from reftel.errors import InputError, ReftelError
from reftel.evaluate import evaluate, read_gold, table, to_json
from reftel.pipeline import EXTENSIONS, Job, Outcome, run
from reftel.tag import load_tagger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PARSE_FORMATS = ("json", "text")
ANNOTATE_FORMATS = tuple(EXTENSIONS)
EVALUATE_FORMATS = ("table", "json")
_REDRAW = 0.2  # seconds between two drawings of the progress line

_inputs = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
_workers = click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    metavar="N",
    help="Processes that share the work.",
)
_output = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write one file a cable into DIR, named by the input file (by MRN where an input holds several).",
)
_protected = click.option(
    "--protected",
    type=click.Choice(("mask", "show")),
    help='Names that a cable marks "strictly protect": by default masked in text and html, shown in the data formats.',
)
_model = click.option(
    "--model",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Another tagger model.",
)


def _format(names: tuple[str, ...]) -> Callable[[Any], Any]:
    return click.option(
        "-f", "--format", "fmt", type=click.Choice(names), default=names[0], show_default=True, help="Output format."
    )


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="reftel", message="%(prog)s %(version)s")
def main() -> None:
    """Read diplomatic cables: a typed record, clean paragraphs, every name tagged.

    An INPUT is a file, a folder (with all in it), a .zip or .tar archive, or - for standard input: Cablegate pages,
    plain text cables, the Cablegate cables.csv, or files in the bracket layout. Data goes to standard output,
    messages to standard error. Exit code 0: all well; 1: something failed, the rest is done; 2: wrong usage.
    """


@main.command("parse")
@_inputs
@_format(PARSE_FORMATS)
@_output
@_workers
@_protected
def parse_command(inputs: tuple[str, ...], fmt: str, output: Path | None, workers: int, protected: str | None) -> None:
    """Parse cables: header fields and paragraphs, one JSON object a line and cable."""
    job = Job(format=fmt, tagged=False, masked=_masked(protected))
    sys.exit(_emit(inputs, job, output, workers))


@main.command("annotate")
@_inputs
@_format(ANNOTATE_FORMATS)
@_output
@_workers
@_protected
@_model
@click.option("--keep-tags", is_flag=True, help="Keep the tags of bracket files instead of tagging them anew.")
def annotate_command(
    inputs: tuple[str, ...],
    fmt: str,
    output: Path | None,
    workers: int,
    protected: str | None,
    model: Path | None,
    keep_tags: bool,
) -> None:
    """Parse cables and tag every name: the whole path of one cable."""
    job = Job(format=fmt, tagged=True, masked=_masked(protected), keep_tags=keep_tags, model=model)
    sys.exit(_emit(inputs, job, output, workers))


@main.command("evaluate")
@click.argument("gold", nargs=-1, required=True, metavar="GOLD...")
@_format(EVALUATE_FORMATS)
@click.option("--errors", is_flag=True, help="List each missed and each wrong mention in its context.")
@click.option("--upper", is_flag=True, help="Put every text in capitals first.")
@_model
def evaluate_command(gold: tuple[str, ...], fmt: str, errors: bool, upper: bool, model: Path | None) -> None:
    """Score the tagger on cables whose names are marked: precision, recall and F1.

    A GOLD is a file, or a folder with .txt files: units ("# PARA 1", then its text) with names marked as
    [PER name], [LOC name], [ORG name] or [MISC name], or the bracket layout that annotate writes. A mention
    is right when its type, its first and its last character are.
    """
    sys.exit(_score(gold, fmt, errors=errors, upper=upper, model=model))


def _score(gold: tuple[str, ...], fmt: str, *, errors: bool, upper: bool, model: Path | None) -> int:
    """Evaluate and print; the exit code."""
    failed: list[InputError] = []
    show = {"table": table, "json": to_json}[fmt]
    try:
        tagger = load_tagger(model)
        files = [file for source in gold for file in read_gold(source, on_error=failed.append)]
        for error in failed:
            click.echo(f"reftel: {error}", err=True)
        if files:
            click.echo(show(evaluate(files, tagger, upper=upper), errors=errors))
    except BrokenPipeError:  # as in _emit
        sys.stderr.close()
        return 0
    except ReftelError as error:
        click.echo(f"reftel: {error}", err=True)
        return 1
    return 1 if failed else 0


def _masked(protected: str | None) -> bool | None:
    return None if protected is None else protected == "mask"


def _emit(inputs: tuple[str, ...], job: Job, output: Path | None, workers: int) -> int:
    """Run the job and write what comes; the exit code."""
    failed = 0
    put = _Folder(output, EXTENSIONS[job.format]).put if output else _print
    try:
        with _progress() as progress:
            for outcome in run(inputs, job, workers=workers):
                if outcome.error is not None:
                    failed += 1
                    progress.clear()
                    click.echo(f"reftel: {outcome.error}", err=True)
                else:
                    put(outcome)
                progress.step(failed)
    except BrokenPipeError:  # the reader of our output (head, less) has gone: that is no failure
        sys.stderr.close()
        return 0
    except OSError as error:
        click.echo(
            f"reftel: {error.filename or 'output'}: {error.strerror}; free some space or choose another place", err=True
        )
        return 1
    except ReftelError as error:
        click.echo(f"reftel: {error}", err=True)
        return 1
    return 1 if failed else 0


def _print(outcome: Outcome) -> None:
    sys.stdout.buffer.write(outcome.text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


class _Folder:
    """A folder that takes one file a cable; a name that was given before gets a number."""

    def __init__(self, folder: Path, extension: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._extension = extension
        self._given: dict[str, int] = {}

    def put(self, outcome: Outcome) -> None:
        """Write the cable into its own file."""
        stem = outcome.stem or "cable"
        self._given[stem] = self._given.get(stem, 0) + 1
        name = f"{stem}-{self._given[stem]}" if self._given[stem] > 1 else stem
        for ending, text in ((self._extension, outcome.text), *filter(None, (outcome.companion,))):
            (self._folder / f"{name}{ending}").write_bytes(text.encode("utf-8", "replace"))


class _Progress:
    """A line on the terminal that says how far the work is; silent where standard error is no terminal."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._begun = self._drawn = time.monotonic()
        self._done = 0

    def step(self, failed: int) -> None:
        """Count one more outcome and, a few times a second, draw the line anew."""
        self._done += 1
        now = time.monotonic()
        if self._shown and self._done > 1 and now - self._drawn > _REDRAW:
            self._drawn = now
            rate = self._done / max(now - self._begun, 1e-9)
            sys.stderr.write(f"\r{self._done:,} cables  {rate:,.0f} a second  {failed:,} failed ")
            sys.stderr.flush()

    def clear(self) -> None:
        """Take the line off the terminal, so that a message or the data can stand there."""
        if self._shown and self._done > 1:
            sys.stderr.write("\r" + " " * 60 + "\r")
            sys.stderr.flush()


@contextmanager
def _progress() -> Iterator[_Progress]:
    progress = _Progress()
    try:
        yield progress
    finally:
        progress.clear()


if __name__ == "__main__":
    main()
