-- The workflow library: one entry a structure (nodes and links, whatever their values), because that is
-- one workflow to an artist.
CREATE TABLE entry (
    structure  TEXT PRIMARY KEY,
    -- The newest values.
    workflow   TEXT NOT NULL REFERENCES workflow (hash),
    title      TEXT NOT NULL,
    -- The artist's name for it, once it has one.
    name       TEXT,
    pinned     INTEGER NOT NULL DEFAULT 0,
    node_count INTEGER NOT NULL,
    facts      TEXT NOT NULL,
    source     TEXT,
    used_at    INTEGER NOT NULL,
    removed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_list ON entry (pinned DESC, used_at DESC) WHERE removed_at IS NULL;

-- The structure of each workflow. Those from before are looked at after the start.
CREATE TABLE kin (
    workflow  TEXT PRIMARY KEY REFERENCES workflow (hash),
    structure TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX kin_structure ON kin (structure);

-- The same workflow with the same values, and its runs.
CREATE INDEX job_workflow ON job (workflow, created_at DESC);
