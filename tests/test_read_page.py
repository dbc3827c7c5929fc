from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.errors import InputError
from reftel.model import RawCable
from reftel.read.page import read_pages

HEADER = "R 130458Z AUG 79&#x000A;FM AMEMBASSY LISBON&#x000A;TO SECSTATE WASHDC 3182"
BODY = (
    "C O N F I D E N T I A L LISBON 000012 &#x000A;&#x000A;TAGS: <a href='/tag/PREL_0.html'>PREL</a> "
    "<a href='/tag/PO_0.html'>PO</a>&#x000A;SUBJECT: TALKS &#x000A;&#x000A;"
    "<a id='par1' href='#par1'>¶</a>1. (C) Minister Duarte spoke of R&D; and of AT&T. &#x000A;DALY"
)


def page(*blocks: str, table: bool = True) -> str:
    cells = [
        "<a href='x'>79LISBON12</a>",
        "<a>1979-08-13 04:04</a>",
        "<a>2010-12-05 12:12</a>",
        "SECRET//NOFORN",
        "Embassy Lisbon",
    ]
    names = ["Reference ID", "Created", "Released", "Classification", "Origin"]
    rows = "".join(f"<th>{name}</th>\n" for name in names) + "".join(f"<td>\n{cell}\n</td>\n" for cell in cells)
    claims = f"<table class='cable'>\n{rows}</table>" if table else ""
    pres = "\n".join(f"<code><pre>{block}</pre></code>" for block in blocks)
    return (
        "<?xml version='1.0' encoding='utf-8' ?>\n<html>\n<body>\n<div><a href='/date/1979-08_0.html'>1979/08</a>\n"
        f"<p>Browse by tag</p></div>\n{claims}\n{pres}\n"
        "<script src='/static/js/js.js'></script>\n</body>\n</html>\n"
    )


def read(text: str, name: str = "09PARIS1.html") -> list[RawCable | InputError]:
    return list(read_pages(text.splitlines(keepends=True), name))


def cable(text: str) -> RawCable:
    (found,) = read(text)
    assert isinstance(found, RawCable)
    return found


def woven(found: RawCable) -> str:
    parts, at = [], 0
    for tag in found.markup:
        parts += [found.text[at : tag.at], tag.text]
        at = tag.at
    return "".join(parts) + found.text[at:]


def test_header_and_body_are_one_text_and_known_apart() -> None:
    found = cable(page(HEADER, BODY))
    assert found.text.startswith("R 130458Z AUG 79\nFM AMEMBASSY LISBON\nTO SECSTATE WASHDC 3182\n\nC O N F")
    assert found.text[found.body_start :].startswith("C O N F I D E N T I A L LISBON 000012 \n\nTAGS: PREL PO\n")
    assert found.text.endswith("\nDALY")
    assert found.reader == "page"


def test_the_tags_woven_back_in_give_the_pages_body() -> None:
    found = cable(page(HEADER, BODY))
    assert woven(found)[found.body_start :] == BODY.replace("&#x000A;", "\n")


def test_the_pages_table_is_what_it_claims() -> None:
    found = cable(page(HEADER, BODY))
    assert found.claimed_mrn == "79LISBON12"
    assert found.claimed_sent == datetime(1979, 8, 13, 4, 4, tzinfo=UTC)
    assert (found.claimed_post, found.claimed_classification) == ("Embassy Lisbon", "SECRET//NOFORN")


def test_without_a_table_the_files_name_claims_the_number() -> None:
    found = cable(page(HEADER, BODY, table=False))
    assert (found.claimed_mrn, found.claimed_sent) == ("09PARIS1", None)
    assert found.body_start is not None


def test_nothing_of_the_pages_frame_leaks_into_the_text() -> None:
    found = cable(page(HEADER, BODY))
    assert "Browse" not in found.text
    assert "1979/08" not in found.text
    assert "script" not in woven(found)


@pytest.mark.parametrize(
    "written", ["<220571>", "<<218634>>", "a < b", "R&D;", "AT&T", "&notable", "&copyright", "x <Ahn> y"]
)
def test_what_is_no_tag_and_no_entity_is_text(written: str) -> None:
    found = cable(page(HEADER, f"S E C R E T {written} end"))
    assert found.text.endswith(f"S E C R E T {written} end")
    assert found.markup == ()


def test_entities_are_characters() -> None:
    found = cable(page(HEADER, "Jos&#233; &amp; Ana &lt;x&gt; &#xE9; &quot;a&apos; &#xD800; &eacute;"))
    assert found.text.endswith("José & Ana <x> é \"a' \ufffd é")


def test_a_br_is_a_line_break_of_its_own_only_where_none_follows() -> None:
    found = cable(page(HEADER, "one <br>&#x000A;two<br/>three <BR> &#x000A;four"))
    assert found.text.endswith("\n\none \ntwo\nthree  \nfour")
    assert [tag.text for tag in found.markup] == ["<br>", "<br/>", "<BR>"]


def test_line_feeds_of_the_page_itself_count_too() -> None:
    assert cable(page("FM AMEMBASSY LISBON\nTO X", "one\ntwo")).text == "FM AMEMBASSY LISBON\nTO X\n\none\ntwo"


def test_a_page_with_one_block_is_read_and_parse_finds_the_header() -> None:
    found = cable(page(f"{HEADER}&#x000A;&#x000A;{BODY}"))
    assert found.body_start is None
    assert found.text.startswith("R 130458Z AUG 79\n")


@pytest.mark.parametrize("html", [page(), page("", " "), page(table=False)])
def test_a_page_without_a_text_holds_no_cable(html: str) -> None:
    (error,) = read(html)
    assert isinstance(error, InputError)
    assert "no cable" in error.what


def test_a_page_whose_block_is_code_holds_no_cable() -> None:
    (error,) = read(page("for (i = 0; i < n; i++) {&#x000A;  f(i);&#x000A;}&#x000A;return;", table=False))
    assert isinstance(error, InputError)


def test_a_page_cut_in_a_tag_is_read_as_far_as_it_goes_and_reported() -> None:
    whole = page(HEADER, BODY)
    found, error = read(whole[: whole.index("par1'") + 2])
    assert isinstance(found, RawCable)
    assert found.text.endswith("SUBJECT: TALKS \n\n")
    assert isinstance(error, InputError)
    assert "cut off" in error.what


def test_a_page_cut_in_an_entity_loses_only_that() -> None:
    whole = page(HEADER, BODY)
    found, _ = read(whole[: whole.index("&#x000A;TAGS") + 5])
    assert isinstance(found, RawCable)
    assert found.text.endswith("LISBON 000012 \n")


def test_a_page_cut_before_its_text_is_an_error() -> None:
    whole = page(HEADER, BODY)
    (error,) = read(whole[: whole.index("<code>") + 3])
    assert isinstance(error, InputError)
    assert "cut off before" in error.what


def test_a_block_that_is_not_closed_ends_where_the_page_goes_on() -> None:
    found = cable(page(HEADER, BODY).replace("DALY</pre></code>", "DALY</code>"))
    assert found.text.endswith("DALY")


def test_pages_put_end_to_end_are_as_many_cables() -> None:
    first, second = read(page(HEADER, BODY) + page(HEADER, BODY.replace("DALY", "REED")))
    assert isinstance(first, RawCable)
    assert isinstance(second, RawCable)
    assert second.text.endswith("REED")
    assert first.source == "09PARIS1.html line 1"
    assert second.source.startswith("09PARIS1.html line ")


@given(st.data())
def test_a_mutated_page_gives_cables_and_errors_only(data: st.DataObject) -> None:
    whole = page(HEADER, BODY)
    begin = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(begin, len(whole)))
    inserted = data.draw(st.sampled_from(["", "<pre>", "</pre>", "<a ", "&#x", "</table>", "\0", whole[begin:end] * 2]))
    for found in read(whole[:begin] + inserted + whole[end:]):
        assert isinstance(found, RawCable | InputError)
        if isinstance(found, RawCable):
            assert 0 <= (found.body_start or 0) <= len(found.text)
            assert all(0 <= tag.at <= len(found.text) for tag in found.markup)
