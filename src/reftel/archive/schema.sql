-- An archive: many cables in one SQLite file. Offsets count code points and are half-open; dates are ISO 8601 in UTC;
-- lists inside a cell are JSON. Opened with foreign keys on, in WAL mode; `PRAGMA user_version` is the schema's version.

-- One row a cable, the columns as the record's keys. `level` is 0 for UNCLASSIFIED up to 4 for TOP SECRET (4 where it is
-- not known). A stage's column says by what version it was done; empty: still to do.
CREATE TABLE cables (
    id INTEGER PRIMARY KEY,
    content_hash TEXT NOT NULL UNIQUE,  -- of the raw text and of what its source claims: an exact copy is the same cable
    mrn TEXT,
    sent TEXT,
    post TEXT,
    post_code TEXT,
    classification TEXT,
    level INTEGER NOT NULL,
    captions TEXT NOT NULL,
    precedence TEXT,
    subject TEXT,
    classified_by_name TEXT,
    classified_by_title TEXT,
    reasons TEXT NOT NULL,
    executive_order TEXT,
    declassify_on TEXT,
    sections INTEGER,
    signature TEXT,
    dtg TEXT,
    transmission TEXT,
    drafted_by TEXT,
    approved_by TEXT,
    passing TEXT NOT NULL,
    corrected TEXT,
    partial INTEGER NOT NULL,
    parsed_by TEXT NOT NULL,
    linked_by TEXT,
    tagged_by TEXT,
    resolved_by TEXT,
    related_by TEXT
) STRICT;
CREATE INDEX cables_by_mrn ON cables (mrn);
CREATE INDEX cables_by_sent ON cables (sent);
CREATE INDEX cables_by_post ON cables (post_code, sent);
CREATE INDEX cables_by_signature ON cables (signature);

-- The raw cable. `text` and `edits` are UTF-8 compressed by zlib; `edits` is a JSON list of the edits
-- [unit, kind, start, before, after], which lead every unit back to the raw text.
CREATE TABLE raw_cables (
    cable_id INTEGER PRIMARY KEY REFERENCES cables ON DELETE CASCADE,
    source TEXT NOT NULL,
    reader TEXT NOT NULL,
    text BLOB NOT NULL,
    body_start INTEGER,
    claimed_mrn TEXT,
    claimed_sent TEXT,
    claimed_post TEXT,
    claimed_classification TEXT,
    markup TEXT NOT NULL,
    mentions TEXT NOT NULL,
    edits BLOB NOT NULL,
    outer_repairs TEXT NOT NULL
) STRICT;

-- Where each cable was found, and when; an exact copy adds a row here and nothing else.
CREATE TABLE provenance (
    id INTEGER PRIMARY KEY,
    cable_id INTEGER NOT NULL REFERENCES cables ON DELETE CASCADE,
    source TEXT NOT NULL,
    reader TEXT NOT NULL,
    added TEXT NOT NULL,
    UNIQUE (source, cable_id)
) STRICT;
CREATE INDEX provenance_by_cable ON provenance (cable_id);

-- What could not be done: an input that could not be read (`cable_id` empty), or a stage that failed on a cable.
-- `path` is the file to read again.
CREATE TABLE failures (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    path TEXT,
    cable_id INTEGER REFERENCES cables ON DELETE CASCADE,
    stage TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    UNIQUE (source, stage)
) STRICT;

CREATE TABLE addressees (
    cable_id INTEGER NOT NULL REFERENCES cables ON DELETE CASCADE,
    list TEXT NOT NULL,  -- action, info, exempt
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    route TEXT,
    precedence TEXT,
    mcn TEXT,
    offices TEXT NOT NULL,
    PRIMARY KEY (cable_id, list, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE tags (
    cable_id INTEGER NOT NULL REFERENCES cables ON DELETE CASCADE,
    position INTEGER NOT NULL,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT,
    PRIMARY KEY (cable_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX tags_by_code ON tags (code, cable_id);

-- REFERENCES is a word of SQL: write "references" with its quotes.
CREATE TABLE "references" (
    cable_id INTEGER NOT NULL REFERENCES cables ON DELETE CASCADE,
    position INTEGER NOT NULL,
    label TEXT,
    kind TEXT NOT NULL,
    mrn TEXT,
    text TEXT NOT NULL,
    PRIMARY KEY (cable_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX references_by_mrn ON "references" (mrn) WHERE mrn IS NOT NULL;

CREATE TABLE doubts (
    cable_id INTEGER NOT NULL REFERENCES cables ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (cable_id, position)
) STRICT, WITHOUT ROWID;

-- `classification` and `captions` are the portion mark's, both empty where there is none. `level` and `controls` are what
-- a reader needs to see the unit: its mark's, or the cable's where it has none (see reftel.archive.clearance).
-- `fingerprint` is a hash of its letters and digits, for units long enough to tell copies by.
CREATE TABLE units (
    id INTEGER PRIMARY KEY,
    cable_id INTEGER NOT NULL REFERENCES cables ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    number INTEGER,
    classification TEXT,
    captions TEXT,
    heading TEXT,
    text TEXT NOT NULL,
    raw_start INTEGER NOT NULL,
    raw_end INTEGER NOT NULL,
    level INTEGER NOT NULL,
    controls TEXT NOT NULL,
    fingerprint INTEGER,
    UNIQUE (cable_id, position)
) STRICT;
CREATE INDEX units_by_fingerprint ON units (fingerprint) WHERE fingerprint IS NOT NULL;

CREATE TABLE redactions (
    unit_id INTEGER NOT NULL REFERENCES units ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    PRIMARY KEY (unit_id, start)
) STRICT, WITHOUT ROWID;

-- Names that the cable asks to protect.
CREATE TABLE protected (
    unit_id INTEGER NOT NULL REFERENCES units ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    PRIMARY KEY (unit_id, start)
) STRICT, WITHOUT ROWID;

-- Cables that are copies or versions of one another; the later one (by id) comes first.
CREATE TABLE versions (
    cable_id INTEGER NOT NULL REFERENCES cables ON DELETE CASCADE,
    other_id INTEGER NOT NULL REFERENCES cables ON DELETE CASCADE,
    kind TEXT NOT NULL,  -- corrected, retransmitted, extract, same number, misfiled
    similarity REAL NOT NULL,
    PRIMARY KEY (cable_id, other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX versions_by_other ON versions (other_id);

-- Who tagged: a model by its name and version, or a person.
CREATE TABLE origins (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE mentions (
    unit_id INTEGER NOT NULL REFERENCES units ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    type TEXT NOT NULL,
    text TEXT NOT NULL,
    cable_entity_id INTEGER REFERENCES cable_entities ON DELETE SET NULL,
    score REAL NOT NULL,
    origin_id INTEGER NOT NULL REFERENCES origins,
    PRIMARY KEY (unit_id, start)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_by_entity ON mentions (cable_entity_id, unit_id);

-- Who is who within one cable; `label` is the id in the cable's record ("e3"), `entity_id` who it is in the archive.
CREATE TABLE cable_entities (
    id INTEGER PRIMARY KEY,
    cable_id INTEGER NOT NULL REFERENCES cables ON DELETE CASCADE,
    label TEXT NOT NULL,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    aliases TEXT NOT NULL,
    role TEXT,
    country TEXT,
    key TEXT,
    entity_id INTEGER REFERENCES entities ON DELETE SET NULL,
    UNIQUE (cable_id, label)
) STRICT;
CREATE INDEX cable_entities_by_entity ON cable_entities (entity_id, cable_id);

-- Who is who in the archive: derived from the cables and from the decisions, and derived anew at will. `key` is the
-- name that links and decisions use: it stays the same when cables are added.
CREATE TABLE entities (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT,
    country TEXT,
    latitude REAL,
    longitude REAL,
    cables INTEGER NOT NULL,
    mentions INTEGER NOT NULL,
    first_sent TEXT,
    last_sent TEXT
) STRICT;
CREATE INDEX entities_by_name ON entities (name);
CREATE INDEX entities_by_cables ON entities (type, cables);

CREATE TABLE aliases (
    entity_id INTEGER NOT NULL REFERENCES entities ON DELETE CASCADE,
    name TEXT NOT NULL,
    mentions INTEGER NOT NULL,
    cables INTEGER NOT NULL,
    PRIMARY KEY (entity_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX aliases_by_name ON aliases (name COLLATE NOCASE);

CREATE TABLE roles (
    entity_id INTEGER NOT NULL REFERENCES entities ON DELETE CASCADE,
    role TEXT NOT NULL,
    cables INTEGER NOT NULL,
    first_sent TEXT,
    last_sent TEXT,
    PRIMARY KEY (entity_id, role)
) STRICT, WITHOUT ROWID;

-- Encounters that cables report; only those whose `status` is held took place. `place_id` is an entity of the cable.
CREATE TABLE meetings (
    id INTEGER PRIMARY KEY,
    unit_id INTEGER NOT NULL REFERENCES units ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    place_id INTEGER REFERENCES cable_entities ON DELETE SET NULL,
    date TEXT,
    until TEXT,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    staff TEXT NOT NULL,
    score REAL NOT NULL
) STRICT;
CREATE INDEX meetings_by_unit ON meetings (unit_id);
CREATE INDEX meetings_by_date ON meetings (date);

CREATE TABLE participants (
    meeting_id INTEGER NOT NULL REFERENCES meetings ON DELETE CASCADE,
    position INTEGER NOT NULL,
    cable_entity_id INTEGER NOT NULL REFERENCES cable_entities ON DELETE CASCADE,
    PRIMARY KEY (meeting_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX participants_by_entity ON participants (cable_entity_id);

-- What cables attribute to whom. `addressee_id` is an entity of the cable; `addressee` the post's people without a name.
CREATE TABLE statements (
    id INTEGER PRIMARY KEY,
    unit_id INTEGER NOT NULL REFERENCES units ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    source_id INTEGER NOT NULL REFERENCES cable_entities ON DELETE CASCADE,
    cue TEXT NOT NULL,
    cue_start INTEGER,
    content_start INTEGER,
    content_end INTEGER,
    addressee_id INTEGER REFERENCES cable_entities ON DELETE SET NULL,
    addressee TEXT,
    quoted INTEGER NOT NULL,
    denied INTEGER NOT NULL,
    voice TEXT NOT NULL,
    within_id INTEGER REFERENCES cable_entities ON DELETE SET NULL,
    score REAL NOT NULL
) STRICT;
CREATE INDEX statements_by_unit ON statements (unit_id);
CREATE INDEX statements_by_source ON statements (source_id);

-- What people decided: rows are only added, or marked as undone; entities and mentions follow from them at every build.
-- `subject` and `object` say in JSON what is meant so that it is found again after a rebuild: a mention by the cable's
-- content hash, unit, start, end and text; an entity by its key and an example of it.
CREATE TABLE decisions (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,  -- mention, retype, not-a-name, merge, split, rename
    subject TEXT NOT NULL,
    object TEXT,
    value TEXT,
    note TEXT,
    by TEXT NOT NULL,
    at TEXT NOT NULL,
    undone_by TEXT,
    undone_at TEXT
) STRICT;

-- The words of every cable (its id is the rowid), apart by who may read them: the number is the unit's level, `nf` holds
-- what is marked NOFORN, `x` what has other controls (see reftel.archive.clearance).
CREATE VIRTUAL TABLE words USING fts5 (
    subject_0, subject_0_nf, subject_0_x, subject_1, subject_1_nf, subject_1_x, subject_2, subject_2_nf, subject_2_x,
    subject_3, subject_3_nf, subject_3_x, subject_4, subject_4_nf, subject_4_x,
    text_0, text_0_nf, text_0_x, text_1, text_1_nf, text_1_x, text_2, text_2_nf, text_2_x,
    text_3, text_3_nf, text_3_x, text_4, text_4_nf, text_4_x,
    content = '', tokenize = 'unicode61 remove_diacritics 2'
);

-- Search: how often each word stands in each cable, for ranking and counting without a walk through the index above.
-- `field` is the number of the column of `words` that holds it, and 32 more where a name to be protected holds it;
-- `chunk` is the cable's id over 65536. `counts` has three bytes a cable: the id's last 16 bits as a little-endian
-- number, then the count up to 255. The word '' has the length instead, as 16 times the logarithm to base 2. Words
-- with a colon ("post:BAGHDAD", "tag:PREL") stand in field 64, but "is:redacted" in the fields that are. Filled by reftel.archive.word_counts.
CREATE TABLE word_counts (
    chunk INTEGER NOT NULL,
    word TEXT NOT NULL,
    field INTEGER NOT NULL,
    counts BLOB NOT NULL,
    PRIMARY KEY (chunk, word, field)
) STRICT, WITHOUT ROWID;

-- The cables whose words are still to be counted; a search counts them itself. (A trigger's own OR REPLACE would give way
-- to the conflict clause of the statement that fires it, so it deletes first.)
CREATE TABLE uncounted (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    cable_id INTEGER NOT NULL UNIQUE
) STRICT;
CREATE TRIGGER units_added AFTER INSERT ON units WHEN new.position = 0
BEGIN DELETE FROM uncounted WHERE cable_id = new.cable_id; INSERT INTO uncounted (cable_id) VALUES (new.cable_id); END;
CREATE TRIGGER units_changed AFTER UPDATE OF kind, text, level, controls ON units
BEGIN DELETE FROM uncounted WHERE cable_id = new.cable_id; INSERT INTO uncounted (cable_id) VALUES (new.cable_id); END;
CREATE TRIGGER units_removed AFTER DELETE ON units WHEN old.position = 0
BEGIN DELETE FROM uncounted WHERE cable_id = old.cable_id; INSERT INTO uncounted (cable_id) VALUES (old.cable_id); END;
CREATE TRIGGER protection_added AFTER INSERT ON protected
BEGIN
    DELETE FROM uncounted WHERE cable_id = (SELECT cable_id FROM units WHERE id = new.unit_id);
    INSERT INTO uncounted (cable_id) SELECT cable_id FROM units WHERE id = new.unit_id;
END;
CREATE TRIGGER protection_removed AFTER DELETE ON protected
BEGIN
    DELETE FROM uncounted WHERE cable_id = (SELECT cable_id FROM units WHERE id = old.unit_id);
    INSERT INTO uncounted (cable_id) SELECT cable_id FROM units WHERE id = old.unit_id;
END;

-- The words of names of persons, places and organisations, by how they sound (see reftel.sounds), so that other
-- spellings of a word are found. Filled by reftel.archive.spellings.
CREATE TABLE spellings (
    key TEXT NOT NULL,
    word TEXT NOT NULL,
    mentions INTEGER NOT NULL,
    PRIMARY KEY (key, word)
) STRICT, WITHOUT ROWID;

-- Who is who across cables: where entities of cables are compared, so that a new cable changes only what it touches.
-- What the tables know by its `key` needs no row here; what is no name has the block ''.
CREATE TABLE blocks (
    block TEXT NOT NULL,
    cable_entity_id INTEGER NOT NULL REFERENCES cable_entities ON DELETE CASCADE,
    PRIMARY KEY (block, cable_entity_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX blocks_by_entity ON blocks (cable_entity_id);
CREATE INDEX cable_entities_by_key ON cable_entities (key, id) WHERE key IS NOT NULL;
CREATE INDEX cable_entities_unlinked ON cable_entities (id) WHERE entity_id IS NULL;

-- What is to be compared anew: blocks (a key as "=key"), and entities whose counts changed.
CREATE TABLE touched_blocks (
    block TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE TABLE touched_entities (
    entity_id INTEGER PRIMARY KEY
) STRICT;
-- (INSERT OR IGNORE will not do: inside a trigger, the policy of the statement that fired it holds.)
CREATE TRIGGER cable_entities_gone BEFORE DELETE ON cable_entities BEGIN
    INSERT INTO touched_blocks SELECT DISTINCT b.block FROM cable_entities ce JOIN blocks b ON b.cable_entity_id = ce.id
        WHERE ce.cable_id = old.cable_id AND (ce.id = old.id OR (ce.type = 'PER' AND old.type = 'PER')) AND b.block <> ''
        AND b.block NOT IN (SELECT block FROM touched_blocks);
    INSERT INTO touched_entities SELECT old.entity_id
        WHERE old.entity_id IS NOT NULL AND old.entity_id NOT IN (SELECT entity_id FROM touched_entities);
END;
CREATE TRIGGER cable_entities_changed AFTER UPDATE OF entity_id ON cable_entities
WHEN old.entity_id IS NOT NULL AND new.entity_id IS NULL BEGIN
    INSERT INTO touched_blocks SELECT block FROM blocks WHERE cable_entity_id = old.id AND block <> ''
        AND block NOT IN (SELECT block FROM touched_blocks);
    INSERT INTO touched_entities SELECT old.entity_id WHERE old.entity_id NOT IN (SELECT entity_id FROM touched_entities);
    DELETE FROM blocks WHERE cable_entity_id = old.id;
END;
CREATE TRIGGER mentions_gone BEFORE DELETE ON mentions WHEN old.cable_entity_id IS NOT NULL BEGIN
    INSERT INTO touched_entities SELECT entity_id FROM cable_entities WHERE id = old.cable_entity_id
        AND entity_id IS NOT NULL AND entity_id NOT IN (SELECT entity_id FROM touched_entities);
END;

-- Why entities of two cables are held to be one, where they are not alike: the probability, and the reason in words.
CREATE TABLE links (
    cable_entity_id INTEGER NOT NULL REFERENCES cable_entities ON DELETE CASCADE,
    other_id INTEGER NOT NULL REFERENCES cable_entities ON DELETE CASCADE,
    score REAL NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (cable_entity_id, other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_by_other ON links (other_id);

-- Keys of entities that became part of another; they go on leading to it.
CREATE TABLE former_keys (
    key TEXT PRIMARY KEY,
    entity_id INTEGER NOT NULL REFERENCES entities ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX former_keys_by_entity ON former_keys (entity_id);

-- Mentions as they were tagged, where a decision says otherwise; undoing it brings them back.
CREATE TABLE overruled_mentions (
    unit_id INTEGER NOT NULL REFERENCES units ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    type TEXT NOT NULL,
    text TEXT NOT NULL,
    score REAL NOT NULL,
    origin_id INTEGER NOT NULL REFERENCES origins,
    PRIMARY KEY (unit_id, start)
) STRICT, WITHOUT ROWID;

-- Who headed which mission when, from a list of officers that the user imported. `mission` is "country:IZ", the code of
-- a post ("USNATO"), or "STATE" for the Secretary; dates are ISO dates, perhaps without day or month.
CREATE TABLE officers (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    surname TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE tenures (
    id TEXT PRIMARY KEY,
    officer_id TEXT NOT NULL REFERENCES officers ON DELETE CASCADE,
    mission TEXT NOT NULL,
    title TEXT NOT NULL,
    begun TEXT NOT NULL,
    ended TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX tenures_by_mission ON tenures (mission, begun);
CREATE INDEX tenures_by_officer ON tenures (officer_id);

-- The entity of a cable that signed it or classified it. `role` is empty for who classified it; `officer_id` is the
-- officer who headed the post on that day and bears the name, where a list was imported and tells.
CREATE TABLE signers (
    cable_entity_id INTEGER PRIMARY KEY REFERENCES cable_entities ON DELETE CASCADE,
    role TEXT,
    officer_id TEXT REFERENCES officers ON DELETE SET NULL,
    tenure_id TEXT REFERENCES tenures ON DELETE SET NULL
) STRICT;
CREATE INDEX signers_by_officer ON signers (officer_id) WHERE officer_id IS NOT NULL;
CREATE INDEX signers_by_tenure ON signers (tenure_id) WHERE tenure_id IS NOT NULL;
