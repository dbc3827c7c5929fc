"""brat standoff: a `.txt` and an `.ann` for each cable, and the `annotation.conf` that says what is annotated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reftel.export.places import many_files
from reftel.write import to_brat, to_brat_text

if TYPE_CHECKING:
    from pathlib import Path

    from reftel.export.view import View

_CONFIGURATION = """\
[entities]
PER
LOC
ORG
MISC
[relations]
[events]
[attributes]
Protected Arg:<ENTITY>
"""


def write_brat(view: View, path: Path) -> None:
    """Write two files a cable, by year."""
    with many_files(path) as put:
        put("annotation.conf", _CONFIGURATION)
        for shown in view.cables():
            for ending, made in ((".txt", to_brat_text), (".ann", to_brat)):
                put(f"{shown.folder}/{shown.name}{ending}", made(shown.cable, masked=False))
