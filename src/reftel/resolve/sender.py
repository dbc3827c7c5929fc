"""The post that sent a cable, and the countries whose acronyms and short names it can use."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reftel import tables

if TYPE_CHECKING:
    from reftel.model import Cable

_MRN = re.compile(r"\d{2}(?P<code>[A-Z]+)\d+")
_US = "US"


def sender_of(cable: Cable) -> tables.Post | None:
    """The post by the cable's number, else by its name; None where the tables know neither."""
    numbered = _MRN.fullmatch(cable.mrn or "")
    known = tables.post(numbered["code"]) if numbered else None
    if known or not cable.post:
        return known
    return tables.post_named(cable.post) or tables.post_of(cable.post)


def homes_of(cable: Cable) -> list[str | None]:
    """Codes of the countries at home in the cable: the post's, then those of its TAGS; [None] where there are none.

    A cable from the Department is about the first country of its TAGS rather than about the United States.
    """
    sender = sender_of(cable)
    tagged = [tag.code for tag in cable.tags if tag.kind == "geography" and tables.country_of_code(tag.code)]
    codes = [sender.country_code] if sender and sender.country_code else []
    if codes == [_US]:
        codes = [code for code in tagged if code != _US][:1] + codes
    return list(dict.fromkeys([*codes, *tagged])) or [None]
