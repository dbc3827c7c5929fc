#!/usr/bin/env python3
"""Prints how far a model's scores can be trusted: of the mentions with a score in a range, the share that is right.

    reliability.py GOLD [--model DIR]

GOLD holds the folders dev and caps-dev. The curves that make scores chances are fitted on these same cables, so here
each cable is scored by curves that were fitted on the others.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from data import gold_files

from reftel.tag import load_tagger
from reftel.tag.scores import Curve
from reftel.train.calibrate import fitted, pairs

_EDGES = (0.0, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.01)


class Row(NamedTuple):
    """A mention found: its cable, whether it stands in capitals, its raw score, whether it is right."""

    cable: str
    capitals: bool
    raw: float
    right: bool


def rows(gold: Path, model: Path) -> dict[str, list[Row]]:
    """Return the mentions that a model finds in the three sets, with raw scores."""
    with tempfile.TemporaryDirectory() as name:
        flat = Path(shutil.copytree(model, Path(name) / "flat"))
        facts = json.loads((flat / "manifest.json").read_text(encoding="utf-8"))
        facts["calibration"] = {case: Curve()._asdict() for case in facts["calibration"]}
        (flat / "manifest.json").write_text(json.dumps(facts), encoding="utf-8")
        tagger = load_tagger(flat)
    sets = {"dev": (gold / "dev", False), "dev, upper-cased": (gold / "dev", True), "caps-dev": (gold / "caps-dev", False)}
    found = {}
    for title, (folder, upper) in sets.items():
        scored = pairs(gold_files(folder), tagger, upper=upper)
        found[title] = [Row(f"{folder.name} {number}", *rest) for number, *rest in scored]
    return found


def crossed(found: dict[str, list[Row]]) -> dict[str, list[tuple[float, bool]]]:
    """Return the chances, each by curves fitted on the other cables, and whether the mentions are right."""
    everything = [row for some in found.values() for row in some]
    curves = {
        (cable, capitals): fitted((r.raw, r.right) for r in everything if r.cable != cable and r.capitals == capitals)
        for cable, capitals in {(row.cable, row.capitals) for row in everything}
    }
    return {
        title: [(curves[row.cable, row.capitals](row.raw), row.right) for row in some] for title, some in found.items()
    }


def main() -> None:
    """Parse the command line and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--model", type=Path)
    args = parser.parse_args()
    with resources.as_file(resources.files("reftel") / "data" / "models" / "default") as shipped:
        found = crossed(rows(args.gold, args.model or shipped))
    for title, scored in found.items():
        print(f"{title}\nscore       mentions  mean score  right")
        for low, high in zip(_EDGES, _EDGES[1:], strict=False):
            own = [(chance, right) for chance, right in scored if low <= chance < high]
            if own:
                mean, share = (sum(column) / len(own) for column in zip(*own, strict=True))
                print(f"{low:.2f}-{min(high, 1):.2f}   {len(own):8}  {mean:10.3f}  {share:.3f}")


if __name__ == "__main__":
    main()
