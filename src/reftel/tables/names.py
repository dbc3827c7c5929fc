"""Given names, the particles of names, and names that romanisation spells in many ways."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from reftel.tables.reading import cells, folded, rows

Sex = Literal["female", "male"]


@dataclass(frozen=True, slots=True)
class GivenName:
    """A given name; `sex` is None where both bear it, `languages` the groups that use it ("arabic", "slavic")."""

    name: str
    sex: Sex | None
    languages: tuple[str, ...] = ()


def given_name(written: str) -> GivenName | None:
    """The given name that this is in any spelling of the tables ("José", "Muhammad", "MOHAMED"), None for others."""
    row = _given_names().get(folded(written)) or _given_names().get(name_root(written))
    return GivenName(row["name"], cast("Sex | None", row["sex"] or None), cells(row["languages"])) if row else None


def name_root(written: str, *, cognates: bool = False) -> str:
    """One form for all romanisations of a name: "muhammad" for Mohammed and Mohamad; else the folded word.

    With `cognates`, also for the same name in other languages: "mikhail" for Michael and Miguel.
    """
    word = folded(written)
    return _roots().get(word) or (_cognates().get(word) if cognates else None) or word


def name_variants(written: str) -> frozenset[str]:
    """Every romanisation of the name that the tables know, folded, itself included."""
    root = name_root(written)
    return frozenset(form for form, other in _roots().items() if other == root) | {folded(written)}


def is_short_name(short: str, name: str) -> bool:
    """Whether a given name is a short form of another that the other does not begin with ("Bill", "William")."""
    return folded(name) in _short_names().get(folded(short), ())


def is_particle(written: str) -> bool:
    """Whether a word is a particle of names ("al", "bin", "von", "de la")."""
    return folded(written) in _particles()


def particles() -> frozenset[str]:
    """Every particle of names in lower case: "al", "bin", "abu", "von der"."""
    return _particles()


@cache
def _given_names() -> dict[str, dict[str, str]]:
    return {folded(row["name"]): row for row in rows("given_names.csv")}


@cache
def _roots() -> dict[str, str]:
    return _to_name("name", "variants")


@cache
def _cognates() -> dict[str, str]:
    return _to_name("cognates")


def _to_name(*columns: str) -> dict[str, str]:
    return {
        folded(form): folded(row["name"])
        for row in rows("name_variants.csv")
        for column in columns
        for form in cells(row[column])
    }


@cache
def _short_names() -> dict[str, frozenset[str]]:
    return {folded(row["short"]): frozenset(map(folded, cells(row["names"]))) for row in rows("short_names.csv")}


@cache
def _particles() -> frozenset[str]:
    return frozenset(folded(row["particle"]) for row in rows("particles.csv"))
