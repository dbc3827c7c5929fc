"""How a reader is served: set once at the start, the same for every request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})


@dataclass(frozen=True, slots=True)
class Settings:
    """What `reftel serve` was told.

    `login` says whether pages are shown only after a login; `hosts` the names that a request may be addressed to, None
    for any (on loopback without a login, a foreign name is another site's trick); `https` whether cookies are bound to
    https.
    """

    archive: Path
    login: bool = False
    hosts: frozenset[str] | None = LOOPBACK
    https: bool = False

    @property
    def readers(self) -> Path:
        """The file with users, sessions, notes and the log, beside the archive."""
        return self.archive.with_name(self.archive.name + ".readers")

    @property
    def title(self) -> str:
        """What the archive is called: its file's name without the ending."""
        return self.archive.stem.replace("_", " ")
