"""GEXF 1.3, a network for Gephi: its nodes are the entities, an edge says in how many cables two stand together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reftel.export.across import Across
from reftel.export.places import new_text
from reftel.export.xml import xml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reftel.export.across import AcrossEntity
    from reftel.export.view import View

# What is told of a node, and the type that GEXF gives it.
_ATTRIBUTES = {
    "type": "string",
    "role": "string",
    "country": "string",
    "cables": "integer",
    "mentions": "integer",
    "first_sent": "string",
    "last_sent": "string",
}


def write_gexf(view: View, path: Path, *, least: int = 1) -> None:
    """Write the network; `least` leaves out entities in fewer cables, and edges of fewer cables, than that."""
    with new_text(path) as file, Across(view, in_cables=True) as across:
        for shown in view.cables():
            across.add(shown)
        file.writelines(_network(across, least))


def _network(across: Across, least: int) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
    yield '<meta><creator>reftel</creator></meta>\n<graph defaultedgetype="undirected" mode="static">\n'
    yield '<attributes class="node" mode="static">\n'
    for name, kind in _ATTRIBUTES.items():
        yield f'<attribute id="{name}" title="{name}" type="{kind}"/>\n'
    yield "</attributes>\n<nodes>\n"
    yield from map(_node, across.entities(least=least))
    yield "</nodes>\n<edges>\n"
    for number, (one, other, together) in enumerate(across.pairs(least=least)):
        yield f'<edge id="{number}" source="n{one}" target="n{other}" weight="{together}"/>\n'
    yield "</edges>\n</graph>\n</gexf>\n"


def _node(entity: AcrossEntity) -> str:
    values = {name: getattr(entity, name) for name in _ATTRIBUTES}
    held = "".join(
        f'<attvalue for="{name}" value="{xml(value)}"/>' for name, value in values.items() if value is not None
    )
    return f'<node id="n{entity.number}" label="{xml(entity.name)}"><attvalues>{held}</attvalues></node>\n'
