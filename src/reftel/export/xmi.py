"""UIMA CAS XMI, one file a cable and `TypeSystem.xml`, for INCEpTION and DKPro.

Names are of INCEpTION's own layer for named entities: `value` is the type, `identifier` the entity. Sentences and
tokens are reftel's. Offsets count UTF-16 code units from 0, as UIMA has them.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from reftel.export.joined import joined, placed_mentions, placed_units
from reftel.export.places import many_files
from reftel.export.view import identifier
from reftel.export.xml import xml
from reftel.tokens import sentence_tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from reftel.export.view import Shown, View

_DKPRO = "de.tudarmstadt.ukp.dkpro.core.api"
# The names of types that a file uses: prefix -> package.
_PACKAGES = {"segmentation": "segmentation.type", "ner": "ner.type", "metadata": "metadata.type"}
_SPACES = "".join(
    f' xmlns:{prefix}="http:///{f"{_DKPRO}.{package}".replace(".", "/")}.ecore"'
    for prefix, package in _PACKAGES.items()
)
_FEATURES = {
    f"{_DKPRO}.segmentation.type.Sentence": ("uima.tcas.Annotation", ("id",)),
    f"{_DKPRO}.segmentation.type.Token": ("uima.tcas.Annotation", ("id",)),
    f"{_DKPRO}.ner.type.NamedEntity": ("uima.tcas.Annotation", ("value", "identifier")),
    f"{_DKPRO}.metadata.type.DocumentMetaData": (
        "uima.tcas.DocumentAnnotation",
        ("documentTitle", "documentId", "documentUri", "collectionId", "documentBaseUri"),
    ),
}
_SOFA = 1  # the id of the text itself
_BEYOND = "\uffff"  # characters after this one are two code units


def write_xmi(view: View, path: Path) -> None:
    """Write a file a cable, by year, and the type system that they keep to."""
    with many_files(path) as put:
        put("TypeSystem.xml", "".join(_type_system()))
        for shown in view.cables():
            put(f"{shown.folder}/{shown.name}.xmi", "".join(_cas(shown)))


def _cas(shown: Shown) -> Iterator[str]:
    text = joined(shown.cable)
    annotations = [*_annotations(shown, text)]
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<xmi:XMI xmlns:xmi="http://www.omg.org/XMI"'
    yield f' xmlns:cas="http:///uima/cas.ecore"{_SPACES} xmi:version="2.0">\n<cas:NULL xmi:id="0"/>\n'
    for number, (element, attributes) in enumerate(annotations, _SOFA + 1):
        yield f'<{element} xmi:id="{number}" sofa="{_SOFA}"'
        yield "".join(f' {name}="{xml(value)}"' for name, value in attributes.items() if value is not None)
        yield "/>\n"
    yield f'<cas:Sofa xmi:id="{_SOFA}" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="{xml(text)}"/>\n'
    members = " ".join(str(number) for number in range(_SOFA + 1, _SOFA + 1 + len(annotations)))
    yield f'<cas:View sofa="{_SOFA}" members="{members}"/>\n</xmi:XMI>\n'


def _annotations(shown: Shown, text: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Each annotation's element and attributes."""
    at = _code_units(text)
    entities = {entity.id: shown.key(entity) for entity in shown.cable.entities}
    about = {"language": "en", "documentTitle": shown.name, "documentId": shown.chosen.content_hash}
    yield "metadata:DocumentMetaData", {"begin": 0, "end": at(len(text)), **about}
    for begin, own in placed_units(shown.cable):
        for sentence in sentence_tokens(own):
            ends = {"begin": at(begin + sentence[0][0]), "end": at(begin + sentence[-1][1])}
            yield "segmentation:Sentence", {**ends}
            for start, end in sentence:
                yield "segmentation:Token", {"begin": at(begin + start), "end": at(begin + end)}
    for each in placed_mentions(shown.cable):
        key = entities.get(each.entity or "")
        named = {"value": each.type, "identifier": identifier("entity", key) if key else None}
        yield "ner:NamedEntity", {"begin": at(each.start), "end": at(each.end), **named}


def _code_units(text: str) -> Callable[[int], int]:
    """What makes an offset in code points one in UTF-16 code units."""
    double = (
        [index for index, character in enumerate(text) if character > _BEYOND]
        if max(text, default="") > _BEYOND
        else []
    )
    return lambda offset: offset + bisect_left(double, offset)


def _type_system() -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier">\n<types>\n'
    for name, (above, features) in _FEATURES.items():
        yield f"<typeDescription><name>{name}</name><description/><supertypeName>{above}</supertypeName><features>\n"
        for feature in features:
            yield f"<featureDescription><name>{feature}</name><description/>"
            yield "<rangeTypeName>uima.cas.String</rangeTypeName></featureDescription>\n"
        yield "</features></typeDescription>\n"
    yield "</types>\n</typeSystemDescription>\n"
