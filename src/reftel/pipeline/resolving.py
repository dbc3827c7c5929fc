"""Who is who over the archive: entities of its cables put together, as cables, officers and decisions tell.

What was touched is compared anew, nothing else; `everything` compares all of it, and comes to the same.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, get_args

from reftel.archive import clusters, decisions, describing, linking, officers, overruling, writing
from reftel.archive.cables import read_cable
from reftel.archive.clearance import EVERYTHING
from reftel.archive.entities import entities_known
from reftel.archive.pocom import read_pocom
from reftel.archive.portraits import candidate
from reftel.archive.sight import sight_of
from reftel.archive.store import transaction
from reftel.archive.told import sees_any
from reftel.model import MentionType
from reftel.pipeline.stages import understand
from reftel.resolve.across import Forest, cluster_block
from reftel.resolve.constraints import Constraints
from reftel.resolve.names import similarity
from reftel.resolve.records import Record, blocks, person_name, record

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from reftel.archive.clearance import Clearance
    from reftel.archive.decisions import Decision
    from reftel.archive.portraits import Candidate
    from reftel.archive.sight import Sight
    from reftel.resolve.across import Link

_KEYED = "="
_MANY = 100_000  # entities of new cables from which the clusters are held in the form that is made for all of them


class Resolved(NamedTuple):
    """What resolving did: entities of cables compared for the first time, and entities of the archive made anew."""

    compared: int
    changed: int


def resolve(connection: sqlite3.Connection, *, everything: bool = False) -> Resolved:
    """Bring the archive's entities to what its cables and decisions make them; all of it, or nothing where it fails."""
    with transaction(connection):
        compared = _place_fresh(connection)
        found = decisions.constraints(connection)
        bound = Constraints(found.same, found.apart)
        work = _Work(connection, bound, of_most=everything or compared > _MANY)
        if everything:
            work.take_all()
        else:
            work.take_touched()
        changed = work.finish()
        describing.describe(connection, changed, names=decisions.given_names(connection))
        linking.forget_touched(connection)
    return Resolved(compared, len(changed))


def _place_fresh(connection: sqlite3.Connection) -> int:
    """Put the entities of new cables into their blocks."""
    fresh = linking.fresh_cables(connection)
    officers.put_signers(connection, fresh)
    for cable_id in fresh:
        linking.touch_company(connection, cable_id)
    compared = 0
    for rows in linking.fresh_rows(connection, fresh):
        placed = [(block, row["id"]) for row in rows for block in blocks(record(row)) or (linking.NO_BLOCK,)]
        linking.put_blocks(connection, placed)
        compared += len(rows)
    return compared


class _Work:
    """Blocks compared and clusters put together, until nothing that is touched is left."""

    def __init__(self, connection: sqlite3.Connection, bound: Constraints, *, of_most: bool) -> None:
        self._connection = connection
        self._bound = bound
        self._forest = Forest(bound, many=linking.last_id(connection) if of_most else 0)
        self._keys: set[str] = set()
        self._found: list[int] = []
        self._decided = {id_ for pair in (*bound.same, *bound.apart) for id_ in pair}
        self._decided_keys = linking.keys_of(connection, self._decided)
        clusters.begin(connection)

    def take_all(self) -> None:
        """Compare every block."""
        linking.clear_links(self._connection)
        self._compare(linking.every_block(self._connection))
        keys = linking.every_key(self._connection)
        self._take_keys(keys)

    def take_touched(self) -> None:
        """Compare the touched blocks, and those that their entities are in beside."""
        touched = linking.touched_blocks(self._connection)
        keys = [block[len(_KEYED) :] for block in touched if block.startswith(_KEYED)]
        named = [block for block in touched if not block.startswith(_KEYED)]
        self._compare(named)
        self._take_keys(keys)
        self._take_rest(set(named))

    def finish(self) -> list[int]:
        """Link the clusters to entities; returns the ids of the entities to describe."""
        self._take_found()
        kept = linking.entities_of_keys(self._connection, self._keys)
        changed = clusters.link(self._connection, self._forest.root, kept=kept)
        changed += linking.link_keyed(self._connection, sorted(self._keys))
        return sorted({*changed, *linking.touched_entities(self._connection)})

    def _take_keys(self, keys: Iterable[str]) -> None:
        """Take what the tables know by a key: as a whole, unless a decision is about it."""
        listed = set(keys)
        self._keys |= listed - self._decided_keys
        self._compare([_KEYED + key for key in sorted(listed & self._decided_keys)])

    def _take_rest(self, compared: set[str]) -> None:
        """Take in what hangs together with what was taken: entities whole, and what decisions bind to them."""
        self._take_found()
        while more := self._bound_to_taken() | set(clusters.fellows(self._connection)):
            clusters.take(self._connection, more)
            own = linking.blocks_of(self._connection, more)
            named = [block for block in own if not block.startswith(_KEYED) and block not in compared]
            compared.update(named)
            self._compare(named, for_context=True)
            self._take_keys(block[len(_KEYED) :] for block in own if block.startswith(_KEYED))

    def _bound_to_taken(self) -> set[int]:
        """The records that a decision binds to a taken one, and that are not taken themselves."""
        taken = clusters.taken_of(self._connection, self._decided)
        pairs = (*self._bound.same, *self._bound.apart)
        return {id_ for pair in pairs if taken.intersection(pair) for id_ in pair} - taken

    def _compare(self, named: Sequence[str], *, for_context: bool = False) -> None:
        """Compare blocks and join what is one; of the blocks that are there for context, only what is taken."""
        for block, rows in linking.rows_of_blocks(self._connection, named):
            if len(rows) == 1:
                self._take([[rows[0]["id"]]], [], for_context=for_context)
            else:
                self._take(*cluster_block(block, [record(row) for row in rows], self._bound), for_context=for_context)

    def _take_found(self) -> None:
        """Take what compared blocks hold; many together and in order, which is how a table is written fast."""
        clusters.take(self._connection, sorted(self._found))
        self._found.clear()

    def _take(self, groups: list[list[int]], links: list[Link], *, for_context: bool) -> None:
        if for_context:
            only = clusters.taken_of(self._connection, [id_ for group in groups for id_ in group])
            groups = [kept for group in groups if (kept := [id_ for id_ in group if id_ in only])]
            links = [link for link in links if {link.one, link.other} <= only]
        else:
            self._found += [id_ for group in groups for id_ in group]
            if len(self._found) > _MANY:
                self._take_found()
        for group in groups:
            self._forest.join_all(group)
        linking.put_links(self._connection, [(link.one, link.other, link.score, link.reason) for link in links])


def find_entities(
    connection: sqlite3.Connection, written: str, *, spellings: bool = True, clearance: Clearance = EVERYTHING
) -> list[Candidate]:
    """The entities that a key or a name may mean, of those that the reader is told of, the likeliest first.

    A key, or a former one, means one; else all that are called so; else, with `spellings`, those whose name sounds so.
    """
    sight = sight_of(connection, clearance)
    ids = [each.id for each in entities_known(connection, sight, written)]
    if not ids and spellings:
        ids = sounding(connection, sight, written)
    found = [each for id_ in ids if (each := candidate(connection, sight, id_, written))]
    return sorted(found, key=lambda each: (-each.mentions, -each.cables, each.key))


def sounding(connection: sqlite3.Connection, sight: Sight, written: str) -> list[int]:
    """The ids of entities with a name, of those the reader sees, that is this one in another spelling or holds it."""
    name = person_name(written)
    sought = [Record(0, 0, kind, written) for kind in get_args(MentionType)]
    found: dict[int, set[str]] = {}
    for block in {block for each in sought for block in blocks(each)}:
        for id_, alias in linking.aliases_of_block(connection, block):
            if not block.startswith("PER ") or similarity(name, person_name(alias)):
                found.setdefault(id_, set()).add(alias.casefold())
    return sorted(id_ for id_, aliases in found.items() if sees_any(connection, sight, id_, aliases))


def take_effect(connection: sqlite3.Connection, made: Iterable[Decision]) -> None:
    """Let decisions that were just made, undone or imported take effect on the mentions that they are about.

    Expects the transaction in which they were made; what they say of entities takes effect with `resolve`, after it.
    """
    cables: set[int] = set()
    for decision in made:
        if decision.kind in decisions.OF_MENTIONS:
            cables.update(overruling.concerned_cables(connection, decision))
        else:
            _touch(connection, decision)
    for cable_id in sorted(cables):
        derive_cable(connection, cable_id)


def after_tagging(connection: sqlite3.Connection, cable_id: int) -> None:
    """Apply the decisions about mentions to a cable that was just tagged and whose names were just written.

    Expects that transaction. Costs nothing where no decision is about the cable.
    """
    overruling.forget_overruled(connection, cable_id)
    made = [each for each in decisions.decisions(connection) if each.kind in decisions.OF_MENTIONS]
    if any(overruling.is_about(connection, each, cable_id) for each in made):
        derive_cable(connection, cable_id)


def derive_cable(connection: sqlite3.Connection, cable_id: int) -> None:
    """Derive a cable's names anew from what the tagger found and the decisions say. Expects an open transaction."""
    cable = read_cable(connection, cable_id, with_raw=False)
    tagged = overruling.tagged_mentions(connection, cable_id, cable)
    digest, resolved_by = connection.execute(
        "SELECT content_hash, resolved_by FROM cables WHERE id = ?", (cable_id,)
    ).fetchone()
    made = [each for each in decisions.decisions(connection) if each.kind in decisions.OF_MENTIONS]
    decided = overruling.apply_to_cable(replace(cable, mentions=tagged), made, content_hash=digest)
    touched, before = linking.touched_entities(connection), linking.uses_of_cable(connection, cable_id)
    writing.put_names(connection, cable_id, understand(decided), done_by={"resolved_by": resolved_by})
    overruling.put_overruled(connection, cable_id, tagged, decided)
    after = linking.uses_of_cable(connection, cable_id)
    linking.untouch(connection, {entity for entity in before if before[entity] == after.get(entity)} - set(touched))


def _touch(connection: sqlite3.Connection, decision: Decision) -> None:
    """Have compared anew whatever a decision about entities concerns."""
    ids = decisions.found_entities(connection, decision.subject)
    if decision.object:
        ids |= decisions.found_entities(connection, decision.object)
    linking.touch_entities(connection, linking.entity_ids(connection, ids))
    for block in linking.blocks_of(connection, ids) if decision.kind != "rename" else ():
        linking.touch(connection, block)


def import_officers(connection: sqlite3.Connection, path: Path | str) -> tuple[int, int, int]:
    """Take in a list of officers, and link the signatures of the archive's cables to it; then resolve.

    Returns how many officers and tenures the list has, and how many signatures are linked. Raises InputError where the
    path holds no such list.
    """
    listed, tenures = read_pocom(path)
    with transaction(connection):
        officers.put_officers(connection, listed, tenures)
        signed = officers.signing_entities(connection)
        linking.unblock(connection, signed)
    resolve(connection)
    linked = connection.execute("SELECT count(*) FROM signers WHERE officer_id IS NOT NULL").fetchone()[0]
    return len(listed), len(tenures), linked
