"""export: an archive, or a part of it, for other tools; one file a format. `docs/export.md` says what each holds.

Every format shows what the clearance allows and masks protected names (see `cleared.py`), passes the cables one at a
time, and is written whole or not at all; jsonl and parquet go on where they were interrupted.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reftel.errors import UsageError
from reftel.export.bibtex import write_bibtex
from reftel.export.brat import write_brat
from reftel.export.cleared import cleared
from reftel.export.csv import write_csv
from reftel.export.docbin import write_docbin
from reftel.export.ftm import write_ftm
from reftel.export.gexf import write_gexf
from reftel.export.jsonl import write_jsonl
from reftel.export.parquet import write_parquet
from reftel.export.selection import ALL, Selection
from reftel.export.tei import write_tei
from reftel.export.text import write_text
from reftel.export.view import View
from reftel.export.xmi import write_xmi

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator

__all__ = ["ALL", "FORMATS", "RESUMED", "Exported", "Selection", "View", "cleared", "export"]

FORMATS: dict[str, Callable[..., None]] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
    "parquet": write_parquet,
    "ftm": write_ftm,
    "gexf": write_gexf,
    "tei": write_tei,
    "xmi": write_xmi,
    "docbin": write_docbin,
    "brat": write_brat,
    "text": write_text,
    "bibtex": write_bibtex,
}
RESUMED = frozenset({"jsonl", "parquet"})
"""The formats that go on where they were interrupted."""
_WITH_LEAST = frozenset({"gexf"})


class Exported(NamedTuple):
    """What an export wrote: how many cables, and the file or folder."""

    cables: int
    path: Path


def export(view: View, format: str, path: Path | str, *, least: int = 1) -> Exported:  # noqa: A002  # the command's word
    """Write what the view has of an archive to `path` in one of `FORMATS`.

    `least` is for gexf: entities and edges in fewer cables are left out. What others write to the archive meanwhile is
    not seen. Raises UsageError for a format that there is not and where `path` cannot be used, ReftelError where a
    library that the format needs is not installed.
    """
    if format not in FORMATS:
        raise UsageError(f"no format {format!r}; there are {', '.join(FORMATS)}")
    options = {"least": least} if format in _WITH_LEAST else {}
    with _as_it_stands(view.connection):
        FORMATS[format](view, Path(path), **options)
        return Exported(view.count(), Path(path))


@contextmanager
def _as_it_stands(connection: sqlite3.Connection) -> Iterator[None]:
    """One state of the archive for the whole block, whatever others write."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("COMMIT")
