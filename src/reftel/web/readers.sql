-- The readers' file, beside the archive: who may read, who is logged in, what they keep, what they read. Times are
-- ISO 8601 in UTC. `owner` is a user's name, or empty for whoever reads without a login.

CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- `captions` is a JSON list, null for all. `protected`: may see names that a cable asks to protect. `corrects`: may add
-- and undo decisions.
CREATE TABLE users (
    name TEXT PRIMARY KEY,
    password TEXT NOT NULL,
    classification TEXT NOT NULL,
    captions TEXT,
    protected INTEGER NOT NULL,
    corrects INTEGER NOT NULL,
    added TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- `token` is the hash of what the cookie holds.
CREATE TABLE sessions (
    token TEXT PRIMARY KEY,
    user TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    begun TEXT NOT NULL,
    seen TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Failed logins, as seconds since 1970, by name and by address.
CREATE TABLE attempts (key TEXT NOT NULL, at REAL NOT NULL) STRICT;
CREATE INDEX attempts_by_key ON attempts (key, at);

CREATE TABLE log (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    user TEXT NOT NULL,
    address TEXT NOT NULL,
    did TEXT NOT NULL,   -- read, searched, exported, corrected, undid, logged in, failed to log in, logged out
    what TEXT NOT NULL
) STRICT;

-- A cable is named by its content hash, so that a shelf outlives a rebuild of the archive.
CREATE TABLE stars (
    owner TEXT NOT NULL,
    cable TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (owner, cable)
) STRICT, WITHOUT ROWID;

-- A note stands on a unit of a cable (its position), or on the cable as a whole where that is empty.
CREATE TABLE notes (
    id INTEGER PRIMARY KEY,
    owner TEXT NOT NULL,
    cable TEXT NOT NULL,
    unit INTEGER,
    label TEXT NOT NULL,
    text TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT;
CREATE INDEX notes_by_cable ON notes (owner, cable);
CREATE INDEX notes_by_label ON notes (owner, label);
