"""How much of real cables the parser finds: `python benchmarks/parse_pages.py PAGES... [--list N]`.

PAGES are folders, archives or files that `reftel.read` takes. For each field the table gives how many cables have
it, how many show it in their text (a plain word search, made without the parser), and how many of those the
parser left empty; these are then listed. Below: what no paragraph may hold, and cables per second.
"""

from __future__ import annotations

import argparse
import re
import time
from collections import Counter
from typing import TYPE_CHECKING

from reftel.parse import parse
from reftel.read import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from reftel.model import Cable, RawCable

_PARTIAL = "This record is a partial extract"
_PAGE_LINE = re.compile(r"\b[A-Z][A-Z ]{2,} \d{8} +\d{3}(?:\.\d)? OF \d{3}\b|^PAGE \d\d +[A-Z]+ +\d{5}", re.MULTILINE)
_ANOTHER_START = re.compile(r"¶ ?\d+\.|(?:^|\. )\d{1,2}\. ?\((?:S|C|U|SBU|S/NF|C/NF)\) ")


def _head(raw: RawCable) -> str:
    """The top of the body, where labels stand."""
    body = raw.text[raw.body_start or 0 :]
    first = re.search(r"¶ ?1\b|^1\. ?\(", body, re.MULTILINE)
    return body[: first.start() if first else 1500]


def _shows(pattern: str, *, flags: int = re.IGNORECASE | re.MULTILINE) -> Callable[[RawCable], bool]:
    compiled = re.compile(pattern, flags)
    return lambda raw: bool(compiled.search(_head(raw)))


def _header_shows(pattern: str) -> Callable[[RawCable], bool]:
    compiled = re.compile(pattern, re.MULTILINE)
    return lambda raw: bool(compiled.search(raw.text[: raw.body_start or 0]))


_VISIBLE: dict[str, Callable[[RawCable], bool]] = {
    "mrn": lambda _: True,
    "sent": lambda _: True,
    "post": lambda _: True,
    "classification": _shows(r"^ *(?:C ?O ?N ?F ?I ?D|S ?E ?C ?R ?E ?T\b|UNCLAS)"),
    "captions": _shows(r"^ *(?:SIPDIS|NOFORN|EXDIS|NODIS|STADIS|SENSITIVE)\b"),
    "dtg": _header_shows(r"\b\d{6}Z \w{3} \d\d"),
    "precedence": _header_shows(r"^[ORPZ] (?:[ORPZ] )?\d{6}Z"),
    "transmission": _header_shows(r"^VZCZ"),
    "action": _header_shows(r"^TO "),
    "info": _header_shows(r"^INFO "),
    "executive_order": _shows(r"\bE\.?O\.? *:? *1\d{4}"),
    "declassify_on": _shows(r"\bDECL: *\S"),
    "tags": _shows(r"\bTAGS?\b.*[A-Z]{2}"),
    "subject": _shows(r"SUBJ"),
    "references": _shows(r"^ *REF(?:S|TEL|\(S\))?\b[:. ]+(?!NONE|N/A).*\d"),
    "classified_by": _shows(r"classified by"),
    "reasons": _shows(r"\b1\.[45] ?\.?\(? ?[a-d]\b"),
    "sections": _shows(r"SECTION 0?1 OF \d+"),
    "signature": lambda raw: bool(re.search(r"\n[A-Z][A-Z'’-]{2,}\s*\Z", raw.text)),
}


def _is_empty(value: object) -> bool:
    return value is None or value == ()


def _offences(cable: Cable) -> Iterator[str]:
    """What paragraphs must not hold."""
    for unit in cable.units:
        if unit.kind in {"subject", "classified_by", "signature"}:
            continue
        if _PAGE_LINE.search(unit.text):
            yield "page line"
        if _ANOTHER_START.search(unit.text):
            yield "another paragraph's start"
        if cable.signature and unit.text.rstrip().endswith(f"\n{cable.signature}"):
            yield "signature"
    if cable.raw and any(u.undo() != cable.raw.text[u.raw_start : u.raw_end] for u in cable.units):
        yield "a unit that does not lead back to the raw text"


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("pages", nargs="+")
    options.add_argument("--list", type=int, default=20, help="how many cables to list for each field left empty")
    arguments = options.parse_args()
    raws = [raw for source in arguments.pages for raw in read(source)]
    begun = time.perf_counter()
    cables = [parse(raw) for raw in raws]
    spent = time.perf_counter() - begun
    _print_fields(raws, cables, arguments.list)
    _print_text(raws, cables, arguments.list)
    print(f"\n{len(cables)} cables parsed in {spent:.1f} s: {len(cables) / spent:.0f} a second on one core")


def _print_fields(raws: list[RawCable], cables: list[Cable], listed: int) -> None:
    print(f"{'field':<16} {'found':>6} {'shown':>6} {'missed':>6}")
    missed: dict[str, list[str]] = {}
    for name, is_shown in _VISIBLE.items():
        shown = [is_shown(raw) for raw in raws]
        empty = [_is_empty(getattr(cable, name)) for cable in cables]
        missed[name] = [raw.source for raw, s, e in zip(raws, shown, empty, strict=True) if s and e]
        print(f"{name:<16} {empty.count(False):>6} {shown.count(True):>6} {len(missed[name]):>6}")
    for name, sources in missed.items():
        if sources:
            print(f"\n{name} shown but not found: " + " ".join(s.rpartition("/")[2] for s in sources[:listed]))


def _print_text(raws: list[RawCable], cables: list[Cable], listed: int) -> None:
    tags = [tag for cable in cables for tag in cable.tags]
    known = sum(tag.kind != "unknown" for tag in tags)
    print(f"\nTAGS: {known} of {len(tags)} known ({known / max(len(tags), 1):.4f})")
    unknown = Counter(tag.code for tag in tags if tag.kind == "unknown")
    print("unknown: " + ", ".join(f"{code} {count}" for code, count in unknown.most_common(listed)))
    offences: dict[str, list[str]] = {}
    for raw, cable in zip(raws, cables, strict=True):
        for offence in set(_offences(cable)):
            offences.setdefault(offence, []).append(raw.source.rpartition("/")[2])
    for offence, sources in offences.items():
        print(f"paragraphs with {offence}: {len(sources)}: " + " ".join(sources[:listed]))
    doubts = Counter(doubt.kind for cable in cables for doubt in cable.doubts)
    print("doubts: " + ", ".join(f"{kind} {count}" for kind, count in doubts.most_common()))
    repairs = Counter(repair.kind for cable in cables for repair in cable.repairs)
    print("repairs: " + ", ".join(f"{kind} {count}" for kind, count in repairs.most_common()))


if __name__ == "__main__":
    main()
