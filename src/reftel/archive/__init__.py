"""archive: a built collection of cables in one SQLite file; `schema.sql` is its layout."""

from reftel.archive.archive import Archive, open_archive
from reftel.archive.clearance import FULL, Clearance

__all__ = ["FULL", "Archive", "Clearance", "open_archive"]
