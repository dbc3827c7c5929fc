"""What a cable is found by beside its words: the cables that have a field's value."""

from __future__ import annotations

import re
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from reftel.archive.clearance import LEVELS
from reftel.archive.dates import day_range
from reftel.archive.entities import entities_known, entity_mask, names_near
from reftel.archive.moments import UNDATED, moments
from reftel.archive.query import FieldName, QueryError
from reftel.archive.rows import from_list
from reftel.archive.word_counts import REDACTED, STATES
from reftel.tables import folded, post_code, post_of, tag_code, tag_codes, tag_entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from reftel.archive.postings import Mask
    from reftel.archive.query import Field
    from reftel.archive.reader import Reader
    from reftel.tables import TagEntry

_EPOCH = date(1970, 1, 1)
_MRN = re.compile(r"(\d{2}|\d{4})\s*([A-Z][A-Z ]*?)\s*0*(\d+)", re.ASCII)
_NONE = "none"  # post:none: no post is known
_LEVELS = {
    "U": "UNCLASSIFIED", "UNCLAS": "UNCLASSIFIED", "LOU": "LIMITED OFFICIAL USE", "C": "CONFIDENTIAL", "S": "SECRET",
    "TS": "TOP SECRET",
}  # fmt: skip
# What is not counted with the words: a query for the cables; where a unit tells it, its level and controls too.
_STATES = {
    "copy": "SELECT cable_id, other_id FROM versions UNION SELECT other_id, cable_id FROM versions",
    "meeting": "SELECT DISTINCT cable_id, level, controls FROM meetings JOIN units ON units.id = unit_id"
    " WHERE status = 'held'",
}


def field_mask(reader: Reader, field: Field) -> Mask:
    """The cables that have this value in this field. Raises QueryError for a value that there cannot be."""
    return _MASKS[field.name](reader, field)


@lru_cache(maxsize=1024)
def tags_meant(written: str) -> tuple[str, ...]:
    """The TAGS codes meant by a code ("prel") or by a meaning ("external political relations"), none if there is none.

    Without a code or a meaning in full, all whose meaning has these words.
    """
    code = tag_code(written.upper().strip())
    if code:
        return (code,)
    name = folded(written)
    entries = [entry for entry in map(tag_entry, sorted(tag_codes())) if entry and entry.name]
    whole = tuple(entry.code for entry in entries if folded(entry.name or "") == name)
    return whole or _tags_with(name.split(), entries)


def names_a_person(tag: str) -> bool:
    """Whether TAGS are no code of the lists: then they may be a person's name."""
    return tag_entry(tag) is None


def posts_meant(written: str) -> tuple[str, ...]:
    """The codes of the posts that a spelling means: one at most."""
    code = post_code(written) or post_code(written.upper())
    if code is None and (found := post_of(written)):
        code = found.code
    return (code,) if code else ()


def mrn_of(written: str) -> str | None:
    """A message reference number in its usual form ("2009 Baghdad 00197" is 09BAGHDAD197), None where it is none."""
    match = _MRN.fullmatch(written.strip().upper())
    if match is None:
        return None
    return f"{match[1][-2:]}{match[2].replace(' ', '')}{int(match[3])}"


def _tags_with(wanted: Sequence[str], entries: Iterable[TagEntry]) -> tuple[str, ...]:
    """The codes whose meaning has all of these words."""
    if not wanted:
        return ()
    return tuple(entry.code for entry in entries if set(wanted) <= set(folded(entry.name or "").split()))


def _post(reader: Reader, field: Field) -> Mask:
    if field.value.lower() == _NONE:
        return reader.snapshot.has_metadata(reader.connection, "post:")
    codes = posts_meant(field.value)
    if not codes:
        known = reader.snapshot.metadata_values(reader.connection, "post")
        alike = get_close_matches(field.value.upper().replace(" ", ""), known, n=9, cutoff=0.6)
        near = [code for code in alike if (_any(reader, [f"post:{code}"]) & reader.view.visible).any()][:3]
        hint = f"is it {_or(near)}?" if near else "write a city, as in post:Baghdad"
        raise QueryError(reader.query, f'no post is known as "{field.value}"', field.place, hint)
    return _any(reader, (f"post:{code}" for code in codes))


def _tag(reader: Reader, field: Field) -> Mask:
    codes = tags_meant(field.value)
    own = field.value.upper()
    written = _any(reader, [f"tag:{own}"]) & reader.view.visible
    if not reader.clearance.protected and names_a_person(own):
        written &= ~reader.snapshot.protects(reader.connection)
    if not codes and not written.any():
        known = {folded(e.name or e.code): e for e in map(tag_entry, tag_codes()) if e}
        known |= {folded(code): e for code in tag_codes() if (e := tag_entry(code))}
        near = [known[name] for name in get_close_matches(folded(field.value), list(known), n=3, cutoff=0.6)]
        hint = f"is it {_or([f'{e.code} ({e.name})' for e in near])}?" if near else "write a code, as in tag:PREL"
        raise QueryError(reader.query, f'no TAGS code is or means "{field.value}"', field.place, hint)
    if len(codes) > 1:
        reader.notes.append(f'tag:"{field.value}" stands for {_or(codes)}')
    return _any(reader, (f"tag:{code}" for code in codes)) | written


def _signed(reader: Reader, field: Field) -> Mask:
    query = "SELECT id FROM cables WHERE signature = ?"
    return _rows(reader, f"{query} AND {reader.sight.signature()}", field.value.upper())


def _classification(reader: Reader, field: Field) -> Mask:
    written = field.value.upper()
    level = "" if field.value.lower() == _NONE else _LEVELS.get(written, written)
    if level and level not in LEVELS:
        what = f'no classification is called "{field.value}"'
        raise QueryError(reader.query, what, field.place, f"write {_or(LEVELS)}")
    return reader.snapshot.has_metadata(reader.connection, f"classification:{level}")


def _caption(reader: Reader, field: Field) -> Mask:
    return reader.snapshot.has_metadata(reader.connection, f"caption:{field.value.upper()}")


def _from(reader: Reader, field: Field) -> Mask:
    return moments(reader) >= _range(reader, field)[0]


def _to(reader: Reader, field: Field) -> Mask:
    sent = moments(reader)
    return (sent < _range(reader, field)[1]) & (sent > UNDATED)


def _mrn(reader: Reader, field: Field) -> Mask:
    return _rows(reader, "SELECT id FROM cables WHERE mrn = ?", mrn_of(field.value) or field.value.upper())


def _ref(reader: Reader, field: Field) -> Mask:
    query = 'SELECT cable_id FROM "references" WHERE mrn = ?'
    return _rows(reader, query, mrn_of(field.value) or field.value.upper())


def _entity(reader: Reader, field: Field) -> Mask:
    found = entities_known(reader.connection, reader.sight, field.value)
    if not found:
        near = [f'"{name}"' for name in names_near(reader.connection, reader.sight, field.value)]
        hint = f"is it {_or(near)}?" if near else "search for it as a word"
        raise QueryError(reader.query, f'no entity is called "{field.value}"', field.place, hint)
    if len(found) > 1:
        listed = ", ".join(f"{entity.name} ({entity.key}, {entity.cables:,} cables)" for entity in found[:5])
        more = f" and {len(found) - 5:,} more" if len(found) > 5 else ""
        reader.notes.append(f'"{field.value}" names {len(found):,} entities: {listed}{more}; entity:"KEY" takes one')
    return entity_mask(reader, found)


def _is(reader: Reader, field: Field) -> Mask:
    state = field.value.lower()
    known = sorted((*_STATES, *STATES, "redacted"))
    if state not in known:
        near = get_close_matches(state, known, n=1)
        remedy = f"write is:{near[0]}" if near else f"write one of {', '.join(known)}"
        raise QueryError(reader.query, f'no cable is "{field.value}"', field.place, remedy)
    if state == "redacted":
        return reader.snapshot.read(reader.connection, [REDACTED], reader.view.fields).mask
    if state in STATES:
        mask = reader.snapshot.has_metadata(reader.connection, f"is:{state}")
        return mask & _whole(reader) if state == "doubtful" else mask
    rows = reader.connection.execute(_STATES[state])
    mask = np.zeros(reader.snapshot.size, np.bool_)
    if reader.clearance.is_full:
        mask[[row[0] for row in rows]] = True
    elif state == "copy":  # what two cables share may be hidden in them
        whole = _whole(reader)
        mask[[row[0] for row in rows if whole[row[0]] and whole[row[1]]]] = True
    else:
        may = reader.clearance.allows
        mask[[row[0] for row in rows if may(row["level"], from_list(row["controls"]))]] = True
    return mask


def _whole(reader: Reader) -> Mask:
    """The cables of which the reader sees all."""
    if reader.clearance.is_full:
        return reader.view.visible
    return reader.view.visible & ~reader.snapshot.hidden_from(reader.connection, reader.view)


def _subject(_reader: Reader, _field: Field) -> Mask:
    raise AssertionError("subject: is no Field but InSubject")


def _rows(reader: Reader, query: str, value: str) -> Mask:
    mask = np.zeros(reader.snapshot.size, np.bool_)
    mask[[row[0] for row in reader.connection.execute(query, (value,))]] = True
    return mask


def _any(reader: Reader, words: Iterable[str]) -> Mask:
    mask = np.zeros(reader.snapshot.size, np.bool_)
    for word in words:
        mask |= reader.snapshot.has_metadata(reader.connection, word)
    return mask


def _range(reader: Reader, field: Field) -> tuple[int, int]:
    """The first minute and the minute after the last, since 1970."""
    found = day_range(field.value)
    if found is None:
        what = f'"{field.value}" is no date'
        raise QueryError(reader.query, what, field.place, "write 2009, 2009-01 or 2009-01-26")
    return (found[0] - _EPOCH).days * 1440, (found[1] - _EPOCH).days * 1440


def _or(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


_MASKS: dict[FieldName, Callable[[Reader, Field], Mask]] = {
    "post": _post,
    "tag": _tag,
    "signed": _signed,
    "entity": _entity,
    "from": _from,
    "to": _to,
    "mrn": _mrn,
    "ref": _ref,
    "classification": _classification,
    "caption": _caption,
    "is": _is,
    "subject": _subject,
}
