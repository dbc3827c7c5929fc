"""Joints: what joins the text on both sides of a gap: a blank, nothing where a word was broken, or a hyphen.

The wire broke lines at 69 columns, in mid-word where a field was cut by machine; the telegrams in capitals divide
words at the margin. What has one reading is joined; the rest stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reftel.parse.gaps import FIELD_CUT, Gap, last_word

if TYPE_CHECKING:
    from reftel.model import EditKind

# Whole words of the fields that were cut by machine ("Classified By: ...").
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
_TEXT_REACH, _LOOKUPS, _TRIES = 100_000, 60, 50
_PAIRED = frozenset({"and", "or", "to", "und"})
_LOWER_WORD = re.compile(r"(?<![a-z])[a-z]{3,}+")
_NEAR, _FEW = 3000, 20


@dataclass(slots=True)
class Words:
    """Answers whether a word occurs in the cable, a bounded number of times."""

    text: str
    at: int
    asked: int = 0
    known: dict[str, bool] = field(default_factory=dict)

    def has(self, word: str) -> bool:
        """Whether the word stands in the text, in these or other capitals; False once too many were asked for."""
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


def joint(gap: Gap, words: Words) -> tuple[str, EditKind]:
    """What joins the text on both sides of a gap that is no author's break."""
    before, after = gap.text[gap.at - 1], gap.text[gap.to]
    if before == "-":
        return _hyphen(gap, words)
    wrapped = gap.breaks or gap.column == FIELD_CUT
    if wrapped and _touches(gap, before, after):
        return "", "word"
    if wrapped and before.isalpha() and after.isalpha() and _is_broken_word(gap, words):
        return "", "word"
    return " ", "wrap" if gap.breaks else "space"


def _touches(gap: Gap, before: str, after: str) -> bool:
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


def _is_broken_word(gap: Gap, words: Words) -> bool:
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


def _hyphen(gap: Gap, words: Words) -> tuple[str, EditKind]:
    """What becomes of a gap after a hyphen: "JURIS-" and "DICTION" are one word, "US-" and "LATIN" a pair."""
    text, right = gap.text, gap.right
    left = last_word(text, gap.start, gap.at - 1)
    plain: tuple[str, EditKind] = (" ", "wrap" if gap.breaks else "space")
    if not left or not right or text[gap.at - 2] == "-" or right.lower() in _PAIRED:
        return plain
    if not gap.breaks and not _is_in_capitals(text, gap.at):
        return plain
    if _is_divided(left, right, words):
        return "", "hyphen"
    return "", "wrap" if gap.breaks else "space"


def _is_divided(left: str, right: str, words: Words) -> bool:
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
