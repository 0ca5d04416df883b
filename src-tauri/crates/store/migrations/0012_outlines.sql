-- The nodes of workflows that were opened to be turned, as JSON: pairs of id and class. By them the
-- presets and the order of knobs are found again when a workflow has got a node more or less, which
-- makes another structure of it.
CREATE TABLE outline (
    structure TEXT PRIMARY KEY,
    nodes     TEXT NOT NULL,
    opened_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
