"""write: a cable to text, one file a format. `FORMATS` names the functions, `EXTENSIONS` the endings of their files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reftel.errors import UsageError
from reftel.write.brackets import to_brackets
from reftel.write.brat import to_brat, to_brat_text
from reftel.write.conll import to_conll
from reftel.write.html import to_html
from reftel.write.json import to_dict, to_json
from reftel.write.masks import mask
from reftel.write.tei import to_tei
from reftel.write.text import to_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from reftel.model import Cable

__all__ = [
    "COMPANIONS",
    "DISPLAYED",
    "EXTENSIONS",
    "FORMATS",
    "mask",
    "to_brackets",
    "to_brat",
    "to_brat_text",
    "to_conll",
    "to_dict",
    "to_html",
    "to_json",
    "to_tei",
    "to_text",
    "write",
    "write_companion",
]

FORMATS: dict[str, Callable[..., str]] = {
    "brackets": to_brackets,
    "json": to_json,
    "conll": to_conll,
    "brat": to_brat,
    "html": to_html,
    "tei": to_tei,
    "text": to_text,
}
DISPLAYED = frozenset({"html", "text"})
EXTENSIONS = {
    "brackets": ".txt",
    "json": ".json",
    "conll": ".conll",
    "brat": ".ann",
    "html": ".html",
    "tei": ".xml",
    "text": ".txt",
}

# A format whose file needs another beside it: the ending of that file, and what makes it.
COMPANIONS: dict[str, tuple[str, Callable[..., str]]] = {"brat": (".txt", to_brat_text)}

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def write(cable: Cable, format: str, *, masked: bool | None = None) -> str:  # noqa: A002  # the command's own word
    """The cable in one of `FORMATS`: encodable text that ends in a line feed, so that cables can follow each other.

    `masked` says whether names that the cable marks to be protected are masked; by default they are in the formats made
    to be read (`DISPLAYED`), and the data formats, made from a file that the user holds, keep the text as it is and
    list the spans. Only the .ann of a cable without mentions is empty. Raises UsageError for a format that there is
    not, and ValueError where the format needs the raw text and the cable has none.
    """
    if format not in FORMATS:
        raise UsageError(f"no format {format!r}; there are {', '.join(FORMATS)}")
    return _encodable(FORMATS[format](cable, masked=_is_masked(format, masked)))


def write_companion(cable: Cable, format: str, *, masked: bool | None = None) -> tuple[str, str] | None:  # noqa: A002
    """The ending and the text of the file that a format's file needs beside it; None where it needs none."""
    if format not in COMPANIONS:
        return None
    ending, make = COMPANIONS[format]
    return ending, _encodable(make(cable, masked=_is_masked(format, masked)))


def _is_masked(format: str, masked: bool | None) -> bool:  # noqa: A002, FBT001  # the words of `write`
    return format in DISPLAYED if masked is None else masked


def _encodable(text: str) -> str:
    text = _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
    return text if not text or text.endswith("\n") else f"{text}\n"
