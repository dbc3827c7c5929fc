"""Writes `docs/cli.md` from the commands' own --help: `python docs/make_cli.py`. A test compares the two."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reftel.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE = Path(__file__).with_name("cli.md")
WIDTH = 96


def _all(name: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    """A command and all commands under it, each with the words that call it."""
    yield name, command
    for own in sorted(command.commands) if isinstance(command, click.Group) else ():
        yield from _all(f"{name} {own}", command.commands[own])


def reference() -> str:
    """The command line reference as Markdown."""
    parts = ["# The commands\n", "Made from `--help` by `docs/make_cli.py`; change it there.\n"]
    for name, command in _all("reftel", main):
        settings = {**main.context_settings, "terminal_width": WIDTH, "max_content_width": WIDTH}
        context = click.Context(command, info_name=name, **settings)
        parts.append(f"## {name}\n\n```text\n{command.get_help(context).rstrip()}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PLACE.write_text(reference(), encoding="utf-8")
