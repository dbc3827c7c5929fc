"""Plain text, one file a cable: for reading, and for tools that take folders of text. A `.zip` keeps them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reftel.export.places import many_files
from reftel.write import to_text

if TYPE_CHECKING:
    from pathlib import Path

    from reftel.export.view import View


def write_text(view: View, path: Path) -> None:
    """Write a file a cable, by year."""
    with many_files(path) as put:
        for shown in view.cables():
            put(f"{shown.folder}/{shown.name}.txt", to_text(shown.cable, masked=False))
