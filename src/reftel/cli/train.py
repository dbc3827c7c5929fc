"""`reftel train`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reftel.cli import options
from reftel.cli.progress import progress
from reftel.errors import ReftelError, UsageError
from reftel.evaluate import read_gold
from reftel.train import train

if TYPE_CHECKING:
    from reftel.errors import InputError
    from reftel.evaluate import Scores
    from reftel.train.finetune import Trained


@click.command("train")
@click.argument("gold", nargs=-1, required=True, metavar="GOLD...")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write the model folder here.",
)
@click.option(
    "--epochs",
    type=click.IntRange(1, 100),
    default=4,
    show_default=True,
    metavar="N",
    help="How often each cable is learned from.",
)
@options.model
def train_command(gold: tuple[str, ...], output: Path, epochs: int, model: Path | None) -> None:
    """Teach the tagger from cables whose names you marked; the result is a model for --model.

    A GOLD is what evaluate takes: a file, or a folder with .txt files, with names marked as [PER name], [LOC name],
    [ORG name] or [MISC name]. One cable in eight is held out, and the model is scored on these before and after.
    Training starts from the shipped model, or from that of another folder, and runs on the processor: a hundred cables
    take a few minutes. Needs an extra: pip install 'reftel[train]'.
    """
    sys.exit(_train(gold, output, epochs, model))


def _train(gold: tuple[str, ...], output: Path, epochs: int, model: Path | None) -> int:
    """Train and print the scores; the exit code."""
    failed: list[InputError] = []
    files = [file for source in gold for file in read_gold(source, on_error=failed.append)]
    for error in failed:
        click.echo(f"reftel: {error}", err=True)
    try:
        with progress() as line:

            def report(step: int, total: int, loss: float) -> None:
                line.draw(f"steps {step:,} of {total:,}  loss {loss:.3f}", step, total)

            trained = train(files, output, model=model, epochs=epochs, report=report)
    except UsageError as error:
        click.echo(f"reftel: {error}", err=True)
        return 2
    except (ReftelError, OSError) as error:
        click.echo(f"reftel: {error}", err=True)
        return 1
    click.echo(_told(trained, output))
    return 1 if failed else 0


def _told(trained: Trained, output: Path) -> str:
    counts = f"{trained.taught} cables to learn from, {trained.held_out} held out"
    return f"{counts}\n{_row('before', trained.before)}\n{_row('after', trained.after)}\nwrote {output}"


def _row(name: str, scores: Scores) -> str:
    count = scores.count()
    rates = f"P {count.precision:.4f}  R {count.recall:.4f}  F1 {count.f1:.4f}"
    return f"{name:<7} {rates}  ({count.gold} mentions marked, {scores.tagger})"
