"""TEI P5: a document a cable and `entities.xml` with who is who, or one teiCorpus for a path that ends in .xml.

In the text of a cable, names point to its own list of entities (standOff); those of that list that are known across the
cables point on to `entities.xml` by `corresp`. In a corpus, the ids of each cable begin with `c` and its number.
"""

from __future__ import annotations

import re
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from reftel.export.across import Across
from reftel.export.places import many_files, new_text
from reftel.export.view import identifier
from reftel.export.xml import xml
from reftel.write import to_tei

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from reftel.export.across import AcrossEntity
    from reftel.export.view import Shown, View

_LISTS = {
    "PER": ("listPerson", "person", "persName"),
    "LOC": ("listPlace", "place", "placeName"),
    "ORG": ("listOrg", "org", "orgName"),
    "MISC": ("listNym", "nym", "orth"),
}
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = ' xmlns="http://www.tei-c.org/ns/1.0"'
_HEADER = (
    "<teiHeader>\n<fileDesc>\n<titleStmt><title>{title}</title></titleStmt>\n"
    "<publicationStmt><p>Made by reftel from an archive of cables; not published.</p></publicationStmt>\n"
    "<sourceDesc><p>Cables of an archive of reftel.</p></sourceDesc>\n</fileDesc>\n</teiHeader>\n"
)
# What `to_tei` writes: text and values are escaped, so that no quotation mark in them can look like these.
_ENTITY = re.compile(r'<(?:person|place|org|nym) xml:id="([^"]*)"')
_ID = re.compile(r' xml:id="')
_LINK = re.compile(r' ref="#')


def write_tei(view: View, path: Path) -> None:
    """Write the cables that are selected and their entities, as one file where `path` ends in .xml."""
    (_write_corpus if path.suffix.lower() == ".xml" else _write_files)(view, path)


def _write_files(view: View, path: Path) -> None:
    with many_files(path) as put, Across(view) as across:
        for shown in view.cables():
            across.add(shown)
            put(f"{shown.folder}/{shown.name}.xml", _linked(shown, "../entities.xml#"))
        put("entities.xml", _DECLARATION + "".join(_entities_document(across, _NAMESPACE)))


def _write_corpus(view: View, path: Path) -> None:
    with new_text(path) as file, Across(view) as across:
        file.write(f"{_DECLARATION}<teiCorpus{_NAMESPACE}>\n{_HEADER.format(title='Cables')}")
        for shown in view.cables():
            across.add(shown)
            file.write(_in_corpus(shown))
        file.writelines(_entities_document(across, ""))
        file.write("</teiCorpus>\n")


def _linked(shown: Shown, before: str) -> str:
    """The cable's document, its entities with what they are across the cables."""
    return _ENTITY.sub(partial(_with_link, shown, before), to_tei(shown.cable, masked=False))


def _with_link(shown: Shown, before: str, match: re.Match[str]) -> str:
    key = shown.keys.get(match[1])
    return f'{match[0]} corresp="{before}{identifier("entity", key)}"' if key else match[0]


def _in_corpus(shown: Shown) -> str:
    """The cable's document as a part of a corpus, its ids apart from those of other cables."""
    mark = f"c{shown.chosen.id}."
    text = _LINK.sub(f' ref="#{mark}', _ID.sub(f' xml:id="{mark}', _linked(shown, "#")))
    return text.removeprefix(_DECLARATION).replace(_NAMESPACE, "", 1)


def _entities_document(across: Across, namespace: str) -> Iterator[str]:
    """Who is who, as a document without a text. The entities pass once for each of the four lists."""
    yield f"<TEI{namespace}>\n{_HEADER.format(title='Persons, places, organizations and other names')}"
    lists = chain.from_iterable(_entity_list(across, kind) for kind in _LISTS)
    first = next(lists, None)
    if first is None:  # a document must hold something
        yield "<text><body><p/></body></text>\n</TEI>\n"
        return
    yield f"<standOff>\n{first}"
    yield from lists
    yield "</standOff>\n</TEI>\n"


def _entity_list(across: Across, kind: str) -> Iterator[str]:
    several = _LISTS[kind][0]
    entities = (each for each in across.entities() if each.type == kind)
    if first := next(entities, None):
        yield f"<{several}>\n"
        yield from map(_entity, chain([first], entities))
        yield f"</{several}>\n"


def _entity(entity: AcrossEntity) -> str:
    _, one, name = _LISTS[entity.type]
    return f'<{one} xml:id="{identifier("entity", entity.key)}">{"".join(_parts(entity, name))}</{one}>\n'


def _parts(entity: AcrossEntity, name: str) -> Iterable[str]:
    """The names and, where the element may have them, place, roles and how often it is named."""
    if entity.type == "MISC":
        for each in (entity.name, *entity.aliases):
            yield f"<form><orth>{xml(each)}</orth></form>"
        return
    yield f"<{name}>{xml(entity.name)}</{name}>"
    for alias in entity.aliases:
        yield f'<{name} type="alias">{xml(alias)}</{name}>'
    if entity.type == "LOC" and entity.latitude is not None:
        yield f"<location><geo>{entity.latitude} {entity.longitude}</geo></location>"
    for role in entity.roles:
        yield f'<note type="role">{xml(role.role)}</note>'
    yield f'<note type="cables">{entity.cables}</note>'
