"""Who frames a sentence: the cable's account of its sources, or the post's own comment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reftel.model import Cable, Voice
    from reftel.relate.sentences import Sentence

_COMMENT = re.compile(r"\(?\s*(?:begin |post |embassy )?comment(?: continued)?\b\s*[:.-]", re.IGNORECASE)
_END = re.compile(r"end (?:of )?comment", re.IGNORECASE)


def voices(cable: Cable, sentences: Iterable[Sentence]) -> Iterator[Voice]:
    """The voice of each sentence: "comment" in comment units and from "(Comment:" to its end."""
    unit, is_comment = -1, False
    for sentence in sentences:
        if sentence.unit != unit:
            unit, is_comment = sentence.unit, False
        text = sentence.text[sentence.start : sentence.end]
        is_comment = is_comment or _COMMENT.match(text) is not None
        yield "comment" if is_comment or cable.units[unit].kind == "comment" else "account"
        if _END.search(text) or (is_comment and text.endswith(")") and "(" not in text):
            is_comment = False
