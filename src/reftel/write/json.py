"""JSON, one line a cable: the record as `reftel.model` has it, keys and all.

Left out are the raw text and what leads back to it (`raw`, `raw_start`, `raw_end`, `edits`), and `outer_repairs`,
which `repairs` lists with the rest. Datetimes are ISO 8601 in UTC ("2009-01-26T16:57:00Z").
"""

from __future__ import annotations

import json
import re
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from reftel.model import Cable, Unit
from reftel.write.masks import mask

if TYPE_CHECKING:
    from collections.abc import Callable

_LEFT_OUT = frozenset({"raw", "raw_start", "raw_end", "edits", "outer_repairs"})
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def to_json(cable: Cable, *, masked: bool = True) -> str:
    """The cable as one line of JSON, without a line feed; characters stand as they are, but lone surrogates escaped."""
    line = json.dumps(mask(cable) if masked else cable, ensure_ascii=False, default=_level)
    return _LONE_SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", line)


def to_dict(cable: Cable, *, masked: bool = True) -> dict[str, object]:
    """The same as `to_json`, as dicts, lists, strings, numbers and None."""
    made: dict[str, object] = _plain(mask(cable) if masked else cable)
    return made


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    level = _level(value)
    return {key: _plain(each) for key, each in level.items()} if isinstance(level, dict) else level


def _level(value: object) -> dict[str, Any] | str:
    """One level of what JSON does not know: a record as a dict of its fields, a datetime as a string."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    names, values = _keys(type(value))  # type: ignore[arg-type]  # mypy takes the instances' __hash__ for the class's
    return dict(zip(names, values(value), strict=True))


def keys(record: type) -> tuple[str, ...]:
    """The keys that a record of the model has in JSON, in order."""
    return _keys(record)[0]


@cache
def _keys(record: type) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """The keys of a record, in order, and the function that gets their values."""
    names = [field.name for field in fields(record) if field.name not in _LEFT_OUT]
    if record is Cable:
        names.insert(names.index("units"), "repairs")
    if record is Unit:
        names.sort(key="text".__eq__)
    return tuple(names), attrgetter(*names)
