"""`reftel annotate`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from reftel.cli import options
from reftel.cli.emit import emit
from reftel.pipeline import EXTENSIONS, Job

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = tuple(EXTENSIONS)


@click.command("annotate")
@options.inputs
@options.output_format(FORMATS)
@options.output
@options.workers
@options.protected
@options.model
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
    job = Job(format=fmt, tagged=True, masked=options.masked(protected), keep_tags=keep_tags, model=model)
    sys.exit(emit(inputs, job, output, workers))
