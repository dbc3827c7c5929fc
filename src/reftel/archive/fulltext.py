"""The words of each cable in the full-text index, in columns apart by who may read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from reftel.archive.clearance import LEVELS, Clearance, column_class

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator

_CLASSES = ("", "_nf", "_x")
COLUMNS = tuple(f"{part}_{n}{kind}" for part in ("subject", "text") for n in range(len(LEVELS)) for kind in _CLASSES)
"""The columns of the table `words`, in order: the subject's first, each by level and class of controls."""

_MARKS = ", ".join("?" * len(COLUMNS))
_INSERT = f"(rowid, {', '.join(COLUMNS)}) VALUES (?, {_MARKS})"
_DELETE = f"INSERT INTO words (words, rowid, {', '.join(COLUMNS)}) VALUES ('delete', ?, {_MARKS})"  # noqa: S608  # same


class Piece(NamedTuple):
    """The text of one unit, and what tells its column."""

    kind: str
    text: str
    level: int
    controls: tuple[str, ...]


def index(connection: sqlite3.Connection, cable_id: int, pieces: Iterable[Piece], *, table: str = "words") -> None:
    """Put a cable's words into the index."""
    connection.execute(f"INSERT INTO {table} {_INSERT}", (cable_id, *_columns(pieces)))


def remove(connection: sqlite3.Connection, cable_id: int, pieces: Iterable[Piece]) -> None:
    """Take a cable's words out again; the pieces must be those that were indexed."""
    connection.execute(_DELETE, (cable_id, *_columns(pieces)))


def visible_columns(clearance: Clearance, controls: Iterable[str]) -> Iterator[str]:
    """The columns that hold nothing but what this clearance allows.

    `controls` are all those that units of the archive have. A column of mixed controls is allowed only to
    who has every one of them, so that no word is found in a text that is not shown.
    """
    others = {caption for caption in controls if caption != "NOFORN"}
    allowed = [""]
    if clearance.captions is None or "NOFORN" in clearance.captions:
        allowed.append("_nf")
    if clearance.captions is None or clearance.captions >= {"NOFORN", *others}:
        allowed.append("_x")
    for column in COLUMNS:
        number, _, kind = column.partition("_")[2].partition("_")
        if int(number) <= clearance.level and (f"_{kind}" if kind else "") in allowed:
            yield column


def _columns(pieces: Iterable[Piece]) -> list[str]:
    texts: dict[str, list[str]] = {}
    for piece in pieces:
        part = "subject" if piece.kind == "subject" else "text"
        texts.setdefault(f"{part}_{piece.level}{column_class(piece.controls)}", []).append(piece.text)
    return ["\n".join(texts.get(column, ())) for column in COLUMNS]
