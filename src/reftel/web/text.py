"""The paragraphs of a cable as a page has them: numbers and marks in the margin, names as links, redactions apart."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from reftel.web.acronyms import explained, home_of
from reftel.web.pages import TYPE, tone
from reftel.web.prose import plain, shown
from reftel.write.paragraphs import RULE, paragraph_id, portion_mark, titled
from reftel.write.spans import woven

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from reftel.model import Cable, Mention, Unit

_GAP = '<span class="gap" title="redacted by the publisher">', "</span>"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A unit as the page has it: `id` is its permalink, `over` what stands over it, `position` its place."""

    id: str
    kind: str
    position: int
    number: int | None
    over: str
    mark: str
    meaning: str
    tone: str
    text: Markup


@dataclass(frozen=True, slots=True)
class Name:
    """An entity of a cable for the page: `address` leads to its own page, None where it has none to be shown."""

    name: str
    type: str
    role: str | None
    country: str | None
    aliases: tuple[str, ...]
    address: str | None
    key: str | None
    cables: int
    mentions: int


def paragraphs(cable: Cable, positions: Sequence[int], texts: Sequence[Markup]) -> list[Paragraph]:
    """What stands below the card, in order; `texts` are the units' contents."""
    return list(_paragraphs(cable, positions, texts))


def contents(cable: Cable, names: Mapping[str, Name]) -> list[Markup]:
    """Each unit's text with its names and redactions as elements."""
    counts: Counter[str] = Counter()

    def tags(mention: Mention) -> tuple[str, str]:
        return _name_tags(mention, names, counts)

    texts = woven(cable, name_tags=tags, gap_tags=_GAP, shown=lambda t: str(shown(t)))
    home = home_of(cable)
    return [explained(Markup(text), home) for text in texts]  # noqa: S704  # escaped there


def paragraph_ids(units: Sequence[Unit], positions: Sequence[int]) -> dict[int, str]:
    """The permalink of each unit, by its position: `par3` for paragraph 3, `unit7` for one without a number."""
    used: Counter[str] = Counter()
    return {
        place: f"unit{place}" if unit.number is None else paragraph_id(unit.number, used)
        for unit, place in zip(units, positions, strict=True)
    }


def _paragraphs(cable: Cable, positions: Sequence[int], texts: Sequence[Markup]) -> Iterator[Paragraph]:
    ids = paragraph_ids(cable.units, positions)
    for index, unit, title in titled(cable.units):
        place = positions[index]
        over = plain(title if unit.kind != "heading" else unit.text.strip(RULE))
        marking = unit.marking
        parts = (marking.classification or "", *marking.captions) if marking else ()
        yield Paragraph(
            ids[place],
            unit.kind,
            place,
            unit.number,
            over,
            portion_mark(marking),
            " · ".join(filter(None, parts)),
            tone(marking.classification if marking else None),
            texts[index],
        )


def _name_tags(mention: Mention, names: Mapping[str, Name], counts: Counter[str]) -> tuple[str, str]:
    """A link where the entity has a page, else a span that scripts can reach all the same."""
    label = mention.entity or ""
    counts[label] += 1
    who = names.get(label)
    held = f'class="n {mention.type}" data-e="{escape(label)}" data-s="{mention.start}" data-l="{mention.end}"'
    if who and who.address:
        return f'<a {held} href="{escape(who.address)}">', "</a>"
    return f'<span {held} title="{TYPE[mention.type]}">', "</span>"
