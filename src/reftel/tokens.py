"""Tokens and sentences of cable prose, in mixed case and in capitals.

Offsets are half-open and count code points. The rules, in the order they are tried:

- A token is a run without blanks, less the quotation marks, brackets, commas, semicolons, colons, dashes
  ("--") and stops at its ends; brackets, double quotation marks and semicolons stand alone everywhere.
  "1,500", "12:30", "1.4", "S/NF", "U.S.-Iraq", "al-Rubaie", "haven't", "$1.5" and web addresses stay whole,
  "Iraq's" is two tokens.
- A sentence ends at a stop, a question or an exclamation mark, with the quotation marks and brackets that
  close on it, if what follows can open a sentence: a capital, a digit, an opening bracket or quotation
  mark, a redaction. Abbreviations hold it open, each kind in its own way.
- A full stop that ends no sentence belongs to its word ("Amb.", "Jan."); one that does is a token, except
  after an abbreviation that keeps it ("U.S.", "Inc.").
- A line feed ends a sentence, since in a unit's text it is the author's; `line_breaks=False` is for raw
  text, where it is only the end of a line.

Words in capitals tell names from common words no more than they tell where a sentence begins, so there the
lists of abbreviations decide.
"""

from __future__ import annotations

import re

_INNER = r"[^\s()\[\]{}\"“”„«»;,.:!?'’‘`…—-]"
_TOKEN = re.compile(
    rf"""
    (?P<address> (?i:https?://|www\.) (?: [^\s<>"“”().,;:!?\[\]]++ | [().,;:!?](?=[^\s<>"“”().,;:!?\[\]]) )++ )
  | (?P<dots> \.{{2,}}+ | … )
  | (?P<bullet> (?<!\S) [-*•] (?=[^\W\d_]) )
  | (?P<word> (?:
        {_INNER}++
      | \. (?=-?{_INNER}) (?!xxxx|XXXX) (?! (?<=[a-z]{{2}}\.)[A-Z][a-z] | (?<=\d\.)[A-Z][A-Za-z] )
      | (?<=\d) , (?=\d)
      | : (?={_INNER})
      | (?<=[^\W\d_]) [!?]++ (?=[^\W\d_])
      | (?<=\w) ['’‘`] (?=\w) (?![sS](?!\w))
      | ['’] (?=\d\d(?!\w))
      | - (?!-) (?<!--)
    )++ )
  | (?P<possessive> (?<=[\w.]) ['’‘`] [sS] (?!\w) )
  | (?P<stop> \. )
  | (?P<mark> [!?]++ )
  | (?P<other> -{{2,}}+ | —++ | \S )
    """,
    re.VERBOSE,
)
_AFTER = re.compile(
    r"(?P<closers>[\"”’'»)\]}]*+)(?P<gap>\s*+)(?P<lead>(?:[-–—*•=_/]++\s*+)*+)"
    r"(?P<next>(?:al|el|an|as|at|ar|ad|ud|ul|d|l|bin|ibn)[-'’](?=[A-Z])|[A-Z]\.|[^\W\d_]{1,12}+|\S?)"
)
CLOSERS = frozenset("\"”’'»)]}")
_OPENERS = frozenset("\"“‘'«([{$€£#")
_CONTINUES = frozenset(",;:.?!-–—%/&")
_INITIALS = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,2}|[A-Z]")
_LABEL = re.compile(r"\d{1,3}|[A-Za-z]|[ivx]{2,5}")

_ENDINGS = frozenset({"stop", "mark", "dots"})

# Stand before a name, written with a capital: never the end of a sentence.
_TITLES = re.compile(
    "adm|amb|ambs|asst|atty|brig|capt|cdr|chmn|cmdr|col|cpl|dep|dir|dr|dra|drs|eng|fr|ft|gen|gens|gov|hon|"
    "ing|lic|lt|maj|messrs|min|mlle|mme|mr|mrs|ms|msgr|mssrs|mt|pres|prof|profs|pt|radm|rep|reps|rev|sec|"
    "secy|sen|sens|sgt|sra|srta|st|ste|supt|vadm"
)
# Stand before more of the same sentence, in any case.
_OPEN_ENDED = re.compile(r"approx|ca|cf|e\.g|esp|excl|i\.e|incl|p|pp|viz|vs")
# Stand before a number or a letter: "No. 5", "Jan. 3", "Ref. A".
_NUMBERED = re.compile(
    "apr|art|arts|aug|ch|dec|feb|fig|jan|jul|jun|mar|no|nos|nov|oct|para|paras|ref|refs|res|rs|sec|"
    "sect|sep|sept|tel|vol"
)
# Stand after a name or a number: the end only before a word that usually opens a sentence.
_SUFFIXES = re.compile(r"al|bros|co|corp|dept|govt|inc|jr|llc|ltd|ph\.d|plc|sr")
# Can as well be the last word: the end before any capital.
_LAST = re.compile(r"a\.m|etc|p\.m")
_STARTERS = re.compile(
    "according|after|although|an|and|another|as|at|both|but|by|despite|during|end|finally|for|from|he|"
    "her|his|how|however|if|in|it|its|meanwhile|moreover|no|nor|on|one|our|several|she|since|so|some|"
    "such|that|the|their|then|there|these|they|this|those|though|thus|to|under|we|what|when|where|while|"
    "who|with|you"
)
# In capitals "U.S. IN" tells nothing: only the words that hardly ever follow a name.
_STARTERS_IN_CAPITALS = re.compile("he|however|it|meanwhile|moreover|she|the|there|these|they|this|those|we")

Span = tuple[int, int]


def sentence_tokens(text: str, *, line_breaks: bool = True) -> list[list[Span]]:
    """The tokens of `text`, sentence by sentence.

    No sentence is empty, no token holds a blank, and every character that is not blank is in one token.
    """
    found: list[list[Span]] = []
    sentence: list[Span] = []
    before, ended, opens_line = 0, True, False
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        new_line = line_breaks and (not found or text.find("\n", before, start) >= 0)
        if new_line or (ended and not (sentence and start == before and text[start] in CLOSERS)):
            opens_line, sentence, ended = new_line, [], False
            found.append(sentence)
        kind = match.lastgroup
        if kind in _ENDINGS:
            word = text[sentence[-1][0] : start] if kind == "stop" and sentence and start == before else ""
            label = opens_line and len(sentence) == 1 and _LABEL.fullmatch(word) is not None
            ended = not label and _ends(text, end, word, line_breaks=line_breaks)
            if word and text[start - 1].isalnum() and (not ended or _keeps_its_stop(word)):
                start = sentence.pop()[0]
        sentence.append((start, end))
        before = end
    return found


def sentences(text: str) -> list[Span]:
    """The sentences of a unit's text, from the first token's first character to the last token's last."""
    return [(sentence[0][0], sentence[-1][1]) for sentence in sentence_tokens(text)]


def tokens(text: str) -> list[Span]:
    """The tokens of a unit's text."""
    return [token for sentence in sentence_tokens(text) for token in sentence]


def _ends(text: str, at: int, word: str, *, line_breaks: bool) -> bool:
    """Whether the stop that ends at `at`, after `word`, ends a sentence."""
    after = _AFTER.match(text, at)
    assert after is not None, "the pattern matches the empty string"
    following = after["next"]
    if not following or (line_breaks and "\n" in after["gap"]):
        return True
    return _can_open(following, closed=bool(after["closers"])) and not _holds_open(word, following)


def _can_open(following: str, *, closed: bool) -> bool:
    """Whether what follows a stop can open a sentence.

    After a closing quotation mark or bracket (`closed`) all but a small letter or more punctuation can.
    """
    first = following[0]
    if first.islower():
        return following[-1] in "-'’" or following.startswith("xxxx")
    return first.isalnum() or first in _OPENERS or (closed and first not in _CONTINUES)


def _holds_open(word: str, following: str) -> bool:
    """Whether the stop after `word` is an abbreviation's and the sentence goes on with `following`."""
    low = word.lower()
    if _NUMBERED.fullmatch(low):
        return following[0].isdigit() or (len(following.rstrip(".")) == 1 and following[0].isalpha())
    if _is_title(word) or _OPEN_ENDED.fullmatch(low):
        return True
    in_capitals = len(following) > 1 and following.isupper()
    if _LAST.fullmatch(low) and not in_capitals:
        return False
    starters = _STARTERS_IN_CAPITALS if in_capitals else _STARTERS
    return _abbreviates_a_name(word) and not starters.fullmatch(following.lower())


def _keeps_its_stop(word: str) -> bool:
    """Whether the stop that ends a sentence still belongs to `word` ("the U.S.", "Acme Inc.")."""
    known = _is_title(word) or _OPEN_ENDED.fullmatch(word.lower()) or _LAST.fullmatch(word.lower())
    return bool(known) or (len(word) > 1 and _abbreviates_a_name(word))


def _is_title(word: str) -> bool:
    return word[:1].isupper() and _TITLES.fullmatch(word.lower()) is not None


def _abbreviates_a_name(word: str) -> bool:
    """Whether `word` is an initial, an acronym written with stops, or a suffix."""
    return (_INITIALS.fullmatch(word) or _SUFFIXES.fullmatch(word.lower())) is not None
