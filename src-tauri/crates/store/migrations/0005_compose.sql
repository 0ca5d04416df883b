-- A prompt that differs from another one in values only is stored as these values: `prompt` is empty
-- then. Ten thousand jobs of a sweep share one graph.
ALTER TABLE workflow ADD COLUMN base TEXT REFERENCES workflow (hash);
ALTER TABLE workflow ADD COLUMN patch TEXT;

-- Values that the artist is turning, kept as they are typed.
CREATE TABLE draft (
    id         TEXT PRIMARY KEY,
    workflow   TEXT NOT NULL REFERENCES workflow (hash),
    title      TEXT NOT NULL,
    source     TEXT,
    -- What it began with and what is set up, as JSON; what is in them is not the store's business.
    about      TEXT NOT NULL,
    state      TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    removed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_newest ON draft (changed_at DESC) WHERE removed_at IS NULL;

-- Named values of the workflows of a structure.
CREATE TABLE preset (
    structure TEXT NOT NULL,
    name      TEXT NOT NULL,
    vals      TEXT NOT NULL,
    PRIMARY KEY (structure, name)
) STRICT, WITHOUT ROWID;

-- The artist's choice, names and order of the knobs of the workflows of a structure.
CREATE TABLE arrangement (
    structure TEXT PRIMARY KEY,
    knobs     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A sweep: what its axes are, as JSON. Its cells may have been made by earlier jobs.
ALTER TABLE batch ADD COLUMN sheet TEXT;
CREATE TABLE cell (
    batch_id TEXT NOT NULL REFERENCES batch (id),
    -- The place on each axis, as JSON.
    at       TEXT NOT NULL,
    workflow TEXT NOT NULL,
    -- The values that the axes set, as JSON.
    vals     TEXT NOT NULL,
    PRIMARY KEY (batch_id, at)
) STRICT, WITHOUT ROWID;
