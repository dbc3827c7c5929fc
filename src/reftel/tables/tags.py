"""TAGS codes (Traffic Analysis by Geography and Subject): what each is and means."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, cast

from reftel.tables.reading import rows

if TYPE_CHECKING:
    from reftel.model import TagKind


@dataclass(frozen=True, slots=True)
class TagEntry:
    """A code of the TAGS lists; `name` is None where no published list that we know names it."""

    code: str
    kind: TagKind
    name: str | None


def tag_entry(code: str) -> TagEntry | None:
    """The TAGS code's kind and name, None where the code is not known."""
    return _tags().get(code)


def tag_codes() -> frozenset[str]:
    """Every known TAGS code."""
    return _tag_codes()


def tag_code(written: str) -> str | None:
    """The TAGS code that exactly these letters mean: a code, or others in use for it ("RU" is "RS")."""
    return _tag_letters().get(written)


@cache
def _tags() -> dict[str, TagEntry]:
    return {
        row["code"]: TagEntry(row["code"], cast("TagKind", row["kind"]), row["name"] or None)
        for row in rows("tags.csv")
    }


@cache
def _tag_codes() -> frozenset[str]:
    return frozenset(_tags())


@cache
def _tag_letters() -> dict[str, str]:
    others = {letters: row["code"] for row in rows("tags.csv") for letters in row["also"].split(";") if letters}
    return others | {code: code for code in _tags()}
