"""Units: headings, numbered paragraphs, summaries, comments, quotations; what the numbers and marks leave open."""

from __future__ import annotations

import itertools
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reftel.model import Marking
from reftel.parse import parse
from reftel.parse.marking import parse_marking
from reftel.parse.noise import find_noise
from reftel.parse.units import UnitsFound, parse_units
from reftel.read import read

if TYPE_CHECKING:
    from pathlib import Path

    from reftel.model import Unit

CONFIDENTIAL, UNCLASSIFIED = Marking("CONFIDENTIAL"), Marking("UNCLASSIFIED")
SBU = parse_marking("(SBU)")
RULE = "-" * 24


def found(text: str, *, entire_text: str | None = None) -> UnitsFound:
    result = parse_units(text, 0, len(text), find_noise(text, 0, len(text)), entire_text=entire_text)
    assert [u.undo() for u in result.units] == [text[u.raw_start : u.raw_end] for u in result.units]
    return result


def short(unit: Unit) -> tuple[str, int | None, str]:
    """Kind, number and text; a heading without its underline."""
    return unit.kind, unit.number, (unit.heading or unit.text) if unit.kind == "heading" else unit.text


def units(text: str) -> list[tuple[str, int | None, str]]:
    return [short(unit) for unit in found(text).units]


def bodies(text: str) -> list[tuple[int | None, str]]:
    return [(unit.number, unit.text) for unit in found(text).units if unit.kind == "body"]


def headings(text: str) -> list[str]:
    return [unit.heading or "" for unit in found(text).units if unit.kind == "heading"]


# Numbers


@pytest.mark.parametrize("number", ["¶{}. ", "{}. ", "{}) ", "¶ {} . ", "{}.", "¶{} ", "{}: ", "¶{}.  "])
def test_each_way_to_write_a_number_opens_a_paragraph(number: str) -> None:
    text = "\n\n".join(number.format(k) + f"(C) Text {word} here." for k, word in enumerate(["one", "two"], 1))
    assert bodies(text) == [(1, "Text one here."), (2, "Text two here.")]


def test_a_mark_is_kept_with_its_class_and_cut_off_the_text() -> None:
    unit = found("¶1. (S/NF) The Minister resigned.\n").units[0]
    assert unit.marking is not None
    assert (unit.marking, unit.text) == (Marking("SECRET", ("NOFORN",)), "The Minister resigned.")


def test_raw_offsets_are_those_of_the_text_behind_number_and_mark() -> None:
    text = "\n¶1. (C) The Minister\nresigned. \n\n¶2. (C) He left.\n"
    assert [text[u.raw_start : u.raw_end] for u in found(text).units] == ["The Minister\nresigned.", "He left."]


@pytest.mark.parametrize(
    "text",
    [
        "1.(SBU) One is here.\n\n2.(U) Two is here.\n",
        "1. C) One is here.\n\n2. SBU) Two is here.\n",
        "1. [C] One is here.\n\n2. [C] Two is here.\n",
        "1 (C) One is here.\n\n2 (C) Two is here.\n",
        "1, (C) One is here.\n\n2, (C) Two is here.\n",
        "(C) 1. One is here.\n\n(C) 2. Two is here.\n",
        "1. One is here. 2. (C) Two is here.\n",
        "1. (C) One is here.\n2. (C) Two is here.\n",
    ],
)
def test_glued_halved_and_turned_numbers_and_marks(text: str) -> None:
    assert bodies(text) == [(1, "One is here."), (2, "Two is here.")]


def test_a_paragraph_begins_inside_a_line_only_with_the_expected_number() -> None:
    text = "¶1. (C) Trade will develop\nand grow. 2. (C) Ambassador Vale agreed.\n"
    assert bodies(text) == [(1, "Trade will develop and grow."), (2, "Ambassador Vale agreed.")]


@pytest.mark.parametrize(
    "sentence",
    [
        "The Minister came on January 2. He said so.",
        "The vote in the committee was 1 to 2. (The rest abstained.)",
        "We refer to para 2. (C) says so.",
        "Inflation was 1.2. That is low.",
    ],
)
def test_a_number_inside_a_sentence_opens_nothing(sentence: str) -> None:
    assert bodies(f"¶1. (C) {sentence}\n\n¶2. (C) Next.\n") == [(1, sentence), (2, "Next.")]


def test_doubled_skipped_and_turned_numbers_are_doubts() -> None:
    result = found("".join(f"¶{n}. (C) Text of this paragraph.\n\n" for n in (1, 2, 2, 4, 3)))
    assert [unit.number for unit in result.units] == [1, 2, 2, 4, 3]
    assert [doubt.text for doubt in result.doubts] == [
        "paragraph number doubled: 2 after 2",
        "paragraph number skipped: 4 after 2",
        "paragraph number out of order: 3 after 4",
    ]


def test_a_lost_number_leaves_a_paragraph_with_its_mark() -> None:
    units = found("¶1. (C) One is here.\n\n(SBU) Two is here.\n\n¶3. (C) Three is here.\n").units
    assert [(u.number, u.text) for u in units] == [(1, "One is here."), (None, "Two is here."), (3, "Three is here.")]
    assert units[1].marking == SBU


def test_a_numbered_list_inside_a_paragraph_is_no_paragraph() -> None:
    text = "¶1. (C) One.\n\n¶2. (C) The points are:\n\n1. Peace.\n\n2. Trade.\n\n3. Aid.\n\n¶3. (C) Three.\n"
    assert bodies(text) == [(1, "One."), (2, "The points are:\n1. Peace.\n2. Trade.\n3. Aid."), (3, "Three.")]


def test_a_paragraph_taken_out_with_its_number_is_a_unit_without_one() -> None:
    text = "¶1. (C) One is here.\n\nXXXXXXXXXXXX\n\n¶3. (C) Three of\n\nXXXXXXXXXXXX\n\nwent home.\n"
    three = "Three of XXXXXXXXXXXX went home."
    assert [(n, t.replace("\n", " ")) for n, t in bodies(text)] == [
        (1, "One is here."),
        (None, "XXXXXXXXXXXX"),
        (3, three),
    ]


def test_prose_without_numbers_is_cut_at_blank_lines_or_kept_whole_but_never_lost() -> None:
    text = "The Embassy met the Minister on\nMonday at his request.\n\nHe spoke of trade at length and\nof aid.\n"
    assert " ".join(t for _, t in bodies(text)).replace("\n", " ") == " ".join(text.split())


# Sub-blocks, page lines, headers


def test_bullets_and_blank_lines_stay_in_the_paragraph_as_breaks() -> None:
    text = "¶1. (C) He asked for:\n\n-- trade with\nthe north;\n\n-- aid.\n\nHe said no more.\n\n¶2. (C) Next.\n"
    assert bodies(text)[0] == (1, "He asked for:\n-- trade with the north;\n-- aid.\nHe said no more.")


def test_an_item_with_a_number_and_mark_of_its_own_is_a_unit_without_number() -> None:
    text = "¶1. (SBU) Points follow.\n\n¶2. (SBU) List.\n\n1. (U) Trade is free.\n\n¶3. (C) Next.\n"
    units = found(text).units
    assert [(u.number, u.text) for u in units][1:3] == [(2, "List."), (None, "Trade is free.")]
    assert units[2].marking == UNCLASSIFIED


def test_page_lines_and_headers_leave_no_trace_in_the_sentence() -> None:
    header = (
        "C O N F I D E N T I A L SECTION 02 OF 02 BAKU 001835 \n \nSIPDIS \n \n"
        "E.O. 12958: DECL: 12/12/2016 \nTAGS: PREL, AJ \nSUBJECT: THE MINISTER \n \n"
    )
    text = (
        "¶1. (C) He wondered if the US or Israel\n\nBAKU 00001835  002.2 OF 003\n\n\nincrease pressure.\n\n"
        f"¶2. (C) It was over.\n\n{header}¶3. (C) The end of it.\n"
    )
    assert bodies(text) == [
        (1, "He wondered if the US or Israel increase pressure."),
        (2, "It was over."),
        (3, "The end of it."),
    ]


def test_rows_of_the_head_before_the_prose_are_skipped() -> None:
    text = "Derived from: Multiple sources\nReason: 1.4 (b)\n\n¶1. (C) Text is here.\n"
    assert bodies(text) == [(1, "Text is here.")]


def test_a_first_paragraph_inside_the_last_row_of_the_head_is_found() -> None:
    text = "Reason: 1.4 (b), (d) 1. (C) Text is here.\n\n2. (C) More of it.\n"
    assert bodies(text) == [(1, "Text is here."), (2, "More of it.")]


# Entire text


def test_an_empty_paragraph_with_the_mark_of_the_entire_text_marks_the_others() -> None:
    units = found("1. (C - ENTIRE TEXT).\n\n2. TALKS WENT ON.\n\n3. (U) THEY ENDED.\n").units
    assert [(u.number, u.text, u.marking) for u in units] == [
        (2, "TALKS WENT ON.", CONFIDENTIAL),
        (3, "THEY ENDED.", UNCLASSIFIED),
    ]


def test_text_after_the_mark_of_the_entire_text_is_the_paragraph() -> None:
    units = found("1. CONFIDENTIAL - ENTIRE TEXT. Talks went on.\n\n2. They ended.\n").units
    assert [(u.number, u.text) for u in units] == [(1, "Talks went on."), (2, "They ended.")]
    assert [u.marking for u in units] == [CONFIDENTIAL, CONFIDENTIAL]


def test_a_mark_given_by_the_head_counts_for_unmarked_paragraphs() -> None:
    units = found("1. Talks went on.\n\n2. (U) They ended.\n", entire_text="C").units
    assert [u.marking for u in units] == [CONFIDENTIAL, UNCLASSIFIED]


# Summary, comment, note, quotation


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Summary: ", "summary"),
        ("SUMMARY. ", "summary"),
        ("SummaRy: ", "summary"),
        ("Summary and Comment: ", "summary"),
        ("SUMMARY AND ACTION REQUEST: ", "summary"),
        ("BEGIN SUMMARY: ", "summary"),
        ("Summary -- ", "summary"),
        ("COMMENT: ", "comment"),
        ("Comment (cont'd): ", "comment"),
        ("Embassy comment: ", "comment"),
        ("Comments: ", "comment"),
        ("Note: ", "note"),
    ],
)
def test_a_label_gives_the_kind_and_is_cut_off(label: str, kind: str) -> None:
    end = f" End {kind}."
    for first in (f"¶1. (C) {label}", f"¶1. {label}(C) ", f"1. {label}"):
        for said in ("Talks went on.", f"Talks went on.{end}"):
            text = f"{first}{said}\n\n{first[0].strip('1')}2. (C) They ended.\n"
            assert units(text) == [(kind, 1, said), ("body", 2, "They ended.")]


def test_a_summary_goes_on_to_its_end_mark() -> None:
    text = "¶1. (C) Summary: One.\n\n¶2. (C) Two. End\nSummary.\n\n¶3. (C) Three.\n"
    assert units(text) == [("summary", 1, "One."), ("summary", 2, "Two. End\nSummary."), ("body", 3, "Three.")]


def test_a_summary_known_only_by_its_end_mark() -> None:
    text = "¶1. (C) The Minister resigned. End summary.\n\n¶2. (C) He left.\n"
    assert units(text) == [("summary", 1, "The Minister resigned. End summary."), ("body", 2, "He left.")]


def test_text_after_an_end_mark_is_body_again() -> None:
    text = "¶1. (C) Summary: He resigned. End summary. The rest of it follows below.\n\n¶2. (C) He left.\n"
    assert units(text) == [
        ("summary", 1, "He resigned. End summary."),
        ("body", None, "The rest of it follows below."),
        ("body", 2, "He left."),
    ]


@pytest.mark.parametrize("heading", ["SUMMARY\n-------", "-------\nSUMMARY\n-------", "//SUMMARY//", "Summary"])
def test_a_heading_gives_the_kind_to_the_paragraphs_under_it(heading: str) -> None:
    text = f"{heading}\n\n¶1. (C) One of two.\n\n¶2. (C) Two of two.\n\nTHE TALKS\n---------\n\n¶3. (C) They went on.\n"
    assert [(u.kind, u.number, u.heading) for u in found(text).units if u.kind != "heading"] == [
        ("summary", 1, heading.strip("-/\n")),
        ("summary", 2, heading.strip("-/\n")),
        ("body", 3, "THE TALKS"),
    ]


def test_an_end_mark_ends_the_reign_of_a_heading() -> None:
    text = "SUMMARY\n-------\n\n¶1. (C) One of it. End summary.\n\n¶2. (C) Two of it.\n"
    assert [(u.kind, u.heading) for u in found(text).units] == [
        ("heading", "SUMMARY"),
        ("summary", "SUMMARY"),
        ("body", None),
    ]


def test_a_comment_in_brackets_stays_in_its_paragraph() -> None:
    text = "¶1. (C) He left. (Comment: He was tired. End comment.) Then he slept.\n\n¶2. (C) Next.\n"
    assert units(text)[0] == ("body", 1, "He left. (Comment: He was tired. End comment.) Then he slept.")


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("Begin text:", "End text."),
        ("BEGIN TEXT", "END TEXT"),
        ("Begin talking points:", "End talking points."),
        ("(BEGIN UNOFFICIAL TRANSLATION)", "(END UNOFFICIAL TRANSLATION)"),
        ("BEGIN TEXT OF LETTER:", "END TEXT OF LETTER."),
    ],
)
def test_what_stands_between_begin_and_end_is_a_quotation(begin: str, end: str) -> None:
    text = (
        f"¶1. (U) The text follows.\n\n{begin}\n\nDear Sir, I have the honor to write.\n\n{end}\n\n¶2. (C) He left.\n"
    )
    assert units(text) == [
        ("body", 1, "The text follows."),
        ("quotation", None, f"Dear Sir, I have the honor to write.\n{end}"),
        ("body", 2, "He left."),
    ]


def test_a_quotation_inside_a_quotation_does_not_end_it() -> None:
    text = (
        "¶1. (U) The text follows.\n\nBEGIN TEXT:\n\nThe first half of it.\n\nBEGIN QUOTE:\n\nThe middle.\n\n"
        "END QUOTE.\n\nThe second half of it.\n\nEND TEXT.\n\n¶2. (C) He left.\n"
    )
    kinds = {u.text.split("\n")[0]: u.kind for u in found(text).units}
    assert kinds["The second half of it."] == "quotation"
    assert kinds["He left."] == "body"


# Headings


def test_a_heading_keeps_its_rules_in_its_text_and_not_in_its_name() -> None:
    heading = found(f"¶1. (C) One.\n\n{RULE}\nTHE TALKS\n{RULE}\n\n¶2. (C) Two.\n").units[1]
    assert (heading.text, heading.heading) == (f"{RULE} THE TALKS {RULE}", "THE TALKS")


def test_a_rule_between_two_headings_belongs_to_the_first() -> None:
    found_units = found(f"¶1. (C) One.\n\nTHE TALKS\n{RULE}\nTHE DINNER\n\n¶2. (C) Two.\n").units
    spans = [(u.raw_start, u.raw_end) for u in found_units]
    assert spans == sorted(spans)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))


@pytest.mark.parametrize(
    "heading",
    [
        f"The Talks Begin\n{RULE}",
        f"{RULE}\nThe talks begin\n{RULE}",
        "//The Talks Begin//",
        "---- The Talks Begin ----",
        f"The Talks Begin {RULE}",
        "THE TALKS BEGIN",
        "The Talks Begin",
        "The Talks Begin?",
        "(C) The Talks Begin",
    ],
)
def test_each_way_to_set_a_heading(heading: str) -> None:
    text = f"¶1. (C) One is here.\n\n{heading}\n\n¶2. (C) Two is here.\n"
    units = found(text).units
    assert [u.kind for u in units] == ["body", "heading", "body"]
    assert (units[1].heading or "").strip("?").lower() == "the talks begin"
    assert [u.heading for u in units] == [None, units[1].heading, units[1].heading]


def test_a_heading_of_two_lines_is_one() -> None:
    text = f"¶1. (C) One.\n\n{RULE}\nTHE TALKS BEGIN IN THE SPRING, AND\nEND IN THE AUTUMN\n{RULE}\n\n¶2. (C) Two.\n"
    assert headings(text) == ["THE TALKS BEGIN IN THE SPRING, AND END IN THE AUTUMN"]


def test_a_heading_glued_to_the_end_of_a_sentence_is_told_by_its_rule() -> None:
    text = f"¶1. (C) The Minister went home early. THE TALKS\n{RULE}\n\n¶2. (C) They went on.\n"
    assert units(text) == [
        ("body", 1, "The Minister went home early."),
        ("heading", None, "THE TALKS"),
        ("body", 2, "They went on."),
    ]


def test_a_numbered_heading_with_its_text_below() -> None:
    text = f"1. INTRODUCTION\n{RULE}\nThe Minister went home early.\n\n2. TALKS\n{RULE}\nThey went on.\n"
    assert [u.text for u in found(text).units if u.kind == "body"] == [
        "The Minister went home early.",
        "They went on.",
    ]
    assert headings(text) == ["INTRODUCTION", "TALKS"]


@pytest.mark.parametrize(
    "line",
    [
        "-- Trade and Aid",
        "He said no more than that.",
        "http://www.example.com",
        "XXXXXXXXXXXX",
        "and so it ended",
    ],
)
def test_items_sentences_addresses_and_redactions_are_no_headings(line: str) -> None:
    assert headings(f"¶1. (C) One is here.\n\n{line}\n\n¶2. (C) Two is here.\n") == []


def test_names_in_a_list_are_no_headings() -> None:
    names = "Jo Vale\nNorman Petrel\nAda Holt\nMax Rowan"
    assert headings(f"¶1. (C) The guests were:\n\n{names}\n\n¶2. (C) They left.\n") == []


# The end


def test_the_signature_is_the_last_unit_and_not_in_the_text() -> None:
    text = "¶1. (C) The Minister left.\nHOLT\n\nNNNN\n"
    result = found(text)
    assert [short(u) for u in result.units] == [("body", 1, "The Minister left."), ("signature", None, "HOLT")]
    assert (result.signature, text[result.tail_start :].split()) == ("HOLT", ["HOLT", "NNNN"])


def test_a_redacted_signature_is_a_unit_but_no_name() -> None:
    result = found("¶1. (C) The Minister left.\nXXXXXXXXXXXX\n")
    assert (result.signature, short(result.units[-1])) == (None, ("signature", None, "XXXXXXXXXXXX"))


def test_without_a_signature_the_text_is_all_there_is() -> None:
    result = found("¶1. (C) The Minister left.\n")
    assert (result.signature, result.tail_start, len(result.units)) == (None, 27, 1)


def test_an_empty_region_has_no_units() -> None:
    assert found("").units == ()
    assert found(" \n\n¶\n").units == ()


def test_the_specimen_page_is_read_without_a_flaw(shared: Path) -> None:
    (raw,) = read(shared / "specimen" / "09BAGHDAD197.html")
    units = parse(raw).units
    assert [(u.kind, u.number) for u in units] == [
        ("subject", None),
        ("classified_by", None),
        ("summary", 1),
        *[("body", number) for number in range(2, 8)],
        ("comment", 8),
        ("signature", None),
    ]
    assert units[1].text.endswith("Political-Military Affairs Michael Corbin for reasons 1.4 (b-d).")
    mended = [edit.kind for unit in units for edit in unit.edits if edit.kind not in {"wrap", "space"}]
    assert mended == ["word", "garble"]


# Whatever comes


MARKED = (
    "¶1. ",
    "2. ",
    "3) ",
    "(C) ",
    "(SBU) ",
    "(C - ENTIRE TEXT)",
    "1.4 (b)",
    "Summary: ",
    "End summary.",
    "COMMENT",
)
OTHER = (
    "BEGIN TEXT",
    "END TEXT",
    "The Minister left. ",
    "TRADE ",
    "HOLT",
    ",s ",
    "JURIS-\nDICTION ",
    "Q",
    "xxxxxxxxxxxx",
)
AROUND = ("\n", "\n\n", " \n", RULE, "//", "- ", "BAKU 00001835  002 OF 003", "¶", "SIPDIS", "(", ")", "https://a.gov")
PARTS = st.sampled_from([*MARKED, *OTHER, *AROUND])


@settings(max_examples=300)
@given(st.lists(PARTS | st.text(max_size=5), max_size=40).map("".join))
def test_any_text_gives_units_in_order_that_can_be_undone(text: str) -> None:
    result = found(text)
    spans = [(u.raw_start or 0, u.raw_end or 0) for u in result.units]
    assert all(start < end for start, end in spans)
    assert all(above[1] <= below[0] for above, below in itertools.pairwise(spans))


HOSTILE = [
    "a",
    " ",
    "\n",
    "(",
    "¶1. ",
    "1. (C) ",
    "(C - ENTIRE TEXT)",
    "Summary: ",
    "End summary. ",
    "BEGIN TEXT\n",
    "A\n\n",
]
HOSTILE += [
    "-\n",
    "HOLT\n",
    "END TEXT.\n",
    "A. ",
    "(Comment: ",
    "\n----\nA\n",
    "Q",
    "¶",
    "//",
    "A 00000001 002 OF 003\n",
]


@pytest.mark.parametrize("part", HOSTILE)
def test_time_grows_with_the_length_only(part: str) -> None:
    def seconds(size: int) -> float:
        text = part * (size // len(part))
        began = time.process_time()
        found(text)
        return time.process_time() - began

    assert seconds(100_000) < 2.5
