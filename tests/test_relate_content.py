"""What a statement attributes: its words, its addressee, whether they are quoted, and whose voice frames them."""

from __future__ import annotations

import re

import pytest

from reftel.model import Cable, Entity, Mention, Statement, Unit, UnitKind
from reftel.relate import relate

_NAME = re.compile(r"Adra|Bell|MOI")


def first(text: str, kind: UnitKind = "body") -> Statement:
    """The first statement of a text in which Adra and Bell are persons and MOI an organisation."""
    mentions = tuple(
        Mention(0, match.start(), match.end(), "ORG" if match[0] == "MOI" else "PER", match[0], match[0])
        for match in _NAME.finditer(text)
    )
    entities = (Entity("Adra", "PER", "Adra"), Entity("Bell", "PER", "Bell"), Entity("MOI", "ORG", "MOI"))
    return relate(Cable(units=(Unit(kind, text),), mentions=mentions, entities=entities)).statements[0]


def content(text: str) -> str | None:
    statement = first(text)
    return None if statement.content_start is None else text[statement.content_start : statement.content_end]


@pytest.mark.parametrize(
    "text",
    [
        "Adra said that the port was closed.",
        "Adra said the port was closed.",
        "Adra told poloff the port was closed.",
        "Adra told poloff on May 8 that the port was closed.",
        "Adra stressed to Bell, however, that the port was closed.",
        "According to Adra, the port was closed.",
        "The port was closed, according to Adra.",
        "The port was closed, Adra said.",
        "Adra's claim that the port was closed.",
    ],
)
def test_the_content_is_what_is_attributed(text: str) -> None:
    assert (content(text) or "").lower() == "the port was closed"


def test_what_cannot_be_told_is_null() -> None:
    assert content("Recent statements by Adra were noted.") is None


@pytest.mark.parametrize(
    ("text", "addressee"),
    [
        ("Adra told Bell that the port was closed.", "Bell"),
        ("Adra told poloff that the port was closed.", "poloff"),
        ("Adra told us that the port was closed.", "we"),
        ("Adra confided to Bell that the port was closed.", "Bell"),
        ("Adra asked the MOI to close the port.", "MOI"),
        ("Adra said that Bell had closed the port.", None),
        ("Adra agreed to allow Bell into the port.", None),
    ],
)
def test_the_addressee_is_whom_it_was_said_to(text: str, addressee: str | None) -> None:
    assert first(text).addressee == addressee


@pytest.mark.parametrize(
    ("text", "is_quoted"),
    [
        ('Adra said "the port is closed."', True),
        ("“The port is closed,” Adra said.", True),
        ('Adra said the port was "closed."', False),
        ("Adra said the port was closed.", False),
    ],
)
def test_a_quotation_is_what_stands_mostly_in_quotation_marks(text: str, *, is_quoted: bool) -> None:
    assert first(text).quoted is is_quoted


def test_the_post_comments_in_comment_units_and_in_brackets() -> None:
    assert first("Adra said the port was closed.").voice == "account"
    assert first("Adra said the port was closed.", kind="comment").voice == "comment"
    assert first("(Comment: Adra said the port was closed. End comment.)").voice == "comment"
    assert first("(Comment: We doubt it. End comment.) Adra said the port was closed.").voice == "account"
