"""Masking: the names that a cable marks to be protected are not shown unless someone with the right asks for them.

Every character of such a name that is no blank becomes a "█", in every field of the record and in the raw text.
Texts keep their lengths, so all offsets hold.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import fields, is_dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from reftel.model import Cable, Edit, Entity, RawCable, Tag, Unit

    Hide = Callable[[str], str]
    Spans = list[tuple[int, int]]

MASK = "█"

_SHOWN = re.compile(r"\S")
_WORD = re.compile(r"[^\W\d_]+")
_SHORT = 2
# Edits that dropped something standing beside the text, which is no part of a name around it.
_BESIDE = frozenset({"page-line", "header", "caption", "rule", "publisher"})
_Part = TypeVar("_Part")


def mask(cable: Cable) -> Cable:
    """The cable with its protected names masked; the cable itself where it protects none.

    Masked are the protected spans, the persons' mentions that they are a part of, all mentions and names of the
    entities so mentioned, the same words wherever else they stand (in capitals too), and TAGS with one of the words.
    """
    if not cable.protected:
        return cable
    spans, entities = _protected(cable)
    names = [cable.units[index].text[start:end] for index, found in spans.items() for start, end in found]
    told = frozenset(tag for tag in cable.tags if _is_of(tag, _words(names)))
    hide = _hiding([*names, *(tag.code for tag in told)])
    units = tuple(_mask_unit(unit, spans[index], hide) for index, unit in enumerate(cable.units))
    record = _masked_everywhere(replace(cable, units=(), mentions=(), raw=None), hide)
    return replace(
        record,
        tags=tuple(
            replace(each, code=_blot(tag.code), name=tag.name and _blot(tag.name)) if tag in told else each
            for tag, each in zip(cable.tags, record.tags, strict=True)
        ),
        units=units,
        mentions=tuple(replace(each, text=units[each.unit].text[each.start : each.end]) for each in cable.mentions),
        entities=tuple(_mask_entity(each) if each.id in entities else each for each in record.entities),
        raw=cable.raw and _mask_raw(cable.raw, units, hide),
    )


def _blot(text: str) -> str:
    return _SHOWN.sub(MASK, text)


def _hiding(names: Iterable[str]) -> Hide:
    """A function that blots the names, each as it stands, in capitals and in title case, over any blanks."""
    words = {word for name in names for word in (name, name.upper(), name.title() if name.isupper() else name)}
    found = "|".join(r"\s+".join(map(re.escape, word.split())) for word in sorted(words, key=len, reverse=True))
    pattern = re.compile(rf"(?<![^\W_])(?:{found})(?![^\W_])")
    return lambda text: pattern.sub(lambda match: _blot(match[0]), text)


def _protected(cable: Cable) -> tuple[defaultdict[int, Spans], set[str]]:
    """What to blot in the text of each unit, and the ids of the protected entities."""
    spans: defaultdict[int, Spans] = defaultdict(list)
    for span in cable.protected:
        spans[span.unit].append((span.start, span.end))
    marked = [m for m in cable.mentions if m.type == "PER" and _meets(spans[m.unit], m.start, m.end)]
    entities = {mention.entity for mention in marked if mention.entity}
    for mention in (*marked, *(m for m in cable.mentions if m.entity in entities)):
        spans[mention.unit].append((mention.start, mention.end))
    return spans, entities


def _meets(spans: Spans, start: int, end: int) -> bool:
    return any(first < end and start < last for first, last in spans)


def _mask_unit(unit: Unit, spans: Spans, hide: Hide) -> Unit:
    """The unit masked in its text and in what its edits replaced, so that it still leads back to the raw text."""
    shown = list(hide(unit.text))
    for start, end in spans:
        shown[start:end] = _blot(unit.text[start:end])
    text = "".join(shown)
    edits = tuple(
        replace(edit, before=_mask_before(edit, spans, hide), after=text[edit.start : edit.start + len(edit.after)])
        for edit in unit.edits
    )
    return replace(unit, text=text, edits=edits, heading=unit.heading and hide(unit.heading))


def _mask_before(edit: Edit, spans: Spans, hide: Hide) -> str:
    """What an edit replaced: blotted out where it was a part of a name, else only the names that it holds."""
    in_a_name = _meets(spans, edit.start, edit.start + len(edit.after)) and edit.kind not in _BESIDE
    return _blot(edit.before) if in_a_name else hide(edit.before)


def _mask_raw(raw: RawCable, units: Iterable[Unit], hide: Hide) -> RawCable:
    """The raw text as the masked units lead back to it, and masked between them."""
    parts, at = [], 0
    for unit in sorted(units, key=attrgetter("raw_start")):
        if at <= unit.raw_start < unit.raw_end:
            parts += [hide(raw.text[at : unit.raw_start]), unit.undo()]
            at = unit.raw_end
    text = "".join(parts) + hide(raw.text[at:])
    return replace(_masked_everywhere(replace(raw, text=""), hide), text=text, source=raw.source)


def _mask_entity(entity: Entity) -> Entity:
    return replace(entity, name=_blot(entity.name), aliases=tuple(map(_blot, entity.aliases)))


def _is_of(tag: Tag, words: frozenset[str]) -> bool:
    """Whether TAGS are a person's ("BROOK, ANSELM"), and any word of them is one of these."""
    return tag.kind in {"person", "unknown"} and not words.isdisjoint(_words([tag.code]))


def _words(names: Iterable[str]) -> frozenset[str]:
    """The words of names, those apart that are as short as a code or a particle."""
    return frozenset(word for name in names for word in _WORD.findall(name.casefold()) if len(word) > _SHORT)


def _masked_everywhere(part: _Part, hide: Hide) -> _Part:
    """A record, a tuple or a string with everything in it masked."""
    if isinstance(part, str):
        return cast("_Part", hide(part))
    if isinstance(part, tuple):
        return cast("_Part", tuple(_masked_everywhere(each, hide) for each in part))
    if is_dataclass(part) and not isinstance(part, type):
        changed = {each.name: _masked_everywhere(getattr(part, each.name), hide) for each in fields(part)}
        return cast("_Part", replace(part, **changed))
    return part
