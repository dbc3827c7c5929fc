"""A cable as it may leave the archive: protected names masked, then cut down to what a clearance allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reftel.archive.visible import visible
from reftel.write import mask

if TYPE_CHECKING:
    from reftel.archive.clearance import Clearance
    from reftel.model import Cable


def cleared(cable: Cable, clearance: Clearance) -> Cable:
    """The cable as this clearance shows it; names that it protects masked unless the clearance shows those too."""
    return visible(cable if clearance.protected else mask(cable), clearance)


def changed_entities(cable: Cable, shown: Cable) -> frozenset[str]:
    """The ids of the entities whose name is not shown as the cable has it.

    To say who they are in the archive would tell the name that is masked or hidden.
    """
    names = {entity.id: entity.name for entity in cable.entities}
    return frozenset(entity.id for entity in shown.entities if entity.name != names[entity.id])
