"""Map 3, of runs of cables: their entities out of the datasets, with what they are compared by and what they say.

A row an entity of a cable. `facts` are what its cable says of it, ready to be counted: its type, its names, its role.
"""

from __future__ import annotations

import pickle
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from reftel.archive.describing import plain_name
from reftel.archive.linking import home
from reftel.archive.officers import signers, signing_role
from reftel.pipeline.pool import chunked
from reftel.resolve.records import KEYED, blocks, record
from reftel.spark.datasets import Folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pyarrow as pa

    from reftel.spark.datasets import Note

    Row = dict[str, Any]
    Name = tuple[str, str]  # of an entity of a cable: the cable's content hash, and its label there

OF_RUN = "cable_entities string, cables string, mentions string, units string"
"""The parts of one run of cables, of one year."""

_READ = {
    "cables": ["content_hash", "post", "post_code", "sent", "signature", "classified_by_name"],
    "mentions": ["content_hash", "unit", "type", "text", "entity"],
    "units": ["content_hash", "position", "kind"],
}
_HELD = 2000  # rows
_SIGNED = ("classified_by", "signature")


class Signed(NamedTuple):
    """Of who signed or classified a cable: the role that signing gives, None for who classified it."""

    role: str | None


def runs_of(notes: Iterable[Note]) -> list[tuple[str | None, ...]]:
    """The rows of `OF_RUN` for these notes."""
    found: list[tuple[str | None, ...]] = []
    for note in notes:
        by_year: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for part in note.parts:
            table, _, rest = part.partition("/")
            by_year[rest.partition("/")[0]][table] = part
        tables = [each.split()[0] for each in OF_RUN.split(", ")]
        found += [tuple(map(parts.get, tables)) for parts in by_year.values() if "cable_entities" in parts]
    return found


def columns() -> pa.Schema:
    """A row: `part` has its row of `cable_entities`; `cluster` is there where the tables know it, else `blocks` are."""
    import pyarrow as pa  # noqa: PLC0415  # an optional library

    text = pa.string()
    fact = pa.struct([("what", text), ("low", text), ("value", text), ("n", pa.int64())])
    names = {"part": text, "content_hash": text, "position": pa.int32(), "cluster": text, "blocks": pa.list_(text)}
    return pa.schema([*names.items(), ("record", pa.binary()), ("sent", text), ("facts", pa.list_(fact))])


def gather(batches: Iterator[pa.RecordBatch], *, folder: str) -> Iterator[pa.RecordBatch]:
    """The rows of `columns` for runs of cables."""
    import pyarrow as pa  # noqa: PLC0415  # an optional library

    place = Folder(folder)
    for batch in batches:
        for parts in batch.to_pylist():
            for rows in chunked(_gathered(place, parts), _HELD):
                yield pa.RecordBatch.from_pylist(rows, schema=columns())


def record_id(content_hash: str, position: int) -> int:
    """A number for an entity of a cable that is its own in any collection."""
    return int(content_hash, 16) << 16 | position


def _gathered(place: Folder, parts: Mapping[str, str | None]) -> Iterator[Row]:
    part = parts["cable_entities"]
    assert part
    entities = place.read(part).to_pylist()
    read = {table: place.read(own, columns=columns) for table, columns in _READ.items() if (own := parts[table])}
    cables = {row["content_hash"]: row for row in read["cables"].to_pylist()}
    signed, texts = _signers(entities, cables, read), _texts(read)
    company: defaultdict[str, list[str]] = defaultdict(list)
    for row in entities:
        company[row["content_hash"]] += [row["name"]] if row["type"] == "PER" else []
    for row in entities:
        name = (row["content_hash"], row["label"])
        cable = cables[row["content_hash"]]
        together = tuple(company[row["content_hash"]]) if row["type"] == "PER" else ()
        yield {"part": part, **_sighting(row, cable, together, signed.get(name), texts.get(name, []))}


def _sighting(
    row: Row, cable: Row, company: tuple[str, ...], signed: Signed | None, texts: Iterable[tuple[str, int]]
) -> Row:
    number = record_id(row["content_hash"], row["position"])
    of_post = {"of_post": True, "signed": signed.role} if signed else {}
    made = record(
        {
            **row,
            "id": number,
            "cable": number >> 16,
            "cable_id": number >> 16,
            "home": home(cable["post"], cable["post_code"]),
            "year": int(cable["sent"][:4]) if cable["sent"] else None,
            "company": company,
            **of_post,
        }
    )
    found = blocks(made)
    is_keyed = bool(found) and found[0].startswith(KEYED)
    return {
        "content_hash": row["content_hash"],
        "position": row["position"],
        "cluster": found[0] if is_keyed else None,
        "blocks": [] if is_keyed else found,
        "record": None if is_keyed else pickle.dumps(made, protocol=5),
        "sent": cable["sent"],
        "facts": list(_facts(row, (signed and signed.role) or row["role"], texts)),
    }


def _facts(row: Row, role: str | None, texts: Iterable[tuple[str, int]]) -> Iterator[tuple[str, str, str, int]]:
    yield "entity", "", "", 1
    for what in ("type", "name", "country", "key"):
        if row[what]:
            yield what, "", row[what], 1
    if role:
        yield "role", role.casefold(), role, 1
    if row["entity_key"] and not row["key"]:
        yield "was", "", row["entity_key"], 1
    for text, n in texts:
        name = plain_name(text)
        yield "alias", name.casefold(), name, n


def _signers(entities: list[Row], cables: Mapping[str, Row], read: Mapping[str, pa.Table]) -> dict[Name, Signed]:
    """Who signed or classified each cable."""
    import pyarrow.compute as pc  # noqa: PLC0415  # an optional library

    if "mentions" not in read:
        return {}
    lines = read["units"].filter(pc.field("kind").isin(_SIGNED))
    kinds = {(row["content_hash"], row["position"]): row["kind"] for row in lines.to_pylist()}
    names = {(row["content_hash"], row["label"]): row["name"] for row in entities}
    persons = read["mentions"].filter((pc.field("type") == "PER") & pc.field("entity").is_valid())
    named = [
        {**cables[row["content_hash"]], "cable_entity_id": name, "name": names[name], "kind": kind}
        for row in persons.to_pylist()
        if (kind := kinds.get((row["content_hash"], row["unit"])))
        and (name := (row["content_hash"], row["entity"])) in names
    ]
    named.sort(key=lambda row: row["kind"])
    return {
        row["cable_entity_id"]: Signed(
            signing_role(row["post"], row["post_code"]) if row["kind"] == "signature" else None
        )
        for row in signers(named)
    }


def _texts(read: Mapping[str, pa.Table]) -> dict[Name, list[tuple[str, int]]]:
    """How each entity of a cable is written there, and how often."""
    found: defaultdict[Name, list[tuple[str, int]]] = defaultdict(list)
    if "mentions" in read:
        counted = read["mentions"].group_by(["content_hash", "entity", "text"]).aggregate([("text", "count")])
        for row in counted.to_pylist():
            found[row["content_hash"], row["entity"]].append((row["text"], row["text_count"]))
    return found
