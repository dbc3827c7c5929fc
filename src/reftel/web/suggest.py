"""What the search box offers while somebody types: names, posts, TAGS, the cable of a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reftel.archive.fields import mrn_of, posts_meant
from reftel.tables import post, tag_codes, tag_entry
from reftel.web.entity import listed
from reftel.web.pages import TYPE, count, entity_address, with_parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.responses import Response

    from reftel.web.visit import Visit

_NAMES = 4  # of each type
_SHORTEST = 2


def suggestions(visit: Visit) -> Response:
    """Up to a dozen, each with a name, what it is, and where it leads."""
    written = visit.given("q")
    if len(written) < _SHORTEST:
        return visit.json([])
    if visit.given("only") == "names":
        return visit.json(_entities(visit, written))
    return visit.json([*_cable(visit, written), *_posts(written), *_entities(visit, written), *_tags(written)][:12])


def _cable(visit: Visit, written: str) -> Iterator[dict[str, Any]]:
    mrn = mrn_of(written)
    query = f"SELECT mrn, post FROM cables WHERE mrn = ? AND {visit.sight.cables()}"  # noqa: S608  # ours
    row = visit.archive.execute(query, (mrn,)).fetchone() if mrn else None
    if row:
        yield {"name": row["mrn"], "kind": f"cable from {row['post']}", "address": f"/cable/{row['mrn']}"}


def _posts(written: str) -> Iterator[dict[str, Any]]:
    for code in posts_meant(written):
        found = post(code)
        yield {"name": found.name if found else code, "kind": "post", "address": f"/browse/post/{code}"}


def _entities(visit: Visit, written: str) -> list[dict[str, Any]]:
    found = [view for kind in ("PER", "LOC", "ORG") for view in listed(visit, kind, written, count=_NAMES)[0]]
    found.sort(key=lambda view: -view.cables)
    return [
        {
            "name": view.name,
            "type": view.type,
            "kind": f"{view.role or TYPE[view.type]}, {count(view.cables, 'cable')}",
            "address": entity_address(view.key),
            "key": view.key,
        }
        for view in found
    ]


def _tags(written: str) -> Iterator[dict[str, Any]]:
    begun = written.upper()
    for code in sorted(tag_codes()):
        if code.startswith(begun) and (entry := tag_entry(code)) and entry.name:
            yield {"name": code, "kind": entry.name, "address": with_parameters("/search", tag=code)}
