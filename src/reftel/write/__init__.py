"""write: a cable to text, one file a format. `FORMATS` names the functions, `EXTENSIONS` the endings of their files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reftel.errors import UsageError
from reftel.write.brackets import to_brackets
from reftel.write.conll import to_conll
from reftel.write.json import to_dict, to_json
from reftel.write.masks import mask
from reftel.write.text import to_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from reftel.model import Cable

__all__ = ["EXTENSIONS", "FORMATS", "mask", "to_brackets", "to_conll", "to_dict", "to_json", "to_text", "write"]

FORMATS: dict[str, Callable[..., str]] = {
    "brackets": to_brackets,
    "json": to_json,
    "conll": to_conll,
    "text": to_text,
}
DISPLAYED = frozenset({"text"})
EXTENSIONS = {"brackets": ".txt", "json": ".json", "conll": ".conll", "text": ".txt"}

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def write(cable: Cable, format: str, *, masked: bool | None = None) -> str:  # noqa: A002  # the command's own word
    """The cable in one of `FORMATS`: encodable text that ends in a line feed, so that cables can follow each other.

    `masked` says whether names that the cable marks to be protected are masked; by default they are in the format made
    to be read (`DISPLAYED`), and the data formats, made from a file that the user holds, keep the text as it is and
    list the spans. Raises UsageError for a format that there is not, and
    ValueError where the format needs the raw text and the cable has none.
    """
    if format not in FORMATS:
        raise UsageError(f"no format {format!r}; there are {', '.join(FORMATS)}")
    hidden = format in DISPLAYED if masked is None else masked
    text = _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", FORMATS[format](cable, masked=hidden))
    return text if text.endswith("\n") else f"{text}\n"
