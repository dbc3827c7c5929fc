"""Captions: the words on handling and distribution, each in one form."""

from __future__ import annotations

import re
from functools import cache

from reftel.tables.reading import rows

_BLANKS = re.compile(r"\s+")
_LONGEST_CAPTION = 200
# The Secretary's traffic is numbered: "TOSEC 140323".
_NUMBERED = re.compile(r"(TOSEC|SECTO) ?(\d{1,6})")
_RELEASABLE = re.compile(r"REL(?:EASABLE)?(?: TO)? ([A-Z][A-Z ,/&-]+)")
_RELEASE_SEPARATOR = re.compile(r"[,/&]| AND ")
_TRIGRAPHS = re.compile(r"[A-Z]{3}(?: [A-Z]{3})+")


def caption(written: str) -> str | None:
    """The canonical form of a caption ("NF" is "NOFORN", "REL USA, GBR" is "REL TO USA, GBR"), None for other words."""
    words = _BLANKS.sub(" ", written.strip(" \t\r\n,;:.()[]").upper())
    if len(words) > _LONGEST_CAPTION:
        return None
    known = _captions().get(words.replace(" ", ""))
    if known:
        return known
    numbered = _NUMBERED.fullmatch(words)
    if numbered:
        return f"{numbered[1]} {numbered[2]}"
    released = _RELEASABLE.fullmatch(words)
    return "REL TO " + ", ".join(_receivers(released[1])) if released else None


def _receivers(written: str) -> list[str]:
    """Who may see it: names with commas or slashes between them, or three-letter codes with blanks."""
    if _TRIGRAPHS.fullmatch(written):
        return written.split(" ")
    return [name.strip() for name in _RELEASE_SEPARATOR.split(written) if name.strip()]


@cache
def _captions() -> dict[str, str]:
    """Every written form without blanks to the canonical caption."""
    return {
        form.replace(" ", ""): row["caption"]
        for row in rows("captions.csv")
        for form in [row["caption"], *row["forms"].split(";")]
        if form
    }
