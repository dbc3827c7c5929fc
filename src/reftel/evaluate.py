"""How right a tagger is on files in which every name was marked by hand: precision, recall and F1.

Gold files are lists of units, a `# NAME` line and the text below it with its names as `[TYPE text]` or
`[TYPE:eN text]`; their text is taken as it stands, portion marks and labels in it. Files in the bracket layout are
parsed like any cable, so their units are without these, and names marked outside the units do not count.
A mention is right when its type, its first and its last character are.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import asdict, dataclass
from itertools import tee
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, cast, get_args

from reftel.errors import InputError
from reftel.model import Cable, MentionType, RawMention
from reftel.parse import parse
from reftel.read import Input, find_inputs, read_input
from reftel.read.decoding import DAMAGE, damaged, decode, encoding_of
from reftel.read.streams import BLOCK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reftel.read import OnError
    from reftel.tag import Span

__all__ = [
    "Count",
    "Error",
    "GoldFile",
    "GoldUnit",
    "Scores",
    "SpanFinder",
    "evaluate",
    "read_gold",
    "table",
    "to_json",
]

LetterCase = Literal["mixed", "capitals"]

_UNIT = re.compile(r"# *(\S[^\n]*)")
_MARKED = re.compile(r"\[(PER|LOC|ORG|MISC)(?::\w{1,9})? +([^\[\]\s][^\[\]]*)\]")
_MAX_FILE = 64 * 1024 * 1024
_CONTEXT = 40  # characters shown on either side of an error
_SHARE = 0.1  # a file in capitals has fewer small letters: what its transmission garbled
_TYPES: tuple[MentionType, ...] = get_args(MentionType)
_REMEDY = "mark its names as [PER name], [LOC name], [ORG name] or [MISC name]"


class SpanFinder(Protocol):
    """What can be evaluated: a `reftel.tag.Tagger`, or another that gives spans as it does."""

    @property
    def version(self) -> str:
        """What the results are reported under."""

    def spans_many(self, cables: Iterable[Sequence[str]]) -> Iterator[list[list[Span]]]:
        """The mentions of each unit text of each cable, in order."""


class GoldUnit(NamedTuple):
    """One unit: its name in the file, its text without brackets, the mentions that they marked."""

    name: str
    text: str
    mentions: tuple[RawMention, ...]


@dataclass(frozen=True, slots=True)
class GoldFile:
    """One cable with its names marked; `name` is what a user finds the file by."""

    name: str
    units: tuple[GoldUnit, ...]

    @property
    def letter_case(self) -> LetterCase:
        """Whether the file is written in capitals throughout."""
        text = "".join(unit.text for unit in self.units)
        small = sum(map(str.islower, text))
        return "capitals" if small < _SHARE * sum(map(str.isalpha, text)) else "mixed"


@dataclass(frozen=True, slots=True)
class Count:
    """Mentions marked in the gold, mentions found, and how many of these are right; rates are 0 where undefined."""

    gold: int = 0
    found: int = 0
    right: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.gold + other.gold, self.found + other.found, self.right + other.right)

    @property
    def precision(self) -> float:
        """The share of the found mentions that are right."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of the gold's mentions that were found."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / (self.gold + self.found) if self.right else 0.0


@dataclass(frozen=True, slots=True)
class Error:
    """A mention of the gold that was missed, or one found that is not in the gold, with what stands around it.

    `start` and `end` are offsets in the unit's text; `score` is the tagger's, None for a missed mention.
    """

    file: str
    unit: str
    kind: Literal["missed", "wrong"]
    type: MentionType
    start: int
    end: int
    before: str
    text: str
    after: str
    score: float | None


@dataclass(frozen=True, slots=True)
class Scores:
    """What an evaluation found; `files` and `counts` are by the files' letter case, errors in the order of the text."""

    tagger: str
    upper: bool
    files: dict[LetterCase, int]
    counts: dict[tuple[LetterCase, MentionType], Count]
    errors: tuple[Error, ...]

    def count(self, *, mention_type: MentionType | None = None, letter_case: LetterCase | None = None) -> Count:
        """The count of one type or letter case, or of all."""
        wanted = (
            count
            for (case, kind), count in self.counts.items()
            if mention_type in {None, kind} and letter_case in {None, case}
        )
        return sum(wanted, Count())


def read_gold(source: str, *, on_error: OnError) -> Iterator[GoldFile]:
    """The cables of a file, a folder, an archive or `-`; of a folder or an archive only what is named `.txt`.

    A file that cannot be read or marks no name is told to `on_error`, and the others are still read.
    """
    is_folder = source != "-" and Path(source).is_dir()
    taken: set[bool] = set()
    for found in find_inputs(source, on_error=on_error):
        is_inside = is_folder or "!" in found.name.removeprefix(source)
        taken.add(is_taken := not is_inside or found.name.lower().endswith(".txt"))
        if is_taken:
            try:
                yield from _gold_files(found)
            except InputError as error:
                on_error(error)
    if taken == {False}:
        on_error(InputError(source, "no file in it is named .txt", "check that it is the right one"))


def _gold_files(found: Input) -> list[GoldFile]:
    """The cables of one input; raises InputError where it cannot be read or none of them has a name marked."""
    data = _data(found)
    text = decode(data, encoding_of(data[:BLOCK])).lstrip()
    if _UNIT.match(text):
        files = [GoldFile(found.name, tuple(_units(text)))]
    else:
        raws = read_input(Input(found.name, data=data))
        files = [GoldFile(raw.source, tuple(_units_of_cable(parse(raw)))) for raw in raws]
    if not any(unit.mentions for file in files for unit in file.units):
        raise InputError(found.name, "no name in its text is marked", _REMEDY)
    return files


def _data(found: Input) -> bytes:
    try:
        with found.open() as stream:
            data = stream.read(_MAX_FILE + 1)
    except DAMAGE as error:
        raise damaged(found.name, error) from error
    if len(data) > _MAX_FILE:
        raise InputError(found.name, f"it has over {_MAX_FILE // 2**20} MB, so it was not read", "split it")
    return data


def _units(text: str) -> Iterator[GoldUnit]:
    """The units of a gold file's text; one that goes on over several lines keeps its line feeds."""
    name, held = "", list[str]()
    for line in (*text.split("\n"), "# END"):
        if unit := _UNIT.match(line):
            if written := "\n".join(held).strip("\n"):
                yield _without_brackets(name, written)
            name, held = unit[1].rstrip(), []
        else:
            held.append(line)


def _without_brackets(name: str, written: str) -> GoldUnit:
    parts: list[str] = []
    mentions: list[RawMention] = []
    at = end = 0
    for marked in _MARKED.finditer(written):
        before, text = written[end : marked.start()], marked[2].rstrip()
        start = at + len(before)
        at, end = start + len(text), marked.end()
        parts += [before, text]
        mentions.append(RawMention(start, at, cast("MentionType", marked[1])))
    return GoldUnit(name, "".join([*parts, written[end:]]), tuple(mentions))


def _units_of_cable(cable: Cable) -> Iterator[GoldUnit]:
    for index, unit in enumerate(cable.units):
        name = unit.kind.replace("_", " ").upper() if unit.number is None else f"PARA {unit.number}"
        mentions = (RawMention(m.start, m.end, m.type) for m in cable.mentions if m.unit == index)
        yield GoldUnit(name, unit.text, tuple(mentions))


def evaluate(files: Iterable[GoldFile], tagger: SpanFinder, *, upper: bool = False) -> Scores:
    """Tag each file's units as one cable and compare; with `upper` every text is put in capitals first."""
    counts: dict[tuple[LetterCase, MentionType], Count] = defaultdict(Count)
    cases: dict[LetterCase, int] = defaultdict(int)
    errors: list[Error] = []
    read, again = tee(files)
    found = tagger.spans_many([_shown(unit, upper=upper) for unit in file.units] for file in read)
    for file, spans in zip(again, found, strict=True):
        case = file.letter_case
        cases[case] += 1
        for unit, own in zip(file.units, spans, strict=True):
            scored = {RawMention(span.start, span.end, span.type): span.score for span in own}
            for kind, count in _counted(set(unit.mentions), set(scored)):
                counts[case, kind] += count
            errors += _errors(file.name, unit._replace(text=_shown(unit, upper=upper)), scored)
    return Scores(tagger.version, upper, dict(cases), dict(counts), tuple(errors))


def _shown(unit: GoldUnit, *, upper: bool) -> str:
    """The text that is tagged; a letter whose capital is two stays, so that no offset moves."""
    return "".join(c.upper() if len(c.upper()) == 1 else c for c in unit.text) if upper else unit.text


def _counted(gold: set[RawMention], found: set[RawMention]) -> Iterator[tuple[MentionType, Count]]:
    for kind in _TYPES:
        sizes = (sum(m.type == kind for m in mentions) for mentions in (gold, found, gold & found))
        yield kind, Count(*sizes)


def _errors(file: str, unit: GoldUnit, scored: dict[RawMention, float]) -> Iterator[Error]:
    """The mentions that are in one of the two only, in the order of the text."""
    differing = set(unit.mentions) ^ set(scored)
    for mention in sorted(differing, key=lambda m: (m.start, m.end, m in scored)):
        yield Error(
            file,
            unit.name,
            "wrong" if mention in scored else "missed",
            mention.type,
            mention.start,
            mention.end,
            unit.text[max(0, mention.start - _CONTEXT) : mention.start],
            unit.text[mention.start : mention.end],
            unit.text[mention.end : mention.end + _CONTEXT],
            scored.get(mention),
        )


def table(scores: Scores, *, errors: bool = False) -> str:
    """The scores as lines for a terminal; with `errors` a line for each, its fields parted by tabs, names in [[ ]]."""
    number = sum(scores.files.values())
    lines = [f"{number} cable{'s' * (number != 1)}, {'in capitals, ' * scores.upper}tagged by {scores.tagger}"]
    lines.append(f"{'':<10} {'gold':>7} {'found':>7} {'right':>7}  {'P':>6}  {'R':>6}  {'F1':>6}")
    lines += [_row(name, count) for name, count in _rows(scores)]
    if errors:
        lines += ["", *map(_line, scores.errors)]
    return "\n".join(lines)


def _rows(scores: Scores) -> Iterator[tuple[str, Count]]:
    yield from ((kind, scores.count(mention_type=kind)) for kind in _TYPES)
    yield "all", scores.count()
    if len(scores.files) > 1:
        yield from ((case, scores.count(letter_case=case)) for case in sorted(scores.files, reverse=True))


def _row(name: str, count: Count) -> str:
    rates = f"{count.precision:.4f}  {count.recall:.4f}  {count.f1:.4f}"
    return f"{name:<10} {count.gold:>7} {count.found:>7} {count.right:>7}  {rates}"


def _line(error: Error) -> str:
    shown = f"{error.before}[[{error.text}]]{error.after}"
    return "\t".join((error.file, error.unit, error.kind, error.type, " ".join(shown.split())))


def to_json(scores: Scores, *, errors: bool = False) -> str:
    """The scores as one JSON object, rates rounded to four digits; with `errors` also the list of them."""
    made: dict[str, object] = {
        "tagger": scores.tagger,
        "upper": scores.upper,
        "cables": sum(scores.files.values()),
        "all": _rates(scores.count()),
        "types": {kind: _rates(scores.count(mention_type=kind)) for kind in _TYPES},
        "cases": {
            case: {"cables": number, **_rates(scores.count(letter_case=case))} for case, number in scores.files.items()
        },
    }
    if errors:
        made["errors"] = [asdict(error) for error in scores.errors]
    return json.dumps(made, ensure_ascii=False)


def _rates(count: Count) -> dict[str, float]:
    rates = {"precision": count.precision, "recall": count.recall, "f1": count.f1}
    return asdict(count) | {name: round(rate, 4) for name, rate in rates.items()}
