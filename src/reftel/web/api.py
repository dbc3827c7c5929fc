"""What the pages show, as JSON under /api, in the words of the command line; described at /api/openapi.json."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from reftel import __version__
from reftel.archive.query import QueryError
from reftel.archive.versions import versions_told
from reftel.errors import UsageError
from reftel.web.addresses import address_of, find
from reftel.web.browse import groups_of
from reftel.web.cable import referring
from reftel.web.company import READ, company
from reftel.web.corrections import made_decisions, may_correct
from reftel.web.cut import see
from reftel.web.entity import entity_of, listed
from reftel.web.holdings import holdings
from reftel.web.occasions import meetings, note_list, statements
from reftel.web.pages import TYPES
from reftel.web.raw import NO_RAW, note_raw
from reftel.web.schemas import ERROR, answer, records, told
from reftel.web.search import asked, found
from reftel.web.shelf import found_notes, starred
from reftel.web.sighted import by_name, roles
from reftel.write.json import to_dict

if TYPE_CHECKING:
    from starlette.responses import Response

    from reftel.web.visit import Visit

_MOST = 200
_MEETINGS = ("entity", "with", "place", "post", "from", "to", "kind", "status")
_STATEMENTS = ("q", "by", "about", "post", "from", "to", "voice", "quoted", "denied")
_SEARCH = ("q", "post", "tag", "classification", "entity", "from", "to", "sort", "facets")
# Each address: what it gives, and the parameters it takes.
PATHS: dict[str, tuple[str, tuple[str, ...]]] = {
    "/api/search": ("Cables that match, ranked, with marked excerpts", (*_SEARCH, "n", "after")),
    "/api/export/{kind}": ("All cables that match, as jsonl, csv, bibtex or zip", _SEARCH[:-2]),
    "/api/cable/{cable}": ("One cable, as reftel show -f json gives it", ()),
    "/api/cable/{cable}/raw": ("Its raw text, for who may see all of it", ()),
    "/api/cable/{cable}/referring": ("The cables that refer to it", ()),
    "/api/cable/{cable}/versions": ("Its copies and versions, with the kind of the link", ()),
    "/api/browse/{way}": ("Lists of posts, years, tags, classifications or signatures, with counts", ()),
    "/api/shelf": ("Your stars and notes", ("q", "label")),
    "/api/decisions": ("What people corrected, those that were undone as well", ()),
    "/api/entity/{key}": ("Who or what it is: names, roles, counts", ()),
    "/api/entities": ("Persons, places, organizations or other names, by how many cables", ("type", "q", "n", "after")),
    "/api/company/{key}": ("Who and what appears with an entity, and in how many of its latest cables", ("type",)),
    "/api/archive": ("What the archive holds, how it was made, what failed and why", ()),
    "/api/meetings": ("Meetings, the latest first", (*_MEETINGS, "n", "after")),
    "/api/statements": ("Statements, the latest first", (*_STATEMENTS, "n", "after")),
}


def api_search(visit: Visit) -> Response:
    """A page of hits; `next` is the `after` of the next one."""
    what = asked(visit)
    if not what.is_empty:
        visit.note("searched", what.address("/api/search"))
    try:
        results = found(visit, what, count=_count(visit), with_facets=visit.given("facets") == "1")
    except (QueryError, UsageError) as error:
        raise HTTPException(400, str(error)) from None
    return visit.json(asdict(results))


def api_cable(visit: Visit) -> Response:
    """The cable as the reader sees it."""
    seen = find(visit)
    visit.note("read", seen.cable.mrn or f"cable {seen.id}")
    return visit.json(to_dict(seen.cable, masked=False))


def api_versions(visit: Visit) -> Response:
    """The versions of a cable that the reader may see."""
    seen = find(visit)
    shown = [
        {"mrn": other.cable.mrn, "kind": kind, "similarity": similarity, "address": address_of(visit, number)}
        for number, kind, similarity in versions_told(visit.archive, visit.sight, seen.id)
        if (other := see(visit, number)) is not None
    ]
    return visit.json(shown)


def api_raw(visit: Visit) -> Response:
    """The raw text of a cable, protected names masked; 404 where the reader may not see all of the cable."""
    seen = find(visit, with_raw=True)
    if not seen.is_whole or seen.cable.raw is None:
        raise HTTPException(404, NO_RAW)
    note_raw(visit, seen)
    return visit.json({"mrn": seen.cable.mrn, "text": seen.cable.raw.text, "body_start": seen.cable.raw.body_start})


def api_referring(visit: Visit) -> Response:
    """The cables that refer to a cable."""
    return visit.json(referring(visit, find(visit).cable))


def api_browse(visit: Visit) -> Response:
    """One list to browse."""
    return visit.json(groups_of(visit, visit.path("way")))


def api_shelf(visit: Visit) -> Response:
    """The reader's own shelf."""
    return visit.json({"cables": starred(visit), "notes": found_notes(visit, visit.given("q"), visit.given("label"))})


def api_decisions(visit: Visit) -> Response:
    """All decisions, for who may correct and sees everything."""
    may_correct(visit, all_of_it=True)
    return visit.json([asdict(each) for each in made_decisions(visit)])


def api_entity(visit: Visit) -> Response:
    """The entity as the reader sees it."""
    view = by_name(visit, visit.path("key"))
    if view is None:
        raise HTTPException(404, "There is no such entity in what you may see.")
    visit.note("read", view.key)
    return visit.json({**asdict(view), "roles": roles(visit, view)})


def api_entities(visit: Visit) -> Response:
    """A page of entities of one type (PER at first)."""
    kind = visit.given("type") if visit.given("type") in TYPES else "PER"
    start = visit.number("after", default=0, most=100_000_000)
    number = _count(visit)
    rows, is_more = listed(visit, kind, visit.given("q"), count=number, offset=start)
    return visit.json({"rows": [asdict(each) for each in rows], "next": str(start + number) if is_more else None})


def api_company(visit: Visit) -> Response:
    """The others in the same cables, as the entity's page has them."""
    view = entity_of(visit)
    kind = visit.given("type") if visit.given("type") in TYPES else ""
    companions, _ = company(visit, view, kind=kind)
    rows = [{"key": e.entity.key, "type": e.entity.type, "name": e.entity.name, "cables": e.cables} for e in companions]
    return visit.json({"read": min(READ, view.cables), "rows": rows})


def api_archive(visit: Visit) -> Response:
    """What the page on the archive tells."""
    held = holdings(visit)
    told = ("source", "stage", "reason", "at")
    return visit.json({**held, "failures": [{name: row[name] for name in told} for row in held["failures"]]})


def api_meetings(visit: Visit) -> Response:
    """A page of meetings."""
    note_list(visit, "meetings")
    return visit.json(asdict(meetings(visit, count=_count(visit))))


def api_statements(visit: Visit) -> Response:
    """A page of statements."""
    note_list(visit, "statements")
    return visit.json(asdict(statements(visit, count=_count(visit))))


def openapi(visit: Visit) -> Response:
    """The description of all this for programs (OpenAPI 3.1)."""
    info = {"title": f"reftel: {visit.settings.title}", "version": __version__}
    paths = {path: _described(path) for path in PATHS}
    return visit.json({"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": records()}})


def api_docs(visit: Visit) -> Response:
    """The same for people."""
    answers = {path: told(answer(path)) for path in PATHS}
    shown = {name: told(record) for name, record in records().items()}
    return visit.page("api.html", paths=PATHS, answers=answers, records=shown)


def _described(path: str) -> dict[str, Any]:
    summary, names = PATHS[path]
    inside = [name for name in ("cable", "key", "kind", "way") if f"{{{name}}}" in path]
    text = {"type": "string"}
    parameters = [{"name": name, "in": "path", "required": True, "schema": text} for name in inside]
    parameters += [{"name": name, "in": "query", "schema": text} for name in names]
    schema = answer(path)
    answers = {
        "200": {"description": summary, "content": {"application/json" if schema else "*/*": {"schema": schema}}},
        "default": {"description": "What is wrong, in a sentence", "content": {"application/json": {"schema": ERROR}}},
    }
    return {"get": {"summary": summary, "parameters": parameters, "responses": answers}}


def _count(visit: Visit) -> int:
    return visit.number("n", default=20, least=1, most=_MOST)
