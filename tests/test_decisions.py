"""Decisions: `reftel.archive.decisions` and what follows from them, on invented cables."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from made_archives import Made, add, archive_of, cable_of, entities
from reftel.archive import decisions, writing
from reftel.archive.cables import read_cable
from reftel.archive.decisions import entity_subject, import_lines, rest_subject, to_lines
from reftel.archive.overruling import apply_to_cable
from reftel.archive.store import transaction
from reftel.pipeline.resolving import after_tagging, derive_cable, find_entities, resolve, take_effect
from reftel.pipeline.stages import understand

if TYPE_CHECKING:
    import sqlite3

    from reftel.archive.decisions import Decision, Kind

CABLES = (
    Made("08OSLO1", "Foreign Minister [PER Karim Danesh] met [PER Petra Quill] in [LOC Oslo]."),
    Made("08OSLO2", "[PER Karim Danesh] said that [ORG Tuesday] was fine.\nAbu Zayd was there."),
    Made("08PARIS3", "[PER K. Daneshvar] left [LOC Paris]. [ORG Tuesday] came.", post="Embassy Paris"),
)


@pytest.fixture
def connection() -> sqlite3.Connection:
    made = archive_of(CABLES)
    resolve(made)
    return made


def id_of(connection: sqlite3.Connection, key: str) -> int:
    return find_entities(connection, key)[0].id


def decide(connection: sqlite3.Connection, kind: Kind, subject: dict[str, Any], **about: Any) -> Decision:
    with transaction(connection):
        made = decisions.decide(connection, decisions.decision_of(kind, subject, by="anna", **about))
        take_effect(connection, [made])
    resolve(connection)
    return made


def undo(connection: sqlite3.Connection, uid: str) -> None:
    with transaction(connection):
        undone = decisions.undo(connection, uid, by="bo")
        assert undone is not None
        take_effect(connection, [undone])
    resolve(connection)


def merge(connection: sqlite3.Connection, one: str, other: str) -> Decision:
    return decide(connection, "merge", entity_subject(connection, id_of(connection, one)),
                  object=entity_subject(connection, id_of(connection, other)))  # fmt: skip


def split(connection: sqlite3.Connection, key: str, mrn: str) -> Decision:
    entity, cable = id_of(connection, key), cable_id(connection, mrn)
    return decide(
        connection,
        "split",
        rest_subject(connection, entity, [cable]),
        object=entity_subject(connection, entity, [cable]),
    )


def cable_id(connection: sqlite3.Connection, mrn: str) -> int:
    return int(connection.execute("SELECT id FROM cables WHERE mrn = ?", (mrn,)).fetchone()[0])


def mention(connection: sqlite3.Connection, mrn: str, text: str) -> dict[str, Any]:
    row = connection.execute(
        "SELECT c.content_hash, u.position, u.text FROM cables c JOIN units u ON u.cable_id = c.id"
        " WHERE c.mrn = ? AND instr(u.text, ?)",
        (mrn, text),
    ).fetchone()
    start = row[2].index(text)
    return {"cable": row[0], "mrn": mrn, "unit": row[1], "start": start, "end": start + len(text), "text": text}


def mentions(connection: sqlite3.Connection, mrn: str) -> list[tuple[str, str]]:
    return [(m.text, m.type) for m in read_cable(connection, cable_id(connection, mrn), with_raw=False).mentions]


def rederive_everything(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        for (id_,) in connection.execute("SELECT id FROM cables").fetchall():
            derive_cable(connection, id_)
        connection.execute("UPDATE cable_entities SET entity_id = NULL")
        connection.execute("DELETE FROM entities")
    resolve(connection, everything=True)


def test_a_merge_makes_two_entities_one_with_the_counts_of_both(connection: sqlite3.Connection) -> None:
    merge(connection, "karim-danesh", "k-daneshvar")
    assert entities(connection)["karim-danesh"] == {"08OSLO1", "08OSLO2", "08PARIS3"}
    assert connection.execute("SELECT cables FROM entities WHERE key = 'karim-danesh'").fetchone()[0] == 3
    assert find_entities(connection, "k-daneshvar")[0].key == "karim-danesh"


def test_a_split_makes_what_a_cable_means_another(connection: sqlite3.Connection) -> None:
    split(connection, "karim-danesh", "08OSLO2")
    assert sorted(map(sorted, (v for k, v in entities(connection).items() if "danesh" in k))) == [
        ["08OSLO1"],
        ["08OSLO2"],
        ["08PARIS3"],
    ]


def test_decisions_survive_a_rebuild_and_cables_to_come(connection: sqlite3.Connection) -> None:
    merge(connection, "karim-danesh", "k-daneshvar")
    split(connection, "karim-danesh", "08OSLO2")
    before = entities(connection)
    rederive_everything(connection)
    assert sorted(map(sorted, entities(connection).values())) == sorted(map(sorted, before.values()))
    add(connection, [Made("08OSLO4", "[PER Karim Danesh] spoke.")])
    resolve(connection)
    held = [found for found in entities(connection).values() if "08OSLO1" in found]
    assert {"08OSLO1", "08PARIS3", "08OSLO4"} in held
    assert "08OSLO2" not in held[0]


def test_undoing_brings_back_what_was(connection: sqlite3.Connection) -> None:
    before = entities(connection)
    made = merge(connection, "karim-danesh", "k-daneshvar")
    undo(connection, made.uid[:6])
    assert sorted(map(sorted, entities(connection).values())) == sorted(map(sorted, before.values()))
    assert decisions.decisions(connection) == []
    assert decisions.decisions(connection, undone=True)[0].undone_by == "bo"


def test_undoing_parts_what_the_tables_know_from_what_they_do_not(connection: sqlite3.Connection) -> None:
    before = entities(connection)
    made = merge(connection, "petra-quill", "place:FR/Paris")
    assert entities(connection) != before
    undo(connection, made.uid)
    assert entities(connection) == before


def test_a_later_merge_takes_a_split_back_and_a_later_split_a_merge(connection: sqlite3.Connection) -> None:
    split(connection, "karim-danesh", "08OSLO2")
    key = next(key for key, found in entities(connection).items() if found == {"08OSLO2"})
    merge(connection, "karim-danesh" if key != "karim-danesh" else "karim-danesh-2", key)
    assert {"08OSLO1", "08OSLO2"} in entities(connection).values()
    split(connection, next(key for key, found in entities(connection).items() if "08OSLO2" in found), "08OSLO2")
    assert {"08OSLO2"} in entities(connection).values()


def test_a_new_name_stays_through_a_rebuild(connection: sqlite3.Connection) -> None:
    decide(connection, "rename", entity_subject(connection, id_of(connection, "karim-danesh")), value="Karim R. Danesh")
    rederive_everything(connection)
    assert connection.execute("SELECT count(*) FROM entities WHERE name = 'Karim R. Danesh'").fetchone()[0] == 1


def test_what_is_not_a_name_goes_from_the_whole_archive_and_comes_back(connection: sqlite3.Connection) -> None:
    made = decide(connection, "not-a-name", {"names": ["Tuesday"], "type": None})
    assert entities(connection, "ORG") == {}
    assert ("Tuesday", "ORG") not in mentions(connection, "08OSLO2")
    undo(connection, made.uid)
    assert entities(connection, "ORG") == {"tuesday": {"08OSLO2", "08PARIS3"}}


def test_what_is_not_a_name_in_one_cable_stays_one_in_others(connection: sqlite3.Connection) -> None:
    decide(connection, "not-a-name", mention(connection, "08OSLO2", "Tuesday"))
    assert entities(connection, "ORG") == {"tuesday": {"08PARIS3"}}
    rederive_everything(connection)
    assert entities(connection, "ORG") == {"tuesday": {"08PARIS3"}}


def test_a_cable_that_is_tagged_anew_has_the_decisions_again(connection: sqlite3.Connection) -> None:
    made = decide(connection, "not-a-name", {"names": ["Tuesday"], "type": None})
    number = cable_id(connection, "08OSLO2")
    with transaction(connection):
        tagged = understand(cable_of(CABLES[1]))
        writing.put_names(connection, number, tagged, done_by={"tagged_by": "a later model"})
        after_tagging(connection, number)
    resolve(connection)
    assert ("Tuesday", "ORG") not in mentions(connection, "08OSLO2")
    undo(connection, made.uid)
    assert mentions(connection, "08OSLO2").count(("Tuesday", "ORG")) == 1


def test_a_retyped_name_is_of_that_type_everywhere(connection: sqlite3.Connection) -> None:
    made = decide(connection, "retype", {"names": ["Tuesday"], "type": "ORG"}, value="MISC")
    assert entities(connection, "MISC") == {"tuesday": {"08OSLO2", "08PARIS3"}} or entities(connection, "MISC") == {
        "tuesday-2": {"08OSLO2", "08PARIS3"}
    }
    undo(connection, made.uid)
    assert set(map(frozenset, entities(connection, "ORG").values())) == {frozenset({"08OSLO2", "08PARIS3"})}


def test_an_added_mention_is_an_entity_with_its_text(connection: sqlite3.Connection) -> None:
    decide(connection, "mention", mention(connection, "08OSLO2", "Abu Zayd"), value="PER")
    assert ("Abu Zayd", "PER") in mentions(connection, "08OSLO2")
    assert entities(connection)["abu-zayd"] == {"08OSLO2"}
    rederive_everything(connection)
    assert entities(connection)["abu-zayd"] == {"08OSLO2"}


def test_a_mention_is_found_again_where_its_text_has_moved() -> None:
    cable = cable_of(Made("08OSLO9", "Well, Abu Zayd was there."))
    subject = {"cable": "h", "mrn": "08OSLO9", "unit": 0, "start": 0, "end": 8, "text": "Abu Zayd"}
    decision = decisions.Decision("u", "mention", subject, None, "PER", None, "anna", "2026-01-01T00:00:00Z")
    applied = apply_to_cable(cable, [decision], content_hash="h")
    assert [(m.start, m.text) for m in applied.mentions] == [(6, "Abu Zayd")]
    assert apply_to_cable(cable, [decision], content_hash="another") == cable


def test_an_import_adds_each_decision_once(connection: sqlite3.Connection) -> None:
    merge(connection, "karim-danesh", "k-daneshvar")
    lines = list(to_lines(decisions.decisions(connection, undone=True)))
    other = archive_of(CABLES)
    resolve(other)
    for known in (0, 1):
        with transaction(other):
            done = import_lines(other, lines)
            take_effect(other, done.added)
        resolve(other)
        assert (len(done.added), done.known, done.conflicts) == (1 - known, known, ())
    assert {"08OSLO1", "08OSLO2", "08PARIS3"} in entities(other).values()


def test_an_undoing_is_imported_too(connection: sqlite3.Connection) -> None:
    made = merge(connection, "karim-danesh", "k-daneshvar")
    lines = list(to_lines(decisions.decisions(connection, undone=True)))
    other = archive_of(CABLES)
    with transaction(other):
        import_lines(other, lines)
    undo(connection, made.uid)
    with transaction(other):
        done = import_lines(other, to_lines(decisions.decisions(connection, undone=True)))
    assert [each.uid for each in done.undone] == [made.uid]
    assert decisions.decisions(other) == []


def test_two_names_for_one_entity_are_told_as_a_contradiction(connection: sqlite3.Connection) -> None:
    subject = entity_subject(connection, id_of(connection, "karim-danesh"))
    decide(connection, "rename", subject, value="Karim the Elder")
    line = json.loads(next(to_lines(decisions.decisions(connection))))
    foreign = {**line, "uid": "feed", "by": "carl", "at": "2099-01-01T00:00:00Z", "value": "Karim the Younger"}
    with transaction(connection):
        done = import_lines(connection, [json.dumps(foreign)])
        take_effect(connection, done.added)
    resolve(connection)
    (conflict,) = done.conflicts
    assert "carl" in conflict
    assert "the later one, feed, holds" in conflict
    assert "\n" not in conflict
    assert connection.execute("SELECT count(*) FROM entities WHERE name = 'Karim the Younger'").fetchone()[0] == 1


@pytest.mark.parametrize("line", ["no json", "[]", '{"uid": "x"}', '{"kind": "merge"}'])
def test_a_line_that_is_no_decision_is_refused_by_its_number(connection: sqlite3.Connection, line: str) -> None:
    with pytest.raises(ValueError, match="line 1 is no decision"), transaction(connection):
        import_lines(connection, [line])


def test_a_decision_touches_only_what_it_is_about(connection: sqlite3.Connection) -> None:
    links = connection.execute("SELECT count(*) FROM entities").fetchone()[0]
    with transaction(connection):
        subject = entity_subject(connection, id_of(connection, "petra-quill"))
        made = decisions.decide(connection, decisions.decision_of("rename", subject, by="a", value="P. Q."))
        take_effect(connection, [made])
    begun = time.perf_counter()
    assert resolve(connection).changed == 1
    assert time.perf_counter() - begun < 5
    assert connection.execute("SELECT count(*) FROM entities").fetchone()[0] == links
