"""Repairs: a raw stretch to running text, every change recorded as an edit that can be undone.

The wire broke lines at 69 columns, in mid-word where a field was cut by machine; it lost apostrophes and
quotation marks and sent lines twice. What is mended here is what has one reading; the rest stays as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from reftel.model import Edit, EditKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from reftel.parse.noise import Noise

# A bullet, a lettered or numbered item, a speaker's mark of an interview: the author's own line.
BULLET = re.compile(
    r"(?:- {0,3})?--?(?![-\d])[ \t]*(?=[^\s-])|[*•·+>][ \t]*(?=[^\s*])|o[ \t]{1,4}(?=[A-Z])"
    r"|\(?(?:[a-zA-Z]|\d{1,2}|[ivx]{2,4})\)(?:[ \t]+(?=\S)|(?=[A-Z(]))|[A-Za-z]\.[ \t]+(?=[A-Z(])|[QA]:[ \t]"
)
# Four plain searches: each has a literal to look for, which is much faster than one pattern of alternatives.
_GAPS = (
    ("\n", re.compile(r"\n\s*")),
    ("  ", re.compile(r"  +")),
    ("- ", re.compile(r"(?<=[A-Z]-) (?=[A-Z])")),
)
_ODD_BLANKS = re.compile(r"[^\S \n]+")
_PLAIN_WRAP = re.compile(r" ?\n(?=[A-Za-z]{4})")
_PLAIN_END = re.compile(r"[^\W\d_]{3}|.[\w)\"][,.]")
_COLUMNS = re.compile(r"[^\s.:?!)] {3,}(?=\S)|\S\t+(?=\S)")
_LINES_BACK = 400  # no line that matters is longer: rows and fields are short

# A field of the head ("Classified By: ...") longer than this is cut by machine at this column, be it in mid-word.
_FIELD_CUT = 71
_FIELD_LINE = re.compile(r"[ \t]*(?:Class?ifi?i?ed|Reasons?|Derived)\b", re.IGNORECASE)
_IN_FIELDS = (
    "a acting affairs al ambassador amb and assistant b bin by c cda charge chief classified consul counselor "
    "country d da dcm de deputy del department der director dos du e economic el embassy ex exec executive f for "
    "from general global ii iii in international issues jr la le m management mgt military minister mission nea "
    "of off office officer on pol political polcouns pol-mil post principal reason reasons rel rso s science "
    "secretary section security senior specialist state the to u under us usg van von"
)
_FIELD_WORDS = frozenset(_IN_FIELDS.split())
# Short words that may begin or end any line; a short piece that is none of them may be half of a word.
_SHORT = (
    "a act add age ago aid aim air al all an and any are arm as ask at bad ban bay be bed big bin bit bus but buy "
    "by can car cut da day de del der di did die do due du eat el end era etc eve eye far fed few fit fix fly for "
    "fro gas get go got gun guy had has he her him his hit how i if ill in is it its job key la las law lay le "
    "led let lie log los lot low man map may me men met mix my net new no non nor not now o odd of off oil old on "
    "one opt or ore our out own par pay per pre pro put quo ran red ref rid row run saw say sea see set she shy "
    "six so son spy sum tap tax ten than the tie to ton top tow try two un und up us use van via von vs wag war "
    "was way we web who why win won y yen yes yet yon you zu"
)
_SHORT_WORDS = frozenset(_SHORT.split())

# Hyphens at a wrap: what is a whole word or a prefix keeps its hyphen.
_WHOLE = re.compile(r"(?:ly|ing|tion|sion|ment|ness|ish|ian|ese|ence|ance|ity|ism|ist|ee)\Z", re.IGNORECASE)
_BEFORE_HYPHEN = (
    "all anti asean cis co counter cross ec eec eu eur ex far frg g gdr half high imf inter left long low mid "
    "much multi nato ngo non oas oau osce over plo post prc pre pro quasi right rok self semi short so sov sub "
    "super trans u uk ultra un under us usg ussr vice well"
)
_KEEPS_HYPHEN = frozenset(_BEFORE_HYPHEN.split())
# Of these, what as often begins a word that telegrams in capitals divide at the margin: "PRE-" and "PARED".
_PREFIXES = frozenset({"co", "counter", "inter", "over", "post", "pre", "pro", "sub", "super", "trans", "under"})
_TAIL_OF_WORD = re.compile(
    r"(?:i[sz]|i[sz]a|a|ta|ra|na|la|ica)?[ts]ions?|(?:e|ee|ti)?ments?|ingly|ities|[st]ive(?:ly)?|ness(?:es)?"
    r"|tional(?:ly)?"
)
_PAIRED = frozenset({"and", "or", "to", "und"})
_LOWER_WORD = re.compile(r"(?<![a-z])[a-z]{3,}+")
_NEAR, _FEW = 3000, 20

_NO_BLANK_BEFORE = frozenset(").,;:?!")
_STOPS = frozenset('.:;!?)"”')
_NUMBERED_ITEM = re.compile(r"¶?\d{1,2}\.[ \t]+(?=[A-Z(\"“])")
_FIRST_WORD = re.compile(r"[^\W_]+")
_WORD_REACH, _TEXT_REACH, _LOOKUPS, _TRIES = 40, 100_000, 60, 50
_HALF_LINE, _SHORT_LINE, _FULL_PAGE = 40, 50, 100

_COMMA = re.compile(r",(?=[^\W\d_])")
_AFTER_COMMA = re.compile(
    r",(?:(s|S|t|T|re|ll|ve|d|m)(?![^\W_])|(ida|eda|ath|a|aida)\b|([A-ZÀ-Ý][^\W\d_]|[aeiouhé][^\W\d_]))"
)
_BEFORE_COMMA = {
    "s": re.compile(r"(?<![(,\s.][^\W_])(?<=[^\W_])\Z|(?<=[A-Z]\.)\Z"),
    "S": re.compile(r"[A-Z0-9][A-Z0-9.]\Z"),
    "t": re.compile(r"[a-z]n\Z"),
    "T": re.compile(r"[A-Z]N\Z"),
    "d": re.compile(r"(?:[a-z]{2}|\bI)\Z"),
    "m": re.compile(r"\bI\Z"),
    "re": re.compile(r"[a-z]{2}\Z"),
    "ll": re.compile(r"[a-z]{2}\Z|\bI\Z"),
    "ve": re.compile(r"[a-z]{2}\Z|\bI\Z"),
}
_NAME_BEFORE_COMMA = re.compile(r"(?:\b[Qq]a|\b[Qq]u|\bShi|\bBa|\bSana)\Z")
_ELISION = re.compile(r"(?:(?:\A|[^\w.])[dDlL])\Z")
_IRISH = re.compile(r"(?:\A|\W)O\Z")
_Q = re.compile(
    r"(?<=[a-z])Q,?(?=(?:s|t|re|ve|ll|d)(?![^\W_]))|(?<=[a-z]s)Q,(?=\s)"
    r"|(?<![^\W_])Q(?=[A-Za-z][^Q]{1,80}?[a-z][.,!?]?Q(?![^\W_]))"
)
_Q_CLOSES = re.compile(r"(?<=[a-z])[.,!?]?Q(?![^\W_])")
_AMPERSAND = re.compile(r"(?<![^\W_])&(?=[A-Za-z\d][^&]{0,300}?[A-Za-z.,!?]8(?![^\W_]))")
_EIGHT = re.compile(r"(?<=[A-Za-z.,!?])8(?![^\W_])")
_LOST_APOSTROPHE = re.compile(r"(?<=\bO)\?\?\?(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Clean:
    """Running text, and the edits that made it from `raw[raw_start:raw_end]`."""

    text: str
    raw_start: int
    raw_end: int
    edits: tuple[Edit, ...]


class _Change(NamedTuple):
    """A raw span and what it becomes."""

    start: int
    end: int
    kind: EditKind
    after: str


class _Cluster(NamedTuple):
    """A run of white space and noise."""

    start: int
    end: int
    kind: EditKind | None


@dataclass(frozen=True, slots=True)
class _Gap:
    """A run of white space and noise `text[at:to]` inside the stretch `text[start:end]`."""

    text: str
    start: int
    at: int
    to: int
    end: int

    @property
    def white(self) -> bool:
        return any(c.isspace() for c in self.text[self.at : self.to])

    @property
    def breaks(self) -> bool:
        return "\n" in self.text[self.at : self.to]

    @property
    def line_start(self) -> int:
        return _line_start(self.text, self.at)

    @property
    def column(self) -> int:
        return self.at - self.line_start

    @property
    def is_cut(self) -> bool:
        """Whether a field's line was cut here."""
        return self.column == _FIELD_CUT and bool(_FIELD_LINE.match(self.text, self.line_start))

    @property
    def left(self) -> str:
        return _last_word(self.text, self.start, self.at)

    @property
    def right(self) -> str:
        match = _FIRST_WORD.match(self.text, self.to, min(self.end, self.to + _WORD_REACH))
        return match[0] if match else ""

    @property
    def next_line(self) -> str:
        stop = self.text.find("\n", self.to, min(self.end, self.to + 200))
        return self.text[self.to : stop if stop >= 0 else min(self.end, self.to + 200)]


@dataclass(slots=True)
class _Words:
    """Answers whether a word occurs in the cable, a bounded number of times."""

    text: str
    at: int
    asked: int = 0
    known: dict[str, bool] = field(default_factory=dict)

    def has(self, word: str) -> bool:
        if word not in self.known:
            self.asked += 1
            self.known[word] = self.asked <= _LOOKUPS and self._occurs(word)
        return self.known[word]

    def _occurs(self, word: str) -> bool:
        low, high = max(0, self.at - _TEXT_REACH), self.at + _TEXT_REACH
        return any(
            _stands(self.text, form, low, high) for form in {word, word.lower(), word.upper(), word.capitalize()}
        )


def _stands(text: str, word: str, low: int, high: int) -> bool:
    """Whether the word stands between other characters than letters, digits and hyphens."""
    at, tries = text.find(word, low, high), 0
    while at >= 0 and tries < _TRIES:
        tries += 1
        around = text[max(at - 1, 0) : at] + text[at + len(word) : at + len(word) + 1]
        if not any(c.isalnum() or c in "-_" for c in around):
            return True
        at = text.find(word, at + 1, high)
    return False


def _line_start(text: str, at: int) -> int:
    """Where the line begins, or a point far enough from `at`."""
    low = max(0, at - _LINES_BACK)
    return max(text.rfind("\n", low, at) + 1, low)


def _last_word(text: str, start: int, end: int) -> str:
    """The letters and digits that end at `end`."""
    at = end
    while at > start and end - at < _WORD_REACH and text[at - 1].isalnum():
        at -= 1
    return text[at:end]


def clean(text: str, start: int, end: int, noise: Sequence[Noise] = (), *, keep_breaks: bool = False) -> Clean:
    """The running text of `text[start:end]`: trimmed, wraps joined, noise dropped, garbles mended.

    `noise` is what `find_noise` gave for the text (sorted; spans elsewhere are ignored). With `keep_breaks` a
    line feed stays where the author meant it: before a bullet, at a blank line, between tabular lines.
    Never fails; `edits` undo to `text[raw_start:raw_end]` exactly.
    """
    inside = _within(noise, start, end)
    start, end = _trimmed(text, start, end, inside)
    if start >= end:
        return Clean("", start, start, ())
    changes = [*_gap_changes(text, start, end, inside, keep_breaks=keep_breaks), *_mark_changes(text, start, end)]
    return _applied(text, start, end, changes)


def _within(noise: Sequence[Noise], start: int, end: int) -> Sequence[Noise]:
    """The noise that touches the stretch."""
    first = bisect_right(noise, start, key=lambda n: n.end)
    return noise[first : bisect_left(noise, end, lo=first, key=lambda n: n.start)]


def _trimmed(text: str, start: int, end: int, noise: Sequence[Noise]) -> tuple[int, int]:
    """The stretch without white space and noise at its ends."""
    k = 0
    while start < end:
        if k < len(noise) and noise[k].start <= start:
            start = min(max(start, noise[k].end), end)
            k += 1
        elif text[start].isspace():
            start += 1
        else:
            break
    j = len(noise) - 1
    while end > start:
        if j >= 0 and noise[j].end >= end:
            end = max(min(end, noise[j].start), start)
            j -= 1
        elif text[end - 1].isspace():
            end -= 1
        else:
            break
    return start, end


def _gap_changes(text: str, start: int, end: int, noise: Sequence[Noise], *, keep_breaks: bool) -> Iterator[_Change]:
    """White space and noise between words, each run one change."""
    words = _Words(text, start)
    line = _line_start(text, start) - 1
    for at, to, noise_kind in _clusters(text, start, end, noise):
        above, line = line, max(line, text.rfind("\n", at, to))
        if noise_kind is None and _is_plain_wrap(text, above, at, to):
            yield _Change(at, to, "wrap", " ")
            continue
        gap = _Gap(text, start, at, to, end)
        joined: EditKind | None = None
        if not gap.white:
            after = ""
        elif gap.breaks and keep_breaks and _is_meant(gap, noise_kind):
            after, joined = "\n", "break"
        else:
            after, joined = _joint(gap, words)
        kind = noise_kind or joined
        if kind and after != text[at:to]:
            yield _Change(at - (joined == "hyphen"), to, kind, after)


def _is_plain_wrap(text: str, line: int, at: int, to: int) -> bool:
    """Whether this is the common case, told at a glance: one line feed in running prose, a longer word behind it."""
    column = at - line - 1
    if not _SHORT_LINE < column < _FULL_PAGE or column == _FIELD_CUT:
        return False
    match = _PLAIN_WRAP.match(text, at, to + 4)
    return (
        bool(match and match.end() == to and _PLAIN_END.match(text, at - 3, at))
        and text.find("   ", line + 1, to + 70) < 0
    )


def _field_cuts(text: str, start: int, end: int) -> Iterator[int]:
    """Where a blank stands at the column at which a field's line was cut: perhaps in mid-word, the rest put behind."""
    line = _line_start(text, start)
    cut = line + _FIELD_CUT
    if start < cut < end - 1 and text[cut] == " " and _FIELD_LINE.match(text, line) and "\n" not in text[line:cut]:
        yield cut


def _clusters(text: str, start: int, end: int, noise: Sequence[Noise]) -> Iterator[_Cluster]:
    """Maximal runs of white space and noise, with the kind of the noise in them."""
    spans = [_Cluster(m.start(), m.end(), None) for m in _ODD_BLANKS.finditer(text, start, end)]
    for sign, pattern in _GAPS:
        if text.find(sign, start, end) >= 0:
            spans += [
                _Cluster(m.start() - (m.start() > start and text[m.start() - 1] == " "), m.end(), None)
                for m in pattern.finditer(text, start, end)
            ]
    spans += [_Cluster(cut, cut + 1, None) for cut in _field_cuts(text, start, end)]
    for n in noise:
        at, to = max(n.start, start), min(n.end, end)
        if at < to:
            at -= text[at - 1] == " " and at > start
            to += to < end and text[to] == " "
            spans.append(_Cluster(at, to, n.kind))
    spans.sort(key=lambda s: s[:2])
    last: _Cluster | None = None
    for span in spans:
        if last and span[0] <= last[1]:
            kind = "header" if "header" in {last[2], span[2]} else last[2] or span[2]
            last = _Cluster(last[0], max(last[1], span[1]), kind)
            continue
        if last:
            yield last
        last = span
    if last:
        yield last


def _is_meant(gap: _Gap, noise: EditKind | None) -> bool:
    """Whether a line break is the author's: a new item, a new block, a row of a table."""
    text, after = gap.text, gap.text[gap.to]
    if BULLET.match(text, gap.to, gap.end):
        return _opens_item(gap)
    if noise in {"page-line", "header", "caption", "garble"} or after in _NO_BLANK_BEFORE or _runs_on(gap):
        return False
    if noise == "rule" or text.count("\n", gap.at, gap.to) > 1:
        return True
    if _NUMBERED_ITEM.match(text, gap.to, gap.end) or gap.column > _FULL_PAGE:
        return text[gap.at - 1] in _STOPS
    return _is_row(gap)


def _opens_item(gap: _Gap) -> bool:
    """Whether what looks like a bullet is one: not "A)" after "(ref", nor what follows a dash."""
    text = gap.text
    line = text[max(gap.start, gap.at - 80) : gap.at]
    if text[gap.to] not in "(-*" and line.rfind("(") > line.rfind(")"):
        return False
    return text[gap.at - 1] != "-" or text[gap.at - 2 : gap.at] == "--"


def _runs_on(gap: _Gap) -> bool:
    """Whether the sentence goes on behind the gap, even over a blank line."""
    is_blank = gap.text.count("\n", gap.at, gap.to) > 1
    before, word = gap.text[gap.at - 1], gap.left
    if gap.text[gap.to].islower():
        return not (is_blank and before in _STOPS)
    return is_blank and gap.column > _HALF_LINE and len(word) < 6 and word.isalpha() and word.islower()


def _is_row(gap: _Gap) -> bool:
    """Whether the lines on both sides are rows: columns, or short lines that end before the margin."""
    text, line = gap.text, gap.text[max(gap.line_start, gap.at - 200) : gap.at]
    following = gap.next_line
    if _has_columns(line) or _has_columns(following):
        return True
    needed = len(line) + 1 + len(following.split(" ", 1)[0])
    above = gap.line_start - 1 - _line_start(text, max(0, gap.line_start - 1))
    has_room = needed <= _SHORT_LINE - 6 or needed <= min(_SHORT_LINE, max(above, len(following.rstrip()))) - 4
    closes = line[-1:] in _STOPS or len(following.rstrip()) <= _SHORT_LINE - 6
    return has_room and closes


def _has_columns(line: str) -> bool:
    """Whether a line is a row of a table; a single wide gap in a full line is none."""
    gaps = len(_COLUMNS.findall(line))
    return gaps > 1 or (gaps == 1 and len(line.strip()) <= _SHORT_LINE)


def _joint(gap: _Gap, words: _Words) -> tuple[str, EditKind]:
    """What joins the text on both sides of a gap that is no author's break."""
    before, after = gap.text[gap.at - 1], gap.text[gap.to]
    if before == "-":
        return _hyphen(gap, words)
    wrapped = gap.breaks or gap.column == _FIELD_CUT
    if wrapped and _touches(gap, before, after):
        return "", "word"
    if wrapped and before.isalpha() and after.isalpha() and _is_broken_word(gap, words):
        return "", "word"
    return " ", "wrap" if gap.breaks else "space"


def _touches(gap: _Gap, before: str, after: str) -> bool:
    """Whether no blank can stand between the two: "(d" and ")", or "1." and "4" where a field was cut."""
    if gap.is_cut:
        is_decimal = before == "." and after.isdigit() and gap.text[gap.at - 2].isdigit()
        return before in "(/" or after in ").,/" or is_decimal
    if not gap.breaks or gap.text.count("\n", gap.at, gap.to) > 1:
        return False
    line = gap.text[max(gap.start, gap.at - 100) : gap.at]
    if after == ")":
        return line.rfind("(") > line.rfind(")")
    slashed = before == "/" and line[-2:-1].isalnum() and "//" not in line and "www." not in line
    return before == "(" or after == "," or slashed


def _is_broken_word(gap: _Gap, words: _Words) -> bool:
    """Whether a word was broken by the wrap: in a field that was cut, or where the cable has it whole elsewhere."""
    left, right = gap.left, gap.right
    if not left.isalpha() or not right.isalpha():
        return False
    if gap.is_cut:
        is_letter = len(right) == 1 and gap.text[gap.to + 1 : gap.to + 2] == " " and left.lower() not in _FIELD_WORDS
        return _is_cut_in_field(left, right) or (is_letter and right.islower())
    if (
        not gap.breaks
        or not right.islower()
        or gap.text[gap.to + len(right) : gap.to + len(right) + 1] in {"'", "’", "-"}
    ):
        return False
    odd = len(right) <= 3 and right not in _SHORT_WORDS
    odd = odd or (len(left) <= 2 and left.islower() and left not in _SHORT_WORDS)
    if not odd or not words.has(left + right):
        return False
    return not words.has(f"{left} {right}") and not (len(left) > 3 and words.has(right))


def _is_cut_in_field(left: str, right: str) -> bool:
    """Whether a field was cut in mid-word: "Affai" and "rs", "Y" and "ates"; "for" and "reasons" are two words."""
    known = _FIELD_WORDS
    if (left + right).lower() in known:
        return not (left.lower() in known and right.lower() in known) or len(right) == 1
    return right.islower() and right not in known and (left.lower() not in known or len(left) == 1)


def _hyphen(gap: _Gap, words: _Words) -> tuple[str, EditKind]:
    """What becomes of a gap after a hyphen: "JURIS-" and "DICTION" are one word, "US-" and "LATIN" a pair."""
    text, right = gap.text, gap.right
    left = _last_word(text, gap.start, gap.at - 1)
    plain: tuple[str, EditKind] = (" ", "wrap" if gap.breaks else "space")
    if not left or not right or text[gap.at - 2] == "-" or right.lower() in _PAIRED:
        return plain
    if not gap.breaks and not _is_in_capitals(text, gap.at):
        return plain
    if _is_divided(left, right, words):
        return "", "hyphen"
    return "", "wrap" if gap.breaks else "space"


def _is_divided(left: str, right: str, words: _Words) -> bool:
    """Whether a hyphen at a wrap divides one word, as the telegrams in capitals do, rather than joining two."""
    if not (left.replace("0", "O").isalpha() and right.isalpha()) or words.has(f"{left}-{right}"):
        return False
    if words.has(left + right):
        return True
    in_capitals = left.isupper() and right.isupper() and _is_in_capitals(words.text, words.at)
    if left.lower() in _KEEPS_HYPHEN and not (in_capitals and left.lower() in _PREFIXES):
        return False
    if not in_capitals:
        return left.islower() and bool(_TAIL_OF_WORD.fullmatch(right))
    is_whole = len(left) > 5 and len(right) > 3 and _WHOLE.search(left)
    return not (is_whole or (words.has(left) and words.has(right)))


def _is_in_capitals(text: str, at: int) -> bool:
    """Whether the text around `at` is that of a telegram in capitals, whose typists divided words at the margin."""
    return len(_LOWER_WORD.findall(text, max(0, at - _NEAR), at + _NEAR)) < _FEW


def _mark_changes(text: str, start: int, end: int) -> Iterator[_Change]:
    """Commas and letters that stand for apostrophes and quotation marks."""
    for match in _COMMA.finditer(text, start, end):
        if _is_apostrophe(text, match.start(), start, end):
            yield _Change(match.start(), match.end(), "apostrophe", "'")
    if text.find("???", start, end) >= 0:
        for match in _LOST_APOSTROPHE.finditer(text, start, end):
            yield _Change(match.start(), match.end(), "apostrophe", "'")
    if text.find("Q", start, end) >= 0:
        yield from _quotes(text, start, end, _Q, _Q_CLOSES)
    if text.find("&", start, end) >= 0:
        yield from _quotes(text, start, end, _AMPERSAND, _EIGHT)


def _is_apostrophe(text: str, at: int, start: int, end: int) -> bool:
    """Whether the comma at `at` stands for an apostrophe: "Serrano,s", "didn,t", "Cote d,Ivoire", "O,Neill"."""
    match = _AFTER_COMMA.match(text, at, min(end, at + 12))
    if not match:
        return False
    before = text[max(start, at - 8) : at]
    if match[1]:
        return bool(_BEFORE_COMMA[match[1]].search(before))
    if match[2]:
        return bool(_NAME_BEFORE_COMMA.search(before))
    return bool(_ELISION.search(before) or (_IRISH.search(before) and match[3][0].isupper()))


def _quotes(text: str, start: int, end: int, opens: re.Pattern[str], closes: re.Pattern[str]) -> Iterator[_Change]:
    """Characters that stand for quotation marks in pairs, or for an apostrophe where none opens."""
    at = start
    while match := opens.search(text, at, end):
        at = match.end()
        before = text[match.start() - 1 : match.start()] if match.start() > start else " "
        if before.isalpha():
            yield _Change(match.start(), match.end(), "apostrophe", "'")
            continue
        closing = closes.search(text, at, end)
        yield _Change(match.start(), match.end(), "apostrophe", '"')
        if closing:
            yield _Change(closing.end() - 1, closing.end(), "apostrophe", '"')
            at = closing.end()


def _applied(text: str, start: int, end: int, changes: list[_Change]) -> Clean:
    """The stretch with its changes made; of two that overlap the first stands."""
    parts: list[str] = []
    edits: list[Edit] = []
    at, length = start, 0
    for change in sorted(changes, key=lambda c: (c.start, c.end)):
        if change.start < at:
            continue
        parts += [text[at : change.start], change.after]
        length += change.start - at
        edits.append(Edit(change.kind, length, text[change.start : change.end], change.after))
        length += len(change.after)
        at = change.end
    parts.append(text[at:end])
    return Clean("".join(parts), start, end, tuple(edits))
