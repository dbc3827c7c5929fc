"""Reading a table of `data/`, and the forms under which its names are looked up."""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

_DROPPED = re.compile(r"[.'’‘`´ʿʾ“”\"]")
_BETWEEN = re.compile(r"[\s\-‐-―_,]+")
_ARTICLE = "the "
_LONGEST_NAME = 200


def rows(table: str) -> list[dict[str, str]]:
    """The rows of `data/<table>`, each a dictionary from column to cell."""
    text = files("reftel").joinpath("data", table).read_text(encoding="utf-8")
    header, *lines = csv.reader(text.splitlines())
    return [dict(zip(header, line, strict=True)) for line in lines]


def cells(cell: str) -> tuple[str, ...]:
    """The entries of a cell that holds a list ("GOI;GOIQ")."""
    return tuple(entry.strip() for entry in cell.split(";") if entry.strip())


@lru_cache(maxsize=65536)
def folded(written: str) -> str:
    """The form that names are looked up by: "the Côte d’Ivoire" is "cote divoire"; "" for an endless one."""
    if len(written) > _LONGEST_NAME:
        return ""
    if written.isascii() and written.isalnum():
        return written.lower()
    text = written
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    words = _BETWEEN.sub(" ", _DROPPED.sub("", text).replace("&", " and ")).strip().casefold()
    return words.removeprefix(_ARTICLE)
