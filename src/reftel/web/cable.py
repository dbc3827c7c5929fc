"""The page of a cable."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from reftel.archive.versions import versions_told
from reftel.web import shelf, sighted
from reftel.web.addresses import address_of, find
from reftel.web.cite import citations
from reftel.web.cut import see
from reftel.web.lines import line_of
from reftel.web.pages import TYPES, country, entity_address
from reftel.web.prose import plain, shown
from reftel.web.text import Name, contents, paragraphs

if TYPE_CHECKING:
    import sqlite3

    from markupsafe import Markup
    from starlette.responses import Response

    from reftel.model import Cable
    from reftel.web.cut import Seen
    from reftel.web.visit import Visit

_REFERRING = 50  # cables that refer to this one, at most
_KINDS = {
    "corrected": "a corrected copy",
    "extract": "an extract",
    "misfiled": "a copy under another number",
    "retransmitted": "sent again",
    "same number": "another cable with this number",
}


def cable_page(visit: Visit) -> Response:
    """The cable whole: card, text, names, references, versions, notes, citations."""
    seen = find(visit)
    visit.note("read", seen.cable.mrn or f"cable {seen.id}")
    address = address_of(visit, seen.id)
    names = names_in(visit, seen)
    texts = contents(seen.cable, names)
    return visit.page(
        "cable.html",
        cable=seen.cable,
        id=seen.id,
        address=address,
        is_whole=seen.is_whole,
        subject=_subject(seen, texts),
        paragraphs=paragraphs(seen.cable, seen.positions, texts),
        groups=_groups(names),
        counts=Counter(mention.type for mention in seen.cable.mentions),
        who=_who(names),
        addressees=_addressees(seen.cable),
        references=_references(visit, seen.cable),
        referring=referring(visit, seen.cable),
        versions=versions(visit, seen),
        sources=_sources(visit, seen),
        notes=_notes(visit, seen),
        is_starred=shelf.is_starred(visit, seen.row["content_hash"]),
        hash=seen.row["content_hash"],
        citations=citations(seen.cable, str(visit.request.url.replace(path=address, query=""))),
    )


def cable_preview(visit: Visit) -> Response:
    """A few lines of a cable, for whoever points at a link to it."""
    seen = find(visit)
    visit.note("read", f"{seen.cable.mrn or f'cable {seen.id}'}, first lines")
    first = next((unit for unit in seen.cable.units if unit.kind in ("summary", "body")), None)
    text = plain(first.text) if first else ""
    return visit.page("preview.html", cable=seen.cable, text=text[:320], is_cut=len(text) > 320)


def names_in(visit: Visit, seen: Seen) -> dict[str, Name]:
    """The entities of the cable by their ids in it, those without a mention left out."""
    rows = visit.archive.execute(
        "SELECT label, entities.* FROM cable_entities JOIN entities ON entities.id = entity_id WHERE cable_id = ?",
        (seen.id,),
    )
    known = {row["label"]: row for row in rows}
    counts = Counter(mention.entity for mention in seen.cable.mentions)
    found = {}
    for entity in seen.cable.entities:
        row = known.get(entity.id) if seen.tells(entity) else None
        key, cables = _archive_key(visit, row) if row else (None, 0)
        found[entity.id] = Name(
            plain(entity.name),
            entity.type,
            plain(entity.role) or None,
            plain(country(entity.country)) or None,
            tuple(map(plain, entity.aliases)),
            entity_address(key) if key else None,
            key,
            cables,
            counts[entity.id],
        )
    return {label: name for label, name in found.items() if name.mentions}


def _archive_key(visit: Visit, row: sqlite3.Row) -> tuple[str | None, int]:
    """The key of the entity that a name in this cable means, and its cables; no more than the reader may be told."""
    if sighted.sees_all(visit, row["id"]):
        return row["key"], row["cables"]
    view = sighted.link(visit, row["id"])
    return (view["key"], 0) if view else (None, 0)


def referring(visit: Visit, cable: Cable) -> list[dict[str, Any]]:
    """The cables that the reader may see that refer to this one, the oldest first."""
    if not cable.mrn:
        return []
    rows = visit.archive.execute(
        'SELECT DISTINCT cables.id, cables.sent FROM "references" JOIN cables ON cables.id = cable_id'  # noqa: S608  # ours
        f' WHERE "references".mrn = ? AND {visit.sight.cables()} ORDER BY sent, cables.id LIMIT ?',
        (cable.mrn, _REFERRING),
    ).fetchall()
    return [line for row in rows if (line := line_of(visit, row[0]))]


def versions(visit: Visit, seen: Seen) -> list[dict[str, Any]]:
    """The other copies and versions that the reader may see."""
    found = []
    for other, kind, similarity in versions_told(visit.archive, visit.sight, seen.id):
        line = line_of(visit, other) if see(visit, other) else None
        if line:
            found.append(
                {**line, "kind": _KINDS[kind], "similarity": None if similarity is None else round(100 * similarity)}
            )
    return found


def _subject(seen: Seen, texts: list[Markup]) -> Any:
    place = next((index for index, unit in enumerate(seen.cable.units) if unit.kind == "subject"), None)
    return texts[place] if place is not None else shown(seen.cable.subject)


def _groups(names: dict[str, Name]) -> list[tuple[str, str, list[tuple[str, Name]]]]:
    """The names by type, the most frequent first."""
    grouped: defaultdict[str, list[tuple[str, Name]]] = defaultdict(list)
    for label, name in sorted(names.items(), key=lambda pair: (-pair[1].mentions, pair[1].name)):
        grouped[name.type].append((label, name))
    return [(kind, title, grouped[kind]) for kind, title in TYPES.items() if grouped[kind]]


def _who(names: dict[str, Name]) -> dict[str, Any]:
    """What the page's script knows of each name."""
    return {
        label: {
            "name": who.name,
            "type": who.type,
            "role": who.role,
            "country": who.country,
            "also": list(who.aliases[:6]),
            "address": who.address,
            "cables": who.cables,
        }
        for label, who in names.items()
    }


def _addressees(cable: Cable) -> list[tuple[str, tuple[Any, ...]]]:
    lists = (("To", cable.action), ("Info", cable.info), ("Not to", cable.exempt))
    return [(label, listed) for label, listed in lists if listed]


def _references(visit: Visit, cable: Cable) -> list[dict[str, Any]]:
    """Each entry of the REF line, with the page of a cable that is here."""
    return [{"reference": each, "address": _address(visit, each.mrn)} for each in cable.references]


def _address(visit: Visit, mrn: str | None) -> str | None:
    if not mrn:
        return None
    query = f"SELECT id FROM cables WHERE mrn = ? AND {visit.sight.cables()} LIMIT 1"  # noqa: S608  # ours
    row = visit.archive.execute(query, (mrn,)).fetchone()
    return f"/cable/{mrn}" if row else None


def _sources(visit: Visit, seen: Seen) -> list[str]:
    """Where the cable was found: the names of the inputs, without the folders that they stood in."""
    rows = visit.archive.execute("SELECT DISTINCT source FROM provenance WHERE cable_id = ?", (seen.id,))
    return [row[0].replace("\\", "/").rpartition("/")[2] for row in rows]


def _notes(visit: Visit, seen: Seen) -> dict[int | None, list[Any]]:
    """The reader's notes by the position of their unit; None for those on the cable as a whole."""
    held: defaultdict[int | None, list[Any]] = defaultdict(list)
    for note in shelf.notes_of(visit, seen.row["content_hash"]):
        place = note["unit"]
        if place is None or place in seen.positions:
            held[place].append(note)
    return dict(held)
