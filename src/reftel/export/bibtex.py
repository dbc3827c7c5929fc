"""BibTeX: an entry a cable, for footnotes and for Zotero. Its key is the cable's number, the author the post."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reftel.export.places import new_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reftel.export.view import Shown, View

_SPECIAL = re.compile(r"[&%$#_{}~^\\]")
_WRITTEN = {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}


def write_bibtex(view: View, path: Path) -> None:
    """Write the entries, in the order the cables came in."""
    with new_text(path) as file:
        for shown in view.cables():
            file.write(_entry(shown))


def _entry(shown: Shown) -> str:
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(shown))
    return f"@misc{{{shown.name},\n{lines}}}\n\n"


def _fields(shown: Shown) -> Iterator[tuple[str, str]]:
    cable = shown.cable
    number = f"cable {cable.mrn}" if cable.mrn else "cable without a number"
    if cable.post:
        yield "author", f"{{{_plain(cable.post)}}}"  # the second braces keep a name that is no person's together
    yield "title", f"{{{_plain(cable.subject or cable.mrn or 'Cable without a subject')}}}"
    if cable.sent:
        yield "date", f"{cable.sent:%Y-%m-%d}"
        yield "year", f"{cable.sent:%Y}"
    yield "howpublished", "Diplomatic telegram"
    yield "note", ", ".join(_plain(part) for part in (number, cable.classification, *cable.captions) if part)


def _plain(text: str) -> str:
    """The text with what TeX reads as a command written as it is."""
    return _SPECIAL.sub(lambda match: _WRITTEN.get(match[0], f"\\{match[0]}"), " ".join(text.split()))
