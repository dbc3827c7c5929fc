from __future__ import annotations

import base64
import inspect

import pytest

from reftel.errors import InputError
from reftel.read import decoding
from reftel.read.recognise import recognise, refuse_binary, refuse_without_prose


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        ("<?xml version='1.0'?>\n<!DOCTYPE html>\n<html><body>", "page"),
        ("<HTML><PRE>FM AMEMBASSY PARIS</PRE>", "page"),
        ("<pre>R 130458Z AUG 79&#x000A;FM AMEMBASSY TEHRAN", "page"),
        ('"1","12/28/1966 18:48","66PARIS1","Embassy Paris","SECRET","","",""', "table"),
        ('a damaged row\n"2","1/2/1967 8:48","67PARIS1","Embassy Paris",', "table"),
        ("id,date,mrn,origin,classification,references,header,body\n", "table"),
        ("<code><pre>SECRET [LOC PARIS  ] 000001 NOFORN", "brackets"),
        ("<code><pre>CONFIDENTIAL PARIS 000001 SUBJECT: TALKS 1 . \n( C ) Ahn came , and left . \n", "brackets"),
        ("<code><pre>CONFIDENTIAL PARIS 000001 SIPDIS</pre></code> \n", "brackets"),
        ("# SUBJECT\n[PER AHN] CALLS\n", "brackets"),
        ("The talks in [LOC Oslo  ] went on . \n", "brackets"),
        ("1. WE ENDORSE THE IDEA.", "text"),
        ("He said [sic] that [ORG] was no word.", "text"),
    ],
)
def test_the_format_is_told_from_the_content(sample: str, expected: str) -> None:
    assert recognise(sample) == expected


@pytest.mark.parametrize(
    ("block", "word"),
    [
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"%PDF-1.4 text", "PDF"),
        (b"\x7fELF\x02\x01", "program"),
        (b"SQLite format 3\0", "SQLite"),
        (b"{\\rtf1 The talks}", "RTF"),
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (bytes(range(256)), "binary"),
        (b"ab\0\0\0\0cd\0\0", "binary"),
    ],
)
def test_binary_and_empty_files_are_refused_by_name(block: bytes, word: str) -> None:
    with pytest.raises(InputError, match=word) as error:
        refuse_binary(block, decoding.decode(block, decoding.encoding_of(block)), "a/b.bin")
    assert error.value.where == "a/b.bin"
    assert error.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        "POST HAS NO FACILITIES TO HELP.\n\nSMITH\n",
        "MEETING CANCELLED",
        "1. Llegamos ayer sin novedad.",
        "VZCZCXRO1234\nPP RUEHBC\nDE RUEHGB #0197/01 0261657\nZNY SSSSS ZZH\nP 261657Z JAN 09\nFM AMEMBASSY BAGHDAD\n",
        "(1) ADOPTION OF THE AGENDA; SEN(78)11.\n(2) APPROVAL OF THE RECORD;\n(3) REPORT;\n(4) OTHER BUSINESS.\n",
        "TONS SHIPPED WERE AS FOLLOWS:\nJAN 100\nFEB 200\nMAR 300\nMINISTER SAID MORE WOULD FOLLOW IN SPRING.",
    ],
)
def test_whatever_holds_prose_or_a_header_is_let_pass(text: str) -> None:
    refuse_without_prose(text, "a.txt")


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"{year} {year * 7} {year % 13}.5 {year * 3}" for year in range(1960, 2010)),
        "year,rice,wheat\n1973,1.5,2.5\n1974,1.0,3.5\n",
        inspect.getsource(decoding),
        '#include <stdio.h>\nint main(void) {\n  printf("hello");\n  return 0;\n}\n',
        base64.encodebytes(bytes(range(256)) * 4).decode(),
        '{"mrn": "09PARIS1", "text": "The talks went on for a long time and nobody said a word."}',
        '[{"text": "The talks went on for a long time"}]',
        "[1, 2, 3]",
        "<?xml version='1.0'?><TEI><p>The talks went on for a long time.</p></TEI>",
        "1",
        "-----",
    ],
)
def test_numbers_code_markup_and_json_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        refuse_without_prose(text, "a.txt")
