"""archive: a built collection of cables in one SQLite file; `schema.sql` is its layout."""
