"""The end of a cable: the signature, and the tail of marks that are no text.

A cable ends with the surname of the head of the post (in a few two officers' names), on a line of its own or
at the end of the last text line. Behind it, or between text and name, stand web addresses, classification
lines and other marks. A name is told by its place and shape; no list of names is used.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reftel.parse.noise import Noise

_I = re.IGNORECASE
_CAPS = r"(?:[A-Z]['’]|Mc|Mac|De|Le|La|Di|Von|Van)?[A-Z]{2,}(?:['’-][A-Z]+)*"
_MIXED = r"(?:(?:Mc|Mac|De|Le|La|Di|Von|Van)[A-Z]|[A-Z]['’][A-Z]|[A-Z])[a-z]+(?:-[A-Z][a-z]+)?"
_SUFFIX = r"(?:,? (?:JR|Jr|jr|SR|III|II|IV)\.?)"
_NAME = rf"(?:{_CAPS}(?: {_CAPS}){{0,2}}{_SUFFIX}?|{_MIXED}(?: {_MIXED})?{_SUFFIX}?|{_CAPS} {_MIXED})"
_BEFORE_NAME = r"(?:GP-\d[. ]+)?"
_REST = r"(?P<rest>(?:[ \t]*(?:#+|\.(?<=\s\.)|BT\b|GP-\d\b|//?END//?|\d{4}-\d\d-\d\d))*)[ \t]*\Z"
_ALONE = re.compile(rf"{_BEFORE_NAME}(?P<name>{_NAME}|[a-z]{{3,}}(?: jr)?){_REST}")
# What can stand before a name on a text line: the end of a sentence, or of text that ends without a stop.
_ENDINGS = (
    r"[.!?)\]\"”’*]",
    *(rf"\b{end} {word}" for end in ("END", "End", "end") for word in ("COMMENT", "Comment", "comment")),
    *(rf"\b{end} {word}" for end in ("END", "End", "end") for word in ("TEXT", "Text", "text", "NOTE", "Note", "note")),
    "[Cc]onsidered",
    "CONSIDERED",
    "UNQUOTE",
    "UNQTE",
    "[xX]{5}",
    r"\s\d",
    r"\s\d\d",
)
_ON_LINE = re.compile(
    rf"(?:{'|'.join(f'(?<={ending})' for ending in _ENDINGS)})(?:[ \t]+|[ \t]*\.(?=[A-Z])){_BEFORE_NAME}"
    rf"(?P<name>(?!END\b|End\b|UNQUOTE\b|UNQTE\b|[xX]{{5}}){_NAME}){_REST}"
)
# Capitals at the very end of mixed-case text, after a word: no sentence ends without its stop.
_LAST_CAPITALS = re.compile(rf"(?<=[a-z])[ \t]+(?P<name>(?:L[AE] |DE )?(?=[A-Z]*[AEIOUY]){_CAPS})[ \t]*\Z")
_AFTER_ADDRESS = re.compile(rf"(?:c?fm|html?|asp|/|_\w+|[a-z]{{1,3}})[ \t]+(?P<name>{_NAME})[ \t]*\Z")
_ABBREVIATED = re.compile(r"(?:\s[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Amb|Gen|Lt|Col|Maj|Capt|Adm|Sen|Rep|Gov|Prof|St|No))\.\s+\Z")
_NO_NAMES = (
    "amembassy amconsul begin bt cable classified comment comments confidential considered continued declassified "
    "distribution drafted end exdis limdis limited message minimize nnnn nodis noforn none note official only page "
    "para part points regards secret section sensitive signed sipdis stadis summary telegram text thanks unclas "
    "unclassified unqte unquote use"
)
_NO_NAME = frozenset(_NO_NAMES.split())
_REDACTED = re.compile(r"[\[(]?[xX]{5,}[\])]?\Z|\[[A-Za-z ]{4,30}\]\Z")
_MARK = re.compile(
    r"(?:[-*=_‐.# \t]+|#\d+|//?END//?|END OF (?:CABLE|MESSAGE|DOCUMENT)|BT|\d{4}-\d\d-\d\d|N{3,5}(?:MAFVVZCZ)?"
    r"|C ?O ?N ?F ?I ?D ?E ?N ?T ?I ?A ?L|S ?E ?C ?R ?E ?T|UNCLAS(?:SIFIED)?|LIMITED OFFICIAL USE"
    r"|NOTE BY OC.*|(?:HEADING|TEXT) AS RECEIVED.*|(?:DRAFTED|APPROVED|CLEARED)(?: BY)?:.*)\Z",
    _I,
)
_FOOTER_OPENS = re.compile(
    r"[“\"'*]*(?:please )?visit\b.{0,60}?(?:web ?site|site|home ?page|portal|:|$)|for more reporting from|[*=]{5}", _I
)
_FOOTER_INSIDE = re.compile(r"(?:Please )?[Vv]isit .{0,40}?[Ww]eb ?[Ss]ite")
_FOOTER = re.compile(
    r".*(?:https?:|www\.|\.s?gov\.gov|intelink|/wiki/|Portal:|classified web|siprnet|access this site|/state/)", _I
)
_ADDRESS = re.compile(r"https?:|www\.|\.gov\b|Portal:|/wiki/", _I)
_STRAY = re.compile(r"[^.a-z]{0,60}[^.\s](?:\.\.\.|…)\Z")
_CLOSES = re.compile(r"(?:[.!?:)\]\"”’…*-]|\bend (?:comment|text|summary|note)|x{5})\Z", _I)
_ITEM = re.compile(r"(?:[-*•·]|\(?[a-zA-Z\d]{1,2}[.)]\s)")
_ONLY_ITEM = re.compile(r"\(?[a-zA-Z\d]{1,2}[.)]\s*")
_LINES, _REACH, _LONGEST, _LONGEST_FOOTER = 24, 200, 48, 80
_ROOM, _SHORT = 57, 20


@dataclass(frozen=True, slots=True)
class Signature:
    """`written` in `text[start:end]`, where the text ends at `tail_start`.

    Where the cable is not signed, `written` is None and the place empty; where the name is redacted, only the former.
    """

    written: str | None
    start: int
    end: int
    tail_start: int


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, or its last part: the offset it begins at, where its text stands, and whether a gap is above it."""

    start: int
    at: int
    end: int
    written: str
    is_apart: bool


def find_signature(text: str, start: int, end: int, noise: Sequence[Noise] = ()) -> Signature:
    """The signature of the cable whose text ends at `end`; what may be a heading or the item of a list stays text."""
    lines = _last_lines(text, start, end, noise)
    for k, line in enumerate(lines):
        found = _signed(lines[k:], is_last=k == 0)
        if found:
            return replace(found, tail_start=_tail_start(lines[k + 1 :], found.tail_start))
        if not _is_footer(line):
            is_stray = k < 2 and k + 1 < len(lines) and (_STRAY.match(line.written) or _REDACTED.match(line.written))
            if not is_stray:
                return Signature(None, end, end, _tail_start(lines[:k], end))
    return Signature(None, end, end, _tail_start(lines, end))


def _last_lines(text: str, start: int, end: int, noise: Sequence[Noise]) -> list[_Line]:
    """The last lines with something in them, the last one first, noise left out."""
    lines: list[_Line] = []
    k = bisect_left(noise, end, key=lambda n: n.start) - 1
    at, apart = end, False
    while at > start and len(lines) < _LINES:
        while k >= 0 and (noise[k].start >= at or text[noise[k].start : noise[k].end] == "¶"):
            k -= 1
        low = max(start, noise[k].end) if k >= 0 else start
        newline = text.rfind("\n", low, at) if low < at else -1
        line = _line(text, max(newline + 1, low), at)
        if line and apart and lines:
            lines[-1] = replace(lines[-1], is_apart=True)
        lines += [line] if line else []
        apart = line is None
        if newline >= low:
            at = newline
        elif k >= 0:
            at, apart = max(start, noise[k].start), True
        else:
            at = start
    return lines


def _line(text: str, start: int, end: int) -> _Line | None:
    """The line, or its last part, where something stands in it."""
    low = max(start, end - _REACH)
    written = text[low:end].rstrip() if low < end else ""
    bare = written.lstrip()
    stop = low + len(written)
    return _Line(start, stop - len(bare), stop, bare, is_apart=False) if bare else None


def _signed(lines: list[_Line], *, is_last: bool) -> Signature | None:
    """The signature that the first of `lines` is or ends with; the rest stands above it. `is_last`: nothing follows."""
    line = lines[0]
    if len(lines) > 1 and _REDACTED.match(line.written) and _CLOSES.search(lines[1].written):
        return Signature(None, line.at, line.end, line.start)
    match = _ALONE.match(line.written) if len(line.written) <= _LONGEST else None
    if match and _is_name(match["name"]) and _stands_as_signature(match["name"], lines):
        top = lines[1] if _has_second_officer(match["name"], lines) else line
        if top is not line and top.written.lower() == match["name"].lower():
            return Signature(top.written, top.at, top.end, top.start)
        return _placed(line, match, top.at + match.start("name") * (top is line), top.start)
    return _signed_on_line(line, is_last=is_last)


def _signed_on_line(line: _Line, *, is_last: bool) -> Signature | None:
    """The signature at the end of a text line, or of an address."""
    written, address = line.written, _ADDRESS.search(line.written)
    on_line = _ON_LINE.search(written)
    if on_line and not on_line["name"].isupper() and _ABBREVIATED.search(written, 0, on_line.start("name")):
        return None
    match = on_line or (_AFTER_ADDRESS.search(written) if address else None)
    match = match or (_LAST_CAPITALS.search(written) if is_last else None)
    if not match or not _is_name(match["name"]) or not (match["name"].isupper() or is_last or address):
        return None
    if _ONLY_ITEM.fullmatch(written, 0, match.start("name")):
        return None
    footer = _FOOTER_INSIDE.search(written) if address else None
    before = footer.start() if footer else match.start("name") if match is not on_line else match.start()
    return _placed(line, match, line.at + match.start("name"), line.at + before)


def _placed(line: _Line, match: re.Match[str], start: int, tail: int) -> Signature:
    """The signature of a match; the same name twice ("HOLT HOLT") is one."""
    words = match["name"].split()
    name = words[0] if len(words) == 2 and words[0].lower() == words[1].lower() else match["name"]
    return Signature(name, start, line.at + match.start("name") + len(name), tail)


def _is_name(name: str) -> bool:
    return not any(word.lower().strip(".") in _NO_NAME or not word.strip("xX") for word in name.split())


def _stands_as_signature(name: str, lines: list[_Line]) -> bool:
    """Whether a name alone on a line is the signature: after the end of a sentence or apart, not the last of a list."""
    line, above = lines[0], lines[1:]
    if not above or _ITEM.match(line.written):
        return False
    closed = bool(_CLOSES.search(above[0].written)) or _is_footer(above[0])
    # The name would have stood on the line above, had it been the sentence's next word.
    had_room = len(above[0].written) + 1 + len(name) < _ROOM and line.at - line.start < 3
    if name.islower():
        return closed or (had_room and len(above[0].written) < _SHORT) or above[0].written.lower() == name
    alike = [_looks_like_name(other) and other.written.isupper() == name.isupper() for other in above[:2]]
    if len(alike) == 2 and all(alike):
        return False
    is_mixed_text = any(c.islower() for other in above[:3] for c in other.written)
    if name.isupper() and is_mixed_text:
        return True
    return closed or line.is_apart or had_room or _has_second_officer(name, lines)


def _has_second_officer(name: str, lines: list[_Line]) -> bool:
    """Whether the line above is a second officer's name, itself after the end of a sentence."""
    if len(lines) < 3 or not _looks_like_name(lines[1]):
        return False
    same = lines[1].written.lower() == name.lower()
    return same or (
        not lines[0].is_apart
        and lines[1].written.isupper() == name.isupper()
        and bool(_CLOSES.search(lines[2].written))
    )


def _looks_like_name(line: _Line) -> bool:
    match = _ALONE.match(line.written) if len(line.written) <= _LONGEST else None
    return bool(match and not match["rest"] and _is_name(match["name"]) and not match["name"].islower())


def _is_footer(line: _Line) -> bool:
    return bool(_MARK.match(line.written) or _FOOTER.match(line.written) or _FOOTER_OPENS.match(line.written))


def _tail_start(lines: list[_Line], tail: int) -> int:
    """Where the tail begins, given the lines above (or of) it, the last first: marks, addresses under "Visit ..."."""
    only_marks = True
    for k, line in enumerate(lines):
        is_between = 0 < k < len(lines) - 1 and len(line.written) < _LONGEST_FOOTER and _is_footer(lines[k + 1])
        if _FOOTER_OPENS.match(line.written) or (_MARK.match(line.written) and only_marks):
            tail = line.start
        elif not (_is_footer(line) or is_between):
            break
        only_marks = only_marks and bool(_MARK.match(line.written))
    return tail
