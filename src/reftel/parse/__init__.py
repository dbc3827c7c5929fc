"""parse: a raw cable to a typed record and clean paragraphs. Nothing is guessed or lost, every repair is recorded."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from reftel import tables
from reftel.model import Cable, Classification, Marking, Mention, RawCable, Repair, Unit, UnitKind
from reftel.parse.authority import Authority, parse_authority
from reftel.parse.header import Header, find_header, parse_header
from reftel.parse.identity import Identity, Number, identify, split
from reftel.parse.labels import Head, Label, field_text, find_head
from reftel.parse.marking import (
    ClassificationLine,
    caption_line,
    corrected_copy,
    leading_captions,
    parse_classification_line,
    parse_marking,
)
from reftel.parse.marks import find_protected, find_redactions
from reftel.parse.noise import Noise, find_noise
from reftel.parse.references import parse_references
from reftel.parse.repairs import clean
from reftel.parse.tags import parse_tags
from reftel.parse.units import UnitsFound, parse_units

__all__ = ["find_protected", "parse"]

_DATELINE = re.compile(
    r"[ \t]*(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? |\d{1,2}/\d{1,2}/\d{2,4}\b)", re.IGNORECASE
)
# What publishers put above the text: a record's fields anew, a number, a redaction.
_NO_INSTRUCTION = re.compile(
    r"(?:ID|ORIGIN|DATE|SOURCE|CLASSIFICATION|MISC|DESTINATION):|<<\d+>>|[xX]{5,}$|\d{2}[A-Z]{3,}\d+$|null$|-+$"
)
_CLASSIFIED_IN_PROSE = re.compile(r"(?:this (?:cable|message) (?:is|was) )?classified by:? ", re.IGNORECASE)
_MARK_AT_START = re.compile(r"[ \t]*(\([^()\n]{1,30}\))[ \t]*")
_MARK_AT_END = re.compile(r"[ \t]*(\([^()\n]{1,30}\))[ \t]*$")


def parse(source: RawCable | str, *, mrn: str | None = None) -> Cable:
    """The cable that a raw cable or a text holds; a fragment (a header, one REF line) gives what is in it.

    `mrn` is the cable's number where the text does not say it: references without year or post are relative to it.
    Nothing raises on odd text: what cannot be read is null or empty, what does not fit is a doubt.
    """
    raw = source if isinstance(source, RawCable) else RawCable(source="", reader="text", text=source)
    if mrn and not raw.claimed_mrn:
        raw = replace(raw, claimed_mrn=mrn)
    parts = _parts(raw)
    opening = _opening(parts)
    return _cable(raw, parts, opening, _identity(raw, parts, opening.line))


@dataclass(frozen=True, slots=True)
class _Parts:
    """The raw text taken apart: the routing header, and the body's noise, head and first line."""

    text: str
    header: Header
    body: int
    noise: tuple[Noise, ...]
    head: Head


@dataclass(frozen=True, slots=True)
class _Opening:
    """What the lines above the first label say, and where the prose begins."""

    line: ClassificationLine | None
    captions: tuple[str, ...]
    passing: tuple[str, ...]
    corrected: str | None
    entire_text: str | None
    prose: int


def _parts(raw: RawCable) -> _Parts:
    text = raw.text
    body = raw.body_start or 0
    header = parse_header(text, 0, body)
    # A body with a header of its own: a text whose parts nobody took apart, or a page with a whole printout below.
    span = find_header(text, body, len(text))
    if span:
        own = parse_header(text, span.start, span.end)
        header, body = (header, span.end) if header.dtg else (own, span.end)
    noise = find_noise(text, body, len(text))
    return _Parts(text, header, body, noise, find_head(text, body, len(text), noise))


def _opening(parts: _Parts) -> _Opening:
    """Classification, captions, passing instructions and a correction's note, from the top of the body."""
    line: ClassificationLine | None = None
    captions: list[str] = []
    passing: list[str] = []
    corrected, entire_text, prose = None, None, parts.head.prose
    for each in parts.head.opening:
        written = each.rest.strip()
        classified = parse_classification_line(written)
        found = caption_line(written)
        note = corrected_copy(written)
        if classified.classification:
            line, corrected = line or classified, corrected or classified.corrected
            captions += classified.captions
        elif found is not None:
            captions += found
        elif note is not None:
            corrected = corrected or note
        elif "ENTIRE TEXT" in written.upper() and parse_marking(written):
            entire_text = written
        elif not parts.head.fields:
            return _Opening(line, tuple(captions), (), corrected, entire_text, each.start)
        elif not _DATELINE.match(written) and not _NO_INSTRUCTION.match(written):
            led, at = leading_captions(written)
            captions += led
            passing += [written[at:]] if written[at:] else []
        if not parts.head.fields:
            prose = each.end
    return _Opening(line, tuple(captions), tuple(passing), corrected, entire_text, prose)


def _identity(raw: RawCable, parts: _Parts, opening: ClassificationLine | None) -> Identity:
    """The cable's number by its claim, its header and its first line."""
    header = parts.header
    sender = tables.post_code(header.sender) if header.sender else None
    post = tables.post_code(opening.post) or opening.post if opening and opening.post else None
    serial = int(header.serial) if header.serial else None
    return identify(
        raw.claimed_mrn,
        Number(None, sender, serial),
        Number(None, post, opening.number if opening else None),
        header.sent or raw.claimed_sent,
    )


def _cable(raw: RawCable, parts: _Parts, opening: _Opening, identity: Identity) -> Cable:
    """The record, put together from its parts."""
    header = parts.header
    sent = header.sent or raw.claimed_sent
    found = parse_units(parts.text, opening.prose, len(parts.text), parts.noise, entire_text=opening.entire_text)
    subject = _subject(parts)
    authority = _authority(parts, found)
    head = sorted((*subject, *_classified_by(parts)), key=lambda unit: unit.raw_start)
    units = (*head, *found.units)
    classification, captions = _classification(raw, opening)
    tags = parse_tags(_value(parts, "tags"))
    mentions = _mentions(raw, units)
    return Cable(
        mrn=identity.mrn,
        sent=sent,
        post=_post(raw, identity, header),
        classification=classification,
        captions=captions,
        precedence=header.precedence,
        action=header.action,
        info=header.info,
        exempt=header.exempt,
        tags=tags.tags,
        subject=subject[0].text if subject else None,
        references=parse_references(_references(parts), mrn=identity.mrn, sent=sent),
        classified_by=authority.classified_by,
        reasons=authority.reasons,
        executive_order=authority.executive_order,
        declassify_on=authority.declassify_on,
        sections=_sections(opening),
        signature=found.signature,
        dtg=header.dtg,
        transmission=header.transmission,
        drafted_by=header.drafted_by,
        approved_by=header.approved_by,
        passing=opening.passing,
        corrected=opening.corrected,
        partial=header.partial or parts.text.rstrip().endswith("..."),
        units=units,
        redactions=find_redactions(units),
        protected=find_protected(units, mentions),
        doubts=(*identity.doubts, *header.doubts, *found.doubts),
        outer_repairs=(
            *identity.repairs,
            *header.repairs,
            *tags.repairs,
            *authority.repairs,
            *_dropped_between(parts, units),
        ),
        mentions=mentions,
        raw=raw,
    )


def _dropped_between(parts: _Parts, units: tuple[Unit, ...]) -> list[Repair]:
    """What was dropped between the units, such as a page line between two paragraphs; inside them it is an edit."""
    dropped, k = [], 0
    for noise in parts.noise:
        while k < len(units) and units[k].raw_end <= noise.start:
            k += 1
        is_inside = k < len(units) and units[k].raw_start < noise.end
        words = parts.text[noise.start : noise.end].strip()
        if not is_inside and words not in {"", "¶"}:
            dropped.append(Repair(noise.kind, None, None, words, ""))
    tail = _tail(parts, units)
    return [*dropped, Repair("tail", None, None, tail, "")] if tail else dropped


def _tail(parts: _Parts, units: tuple[Unit, ...]) -> str:
    """What stands behind the last unit and is no noise: a class line, a footer, a stray end of another cable."""
    at = units[-1].raw_end if units else len(parts.text)
    pieces = []
    for noise in parts.noise:
        if noise.end > at:
            pieces.append(parts.text[at : max(at, noise.start)])
            at = noise.end
    return " ".join(" ".join([*pieces, parts.text[at:]]).split())


def _mentions(raw: RawCable, units: tuple[Unit, ...]) -> tuple[Mention, ...]:
    """The mentions that the source itself carries, in the units; those in the header or across units are left out."""
    found = []
    for mention in raw.mentions:
        for index, unit in enumerate(units):
            start, last = unit.from_raw(mention.start), unit.from_raw(mention.end - 1)
            if start is not None and last is not None and start <= last:
                text = unit.text[start : last + 1]
                found.append(Mention(index, start, last + 1, mention.type, text, origin=raw.reader))
    return tuple(sorted(found, key=lambda mention: (mention.unit, mention.start)))


def _value(parts: _Parts, label: Label) -> str:
    """The raw text of a labelled field, "" where the head has none."""
    field = parts.head.value(label, parts.text)
    return field_text(parts.text, field, parts.noise) if field else ""


def _references(parts: _Parts) -> str:
    """The raw REF lines; of a label on every line ("REF A ...", "REF B ...") the later ones keep it."""
    fields = [f for f in parts.head.fields if f.label == "references"]
    kept = [f if n == 0 else replace(f, start=f.at) for n, f in enumerate(fields)]
    values = [field_text(parts.text, field, parts.noise) for field in kept]
    letters = ["".join(filter(str.isalnum, value)).lower() for value in values]
    is_given_twice = len(values) > 1 and letters[1].endswith(letters[0])
    return values[0] if is_given_twice else "\n".join(values)


def _subject(parts: _Parts) -> tuple[Unit, ...]:
    """The subject's unit: its portion mark, first or last, taken off."""
    field = parts.head.value("subject", parts.text)
    if field is None:
        return ()
    start, end, marking = field.start, field.end, None
    for pattern in (_MARK_AT_START, _MARK_AT_END):
        match = (
            pattern.match(parts.text, start, end)
            if pattern is _MARK_AT_START
            else pattern.search(parts.text, start, end)
        )
        found = parse_marking(match[1]) if match else None
        if match and found:
            marking = found
            start, end = (match.end(), end) if pattern is _MARK_AT_START else (start, match.start())
    return _unit(parts, "subject", start, end, marking=marking)


def _classified_by(parts: _Parts) -> tuple[Unit, ...]:
    """The classifier's unit, with the reasons where they are a line of their own right below."""
    field = parts.head.value("classified_by", parts.text)
    if field is None:
        return ()
    following = parts.head.fields[parts.head.fields.index(field) + 1 :][:1]
    end = following[0].end if following and following[0].label == "reason" else field.end
    return _unit(parts, "classified_by", field.start, end)


def _unit(parts: _Parts, kind: UnitKind, start: int, end: int, *, marking: Marking | None = None) -> tuple[Unit, ...]:
    """A unit of the head, cleaned; none where nothing is left of it."""
    made = clean(parts.text, start, end, parts.noise)
    if not made.text:
        return ()
    return (Unit(kind, made.text, marking=marking, raw_start=made.raw_start, raw_end=made.raw_end, edits=made.edits),)


def _authority(parts: _Parts, found: UnitsFound) -> Authority:
    """Executive order, declassification and classifier; the last perhaps in the first paragraph (5 FAH-2 H-442)."""
    by = _value(parts, "classified_by")
    if not by:
        first = next((u.text for u in found.units[:2] if _CLASSIFIED_IN_PROSE.match(u.text)), "")
        by = _CLASSIFIED_IN_PROSE.sub("", first)
    return parse_authority(
        _value(parts, "eo") or None, _value(parts, "declassify") or None, by or None, _value(parts, "reason") or None
    )


def _classification(raw: RawCable, opening: _Opening) -> tuple[Classification | None, tuple[str, ...]]:
    """Classification and captions by the first line; where that was lost, by what the source says beside the text."""
    if opening.line:
        return opening.line.classification, tuple(dict.fromkeys(opening.captions))
    claimed = parse_classification_line((raw.claimed_classification or "").replace("//", " "))
    return claimed.classification, tuple(dict.fromkeys((*opening.captions, *claimed.captions)))


def _post(raw: RawCable, identity: Identity, header: Header) -> str | None:
    """The sender's name: as the source gives it, else by the header, else by the number."""
    if raw.claimed_post:
        known = tables.post(tables.post_code(raw.claimed_post) or "") if raw.claimed_post.isupper() else None
        return known.name if known else raw.claimed_post
    sender = tables.post_code(header.sender) if header.sender else None
    number = split(identity.mrn) if identity.mrn else None
    post = tables.post(sender or (number.post if number else None) or "")
    return post.name if post else header.sender


def _sections(opening: _Opening) -> int | None:
    """The count of the first line; one where that line speaks of no section."""
    return (opening.line.sections or 1) if opening.line else None
