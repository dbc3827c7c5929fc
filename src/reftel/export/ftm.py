"""FollowTheMoney entities as JSON lines, for OpenAleph and other tools that read them.

A cable is a PlainText document; a person, organisation or place across the cables a Person, an Organization (a
PublicBody where the tables know it for a government or post) or an Address; what a cable calls one of them is a Mention
that is resolved to it; a meeting that took place an Event with those who took part as involved. Names of other kinds
(MISC) have no schema there and are left out. Ids are the same in every export of the same archive, so that importing
again changes what is there and doubles nothing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import UTC
from functools import cache
from typing import TYPE_CHECKING

from reftel.export.across import Across
from reftel.export.joined import joined
from reftel.export.places import new_text
from reftel.export.view import identifier
from reftel.tables import country_of_code, post_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from reftel.export.across import AcrossEntity
    from reftel.export.view import Shown, View
    from reftel.model import Cable, Meeting

    Properties = dict[str, Iterable[str | None]]

_SCHEMAS = {"PER": "Person", "ORG": "Organization", "LOC": "Address"}
_PUBLIC = ("government:", "post:")
# States of the time that FollowTheMoney knows by a code of its own, or by a state that came after.
_CODES = {"CS": "cshh", "SU": "suhh", "YU": "yucs", "AN": "nl", "VD": "vn", "RH": "zw", "YD": "ye", "PC": ""}
# The same by their TAGS codes, where ISO 3166 had none: the Gaza Strip, the West Bank and both, Serbia and Montenegro,
# the Yemen Arab Republic, South Vietnam, West Berlin.
_BY_TAGS = {"GZ": "ps", "WE": "ps", "KWBG": "ps", "YI": "csxx", "YE": "ye", "VS": "vn", "WB": "de"}
_TEXTS = frozenset({"bodyText", "summary"})  # all other properties are of one line
_MENTIONED = {"PER": "peopleMentioned", "ORG": "companiesMentioned", "LOC": "locationMentioned"}


def write_ftm(view: View, path: Path) -> None:
    """Write one entity a line: each cable's document, mentions and events as it passes, at the end who they name."""
    with new_text(path) as file, Across(view) as across:
        for shown in view.cables():
            across.add(shown)
            file.writelines(_of_cable(shown))
        for entity in across.entities():
            if entity.type in _SCHEMAS:
                file.write(_of_entity(entity))


def _of_cable(shown: Shown) -> Iterator[str]:
    document = identifier("cable", shown.chosen.content_hash)
    yield _line(document, "PlainText", _document(shown))
    yield from _mentions(shown, document)
    for number, meeting in enumerate(shown.cable.meetings):
        properties = {**_event(shown, meeting), "proof": [document]}
        yield _line(identifier("meeting", shown.chosen.content_hash, number), "Event", properties)


def _document(shown: Shown) -> Properties:
    cable = shown.cable
    sent = f"{cable.sent.astimezone(UTC):%Y-%m-%dT%H:%M}" if cable.sent else None  # a date-time group has no seconds
    summary = [unit.text for unit in cable.units if unit.kind == "summary"]
    named: dict[str, list[str]] = {
        name: [each.text for each in cable.mentions if each.type == kind] for kind, name in _MENTIONED.items()
    }
    return {
        "title": [cable.subject or cable.mrn],
        "fileName": [f"{shown.name}.txt"],
        "messageId": [cable.mrn],
        "author": [cable.post],
        "date": [sent],
        "authoredAt": [sent],
        "country": [_country_of_post(cable.post)],
        "language": ["eng"],
        "mimeType": ["text/plain"],
        "keywords": [*_keywords(cable)],
        "summary": summary,
        "bodyText": [joined(cable)],
        **named,
    }


def _keywords(cable: Cable) -> Iterator[str]:
    for tag in cable.tags:
        yield tag.code
        if tag.name:
            yield tag.name
    if cable.classification:
        yield cable.classification
    yield from cable.captions


def _mentions(shown: Shown, document: str) -> Iterator[str]:
    """One Mention for each entity that the cable names, with all its names there, and one for each name of no entity.

    Two entities of the cable that are one across the cables are one here, too.
    """
    entities = {entity.id: entity for entity in shown.cable.entities}
    names: defaultdict[tuple[str, str, bool], list[str]] = defaultdict(list)
    countries: dict[str, list[str | None]] = defaultdict(list)
    for each in shown.cable.mentions:
        entity = entities.get(each.entity or "")
        key = shown.key(entity) if entity else each.text
        names[entity.type if entity else each.type, key, entity is not None].append(each.text)
        countries[key] += [_country_code(entity.country)] if entity else []
    for (kind, key, is_known), found in names.items():
        if kind in _SCHEMAS:
            properties: Properties = {
                "document": [document],
                "name": found,
                "detectedSchema": [_schema(kind, key)],
                "resolved": [identifier("entity", key)] if is_known else [],
                "contextCountry": countries[key] if is_known else [],
            }
            yield _line(identifier("mention", document, kind, key, is_known), "Mention", properties)


def _event(shown: Shown, meeting: Meeting) -> Properties:
    entities = {entity.id: entity for entity in shown.cable.entities}
    present = [entities[label] for label in meeting.participants if label in entities]
    place = entities.get(meeting.place or "")
    text = shown.cable.units[meeting.unit].text[meeting.start : meeting.end]
    return {
        "name": [f"{meeting.kind.capitalize()}: {', '.join([*(each.name for each in present), *meeting.staff])}"],
        "date": [meeting.date] if not meeting.until else [],
        "startDate": [meeting.date] if meeting.until else [],
        "endDate": [meeting.until],
        "location": [place.name if place else None],
        "involved": [identifier("entity", shown.key(each)) for each in present if each.type in {"PER", "ORG"}],
        "summary": [text],
    }


def _of_entity(entity: AcrossEntity) -> str:
    schema = _schema(entity.type, entity.key)
    properties: Properties = {
        "name": [entity.name],
        "alias": entity.aliases,
        "country": [_country_code(entity.country)],
    }
    if schema == "Person":
        properties["position"] = [role.role for role in entity.roles]
    if schema == "Address":
        properties["full"] = [entity.name]
        properties["latitude"] = [_number(entity.latitude)]
        properties["longitude"] = [_number(entity.longitude)]
    return _line(identifier("entity", entity.key), schema, properties)


def _schema(kind: str, key: str) -> str:
    return "PublicBody" if kind == "ORG" and key.startswith(_PUBLIC) else _SCHEMAS[kind]


def _number(value: float | None) -> str | None:
    return None if value is None else str(value)


@cache
def _country_code(code: str | None) -> str | None:
    """The code that FollowTheMoney has for a country with this TAGS code: ISO 3166 in small letters, but for some."""
    found = country_of_code(code) if code else None
    return _BY_TAGS.get(code or "") or (_CODES.get(found.iso2, found.iso2.lower()) if found else None)


@cache
def _country_of_post(name: str | None) -> str | None:
    found = post_of(name) if name else None
    return _country_code(found.country_code) if found else None


def _line(number: str, schema: str, properties: Properties) -> str:
    """An entity as a line: of each property the values that there are, each once."""
    found = {name: _values(values, as_is=name in _TEXTS) for name, values in properties.items()}
    entity = {"id": number, "schema": schema, "properties": {name: values for name, values in found.items() if values}}
    return json.dumps(entity, ensure_ascii=False) + "\n"


def _values(values: Iterable[str | None], *, as_is: bool) -> list[str]:
    """The values that there are, each once, in their order."""
    found = (value if as_is else " ".join(value.split()) for value in values if value)
    return list(dict.fromkeys(value for value in found if value))
