"""The bracket layout. The cables here are invented; the specimen comes through the `shared` fixture."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reftel.model import Cable, Edit, Markup, Mention, MentionType, RawCable, Span, Unit
from reftel.write import to_brackets

if TYPE_CHECKING:
    from pathlib import Path

TAG = re.compile(r"</?[A-Za-z][^<>]*>")
BRACKET = re.compile(r"\[(?:PER|LOC|ORG|MISC) |  \]")
GOLD = re.compile(r"\[(PER|LOC|ORG|MISC):e\d+ ([^\[\]]+?)\]")

# The specimen's twin: every rule of the layout in an invented cable.
PAGE = """\
S E C R E T SECTION 01 OF 02 LILONGWE 000012

SIPDIS

E.O. 12958: DECL: 02/03/2019
TAGS: <a href='/tag/PREL_0.html'>PREL</a>, <a href='/tag/MI_0.html'>MI</a>
SUBJECT: ODA'S VISIT TO LODGE TWELVE

REF: LILONGWE 9

Classified By: Pol-Mil Counselor Ti
na Berg for reasons 1.4 (b-d).

<a id='par1' href='#par1'>¶</a>1. (S) Summary: Kenji Oda told the Ambassador that Lodge's
owners "hadn't asked" for the U.S.-Malawi talks; he left
Lilongwe. End summary.

<a id='par2' href='#par2'>¶</a>2. (S/NF) Oda said "nobody asked me."

LILONGWE 00000012  002 OF 002

(NOTE: He came as late as 2008.)

<a id='par3' href='#par3'>¶</a>3. (S) In Blantyre: Ahn/Lind met [sic] on
January 3.
BERG"""

LAYOUT = """\
<code><pre>S E C R E T SECTION 01 OF 02 LILONGWE 000012 SIPDIS E.O. 12958: DECL: 02/03/2019 TAGS: \
<a href='/tag/PREL_0.html'>PREL</a> , <a href='/tag/MI_0.html'>MI</a> SUBJECT: ODA 'S VISIT TO LODGE TWELVE REF: \
LILONGWE 9 Classified By: Pol-Mil Counselor Ti na Berg for reasons 1.4 ( b-d ) . <a id='par1' href='#par1'>¶</a>1 .\x20
( S ) Summary: Kenji Oda told the Ambassador that Lodge 's owners " hadn't asked " for the U.S.-Malawi talks ; he left \
Lilongwe .\x20
End summary. <a id='par2' href='#par2'>¶</a>2 .\x20
( S/NF ) Oda said " nobody asked me .\x20
" LILONGWE 00000012 002 OF 002 ( NOTE: He came as late as 2008 .\x20
) <a id='par3' href='#par3'>¶</a>3 .\x20
( S ) In Blantyre: Ahn/Lind met [ sic ] on January 3 .\x20
BERG</pre></code>\x20
"""


def raw_page(body: str, header: str = "") -> RawCable:
    """A page's cable as the reader gives it: the body's tags taken out of the text, each with its place."""
    text, markup, at = f"{header}\n\n" if header else "", [], 0
    begin = len(text)
    for tag in TAG.finditer(body):
        text += html.unescape(body[at : tag.start()])
        markup.append(Markup(len(text), tag[0]))
        at = tag.end()
    return RawCable("test", "page", text + html.unescape(body[at:]), body_start=begin, markup=tuple(markup))


def whole(raw: RawCable, *names: str, kind: MentionType = "PER") -> Cable:
    """A cable of one unit that is the raw text as it stands, with the first place of each name mentioned."""
    at = [raw.text.index(name) for name in names]
    mentions = tuple(Mention(0, start, start + len(name), kind, name) for start, name in zip(at, names, strict=True))
    return Cable(units=(Unit("body", raw.text, raw_end=len(raw.text)),), mentions=mentions, raw=raw)


def plain(text: str, *names: str) -> str:
    """The layout of a plain text, with names mentioned."""
    return to_brackets(whole(RawCable("test", "text", text), *names))


def test_an_invented_page_comes_out_in_the_specimens_layout() -> None:
    assert to_brackets(Cable(raw=raw_page(PAGE))) == LAYOUT


def test_names_are_bracketed_with_two_blanks_before_the_end() -> None:
    written = to_brackets(whole(raw_page(PAGE), "Kenji Oda", "Ti\nna Berg"))
    assert "Summary: [PER Kenji Oda  ] told" in written
    assert "Counselor [PER Ti na Berg  ] for" in written
    assert BRACKET.sub("", written) == LAYOUT


def test_a_name_that_is_a_part_of_a_token_has_its_bracket_inside_the_token() -> None:
    written = to_brackets(whole(raw_page(PAGE), "Blantyre", "Ahn", "Lind", "ODA"))
    assert "In [PER Blantyre  ]: [PER Ahn  ]/[PER Lind  ] met [ sic ]" in written
    assert "SUBJECT: [PER ODA  ] 'S VISIT" in written
    assert BRACKET.sub("", written) == LAYOUT


def test_a_bracket_stands_inside_the_tags_that_touch_it() -> None:
    written = to_brackets(whole(raw_page("to <a href='/x'>Lodge Two</a>, he said"), "Lodge Two", kind="LOC"))
    assert written == "<code><pre>to <a href='/x'>[LOC Lodge Two  ]</a> , he said</pre></code> \n"


def test_tags_that_touch_no_text_are_a_token() -> None:
    written = to_brackets(Cable(raw=raw_page("<p> One <br>\n<br>\ntwo. <br>\nBERG \n</td></tr>\n</table>")))
    assert written == "<code><pre><p> One <br> <br> two . \n<br> BERG </td></tr> </table></pre></code> \n"


def test_the_outer_tags_are_glued_only_to_text_that_they_touch() -> None:
    assert to_brackets(Cable(raw=raw_page("\nBERG \n"))) == "<code><pre> BERG </pre></code> \n"


def test_the_header_of_a_page_is_left_out() -> None:
    assert (
        to_brackets(Cable(raw=raw_page("Text.", header="FM AMEMBASSY LILONGWE"))) == "<code><pre>Text .</pre></code> \n"
    )


def test_a_page_without_a_body_is_only_its_outer_tags() -> None:
    assert to_brackets(Cable(raw=raw_page(""))) == "<code><pre></pre></code> \n"


def test_a_text_has_no_outer_tags_and_is_written_whole() -> None:
    assert (
        plain("FM AMEMBASSY LILONGWE\n\n1. Oda came.\n", "Oda") == "FM AMEMBASSY LILONGWE 1 . \n[PER Oda  ] came . \n"
    )


def test_a_bracket_file_made_from_a_page_comes_out_as_the_page_does() -> None:
    assert to_brackets(Cable(raw=replace(raw_page(PAGE), reader="brackets"))) == LAYOUT


def test_square_brackets_of_the_text_are_left_alone() -> None:
    assert plain("Oda [Source removed] x]  ] left", "Oda") == "[PER Oda  ] [ Source removed ] x ] ] left \n"


def test_of_two_overlapping_mentions_the_longer_is_written() -> None:
    assert plain("Lodge of Oda", "Lodge", "Lodge of Oda", "Oda") == "[PER Lodge of Oda  ] \n"
    assert plain("Ann Lee Oda", "Ann Lee", "Lee Oda") == "[PER Ann Lee  ] Oda \n"


def test_a_page_line_dropped_inside_a_name_is_bracketed_with_it() -> None:
    raw = RawCable("test", "text", "met Kenji \nLILONGWE 0012 002 OF 003 \nOda there")
    dropped = " \nLILONGWE 0012 002 OF 003 \n"
    unit = Unit("body", "met Kenji Oda there", raw_end=len(raw.text), edits=(Edit("page-line", 9, dropped, " "),))
    assert unit.undo() == raw.text
    cable = Cable(units=(unit,), mentions=(Mention(0, 4, 13, "PER", "Kenji Oda"),), raw=raw)
    assert to_brackets(cable) == "met [PER Kenji LILONGWE 0012 002 OF 003 Oda  ] there \n"


def test_what_was_dropped_beside_a_name_is_left_outside() -> None:
    raw = RawCable("test", "text", "met \nPAGE 02\nOda \nPAGE 03\nthere")
    edits = (Edit("page-line", 3, " \nPAGE 02\n", " "), Edit("page-line", 7, " \nPAGE 03\n", " "))
    unit = Unit("body", "met Oda there", raw_end=len(raw.text), edits=edits)
    assert unit.undo() == raw.text
    assert to_brackets(Cable(units=(unit,), mentions=(Mention(0, 4, 7, "PER", "Oda"),), raw=raw)) == (
        "met PAGE 02 [PER Oda  ] PAGE 03 there \n"
    )


def test_a_mended_word_is_bracketed_as_the_raw_text_has_it() -> None:
    raw = RawCable("test", "text", "met Ken\nji Oda")
    unit = Unit("body", "met Kenji Oda", raw_end=len(raw.text), edits=(Edit("word", 7, "\n", ""),))
    assert to_brackets(Cable(units=(unit,), mentions=(Mention(0, 4, 13, "PER", "Kenji Oda"),), raw=raw)) == (
        "met [PER Ken ji Oda  ] \n"
    )


def test_a_name_across_the_end_of_a_line_is_bracketed_whole() -> None:
    assert plain("He met Oda. Kenji left.", "Oda. Kenji") == "He met [PER Oda . \nKenji  ] left . \n"


def test_protected_names_are_masked_unless_told_otherwise() -> None:
    raw = RawCable("test", "text", "Kenji Oda (protect) left.")
    cable = Cable(units=(Unit("body", raw.text, raw_end=len(raw.text)),), protected=(Span(0, 0, 9),), raw=raw)
    assert to_brackets(cable) == "█████ ███ ( protect ) left . \n"
    assert to_brackets(cable, masked=False) == "Kenji Oda ( protect ) left . \n"


def test_a_cable_without_its_raw_text_is_refused() -> None:
    with pytest.raises(ValueError, match="raw text"):
        to_brackets(Cable())


@given(
    st.text("aB.:\"'[]()-/ \n¶", max_size=60), st.lists(st.tuples(st.integers(0, 59), st.integers(1, 12)), max_size=6)
)
def test_without_its_brackets_the_text_is_the_layout_whatever_was_tagged(
    text: str, places: list[tuple[int, int]]
) -> None:
    raw = RawCable("test", "text", text)
    spans = [(start, start + length) for start, length in places if start + length <= len(text)]
    mentions = tuple(Mention(0, start, end, "ORG", text[start:end]) for start, end in spans)
    cable = Cable(units=(Unit("body", text, raw_end=len(text)),), mentions=mentions, raw=raw)
    assert re.sub(r"\[ORG |  \]", "", to_brackets(cable)) == to_brackets(Cable(raw=raw))


def test_the_specimens_layout_is_reproduced_byte_for_byte(shared: Path) -> None:
    page = (shared / "specimen" / "09BAGHDAD197.html").read_bytes().decode("utf-8")
    layout = (shared / "specimen" / "specimen-layout.txt").read_bytes().decode("utf-8")
    raw = raw_page(page.split("<pre>")[-1].split("</pre>")[0])
    names = GOLD.findall((shared / "gold" / "dev" / "09BAGHDAD197.txt").read_text(encoding="utf-8"))
    mentions = tuple(
        Mention(0, match.start(), match.end(), kind, name)
        for kind, name in {(kind, name) for kind, name in names}
        for match in re.finditer(re.escape(name).replace(r"\ ", r"\s+"), raw.text)
    )
    cable = Cable(units=(Unit("body", raw.text, raw_end=len(raw.text)),), mentions=mentions, raw=raw)
    assert to_brackets(Cable(raw=raw)) == layout
    assert to_brackets(cable) != layout
    assert BRACKET.sub("", to_brackets(cable)) == layout
