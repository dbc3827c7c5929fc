"""Who may see what: every unit of text has a level and controls, every reader a clearance.

A unit is as its portion mark says; without one it is as the cable is (5 FAH-2 H-442). Distribution captions (EXDIS,
NODIS and their like) hold for the whole cable whatever a portion mark says; NOFORN, ORCON and other controls that a
portion mark can carry hold for the unit. REL TO (releasable to the countries named) is kept from whoever is not
cleared for NOFORN. SENSITIVE, SBU and FOUO stand as high as LIMITED OFFICIAL USE, which they followed. What has no
classification at all counts as TOP SECRET.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reftel.model import Cable, Classification, Unit

LEVELS: tuple[Classification, ...] = ("UNCLASSIFIED", "LIMITED OFFICIAL USE", "CONFIDENTIAL", "SECRET", "TOP SECRET")
_OF_UNIT = frozenset({"NOFORN", "ORCON", "NOCONTRACT", "PROPIN", "WNINTEL", "RELIDO"})
_OF_CABLE = frozenset(
    {"NODIS", "EXDIS", "LIMDIS", "STADIS", "CHEROKEE", "EYES ONLY", "TERREP", "DEA SENSITIVE"}
    | {f"{name} CHANNEL" for name in ("ROGER", "DS", "MED", "DIRECTOR GENERAL", "DISSENT")}
)
_SENSITIVE = frozenset({"SENSITIVE", "SBU", "FOUO"})


@dataclass(frozen=True, slots=True)
class Clearance:
    """What a reader may see: up to a classification, with these captions; None for the captions is all of them.

    `protected` says whether names that a cable asks to protect are shown to this reader.
    """

    classification: Classification = "TOP SECRET"
    captions: frozenset[str] | None = None
    protected: bool = False

    @property
    def level(self) -> int:
        """The classification as a number, 0 to 4."""
        return LEVELS.index(self.classification)

    @property
    def is_full(self) -> bool:
        """Whether every unit can be seen."""
        return self.level == len(LEVELS) - 1 and self.captions is None

    def allows(self, level: int, controls: Iterable[str]) -> bool:
        """Whether a unit of this level with these controls can be seen."""
        return level <= self.level and (self.captions is None or self.captions.issuperset(controls))


FULL = Clearance()
EVERYTHING = Clearance(protected=True)


def level(classification: str | None) -> int:
    """0 for UNCLASSIFIED up to 4 for TOP SECRET; 4 where it is not known."""
    return LEVELS.index(classification) if classification in LEVELS else len(LEVELS) - 1


def unit_level(unit: Unit, cable: Cable) -> int:
    """The level of a unit: its mark's, or the cable's where the mark names none."""
    marked = unit.marking is not None and unit.marking.classification is not None
    own = level(unit.marking.classification if unit.marking and marked else cable.classification)
    captions = {*(unit.marking.captions if unit.marking else ()), *(() if marked else cable.captions)}
    return 1 if own == 0 and captions & _SENSITIVE else own


def unit_controls(unit: Unit, cable: Cable) -> tuple[str, ...]:
    """The captions that a reader of the unit needs, in order of the alphabet."""
    marked = unit.marking is not None and unit.marking.classification is not None
    portion = {*(unit.marking.captions if unit.marking else ()), *(() if marked else cable.captions)}
    held = {"NOFORN" if caption.startswith("REL TO") else caption for caption in portion}
    return tuple(sorted((held & _OF_UNIT) | (held.union(cable.captions) & _OF_CABLE)))


def column_class(controls: Iterable[str]) -> str:
    """Which of the full-text columns of its level a unit with these controls stands in: "", "_nf" or "_x"."""
    held = set(controls)
    if not held:
        return ""
    return "_nf" if held == {"NOFORN"} else "_x"
