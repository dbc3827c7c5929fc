"""The schema, once: what a raw cable, a cable and everything in it consist of.

All classes are frozen and slotted; nothing here reads a file or knows a format. The JSON keys, the
archive's columns and the web's API carry these field names. Text is owned once, by `Unit.text`:
mentions, statements, redactions and marks point into it by half-open offsets in code points, and a unit
leads back to the raw text through its edits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003  # typing.get_type_hints reads the fields' types
from typing import Literal

Classification = Literal["UNCLASSIFIED", "LIMITED OFFICIAL USE", "CONFIDENTIAL", "SECRET", "TOP SECRET"]
Precedence = Literal["FLASH", "NIACT IMMEDIATE", "IMMEDIATE", "PRIORITY", "ROUTINE"]
MentionType = Literal["PER", "LOC", "ORG", "MISC"]
TagKind = Literal["subject", "program", "geography", "organization", "person", "unknown"]
ReferenceKind = Literal["cable", "email", "telephone", "letter", "report", "airgram", "book", "other"]
UnitKind = Literal[
    "subject", "classified_by", "summary", "body", "comment", "note", "heading", "quotation", "signature"
]
MeetingKind = Literal["meeting", "call", "phone", "visit", "meal", "demarche", "session", "conversation", "interview"]
MeetingStatus = Literal["held", "planned", "proposed", "cancelled", "denied"]
Voice = Literal["account", "comment"]
ReaderName = Literal["page", "text", "table", "jsonl", "brackets"]
EditKind = Literal[
    "wrap",  # a line break of the transmission, joined by one space
    "break",  # a line break that the author meant; blanks around it dropped
    "space",  # a run of blanks made one
    "word",  # a word broken by a wrap, put together
    "hyphen",  # a word hyphenated at a wrap, put together
    "page-line",  # "BAGHDAD 00000197 002 OF 002" and its older forms
    "header",  # a header repeated in the middle of the text
    "caption",  # a classification or distribution line (SIPDIS) strewn into the text
    "rule",  # a line of dashes under or over a heading
    "garble",  # text sent twice by a transmission fault
    "apostrophe",  # a comma or letter that stands for an apostrophe or quotation mark
    "publisher",  # what the publisher put in: pilcrows, newsroom traces, archive stamps
    "tail",  # what follows the signature: a class line, a post's footer, a stray end of another cable
    "id",  # the cable's number mended
    "tag",  # a TAGS code mended
    "label",  # a label mended ("UBJECT:", "TAS:")
]


@dataclass(frozen=True, slots=True)
class Markup:
    """A tag of the source's markup (`<a id='par1' href='#par1'>`), standing before `text[at]`."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class RawMention:
    """A mention that the source itself carries (a bracket file's tag): a half-open span of the raw text."""

    start: int
    end: int
    type: MentionType


@dataclass(frozen=True, slots=True)
class RawCable:
    """One cable as it was found: its text decoded and free of markup, not a character mended.

    `text` is the header block, a blank line, and the body, where the source keeps them apart
    (`body_start` is then the body's first offset), else the text as it stands (`body_start` is None
    and parse finds the header). What the source claims about the cable beside its text (a page's
    table, a file's name, a CSV column) stands in the fields that begin with `claimed_`.
    """

    source: str
    reader: ReaderName
    text: str
    body_start: int | None = None
    claimed_mrn: str | None = None
    claimed_sent: datetime | None = None
    claimed_post: str | None = None
    claimed_classification: str | None = None
    markup: tuple[Markup, ...] = ()
    mentions: tuple[RawMention, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """One repair inside a unit: the raw text's `before` became `after`, which stands at `start` of the unit's text."""

    kind: EditKind
    start: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Repair:
    """An edit as the cable lists it; `unit` is the unit's index, or None for what stood in no unit."""

    kind: EditKind
    unit: int | None
    start: int | None
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Marking:
    """A portion mark: `(S/NF)` is SECRET with the caption NOFORN (5 FAH-2 H-442)."""

    classification: Classification | None
    captions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of the cable's text with one number and one marking: the subject, a paragraph, the signature.

    `text` is clean: wraps joined by a space, page lines out; a line feed stands only where the author
    meant a break (a list, a blank line inside a paragraph). It comes from `raw.text[raw_start:raw_end]`
    by `edits`, which are in order and do not overlap: `undo()` gives that raw text back, character by
    character. A paragraph's number, portion mark and label ("Summary:") are not in its text; its end mark
    ("End summary.") is. `heading` is the section heading that the unit stands under; a heading's own text may have
    its underline ("COMMENT -------"), its `heading` is without.
    """

    kind: UnitKind
    text: str
    number: int | None = None
    marking: Marking | None = None
    heading: str | None = None
    raw_start: int = 0
    raw_end: int = 0
    edits: tuple[Edit, ...] = ()

    def undo(self) -> str:
        """The raw text this unit was made from."""
        parts, at = [], 0
        for edit in self.edits:
            parts += [self.text[at : edit.start], edit.before]
            at = edit.start + len(edit.after)
        return "".join(parts) + self.text[at:]

    def from_raw(self, offset: int) -> int | None:
        """The offset in this unit's text of the raw text's character at `offset`; None where it is not in this unit.

        A character that was dropped or replaced gives the first offset after its repair.
        """
        if not self.raw_start <= offset < self.raw_end:
            return None
        shift = self.raw_start
        for edit in self.edits:
            begin = edit.start + shift
            if offset < begin:
                break
            if offset < begin + len(edit.before):
                return edit.start + (len(edit.after) if offset > begin or edit.before != edit.after else 0)
            shift += len(edit.before) - len(edit.after)
        return offset - shift

    def to_raw(self, offset: int) -> int:
        """The offset in the raw text of the character at `offset` of this unit's text.

        Inside a replaced stretch it is the stretch's first character; `offset == len(text)` gives `raw_end`.
        """
        if offset >= len(self.text):
            return self.raw_end
        shift = self.raw_start
        for edit in self.edits:
            if edit.start + len(edit.after) > offset:
                return edit.start + shift if edit.start <= offset else offset + shift
            shift += len(edit.before) - len(edit.after)
        return offset + shift


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of one unit's text."""

    unit: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Addressee:
    """One line of the TO, INFO or XMT list (5 FAH-2 H-321.7): `mcn` is the message continuity number."""

    name: str
    route: str | None = None
    precedence: Precedence | None = None
    mcn: str | None = None
    offices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tag:
    """One code of the TAGS line; `name` says what it means; a person's code is the name as written."""

    code: str
    kind: TagKind
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the REF line; `mrn` only where it is a cable whose number can be told."""

    label: str | None
    kind: ReferenceKind
    mrn: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Officer:
    """Who classified the cable: name and title, each as far as the line gives it."""

    name: str | None
    title: str | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that does not fit and was not guessed at: a short `kind` and one sentence."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A named span of a unit's text; `score` is the probability that it is right; `origin` who tagged it."""

    unit: int
    start: int
    end: int
    type: MentionType
    text: str
    entity: str | None = None
    score: float = 1.0
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Entity:
    """Who or what mentions of one cable name; `name` is the fullest form that the cable gives.

    `role` is a person's title or position as the cable gives it. `country` is the TAGS code of the country that the
    entity is or belongs to, as far as the cable or the tables tell ("IZ" for GOI in a cable from Baghdad). `key`
    names the same thing in every cable where the tables know it ("country:IZ", "government:IZ", "org:NATO").
    """

    id: str
    type: MentionType
    name: str
    aliases: tuple[str, ...] = ()
    role: str | None = None
    country: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """An encounter that the cable reports, in the sentence that first tells of it concretely.

    `participants` and `place` are entity ids, `staff` the post's people without a name ("poloff", "DCM"). `date` is
    an ISO date, `until` the last day where it is a range; null where the cable does not tell. `score` is the
    probability that such an encounter took place (or, for another status, was planned or denied).
    """

    unit: int
    start: int
    end: int
    participants: tuple[str, ...]
    place: str | None = None
    date: str | None = None
    until: str | None = None
    kind: MeetingKind = "meeting"
    status: MeetingStatus = "held"
    staff: tuple[str, ...] = ()
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that the cable attributes to a source (an entity id) by a cue ("said"), one for a sentence and source.

    `start` and `end` are the sentence; the cue stands at `cue_start`; `content_start` and `content_end` are the words
    attributed, null where they cannot be told. `addressee` is whom it was said to, an entity id or, for the post's
    people without a name, their role ("poloff"). `denied` says that the source denies or rejects the content, or did
    not say it; `quoted` that it is given word for word; `voice` who frames it: the cable's account of its sources, or
    the post's own comment. `within` is the source that in turn is said to have reported it ("Satterfield said that
    Maliki believes": the second row is within Satterfield).
    """

    unit: int
    start: int
    end: int
    source: str
    cue: str
    cue_start: int | None = None
    content_start: int | None = None
    content_end: int | None = None
    addressee: str | None = None
    quoted: bool = False
    denied: bool = False
    voice: Voice = "account"
    within: str | None = None
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Cable:
    """One telegram. Every field is as far as the text gives it: null or empty where it does not."""

    mrn: str | None = None
    sent: datetime | None = None
    post: str | None = None
    classification: Classification | None = None
    captions: tuple[str, ...] = ()
    precedence: Precedence | None = None
    action: tuple[Addressee, ...] = ()
    info: tuple[Addressee, ...] = ()
    exempt: tuple[Addressee, ...] = ()
    tags: tuple[Tag, ...] = ()
    subject: str | None = None
    references: tuple[Reference, ...] = ()
    classified_by: Officer | None = None
    reasons: tuple[str, ...] = ()
    executive_order: str | None = None
    declassify_on: str | None = None
    sections: int | None = None
    signature: str | None = None
    dtg: str | None = None
    transmission: str | None = None
    drafted_by: str | None = None
    approved_by: str | None = None
    passing: tuple[str, ...] = ()
    corrected: str | None = None
    partial: bool = False
    units: tuple[Unit, ...] = ()
    redactions: tuple[Span, ...] = ()
    protected: tuple[Span, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    outer_repairs: tuple[Repair, ...] = ()
    mentions: tuple[Mention, ...] = ()
    entities: tuple[Entity, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    meetings_not_held: tuple[Meeting, ...] = ()
    statements: tuple[Statement, ...] = ()
    raw: RawCable | None = field(default=None, repr=False)

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """Every repair made on the way from the raw text: those outside the units, then each unit's in order."""
        made = [
            Repair(edit.kind, index, edit.start, edit.before, edit.after)
            for index, unit in enumerate(self.units)
            for edit in unit.edits
        ]
        return (*self.outer_repairs, *made)
