"""The raw text beside the clean text, with what was mended; and how two versions of a cable differ."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from starlette.exceptions import HTTPException

from reftel.archive.versions import diff
from reftel.web.addresses import NO_CABLE, address_of, find
from reftel.web.cut import see
from reftel.web.prose import shown

if TYPE_CHECKING:
    from starlette.responses import Response

    from reftel.archive.versions import Change
    from reftel.model import Cable, Edit, Unit
    from reftel.web.cut import Seen
    from reftel.web.visit import Visit

_WRAPS = frozenset({"wrap", "break", "space"})
_WORD = re.compile(r"\s*\S+\s*?|\s+")
NO_RAW = "The raw text of this cable is not to be seen with your clearance."
_COMPARED = 4_000_000  # pairs of words that are compared, at most


def raw_page(visit: Visit) -> Response:
    """Each unit as it is read beside the text it was made from; only for who may see the whole cable."""
    seen = find(visit, with_raw=True)
    if not seen.is_whole:
        raise HTTPException(404, NO_RAW)
    note_raw(visit, seen)
    raw = seen.cable.raw
    rows = [{"raw": _before(unit), "clean": _after(unit)} for unit in seen.cable.units]
    return visit.page(
        "raw.html",
        cable=seen.cable,
        address=address_of(visit, seen.id),
        header=raw.text[: raw.body_start].strip() if raw and raw.body_start else "",
        rows=rows,
        repairs=Counter(repair.kind for repair in seen.cable.repairs).most_common(),
    )


def note_raw(visit: Visit, seen: Seen) -> None:
    """Write into the log that the raw text was read."""
    visit.note("read", f"{seen.cable.mrn or f'cable {seen.id}'}, raw text")


def diff_page(visit: Visit) -> Response:
    """The two cables unit by unit, what is the same and what is not; each as the reader sees it."""
    seen = find(visit)
    number = visit.path("other")
    other = see(visit, int(number)) if number.isdecimal() and len(number) < 16 else None
    if other is None:
        raise HTTPException(404, NO_CABLE)
    for each in (seen, other):
        visit.note("read", f"{each.cable.mrn or f'cable {each.id}'}, compared")
    return visit.page(
        "diff.html",
        one=seen.cable,
        other=other.cable,
        address=address_of(visit, seen.id),
        other_address=address_of(visit, other.id),
        steps=_steps(seen.cable, other.cable),
    )


def _before(unit: Unit) -> Markup:
    """The unit's raw text, what was mended in it marked."""
    parts, here = [], 0
    for edit in unit.edits:
        parts += [shown(unit.text[here : edit.start]), _told(edit, "del", edit.before)]
        here = edit.start + len(edit.after)
    return Markup("").join([*parts, shown(unit.text[here:])])


def _after(unit: Unit) -> Markup:
    """The unit's clean text, what stands in the place of something mended marked."""
    parts, here = [], 0
    for edit in unit.edits:
        parts += [shown(unit.text[here : edit.start]), _told(edit, "ins", edit.after)]
        here = edit.start + len(edit.after)
    return Markup("").join([*parts, shown(unit.text[here:])])


def _told(edit: Edit, tag: str, text: str) -> Markup:
    """One side of an edit. A line break that was joined needs no mark, and an empty mark cannot be seen."""
    if edit.kind in _WRAPS or not text.strip():
        return shown(text)
    return Markup('<{0} title="{1}">{2}</{0}>').format(Markup(tag), edit.kind, shown(text))  # noqa: S704  # our tags


def _steps(one: Cable, other: Cable) -> list[dict[str, Any]]:
    return [
        {"kind": step.kind, "pairs": _pairs(one, other, step), "count": len(step.first)} for step in diff(one, other)
    ]


def _pairs(one: Cable, other: Cable, step: Change) -> list[tuple[Markup, Markup]]:
    """The units of a step side by side, the words marked that only one side has.

    Not in units with a redaction: a redaction is never filled from another copy, so none is set against its words.
    """
    sides = ([one.units[place].text for place in step.first], [other.units[place].text for place in step.second])
    if step.kind == "equal":
        return [(shown(left), shown(right)) for left, right in zip(*sides, strict=True)]
    redacted = _redacted(one, step.first) or _redacted(other, step.second)
    paired = zip_longest(*sides, fillvalue="")
    return [(_mark("del", left), _mark("ins", right)) if redacted else _words(left, right) for left, right in paired]


def _redacted(cable: Cable, places: range) -> bool:
    return any(gap.unit in places for gap in cable.redactions)


def _words(left: str, right: str) -> tuple[Markup, Markup]:
    """Two texts with the words marked that differ; as wholes where they are too long to compare word by word."""
    first, second = _WORD.findall(left), _WORD.findall(right)
    if len(first) * len(second) > _COMPARED:
        return _mark("del", left), _mark("ins", right)
    was, now = [], []
    for kind, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        before, behind = "".join(first[a:b]), "".join(second[c:d])
        was.append(shown(before) if kind == "equal" else _mark("del", before))
        now.append(shown(behind) if kind == "equal" else _mark("ins", behind))
    return Markup("").join(was), Markup("").join(now)


def _mark(tag: str, text: str) -> Markup:
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), shown(text)) if text else Markup("")  # noqa: S704  # our tags
