"""`reftel parse`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from reftel.cli import options
from reftel.cli.emit import emit
from reftel.pipeline import Job

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = ("json", "text")


@click.command("parse")
@options.inputs
@options.output_format(FORMATS)
@options.output
@options.workers
@options.protected
def parse_command(inputs: tuple[str, ...], fmt: str, output: Path | None, workers: int, protected: str | None) -> None:
    """Parse cables: header fields and paragraphs, one JSON object a line and cable."""
    job = Job(format=fmt, tagged=False, masked=options.masked(protected))
    sys.exit(emit(inputs, job, output, workers))
