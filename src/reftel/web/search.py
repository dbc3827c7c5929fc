"""The search: a box, filters, a histogram of years, facets, and cables with their best paragraphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from starlette.exceptions import HTTPException

from reftel.archive.query import QueryError
from reftel.archive.ranking import ORDERS
from reftel.archive.search import Filters, hit_ids, search, years_around
from reftel.errors import UsageError
from reftel.tables import post, tag_entry
from reftel.web.addresses import addresses_of, anchors
from reftel.web.exports import KINDS, exported
from reftel.web.histogram import histogram
from reftel.web.pages import part, with_parameters
from reftel.web.sighted import by_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response

    from reftel.archive.facets import Share
    from reftel.archive.search import Hit, Results
    from reftel.web.visit import Visit

PAGE = 20
_SHOWN_FACETS = 8
_MANY = 10_000  # hits of a query, from which on it is worth narrowing
_FILTERS = ("post", "tag", "classification", "entity")
_FACETS = (
    ("post", "Post", "posts"),
    ("classification", "Classification", "classifications"),
    ("tag", "TAGS", "tags"),
    ("entity", "Names in the best hits", "entities"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for. `values` are the filters' by their names."""

    query: str
    values: dict[str, list[str]]
    since: str
    until: str
    sort: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.query or self.since or self.until or any(self.values.values()))

    @property
    def filters(self) -> Filters:
        """As a search takes them."""
        values = {name: tuple(listed) for name, listed in self.values.items()}
        return Filters(**values, since=self.since or None, until=self.until or None)

    def address(self, where: str = "/search", **changed: Any) -> str:
        """The address that asks for the same but for what is changed."""
        asked = {"q": self.query, **self.values, "from": self.since, "to": self.until, "sort": self.sort}
        return with_parameters(where, **(asked | changed))


def asked(visit: Visit) -> Asked:
    """What the address asks for: the parameters have the names of the options of `reftel search`."""
    values = {name: visit.listed(name) for name in _FILTERS}
    sort = visit.given("sort")
    return Asked(visit.given("q"), values, visit.given("from"), visit.given("to"), sort if sort in ORDERS else "")


def found(visit: Visit, what: Asked, *, count: int, with_facets: bool, excerpts: int = 1) -> Results:
    """The hits, as the reader may see them. Raises QueryError or UsageError for what cannot be read."""
    return search(
        visit.archive,
        what.query,
        filters=what.filters,
        count=count,
        after=visit.given("after") or None,
        sort=what.sort or None,  # type: ignore[arg-type]  # one of ORDERS
        clearance=visit.clearance,
        with_facets=with_facets,
        excerpts=excerpts,
    )


def search_page(visit: Visit) -> Response:
    """The results; with nothing asked for, all cables, the newest first."""
    what = asked(visit)
    if not what.is_empty:
        visit.note("searched", what.address())
    try:
        told = visit.keep(("search", visit.request.url.query), lambda: part("_search.html", _shown(visit, what)))
    except (QueryError, UsageError) as error:
        told = part("_search.html", _refused(visit, what, error))
        return visit.page("search.html", status=400, query=what.query, has_own_box=True, told=told)
    return visit.page("search.html", query=what.query, has_own_box=True, told=told)


def _shown(visit: Visit, what: Asked) -> dict[str, Any]:
    """What the page tells of the cables that match."""
    results = found(visit, what, count=PAGE, with_facets=True)
    return {
        "query": what.query,
        "what": what,
        "results": results,
        "hits": shown_hits(visit, results.hits),
        "chart": _chart(visit, what, results),
        "undated": what.address(**{"from": "", "to": ""}),
        "facets": _facets(what, results),
        "chips": _chips(visit, what),
        "is_broad": results.total > _MANY and bool(what.query),
        "exports": [(kind, what.address(f"/search/export/{kind}", sort="")) for kind in KINDS],
        "more": what.address(after=results.next) if results.next else "",
        "sorts": [(order, what.address(sort=order)) for order in ORDERS],
        "error": None,
    }


def search_export(visit: Visit) -> Response:
    """All cables that match, the newest first, for other tools: jsonl, csv, bibtex, or a zip of texts."""
    what = asked(visit)
    try:
        ids = hit_ids(visit.archive, what.query, filters=what.filters, clearance=visit.clearance)
    except (QueryError, UsageError) as error:
        raise HTTPException(400, str(error)) from None
    if not what.is_empty:
        visit.note("searched", what.address())
    return exported(visit, visit.path("kind"), ids, name="cables")


def shown_hits(visit: Visit, hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """Hits as the page has them: where each of their paragraphs is."""
    addresses = addresses_of(visit, [hit.cable_id for hit in hits])
    found = [(hit.cable_id, each) for hit in hits for each in hit.excerpts]
    places = anchors(visit, [(cable, each.unit, each.number) for cable, each in found])
    paragraphs: dict[int, list[dict[str, Any]]] = {hit.cable_id: [] for hit in hits}
    for (cable, excerpt), place in zip(found, places, strict=True):
        paragraphs[cable].append({"excerpt": excerpt, "address": f"{addresses[cable]}#{place}"})
    return [{"hit": hit, "address": addresses[hit.cable_id], "paragraphs": paragraphs[hit.cable_id]} for hit in hits]


def _refused(visit: Visit, what: Asked, error: Exception) -> dict[str, Any]:
    """What the page tells of a query that cannot be read."""
    pointer = getattr(error, "pointer", "")
    return {"query": what.query, "what": what, "chips": _chips(visit, what), "error": error, "pointer": pointer}


def _chart(visit: Visit, what: Asked, results: Results) -> Any:
    shares = results.facets.years if results.facets else ()
    if what.since or what.until:
        shares = years_around(visit.archive, what.query, filters=what.filters, clearance=visit.clearance)
    years = {share.value: share.cables for share in shares}
    return histogram(
        years, lambda year: what.address(**{"from": str(year), "to": str(year)}), since=what.since, until=what.until
    )


def _facets(what: Asked, results: Results) -> list[dict[str, Any]]:
    """Each facet with the addresses that take a value in or out."""
    return [
        {"name": name, "title": title, "shares": [_share(what, name, each) for each in shares], "shown": _SHOWN_FACETS}
        for name, title, field in _FACETS
        if (shares := getattr(results.facets, field))
    ]


def _share(what: Asked, name: str, share: Share) -> dict[str, Any]:
    chosen = what.values[name]
    is_chosen = share.value in chosen
    values = [value for value in chosen if value != share.value] if is_chosen else [*chosen, share.value]
    return {"share": share, "address": what.address(**cast("dict[str, Any]", {name: values})), "is_chosen": is_chosen}


def _chips(visit: Visit, what: Asked) -> list[dict[str, str]]:
    """The filters in force, each with the address without it."""
    made = [
        {
            "text": _named(visit, name, value),
            "without": what.address(**cast("dict[str, Any]", {name: [each for each in listed if each != value]})),
        }
        for name, listed in what.values.items()
        for value in listed
    ]
    if what.since or what.until:
        text = _span(what.since, what.until)
        made.append({"text": text, "without": what.address(**{"from": "", "to": ""})})
    return made


def _span(since: str, until: str) -> str:
    if since == until:
        return since
    return f"{since or '…'} – {until or '…'}"


def _named(visit: Visit, name: str, value: str) -> str:
    """What a filter's value is called."""
    if name == "post" and (at := post(value)):
        return at.name
    if name == "tag" and (entry := tag_entry(value)) and entry.name:
        return f"{value}, {entry.name}"
    return _entity_named(visit, value) if name == "entity" else value


def _entity_named(visit: Visit, value: str) -> str:
    """What an entity is called whose key or id a filter has."""
    view = by_name(visit, value)
    return view.name if view else value
