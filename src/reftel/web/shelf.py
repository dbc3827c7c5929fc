"""The shelf: starred cables, and notes with labels on cables and paragraphs; each reader's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from reftel.web.addresses import address_of, find
from reftel.web.cut import see
from reftel.web.exports import exported
from reftel.web.lines import line_of
from reftel.web.readers import now
from reftel.web.text import paragraph_ids

if TYPE_CHECKING:
    import sqlite3

    from starlette.responses import Response

    from reftel.web.visit import Visit

LABELS = ("", "important", "to check", "doubtful", "quote")
_LONGEST_NOTE, _LONGEST_LABEL = 20_000, 60


def shelf_page(visit: Visit) -> Response:
    """What the reader starred and noted; `q` and `label` narrow the notes."""
    notes = found_notes(visit, visit.given("q"), visit.given("label"))
    return visit.page(
        "shelf.html",
        cables=starred(visit),
        notes=notes,
        labels=_labels(visit),
        label=visit.given("label"),
        noted=visit.given("q"),
    )


def shelf_export(visit: Visit) -> Response:
    """The cables on the shelf and the reader's notes, for other tools: jsonl, csv, bibtex, or a zip of texts."""
    ids = [line["id"] for line in starred(visit)]
    return exported(visit, visit.path("kind"), ids, name="shelf", notes=found_notes(visit, "", ""))


def star(visit: Visit) -> Response:
    """Put a cable on the shelf, or take it off."""
    wanted = visit.form.get("star") == "1"
    seen = find(visit)
    row = (visit.user.name, seen.row["content_hash"])
    if wanted:
        visit.readers.execute("INSERT OR IGNORE INTO stars VALUES (?, ?, ?)", (*row, now()))
    else:
        visit.readers.execute("DELETE FROM stars WHERE owner = ? AND cable = ?", row)
    return visit.redirect(address_of(visit, seen.id))


def add_note(visit: Visit) -> Response:
    """Write a note on a cable or on one of its paragraphs."""
    form = visit.form
    text, label = form.get("text", "").strip()[:_LONGEST_NOTE], form.get("label", "").strip()[:_LONGEST_LABEL]
    seen = find(visit)
    unit = int(form["unit"]) if form.get("unit", "").isdecimal() else None
    if not (text or label) or (unit is not None and unit not in seen.positions):
        raise HTTPException(400, "A note needs some text or a label, and a paragraph that is there.")
    visit.readers.execute(
        "INSERT INTO notes (owner, cable, unit, label, text, at) VALUES (?, ?, ?, ?, ?, ?)",
        (visit.user.name, seen.row["content_hash"], unit, label, text, now()),
    )
    visit.note("noted", seen.cable.mrn or f"cable {seen.id}")
    ids = paragraph_ids(seen.cable.units, seen.positions)
    return visit.redirect(address_of(visit, seen.id) + (f"#{ids[unit]}" if unit is not None else ""))


def remove_note(visit: Visit) -> Response:
    """Take a note away."""
    number = visit.form.get("note", "")
    held = (visit.user.name, int(number) if number.isdecimal() and len(number) < 16 else -1)
    visit.readers.execute("DELETE FROM notes WHERE owner = ? AND id = ?", held)
    where = visit.form.get("back", "")
    return visit.redirect(where if where.startswith("/cable/") else "/shelf")


def is_starred(visit: Visit, content_hash: str) -> bool:
    """Whether the reader has the cable on the shelf."""
    query = "SELECT EXISTS (SELECT 1 FROM stars WHERE owner = ? AND cable = ?)"
    return bool(visit.readers.execute(query, (visit.user.name, content_hash)).fetchone()[0])


def notes_of(visit: Visit, content_hash: str) -> list[sqlite3.Row]:
    """The reader's notes on a cable, in the order they were written."""
    query = "SELECT * FROM notes WHERE owner = ? AND cable = ? ORDER BY id"
    return visit.readers.execute(query, (visit.user.name, content_hash)).fetchall()


def starred(visit: Visit) -> list[dict[str, Any]]:
    """The cables on the reader's shelf that may be seen, the latest first."""
    query = "SELECT cable, at FROM stars WHERE owner = ? ORDER BY at DESC, cable"
    rows = visit.readers.execute(query, (visit.user.name,)).fetchall()
    lines = ((row, _line(visit, row["cable"])) for row in rows)
    return [{**line, "at": row["at"]} for row, line in lines if line]


def found_notes(visit: Visit, words: str, label: str) -> list[dict[str, Any]]:
    """The reader's notes with all of these words and the label, on what may be seen, the latest first."""
    rows = visit.readers.execute("SELECT * FROM notes WHERE owner = ? ORDER BY id DESC", (visit.user.name,)).fetchall()
    wanted = words.casefold().split()
    kept = [row for row in rows if _has(row, wanted) and label in ("", row["label"])]
    return [note for row in kept if (note := _placed(visit, row))]


def _has(row: sqlite3.Row, wanted: list[str]) -> bool:
    text = f"{row['text']} {row['label']}".casefold()
    return all(word in text for word in wanted)


def _placed(visit: Visit, row: sqlite3.Row) -> dict[str, Any] | None:
    """A note with its cable and paragraph, None where the reader may not see them."""
    cable_id = _id(visit, row["cable"])
    seen = see(visit, cable_id) if cable_id else None
    if seen is None or (row["unit"] is not None and row["unit"] not in seen.positions):
        return None
    address = address_of(visit, seen.id)
    if row["unit"] is None:
        return {**dict(row), "mrn": seen.cable.mrn, "address": address, "quote": "", "number": None}
    unit = seen.cable.units[seen.positions.index(row["unit"])]
    place = paragraph_ids(seen.cable.units, seen.positions)[row["unit"]]
    return {
        **dict(row),
        "mrn": seen.cable.mrn,
        "address": f"{address}#{place}",
        "quote": unit.text[:240] + ("…" if len(unit.text) > 240 else ""),
        "number": unit.number,
    }


def _line(visit: Visit, content_hash: str) -> dict[str, Any] | None:
    cable_id = _id(visit, content_hash)
    return line_of(visit, cable_id) if cable_id and see(visit, cable_id) else None


def _id(visit: Visit, content_hash: str) -> int | None:
    row = visit.archive.execute("SELECT id FROM cables WHERE content_hash = ?", (content_hash,)).fetchone()
    return int(row[0]) if row else None


def _labels(visit: Visit) -> list[str]:
    rows = visit.readers.execute(
        "SELECT DISTINCT label FROM notes WHERE owner = ? AND label <> '' ORDER BY label", (visit.user.name,)
    )
    return [row[0] for row in rows]
