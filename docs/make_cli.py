"""Writes `docs/cli.md` from the commands' own --help: `python docs/make_cli.py`. A test compares the two."""

from __future__ import annotations

from pathlib import Path

import click

from reftel.cli import main

PLACE = Path(__file__).with_name("cli.md")
WIDTH = 96


def reference() -> str:
    """The command line reference as Markdown."""
    parts = ["# The commands\n", "Made from `--help` by `docs/make_cli.py`; change it there.\n"]
    for name, command in (("reftel", main), *((f"reftel {n}", main.commands[n]) for n in sorted(main.commands))):
        settings = {**main.context_settings, "terminal_width": WIDTH, "max_content_width": WIDTH}
        context = click.Context(command, info_name=name, **settings)
        parts.append(f"## {name}\n\n```text\n{command.get_help(context).rstrip()}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PLACE.write_text(reference(), encoding="utf-8")
