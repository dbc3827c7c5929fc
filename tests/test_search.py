"""Search over an archive: what matches, in which order, what a reader sees of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reftel.archive import open_archive
from reftel.archive.clearance import FULL, Clearance
from reftel.archive.folding import folded, places, words
from reftel.archive.query import QueryError
from reftel.archive.search import Filters, Results, search
from reftel.archive.spellings import index_spellings, spellings_of
from reftel.archive.word_counts import count_words
from reftel.errors import UsageError
from reftel.model import Cable, Marking, Mention, RawCable, Span, Tag, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reftel.archive import Archive

SECRET, OPEN, NOFORN = Marking("SECRET"), Marking("UNCLASSIFIED"), Marking("SECRET", ("NOFORN",))
LOW = Clearance("UNCLASSIFIED", frozenset())
_numbers = count()


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path / "a.db", create=True) as opened:
        yield opened


def add(archive: Archive, *paragraphs: Unit | str, subject: str = "REPORT", **fields: Any) -> int:
    """A cable with this subject and these paragraphs; returns its id."""
    number = next(_numbers)
    units = [each if isinstance(each, Unit) else Unit("body", each, n + 1) for n, each in enumerate(paragraphs)]
    given_fields = {"mrn": f"09LUSAKA{number}", "post": "Embassy Lusaka", "classification": "CONFIDENTIAL", **fields}
    cable = Cable(
        **given_fields, subject=subject, units=(Unit("subject", subject), *units),
        raw=RawCable("a", "text", f"cable {number}"),
    )  # fmt: skip
    with archive.transaction():
        return archive.add(cable, parsed_by="p")


def name(archive: Archive, cable_id: int, names: dict[str, str], *, protected: bool = False) -> None:
    """Mention these persons (name to entity key) wherever a cable's units have them, as entities of the archive."""
    sql = archive.connection.execute
    units = sql("SELECT id, text FROM units WHERE cable_id = ?", (cable_id,)).fetchall()
    with archive.transaction():
        sql("INSERT OR IGNORE INTO origins (id, name) VALUES (1, 'test')")
        for written, key in names.items():
            sql("INSERT OR IGNORE INTO entities (key, type, name, cables, mentions) VALUES (?, 'PER', ?, 0, 0)",
                (key, written))  # fmt: skip
            entity = sql("UPDATE entities SET cables = cables + 1 WHERE key = ? RETURNING id", (key,)).fetchone()[0]
            sql("INSERT OR IGNORE INTO aliases VALUES (?, ?, 1, 1)", (entity, written))
            own = sql(
                "INSERT INTO cable_entities (cable_id, label, type, name, aliases, entity_id)"
                " VALUES (?, 'e' || abs(random()), 'PER', ?, '[]', ?) RETURNING id",
                (cable_id, written, entity),
            ).fetchone()[0]
            for unit, text in units:
                if (at := text.find(written)) >= 0:
                    place = (unit, at, at + len(written))
                    sql("INSERT INTO mentions VALUES (?, ?, ?, 'PER', ?, ?, 1.0, 1)", (*place, written, own))
                    if protected:
                        sql("INSERT INTO protected VALUES (?, ?, ?)", place)


def found(archive: Archive, query: str, **asked: Any) -> list[int]:
    return [hit.cable_id for hit in search(archive.connection, query, **{"count": 100, **asked}).hits]


def ids(archive: Archive, query: str, **asked: Any) -> set[int]:
    return set(found(archive, query, **asked))


@pytest.fixture
def trade(archive: Archive) -> tuple[Archive, int, int, int]:
    """Three cables, on tea, on coffee, and on both."""
    tea = add(archive, "The minister of trade praised tea.", "He would not speak of free trade at all.")
    coffee = add(archive, "Coffee left the harbour under a free trade accord.", "The prices fell.")
    both = add(archive, "Tea and coffee: the harbours are full of both, and the minister is not.")
    return archive, tea, coffee, both


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("tea", {0, 2}),
        ("TEA coffee", {2}),
        ("tea OR coffee", {0, 1, 2}),
        ("tea NOT coffee", {0}),
        ("tea -coffee", {0}),
        ("NOT tea", {1}),
        ("minister (tea OR harbour)", {0, 2}),
        ('"free trade"', {0, 1}),
        ('"trade free"', set()),
        ('"free trade" coffee', {1}),
        ('NOT "free trade"', {2}),
        ('"of trade"', {0}),
        ("harbour", {1}),
        ("harbour*", {1, 2}),
        ('"full of bo*"', {2}),
        ("tea w/2 minister", set()),
        ("minister w/4 tea", {0}),
        ("tea w/4 minister", {0}),
        ("minister w/3 tea", set()),
        ("minis* w/2 prai*", set()),
        ("minis* w/3 prai*", {0}),
        ("NEAR(coffee harb*, 2)", {1, 2}),
        ("NEAR(coffee harb*, 1)", {2}),
        ('NEAR(harbour "free trade", 2)', {1}),
        ("at all", {0}),
        ("cocoa", set()),
        ("", {0, 1, 2}),
        ("subject:report", {0, 1, 2}),
        ("subject:tea", set()),
    ],
)
def test_a_query_finds_the_cables_it_describes(
    trade: tuple[Archive, int, int, int], query: str, expected: set[int]
) -> None:
    archive, *cables = trade
    assert ids(archive, query) == {cables[number] for number in expected}
    count_words(archive.connection)
    assert ids(archive, query) == {cables[number] for number in expected}


def test_words_are_found_whatever_their_case_and_accents(archive: Archive) -> None:
    cable = add(archive, "Señor Núñez wrote to Łukasz about Ａｂ Ⅷ and ΜΑΝΑ.")
    for query in ("senor nunez", "SEÑOR", "łukasz", "“señor núñez”", "Ａｂ", "μανα"):
        assert ids(archive, query) == {cable}


def test_a_word_in_the_subject_weighs_more_than_many_in_the_text(archive: Archive) -> None:
    text = add(archive, "Tea, tea, tea. The tea of the tea board.", "More on tea.")
    subject = add(archive, "A long paragraph on ships that names it once.", subject="TEA AND SHIPS")
    add(archive, "Nothing.")
    assert found(archive, "tea") == [subject, text]


def test_a_rarer_word_weighs_more_and_a_longer_cable_less(archive: Archive) -> None:
    long = add(archive, "Tea is mentioned once among many other words " + "and more words of a report " * 20)
    short = add(archive, "Tea is mentioned here.")
    for _ in range(5):
        add(archive, "A report on words.")
    assert found(archive, "tea") == [short, long]
    rare = add(archive, "A report names cocoa.")
    assert found(archive, "cocoa OR report")[0] == rare


def test_hits_come_by_date_where_asked_for_or_where_the_query_has_no_word(archive: Archive) -> None:
    sent = [datetime(2009, 1, day, 12, tzinfo=UTC) for day in (5, 20, 11)]
    cables = [add(archive, "tea " * (n + 1), sent=when) for n, when in enumerate(sent)]
    undated = add(archive, "tea", sent=None)
    newest = [cables[1], cables[2], cables[0], undated]
    assert found(archive, "") == newest
    assert found(archive, "tea", sort="newest") == newest
    assert [cable for cable in found(archive, "tea", sort="oldest") if cable != undated] == newest[2::-1]
    assert found(archive, "tea", sort="relevance")[0] != cables[0]


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_pages_by_place_and_by_offset_are_the_whole_list_in_order(archive: Archive, sort: str) -> None:
    for number in range(23):
        when = datetime(2009, 1, 1 + number % 3, tzinfo=UTC) if number % 5 else None
        add(archive, "tea " * (1 + number % 4), sent=when)
    whole = found(archive, "tea", sort=sort)
    assert len(whole) == 23
    by_place: list[int] = []
    after = None
    for _ in range(5):
        results = search(archive.connection, "tea", count=5, after=after, sort=sort)  # type: ignore[arg-type]  # a parameter
        by_place += [hit.cable_id for hit in results.hits]
        assert results.total == 23
        after = results.next
    assert by_place == whole
    assert after is None
    assert [
        cable for start in range(0, 25, 5) for cable in found(archive, "tea", sort=sort, count=5, offset=start)
    ] == (whole)


def test_a_place_that_is_none_is_refused(archive: Archive) -> None:
    with pytest.raises(UsageError, match="no place"):
        search(archive.connection, "", after="elsewhere")


@pytest.fixture
def filed(archive: Archive) -> tuple[Archive, int, int]:
    """Two cables that differ in all that a field can name."""
    prel, pgov = Tag("PREL", "subject", "External Political Relations"), Tag("PGOV", "subject")
    one = add(
        archive, "Tea.", post="Embassy Lusaka", mrn="09LUSAKA100", classification="SECRET", captions=("NOFORN",),
        tags=(prel,), signature="LIND", sent=datetime(2009, 1, 26, 23, 59, tzinfo=UTC), corrected="a name",
    )  # fmt: skip
    other = add(
        archive, "Tea.", post="Consulate Jeddah", mrn="10JEDDAH7", classification="UNCLASSIFIED", tags=(pgov,),
        signature="ODA", sent=datetime(2010, 2, 1, tzinfo=UTC), partial=True,
    )  # fmt: skip
    return archive, one, other


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("post:Lusaka", 0),
        ('post:"AMEMBASSY LUSAKA"', 0),
        ("post:jeddah", 1),
        ("tag:PREL", 0),
        ("tag:prel", 0),
        ('tag:"external political relations"', 0),
        ("tag:(PREL OR KISL)", 0),
        ("NOT tag:PREL", 1),
        ("signed:lind", 0),
        ("mrn:09LUSAKA100", 0),
        ('mrn:"2009 Lusaka 00100"', 0),
        ("09lusaka100", 0),
        ("classification:SECRET", 0),
        ("classification:s", 0),
        ("caption:noforn", 0),
        ("is:corrected", 0),
        ("is:partial", 1),
        ("from:2009 to:2009", 0),
        ("from:2009-01-26 to:2009-01-26", 0),
        ("to:2009-01-26", 0),
        ("from:2009-01-27", 1),
        ("from:2010-02 tea", 1),
        ("tea NOT from:2010", 0),
    ],
)
def test_a_field_finds_the_cables_that_have_its_value(
    filed: tuple[Archive, int, int], query: str, expected: int
) -> None:
    archive, *cables = filed
    assert ids(archive, query) == {cables[expected]}
    count_words(archive.connection)
    assert ids(archive, query) == {cables[expected]}


def test_filters_mean_what_the_fields_do_and_any_value_of_a_list_counts(filed: tuple[Archive, int, int]) -> None:
    archive, one, other = filed
    assert ids(archive, "tea", filters=Filters(post=("lusaka",))) == {one}
    assert ids(archive, "tea", filters=Filters(post=("lusaka", "Jeddah"))) == {one, other}
    assert ids(archive, "", filters=Filters(tag=("PREL",), classification=("UNCLASSIFIED",))) == set()
    assert ids(archive, "", filters=Filters(since="2010", until="2010-02-01")) == {other}
    assert ids(archive, "tea", filters=Filters()) == {one, other}


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("post:Lusakka", "is it LUSAKA?"),
        ("post:Xyzzyx", "write a city"),
        ("tag:PRELL", "is it PREL (External Political Relations)"),
        ("classification:SEKRET", "write UNCLASSIFIED"),
        ("is:partiel", "write is:partial"),
        ("entity:Nobody", "search for it as a word"),
    ],
)
def test_a_value_that_there_cannot_be_is_told_with_its_place(
    filed: tuple[Archive, int, int], query: str, message: str
) -> None:
    with pytest.raises(QueryError) as caught:
        search(filed[0].connection, query)
    assert message in str(caught.value)
    assert caught.value.place is not None
    assert query[caught.value.place.start :] == query.partition(":")[2]
    with pytest.raises(QueryError, match="the search:"):
        search(filed[0].connection, "", filters=Filters(post=("Xyzzyx",)))


def test_an_empty_archive_has_no_hits_and_no_facets(archive: Archive) -> None:
    for query in ("", "tea", '"free trade"', "te*", "NOT tea", "post:Lusaka", "~tea", "from:2009", "is:copy"):
        results = search(archive.connection, query, with_facets=True)
        assert (results.total, results.hits, results.next) == (0, (), None)
        assert results.facets is not None
        assert results.facets.posts == ()


def test_what_is_added_replaced_or_removed_is_found_so_before_and_after_it_is_counted(archive: Archive) -> None:
    first = add(archive, "tea")
    count_words(archive.connection)
    second = add(archive, "tea and coffee")
    assert ids(archive, "tea") == {first, second}
    changed = replace(archive.cable(first), units=(Unit("body", "cocoa"),))
    with archive.transaction():
        archive.replace(first, changed, parsed_by="p2")
    for _ in range(2):
        assert ids(archive, "tea") == {second}
        assert ids(archive, "cocoa") == {first}
        count_words(archive.connection)
    with archive.transaction():
        archive.connection.execute("DELETE FROM cables WHERE id = ?", (second,))
    for _ in range(2):
        assert ids(archive, "tea OR coffee") == set()
        count_words(archive.connection)


def test_counting_again_changes_nothing_and_counts_nothing(archive: Archive) -> None:
    for number in range(5):
        add(archive, f"tea number {number}")
    assert count_words(archive.connection) == 5
    held = archive.connection.execute("SELECT * FROM word_counts").fetchall()
    assert count_words(archive.connection) == 0
    archive.connection.execute("INSERT INTO uncounted (cable_id) SELECT id FROM cables")
    assert count_words(archive.connection) == 5
    assert list(map(tuple, archive.connection.execute("SELECT * FROM word_counts"))) == list(map(tuple, held))


@pytest.fixture
def guarded(archive: Archive) -> tuple[Archive, int]:
    """A cable with a secret paragraph and an open one."""
    cable = add(
        archive,
        Unit("body", "The cocoa board met Oda in secret.", 1, SECRET),
        Unit("body", "Tea was served to Lind.", 2, OPEN),
        Unit("body", "Coffee for allies only.", 3, NOFORN),
        classification="SECRET",
        tags=(Tag("PREL", "subject"),),
    )
    name(archive, cable, {"Oda": "person:oda", "Lind": "person:lind"})
    return archive, cable


def texts(results: Results) -> str:
    return " ".join(e.text for hit in results.hits for e in (*hit.excerpts, *filter(None, (hit.subject,))))


def told_ids(archive: Archive, query: str, clearance: Clearance = FULL) -> set[int]:
    """The cables found, none where the reader is told of no such entity."""
    try:
        return ids(archive, query, clearance=clearance)
    except QueryError:
        return set()


def test_a_reader_finds_only_what_he_may_see(guarded: tuple[Archive, int]) -> None:
    archive, cable = guarded
    secret = Clearance("SECRET", frozenset())
    for query, full, low, without_noforn in (
        ("cocoa", True, False, True),
        ("tea", True, True, True),
        ("coffee", True, False, False),
        ("tea cocoa", True, False, True),
        ("tea NOT cocoa", False, True, False),
        ("report", True, False, True),  # the subject is as secret as the cable
        ('"cocoa board"', True, False, True),
        ('"tea was"', True, True, True),
        ("cocoa w/3 met", True, False, True),
        ("coco*", True, False, True),
        ("tag:PREL", True, True, True),
        ("entity:Oda", True, False, True),
        ("entity:Lind", True, True, True),
        ("", True, True, True),
    ):
        assert (ids(archive, query) == {cable}) is full, query
        assert (told_ids(archive, query, LOW) == {cable}) is low, query
        assert (told_ids(archive, query, secret) == {cable}) is without_noforn, query


def test_a_reader_is_shown_and_counted_only_what_he_may_see(guarded: tuple[Archive, int]) -> None:
    archive, _ = guarded
    for query in ("", "tea", "tag:PREL", "entity:Lind"):
        results = search(archive.connection, query, clearance=LOW, with_facets=True, excerpts=20)
        assert "cocoa" not in texts(results)
        assert "Coffee" not in texts(results)
        assert results.hits[0].subject is None
        assert results.facets is not None
        assert [share.name for share in results.facets.entities] == ["Lind"]
    hidden = add(archive, Unit("body", "Tea in secret.", 1, SECRET), classification="SECRET")
    assert hidden not in ids(archive, "tea", clearance=LOW)
    facets = search(archive.connection, "", clearance=LOW, with_facets=True).facets
    assert facets is not None
    assert [share.cables for share in facets.posts] == [1]


@pytest.fixture
def protecting(archive: Archive) -> tuple[Archive, int]:
    """A cable that protects a name, in which some of its words stand openly too."""
    cable = add(
        archive, "The teacher Zina Paul told us that a book on Paul Street was lost.", "Again: ZINA PAUL spoke.",
        "A street of books.",
    )  # fmt: skip
    add(archive, "Nothing of it.")
    name(archive, cable, {"Zina Paul": "person:paul"}, protected=True)
    return archive, cable


@pytest.mark.parametrize(
    ("query", "hidden"),
    [
        ("zina", False),
        ("paul", True),
        ('"zina paul"', False),
        ('"paul street"', True),
        ("zin*", False),
        ("zina w/3 paul", False),
        ("paul w/3 street", True),
        ("teacher w/2 paul", False),
        ('"teacher told"', False),
        ("teacher", True),
        ('entity:"Zina Paul"', False),
        ("entity:person:paul", False),
    ],
)
def test_a_protected_name_is_found_only_by_who_may_see_it(
    protecting: tuple[Archive, int], query: str, *, hidden: bool
) -> None:
    archive, cable = protecting
    for _ in range(2):
        asked = Clearance(protected=True)
        assert ids(archive, query, clearance=asked) == ({cable} if query != '"teacher told"' else set())
        assert told_ids(archive, query) == ({cable} if hidden else set())
        count_words(archive.connection)


def test_a_protected_phrase_is_not_found_among_many_cables(protecting: tuple[Archive, int]) -> None:
    archive, cable = protecting
    with_paul = {add(archive, "Zina Paul Street in Zina, by Paul.") for _ in range(40)}
    assert ids(archive, '"zina paul"', count=100) == with_paul
    assert ids(archive, '"zina paul"', count=100, clearance=Clearance(protected=True)) == {cable, *with_paul}


def test_a_protected_name_is_masked_in_excerpts_and_facets(protecting: tuple[Archive, int]) -> None:
    archive, _ = protecting
    results = search(archive.connection, "teacher", with_facets=True, excerpts=5)
    assert "Zina" not in texts(results)
    assert "████ ████" in texts(results)
    assert results.facets is not None
    assert results.facets.entities == ()
    shown = search(archive.connection, "teacher", clearance=Clearance(protected=True), with_facets=True)
    assert "Zina Paul" in texts(shown)
    assert shown.facets is not None
    assert [share.name for share in shown.facets.entities] == ["Zina Paul"]


def test_an_entity_is_found_under_all_its_names_and_a_merge_changes_that_at_once(archive: Archive) -> None:
    one, other = add(archive, "Khalid bin Rashid spoke."), add(archive, "The KbR is well.")
    name(archive, one, {"Khalid bin Rashid": "person:khalid"})
    name(archive, other, {"KbR": "person:kbr"})
    assert ids(archive, 'entity:"khalid bin rashid"') == {one}
    assert ids(archive, "", filters=Filters(entity=("person:kbr",))) == {other}
    sql = archive.connection.execute
    merged, gone = (
        sql("SELECT id FROM entities WHERE key = ?", (f"person:{key}",)).fetchone()[0] for key in ("khalid", "kbr")
    )
    with archive.transaction():
        sql("UPDATE cable_entities SET entity_id = ? WHERE entity_id = ?", (merged, gone))
        sql("UPDATE aliases SET entity_id = ? WHERE entity_id = ?", (merged, gone))
        sql("DELETE FROM entities WHERE id = ?", (gone,))
    assert ids(archive, 'entity:"Khalid bin Rashid"') == ids(archive, "entity:KbR") == {one, other}
    results = search(archive.connection, "entity:KbR", with_facets=True)
    assert {"[Khalid bin Rashid]", "[KbR]"} == {
        "[" + hit.excerpts[0].text[start:end] + "]" for hit in results.hits for start, end in hit.excerpts[0].marks
    }
    assert results.facets is not None
    assert [(share.value, share.cables) for share in results.facets.entities] == [("person:khalid", 2)]


def test_a_name_of_several_entities_finds_all_and_says_who_they_are(archive: Archive) -> None:
    one, other = add(archive, "Oda spoke."), add(archive, "Oda sang.")
    name(archive, one, {"Oda": "person:minister"})
    name(archive, other, {"Oda": "person:singer"})
    results = search(archive.connection, "entity:oda")
    assert {hit.cable_id for hit in results.hits} == {one, other}
    assert "person:minister" in results.notes[0]
    assert "person:singer" in results.notes[0]
    assert ids(archive, "entity:person:singer") == {other}


def test_a_spelling_is_found_on_request_and_only_then(archive: Archive) -> None:
    spelled = {
        add(archive, f"General {written} left.") for written in ("Soleimani", "Suleymani", "Soleymani", "Sulaymani")
    }
    other = add(archive, "Suleiman and Salmani stayed.")
    names = {*spelled, other}
    for cable in names:
        text = archive.cable(cable).units[1].text
        name(archive, cable, {word: f"person:{word}" for word in text[:-1].split() if word[0] == "S"})
    assert index_spellings(archive.connection) == 6
    assert len(ids(archive, "soleimani")) == 1
    assert ids(archive, "~soleimani") == spelled
    assert ids(archive, "general w/2 ~sulaimani") == spelled
    assert ids(archive, '"general left" OR ~suleymani') == spelled
    assert spellings_of(archive.connection, "xyz") == []


def test_a_search_without_hits_says_which_word_is_nowhere_and_what_is_spelled_like_it(archive: Archive) -> None:
    cable = add(archive, "Khalid drank tea.")
    name(archive, cable, {"Khalid": "person:khalid"})
    index_spellings(archive.connection)
    assert search(archive.connection, "tea khaled").notes == ('no cable has "khaled"; ~khaled finds khalid',)


def test_words_that_are_the_meaning_of_tags_are_said_to_be(filed: tuple[Archive, int, int]) -> None:
    notes = search(filed[0].connection, "external political relations").notes
    assert "tag:PREL (External Political Relations) finds 1 cable" in notes


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(data=st.data())
def test_words_phrases_and_nearness_are_what_the_full_text_index_says(archive: Archive, data: st.DataObject) -> None:
    some = st.lists(st.sampled_from(["tea", "té", "coffee", "co", "a.b", "x-y", "Tea"]), min_size=1, max_size=9)
    for listed in data.draw(st.lists(some, min_size=1, max_size=3)):
        add(archive, " ".join(listed), subject="")
    word = st.sampled_from(["tea", "te", "coffee", "co", "a", "b", "x"])
    one, other, third = data.draw(word), data.draw(word), data.draw(word)
    distance = data.draw(st.integers(0, 4))
    for ours, theirs in (
        (f'"{one} {other}"', f'"{one} {other}"'),
        (f"NEAR({one} {other}, {distance})", f"NEAR({one} {other}, {distance})"),
        (f'NEAR("{one} {other}" {third}, {distance})', f'NEAR("{one} {other}" {third}, {distance})'),
        (f"{one} NOT {other}", f"{one} NOT {other}"),
        (f"{one} OR {other}", f"{one} OR {other}"),
        (f"{one} {other[:2]}*", f"{one} {other[:2]}*") if len(other) > 1 else (one, one),
    ):
        rows = archive.connection.execute("SELECT rowid FROM words WHERE words MATCH ?", (theirs,))
        assert ids(archive, ours, count=10_000) == {row[0] for row in rows}, ours


@given(st.text(max_size=80) | st.text(st.characters(min_codepoint=0x250, max_codepoint=0x700), max_size=40))
def test_a_text_is_folded_just_as_the_index_does_it(text: str) -> None:
    import sqlite3  # noqa: PLC0415  # for this test alone

    plain = text.encode("utf-8", "replace").decode("utf-8")
    connection = sqlite3.connect(":memory:")
    connection.executescript(
        "CREATE VIRTUAL TABLE one USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2');"
        "CREATE VIRTUAL TABLE seen USING fts5vocab (one, instance);"
    )
    connection.execute("INSERT INTO one VALUES (?)", (plain,))
    seen = [term for (term,) in connection.execute("SELECT term FROM seen ORDER BY offset")]
    connection.close()
    assert words(plain) == seen
    assert [word for word, _, _ in places(plain)] == seen
    assert len(folded(plain)) == len(plain)


def test_a_mention_elsewhere_in_the_model_stays_what_it_is(archive: Archive) -> None:
    """Protection reaches the model's own spans too, as the parser wrote them."""
    cable = Cable(
        mrn="09LUSAKA1", subject="S", units=(Unit("subject", "S"), Unit("body", "Kim met us. KIM left.")),
        protected=(Span(1, 0, 3),), mentions=(Mention(1, 0, 3, "PER", "Kim"),), raw=RawCable("a", "text", "x"),
    )  # fmt: skip
    with archive.transaction():
        archive.add(cable, parsed_by="p")
    assert ids(archive, "kim") == set()
    assert len(ids(archive, "left")) == 1


def test_counts_are_the_same_however_they_came_about(archive: Archive) -> None:
    texts = ("tea", "coffee and tea", "cocoa", "tea tea tea")
    for text in texts:
        add(archive, text)
    for changed in ((2,), (1, 4), (3,)):
        count_words(archive.connection)
        for cable in changed:
            with archive.transaction():
                archive.replace(cable, replace(archive.cable(cable), units=(Unit("body", "milk"),)), parsed_by="q")
        add(archive, "more tea")
    count_words(archive.connection)
    held = list(map(tuple, archive.connection.execute("SELECT * FROM word_counts")))
    archive.connection.execute("DELETE FROM word_counts")
    archive.connection.execute("INSERT INTO uncounted (cable_id) SELECT id FROM cables")
    count_words(archive.connection)
    assert list(map(tuple, archive.connection.execute("SELECT * FROM word_counts"))) == held
    assert len(ids(archive, "milk")) == 4
    assert not ids(archive, "cocoa")
