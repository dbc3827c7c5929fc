"""Text of cables as content of a page: escaped, control characters out, masked names set apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from reftel.write.masks import MASK

if TYPE_CHECKING:
    from collections.abc import Iterable

_MASKED = re.compile(rf"{MASK}++(?:\s++{MASK}++)*+")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def shown(text: str | None) -> Markup:
    """The text as content of an element."""
    safe = escape(clean(text or ""))
    return Markup(_MASKED.sub(_set_apart, safe)) if MASK in safe else safe  # noqa: S704  # escaped just before


def _set_apart(masked: re.Match[str]) -> str:
    """In place of a masked name; its length is told so that offsets in the text can be counted."""
    return f'<span class="masked" data-length="{len(masked[0])}">name protected</span>'


def clean(text: str) -> str:
    """The text without characters that no page may hold."""
    return text if text.isprintable() else _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def plain(text: str | None) -> str:
    """The text where no element can stand: in a title, in an attribute, in JSON. Not escaped."""
    return _MASKED.sub("[name protected]", clean(text or ""))


def marked(text: str, spans: Iterable[tuple[int, int]]) -> Markup:
    """The text with marks around these half-open stretches, which are in order and do not overlap."""
    parts, here = [], 0
    for start, end in spans:
        parts += [shown(text[here:start]), Markup("<mark>"), shown(text[start:end]), Markup("</mark>")]
        here = end
    return Markup("").join([*parts, shown(text[here:])])
