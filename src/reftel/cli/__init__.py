"""The command line: options in, one call, data on stdout, one line of error for what failed, an exit code.

One file a command; what several share stands in `options.py`, `emit.py` and `progress.py`.
"""

from __future__ import annotations

import click

from reftel import __version__
from reftel.cli.annotate import annotate_command
from reftel.cli.build import build_command
from reftel.cli.check import check_command
from reftel.cli.decide import decide_group
from reftel.cli.entity import entity_command
from reftel.cli.evaluate import evaluate_command
from reftel.cli.export import export_command
from reftel.cli.load import load_command
from reftel.cli.officers import import_officers_command
from reftel.cli.parse import parse_command
from reftel.cli.relations import meetings_command, statements_command
from reftel.cli.resolve import resolve_command
from reftel.cli.search import search_command
from reftel.cli.serve import serve_command
from reftel.cli.show import show_command
from reftel.cli.train import train_command
from reftel.cli.user import user_group


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="reftel", message="%(prog)s %(version)s")
def main() -> None:
    """Read diplomatic cables: a typed record, clean paragraphs, every name tagged.

    An INPUT is a file, a folder (with all in it), a .zip or .tar archive, or - for standard input: Cablegate pages,
    plain text cables, the Cablegate cables.csv, JSON lines with a text each, or files in the bracket layout. Data goes
    to standard output, messages to standard error. Exit code 0: all well; 1: something failed, the rest is done; 2:
    wrong usage.
    """


for _command in (
    parse_command,
    annotate_command,
    build_command,
    resolve_command,
    search_command,
    show_command,
    entity_command,
    meetings_command,
    statements_command,
    decide_group,
    import_officers_command,
    export_command,
    load_command,
    serve_command,
    user_group,
    check_command,
    evaluate_command,
    train_command,
):
    main.add_command(_command)
