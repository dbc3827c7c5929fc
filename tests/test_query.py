"""The query language: what is written, and the tree it means."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.archive.dates import day_range
from reftel.archive.query import (
    EVERYTHING,
    And,
    Field,
    InSubject,
    Near,
    Node,
    Not,
    Phrase,
    QueryError,
    Word,
    parse_query,
)


def plain(node: Node) -> str:
    """The tree in brackets, places left out."""
    if isinstance(node, Word):
        return (
            {"exact": "", "prefix": "", "sounds": "~"}[node.form] + node.word + ("*" if node.form == "prefix" else "")
        )
    if isinstance(node, Phrase):
        return f'"{" ".join(map(plain, node.words))}"'
    if isinstance(node, Near):
        return f"near{node.between}({' '.join(map(plain, node.parts))})"
    if isinstance(node, Field):
        return f"{node.name}={node.value}"
    if isinstance(node, InSubject | Not):
        return f"{'subject' if isinstance(node, InSubject) else 'not'}({plain(node.part)})"
    return f"{'and' if isinstance(node, And) else 'or'}({' '.join(map(plain, node.parts))})"


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("tea", "tea"),
        ("Tea HARBOUR", "and(tea harbour)"),
        ("tea AND harbour", "and(tea harbour)"),
        ("tea and harbour", "and(tea and harbour)"),
        ("tea OR coffee harbour", "or(tea and(coffee harbour))"),
        ("tea (coffee OR cocoa)", "and(tea or(coffee cocoa))"),
        ("tea NOT coffee", "and(tea not(coffee))"),
        ("tea -coffee", "and(tea not(coffee))"),
        ("-(tea coffee)", "not(and(tea coffee))"),
        ('"free trade"', '"free trade"'),
        ("“free trade”", '"free trade"'),
        ('"tea"', "tea"),
        ("harb*", "harb*"),
        ('"weapons of mass destr*"', '"weapons of mass destr*"'),
        ('"weapons of mass destr"*', '"weapons of mass destr*"'),
        ("al-Rashid U.S.", 'and("al rashid" "u s")'),
        ("Müller", "muller"),
        ("~soleimani", "~soleimani"),
        ("~al-Rashid", "and(~al ~rashid)"),
        ("tea w/5 coffee", "near4(tea coffee)"),
        ("joh* W/2 doe", "near1(joh* doe)"),
        ('tea w/3 "free trade" w/2 port', 'near1(tea "free trade" port)'),
        ('NEAR(tea "free trade", 5)', 'near5(tea "free trade")'),
        ("NEAR(tea coffee)", "near10(tea coffee)"),
        ("NEAR(tea coffee,5)", "near5(tea coffee)"),
        ("NEAR(~khalid port, 4)", "near4(~khalid port)"),
        ("near(tea)", "and(near tea)"),
        ("post:Lusaka", "post=Lusaka"),
        ('post:"Addis Ababa" tag:PREL', "and(post=Addis Ababa tag=PREL)"),
        ("tag:(PREL OR PGOV)", "or(tag=PREL tag=PGOV)"),
        ("post:(Paris, London)", "and(post=Paris post=London)"),
        ("NOT tag:PREL", "not(tag=PREL)"),
        ("TAG:prel", "tag=prel"),
        ("subject:(tea OR coffee)", "subject(or(tea coffee))"),
        ('subject:"free trade"', 'subject("free trade")'),
        ("subject:~khalid", "subject(~khalid)"),
        ("from:2009-01 to:2009-01-26", "and(from=2009-01 to=2009-01-26)"),
        ("entity:country:IZ", "entity=country:IZ"),
        ("09LUSAKA12", "or(09lusaka12 mrn=09LUSAKA12)"),
        ("10:30", '"10 30"'),
        ("http://a.example", '"http a example"'),
        ("tea & coffee --", "and(tea coffee)"),
        ("tea, coffee", "and(tea coffee)"),
        ("", "and()"),
        ("  ", "and()"),
        ("() & --", "and()"),
        ("((tea))", "tea"),
    ],
)
def test_a_query_means_its_tree(query: str, tree: str) -> None:
    assert plain(parse_query(query)) == tree


@pytest.mark.parametrize(
    ("query", "pointed_at", "what"),
    [
        ("(tea", "(", "never closed"),
        ("tea)", ")", "closes nothing"),
        ('tea "free', '"', "never closed"),
        ("tea OR", "OR", "either side"),
        ("OR tea", "OR", "either side"),
        ("AND tea", "AND", "either side"),
        ("tea AND AND coffee", "AND", "either side"),
        ("tea NOT", "NOT", "behind it"),
        ("colour:red tea", "colour:", 'no field is called "colour"'),
        ("tgs:PREL", "tgs:", "write tag:"),
        ("tags:PREL", "tags:", "write tag:"),
        ("tea from:lately", "lately", "is no date"),
        ("from:2009-13", "2009-13", "is no date"),
        ("w/5 tea", "w/5", "put a word before it"),
        ("tea w/5", "w/5", "either side"),
        ("tea w/5 post:Paris", "w/5", "either side"),
        ("tea w/99999 coffee", "w/99999", "number of words"),
        ("NEAR(tea", "NEAR(", "never closed"),
        ("NEAR(tea, 3)", "NEAR(", "two words"),
        ("NEAR((a b) c)", "NEAR(", "words and phrases only"),
        ("te*a", "te*a", "only at the end"),
        ("t*", "t*", "too short"),
        ("~tea*", "tea*", "do not go together"),
        ('post:""', '""', "needs a value"),
        ("post:~paris", "~", "no meaning"),
    ],
)
def test_a_query_that_cannot_be_read_is_told_where_and_why(query: str, pointed_at: str, what: str) -> None:
    with pytest.raises(QueryError, match="character") as caught:
        parse_query(query)
    error = caught.value
    assert error.place is not None
    assert query[error.place.start : error.place.end] == pointed_at
    assert what in str(error)
    line, carets = error.pointer.splitlines()
    assert line[2:] == query
    assert carets == "  " + " " * error.place.start + "^" * len(pointed_at)


def test_an_endless_query_or_one_of_brackets_alone_is_refused() -> None:
    with pytest.raises(QueryError, match="longer than"):
        parse_query("tea " * 2000)
    with pytest.raises(QueryError, match="too many brackets"):
        parse_query("(" * 500 + "tea" + ")" * 500)


def test_a_query_error_survives_the_way_from_another_process() -> None:
    with pytest.raises(QueryError) as caught:
        parse_query("tea OR")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.pointer) == (str(caught.value), caught.value.pointer)


@given(
    st.lists(
        st.sampled_from(
            [
                "tea",
                '"',
                "(",
                ")",
                "AND",
                "OR",
                "NOT",
                "NEAR(",
                "w/5",
                "~",
                "*",
                ":",
                "post:",
                "subject:",
                ",",
                "-",
                " ",
            ]
        ),
        max_size=12,
    ).map("".join)
    | st.text(max_size=60)
)
def test_whatever_is_written_gives_a_tree_or_an_error_that_points_into_it(query: str) -> None:
    places = []
    try:
        parse_query(query)
    except QueryError as error:
        places.append(error.place)
    assert all(place is None or 0 <= place.start <= len(query) for place in places)


def test_an_empty_query_is_every_cable() -> None:
    assert parse_query("") == EVERYTHING


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("2009", "2009-01-01 2010-01-01"),
        ("2009-02", "2009-02-01 2009-03-01"),
        ("2009-12", "2009-12-01 2010-01-01"),
        ("2009-1-6", "2009-01-06 2009-01-07"),
        ("2008-02-29", "2008-02-29 2008-03-01"),
        ("2009-02-29", None),
        ("2009-00", None),
        ("9999", None),
        ("yesterday", None),
    ],
)
def test_a_date_is_a_year_a_month_or_a_day(written: str, days: str | None) -> None:
    found = day_range(written)
    assert (found and " ".join(map(str, found))) == days
