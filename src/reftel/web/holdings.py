"""The archive itself: what is in it, how far its stages are, and what failed and why."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from reftel.archive.search import search

if TYPE_CHECKING:
    from starlette.responses import Response

    from reftel.web.visit import Visit

_FAILURES = 200
_COUNTED = {
    "cables": "Cables",
    "units": "Paragraphs and other units",
    "mentions": "Mentions of names",
    "entities": "Persons, places, organizations and other names",
    "meetings": "Meetings",
    "statements": "Statements",
    "versions": "Links between versions of a cable",
}


def archive_page(visit: Visit) -> Response:
    """What the archive holds, how far its stages are, and what failed."""
    return visit.page("archive.html", **visit.keep("holdings", partial(holdings, visit)))


def holdings(visit: Visit) -> dict[str, Any]:
    """Counts, stages and failures. A reader who does not see all is told only how many cables there are to see."""
    seen = search(visit.archive, "", count=0, clearance=visit.clearance).total
    whole = visit.sight.is_full
    return {
        "total": seen,
        "span": _span(visit),
        "counts": _counts(visit) if whole else [],
        "stages": _stages(visit) if whole else [],
        "failures": _failures(visit) if whole else [],
        "failed": _one(visit, "SELECT count(*) FROM failures") if whole else 0,
    }


def _span(visit: Visit) -> dict[str, Any]:
    """When the first and the last cable that may be seen were sent, and from how many posts they are."""
    row = visit.archive.execute(
        f"SELECT min(sent), max(sent), count(DISTINCT post_code) FROM cables WHERE {visit.sight.cables()}"  # noqa: S608  # ours
    ).fetchone()
    return {"first": row[0], "last": row[1], "posts": row[2]}


def _counts(visit: Visit) -> list[tuple[str, int]]:
    return [(name, _one(visit, f"SELECT count(*) FROM {table}")) for table, name in _COUNTED.items()]  # noqa: S608  # ours


def _stages(visit: Visit) -> list[dict[str, Any]]:
    """What did each stage, and on how many cables."""
    stages = {"parsed_by": "Read and parsed", "tagged_by": "Names tagged", "related_by": "Meetings and statements"}
    return [
        {"stage": title, "by": row[0] or "still to do", "cables": row[1]}
        for column, title in stages.items()
        for row in visit.archive.execute(f"SELECT {column}, count(*) FROM cables GROUP BY 1 ORDER BY 2 DESC")  # noqa: S608  # ours
    ]


def _failures(visit: Visit) -> list[Any]:
    return visit.archive.execute("SELECT * FROM failures ORDER BY at DESC, id LIMIT ?", (_FAILURES,)).fetchall()


def _one(visit: Visit, query: str) -> int:
    return int(visit.archive.execute(query).fetchone()[0])
