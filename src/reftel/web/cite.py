"""How a cable is cited: plainly, in Chicago's way, in BibTeX."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reftel.web.pages import day
from reftel.web.prose import plain

if TYPE_CHECKING:
    from reftel.model import Cable

_SPECIAL = re.compile(r"[&%$#_{}~^\\]")
_WRITTEN = {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}
_NO_KEY = re.compile(r"[^A-Za-z0-9]+")
_LONGEST_ADDRESS = 60


def citations(cable: Cable, address: str) -> dict[str, str]:
    """Each way by its name. `address` is that of the cable's page."""
    return {"Plain": _plainly(cable), "Chicago": _chicago(cable), "BibTeX": bibtex(cable, address)}


def bibtex(cable: Cable, address: str) -> str:
    """An entry; its key is the cable's number."""
    fields = [
        ("author", f"{{{_tex(_post(cable))}}}"),
        ("title", _tex(_subject(cable))),
        ("date", cable.sent.strftime("%Y-%m-%d") if cable.sent else ""),
        ("howpublished", "Diplomatic telegram"),
        ("number", _tex(cable.mrn or "")),
        ("note", _tex(", ".join(part for part in (cable.classification, *cable.captions) if part))),
        ("url", address),
    ]
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields if value)
    return f"@misc{{{_NO_KEY.sub('', cable.mrn or '') or 'cable'},\n{lines}}}"


def _plainly(cable: Cable) -> str:
    marks = "//".join(part for part in (cable.classification, *cable.captions) if part)
    parts = [_post(cable), f"“{_subject(cable)}”", _number(cable), day(cable.sent), marks]
    return ", ".join(part for part in parts if part) + "."


def _chicago(cable: Cable) -> str:
    """A telegram in a note, as the Chicago Manual of Style has unpublished records: from, to, what, number, when."""
    to = plain(cable.action[0].name).title() if cable.action else ""
    sender = f"{_post(cable)} to {to}" if to else _post(cable)
    sent = f"{cable.sent:%B} {cable.sent.day}, {cable.sent.year}" if cable.sent else "n.d."
    return f"{sender}, telegram {cable.mrn or 'without number'}, “{_subject(cable)},” {sent}."


def _post(cable: Cable) -> str:
    name = plain(cable.post) or "Department of State"
    return f"U.S. {name}" if name.startswith(("Embassy", "Consulate", "Mission")) else name


def _subject(cable: Cable) -> str:
    return " ".join(plain(cable.subject).split()) or "no subject"


def _number(cable: Cable) -> str:
    return f"cable {cable.mrn}" if cable.mrn else "cable without a number"


def _tex(text: str) -> str:
    return _SPECIAL.sub(lambda match: _WRITTEN.get(match[0], f"\\{match[0]}"), text)
