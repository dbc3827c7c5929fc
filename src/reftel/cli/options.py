"""The options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reftel.archive.clearance import LEVELS, Clearance

if TYPE_CHECKING:
    from collections.abc import Callable

    from reftel.model import Classification

inputs = click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
archive = click.option(
    "-a",
    "--archive",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="ARCHIVE",
    help="The archive's file.",
)
workers = click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    metavar="N",
    help="Processes that share the work.",
)
output = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write one file a cable into DIR, named by the input file (by MRN where an input holds several).",
)
clearance = click.option(
    "--clearance", type=click.Choice(LEVELS), default=LEVELS[-1], help="Tell what such a reader may see."
)
captions = click.option("--captions", metavar="A,B", help="The captions that this reader is cleared for; default: all.")
protected = click.option(
    "--protected",
    type=click.Choice(("mask", "show")),
    help='Names that a cable marks "strictly protect": by default masked in text and html, shown in the data formats.',
)
model = click.option(
    "--model",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Another tagger model.",
)


def output_format(names: tuple[str, ...]) -> Callable[[Any], Any]:
    """The option -f for these formats, the first being the default."""
    return click.option(
        "-f", "--format", "fmt", type=click.Choice(names), default=names[0], show_default=True, help="Output format."
    )


def reader(classification: Classification, captions: str | None, protected: str) -> Clearance:
    """Who reads, by the options `--clearance`, `--captions` and `--protected`."""
    held = None if captions is None else frozenset(each.strip().upper() for each in captions.split(",") if each.strip())
    return Clearance(classification, held, protected=protected == "show")


def masked(choice: str | None) -> bool | None:
    """What `--protected` chose: True is mask, None the default of the format."""
    return None if choice is None else choice == "mask"


archive_or_folder = click.option(  # as text: a path would turn s3a:// into s3a:/
    "-a", "--archive", required=True, metavar="ARCHIVE", help="The archive's file; with spark, a folder."
)
engine = click.option(
    "--engine",
    type=click.Choice(("local", "spark")),
    default="local",
    show_default=True,
    help="Where the work is done; spark writes Parquet datasets (docs/scale.md).",
)
