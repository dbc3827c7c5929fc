"""`reftel build`."""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reftel.archive import open_archive
from reftel.cli import options
from reftel.cli.progress import progress
from reftel.errors import ReftelError
from reftel.pipeline import STAGES, Built, Plan, build

if TYPE_CHECKING:
    from reftel.pipeline import Progress, Stage


@click.command("build")
@click.argument("inputs", nargs=-1, metavar="INPUT...")
@options.archive_or_folder
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=lambda: os.cpu_count() or 1,
    show_default="one a core",
    metavar="N",
    help="Processes that share the work.",
)
@options.model
@options.engine
@click.option("--redo", type=click.Choice(STAGES), help="Do this stage, and all that rests on it, again.")
@click.option("--retry-failed", is_flag=True, help="Try again what failed before; without INPUT, only that.")
def build_command(
    inputs: tuple[str, ...],
    archive: str,
    workers: int,
    model: Path | None,
    engine: str,
    redo: Stage | None,
    retry_failed: bool,
) -> None:
    """Add cables to an archive: text first, so that it can be searched at once, then names and who is who.

    Interrupt it at any time and run it again: it goes on where it stopped, and skips what is already in. What cannot be
    read or done is kept in the archive with the reason, and told at the end.
    """
    if not inputs and not redo and not retry_failed:
        raise click.UsageError("nothing to add: name files, folders or archives, or use --redo or --retry-failed")
    plan = Plan(workers=workers, model=model, redo=redo, retry_failed=retry_failed)
    if engine == "spark":
        if redo or retry_failed:
            raise click.UsageError("--redo and --retry-failed are for the local engine; with spark name another folder")
        sys.exit(_build_on_spark(inputs, archive, plan))
    if Path(archive).is_dir():
        raise click.BadParameter(f"File {archive!r} is a directory.", param_hint="'-a' / '--archive'")
    sys.exit(_build(inputs, Path(archive), plan))


def _build(inputs: tuple[str, ...], path: Path, plan: Plan) -> int:
    """Build and tell how it went; the exit code."""
    try:
        with open_archive(path, create=bool(inputs)) as archive, progress() as line:
            built = build(inputs, archive, plan, on_progress=lambda at: line.draw(_said(at), at.done, at.total))
    except KeyboardInterrupt:
        click.echo(f"reftel: stopped; run the same command again to go on, {path} holds what is done", err=True)
        return 1
    except sqlite3.Error as error:
        click.echo(f"reftel: {path}: {error}; make room, then run the same command again: it goes on", err=True)
        return 1
    except ReftelError as error:
        click.echo(f"reftel: {error}", err=True)
        return 1
    _report(built)
    return 1 if built.failures else 0


def _build_on_spark(inputs: tuple[str, ...], folder: str, plan: Plan) -> int:
    """Build on Spark and tell how it went; the exit code."""
    from reftel import spark  # noqa: PLC0415  # nobody else waits for it

    try:
        built = spark.build(inputs, folder, plan)
    except KeyboardInterrupt:
        click.echo(f"reftel: stopped; run the same command again to go on, {folder} holds what is done", err=True)
        return 1
    except (ReftelError, OSError) as error:
        click.echo(f"reftel: {error}", err=True)
        return 1
    _report(built)
    return 1 if built.failures else 0


def _said(at: Progress) -> str:
    """The progress in words, without its rate."""
    of = f" of {at.total:,}" if at.total is not None else ""
    return f"{at.stage}  {at.done:,}{of} cables  {at.failed:,} failed"


def _report(built: Built) -> None:
    for failure in built.failures:
        click.echo(f"reftel: {failure}", err=True)
    click.echo(f"added {built.added:,}, skipped {built.skipped:,}, failed {len(built.failures):,}")
