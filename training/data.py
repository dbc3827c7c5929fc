"""Reads the annotated data: gold cables and column files, as documents of units with marks."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

from reftel.evaluate import GoldFile, read_gold
from reftel.train.documents import Document, Unit, document

if TYPE_CHECKING:
    from collections.abc import Iterator

TYPES = ("PER", "LOC", "ORG", "MISC")


def gold_files(folder: Path) -> list[GoldFile]:
    """Return every gold file of a folder, by name."""
    return sorted(read_gold(str(folder), on_error=_stop), key=lambda file: file.name)


def read_gold_folder(folder: Path, weight: float = 1.0) -> list[Document]:
    """Return every gold file of a folder as a document, by name."""
    documents = [document(file) for file in gold_files(folder)]
    return [Document(d.name, d.units, d.misc, weight) for d in documents]


def _stop(error: Exception) -> None:
    raise error


def read_columns(path: Path, *, misc: bool = True, weight: float = 1.0) -> list[Document]:
    """Read a gzipped file of one token a line, its tag last; a document where one is marked, or fifty sentences."""
    documents: list[list[Unit]] = [[]]
    for rows in sentences(path):
        if rows is None:
            documents.append([])
        else:
            documents[-1].append(joined(rows))
    parts = [units[i : i + 50] for units in documents for i in range(0, len(units), 50)]
    name = path.name.split(".")[0]
    return [Document(f"{name}-{i}", (_run(part),), misc, weight) for i, part in enumerate(parts)]


def sentences(path: Path) -> Iterator[list[tuple[str, str]] | None]:
    """Yield the tokens with their tags of each sentence, and None where a document begins."""
    rows: list[tuple[str, str]] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in [*lines, ""]:
            fields = line.split()
            if fields and fields[0] != "-DOCSTART-":
                rows.append((fields[0], fields[-1]))
                continue
            if rows:
                yield rows
                rows = []
            if fields:
                yield None


def joined(rows: list[tuple[str, str]]) -> Unit:
    """Put tokens back together as running text; BIO, IOB1 and IO tags become marks."""
    text, marks, last = "", [], "O"
    for token, tag in rows:
        text += token if not text or _close(text, token) else f" {token}"
        kind = tag[2:]
        if tag == "O" or kind not in TYPES:
            last = "O"
            continue
        if marks and last == kind and not tag.startswith("B-"):
            marks[-1] = (marks[-1][0], len(text), kind)
        else:
            marks.append((len(text) - len(token), len(text), kind))
        last = kind
    return Unit(text, tuple(marks))


def _close(text: str, token: str) -> bool:
    return token in {".", ",", ";", ":", "?", "!", ")", "'s", "n't", "%", "'"} or text[-1] in "($"


def _run(units: list[Unit]) -> Unit:
    """Join sentences into one unit."""
    text, marks = "", []
    for unit in units:
        at = len(text) + 1 if text else 0
        text = f"{text} {unit.text}" if text else unit.text
        marks += [(start + at, end + at, kind) for start, end, kind in unit.marks]
    return Unit(text, tuple(marks))
