"""What resolving across cables looks at: each cable's entities as records, and the blocks in which they are compared.

Two records are compared only where they share a block: persons by the sound of a surname or of another part that a
cable calls them by, other things by the sound of a name or by an acronym, and what the tables know by its key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from reftel import tables
from reftel.resolve.names import parse_name, similarity
from reftel.resolve.spelling import folded, is_slip, sound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reftel.model import MentionType
    from reftel.resolve.names import PersonName

KEYED = "="
"""What the block of a key begins with: its records are one thing, whatever their names."""

_REDACTED = re.compile(r"x{4,}")
_ARTICLE = re.compile(r"\A(?:the|al|el)[ -]+", re.IGNORECASE)
_HYPHENS = re.compile(r"[-‐-―]")
_PARTICLE = re.compile(r"\A(?:al|el|ad|ar|as|ash|at|az|an|ul|bin|ibn|ben|de|del|la|le)[-‐-―]", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_VOWELS = str.maketrans("", "", "aeiouhyw")
_CLASSES = str.maketrans("qgcbfvpdtzsx", "kkkpppptt" + "sss")
_DOUBLED = re.compile(r"(.)\1+")
_SKELETON = 5
_SHORTEST_ALIAS = 5
_LONGEST_ACRONYM = 6
_CHIEF, _SECRETARY = "chief of mission", "Secretary of State"
_MOST_FORMS = 24  # names of one record; more come only from what is no name


@dataclass(frozen=True, slots=True)
class Record:
    """An entity of one cable, with what tells it from its namesakes.

    `id` and `cable` are the archive's ids; `country` and `home` codes of countries, `home` being the one that the post
    stands in; `company` the folded surnames of others in the cable. A key that begins with "officer:" names a person as
    a list of officers does, any other what the tables know.
    """

    id: int
    cable: int
    type: MentionType
    name: str
    aliases: tuple[str, ...] = ()
    role: str | None = None
    country: str | None = None
    key: str | None = None
    home: str | None = None
    year: int | None = None
    company: frozenset[str] = frozenset()

    @property
    def forms(self) -> tuple[str, ...]:
        """Every name that it is compared by, the fullest first: no redactions; of a person what fits the first.

        A nickname or a slip of the tagger that a cable puts with a name is no reason to take two persons for one.
        """
        forms = [form for form in (self.name, *self.aliases)[:_MOST_FORMS] if is_name(form)]
        if self.type != "PER" or len(forms) < 2:
            return tuple(forms)
        first = person_name(forms[0])
        return (forms[0], *(form for form in forms[1:] if _fits(person_name(form), first)))


def is_name(form: str) -> bool:
    """Whether a form can name something: two letters or more, and no redaction."""
    return len(_LETTER.findall(form[:80])) > 1 and not _REDACTED.search(folded(form))


def is_officer(key: str | None) -> bool:
    """Whether a key names a person of a list of officers."""
    return bool(key) and str(key).startswith("officer:")


def blocks(record: Record) -> tuple[str, ...]:
    """The blocks in which the record is compared, in order; none for a redaction and for what cannot be a name."""
    if record.key and not is_officer(record.key):
        return (KEYED + record.key,)
    if not is_name(record.name):
        return ()
    find = _person_blocks if record.type == "PER" else _thing_blocks
    return tuple(sorted({f"{record.type} {block}" for form in record.forms for block in find(form) if block}))


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """A folded word's first sound and its consonants in classes, so that its romanisations agree: "KTP" for Qadhafi."""
    sounds = sound(word)
    first, rest = sounds[:1], sounds[1:].translate(_VOWELS)
    first = "a" if first in "aeiou" else first
    return _DOUBLED.sub(r"\1", (first + rest).translate(_CLASSES))[:_SKELETON].upper()


@lru_cache(maxsize=65536)
def thing_key(form: str) -> str:
    """The sound of a name without its article and in the singular; an acronym as it is."""
    bare = _ARTICLE.sub("", form)
    key = folded(bare)
    is_plural = len(key) > 4 and key.endswith("s") and not key.endswith("ss")
    return key if is_acronym(form) else sound(key[:-1] if is_plural else key)


def is_acronym(form: str) -> bool:
    """Whether a form is an acronym: capitals (perhaps one small letter, as in GoI), short and in one word."""
    letters = form.replace(".", "").replace("-", "").replace("/", "")
    return (
        1 < len(letters) <= _LONGEST_ACRONYM
        and " " not in form
        and sum(c.islower() for c in letters) <= 1 < len(letters)
        and letters[0].isupper()
    )


@lru_cache(maxsize=65536)
def person_name(form: str) -> PersonName:
    """A person's name in parts, as it is compared across cables: without titles in front, a hyphened word as one part.

    A pair of surnames ("Danesh-Quill") is no given name and surname, and a double one ("Ahmadi-Zadeh") is a surname.
    """
    words = form.split()
    while len(words) > 1 and tables.title(words[0]) and not tables.given_name(words[0]):
        words = words[1:]
    if len(words) == 1:
        words = [_HYPHENS.sub("", words[0]) if not _PARTICLE.match(words[0]) else words[0]]
    name = parse_name(" ".join(words))
    return replace(name, keys=tuple(_canonical(key) for key in name.keys))


@lru_cache(maxsize=65536)
def _canonical(key: str) -> str:
    """A folded part in the one spelling of the tables, if they know it in several; "z" at its end as "s"."""
    root = folded(tables.name_root(key)) or key
    return root[:-1] + "s" if len(root) > 3 and root.endswith("z") else root


def _fits(form: PersonName, name: PersonName) -> bool:
    """Whether a form is the name in another spelling, shorter, or a part of it."""
    if form.is_full:
        return name.is_full and similarity(form, name) > 0
    parts = (*name.keys, "".join(name.keys[-2:]))
    return any(is_slip(key, part) for key in form.keys for part in parts)


@lru_cache(maxsize=65536)
def _person_blocks(form: str) -> tuple[str, ...]:
    """The skeletons of a person's last part, and of the last two where a surname may stand in two."""
    keys = person_name(form).keys
    if not keys:
        return ()
    joined = [skeleton("".join(keys[-2:]))] if len(keys) > 2 else []
    return (skeleton(keys[-1]), *joined)


def _thing_blocks(form: str) -> tuple[str, ...]:
    if is_acronym(form):
        return ("=" + folded(form),)
    key = thing_key(form)
    return (key,) if len(key) > 2 else ()


def record(row: Mapping[str, Any]) -> Record:
    """The record of an archive's row (`archive.linking`): who signed or classified a cable is of the United States.

    A signature that the list of officers tells takes the officer's name and key, where the cable's name for it fits.
    """
    name, aliases, key = row["name"], tuple(row["aliases"]), row["key"]
    if row.get("officer") and similarity(person_name(name), person_name(row["officer_name"])):
        name, aliases, key = row["officer_name"], (name, *aliases), f"officer:{row['officer']}"
    surname = _surname(name) if row["type"] == "PER" else ""
    return Record(
        row["id"], row["cable_id"], row["type"], name, aliases,
        _chief(row), row["country"] or ("US" if row.get("of_post") else None), key, row["home"], row["year"],
        frozenset(part for each in row["company"] if (part := _surname(each)) and part != surname),
    )  # fmt: skip


def _chief(row: Mapping[str, Any]) -> str | None:
    """The role; of who signs without one, that of a chief of mission, at the Department of the Secretary of State."""
    if not row.get("signed") or row["role"] not in {None, _CHIEF}:
        return cast("str | None", row["role"])
    return _SECRETARY if row["signed"].startswith(_SECRETARY) else _CHIEF


@lru_cache(maxsize=65536)
def _surname(name: str) -> str:
    keys = person_name(name).keys
    return keys[-1] if keys and is_name(name) else ""
