"""Is an archive whole? Everything that can be told from the file itself, one line a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reftel.archive import fulltext
from reftel.archive.fingerprints import content_hash
from reftel.archive.rows import from_list, raw_cable

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

# What is wrong with a row -> a query for the rows that are: each gives what names the row.
_FAULTS = {
    "a cable without its raw text": "SELECT mrn FROM cables WHERE id NOT IN (SELECT cable_id FROM raw_cables)",
    "a cable found nowhere": "SELECT mrn FROM cables WHERE id NOT IN (SELECT cable_id FROM provenance)",
    "units that do not count up from 0": (
        "SELECT mrn FROM units JOIN cables ON cables.id = cable_id GROUP BY cable_id"
        " HAVING min(position) <> 0 OR max(position) <> count(*) - 1"
    ),
    "a mention that is not the text at its place": (
        "SELECT mentions.text FROM mentions JOIN units ON units.id = unit_id"
        " WHERE substr(units.text, start + 1, end - start) <> mentions.text"
    ),
    "a mention of an entity of another cable": (
        "SELECT mentions.text FROM mentions JOIN units ON units.id = unit_id"
        " JOIN cable_entities ON cable_entities.id = cable_entity_id WHERE cable_entities.cable_id <> units.cable_id"
    ),
    "a mention without an entity in a cable whose entities are known": (
        "SELECT mentions.text FROM mentions JOIN units ON units.id = unit_id JOIN cables ON cables.id = cable_id"
        " WHERE cable_entity_id IS NULL AND resolved_by IS NOT NULL"
    ),
    **{
        f"a span outside its text in {table}": (
            f"SELECT units.id FROM {table} JOIN units ON units.id = unit_id"  # noqa: S608  # our own names
            " WHERE start < 0 OR end > length(units.text) OR start >= end"
        )
        for table in ("mentions", "redactions", "protected", "meetings", "statements")
    },
    "an entity that no cable names": (
        "SELECT name FROM entities WHERE id NOT IN (SELECT entity_id FROM cable_entities WHERE entity_id IS NOT NULL)"
    ),
    "an entity with a wrong count of cables": (
        "SELECT name FROM entities WHERE cables <> (SELECT count(DISTINCT cable_id) FROM cable_entities"
        " WHERE entity_id = entities.id)"
    ),
}
_SHOWN = 5  # rows named of each fault


def check(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield what is wrong with the archive, a sentence each; nothing where it is whole.

    Verifies the file's pages, foreign keys, counts, offsets, content hashes, and that the full-text index holds just
    the words of the units. Reads the whole file.
    """
    for (fault,) in connection.execute("PRAGMA integrity_check"):
        if fault != "ok":
            yield f"the file is damaged: {fault}"
    for row in connection.execute("PRAGMA foreign_key_check"):
        yield f"a row of {row[0]} points to a row of {row[2]} that is not there"
    for fault, query in _FAULTS.items():
        rows = [str(row[0]) for row in connection.execute(f"{query} LIMIT {_SHOWN + 1}")]
        if rows:
            more = ", and more" if len(rows) > _SHOWN else ""
            yield f"{fault}: {', '.join(rows[:_SHOWN])}{more}"
    yield from _wrong_hashes(connection)
    yield from _wrong_words(connection)


def _wrong_hashes(connection: sqlite3.Connection) -> Iterator[str]:
    rows = connection.execute(
        "SELECT mrn, content_hash, raw_cables.* FROM cables JOIN raw_cables ON cable_id = cables.id"
    )
    for row in rows:
        if content_hash(raw_cable(row)) != row["content_hash"]:
            yield f"the raw text of {row['mrn']} is not what was read"


def _wrong_words(connection: sqlite3.Connection) -> Iterator[str]:
    """A contentless index cannot be read back: it is made a second time, and the words counted in both."""
    columns = ", ".join(fulltext.COLUMNS)
    connection.execute("DROP TABLE IF EXISTS temp.words_again")
    connection.execute(
        f"CREATE VIRTUAL TABLE temp.words_again USING fts5"
        f" ({columns}, content = '', tokenize = 'unicode61 remove_diacritics 2')"
    )
    for (cable_id,) in connection.execute("SELECT id FROM cables").fetchall():
        units = connection.execute(
            "SELECT kind, text, level, controls FROM units WHERE cable_id = ? ORDER BY position", (cable_id,)
        )
        pieces = [fulltext.Piece(kind, text, level, from_list(controls)) for kind, text, level, controls in units]
        fulltext.index(connection, cable_id, pieces, table="temp.words_again")
    counts = [_vocabulary(connection, *table) for table in (("main", "words"), ("temp", "words_again"))]
    connection.execute("DROP TABLE temp.words_again")
    different = {word for word, _ in counts[0] ^ counts[1]}
    if different:
        yield f"the full-text index is not in step with the text: {', '.join(sorted(different)[:_SHOWN])}"


def _vocabulary(connection: sqlite3.Connection, schema: str, table: str) -> set[tuple[str, tuple[str, int, int]]]:
    connection.execute("DROP TABLE IF EXISTS temp.vocabulary")
    connection.execute(f"CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab ('{schema}', '{table}', 'col')")
    rows = connection.execute("SELECT term, col, doc, cnt FROM temp.vocabulary").fetchall()
    return {(row[0], tuple(row)[1:]) for row in rows}
