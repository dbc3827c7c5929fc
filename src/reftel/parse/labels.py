"""The head of a body: the lines and labelled fields above the prose, as spans of the raw text.

The order and the labels are those of 5 FAH-2 H-321 (E.O., TAGS, SUBJECT, REF, Classified By); real cables
leave some out, misspell them, glue two on a line and repeat the whole block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reftel.parse.noise import Noise

Label = Literal["eo", "tags", "subject", "references", "classified_by", "reason", "declassify", "derived"]

_I = re.IGNORECASE
_AT_LINE_START: tuple[tuple[Label, re.Pattern[str]], ...] = (
    ("eo", re.compile(r"E\.? ?O\.? ?:?(?= ?\d{4,5}\b)", _I)),
    ("tags", re.compile(r"(?:TAGS?\b|TAGES\b|TAS:|TABS:|TGS:|AGS:)[ \t]*[:,.]?", _I)),
    ("subject", re.compile(r"(?:SUBJECT|SUBJ|UBJECT|SUBJEC|SUJBECT|SUBECT)\b[ \t]*[:.]?(?:[ \t]*SUBJECT:)?", _I)),
    (
        "references",
        re.compile(
            r"\(?(?:PROGRAM +|MISSION +)?REF(?:TEL|ERENCE)?(?:\(S\)|S)?(?![\w'’])[ \t]*[:.;,]?(?: *REFS?:)?", _I
        ),
    ),
    (
        "classified_by",
        re.compile(
            r"(?:\([A-Z/]{1,8}\)[ \t]*)?(?:Derivatively +)?Cl[asif]{3,8}ed[ \t]+By\b[ \t]*:?"
            r"(?:[ \t]*(?:\([A-Z/]{1,8}\)[ \t]*)?Cl[asif]{3,8}ed +By\b:?)?",
            _I,
        ),
    ),
    ("reason", re.compile(r"REASONS?[ \t]*(?::|(?=1\.[45]))", _I)),
    ("declassify", re.compile(r"DECL(?:ASSIFY|ASSIFICATION)?[ \t]+ON\b[ \t]*:?|DECL(?:AS(?:SIFY)?)?[ \t]*:", _I)),
    ("derived", re.compile(r"DERIVED +FROM[ \t]*:", _I)),
)
# Labels that stand inside another field's line, and the fields that they can follow there.
_INSIDE: tuple[tuple[Label, re.Pattern[str], frozenset[Label]], ...] = (
    ("tags", re.compile(r"\bTAGS?[ \t]*(?::|(?=[ \t][A-Z]{2,5}\b))", _I), frozenset({"eo"})),
    ("subject", re.compile(r"\bSUBJ(?:ECT)?[ \t]*:", _I), frozenset({"eo", "tags"})),
    (
        "references",
        re.compile(r"REF(?:S|TELS?|\(S\))?[ \t]*:"),
        frozenset({"eo", "tags", "subject", "classified_by", "reason"}),
    ),
    (
        "classified_by",
        re.compile(r"(?<!DE)Cl[asif]{3,8}ed +By(?:[ \t]*:| (?=[A-Z]))", _I),
        frozenset({"eo", "tags", "subject", "references"}),
    ),
)
_ORDER_INSIDE = re.compile(r"\bE\.? ?O\.? ?:?(?= ?\d{5} ?: ?(?:DECL|N/A))", _I)  # glued to a passing instruction
_PARAGRAPH = re.compile(
    r"[ \t]*(?:¶[ \t]*\d|\d{1,2}[.),]?[ \t]*\((?!\d)|1\.[ \t]*[A-Za-z]"
    r"|\((?:SBU|LOU|TS|[SCU])(?:/{1,2}[A-Z]\w*)?\)[ \t]*[A-Z])",
    _I,
)
_PROSE = re.compile(
    r"[ \t]*(?:BEGIN +)?(?:SUMMARY|COMMENT|INTRODUCTION|ACTION REQUEST(?:ED)?)(?: +(?:AND|&) +[\w ]{3,30})?"
    r"[ \t]*(?:[:.\-]|$)",
    _I,
)
_RULE = re.compile(r"[ \t]*(?:[-=_‐*]{3,}|(?:- ){3,})")
_REFERENCE = re.compile(
    r"[ \t]*(?:¶?[ \t]*[\[(]?[A-Za-z][.):\]]|¶[ \t]*[A-Z]\b|[\[(]?\d{1,2}[\])]"
    r"|(?:AND )?(?:\d{2,4} +)?[A-Z][A-Z .]{2,24} +\d{1,6}\b|\d{3,6}[ \t]*$)"
)
_REPEATED_HEAD = re.compile(
    r"[ \t]*(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d|(?:[A-Z] ){4,}[A-Z]\b|UNCLAS (?:SECTION|[A-Z]{3,} \d)"
    r"|SENSITIVE BUT UNCLASSIFIED|NOT FOR INTERNET)"
)
_NO_SUBJECT = re.compile(r"SENSITIVE\b|UNCLAS|SIPDIS\b|NOFORN\b|NOT FOR\b|X{5,}|[\w/, ]{0,40}\b(?:PASS|FOR)\b")
_FIRST_PARAGRAPH = re.compile(
    r"[ \t](?=¶?[ \t]?1[.,][ \t]?\((?:TS|SBU|LOU|[SCU])(?:/[^()\n]{1,30})?\)[ \t]*\w)"
)  # run on behind a field
_REASON = re.compile(r"[ \t]*\(?1 ?[./] ?[456]\b")
_SMALL_WORDS = re.compile(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}")
_SENTENCE = re.compile(_SMALL_WORDS.pattern + r"|\bTHE\b")
_SIGNS_OF_A_HEAD: frozenset[Label] = frozenset({"eo", "tags", "subject", "references"})
# A head is short: past so many lines, or so many full lines, without a label prose has begun.
_PATIENCE, _FULL = 30, 55
# Passing instructions above the first label can be long; below it, three full lines are a paragraph.
_LINE = 72
_PROSE_WORDS = 7  # so many words behind a whole reference are no reference
_FULL_LINES_ABOVE, _FULL_LINES_BELOW, _UNWRAPPED = 10, 3, 400


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the raw text: half-open offsets without its line feed, and what noise leaves of it."""

    start: int
    end: int
    rest: str
    noisy: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled field: the raw span from its label on, and of its value."""

    label: Label
    at: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Head:
    """`opening`: the lines above and among the labels; `fields` in the order of the text; `prose`: its first offset."""

    opening: tuple[Line, ...]
    fields: tuple[Field, ...]
    prose: int

    def value(self, label: Label, text: str) -> Field | None:
        """The first field of that label with something in it."""
        return next((f for f in self.fields if f.label == label and text[f.start : f.end].strip()), None)


def find_head(text: str, start: int, end: int, noise: Sequence[Noise] = ()) -> Head:
    """The head of the body `text[start:end]`; without a labelled field, `prose` is `start` and all is opening."""
    scan = _Scan(text)
    for line in _lines(text, start, end, noise):
        if not line.rest.strip():
            scan.after_blank = scan.after_blank or not line.noisy
        elif not scan.take(line):
            break
    fields = scan.fields
    if not _SIGNS_OF_A_HEAD & {f.label for f in fields}:
        fields = [f for f in fields if f.label == "classified_by"]
    return Head(tuple(scan.opening), tuple(fields), fields[-1].end if fields else start)


@dataclass(slots=True)
class _Scan:
    """The head as far as it has been read: `idle` are the lines since the last field, which end it if they are many."""

    text: str
    opening: list[Line] = dataclass_field(default_factory=list)
    fields: list[Field] = dataclass_field(default_factory=list)
    idle: list[Line] = dataclass_field(default_factory=list)
    is_open: bool = False
    after_blank: bool = False

    def take(self, line: Line) -> bool:
        """Read one line with text in it; False where it begins the prose."""
        found = _fields_at(line, self.fields[-1] if self.is_open else None)
        if found and found[0].at > line.start and self.is_open and _PARAGRAPH.match(line.rest):
            return False  # "1. (U) Classified by ..." is a paragraph
        if found:
            self._begin(line, found)
        elif self.is_open and _goes_on(line, self.fields[-1], self.text, blank=self.after_blank):
            self.fields[-1] = replace(self.fields[-1], end=line.end)
        elif _begins_prose(line):
            return False
        else:
            (self.idle if self.fields else self.opening).append(line)
            self.is_open = False
        self.after_blank = False
        if found or self.is_open:
            field = self.fields[-1]
            if first := _FIRST_PARAGRAPH.search(line.rest, max(field.start - line.start, 0)):
                self.fields[-1] = replace(field, end=line.start + first.start())
                return False
        return not (_is_prose(self.opening, _FULL_LINES_ABOVE) or _is_prose(self.idle, _FULL_LINES_BELOW))

    def _begin(self, line: Line, found: list[Field]) -> None:
        """Open the fields of a line; what stands before them on it belongs to the open field, or to the opening."""
        before = line.rest[: found[0].at - line.start]
        if self.is_open and before.strip():
            self.fields[-1] = replace(self.fields[-1], end=max(self.fields[-1].end, found[0].at))
        elif before.strip() and not self.fields:
            self.opening.append(Line(line.start, found[0].at, before, line.noisy))
        if self._is_rest_of_subject():
            self.fields[-1] = replace(self.fields[-1], end=self.idle[0].end)
        else:
            self.opening += self.idle  # of a head that is given twice, the second opening
        self.fields += found
        self.idle, self.is_open = [], True

    def _is_rest_of_subject(self) -> bool:
        """Whether the one line between a subject and the next label, an empty line above it, is the subject's end."""
        if len(self.idle) != 1 or not self.fields or self.fields[-1].label != "subject":
            return False
        value, line = self.text[self.fields[-1].start : self.fields[-1].end], self.idle[0].rest.strip()
        return value.isupper() and line.isupper() and len(line) <= _LINE and not _NO_SUBJECT.match(line)


def field_text(text: str, field: Field, noise: Sequence[Noise]) -> str:
    """The raw value of a field without the noise that runs through it."""
    parts, at = [], field.start
    for n in noise:
        if n.end > field.start and n.start < field.end:
            parts.append(text[at : max(at, n.start)])
            at = max(at, min(n.end, field.end))
    return "\n".join([*parts, text[at : field.end]])


def _lines(text: str, start: int, end: int, noise: Sequence[Noise]) -> Iterator[Line]:
    """The lines of `text[start:end]`, noise blanked out at equal length."""
    spans = [(n.start, n.end) for n in noise if n.end > start and n.start < end]
    k, at = 0, start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        while k < len(spans) and spans[k][1] <= at:
            k += 1
        rest, noisy = text[at:stop], False
        for s, e in spans[k:]:
            if s > stop:
                break
            noisy = True
            left, right = max(s - at, 0), min(e - at, len(rest))
            rest = rest[:left] + " " * (right - left) + rest[right:]
        yield Line(at, stop, rest, noisy)
        at = stop + 1


def _fields_at(line: Line, before: Field | None) -> list[Field]:
    """The fields that begin on this line: one at its start, and those glued into it."""
    fields: list[Field] = []
    indent = len(line.rest) - len(line.rest.lstrip())
    for label, pattern in _AT_LINE_START:
        match = pattern.match(line.rest, indent)
        if match and not (label == "declassify" and before is None):
            fields.append(Field(label, line.start + indent, line.start + match.end(), line.end))
            break
    glued = _ORDER_INSIDE.search(line.rest) if not fields and before is None else None
    if glued:
        fields.append(Field("eo", line.start + glued.start(), line.start + glued.end(), line.end))
    last = fields[-1] if fields else before
    while last is not None and (inner := _inside(line, last)):
        if fields:
            fields[-1] = replace(last, end=inner.at)
        fields.append(inner)
        last = inner
    return fields


def _inside(line: Line, last: Field) -> Field | None:
    """The next label within the line after field `last` began."""
    at = max(last.start - line.start, 0)
    found = [
        (match.start(), match.end(), label)
        for label, pattern, after in _INSIDE
        if last.label in after and (match := pattern.search(line.rest, at))
    ]
    if not found:
        return None
    start, end, label = min(found)
    return Field(label, line.start + start, line.start + end, line.end)


def _begins_prose(line: Line) -> bool:
    return bool(_PARAGRAPH.match(line.rest) or _PROSE.match(line.rest) or _RULE.match(line.rest))


def _goes_on(line: Line, field: Field, text: str, *, blank: bool) -> bool:
    """Whether a line without a label still belongs to the open field."""
    if _REPEATED_HEAD.match(line.rest):
        return False
    if field.label == "references" and _REFERENCE.match(line.rest) and not _SENTENCE.search(line.rest):
        return True
    value = text[field.start : field.end].strip()
    if field.label == "references" and value[-1:].isdigit() and len(line.rest.split()) >= _PROSE_WORDS:
        return False
    if field.label in {"classified_by", "reason"} and (_REASON.match(line.rest) or value.endswith("1.")):
        return True
    if field.label == "subject" and value.isupper() and _SMALL_WORDS.search(line.rest):
        return False
    return (not value or not blank) and not _begins_prose(line)


def _is_prose(lines: list[Line], full_lines: int) -> bool:
    """Whether so many lines without a label are no head any more."""
    if not lines:
        return False
    lengths = [len(line.rest.strip()) for line in lines[-full_lines:]]
    is_full = len(lengths) == full_lines and min(lengths) >= _FULL
    is_unwrapped = lengths[-1] > _UNWRAPPED and _SENTENCE.search(lines[-1].rest) is not None
    return len(lines) > _PATIENCE or is_full or is_unwrapped
