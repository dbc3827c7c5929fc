"""Pages from templates: the environment, what every template knows, and how values are written."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from reftel.tables import country_of_code
from reftel.web import static
from reftel.web.prose import marked, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reftel.web.visit import Visit

_PLACES = (
    ("/search", "Search"),
    ("/browse", "Browse"),
    ("/entities", "Names"),
    ("/meetings", "Meetings"),
    ("/statements", "Statements"),
    ("/shelf", "Shelf"),
    ("/archive", "Archive"),
)
TYPES = {"PER": "Persons", "LOC": "Places", "ORG": "Organizations", "MISC": "Other names"}
TYPE = {"PER": "Person", "LOC": "Place", "ORG": "Organization", "MISC": "Other name"}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def render(visit: Visit, template: str, context: Mapping[str, Any]) -> str:
    """The page as text."""
    theme = visit.request.cookies.get("reftel-theme", "")
    held = {
        "theme": theme if theme in {"light", "dark"} else "",
        "archive": visit.settings.title,
        "path": visit.request.url.path,
        "places": _PLACES,
        "user": visit.user,
        "token": visit.token,
        "bare": False,
        "masthead": False,
        "has_own_box": False,
        "query": "",
    }
    return _environment().get_template(template).render(held | dict(context))


def part(template: str, context: Mapping[str, Any]) -> Markup:
    """A part of a page that knows nothing of who reads, so that it may be kept for others."""
    return Markup(_environment().get_template(template).render(context))  # noqa: S704  # the template escapes


def tone(classification: str | None) -> str:
    """The class of style that a classification has."""
    return f"tone-{classification.lower().replace(' ', '-')}" if classification else "tone-unknown"


def day(cell: str | datetime | None) -> str:
    """A day as people write it: "26 January 2009"; a month or a year where no more is known; empty for none."""
    if isinstance(cell, datetime):
        cell = cell.astimezone(UTC).isoformat()
    year, month, date = [*(cell or "")[:10].split("-"), "", "", ""][:3]
    name = _MONTHS[int(month) - 1] if month.isdecimal() and 1 <= int(month) <= len(_MONTHS) else ""
    return " ".join(part for part in (date.lstrip("0"), name, year) if part)


def short_day(cell: str | None) -> str:
    """A day in little room: "26 Jan 2009"."""
    parts = day(cell).split(" ")
    return " ".join(part[:3] if part in _MONTHS else part for part in parts)


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its word: "1 cable", "1,269 cables"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def country(code: str | None) -> str:
    """The name of the country with that code; the code where no list has it."""
    found = country_of_code(code) if code else None
    return found.name if found else code or ""


def with_parameters(where: str, **parameters: Any) -> str:
    """An address with the parameters that are not empty; a list gives several."""
    pairs = [
        _pair(name, each)
        for name, value in parameters.items()
        for each in (value if isinstance(value, list | tuple) else [value])
        if each not in (None, "")
    ]
    return f"{where}?{'&'.join(pairs)}" if pairs else where


@lru_cache(maxsize=4096, typed=True)
def _pair(name: str, value: str | int) -> str:
    """Kept: one page has the same parameters in a hundred addresses."""
    return urlencode([(name, value)])


def entity_address(key: str) -> str:
    """The address of an entity's page."""
    return f"/entity/{quote(key, safe=':/')}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reftel.web"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"static": static.address, "TYPE": TYPE, "TYPES": TYPES, "to": with_parameters}
    environment.filters |= {
        "tone": tone, "day": day, "short_day": short_day, "shown": shown, "marked": marked, "entity": entity_address,
        "number": "{:,}".format, "count": count, "country": country,
    }  # fmt: skip
    return environment
