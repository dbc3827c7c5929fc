"""What an entity is: its type, its fullest name, its other names, a person's role, and what the tables know of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from reftel import tables
from reftel.model import Entity
from reftel.resolve.names import parse_name
from reftel.resolve.organizations import label_organization
from reftel.resolve.places import label_people, label_place
from reftel.resolve.sender import sender_of
from reftel.resolve.spelling import folded

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reftel.model import Cable, MentionType
    from reftel.resolve.roles import Role
    from reftel.resolve.sightings import Sighting

# Who signs, by the kind of post.
_SIGNS = {"department": "Secretary of State", "consulate": "principal officer"}
_US = "US"


def describe(
    id_: str,
    group: Sequence[Sighting],
    roles: Mapping[int, Sequence[Role]],
    homes: Sequence[str | None],
    cable: Cable,
) -> Entity:
    """The entity that these mentions name."""
    kind = Counter(s.type for s in group).most_common(1)[0][0]
    forms = _forms([s for s in group if s.type == kind], [s for s in group if s.type != kind])
    if kind == "PER":
        name = max(forms, key=lambda form: (_parts(form), forms[form]))
        role, country = _role(group, roles, cable)
        key = None
    else:
        key, country = _known(kind, forms, homes)
        name = _adjective(key) or max(forms, key=lambda form: (len(form.split()), len(form)))
        role = None
    return Entity(id_, kind, name, tuple(f for f in forms if f.casefold() != name.casefold()), role, country, key)


def _forms(main: Sequence[Sighting], others: Sequence[Sighting]) -> dict[str, int]:
    """The written forms in the order of appearance and how often each stands, one for those that differ in capitals."""
    counts = Counter(s.text for s in sorted([*main, *others], key=lambda s: (s.unit, s.start)))
    best: dict[str, str] = {}
    for form, n in counts.items():
        other = best.setdefault(form.casefold(), form)
        if (not _is_shouted(form), n) > (not _is_shouted(other), counts[other]):
            best[form.casefold()] = form
    totals: Counter[str] = Counter()
    for form, n in counts.items():
        totals[best[form.casefold()]] += n
    return dict(totals)


def _is_shouted(form: str) -> bool:
    """Whether a form is in capitals, and too long for an acronym."""
    return form.isupper() and (len(form) > 5 or " " in form)


def _adjective(key: str | None) -> str | None:
    """The adjective of the country whose people this is the key of."""
    country = tables.country_of_code(key.removeprefix("people:")) if key and key.startswith("people:") else None
    return country.peoples[0] if country and country.peoples else None


def _parts(form: str) -> float:
    """How full a person's name is: its parts, an initial counting half, words in small letters not."""
    name = parse_name(form)
    particles = {particle.casefold() for particle in name.particles}
    small = sum(word[0].islower() and word.partition("-")[0] not in particles for word in form.split())
    return sum(1.0 if len(key) > 1 else 0.5 for key in name.keys) - small


def _known(kind: MentionType, forms: Mapping[str, int], homes: Sequence[str | None]) -> tuple[str | None, str | None]:
    """The key and the country that the tables know for one of the forms, the most used first."""
    for form in sorted(forms, key=lambda form: (-len(form.split()), -forms[form])):
        if kind == "ORG":
            label, country = label_organization(form, homes) if _is_likely(form, forms, homes) else ("", None)
        else:
            label = (label_people(form, homes[0]) or "") if kind == "MISC" else label_place(form, homes[0])
            country = label.partition(":")[2].partition("/")[0] or None
        if ":" in label:
            return label, country
    return None, None


def _is_likely(form: str, forms: Mapping[str, int], homes: Sequence[str | None]) -> bool:
    """Whether the tables' meaning of an acronym can be the cable's, which gives the full name too ("ANP (...)")."""
    fulls = [full for full in forms if " " in full]
    if " " in form or not fulls or not form[:3].isupper():
        return True
    meant = [known for home in homes if (known := tables.organization(form, country=home))][:1]
    theirs = {folded(word) for known in meant for name in (known.name, *known.aliases) for word in name.split()}
    return bool({key for full in fulls for word in full.split() if len(key := folded(word)) > 3} & theirs)


def _role(
    group: Sequence[Sighting], roles: Mapping[int, Sequence[Role]], cable: Cable
) -> tuple[str | None, str | None]:
    """A person's role, the longest that the cable gives, and the country named with it."""
    given = [role for s in group for role in roles.get(s.index, ())]
    texts = [role.text for role in given if role.text]
    kinds = {s.kind for s in group}
    if "classified_by" in kinds and cable.classified_by and cable.classified_by.title:
        texts.append(cable.classified_by.title)
    if "signature" in kinds and not texts:
        texts.append(_signer(cable))
    country = next(
        (role.country for role in given if role.country), _US if kinds & {"classified_by", "signature"} else None
    )
    return max(texts, key=lambda text: (not _is_shouted(text), len(text)), default=None), country


def _signer(cable: Cable) -> str:
    post = sender_of(cable)
    return _SIGNS.get(post.kind if post else "", "chief of mission")
