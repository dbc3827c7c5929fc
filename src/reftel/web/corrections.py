"""Corrections in place: names added, retyped, struck out, merged, split off, renamed; all of them listed, and undone.

A correction is a decision in the archive (`reftel.archive.decisions`). It takes effect before the next page is made.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

from starlette.exceptions import HTTPException

from reftel.archive import decisions
from reftel.archive.store import transaction
from reftel.model import MentionType
from reftel.pipeline.resolving import resolve, take_effect
from reftel.web.addresses import address_of, find
from reftel.web.candidates import meant, near
from reftel.web.pages import count
from reftel.web.sighted import by_name, members, named, protects_any
from reftel.write.masks import MASK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.responses import Response

    from reftel.archive.decisions import Decision
    from reftel.archive.told import Told
    from reftel.web.cut import Seen
    from reftel.web.visit import Visit

_TYPES: tuple[str, ...] = get_args(MentionType)
_LONGEST = 300  # characters of a name
_CABLES = 200  # of an entity, to split some off
_LONGEST_ID = 15  # digits
_UNTOLD: dict[str, Any] = {"subject": {"name": "a protected name"}, "object": None, "value": None, "note": None}


def correct_page(visit: Visit) -> Response:
    """What can be said of a stretch of a cable's text, or, without one, a list of all its names."""
    may_correct(visit)
    seen = find(visit)
    place = _place(visit, seen, visit.given) if visit.given("unit") else None
    listed = [] if place else [m for m in seen.cable.mentions if MASK not in m.text]
    mentions = [{"mention": m, "position": seen.positions[m.unit]} for m in listed]
    here = place and next((m for m in seen.cable.mentions if _is_at(seen, m, place)), None)
    return visit.page(
        "correct.html", cable=seen.cable, address=address_of(visit, seen.id), place=place, here=here,
        mentions=mentions,
    )  # fmt: skip


def correct(visit: Visit) -> Response:
    """Make the correction of a stretch of text that a form asks for."""
    may_correct(visit)
    form = visit.form
    seen = find(visit)
    place = _place(visit, seen, lambda name: form.get(name, ""))
    held = any(_is_at(seen, mention, place) for mention in seen.cable.mentions)
    subject = {"cable": seen.row["content_hash"], "mrn": seen.row["mrn"], **place}
    if form.get("scope") == "archive" and held:
        subject = {"names": [place["text"]]}
    what = form.get("what", "")
    if what == "not-a-name":
        made = decisions.decision_of("not-a-name", subject, by=_who(visit), note=form.get("note") or None)
    elif what in _TYPES:
        kind: decisions.Kind = "retype" if held else "mention"
        made = decisions.decision_of(kind, subject, by=_who(visit), value=what, note=form.get("note") or None)
    else:
        raise HTTPException(400, "Say what it is: a type of name, or no name.")
    _decide(visit, made)
    return visit.redirect(address_of(visit, seen.id))


def decide_page(visit: Visit) -> Response:
    """What can be said of an entity: that it is another one too, that some of it is another, what it is called.

    `q` is a name of the other one, to choose among those that it may mean.
    """
    may_correct(visit)
    entity = _entity(visit, visit.given("entity"))
    cables = [(id_, *_line(visit, id_)) for id_ in members(visit, entity.id)[:_CABLES]]
    written = visit.given("q")
    found = meant(visit, entity, written)
    ids = {view.id for view in found}
    alike = [view for view in near(visit, entity) if view.id not in ids]
    return visit.page("decide.html", entity=entity, cables=cables, written=written, found=found, near=alike)


def candidates_page(visit: Visit) -> Response:
    """The entities that what was typed means, as a piece of the page above: to choose the other one of a merge."""
    may_correct(visit)
    entity = _entity(visit, visit.given("entity"))
    written = visit.given("q")
    return visit.page("candidates.html", written=written, found=meant(visit, entity, written))


def decide(visit: Visit) -> Response:
    """Make the decision about an entity that a form asks for."""
    may_correct(visit)
    form = visit.form
    entity = _entity(visit, form.get("entity", ""))
    note = form.get("note") or None
    subject = decisions.entity_subject(visit.archive, entity.id)
    if form.get("what") == "rename" and form.get("name", "").strip():
        name = form["name"].strip()[:_LONGEST]
        _decide(visit, decisions.decision_of("rename", subject, by=_who(visit), value=name, note=note))
    elif form.get("what") == "merge":
        other = _entity(visit, form.get("other", "").strip())
        if other.id == entity.id:
            raise HTTPException(400, "These are one already.")
        into = decisions.entity_subject(visit.archive, other.id)
        _decide(visit, decisions.decision_of("merge", subject, by=_who(visit), object=into, note=note))
    elif form.get("what") == "split":
        _decide(visit, _split(visit, entity, note))
    else:
        raise HTTPException(400, "Say what is to be done: rename, merge or split.")
    # To the list, for who may see it; else to the entity, where it is still told.
    return visit.redirect("/decisions" if visit.sight.is_full else "/entities")


def decisions_page(visit: Visit) -> Response:
    """All decisions, the latest first, those that were undone as well; for who may correct and sees everything."""
    may_correct(visit, all_of_it=True)
    made = [_told(each) for each in reversed(made_decisions(visit))]
    return visit.page("decisions.html", made=made)


def made_decisions(visit: Visit) -> list[Decision]:
    """All decisions in order, those undone too; what one says is left out where it tells a name that is protected."""
    made = decisions.decisions(visit.archive, undone=True)
    if not protects_any(visit):
        return made
    rows = visit.archive.execute(
        "SELECT mentions.text FROM temp.masked JOIN mentions ON cable_entity_id = masked.id"
        " UNION SELECT name FROM temp.masked JOIN cable_entities USING (id)"
    )
    names = {_folded(name) for (name,) in rows}
    return [replace(each, **_UNTOLD) if _tells(each, names) else each for each in made]


def _tells(made: Decision, names: set[str]) -> bool:
    """Whether anything in the decision is one of these names, or a key made of one."""
    return not names.isdisjoint(map(_folded, _strings((made.subject, made.object, made.value, made.note))))


def _strings(part: Any) -> Iterator[str]:
    """All strings in a value of JSON, and each as the name that a key of it would be of."""
    if isinstance(part, str):
        yield from (part, part.replace("-", " "))
    elif isinstance(part, dict):
        for each in part.values():
            yield from _strings(each)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _strings(each)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def undo(visit: Visit) -> Response:
    """Undo a decision."""
    may_correct(visit, all_of_it=True)
    with transaction(visit.archive):
        undone = decisions.undo(visit.archive, visit.form.get("uid", ""), by=_who(visit))
        if undone is None:
            raise HTTPException(404, "There is no such decision in force.")
        take_effect(visit.archive, [undone])
    resolve(visit.archive)
    visit.note("undid", undone.uid)
    return visit.redirect("/decisions")


def _split(visit: Visit, entity: Told, note: str | None) -> Decision:
    chosen = [int(name[1:]) for name in visit.form if name[:1] == "c" and _is_id(name[1:])]
    own = [id_ for id_ in members(visit, entity.id) if id_ in set(chosen)]
    cut = decisions.entity_subject(visit.archive, entity.id, own)
    rest = decisions.rest_subject(visit.archive, entity.id, own)
    if not own or not cut["examples"] or not rest["examples"]:
        raise HTTPException(400, "Mark some of the cables, and not all of them.")
    return decisions.decision_of("split", rest, by=_who(visit), object=cut, note=note)


def _is_id(written: str) -> bool:
    return written.isdecimal() and len(written) <= _LONGEST_ID


def _decide(visit: Visit, made: Decision) -> None:
    """Write the decision, and let it take effect."""
    with transaction(visit.archive):
        decisions.decide(visit.archive, made)
        take_effect(visit.archive, [made])
    resolve(visit.archive)
    visit.note("corrected", f"{made.kind} {made.uid}")


def _place(visit: Visit, seen: Seen, given: Any) -> dict[str, Any]:
    """The stretch of text that is meant, as a decision says it; only of what the reader sees in full."""
    numbers = [given(name) for name in ("unit", "start", "end")]
    if not all(number.isdecimal() and len(number) < 9 for number in numbers):
        raise HTTPException(400, "This is no stretch of the text.")
    unit, start, end = map(int, numbers)
    text = seen.cable.units[seen.positions.index(unit)].text if unit in seen.positions else ""
    if not 0 <= start < end <= len(text) or end - start > _LONGEST:
        raise HTTPException(400, "This is no stretch of the text.")
    if not visit.sight.protected and MASK in text[start:end]:
        raise HTTPException(403, "A protected name cannot be corrected without the right to see it.")
    return {"unit": unit, "start": start, "end": end, "text": text[start:end]}


def _is_at(seen: Seen, mention: Any, place: dict[str, Any]) -> bool:
    return (seen.positions[mention.unit], mention.start, mention.end) == (place["unit"], place["start"], place["end"])


def _entity(visit: Visit, written: str) -> Told:
    """The entity that a key or, failing that, a name means. Raises 404 for none, 400 where several bear the name."""
    found = by_name(visit, written)
    if found is not None:
        return found
    bearers = named(visit, written)
    if len(bearers) > 1:
        listed = "; ".join(f"{each.key} ({each.name}, {count(each.cables, 'cable')})" for each in bearers[:6])
        raise HTTPException(400, f"Several are called “{written}”. Give the key of the one that is meant: {listed}.")
    if not bearers:
        raise HTTPException(404, f"Nobody and nothing is called “{written}” here.")
    return bearers[0]


def _line(visit: Visit, cable_id: int) -> tuple[str, str, str]:
    row = visit.archive.execute("SELECT mrn, sent, post FROM cables WHERE id = ?", (cable_id,)).fetchone()
    return row["mrn"] or "no number", (row["sent"] or "")[:10], row["post"] or ""


def _told(made: Decision) -> dict[str, Any]:
    """A decision in words."""
    subject, other = made.subject, made.object or {}
    what = subject.get("name") or subject.get("text") or ", ".join(subject.get("names", ())) or "?"
    words = {
        "mention": f"“{what}” is a name: {made.value}",
        "retype": f"“{what}” is {made.value}",
        "not-a-name": f"“{what}” is no name",
        "merge": f"{what} is {other.get('name', 'another')}",
        "split": f"{what}: some cables mean another",
        "rename": f"{what} is called {made.value or 'so'}",
    }
    return {"words": words[made.kind], "where": subject.get("mrn"), "made": made}


def may_correct(visit: Visit, *, all_of_it: bool = False) -> None:
    """Raises 403 where the reader may not; a list of decisions tells names of cables that not every reader may see."""
    if not visit.user.corrects:
        raise HTTPException(403, "You may read, but not correct.")
    if all_of_it and not visit.sight.is_full:
        raise HTTPException(403, "The list of decisions is for readers who may see every cable.")


def _who(visit: Visit) -> str:
    return visit.user.name or "reader"
