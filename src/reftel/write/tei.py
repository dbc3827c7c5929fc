"""TEI P5: a cable as one XML document for editors and for the tools of digital editions.

The header (teiHeader) has what is known about the cable: its title and source with the number and date, the
correspondence (correspDesc), its TAGS as keywords, and everything else as notes whose type is the record's field.
The entities stand in standOff. In the text each run of paragraphs of one kind under one heading is a div of that
type; a paragraph carries its number as `n` and `xml:id='par3'`, its portion mark as a label. Names are persName,
placeName, orgName and `name type='misc'`, with a `ref` to their entity; a redaction is a gap, described by what
stands in its place; a line feed that the author meant is an lb. Of two mentions that overlap the longer is written,
else the first.

The document is well-formed whatever the text: characters that XML 1.0 has not are replaced. It keeps to TEI P5 as
of version 4.3 (tei_all). Each cable is a document of its own, with its XML declaration: where several follow each
other in one stream, each line that begins with `<?xml` opens the next.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC
from html import escape
from typing import TYPE_CHECKING

from reftel.write.masks import mask
from reftel.write.paragraphs import RULE, paragraph_id, portion_mark
from reftel.write.spans import woven

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reftel.model import Addressee, Cable, Entity, Mention, MentionType, Officer, Reference, Tag, Unit
    from reftel.write.spans import Tags

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_NAMES = {"PER": "persName", "LOC": "placeName", "ORG": "orgName", "MISC": "name"}
_LISTS: dict[MentionType, tuple[str, str]] = {
    "PER": ("listPerson", "person"),
    "LOC": ("listPlace", "place"),
    "ORG": ("listOrg", "org"),
    "MISC": ("listNym", "nym"),
}
_OUTSIDE = frozenset({"subject", "signature"})
_AROUND = {"quotation": ("<quote>", "</quote>"), "note": ("<note>", "</note>")}
_GAP_TAGS = ('<gap reason="redacted"><desc>', "</desc></gap>")
_PRACTICE = (
    "Line wraps, page lines and repeated headers of the transmission are taken out and slips of it mended; "
    "a line break that the author meant is kept. Names are tagged by machine."
)


def to_tei(cable: Cable, *, masked: bool = True) -> str:
    """The cable as a TEI document; it ends in a line feed."""
    cable = mask(cable) if masked else cable
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<TEI xmlns="http://www.tei-c.org/ns/1.0">\n<teiHeader>\n',
        *_file_description(cable),
        f"<encodingDesc>\n<editorialDecl><p>{_PRACTICE}</p></editorialDecl>\n</encodingDesc>\n",
        *_profile(cable),
        "</teiHeader>\n",
        *_entities(cable.entities),
        '<text xml:lang="en">\n<body>\n',
        *_body(cable),
        "</body>\n</text>\n</TEI>\n",
    ]
    return "".join(parts)


def _file_description(cable: Cable) -> Iterator[str]:
    """What the document is, what it was made from, and the fields that TEI has no element for, as notes."""
    title = _shown(cable.subject or cable.mrn or "Cable without a number")
    yield f"<fileDesc>\n<titleStmt><title>{title}</title></titleStmt>\n"
    yield "<publicationStmt><p>Made by reftel from a copy of the cable; not published.</p></publicationStmt>\n"
    if notes := "".join(f"{note}\n" for note in _notes(cable)):
        yield f"<notesStmt>\n{notes}</notesStmt>\n"
    yield "<sourceDesc>\n<bibl>"
    yield f"<author><orgName>{_shown(cable.post)}</orgName></author>" if cable.post else ""
    yield f"<title>{title}</title>"
    yield f'<idno type="mrn">{_shown(cable.mrn)}</idno>' if cable.mrn else ""
    yield f'<idno type="transmission">{_shown(cable.transmission)}</idno>' if cable.transmission else ""
    yield f"{_date(cable)}</bibl>\n</sourceDesc>\n</fileDesc>\n"


def _notes(cable: Cable) -> Iterator[str]:
    for kind in ("classification", "executive_order", "declassify_on", "sections", "drafted_by", "approved_by"):
        if (value := getattr(cable, kind)) is not None:
            yield _note(kind, _shown(str(value)))
    for kind in ("captions", "reasons", "passing"):
        for value in getattr(cable, kind):
            yield _note(kind, _shown(value))
    if cable.classified_by:
        yield _note("classified_by", _officer(cable.classified_by))
    if cable.corrected:
        yield _note("corrected", _shown(cable.corrected))
    if cable.partial:
        yield _note("partial", "A partial extract of the original cable.")
    for doubt in cable.doubts:
        yield _note("doubt", _shown(doubt.text))


def _note(kind: str, content: str) -> str:
    return f'<note type="{kind}">{content}</note>'


def _officer(officer: Officer) -> str:
    name = f"<persName>{_shown(officer.name)}</persName>" if officer.name else ""
    title = f"<roleName>{_shown(officer.title)}</roleName>" if officer.title else ""
    return ", ".join(part for part in (name, title) if part)


def _date(cable: Cable) -> str:
    """When the cable was sent, its content the date-time group as written."""
    if cable.sent is None:
        return f"<date>{_shown(cable.dtg)}</date>" if cable.dtg else ""
    when = cable.sent.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return f'<date when="{when}">{_shown(cable.dtg or when)}</date>'


def _profile(cable: Cable) -> Iterator[str]:
    """The language, the keywords and the correspondence."""
    yield '<profileDesc>\n<langUsage><language ident="en">English</language></langUsage>\n'
    if cable.tags:
        terms = "".join(f"{_term(tag)}\n" for tag in cable.tags)
        yield f"<textClass>\n<keywords>\n{terms}</keywords>\n</textClass>\n"
    if correspondence := "".join(_correspondence(cable)):
        yield f"<correspDesc>\n{correspondence}</correspDesc>\n"
    yield "</profileDesc>\n"


def _term(tag: Tag) -> str:
    return f'<term type="{tag.kind}" key="{_shown(tag.code)}">{_shown(tag.name or tag.code)}</term>'


def _correspondence(cable: Cable) -> Iterator[str]:
    post = f"<orgName>{_shown(cable.post)}</orgName>" if cable.post else ""
    signature = f"<persName>{_shown(cable.signature)}</persName>" if cable.signature else ""
    if sent := post + signature + _date(cable):
        yield f'<correspAction type="sent">{sent}</correspAction>\n'
    for kind, addressees in (("action", cable.action), ("info", cable.info)):
        if names := "".join(map(_addressee, addressees)):
            yield f'<correspAction type="received" subtype="{kind}">{names}</correspAction>\n'
    if references := "".join(map(_reference, cable.references)):
        yield f"<correspContext>{references}</correspContext>\n"
    if cable.precedence:
        yield _note("precedence", cable.precedence) + "\n"
    for each in cable.exempt:
        yield _note("exempt", _addressee(each)) + "\n"


def _addressee(addressee: Addressee) -> str:
    return f"<orgName>{_shown(addressee.name)}</orgName>"


def _reference(reference: Reference) -> str:
    label = f' n="{_shown(reference.label)}"' if reference.label else ""
    number = f' cRef="{_shown(reference.mrn)}"' if reference.mrn else ""
    return f'<ref type="{reference.kind}"{label}{number}>{_shown(reference.text)}</ref>'


def _entities(entities: Sequence[Entity]) -> Iterator[str]:
    if entities:
        yield "<standOff>\n"
        for kind, (several, _) in _LISTS.items():
            if items := "".join(f"{_entity(each)}\n" for each in entities if each.type == kind):
                yield f"<{several}>\n{items}</{several}>\n"
        yield "</standOff>\n"


def _entity(entity: Entity) -> str:
    """An entity with its names and, as a note, its role."""
    element = _LISTS[entity.type][1]
    role = f'<note type="role">{_shown(entity.role)}</note>' if entity.role else ""
    if entity.type == "MISC":  # a nym has forms and no notes
        forms = "".join(f"<form><orth>{_shown(name)}</orth></form>" for name in (entity.name, *entity.aliases))
        return f'<{element} xml:id="{_shown(entity.id)}">{forms}</{element}>'
    name = _NAMES[entity.type]
    names = f"<{name}>{_shown(entity.name)}</{name}>" + "".join(
        f'<{name} type="alias">{_shown(alias)}</{name}>' for alias in entity.aliases
    )
    return f'<{element} xml:id="{_shown(entity.id)}">{names}{role}</{element}>'


def _body(cable: Cable) -> Iterator[str]:
    """The subject as the head, then the divs (never none: a body must hold something), then who signed."""
    units = list(zip(cable.units, _contents(cable), strict=True))
    head = next((content for unit, content in units if unit.kind == "subject"), _shown(cable.subject or ""))
    divs = "".join(div.written() for div in _divs(pair for pair in units if pair[0].kind not in _OUTSIDE))
    signed = "".join(f"<signed>{content}</signed>" for unit, content in units if unit.kind == "signature" and content)
    yield f"<head>{head}</head>\n" if head else ""
    yield divs or "<div><p/></div>\n"
    yield f"<closer>{signed}</closer>\n" if signed else ""


@dataclass(slots=True)
class _Div:
    """A run of paragraphs of one kind under one heading."""

    head: str = ""
    kind: str = ""
    paragraphs: list[str] = field(default_factory=list)

    def written(self) -> str:
        kind = f' type="{self.kind}"' if self.kind else ""
        head = f"<head>{self.head}</head>\n" if self.head else ""
        return f"<div{kind}>\n{head}{''.join(self.paragraphs)}</div>\n"


def _divs(units: Iterable[tuple[Unit, str]]) -> list[_Div]:
    divs: list[_Div] = []
    heading: str | None = None
    ids: Counter[str] = Counter()
    for unit, content in units:
        is_heading = unit.kind == "heading"
        under = unit.heading or (unit.text if is_heading else None)
        right_under_a_head = bool(divs) and not divs[-1].paragraphs and under is None
        if is_heading or (under != heading and not right_under_a_head):
            divs.append(_Div(content.strip(RULE) if is_heading else _shown(under or "")))
        heading = under
        if not is_heading:
            if not divs or divs[-1].kind not in {"", unit.kind}:
                divs.append(_Div())
            divs[-1].kind = unit.kind
            divs[-1].paragraphs.append(_paragraph(unit, content, ids))
    return divs


def _paragraph(unit: Unit, content: str, ids: Counter[str]) -> str:
    """A paragraph; of several with one number the second has `par3-2` as its id."""
    number = ""
    if unit.number is not None:
        number = f' n="{unit.number}" xml:id="{paragraph_id(unit.number, ids)}"'
    mark = f"<label>{_shown(portion_mark(unit.marking, in_full=True))}</label> " if unit.marking else ""
    before, after = _AROUND.get(unit.kind, ("", ""))
    return f"{before}<p{number}>{mark}{content}</p>{after}\n"


def _contents(cable: Cable) -> Iterator[str]:
    """Each unit's text with the names, redactions and line breaks in it as elements."""
    known = {entity.id for entity in cable.entities}
    refs = {(each.unit, each.start, each.end): each.entity for each in reversed(cable.mentions) if each.entity in known}

    def name_tags(name: Mention) -> Tags:
        return _name_tags(name.type, refs.get((name.unit, name.start, name.end)))

    return woven(cable, name_tags=name_tags, gap_tags=_GAP_TAGS, shown=_with_line_breaks)


def _name_tags(kind: MentionType, entity: str | None) -> Tags:
    attributes = (' type="misc"' if kind == "MISC" else "") + (f' ref="#{_shown(entity)}"' if entity else "")
    return f"<{_NAMES[kind]}{attributes}>", f"</{_NAMES[kind]}>"


def _with_line_breaks(text: str) -> str:
    return _shown(text).replace("\n", "<lb/>")


def _shown(text: str) -> str:
    return escape(_FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text))
