-- The library: every file ever made or imported, and all that can be asked about it.
--
-- An asset is one content. What made it is a recipe, which many assets share; the words of a recipe are
-- a text, which many recipes share. So words are searched among tens of thousands of texts, however many
-- assets there are. Assets, recipes and texts are held in memory by their numbers, so that no number is
-- ever given twice (AUTOINCREMENT).

-- Names that rows only refer to: of servers, models and the like, ids of batches, hashes of structures.
CREATE TABLE name (
    id   INTEGER PRIMARY KEY,
    kind TEXT NOT NULL
        CHECK (kind IN ('model', 'lora', 'sampler', 'scheduler', 'structure', 'server', 'batch')),
    name TEXT NOT NULL,
    -- Recipes with this name, for what is used most.
    uses INTEGER NOT NULL DEFAULT 0,
    UNIQUE (kind, name)
) STRICT;

-- A folder with files of the library. Paths are bytes: not all names are UTF-8.
CREATE TABLE root (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    -- `own`: outputs were or are written there; `imported`: the artist added it.
    kind       TEXT NOT NULL CHECK (kind IN ('own', 'imported')),
    path       BLOB NOT NULL UNIQUE,
    watched    INTEGER NOT NULL DEFAULT 0,
    paused     INTEGER NOT NULL DEFAULT 0,
    -- It is not there: a drive that is not plugged in, a share that does not answer.
    away       INTEGER NOT NULL DEFAULT 0,
    added_at   INTEGER NOT NULL,
    scanned_at INTEGER
) STRICT;

-- A folder below a root that holds files; its path without the root's, empty for the root itself.
CREATE TABLE folder (
    id   INTEGER PRIMARY KEY,
    root INTEGER NOT NULL REFERENCES root (id),
    path BLOB NOT NULL,
    UNIQUE (root, path)
) STRICT;

-- The words of recipes. What they are is in the facts; here is only what tells them apart.
CREATE TABLE text (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    digest BLOB NOT NULL UNIQUE
) STRICT;
-- The first letters are what is typed before there is a word.
CREATE VIRTUAL TABLE words USING fts5 (
    prompt, negative, models, loras,
    content = '', contentless_delete = 1, prefix = '1 2 3',
    tokenize = "unicode61 remove_diacritics 2"
);

-- What made assets: one saving node of one prompt, or one text of parameters.
CREATE TABLE recipe (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    digest     TEXT NOT NULL UNIQUE,
    text       INTEGER NOT NULL REFERENCES text (id),
    structure  INTEGER REFERENCES name (id),
    -- The prompt, by its hash; it need not be stored.
    workflow   TEXT,
    seed       TEXT,
    sampler    INTEGER REFERENCES name (id),
    scheduler  INTEGER REFERENCES name (id),
    steps      INTEGER,
    cfg        REAL,
    denoise    REAL,
    -- Ids of names as JSON, the nearest to the output first.
    models     TEXT NOT NULL,
    loras      TEXT NOT NULL,
    -- It has a prompt (1), a negative prompt (2), source pictures (4), and can be run again (8).
    has        INTEGER NOT NULL,
    facts      TEXT NOT NULL,
    -- Ids of its params as JSON; nothing until somebody has looked.
    params     TEXT
) STRICT;
CREATE INDEX recipe_text ON recipe (text);
CREATE INDEX recipe_structure ON recipe (structure) WHERE structure IS NOT NULL;
CREATE INDEX recipe_workflow ON recipe (workflow) WHERE workflow IS NOT NULL;
CREATE INDEX recipe_seed ON recipe (seed) WHERE seed IS NOT NULL;
CREATE INDEX recipe_unread ON recipe (id) WHERE params IS NULL AND workflow IS NOT NULL;

-- An input of a class of nodes.
CREATE TABLE widget (
    id    INTEGER PRIMARY KEY,
    class TEXT NOT NULL,
    input TEXT NOT NULL,
    UNIQUE (class, input)
) STRICT;
-- A value that an input had somewhere.
CREATE TABLE param (
    id     INTEGER PRIMARY KEY,
    widget INTEGER NOT NULL REFERENCES widget (id),
    text   TEXT NOT NULL,
    -- The value, if it is a number.
    num    REAL,
    UNIQUE (widget, text)
) STRICT;
CREATE INDEX param_num ON param (widget, num) WHERE num IS NOT NULL;
-- No foreign keys: they would need a second index, of twenty million rows.
CREATE TABLE recipe_param (
    param  INTEGER NOT NULL,
    recipe INTEGER NOT NULL,
    PRIMARY KEY (param, recipe)
) STRICT, WITHOUT ROWID;

-- Assets and what they were found by: carried over into the new tables by the program, and dropped then.
DROP TABLE asset_words;
DROP TABLE asset_tag;
DROP INDEX asset_newest;
DROP INDEX asset_workflow;
ALTER TABLE asset RENAME TO asset_before;

-- One content. The page knows it by `seq`.
CREATE TABLE asset (
    seq         INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT NOT NULL UNIQUE,
    kind        TEXT NOT NULL
        CHECK (kind IN ('picture', 'video', 'audio', 'model', 'text', 'other')),
    width       INTEGER,
    height      INTEGER,
    duration_ms INTEGER,
    bytes       INTEGER NOT NULL,
    -- BLAKE3.
    hash        TEXT NOT NULL,
    -- When it was made, and when it came to the library.
    created_at  INTEGER NOT NULL,
    added_at    INTEGER NOT NULL,
    took_ms     INTEGER,
    practice    INTEGER NOT NULL,
    server      INTEGER REFERENCES name (id),
    batch       INTEGER REFERENCES name (id),
    -- The first output that it was; nothing if it was imported. All of them are in `made`.
    job_id      TEXT,
    node_id     TEXT,
    ordinal     INTEGER,
    title       TEXT NOT NULL,
    recipe      INTEGER REFERENCES recipe (id),
    rating      INTEGER NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 5),
    favourite   INTEGER NOT NULL DEFAULT 0,
    flag        INTEGER NOT NULL DEFAULT 0 CHECK (flag BETWEEN -1 AND 1),
    binned_at   INTEGER,
    -- 64 bits that similar pictures share most of.
    phash       INTEGER
) STRICT;
-- By content. The beginning tells almost all apart, in a third of the space.
CREATE INDEX asset_hash ON asset (substr(hash, 1, 16));
CREATE INDEX asset_newest ON asset (created_at DESC, seq DESC) WHERE binned_at IS NULL;
CREATE INDEX asset_recipe ON asset (recipe) WHERE recipe IS NOT NULL;
CREATE INDEX asset_batch ON asset (batch) WHERE batch IS NOT NULL;
CREATE INDEX asset_unlooked ON asset (seq) WHERE phash IS NULL AND kind IN ('picture', 'video');
CREATE INDEX asset_binned ON asset (binned_at) WHERE binned_at IS NOT NULL;

-- Outputs of jobs. Two jobs that made the same content have one asset.
CREATE TABLE made (
    job_id  TEXT NOT NULL REFERENCES job (id),
    node_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    asset   INTEGER NOT NULL REFERENCES asset (seq) ON DELETE CASCADE,
    PRIMARY KEY (job_id, node_id, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX made_asset ON made (asset);

-- Where a content lies. Size and time of the file tell whether it must be read again.
CREATE TABLE place (
    folder   INTEGER NOT NULL REFERENCES folder (id),
    name     BLOB NOT NULL,
    asset    INTEGER NOT NULL REFERENCES asset (seq) ON DELETE CASCADE,
    bytes    INTEGER NOT NULL,
    -- Nanoseconds since 1970; nothing if it is not known.
    mtime    INTEGER,
    -- Its folder's drive is there, and it is not.
    missing  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (folder, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX place_asset ON place (asset, missing);

-- The artist's tags. `folded` is the name in small letters: a tag is one, however it is typed.
CREATE TABLE tag (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    name   TEXT NOT NULL,
    folded TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE asset_tag (
    asset INTEGER NOT NULL REFERENCES asset (seq) ON DELETE CASCADE,
    tag   INTEGER NOT NULL REFERENCES tag (id) ON DELETE CASCADE,
    PRIMARY KEY (asset, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX asset_tag_of ON asset_tag (tag, asset);

-- Collections: what the artist put into them, or, with a search, what it finds: a saved search.
CREATE TABLE collection (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    name       TEXT NOT NULL,
    folded     TEXT NOT NULL UNIQUE,
    search     TEXT,
    position   REAL NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE collection_asset (
    asset      INTEGER NOT NULL REFERENCES asset (seq) ON DELETE CASCADE,
    collection INTEGER NOT NULL REFERENCES collection (id) ON DELETE CASCADE,
    PRIMARY KEY (asset, collection)
) STRICT, WITHOUT ROWID;
CREATE INDEX collection_asset_of ON collection_asset (collection, asset);

-- A walk through a root: where it is, what it came to.
CREATE TABLE import_run (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    root     INTEGER NOT NULL REFERENCES root (id) ON DELETE CASCADE,
    state    TEXT NOT NULL CHECK (state IN ('running', 'paused', 'done', 'cancelled', 'failed')),
    began_at INTEGER NOT NULL,
    ended_at INTEGER,
    -- Numbers and a sentence as JSON; what is in it is not the store's business.
    about    TEXT NOT NULL,
    -- Lines of the report in all; a bounded number of them is kept.
    lines    INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX import_run_of ON import_run (root, id);
CREATE TABLE import_line (
    run  INTEGER NOT NULL REFERENCES import_run (id) ON DELETE CASCADE,
    n    INTEGER NOT NULL,
    path BLOB NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;

-- How much there is, so that nobody counts a million rows. What is in the bin is counted apart.
CREATE TABLE library_total (
    binned INTEGER PRIMARY KEY CHECK (binned IN (0, 1)),
    assets INTEGER NOT NULL,
    bytes  INTEGER NOT NULL
) STRICT;
INSERT INTO library_total VALUES (0, 0, 0), (1, 0, 0);
CREATE TRIGGER total_added AFTER INSERT ON asset BEGIN
    UPDATE library_total SET assets = assets + 1, bytes = bytes + new.bytes
        WHERE binned = (new.binned_at IS NOT NULL);
END;
CREATE TRIGGER total_removed AFTER DELETE ON asset BEGIN
    UPDATE library_total SET assets = assets - 1, bytes = bytes - old.bytes
        WHERE binned = (old.binned_at IS NOT NULL);
END;
CREATE TRIGGER total_moved AFTER UPDATE OF bytes, binned_at ON asset BEGIN
    UPDATE library_total SET assets = assets - 1, bytes = bytes - old.bytes
        WHERE binned = (old.binned_at IS NOT NULL);
    UPDATE library_total SET assets = assets + 1, bytes = bytes + new.bytes
        WHERE binned = (new.binned_at IS NOT NULL);
END;

-- Which assets changed, in order, for who holds them in memory. Emptied when the database is opened.
CREATE TABLE asset_change (
    rev   INTEGER PRIMARY KEY AUTOINCREMENT,
    asset INTEGER NOT NULL
) STRICT;
-- A new asset is told by its place.
CREATE TRIGGER asset_changed AFTER UPDATE ON asset BEGIN
    INSERT INTO asset_change (asset) VALUES (new.seq);
END;
CREATE TRIGGER asset_deleted AFTER DELETE ON asset BEGIN
    INSERT INTO asset_change (asset) VALUES (old.seq);
END;
CREATE TRIGGER place_added AFTER INSERT ON place BEGIN
    INSERT INTO asset_change (asset) VALUES (new.asset);
END;
CREATE TRIGGER place_changed AFTER UPDATE OF folder, name, asset, missing ON place BEGIN
    INSERT INTO asset_change (asset) VALUES (old.asset), (new.asset);
END;
CREATE TRIGGER place_removed AFTER DELETE ON place BEGIN
    INSERT INTO asset_change (asset) VALUES (old.asset);
END;
CREATE TRIGGER tag_added AFTER INSERT ON asset_tag BEGIN
    INSERT INTO asset_change (asset) VALUES (new.asset);
END;
CREATE TRIGGER tag_removed AFTER DELETE ON asset_tag BEGIN
    INSERT INTO asset_change (asset) VALUES (old.asset);
END;
CREATE TRIGGER collected AFTER INSERT ON collection_asset BEGIN
    INSERT INTO asset_change (asset) VALUES (new.asset);
END;
CREATE TRIGGER uncollected AFTER DELETE ON collection_asset BEGIN
    INSERT INTO asset_change (asset) VALUES (old.asset);
END;
