"""Words that stand before or behind a name: titles, ranks, offices, and what builds longer ones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from reftel.tables.reading import cells, folded, rows

TitleKind = Literal["office", "rank", "honorific", "religious", "royal", "staff"]
ModifierKind = Literal["before", "head", "time", "side"]


@dataclass(frozen=True, slots=True)
class Title:
    """A title or role word: `expansion` is "Foreign Minister" for "FM", else the word as it is best written.

    `staff` says that it is what the people of a U.S. post are called ("poloff", "DCM", "econ counselor").
    """

    word: str
    expansion: str
    kind: TitleKind
    staff: bool


@dataclass(frozen=True, slots=True)
class TitleModifier:
    """A word that builds a longer title.

    `kind` is before ("Deputy" Minister), head ("Minister" of, "Head" of: an office with what it is of behind it), time
    ("former", "then") or side ("-elect", "designate", behind the title).
    """

    word: str
    expansion: str
    kind: ModifierKind


def title(written: str) -> Title | None:
    """The title that exactly these words are ("FM", "Lieutenant Colonel", "Gen."), None for others."""
    return _titles().get(folded(written))


def title_words() -> frozenset[str]:
    """Every title, abbreviations too, in lower case without dots: "lieutenant colonel", "ltc", "fm"."""
    return _title_words()


def title_modifier(written: str) -> TitleModifier | None:
    """The modifier that exactly these words are ("Deputy", "former", "Minister of"), None for others."""
    return _modifiers().get(folded(written))


def title_modifiers() -> frozenset[str]:
    """Every modifier in lower case without dots: "deputy", "former", "minister of"."""
    return frozenset(_modifiers())


@cache
def _titles() -> dict[str, Title]:
    titles = {}
    for row in rows("titles.csv"):
        expansion, kind, staff = row["expansion"] or row["word"], cast("TitleKind", row["kind"]), row["staff"] == "yes"
        for word in (row["word"], *cells(row["also"])):
            titles[folded(word)] = Title(word, expansion, kind, staff)
    return titles


@cache
def _title_words() -> frozenset[str]:
    return frozenset(_titles())


@cache
def _modifiers() -> dict[str, TitleModifier]:
    return {
        folded(word): TitleModifier(word, row["word"], cast("ModifierKind", row["kind"]))
        for row in rows("title_modifiers.csv")
        for word in (row["word"], *cells(row["also"]))
    }
