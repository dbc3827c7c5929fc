"""`reftel evaluate`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from reftel.cli import options
from reftel.errors import ReftelError
from reftel.evaluate import evaluate, read_gold, table, to_json
from reftel.tag import load_tagger

if TYPE_CHECKING:
    from pathlib import Path

    from reftel.errors import InputError

FORMATS = ("table", "json")


@click.command("evaluate")
@click.argument("gold", nargs=-1, required=True, metavar="GOLD...")
@options.output_format(FORMATS)
@click.option("--errors", is_flag=True, help="List each missed and each wrong mention in its context.")
@click.option("--upper", is_flag=True, help="Put every text in capitals first.")
@options.model
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
