"""Rules after the network: where a name ends, what is never a name, one type for one name.

They run on the mentions of one cable. Each was measured with and without on gold cables
(`training/README.md` has the table). They hold for cables in general: what they know by name stands in
the guide by which the gold was annotated.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from reftel import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reftel.model import MentionType


@dataclass(frozen=True, slots=True)
class Span:
    """A mention: half-open code-point offsets in its text, a type, the chance that it is right.

    `type` is PER, LOC, ORG or MISC; `score` runs from 0 to 1 and is calibrated: of the mentions
    scored 0.8, about eight in ten are right.
    """

    start: int
    end: int
    type: MentionType
    score: float


_MARGIN = 1.5  # a type wins over another in one cable by so many times its votes
_DOUBT = 0.7  # what a mention keeps of its score when it is cut
_UNSURE = 0.6  # the score below which two names may stand side by side in a mention
_SURE = 0.7  # the score of a name that may be tagged where the network left it out

_BETWEEN = "\n"  # texts, when they are searched together
_HYPHENS = "-‐‑"
_JOINTS = frozenset("-‐‑/&")
_OUTER = " \t\n\r.,;:!?()[]{}<>\"'`“”‘’«»*_=+|\\/&-–—"
_TAIL = re.compile(
    r"""(?:[-‐‑](?:[A-Za-z]\.(?:[A-Za-z]\.)+|[^\W_]+)|['’`](?!(?:s|ll|re|ve|d)\b)[a-z]+|,a\b|
    (?<=[A-Za-z]\.[A-Za-z])\.)+""",
    re.VERBOSE,
)
_CAPITAL = re.compile(r",? D\.?C\b\.?", re.IGNORECASE)
_HEAD = re.compile(r"(?<![^\W_])((?:anti|pro|pan|non|intra|neo)[-‐‑])$", re.IGNORECASE)
_NO_HYPHEN = re.compile(rf"[^{_HYPHENS}]*")
_PREFIXED = re.compile(r"^(?:anti|pro|pan|non|intra|inter|neo|post|pre)[-‐‑]", re.IGNORECASE)
_SUFFIXED = re.compile(
    r"""[-‐‑](?:based|led|made|owned|backed|born|sponsored|funded|trained|style|type|educated|
    controlled|speaking|occupied|administered|supported|built|dominated|affiliated|related|era|wide|
    like|run|held|assembled|produced|manufactured|designed|supplied|provided|financed|inspired|linked|
    aligned|registered|flagged|appointed|brokered|mediated|imposed|mandated|oriented|focused|leaning|
    friendly|specific|negotiated|proposed|hosted|organi[sz]ed|chaired|only|bound|origin)$""",
    re.IGNORECASE | re.VERBOSE,
)
_POSSESSIVE = re.compile(r"[^\W\d_](?:['’`,][sS]|['’`])$")
_ABBREVIATION = re.compile(r"(?:^|[\s.-])(?:[a-z]|jr|sr|inc|ltd|co|corp|bros|st|dept|gov|govt)\.$", re.IGNORECASE)
_GOVERNMENT = re.compile(r"G[Oo][A-Z]{1,3}|U\.?S\.?G\.?")
# who someone is, in the staff's own short words: a title, so no name (the gold's guide)
_ROLE = re.compile(
    r"""(?:amb|dcm|pmin|pao|polcouns|econcouns|pol-mil|polmil|pol-?econ|pol/econ|legatt?|datt|rso|gso|
    sec-?gen|unsyg|syg|fonmin|defmin|primin|minint|perm-?reps?|cda|charge|p?das|dg|fm|pms?|vps?|mps|
    ceos?|cfo|cgs?|pol|reo|codels?|staffdel|amcits?)(?:-\w+)?""",
    re.IGNORECASE | re.VERBOSE,
)
_STAFF = re.compile(
    r"(?!FON|HOME)(?:[A-Z]{3,}|[A-Z][a-z]+(?:[A-Z][a-z]+)*)(?:OFF|Off|off|COUNS|Couns|couns)[sS]?",
    re.ASCII,
)
# common nouns that happen to be written in capitals
_COMMON = re.compile(
    r"""ngos?|igo|idps?|gdp|gnp|v?b?ieds?|wmd|uavs?|hq|vips?|rfps?|loas?|svtcs?|aor|roe|cob|eob|lng|
    lpg|sigint|humint|comint|elint|imint|ct|cn|tip|ipr|fdi|eez|psyops|uxo|efps?|rpgs?|manpads|icbms?|
    fobs?|pocs?|tbd|fyi|asap|etd|eta""",
    re.IGNORECASE | re.VERBOSE,
)
# heads of names that are no name alone: "Post", "the Embassy", "the Ministry" (the gold's guide)
_BARE = re.compile(
    r"""administration|agency|assembly|bank|board|bureau|cabinet|commission|committee|congen|consulate|
    council|court|delegation|department|dept|district\scenter|division|embassy|fund|government|govt|
    group|internet|ministry|mission|office|party|police|post|secretariat|task\sforce""",
    re.IGNORECASE | re.VERBOSE,
)
# the few common nouns that the gold keeps at the end of a name: "Iraq war"
_KEPT_HEAD = re.compile(
    r"wars?|talks|plan|strip|corps|group|forces?|agency|office|code|affairs|nations|states|services|"
    r"agreement|accords"
)
_MARK = re.compile(
    r"""[(\[]\s*(?:TS|S|C|U|SBU|LOU|FOUO|NF|OC|FGI)
    (?:\s*/{1,2}\s*(?:NF|FOUO|SBU|REL|FGI|NOFORN|ORCON)[ A-Z,]*)*\s*[)\]]""",
    re.VERBOSE,
)
_RELEASE = re.compile(r"[(\[](?:TS|SECRET|S|CONFIDENTIAL|C|SBU|U)?\s*/{1,2}\s*REL\b[^()\[\]]*[)\]]", re.IGNORECASE)
_MISSION = re.compile(r"US UN\b(?! [A-Z][a-z])")  # how the 1970s' records write USUN, the mission to the UN
_DEMONYM_GOVERNMENT = re.compile(r"[A-Z][a-z]+(?:n|i|ese|sh|ch) Government\b")  # one ORG (the gold's guide)
_SEAT = re.compile(r"kremlin|white house", re.IGNORECASE)  # LOC, though they stand for a government (the guide)
_INITIAL = re.compile(r"[A-Z]\.")
_RESOLUTIONS = re.compile(r"UNSCRs?\.? \d{3,4}(?:(?:,? and|,) \d{3,4}\b)*", re.IGNORECASE)
_NEVER = re.compile(
    r"""x{6,}s?|\d{4}z?|e\.?\s?o\.?\s?\d{5}|decl|oadr|noforn|sipdis|exdis|nodis|stadis|limdis|confidential|
    secret|unclassified|reftels?|septels?|reasons?|tags|subject|ref""",
    re.IGNORECASE | re.VERBOSE,
)


def apply(texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[list[Span]]:
    """Return the mentions of one cable's texts after the rules, in order, none overlapping."""
    bounded = [in_full(t, bounds(t, outside(t, own))) for t, own in zip(texts, spans, strict=True)]
    kept = [[s for s in own if not never(t, s)] for t, own in zip(texts, bounded, strict=True)]
    parted = part(texts, capitalised(texts, kept))
    return repeat(texts, agree(texts, known(texts, parted)))


def outside(text: str, spans: Iterable[Span]) -> list[Span]:
    """Return the mentions that do not stand in a portion mark: "(S//REL CHINA, KAZAKHSTAN)"."""
    marks = [match.span() for match in _releases(text)]
    return [s for s in spans if not any(a <= s.start and s.end <= b for a, b in marks)]


def bounds(text: str, spans: Iterable[Span]) -> list[Span]:
    """Return the mentions with their ends put right: hyphened words whole, no outer punctuation."""
    right: list[Span] = []
    for span in sorted(spans, key=lambda s: s.start):
        whole = trimmed(text, headless(text, hyphened(text, span)))
        if whole is None:
            continue
        if right and whole.start < right[-1].end:
            right[-1] = _merged(text, right[-1], whole)
        else:
            right.append(whole)
    return right


def in_full(text: str, spans: Iterable[Span]) -> list[Span]:
    """Return the mentions, a given name or an initial joined with the person behind it: two persons stand apart."""
    whole: list[Span] = []
    for span in spans:
        before = whole[-1] if whole else None
        if before and before.type == span.type == "PER" and text[before.end : span.start] == " ":
            name = text[before.start : before.end]
            if _INITIAL.fullmatch(name) or tables.given_name(name):
                whole[-1] = _merged(text, before, span)
                continue
        whole.append(span)
    return whole


def hyphened(text: str, span: Span) -> Span:
    """Return the mention grown to the whole hyphened word at its ends.

    "Iranian-made", "anti-Iranian" and "U.S.-based" are MISC as a whole.
    """
    start, end = _grown(text, span.start, span.end)
    mission = _MISSION.match(text, start) or _DEMONYM_GOVERNMENT.match(text, start)
    if mission and span.type != "PER":
        return Span(start, max(end, mission.end()), "ORG", span.score)
    word = text[start:end]
    is_joined = not _NO_HYPHEN.fullmatch(word) and (_SUFFIXED.search(word) or _PREFIXED.match(word))
    return Span(start, _run_on(text, start, end), "MISC" if is_joined else span.type, span.score)


def _grown(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the ends of the hyphened word."""
    tail = _TAIL.match(text, end - 1 if text[end - 1] in _HYPHENS else end)
    if tail:
        end = max(end, tail.end())
    head = _HEAD.search(text[max(0, start - 8) : start]) if start and text[start - 1] in _HYPHENS else None
    return start - len(head.group(1)) if head else start, end


def _run_on(text: str, start: int, end: int) -> int:
    """Return the end of a name that goes on after a comma: "Washington, DC", "UNSCRs 1737, 1747"."""
    resolutions = _RESOLUTIONS.match(text, start)
    if resolutions:
        return max(end, resolutions.end())
    capital = _CAPITAL.match(text, end) if text[start:end].casefold() == "washington" else None
    return capital.end() if capital else end


def headless(text: str, span: Span) -> Span:
    """Return the mention without common nouns or a role at its end.

    "French embassy" names the French, "DOS EmbOff" the DOS; "Iraq war" stays.
    """
    words = text[span.start : span.end].split(" ")
    kept = list(words)
    while len(kept) > 1 and (_is_role(kept[-1]) or (kept[-1].isalpha() and kept[-1].islower())):
        kept.pop()
    cut = len(words) - len(kept)
    if cut == 0 or not kept[0][:1].isupper() or (cut == 1 and _KEPT_HEAD.fullmatch(words[-1])):
        return span
    return replace(span, end=span.start + len(" ".join(kept)), score=span.score * _DOUBT)


def _is_role(word: str) -> bool:
    return bool(_STAFF.fullmatch(word) or _ROLE.fullmatch(word))


def trimmed(text: str, span: Span) -> Span | None:
    """Return the mention without outer punctuation or a possessive; None where nothing is left."""
    start, end = span.start, span.end
    while start < end and text[start] in _OUTER:
        start += 1
    while end > start and text[end - 1] in _OUTER and not _ABBREVIATION.search(text[start:end]):
        end -= 1
    possessive = _POSSESSIVE.search(text[start:end])
    if possessive:
        end = start + possessive.start() + 1
    if start == end:
        return None
    return span if (start, end) == (span.start, span.end) else replace(span, start=start, end=end)


def never(text: str, span: Span) -> bool:
    """Say whether the mention is something that is never a name, such as a portion mark."""
    name = text[span.start : span.end]
    if _NEVER.fullmatch(name) or not any(c.isalpha() for c in name):
        return True
    if _is_role(name) or _COMMON.fullmatch(name) or _BARE.fullmatch(name):
        return True
    return bool(_MARK.fullmatch(text[max(0, span.start - 1) : span.end + 1]))


def capitalised(texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[list[Span]]:
    """Return the mentions without those in small letters where names have capitals.

    They stay in a text that is in small letters itself, and where the cable has the same name with
    a capital.
    """
    names = {
        _name(text, span)
        for text, own in zip(texts, spans, strict=True)
        for span in own
        if not text[span.start : span.end].islower()
    }
    return [
        [s for s in own if _name(t, s) in names or _small(t) or not t[s.start : s.end].islower()]
        for t, own in zip(texts, spans, strict=True)
    ]


def part(texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[list[Span]]:
    """Return the mentions, "A/B" parted in two where the cable names A and B alone as well.

    So is "A B", unless it is a person or the network is sure of the whole.
    """
    names = {_name(t, s) for t, own in zip(texts, spans, strict=True) for s in own}
    return [[half for s in own for half in _parted(t, s, names)] for t, own in zip(texts, spans, strict=True)]


def known(texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[list[Span]]:
    """Return the mentions, countries and cities of posts as LOC, their peoples as MISC.

    A name that a person of the cable bears as well ("Ada Jordan") is left alone.
    """
    borne = {
        _name(text, span).rsplit(" ", 1)[-1]
        for text, own in zip(texts, spans, strict=True)
        for span in own
        if span.type == "PER" and " " in text[span.start : span.end]
    }
    return [[_known(s, _name(t, s), borne) for s in own] for t, own in zip(texts, spans, strict=True)]


def _known(span: Span, name: str, borne: set[str]) -> Span:
    if name in borne:
        return span
    if tables.is_place(name):
        return _of_type(span, "LOC")
    return _of_type(span, "MISC") if tables.is_people(name) else span


def agree(texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[list[Span]]:
    """Return the mentions with the type that most mentions of the same name have in the cable."""
    votes: dict[str, dict[MentionType, float]] = defaultdict(lambda: defaultdict(float))
    for text, own in zip(texts, spans, strict=True):
        for span in own:
            name = _name(text, span)
            votes[name][span.type] += span.score
            if span.type == "PER" and " " in name:
                votes[name.rsplit(" ", 1)[1]]["PER"] += span.score
    return [[_voted(t, s, votes[_name(t, s)]) for s in own] for t, own in zip(texts, spans, strict=True)]


def repeat(texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> list[list[Span]]:
    """Return the mentions, and each sure name also where the network left it out.

    A name is left alone where it was left out more often than it was found: then it is likely a
    common word as well.
    """
    found: dict[str, list[Span]] = defaultdict(list)
    for text, own in zip(texts, spans, strict=True):
        for span in own:
            found[text[span.start : span.end]].append(span)
    answer = [list(own) for own in spans]
    whole = _BETWEEN.join(texts)
    begins = list(accumulate((len(text) + 1 for text in texts), initial=0))
    taken = _taken(texts, begins, spans)
    for name in sorted(filter(_repeatable, found), key=len, reverse=True):
        seen = found[name]
        places = list(_free(whole, name, taken))
        if max(s.score for s in seen) >= _SURE and len(places) <= len(seen):
            score = min(s.score for s in seen)
            for place in places:
                unit = bisect_right(begins, place) - 1
                at = place - begins[unit]
                answer[unit].append(Span(at, at + len(name), seen[0].type, score))
                taken[place : place + len(name)] = b"\x01" * len(name)
    return [sorted(own, key=lambda s: s.start) for own in answer]


def _merged(text: str, one: Span, other: Span) -> Span:
    """Return one mention for two that share a hyphened word; a pair of names is MISC."""
    alike = one.type == other.type == "PER" or " " in text[one.start : one.end]
    kind: MentionType = one.type if alike else "MISC"
    return Span(one.start, max(one.end, other.end), kind, min(one.score, other.score))


def _parted(text: str, span: Span, names: set[str]) -> list[Span]:
    doubtful = span.score < _UNSURE and span.type != "PER" and not _MISSION.match(text, span.start)
    joint = " /" if doubtful else "/"
    name = text[span.start : span.end]
    for at in range(span.start + 1, span.end - 1) if any(mark in name for mark in joint) else ():
        halves = text[span.start : at], text[at + 1 : span.end]
        if text[at] in joint and all(half.casefold() in names for half in halves):
            return [replace(span, end=at), replace(span, start=at + 1)]
    return [span]


def _of_type(span: Span, kind: MentionType) -> Span:
    return span if span.type == kind else replace(span, type=kind)


def _small(text: str) -> bool:
    return sum(c.isupper() for c in text) < 0.01 * len(text)


def _name(text: str, span: Span) -> str:
    return _folded(text[span.start : span.end])


@lru_cache(maxsize=65536)
def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _voted(text: str, span: Span, count: dict[MentionType, float]) -> Span:
    name = text[span.start : span.end]
    if _GOVERNMENT.fullmatch(name):
        return _of_type(span, "ORG")
    if _SEAT.fullmatch(name):
        return _of_type(span, "LOC")
    best = max(count, key=lambda kind: count[kind])
    clear = best != span.type and count[best] > _MARGIN * count[span.type]
    return replace(span, type=best) if clear else span


def _repeatable(name: str) -> bool:
    return len(name) > 2 and name[0].isupper()


def _taken(texts: Sequence[str], begins: Sequence[int], spans: Sequence[Sequence[Span]]) -> bytearray:
    """Return a byte for each character of all texts: 1 where a mention or a portion mark stands, and between texts."""
    taken = bytearray(begins[-1] + 1)
    for text, begin, own in zip(texts, begins, spans, strict=False):
        held = [(s.start, s.end) for s in own] + [match.span() for match in _releases(text)]
        for start, end in [*held, (len(text), len(text) + 1)]:
            taken[begin + start : begin + end] = b"\x01" * (end - start)
    return taken


def _releases(text: str) -> Iterable[re.Match[str]]:
    """Return where "(S//REL ...)" stands; most texts have no slash, and need no search."""
    return _RELEASE.finditer(text) if "/" in text else ()


def _free(text: str, name: str, taken: bytearray) -> Iterator[int]:
    """Yield where `name` stands as whole words, and nothing of it is taken."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        beside = text[at - 1 : at] if at else "", text[end : end + 1]
        alone = not any(c.isalnum() or c in _JOINTS for c in beside)
        if alone and not any(taken[at:end]):
            yield at
        at = text.find(name, end)
