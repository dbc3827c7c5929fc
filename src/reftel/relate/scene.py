"""A sentence as it is being read: its actors, its verbs with their subjects, and whom a pronoun may mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reftel.relate.cast import Cast
    from reftel.relate.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Actor:
    """A noun phrase that acts; `entities` are whom it names, none where it is nobody with a name.

    `first` and `last` are its items. `how` is name, pronoun, title, office (an unnamed official of an organisation),
    document, staff (the post's people), person (somebody without a name) or other; `staff` the post's people as they
    are written.
    """

    first: int
    last: int
    entities: tuple[str, ...]
    how: str
    staff: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A verb and its subject, in the order in which a sentence gives them; `depth` is 1 inside what somebody says."""

    actor: Actor
    verb: int
    is_cue: bool
    depth: int
    auxiliaries: frozenset[str]
    is_relative: bool = False


@dataclass(slots=True)
class Focus:
    """Whom a pronoun may mean when a sentence begins."""

    he: str | None = None
    she: str | None = None
    they: tuple[str, ...] = ()
    partner: str | None = None
    speaker: str | None = None


@dataclass(slots=True)
class Scene:
    """A sentence as it is being read: what is known before it, and its subjects and verbs so far."""

    sentence: Sentence
    order: int
    cast: Cast
    focus: Focus
    is_heading: bool = False
    marks: list[Mark] = field(default_factory=list)
