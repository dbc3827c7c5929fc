"""HTML: a cable as one page that needs nothing else, for a browser, for print, on any screen, in light and dark.

A card of the header, the subject, then the paragraphs, each with its number, which is a link to itself
(`id='par3'`; the second with that number is `par3-2`), and its portion mark in the margin. Names are underlined in the
color and stroke of their type. The page has no script and asks for nothing over a network; its Content-Security-Policy
allows its own style sheet, by hash, and nothing else, and every text is escaped. Protected names read "protected".
Each cable is a page of its own: where several follow each other in one stream, each `<!doctype html>` opens the next.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections import Counter
from datetime import UTC
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING

from reftel.write.masks import MASK, mask
from reftel.write.paragraphs import RULE, paragraph_id, portion_mark, titled
from reftel.write.spans import woven

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from reftel.model import Addressee, Cable, Marking, Mention, Reference, Tag, Unit
    from reftel.write.spans import Tags

_TYPES = {
    "PER": ("person", "persons"),
    "LOC": ("place", "places"),
    "ORG": ("organization", "organizations"),
    "MISC": ("other name", "other names"),
}
_GAP_TAGS = ('<span class="gap" title="redacted">', "</span>")
_WITH_SEMICOLONS = frozenset({"References", "Pass"})

_MASKED = re.compile(rf"{MASK}++(?:\s++{MASK}++)*+")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_STYLE = """
:root {
  color-scheme: light dark;
  --paper: #f6f4ef; --sheet: #fffefb; --ink: #23252b; --soft: #5c616c; --line: #dfdbd0; --target: #fbf3d9;
  --per: #b0492f; --loc: #2d7a58; --org: #2f66ab; --misc: #84569f;
  --unclassified: #2d7a4b; --confidential: #285ea6; --secret: #b1261f; --top-secret: #9a5200;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #121417; --sheet: #1a1d21; --ink: #e3e1db; --soft: #a2a7b1; --line: #33373e; --target: #2c2a20;
    --per: #e89a80; --loc: #74c69f; --org: #86b6f0; --misc: #cba4e4;
    --unclassified: #77c795; --confidential: #86b6f0; --secret: #f28b82; --top-secret: #f0ab5e;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; padding: clamp(0rem, 3vw, 3rem) clamp(0rem, 3vw, 2rem);
  background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 1.0625rem/1.6 Charter, "Iowan Old Style", "Source Serif 4", Georgia, "DejaVu Serif", serif;
}
main {
  max-width: 53rem; margin: auto; padding: clamp(1.25rem, 4vw, 3.25rem);
  background: var(--sheet); border: 1px solid var(--line); border-top: .375rem solid var(--tone, var(--soft));
}
main.unclassified { --tone: var(--unclassified); }
main.confidential, main.limited-official-use { --tone: var(--confidential); }
main.secret { --tone: var(--secret); }
main.top-secret { --tone: var(--top-secret); }
header, h2, .margin, footer, .legend { font-family: ui-sans-serif, system-ui, "Segoe UI", Roboto, sans-serif; }
code { font: .92em ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.row { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .125rem 1.5rem; margin: 0; }
.row, dl, .legend, footer { font-size: .875rem; line-height: 1.5; }
.row { color: var(--soft); }
.row code { font-size: 1rem; font-weight: 600; color: var(--ink); }
.row strong { letter-spacing: .06em; color: var(--tone, var(--ink)); }
h1 {
  margin: 1.5rem 0; font-family: Charter, "Iowan Old Style", "Source Serif 4", Georgia, "DejaVu Serif", serif;
  font-size: clamp(1.25rem, 3.4vw, 1.625rem); font-weight: 600; line-height: 1.3;
}
h1, h2 { text-wrap: balance; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.25rem; margin: 0; }
dt { color: var(--soft); }
dd, dd ul { margin: 0; padding: 0; }
dd li { display: inline; }
dd li:not(:last-child)::after { content: var(--mark, ","); }
dd.semicolons { --mark: ";"; }
dd span { color: var(--soft); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; list-style: none; }
.legend { margin: 1.5rem 0 0; padding: 1rem 0; border: solid var(--line); border-width: 1px 0; }
h2 { margin: 2.25rem 0 0 6rem; font-size: .9375rem; line-height: 1.4; letter-spacing: .03em; }
.unit { display: grid; grid-template-columns: 5rem 1fr; gap: 0 1rem; margin: 1rem -.75rem 0; padding: 0 .75rem; }
.unit:target { background: var(--target); }
.unit p, blockquote, .signature { margin: 0; white-space: pre-line; }
.margin { font-size: .8125rem; line-height: 1.7rem; color: var(--soft); text-align: right; }
.margin a { font-weight: 600; color: inherit; text-decoration: none; font-variant-numeric: tabular-nums; }
.margin a:hover, .margin a:focus-visible { color: var(--ink); text-decoration: underline; }
.margin span { margin-left: .375rem; }
blockquote { padding-left: 1rem; border-left: .1875rem solid var(--line); }
.signature { margin-top: 2rem; text-align: right; letter-spacing: .08em; }
.PER, .LOC, .ORG, .MISC { text-decoration: underline .125em; text-underline-offset: .2em; }
.PER { text-decoration-color: var(--per); }
.LOC { text-decoration-color: var(--loc); text-decoration-style: dotted; }
.ORG { text-decoration-color: var(--org); text-decoration-style: dashed; }
.MISC { text-decoration-color: var(--misc); text-decoration-style: double; text-decoration-thickness: .08em; }
.gap { color: var(--soft); letter-spacing: -.03em; }
.protected { padding: 0 .3em; border: 1px solid var(--soft); border-radius: .2em; }
.protected { font-size: .85em; color: var(--soft); }
footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); }
footer h2 { margin: 0; color: var(--ink); }
footer ul { margin: .25rem 0 1rem; padding-left: 1.25rem; }
footer p { margin: 0; }
@media (max-width: 40rem) {
  main { border-width: .375rem 0 0; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .5rem; }
  h2 { margin-left: 0; }
  .unit { display: block; }
  .margin { text-align: left; }
  .margin span:first-child { margin-left: 0; }
}
@media print {
  :root {
    color-scheme: light;
    --paper: #fff; --sheet: #fff; --ink: #000; --soft: #444; --line: #bbb; --target: #fff;
    --per: #b0492f; --loc: #2d7a58; --org: #2f66ab; --misc: #84569f;
    --unclassified: #2d7a4b; --confidential: #285ea6; --secret: #b1261f; --top-secret: #9a5200;
  }
  @page { margin: 2cm; }
  body, main { padding: 0; border: 0; max-width: none; }
  body { font-size: 10.5pt; }
  h1, h2, dl, .legend { break-after: avoid; }
  .unit p { orphans: 3; widows: 3; }
}
"""
_POLICY = f"default-src 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'"


def to_html(cable: Cable, *, masked: bool = True) -> str:
    """The cable as a page; it ends in a line feed."""
    cable = mask(cable) if masked else cable
    contents = _contents(cable)
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n',
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
        f"<title>{_title(cable)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n",
        f'<main class="{_tone(cable)}">\n',
        *_card(cable, contents),
        *_body(cable.units, contents),
        *_foot(cable),
        "</main>\n</body>\n</html>\n",
    ]
    return "".join(parts)


def _title(cable: Cable) -> str:
    return _plain(" · ".join(part for part in (cable.mrn, cable.subject) if part)) or "A diplomatic cable"


def _tone(cable: Cable) -> str:
    return (cable.classification or "unknown").lower().replace(" ", "-")


def _card(cable: Cable, contents: Sequence[str]) -> Iterator[str]:
    """What, from where, when, how secret, about what; then the rest, labelled; then what the underlines mean."""
    subjects = (content for unit, content in zip(cable.units, contents, strict=True) if unit.kind == "subject")
    subject = next(subjects, _shown(cable.subject or ""))
    sections = f"{cable.sections} sections" if (cable.sections or 1) > 1 else ""
    yield "<header>\n"
    yield _row(f"<code>{_shown(cable.mrn or '(no number)')}</code>", _shown(cable.post or ""), _sent(cable))
    marks = _dotted(*map(_shown, (cable.classification or "", *cable.captions)))
    yield _row(f"<strong>{marks}</strong>" if marks else "", cable.precedence or "", sections)
    yield f"<h1>{subject or '(no subject)'}</h1>\n"
    if fields := "".join(_field(label, items) for label, items in _fields(cable) if items):
        yield f"<dl>\n{fields}</dl>\n"
    yield f"{_legend(cable)}</header>\n"


def _row(left: str, *right: str) -> str:
    """A line of the card, its parts at the two ends."""
    return f'<p class="row"><span>{left}</span> <span>{_dotted(*right)}</span></p>\n'


def _dotted(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _sent(cable: Cable) -> str:
    if cable.sent is None:
        return _shown(cable.dtg or "")
    sent = cable.sent.astimezone(UTC)
    return f'<time datetime="{sent:%Y-%m-%dT%H:%M:%SZ}">{sent:%Y-%m-%d %H:%M} UTC</time>'


def _fields(cable: Cable) -> Iterator[tuple[str, list[str]]]:
    """The labelled fields, each as the items of its list."""
    yield "To", _addressees(cable.action)
    yield "Info", _addressees(cable.info)
    yield "Not to", _addressees(cable.exempt)
    yield "Tags", [_tag(tag) for tag in cable.tags]
    yield "References", [_reference(reference) for reference in cable.references]
    yield "Classified by", _officer(cable)
    yield "Reasons", [_shown(reason) for reason in cable.reasons]
    yield "Declassify on", [_shown(cable.declassify_on)] if cable.declassify_on else []
    yield "Pass", [_shown(passing) for passing in cable.passing]
    yield "Drafted by", [_shown(cable.drafted_by)] if cable.drafted_by else []
    yield "Approved by", [_shown(cable.approved_by)] if cable.approved_by else []
    yield "Corrected", [_shown(cable.corrected)] if cable.corrected else []
    yield "Note", ["A partial extract of the original cable"] if cable.partial else []


def _field(label: str, items: Iterable[str]) -> str:
    """A field's label and list; between items that hold commas stand semicolons."""
    kind = ' class="semicolons"' if label in _WITH_SEMICOLONS else ""
    return f"<dt>{label}</dt><dd{kind}><ul>{' '.join(f'<li>{item}</li>' for item in items)}</ul></dd>\n"


def _addressees(addressees: Iterable[Addressee]) -> list[str]:
    return [_shown(each.name) for each in addressees]


def _tag(tag: Tag) -> str:
    name = f"&nbsp;<span>{_shown(tag.name)}</span>" if tag.name else ""
    return f"<code>{_shown(tag.code)}</code>{name}"


def _reference(reference: Reference) -> str:
    label = f"<span>{_shown(reference.label)}.</span> " if reference.label else ""
    differs = reference.mrn and reference.mrn != reference.text
    number = f" <code>{_shown(reference.mrn)}</code>" if reference.mrn and differs else ""
    return f"{label}{_shown(reference.text)}{number}"


def _officer(cable: Cable) -> list[str]:
    """Name and title, or the line as it stands where neither could be read from it."""
    officer = cable.classified_by
    parts = [part for part in (officer.name, officer.title) if part] if officer else []
    return [_shown(part) for part in parts or [unit.text for unit in cable.units if unit.kind == "classified_by"]]


def _legend(cable: Cable) -> str:
    """How names are underlined, and how many of each type there are."""
    counts: Counter[str] = Counter(
        each.type for each in cable.mentions if cable.units[each.unit].kind != "classified_by"
    )
    items = "".join(
        f'<li><span class="{kind}">{one if counts[kind] == 1 else many}</span> {counts[kind]}</li>'
        for kind, (one, many) in _TYPES.items()
        if counts[kind]
    )
    return f'<ul class="legend" aria-label="Names in the text">{items}</ul>\n' if items else ""


def _body(units: Sequence[Unit], contents: Sequence[str]) -> Iterator[str]:
    """The paragraphs, each run of them under its heading, then the signature."""
    ids: Counter[str] = Counter()
    for index, unit, title in titled(units):
        content = contents[index]
        if over := content.strip(RULE) if unit.kind == "heading" else _shown(title):
            yield f"<h2>{over}</h2>\n"
        if unit.kind == "signature":
            yield f'<p class="signature">{content}</p>\n'
        elif unit.kind != "heading":
            yield _paragraph(unit, content, ids)


def _paragraph(unit: Unit, content: str, ids: Counter[str]) -> str:
    """A paragraph with its number and mark in the margin."""
    place, number = "", ""
    if unit.number is not None:
        name = paragraph_id(unit.number, ids)
        place = f' id="{name}"'
        number = f'<a href="#{name}" aria-label="Paragraph {unit.number}">{unit.number}</a>'
    mark = _mark(unit.marking) if unit.marking else ""
    text = f"<blockquote>{content}</blockquote>" if unit.kind == "quotation" else f"<p>{content}</p>"
    return f'<div class="unit"{place}><div class="margin">{number}{mark}</div>{text}</div>\n'


def _mark(marking: Marking) -> str:
    """The portion mark, what it means in its title."""
    meaning = _dotted(marking.classification or "", *marking.captions)
    return f'<span title="{_plain(meaning)}">{_shown(portion_mark(marking))}</span>'


def _foot(cable: Cable) -> Iterator[str]:
    """What is in doubt, and how the page came about."""
    yield "<footer>\n"
    if cable.doubts:
        yield f"<h2>In doubt</h2>\n<ul>{''.join(f'<li>{_shown(doubt.text)}</li>' for doubt in cable.doubts)}</ul>\n"
    repairs = len(cable.repairs)
    mended = f" with {repairs} repairs" if repairs > 1 else " with one repair" if repairs else ""
    tagged = " Names are tagged by machine." if cable.mentions else ""
    yield f"<p>Set by reftel from the cable’s text{mended}.{tagged}</p>\n</footer>\n"


def _contents(cable: Cable) -> list[str]:
    """Each unit's text with the names and redactions in it as elements."""
    told = {each.id: _plain(", ".join(part for part in (each.name, each.role) if part)) for each in cable.entities}
    return list(woven(cable, name_tags=lambda name: _name_tags(name, told), gap_tags=_GAP_TAGS, shown=_shown))


def _name_tags(name: Mention, told: Mapping[str, str]) -> Tags:
    entity = told.get(name.entity or "")
    title = f' title="{entity}"' if entity else ""
    return f'<span class="{name.type}"{title}>', "</span>"


def _shown(text: str) -> str:
    """The text as content of an element."""
    return _MASKED.sub('<span class="protected">protected</span>', escape(_clean(text)))


def _plain(text: str) -> str:
    """The text where no element can stand: in an attribute, in the title."""
    return escape(_MASKED.sub("[protected]", _clean(text)))


def _clean(text: str) -> str:
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)
