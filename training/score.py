#!/usr/bin/env python3
"""Scores a model on folders of gold files: P, R and F1 by type, as tagged and upper-cased.

    score.py GOLD... [--model DIR] [--upper] [--errors] [--reliability] [--write DIR]

A mention counts when its type, its first and its last character agree. `--write` saves each file's
text as tagged, for another scorer.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from data import TYPES, Document, bracket, read_gold
from reftel.tag.model import Tagger, load_tagger

Found = tuple[int, int, int, str]


def upper(text: str) -> str:
    """Upper-case a text without changing its length."""
    return "".join(c.upper() if len(c.upper()) == 1 else c for c in text)


def tagged(tagger: Tagger, documents: list[Document], *, capitals: bool) -> list[dict[Found, float]]:
    """Return each document's mentions, (unit, start, end, type), with their scores."""
    texts = [[upper(u.text) if capitals else u.text for u in d.units] for d in documents]
    answers = []
    for units in tagger.spans_many(texts):
        answers.append({(n, s.start, s.end, s.type): s.score for n, spans in enumerate(units) for s in spans})
    return answers


def gold_of(document: Document) -> set[Found]:
    """Return a document's gold mentions."""
    return {(n, *span) for n, unit in enumerate(document.units) for span in unit.spans}


def line(hit: int, gold: int, got: int) -> str:
    """Return P, R and F1 in one line."""
    p, r = hit / max(1, got), hit / max(1, gold)
    return f"P {p:.4f} R {r:.4f} F1 {2 * p * r / max(1e-9, p + r):.4f}  (gold {gold})"


def table(documents: list[Document], answers: list[dict[Found, float]]) -> None:
    """Print P, R and F1 by type and overall."""
    hit, gold, got = Counter(), Counter(), Counter()
    for document, found in zip(documents, answers, strict=True):
        true = gold_of(document)
        for kinds, rows in ((hit, true & set(found)), (gold, true), (got, set(found))):
            kinds.update(row[3] for row in rows)
    for kind in TYPES:
        print(f"{kind:5}", line(hit[kind], gold[kind], got[kind]))
    print("ALL  ", line(hit.total(), gold.total(), got.total()))


def errors(documents: list[Document], answers: list[dict[Found, float]]) -> None:
    """Print every wrong and missed mention in its context."""
    for document, found in zip(documents, answers, strict=True):
        true = gold_of(document)
        rows = [("missed", row) for row in true - set(found)] + [("wrong", row) for row in set(found) - true]
        for kind, (unit, start, end, label) in sorted(rows, key=lambda r: r[1]):
            text = document.units[unit].text
            shown = f"{text[max(0, start - 50) : start]}[[{text[start:end]}]]{text[end : end + 40]}"
            score = found.get((unit, start, end, label), 0)
            print(f"{document.name}\t{unit}\t{kind}\t{label}\t{score:.2f}\t{shown}")


def reliability(documents: list[Document], answers: list[dict[Found, float]]) -> None:
    """Print, by tenths of the score, how many mentions there are and how many of them are right."""
    rows: dict[int, list[bool]] = {}
    for document, found in zip(documents, answers, strict=True):
        true = gold_of(document)
        for row, score in found.items():
            rows.setdefault(min(9, int(score * 10)), []).append(row in true)
    print("score     mentions  right")
    for tenth, right in sorted(rows.items()):
        print(f"{tenth / 10:.1f}-{tenth / 10 + 0.1:.1f}   {len(right):7}  {sum(right) / len(right):.3f}")


def write(folder: Path, documents: list[Document], answers: list[dict[Found, float]]) -> None:
    """Write each document's units, one a line, with the mentions found in brackets."""
    folder.mkdir(parents=True, exist_ok=True)
    for document, found in zip(documents, answers, strict=True):
        lines = [
            bracket(unit.text, [(a, b, kind) for u, a, b, kind in found if u == number])
            for number, unit in enumerate(document.units)
        ]
        (folder / f"{document.name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Parse the command line and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--upper", action="store_true", help="upper-case every text first")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--reliability", action="store_true")
    parser.add_argument("--write", type=Path)
    args = parser.parse_args()
    tagger = load_tagger(args.model)
    for path in args.gold:
        files = sorted(path.glob("*.txt")) if path.is_dir() else [path]
        documents = [read_gold(file) for file in files]
        answers = tagged(tagger, documents, capitals=args.upper)
        print(f"{path}: {len(documents)} cables{', upper-cased' if args.upper else ''}, model {tagger.version}")
        table(documents, answers)
        if args.errors:
            errors(documents, answers)
        if args.reliability:
            reliability(documents, answers)
        if args.write:
            write(args.write, documents, answers)


if __name__ == "__main__":
    main()
