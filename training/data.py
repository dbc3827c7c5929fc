"""Reads the annotated data: gold cables and column files, as documents of units with spans."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

TYPES = ("PER", "LOC", "ORG", "MISC")
LABELS = ("O", *(f"{mark}-{kind}" for kind in TYPES for mark in "BI"))

_MENTION = re.compile(r"\[(PER|LOC|ORG|MISC)(?::e\d+)? ([^\[\]]+?)\s*\]")


@dataclass(frozen=True)
class Unit:
    """A text and its mentions as (start, end, type), half-open offsets in `text`."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True)
class Document:
    """Neighbouring units; `misc` is False where MISC was not annotated; `weight` of its loss."""

    name: str
    units: tuple[Unit, ...]
    misc: bool = True
    weight: float = 1.0


def unbracket(line: str) -> Unit:
    """Return the plain text of a bracketed line and its mentions."""
    parts: list[str] = []
    spans: list[tuple[int, int, str]] = []
    at = size = 0
    for match in _MENTION.finditer(line):
        parts.append(line[at : match.start()])
        size += len(parts[-1])
        parts.append(match.group(2))
        spans.append((size, size + len(parts[-1]), match.group(1)))
        size += len(parts[-1])
        at = match.end()
    parts.append(line[at:])
    return Unit("".join(parts), tuple(spans))


def bracket(text: str, spans: list[tuple[int, int, str]]) -> str:
    """Return `text` with its mentions in brackets."""
    parts, at = [], 0
    for start, end, kind in sorted(spans):
        parts += [text[at:start], f"[{kind} {text[start:end]}]"]
        at = end
    return "".join([*parts, text[at:]])


def read_gold(path: Path, weight: float = 1.0) -> Document:
    """Read one gold file: `# NAME` lines, each followed by one line of text."""
    lines = path.read_text(encoding="utf-8").split("\n")
    pairs = zip(lines, lines[1:], strict=False)
    texts = [b for a, b in pairs if a.startswith("# ") and b and not b.startswith("# ")]
    return Document(path.stem, tuple(map(unbracket, texts)), weight=weight)


def read_gold_folder(folder: Path, weight: float = 1.0) -> list[Document]:
    """Read every gold file of a folder, by name."""
    return [read_gold(path, weight) for path in sorted(folder.glob("*.txt"))]


def read_columns(path: Path, *, misc: bool = True, weight: float = 1.0) -> list[Document]:
    """Read a gzipped file of one token a line, its tag last; fifty sentences a document."""
    units = [_join(rows) for rows in _sentences(path)]
    groups = [units[i : i + 50] for i in range(0, len(units), 50)]
    name = path.name.split(".")[0]
    return [Document(f"{name}-{i}", (_run(g),), misc, weight) for i, g in enumerate(groups)]


def _sentences(path: Path) -> Iterator[list[tuple[str, str]]]:
    rows: list[tuple[str, str]] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            fields = line.split()
            if fields and fields[0] != "-DOCSTART-":
                rows.append((fields[0], fields[-1]))
            elif rows:
                yield rows
                rows = []
    if rows:
        yield rows


def _join(rows: list[tuple[str, str]]) -> Unit:
    """Put tokens back together as running text; BIO, IOB1 and IO tags become spans."""
    text, spans, last = "", [], "O"
    for token, tag in rows:
        text += token if not text or _close(text, token) else f" {token}"
        kind = tag[2:]
        if tag == "O" or kind not in TYPES:
            last = "O"
            continue
        if spans and last == kind and not tag.startswith("B-"):
            spans[-1] = (spans[-1][0], len(text), kind)
        else:
            spans.append((len(text) - len(token), len(text), kind))
        last = kind
    return Unit(text, tuple(spans))


def _close(text: str, token: str) -> bool:
    return token in {".", ",", ";", ":", "?", "!", ")", "'s", "n't", "%", "'"} or text[-1] in "($"


def _run(units: list[Unit]) -> Unit:
    """Join sentences into one unit."""
    text, spans = "", []
    for unit in units:
        at = len(text) + 1 if text else 0
        text = f"{text} {unit.text}" if text else unit.text
        spans += [(a + at, b + at, kind) for a, b, kind in unit.spans]
    return Unit(text, tuple(spans))
