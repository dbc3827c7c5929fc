"""Cables as rows of the tables, and back: the columns are the fields of `reftel.model`."""

from __future__ import annotations

import json
import zlib
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from reftel.archive.clearance import level, unit_controls, unit_level
from reftel.archive.fingerprints import fingerprint
from reftel.model import Addressee, Cable, Doubt, Edit, Markup, Officer, RawCable, RawMention, Reference, Repair, Tag
from reftel.tables import post_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from reftel.model import Unit

Row = dict[str, Any]

_PLAIN = (
    "mrn", "post", "classification", "precedence", "subject", "executive_order", "declassify_on", "sections",
    "signature", "dtg", "transmission", "drafted_by", "approved_by", "corrected",
)  # fmt: skip
_LISTS = ("captions", "reasons", "passing")
_UNIT = ("kind", "number", "heading", "text", "raw_start", "raw_end")
_ADDRESSEE_LISTS = ("action", "info", "exempt")


def cable_row(cable: Cable) -> Row:
    """The row of `cables`, without its id, hash and stages."""
    officer = cable.classified_by or Officer(None, None)
    return {
        **{name: getattr(cable, name) for name in _PLAIN},
        **{name: to_list(getattr(cable, name)) for name in _LISTS},
        "sent": to_time(cable.sent),
        "post_code": post_code(cable.post) if cable.post else None,
        "level": level(cable.classification),
        "classified_by_name": officer.name,
        "classified_by_title": officer.title,
        "partial": int(cable.partial),
    }


def cable_fields(row: Mapping[str, Any]) -> Row:
    """The fields of Cable that a row of `cables` gives."""
    name, title = row["classified_by_name"], row["classified_by_title"]
    return {
        **{name: row[name] for name in _PLAIN},
        **{name: from_list(row[name]) for name in _LISTS},
        "sent": from_time(row["sent"]),
        "classified_by": None if name is None and title is None else Officer(name, title),
        "partial": bool(row["partial"]),
    }


def unit_rows(cable: Cable) -> Iterator[Row]:
    """The rows of `units`, without ids."""
    for position, unit in enumerate(cable.units):
        yield {
            **{name: getattr(unit, name) for name in _UNIT},
            "position": position,
            "classification": unit.marking.classification if unit.marking else None,
            "captions": to_list(unit.marking.captions) if unit.marking else None,
            "level": unit_level(unit, cable),
            "controls": to_list(unit_controls(unit, cable)),
            "fingerprint": fingerprint(unit.text),
        }


def addressee_rows(cable: Cable) -> Iterator[Row]:
    """The rows of `addressees`."""
    for name in _ADDRESSEE_LISTS:
        for position, each in enumerate(getattr(cable, name)):
            yield {"list": name, "position": position, **_shallow(each), "offices": to_list(each.offices)}


def addressees(rows: Iterable[Mapping[str, Any]]) -> Row:
    """The addressees by the name of their list; rows in order."""
    held: dict[str, list[Addressee]] = {name: [] for name in _ADDRESSEE_LISTS}
    for row in rows:
        given = Addressee(row["name"], row["route"], row["precedence"], row["mcn"], from_list(row["offices"]))
        held[row["list"]].append(given)
    return {name: tuple(listed) for name, listed in held.items()}


def positioned_rows(records: Iterable[Tag | Reference | Doubt]) -> Iterator[Row]:
    """The rows of `tags`, `references` or `doubts`: the record's fields and its position."""
    for position, record in enumerate(records):
        yield {"position": position, **_shallow(record)}


def raw_row(cable: Cable, raw: RawCable) -> Row:
    """The row of `raw_cables`."""
    return {
        "source": raw.source,
        "reader": raw.reader,
        "text": _packed(raw.text),
        "body_start": raw.body_start,
        "claimed_mrn": raw.claimed_mrn,
        "claimed_sent": to_time(raw.claimed_sent),
        "claimed_post": raw.claimed_post,
        "claimed_classification": raw.claimed_classification,
        "markup": to_list([each.at, each.text] for each in raw.markup),
        "mentions": to_list([each.start, each.end, each.type] for each in raw.mentions),
        "edits": _packed(to_list(_edit_lists(cable.units))),
        "outer_repairs": to_list([e.kind, e.unit, e.start, e.before, e.after] for e in cable.outer_repairs),
    }


def raw_cable(row: Mapping[str, Any]) -> RawCable:
    """The raw cable of a row of `raw_cables`."""
    claimed = {name: row[name] for name in ("claimed_mrn", "claimed_post", "claimed_classification")}
    return RawCable(
        source=row["source"],
        reader=row["reader"],
        text=_unpacked(row["text"]),
        body_start=row["body_start"],
        claimed_sent=from_time(row["claimed_sent"]),
        markup=tuple(Markup(*each) for each in json.loads(row["markup"])),
        mentions=tuple(RawMention(*each) for each in json.loads(row["mentions"])),
        **claimed,
    )


def edits_of(row: Mapping[str, Any]) -> dict[int, tuple[Edit, ...]]:
    """The edits of each unit, by its position, from a row of `raw_cables`."""
    held: dict[int, list[Edit]] = {}
    for unit, *edit in json.loads(_unpacked(row["edits"])):
        held.setdefault(unit, []).append(Edit(*edit))
    return {unit: tuple(listed) for unit, listed in held.items()}


def outer_repairs(row: Mapping[str, Any]) -> tuple[Repair, ...]:
    """The repairs outside the units, from a row of `raw_cables`."""
    return tuple(Repair(*each) for each in json.loads(row["outer_repairs"]))


def to_list(values: Iterable[Any]) -> str:
    """A list as JSON, characters as they are."""
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))


def from_list(cell: str) -> tuple[Any, ...]:
    """A list from its JSON."""
    return tuple(json.loads(cell))


def to_time(time: datetime | None) -> str | None:
    """ISO 8601 in UTC, "2009-01-26T16:57:00Z"."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z") if time else None


def from_time(cell: str | None) -> datetime | None:
    """A datetime in UTC from `to_time`."""
    return datetime.fromisoformat(cell) if cell else None


def _edit_lists(units: Iterable[Unit]) -> Iterator[list[Any]]:
    for position, unit in enumerate(units):
        for edit in unit.edits:
            yield [position, edit.kind, edit.start, edit.before, edit.after]


def _shallow(record: Any) -> Row:
    return {name: getattr(record, name) for name in _names(type(record))}  # type: ignore[arg-type]  # mypy takes the instances' __hash__ for the class's


@cache
def _names(record: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(record))


def _packed(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 6)


def _unpacked(data: bytes) -> str:
    return zlib.decompress(data).decode("utf-8", "surrogatepass")
