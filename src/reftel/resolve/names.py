"""Parts of a person's name, and whether two names can be one person's.

"Hamad bin Jassim Al Thani" has the given name "Hamad", the middle name "Jassim", the particles "bin" and "Al", and the
surname "Thani". Names are compared by their parts without particles, in order; a part may be an initial, a short form,
a slip or another spelling of its fellow (`reftel.resolve.spelling`). A single part is taken for a surname.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from reftel import tables
from reftel.resolve.spelling import folded, is_loose_slip, is_slip

# "Abd al-Rahman", "Abdul Rahman" and "Abdulrahman" are one part.
from reftel.resolve.words import known

_JOINED_SERVANT = re.compile(r"\Aabd(?:[aeou]l(?!lah|ah)|[aeou]?([rsdznt])(?=\1)|[aeou]?(?=[^aeioul]))(?=[a-z]{3})")
# Titles that a tagger takes into a name; with a particle behind it "Sultan" is a name ("Sultan bin Abdulaziz").
_SUFFIX = re.compile(r"jr|sr|ii|iii|iv|phd|md|esq")
_PIECE = re.compile(r"[^\W_]+(?:['’`ʻʼ][^\W_]+)*\.?")
_POSSESSIVE = re.compile(r"['’`,][sS]?\Z")
# Family names of those who put them first: Chinese, Korean, Vietnamese.
_COMMA = re.compile(r"\A([^,]{2,40}), ?([^,]{2,40})\Z")
_LONGEST = 120
_EXACT, _SPELT, _SHORT, _LOOSE, _INITIAL = 1.0, 0.9, 0.8, 0.7, 0.6


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in parts, as written; `keys` are the parts folded, without particles and suffix."""

    written: str
    given: str | None
    middle: tuple[str, ...]
    particles: tuple[str, ...]
    surname: str | None
    suffix: str | None
    keys: tuple[str, ...]

    @property
    def is_family_first(self) -> bool:
        """Whether it begins with a family name that stands first ("Hu Jintao", "Kim Jong-il")."""
        return _is_family_first(self.keys)

    @property
    def is_full(self) -> bool:
        """Whether it has more than one part."""
        return len(self.keys) > 1


@lru_cache(maxsize=16384)
def parse_name(written: str) -> PersonName:
    """The parts of a name as written, with or without possessive; "Putin, Vladimir" is turned round."""
    text = _POSSESSIVE.sub("", " ".join(written[:_LONGEST].split()))
    turned = _COMMA.match(text)
    if turned and not _SUFFIX.fullmatch(folded(turned[2])):
        text = f"{turned[2]} {turned[1]}"
    pieces = _PIECE.findall(text)
    suffix = pieces.pop().rstrip(".") if len(pieces) > 1 and _SUFFIX.fullmatch(folded(pieces[-1])) else None
    if len(pieces) > 1 and _is_royal(pieces[0], pieces[1]):
        pieces = pieces[1:]
    parts, particles = _without_particles(pieces)
    keys = tuple(key for part in parts if (key := _key(part)))
    given, middle = (parts[0], tuple(parts[1:-1])) if len(parts) > 1 else (None, ())
    return PersonName(text, given, middle, particles, parts[-1] if parts else None, suffix, keys)


def compatible(one: PersonName, other: PersonName) -> bool:
    """Whether both can be names of one person: "Larijani", "A. Larijani" and "Ali Ardeshir Larijani" can."""
    return similarity(one, other) > 0


def similarity(one: PersonName, other: PersonName) -> float:
    """How well two names agree, from 0 (they cannot be one person's) to 1 (the same parts).

    The mean of how well the shorter one's parts agree with the longer one's (0.9 for another spelling, 0.8 for a short
    form, 0.6 for an initial), times 0.9 where parts are left out. A single part agrees by 0.9 with a surname, 0.75 with
    a middle name, 0.6 with a given name; by 0.95 with a surname that stands first.
    """
    return 0.0 if _suffixes_differ(one, other) else _similarity(one.keys, other.keys)


@lru_cache(maxsize=65536)
def _similarity(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    short, long = sorted((one, other), key=len)
    if not short:
        return 0.0
    if len(short) == 1:
        return 0.95 if _is_family_first(long) and short[0] == long[0] else _of_single(short[0], long)
    if "".join(short) == "".join(long):
        return _EXACT
    return _of_full(short, long) or _of_joined(short, long)


def _is_family_first(keys: tuple[str, ...]) -> bool:
    return 1 < len(keys) < 4 and keys[0] in known("family name first")


def fits_surname(part: str, name: PersonName) -> bool:
    """Whether a folded part is the name's last part, in any spelling."""
    return bool(name.keys) and is_slip(part, name.keys[-1])


def _of_single(part: str, keys: tuple[str, ...]) -> float:
    """How well a single part agrees with a name of one or more parts."""
    if part == "".join(keys):
        return _EXACT
    if len(part) == 1:
        return 0.0
    last = len(keys) - 1
    weights = [0.9 if at == last else 0.6 if at == 0 else 0.75 for at in range(len(keys))]
    # A slip is believed at the surname alone: two given names that look alike are two names.
    agreed = [
        w * (_EXACT if part == key else _SPELT) for w, key in zip(weights, keys, strict=True) if _meets(part, key, w)
    ]
    return max(agreed, default=_joined_surname(part, keys))


def _meets(part: str, key: str, weight: float) -> bool:
    return part == key or (weight >= 0.9 and is_slip(part, key))


def _joined_surname(part: str, keys: tuple[str, ...]) -> float:
    """A surname in two parts, written as one: "Ahmadinejad" and "Ahmadi Nejad"."""
    return 0.85 if len(keys) > 1 and is_slip(part, "".join(keys[-2:])) else 0.0


def _of_full(short: tuple[str, ...], long: tuple[str, ...]) -> float:
    """How well the parts of two full names agree; 0 unless all of the shorter one's do, in order."""
    agreed = _aligned(short, long)
    if agreed is None or _initials_differ(short, long):
        return 0.0
    places, scores = agreed
    weak = sum(score < _SHORT for score in scores)
    if max(scores) < _SHORT or weak > len(scores) / 2:
        return 0.0
    at_ends = places[0] == 0 or (places[-1] == len(long) - 1 and scores[0] > _INITIAL)
    return sum(scores) / len(scores) * (1.0 if len(short) == len(long) else 0.9) if at_ends else 0.0


def _of_joined(short: tuple[str, ...], long: tuple[str, ...]) -> float:
    """The same where one of them has its surname in two parts: "Ahmadi Nejad" and "Mahmoud Ahmadinejad"."""
    if is_slip("".join(short), long[-1]):
        return 0.8
    pairs = [(_last_two_joined(short), long), (short, _last_two_joined(long))]
    return max(0.95 * _of_full(*sorted(pair, key=len)) if is_slip(pair[0][-1], pair[1][-1]) else 0.0 for pair in pairs)


def _last_two_joined(keys: tuple[str, ...]) -> tuple[str, ...]:
    can_be = len(keys) > 2 and min(len(key) for key in keys[-2:]) > 2
    return (*keys[:-2], "".join(keys[-2:])) if can_be else keys


def _aligned(short: tuple[str, ...], long: tuple[str, ...]) -> tuple[list[int], list[float]] | None:
    """Where the parts of the shorter name stand in the longer one and how well they agree, from the end backwards."""
    places: list[int] = []
    scores: list[float] = []
    at = len(long)
    for part in reversed(short):
        is_last = not places
        at = next((i for i in range(at - 1, -1, -1) if _agreement(part, long[i], is_last=is_last)), -1)
        if at < 0:
            return None
        places.insert(0, at)
        scores.insert(0, _agreement(part, long[at], is_last=is_last))
    return places, scores


@lru_cache(maxsize=65536)
def _agreement(one: str, other: str, *, is_last: bool) -> float:
    """How well two parts agree; a last part is no short form, nor a middle initial of the other name in full."""
    if one == other:
        return _EXACT
    if len(one) == 1 or len(other) == 1:
        return _INITIAL if one[0] == other[0] and not (is_last and len(one) > 1) else 0.0
    short, long = sorted((one, other), key=len)
    if is_slip(one, other) or long == "abdul" + short:
        return _SPELT
    if not is_last and is_short_form(short, long):
        return _SHORT
    return _LOOSE if is_loose_slip(one, other) else 0.0


def is_short_form(short: str, long: str) -> bool:
    """Whether a folded given name is a short form of a longer one: its beginning, or what tables know ("Bill")."""
    begins = len(short) > 2 and long.startswith(short) and long != short + "a"
    return begins or tables.is_short_name(short, long) or tables.is_short_name(long, short)


def _initials_differ(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether both have middle initials, and not the same: "George W. Bush", "George H. W. Bush"."""
    middles = ["".join(part for part in keys[1:-1] if len(part) == 1) for keys in (short, long)]
    return bool(middles[0] and middles[1] and middles[0] != middles[1])


def _suffixes_differ(one: PersonName, other: PersonName) -> bool:
    """Whether both are full and only one is a son ("Jr.") or both are and not the same one."""
    both = {folded(name.suffix or "") for name in (one, other)}
    return one.is_full and other.is_full and len(both) > 1 and bool(both & {"jr", "ii", "iii", "iv"}) and "" not in both


def _is_royal(first: str, second: str) -> bool:
    """Whether a name begins with a title; with a particle behind it "Sultan" is a name ("Sultan bin Abdulaziz")."""
    return folded(first) in known("royal in front") and folded(second) not in known("particle")


def _without_particles(pieces: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """The parts of a name, servant-of names put together, and its particles; the last piece is always a part."""
    parts: list[str] = []
    particles: list[str] = []
    joins = False
    for at, piece in enumerate(pieces):
        key = folded(piece)
        if key in known("particle") and at + 1 < len(pieces) and not piece.endswith("."):
            particles.append(piece)
            continue
        if joins:
            parts[-1] += " " + piece
        else:
            parts.append(piece.rstrip("."))
        joins = key in known("servant of")
    return parts, tuple(particles)


def _key(part: str) -> str:
    """A part folded, and the servant-of names in one spelling: "abdelrahman" is "abdulrahman"."""
    servant, blank, name = part.partition(" ")
    if blank and folded(servant) in known("servant of"):
        return "abdul" + folded(name)
    key = folded(part)
    return _JOINED_SERVANT.sub("abdul", key) if key.startswith("abd") else key
