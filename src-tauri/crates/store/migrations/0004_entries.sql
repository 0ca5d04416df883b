-- The workflow library: one entry a shape, because runs that differ in seeds, texts and file names are
-- one workflow to an artist.
CREATE TABLE entry (
    shape      TEXT PRIMARY KEY,
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

-- With `max`, SQLite gives the other columns of the row that has it.
INSERT INTO entry (shape, workflow, title, node_count, facts, source, used_at)
SELECT shape, workflow, title, node_count, facts, source, max(created_at)
FROM job WHERE shape IS NOT NULL GROUP BY shape;

-- An entry's newest result.
CREATE INDEX job_shape_newest ON job (shape, ended_at DESC) WHERE outcome = 'succeeded';
-- The same workflow with the same values.
CREATE INDEX job_workflow ON job (workflow, created_at DESC);
