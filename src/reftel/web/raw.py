"""The raw text beside the clean text, with what was mended; and how two versions of a cable differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from reftel.archive.versions import diff
from reftel.web.addresses import NO_CABLE, address_of, find
from reftel.web.cut import see

if TYPE_CHECKING:
    from starlette.responses import Response

    from reftel.model import Cable, Unit
    from reftel.web.visit import Visit

_WRAPS = frozenset({"wrap", "break", "space"})


def raw_page(visit: Visit) -> Response:
    """Each unit as it is read beside the text it was made from; only for who may see the whole cable."""
    seen = find(visit, with_raw=True)
    if not seen.is_whole:
        raise HTTPException(404, "The raw text of this cable is not to be seen with your clearance.")
    raw = seen.cable.raw
    rows = [{"text": unit.text, "raw": unit.undo(), "mended": _mended(unit)} for unit in seen.cable.units]
    return visit.page(
        "raw.html",
        cable=seen.cable,
        address=address_of(visit.archive, seen.id),
        header=raw.text[: raw.body_start] if raw and raw.body_start else "",
        rows=rows,
    )


def diff_page(visit: Visit) -> Response:
    """The two cables unit by unit, what is the same and what is not; each as the reader sees it."""
    seen = find(visit)
    number = visit.path("other")
    other = see(visit, int(number)) if number.isdecimal() and len(number) < 16 else None
    if other is None:
        raise HTTPException(404, NO_CABLE)
    return visit.page(
        "diff.html",
        one=seen.cable,
        other=other.cable,
        address=address_of(visit.archive, seen.id),
        other_address=address_of(visit.archive, other.id),
        steps=_steps(seen.cable, other.cable),
    )


def _mended(unit: Unit) -> list[dict[str, str]]:
    return [
        {"kind": edit.kind, "before": edit.before.strip(), "after": edit.after}
        for edit in unit.edits
        if edit.kind not in _WRAPS and edit.before.strip()
    ]


def _steps(one: Cable, other: Cable) -> list[dict[str, Any]]:
    return [
        {
            "kind": step.kind,
            "one": [one.units[place].text for place in step.first],
            "other": [other.units[place].text for place in step.second],
        }
        for step in diff(one, other)
    ]
