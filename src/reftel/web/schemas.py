"""What each address of the API answers, as JSON Schema for its OpenAPI description.

Records are read off their classes, so that the description is what the answers are made of; lists that pages share are
written out here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from reftel.archive.decisions import Decision
from reftel.archive.search import Hit, Results
from reftel.archive.told import Told
from reftel.model import Cable
from reftel.write.json import keys

Schema = dict[str, Any]

_PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    datetime: {"type": "string", "format": "date-time"},
}
# Names that are looked up only for types, where the class itself is made without them.
_NAMES = {"Mapping": Mapping, "Any": Any}
_TEXT, _NUMBER, _REAL, _TRUTH = _PLAIN[str], _PLAIN[int], _PLAIN[float], _PLAIN[bool]
_SOME_TEXT: Schema = {"type": ["string", "null"]}
_SOME_NUMBER: Schema = {"type": ["integer", "null"]}
ERROR: Schema = {"type": "object", "required": ["error"], "properties": {"error": _TEXT}}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}


def _page(row: Schema) -> Schema:
    return _object(rows=_list(row), next=_SOME_TEXT)


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_LINE: dict[str, Schema] = {
    "id": _NUMBER, "mrn": _SOME_TEXT, "sent": _SOME_TEXT, "post": _SOME_TEXT, "classification": _SOME_TEXT,
    "address": _TEXT, "subject": _TEXT,
}  # fmt: skip
_PLACED: dict[str, Schema] = {
    "id": _NUMBER, "mrn": _SOME_TEXT, "sent": _SOME_TEXT, "post": _SOME_TEXT, "cable_id": _NUMBER,
    "paragraph": _SOME_NUMBER, "position": _NUMBER, "text": _TEXT, "score": {"type": ["number", "null"]},
}  # fmt: skip
_WHO = _object(name=_TEXT, type=_TEXT, address=_SOME_TEXT, key=_SOME_TEXT, role=_SOME_TEXT)
_NOBODY_KNOWN = _object(name=_TEXT)  # who is told of without a name, "a journalist"
_SOME_WHO: Schema = {"anyOf": [_WHO, _PLAIN[NoneType]]}
_MEETING = _object(
    **_PLACED, date=_SOME_TEXT, until=_SOME_TEXT, kind=_TEXT, status=_TEXT, staff=_list(_TEXT),
    participants=_list(_WHO), place=_SOME_WHO,
)  # fmt: skip
_STATEMENT = _object(
    **_PLACED, source=_SOME_WHO, cue=_SOME_TEXT, content={"type": ["array", "null"], "items": _NUMBER},
    addressee={"anyOf": [_WHO, _NOBODY_KNOWN, _PLAIN[NoneType]]}, quoted=_TRUTH, denied=_TRUTH, voice=_TEXT,
    within=_SOME_WHO,
)  # fmt: skip
_VERSION = _object(mrn=_SOME_TEXT, kind=_TEXT, similarity=_REAL, address=_TEXT)
_GROUP = _object(name=_TEXT, items=_list(_object(name=_TEXT, cables=_NUMBER, address=_TEXT)))
_NOTE = _object(
    id=_NUMBER, owner=_TEXT, cable=_TEXT, unit=_SOME_NUMBER, label=_TEXT, text=_TEXT, at=_TEXT, mrn=_SOME_TEXT,
    address=_TEXT, quote=_TEXT, number=_SOME_NUMBER,
)  # fmt: skip
_ROLE = _object(role=_TEXT, cables=_NUMBER, first=_SOME_TEXT, last=_SOME_TEXT)
_COMPANION = _object(key=_TEXT, type=_TEXT, name=_TEXT, cables=_NUMBER)
_FAILURE = _object(source=_TEXT, stage=_TEXT, reason=_TEXT, at=_TEXT)
_HOLDINGS = _object(
    total=_NUMBER,
    span=_object(first=_SOME_TEXT, last=_SOME_TEXT, posts=_NUMBER),
    counts=_list({"type": "array", "prefixItems": [_TEXT, _NUMBER]}),
    stages=_list(_object(stage=_TEXT, by=_TEXT, cables=_NUMBER)),
    failures=_list(_FAILURE),
    failed=_NUMBER,
)
_ENTITY_WITH_ROLES: Schema = {
    "allOf": [_ref("Told"), {"type": "object", "required": ["roles"], "properties": {"roles": _list(_ROLE)}}]
}
_ANSWERS: dict[str, Schema] = {
    "/api/search": _ref("Results"),
    "/api/cable/{cable}": _ref("Cable"),
    "/api/cable/{cable}/raw": _object(mrn=_SOME_TEXT, text=_TEXT, body_start=_SOME_NUMBER),
    "/api/cable/{cable}/referring": _list(_object(**_LINE)),
    "/api/cable/{cable}/versions": _list(_VERSION),
    "/api/browse/{way}": _list(_GROUP),
    "/api/shelf": _object(cables=_list(_object(**_LINE, at=_TEXT)), notes=_list(_NOTE)),
    "/api/decisions": _list(_ref("Decision")),
    "/api/entity/{key}": _ENTITY_WITH_ROLES,
    "/api/entities": _page(_ref("Told")),
    "/api/company/{key}": _object(read=_NUMBER, rows=_list(_COMPANION)),
    "/api/archive": _HOLDINGS,
    "/api/meetings": _page(_MEETING),
    "/api/statements": _page(_STATEMENT),
}


def answer(path: str) -> Schema:
    """The schema of what a path answers; empty, so that anything fits, where it answers with other than JSON."""
    return _ANSWERS.get(path, {})


@cache
def records() -> dict[str, Schema]:
    """The schema of every record that the answers refer to, by the name of its class."""
    found: dict[str, Schema] = {}
    for record in (Results, Hit, Told, Decision, Cable):
        _describe(record, found)
    return dict(sorted(found.items()))


def _describe(record: type, found: dict[str, Schema]) -> None:
    """Put a record's schema, and those of the records in it, among those found."""
    if record.__name__ in found:
        return
    found[record.__name__] = {}  # a record may hold others of its kind
    hints = get_type_hints(record, localns=_NAMES)
    if record is Cable:
        hints["repairs"] = get_type_hints(Cable.repairs.fget)["return"]  # type: ignore[attr-defined]  # a property
    is_model = record.__module__ == Cable.__module__
    names = keys(record) if is_model else [field.name for field in fields(record)]
    # An entity is described with its roles by another record's side, so nothing is said of what else may be there.
    found[record.__name__] = {
        "type": "object",
        "required": list(names),
        "properties": {name: _schema(hints[name], found) for name in names},
    }


def _schema(kind: Any, found: dict[str, Schema]) -> Schema:
    """The schema of a type."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    if is_dataclass(kind):
        _describe(kind, found)  # type: ignore[arg-type]  # a class, never an instance
        return _ref(kind.__name__)  # type: ignore[union-attr]  # a class
    if hasattr(kind, "_fields"):
        return {"type": "array", "prefixItems": [_schema(each, found) for each in get_type_hints(kind).values()]}
    return _compound(get_origin(kind), get_args(kind), found)


def _compound(origin: Any, parts: tuple[Any, ...], found: dict[str, Schema]) -> Schema:
    """The schema of a type made of others."""
    if origin is Literal:
        return {"type": "string", "enum": list(parts)}
    if origin is tuple and parts[-1] is Ellipsis:
        return _list(_schema(parts[0], found))
    if origin is tuple:
        return {"type": "array", "prefixItems": [_schema(each, found) for each in parts]}
    if origin is Mapping:
        return {"type": "object"}
    if origin is Union or NoneType in parts:
        return {"anyOf": [_schema(each, found) for each in parts]}
    return {}


def told(schema: Schema) -> list[tuple[str, str]]:
    """The fields of a record, or of an answer or each of its rows: name, and in a word or two what it is."""
    if "$ref" in schema:
        return told(records()[_name(schema)])
    if "allOf" in schema:
        return [field for each in schema["allOf"] for field in told(each)]
    if "items" in schema:
        return told(schema["items"])
    return [(name, in_words(each)) for name, each in schema.get("properties", {}).items()]


def in_words(schema: Schema) -> str:
    """What a value is, in a word or two."""
    if "$ref" in schema:
        return _name(schema)
    if "anyOf" in schema or "enum" in schema:
        choices = schema["enum"] if "enum" in schema else map(in_words, schema["anyOf"])
        return " | ".join(dict.fromkeys(choices))
    if "prefixItems" in schema:
        return f"[{', '.join(map(in_words, schema['prefixItems']))}]"
    if "properties" in schema:
        return "{" + ", ".join(schema["properties"]) + "}"
    if "items" in schema:
        return f"list of {in_words(schema['items'])}"
    kinds = schema.get("type", "anything")
    return kinds if isinstance(kinds, str) else " | ".join(kinds)


def _name(schema: Schema) -> str:
    return str(schema["$ref"]).rpartition("/")[2]
