"""Ten thousand damaged copies of the example cables: nothing but an InputError escapes, and no text is lost.

The damage is drawn by hypothesis, always the same; `REFTEL_FUZZ=200000 pytest tests/test_mutations.py` draws as many
new ones.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reftel.errors import InputError
from reftel.parse import parse
from reftel.read import read
from reftel.write import FORMATS, write

if TYPE_CHECKING:
    from reftel.model import Cable

CABLES = Path(__file__).resolve().parent.parent / "examples" / "cables"
FILES = sorted(CABLES.iterdir())
FUZZ = int(os.environ.get("REFTEL_FUZZ", "0"))
MUTATIONS = FUZZ or 10_000
PLACES = 10_000  # a place in a file is a ten-thousandth of its length

# What transmission, filing and publishing leave behind in odd places, and what breaks programs.
DEBRIS = (
    "\x00",
    "\ud83d",  # a lone surrogate
    "\udcff",
    "\ufeff",
    "\u2028",
    "\x85",
    "\x0c",
    "\r",
    "\r\n",
    "\n\n",
    "[",
    "]",
    "[PER ",
    "  ]",
    "(",
    ")))",
    "¶",
    "¶1. (S/NF) ",
    "\n2. (C) Comment: ",
    "<a id='par3' href='#par3'>",
    "</pre></code>",
    "<code><pre>",
    "<",
    "&#x000A;",
    "&#xD800;",
    "&#99999999999;",
    '"',
    "\\",
    "\\N",
    '","',
    "'",
    ",s ",
    "XXXXXXXXXXXX",
    "(strictly protect)",
    "\nQUITO 00000415  002.2 OF 003\n",
    "\nCONFIDENTIAL\n\nPAGE 02  ASUNCI  00415  01 OF 03  182017Z\n",
    "\nSIPDIS\n",
    (
        "\nVZCZCXRO0415\nPP RUEHWEB\nDE RUEHQT #0415/01 0330900\nZNY SSSSS ZZH\nP 020900Z FEB 09\nFM AMEMBASSY QUITO\n"
        "TO RUEHC/SECSTATE WASHDC PRIORITY 0815\nINFO RUEHPE/AMEMBASSY LIMA\n"
    ),
    "\nP 320000Z FEB 99\n",
    "\nFM \n",
    "\nTO \n",
    "\nREF: A. (A) ",
    "\nSUBJECT:",
    "\nTAGS: ",
    "\nE.O. 12958: DECL: 02/30/2019\n",
    "\nClassified By: ",
    "\nNNNN\n",
    "Q",
    "End summary.",
    "BEGIN TALKING POINTS:",
    "-" * 70,
    "A" * 3000,
    " " * 3000,
)


@dataclass(frozen=True)
class Damage:
    """One thing done to a file: to the stretch of `size` bytes at one place, perhaps with another place."""

    kind: Literal["cut", "swap", "double", "insert", "keep"]
    place: int
    other: int
    size: int
    debris: bytes

    def on(self, content: bytes) -> bytes:
        """The damaged content."""
        start = self.place * len(content) // PLACES
        end = start + self.size
        other = self.other * len(content) // PLACES
        match self.kind:
            case "cut":
                return content[:start] + content[end:]
            case "keep":
                return content[min(start, other) : max(start, other)]
            case "double":
                return content[:other] + content[start:end] + content[other:]
            case "swap":
                return content[:start] + content[other : other + self.size] + content[end:other] + content[start:end]
            case "insert":
                return content[:start] + self.debris + content[start:]


PLACE = st.integers(0, PLACES)
DAMAGE = st.builds(
    Damage,
    kind=st.sampled_from(["cut", "swap", "double", "insert", "insert", "keep"]),
    place=PLACE,
    other=PLACE,
    size=st.sampled_from([1, 2, 3, 7, 20, 60, 200, 1000]),
    debris=st.one_of(
        st.sampled_from(DEBRIS).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.text(st.characters(), max_size=6).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.binary(max_size=8),
    ),
)
SETTINGS = settings(
    max_examples=-(-MUTATIONS // (2 * len(FILES))),
    deadline=None,
    database=None,
    derandomize=not FUZZ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def _damaged(content: bytes, damages: list[Damage]) -> bytes:
    for damage in damages:
        content = damage.on(content)
    return content


def _check(cable: Cable, fmt: str, *, masked: bool) -> None:
    """What holds for every cable, whatever was done to it."""
    assert cable.raw is not None
    text = cable.raw.text
    at = 0
    for each in cable.units:
        assert each.undo() == text[each.raw_start : each.raw_end]
        assert at <= each.raw_start <= each.raw_end <= len(text), "units overlap or are out of order"
        at = each.raw_end
        places = [(edit.start, edit.start + len(edit.after)) for edit in each.edits]
        assert places == sorted(places)
    spans = [(m.unit, m.start, m.end) for m in cable.mentions]
    spans += [(s.unit, s.start, s.end) for s in (*cable.redactions, *cable.protected)]
    for unit, start, end in spans:
        assert 0 <= start < end <= len(cable.units[unit].text)
    written = write(cable, fmt, masked=masked)
    if fmt == "json":
        json.loads(written)


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
@SETTINGS
@given(damages=st.lists(DAMAGE, min_size=1, max_size=3), fmt=st.sampled_from(tuple(FORMATS)), masked=st.booleans())
def test_a_damaged_file_is_refused_in_one_line_or_parsed_without_loss(
    tmp_path_factory: pytest.TempPathFactory, file: Path, damages: list[Damage], fmt: str, masked: bool
) -> None:
    place = tmp_path_factory.getbasetemp() / file.name
    place.write_bytes(_damaged(file.read_bytes(), damages))
    refusal = ""
    try:
        for raw in read(place):
            _check(parse(raw), fmt, masked=masked)
    except InputError as error:
        refusal = str(error)
    assert "\n" not in refusal


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
@SETTINGS
@given(damages=st.lists(DAMAGE, min_size=1, max_size=3), fmt=st.sampled_from(tuple(FORMATS)), masked=st.booleans())
def test_a_damaged_text_is_parsed_without_loss(file: Path, damages: list[Damage], fmt: str, masked: bool) -> None:
    text = next(iter(read(file))).text
    damaged = _damaged(text.encode("utf-8"), damages).decode("utf-8", "surrogateescape")
    _check(parse(damaged), fmt, masked=masked)


def test_the_damage_is_of_every_kind() -> None:
    content = bytes(range(256))
    kinds: Counter[str] = Counter()
    for kind in ("cut", "swap", "double", "insert", "keep"):
        damage = Damage(kind, PLACES // 4, PLACES // 2, 10, b"!")
        kinds[kind] = damage.on(content) != content
    assert set(kinds.values()) == {True}
