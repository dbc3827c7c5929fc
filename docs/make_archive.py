"""Writes `docs/archive.md` from the schema and `queries.sql`: `python docs/make_archive.py`; a test compares them."""

from __future__ import annotations

import re
from pathlib import Path

SCHEMA = Path(__file__).parent.parent / "src" / "reftel" / "archive" / "schema.sql"
QUERIES = Path(__file__).parent / "queries.sql"
PLACE = Path(__file__).parent / "archive.md"
INTRODUCTION = """\
# The archive

`reftel build` makes one SQLite file. Any SQLite browser opens it, and so do Datasette, pandas and R; copy it to another
computer and it is whole. `reftel check -a ARCHIVE` tells whether it is. Read from it as you like; write to it only
through reftel, whose tables depend on one another.

Made from `src/reftel/archive/schema.sql` and `docs/queries.sql` by `docs/make_archive.py`; change it there.

## Tables
"""
TABLE = re.compile(
    r"((?:^--[^\n]*\n)*)^CREATE (?:VIRTUAL )?TABLE \"?(\w+)\"? (?:USING \w+ )?\((.*?)\)(?: STRICT[^\n]*)?;$",
    re.MULTILINE | re.DOTALL,
)
COLUMN = re.compile(r"^    (\w+) (TEXT|INTEGER|REAL|BLOB)([^\n]*?),?(?:  -- ([^\n]*))?$", re.MULTILINE)
POINTS_TO = re.compile(r"REFERENCES (\w+)")


def queries() -> list[tuple[str, str]]:
    """The title and the statement of each query."""
    parts = QUERIES.read_text(encoding="utf-8").strip().split("\n\n")
    return [(title.removeprefix("-- "), statement) for title, _, statement in (part.partition("\n") for part in parts)]


def tables() -> list[tuple[str, str, str]]:
    """The name, the comment and the columns of each table."""
    found = TABLE.finditer(SCHEMA.read_text(encoding="utf-8"))
    return [(m[2], " ".join(line.removeprefix("--").strip() for line in m[1].splitlines()), m[3]) for m in found]


def page() -> str:
    """The whole page."""
    parts = [INTRODUCTION, *(_table(*each) for each in tables()), "## Ten queries\n"]
    parts += [f"**{title}**\n\n```sql\n{statement}\n```\n" for title, statement in queries()]
    return "\n".join(parts)


def _table(name: str, comment: str, columns: str) -> str:
    rows = [_row(*match.groups()) for match in COLUMN.finditer(columns if "\n" in columns else f"    {columns}")]
    listed = ["| column | type | |", "|---|---|---|", *rows] if rows else []
    return "\n".join([f"### {name}\n", *([comment, ""] if comment else []), *listed, ""])


def _row(name: str, kind: str, rest: str, comment: str | None) -> str:
    target = POINTS_TO.search(rest)
    notes = [f"a row of {target[1]}"] if target else []
    notes += [comment] if comment else []
    notes += ["may be empty"] if "NOT NULL" not in rest and "PRIMARY KEY" not in rest else []
    return f"| `{name}` | {kind.lower()} | {'; '.join(notes)} |"


if __name__ == "__main__":
    PLACE.write_text(page(), encoding="utf-8")
