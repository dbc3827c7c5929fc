"""What `make demo` shows: the example cables annotated, one of them as a page to read, and how to go on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import reftel

CABLES = Path(__file__).parent / "cables"
SHOWN = "09TASHKENT1483"
COLOURS = {"PER": "36", "LOC": "32", "ORG": "33", "MISC": "35"}
WIDTH = min(shutil.get_terminal_size((88, 24)).columns, 96)


def styled(text: str, code: str) -> str:
    """`text` in a terminal's style, plain where output is no terminal or NO_COLOR is set."""
    is_plain = not sys.stdout.isatty() or "NO_COLOR" in os.environ
    return text if is_plain else f"\x1b[{code}m{text}\x1b[0m"


def marked(cable: reftel.Cable, index: int) -> str:
    """A unit's text with its names in colour, or in brackets where there are no colours."""
    text, parts, at = cable.units[index].text, [], 0
    for mention in (m for m in cable.mentions if m.unit == index):
        name = text[mention.start : mention.end]
        shown = styled(name, COLOURS[mention.type])
        parts += [text[at : mention.start], shown if shown != name else f"[{mention.type} {name}]"]
        at = mention.end
    return "".join(parts) + text[at:]


def show(cable: reftel.Cable) -> None:
    """One cable: its header in four lines, then its paragraphs."""
    sent = cable.sent.strftime("%d %B %Y, %H:%M UTC") if cable.sent else "no date"
    print(styled(f"{cable.mrn}  {cable.post}  {sent}", "1"))
    print(f"{cable.classification} {' '.join(cable.captions)}   to {', '.join(a.name for a in cable.action)}")
    print("TAGS  " + ", ".join(f"{tag.code} ({tag.name})" if tag.name else tag.code for tag in cable.tags))
    for index, unit in enumerate(cable.units):
        if unit.kind in {"summary", "body", "comment"}:
            label = f"{unit.number or ''}. "
            print(textwrap.fill(marked(cable, index), WIDTH, initial_indent=label, subsequent_indent="   "))
        elif unit.kind in {"subject", "signature"}:
            print("\n" + styled(marked(cable, index), "1") + "\n" * (unit.kind == "subject"))


def table(cables: list[reftel.Cable]) -> None:
    """One line a cable: number, date, paragraphs, names by type, repairs."""
    print(
        f"{'cable':<16} {'sent':<10} {'par.':>4} {'PER':>4} {'LOC':>4} {'ORG':>4} {'MISC':>4} {'repairs':>7}  subject"
    )
    for cable in cables:
        types = Counter(mention.type for mention in cable.mentions)
        sent = cable.sent.date().isoformat() if cable.sent else "-"
        counts = " ".join(f"{types[kind]:>4}" for kind in COLOURS)
        mended = sum(repair.kind not in {"wrap", "break", "space"} for repair in cable.repairs)
        paragraphs = sum(unit.kind in {"summary", "body", "comment", "note", "quotation"} for unit in cable.units)
        room = max(WIDTH - 66, 16)
        subject = textwrap.shorten(cable.subject or "(no subject line)", room, placeholder="...")
        print(f"{cable.mrn or '-':<16} {sent:<10} {paragraphs:>4} {counts} {mended:>7}  {subject}")


def told(cable: reftel.Cable) -> None:
    """Whom a cable names, with the roles it gives them, whom they met, and what they said."""
    names = {entity.id: entity.name for entity in cable.entities}
    print("\n" + styled("Who is who in it", "1"))
    for entity in cable.entities:
        if entity.type == "PER":
            also = f"  (also {', '.join(entity.aliases)})" if entity.aliases else ""
            print(f"    {entity.name}{', ' + entity.role if entity.role else ''}{also}")
    for meeting in cable.meetings:
        where = f" in {names[meeting.place]}" if meeting.place else ""
        who = ", ".join(names[each] for each in meeting.participants)
        print(f"    {meeting.date or 'no date'}  {meeting.kind}: {who}{where}")
    for statement in cable.statements[:5]:
        words = cable.units[statement.unit].text[statement.start : statement.end]
        print(
            "    "
            + textwrap.shorten(f"{names[statement.source]} {statement.cue}: {words}", WIDTH - 4, placeholder=" ...")
        )


def command(*words: str) -> None:
    """Run reftel as a user would, the command line shown first."""
    print(styled(f"\n$ reftel {' '.join(words)}", "1"), flush=True)
    subprocess.run([sys.executable, "-m", "reftel.cli", *words], check=False, cwd=CABLES.parent.parent)  # noqa: S603  # our own words


def archive() -> None:
    """Build an archive of the examples, and ask it something."""
    place = Path(tempfile.gettempdir()) / "reftel-demo.db"
    for old in place.parent.glob(place.name + "*"):
        old.unlink()
    command("build", "examples/cables", "-a", str(place))
    command("search", "-a", str(place), "coffee OR copper", "-n", "2")
    go_on(place)


def go_on(place: Path) -> None:
    """What to do next; the last line opens the archive in the browser."""
    print("\nGo on with it:\n")
    print(f"    .venv/bin/reftel search -a {place} 'subject:visit AND NOT tag:PREL'")
    print(f"    .venv/bin/reftel statements -a {place}")
    print("\nOr with your own cables (a file, a folder, a .zip or a .tar):\n")
    print("    .venv/bin/reftel annotate -f text examples/cables/09MEXICO2871.html")
    print("    .venv/bin/reftel build YOUR-CABLES -a cables.db")
    print("\n" + styled("Read the archive in your browser", "1") + ":\n")
    needs = "" if find_spec("uvicorn") and find_spec("starlette") else ".venv/bin/pip install -q -e '.[web]' && "
    print(f"    {needs}.venv/bin/reftel serve -a {place} --open")


def main() -> None:
    """Annotate the examples and show them."""
    begun = time.perf_counter()
    tagger = reftel.load_tagger()
    loaded = time.perf_counter()
    sources = sorted(p for p in CABLES.iterdir() if p.suffix in {".html", ".txt", ".csv"})
    cables = list(reftel.annotate((raw for path in sources for raw in reftel.read(path)), tagger=tagger))
    done = time.perf_counter()
    shown = next(cable for cable in cables if cable.mrn == SHOWN and cable.sent)
    show(shown)
    told(shown)
    print("\n" + styled(f"The {len(cables)} example cables", "1") + " (every person in them is invented)\n")
    table(cables)
    print(f"\nTagger loaded in {loaded - begun:.1f} s, {len(cables)} cables read and tagged in {done - loaded:.1f} s.")
    archive()


if __name__ == "__main__":
    main()
