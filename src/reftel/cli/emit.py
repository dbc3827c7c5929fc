"""What the commands of one cable share: run the job, write what comes, say what failed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from reftel.cli.progress import progress
from reftel.errors import ReftelError
from reftel.pipeline import EXTENSIONS, Job, Outcome, run

if TYPE_CHECKING:
    from pathlib import Path


def emit(inputs: tuple[str, ...], job: Job, output: Path | None, workers: int) -> int:
    """Run the job and write what comes; the exit code."""
    failed = 0
    put = _Folder(output, EXTENSIONS[job.format]).put if output else _print
    try:
        with progress() as line:
            for outcome in run(inputs, job, workers=workers):
                if outcome.error is not None:
                    failed += 1
                    line.clear()
                    click.echo(f"reftel: {outcome.error}", err=True)
                else:
                    put(outcome)
                line.step(failed)
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
