"""Text as XML may hold it."""

from __future__ import annotations

import re
from html import escape

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def xml(text: object) -> str:
    """The text escaped for an element or an attribute; characters that XML 1.0 has not are replaced, one by one.

    Line feeds and tabs are written as numbers, since an attribute would read them as blanks.
    """
    shown = escape(_FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", str(text)))
    return shown.replace("\n", "&#10;").replace("\t", "&#9;")
