"""Help: how to ask, and what the marks mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reftel.web.entity import listed

if TYPE_CHECKING:
    from starlette.responses import Response

    from reftel.web.visit import Visit

# What one writes, and what it finds.
EXAMPLES = (
    ("gas pipeline", "cables with both words, anywhere in them"),
    ('"human rights"', "the words side by side"),
    ("gas OR oil", "either word"),
    ("visit NOT minister", "the one without the other"),
    ("negotiat*", "all words that begin so"),
    ("gas w/5 pipeline", "the words within five words of each other"),
    ("~Qadhafi", "the name, however it is spelled"),
    ("subject:visit", "the word in the subject line"),
    ("post:Madrid from:2008 to:2009-06", "of a post, between two dates"),
    ("tag:PREL", "with a TAGS code; its meaning in quotes will do as well"),
    ("signed:crocker", "by who signed"),
)


def help_page(visit: Visit) -> Response:
    """How to search, read and correct."""
    known, _ = listed(visit, "ORG", "", count=1)
    named = [(f'entity:"{each.name}"', "that mention an entity under any of its names") for each in known]
    return visit.page("help.html", examples=(*EXAMPLES, *named))
