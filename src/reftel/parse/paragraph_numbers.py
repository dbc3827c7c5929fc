"""Paragraph numbers: how they are written, and which of the numbers in the text open a paragraph.

Numbers are lost, doubled and skipped, lists inside a paragraph have numbers of their own, and a publisher's copy
may bear two numbers a paragraph.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from reftel.model import Doubt

# Paragraph numbers: "¶1.", "1.", "1)", "¶ 1 .", "12, (C)", "1 (C)".
NUMBER = re.compile(
    r"(?:\((?=¶))?(¶)?[ \t]*(\d{1,3})(?!\d)[ \t]*"
    r"(?:[.):]{1,2}(?!\d)|,(?=[ \t]*\([A-Z])|(?=\()|(?<=¶\d)|(?<=¶\d\d)|(?<=¶ \d))[ \t]*"
)
# What follows the digits of a number that opens a paragraph inside a line.
NUMBER_INSIDE = re.compile(r"(?:[ \t]?[.)](?!\d)[ \t]*|[ \t](?=\())(?=[(A-Z\"“])")
_NUMBERED_WORD = re.compile(
    r"\b(?:no|nos|para|paras|ref|art|sec|vol|ch|pp?|item|point|option|annex|phase|tier|unscr)\.?\Z", re.IGNORECASE
)
# Numbers have three digits at most.
HIGHEST_NUMBER = 999


@dataclass(slots=True)
class Numbering:
    """Which paragraph number comes next, and whether a list with numbers of its own runs inside the paragraph.

    `item` is that list's last number; `twice` says that the copy has numbers of its own before the author's.
    """

    last: int = 0
    marked: bool = False
    item: int = 0
    twice: bool = False
    doubts: list[Doubt] = field(default_factory=list)

    def accepts(self, number: int, *, marked: bool, pilcrow: bool, after_heading: bool) -> bool:
        """Whether this number opens a paragraph; else it is an item of a list."""
        if self.last == 0:
            return marked or number <= 3 or (pilcrow and number < 40)
        is_item = number == 1 or (self.item and number == self.item + 1)
        if is_item and not after_heading and not (pilcrow and marked) and (self.marked or number <= self.last):
            self.item = number
            return False
        reach = range(self.last - 1, self.last + 12) if pilcrow else range(self.last, self.last + 4)
        return number == self.last + 1 or marked or (number in reach and not self.marked and not self.item)

    def open(self, number: int, *, marked: bool) -> None:
        """Takes the number as the paragraph's; what does not follow on the last one is a doubt."""
        if self.last and number != self.last + 1:
            what = "doubled" if number == self.last else "skipped" if number > self.last else "out of order"
            self.doubts.append(Doubt("paragraphs", f"paragraph number {what}: {number} after {self.last}"))
        self.last, self.item = number, 0
        self.marked = self.marked or marked


def follows(before: str, number: int, numbering: Numbering, *, marked: bool) -> bool:
    """Whether a number inside a row opens a paragraph: the next one with a mark, or after the end of a sentence."""
    is_named = bool(_NUMBERED_WORD.search(before.rstrip(".")))  # "para 2."
    closes = before[-1:] in tuple('.?!")”’')
    if number != numbering.last + 1:
        return marked and closes and not is_named
    if marked:
        return closes or not is_named
    return closes and not is_named and not numbering.marked and not numbering.item
