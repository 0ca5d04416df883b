-- The first schema. Ids are lower-case hyphenated UUIDs as text, so that a person can read them;
-- times are milliseconds since 1970-01-01 UTC; lists and facts are JSON text.

-- A workflow, once, by the BLAKE3 of its prompt text.
CREATE TABLE workflow (
    hash       TEXT PRIMARY KEY,
    prompt     TEXT NOT NULL,
    ui_graph   TEXT,
    title      TEXT NOT NULL,
    source     TEXT,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A submission.
CREATE TABLE batch (
    id         TEXT PRIMARY KEY,
    title      TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    count      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE server (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('comfy', 'practice')),
    address    TEXT NOT NULL,
    position   INTEGER NOT NULL,
    max_held   INTEGER NOT NULL,
    paused     INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A job. No foreign key to server: a job outlives the server that ran it.
CREATE TABLE job (
    id               TEXT PRIMARY KEY,
    batch_id         TEXT NOT NULL REFERENCES batch (id),
    batch_index      INTEGER NOT NULL,
    batch_count      INTEGER NOT NULL,
    title            TEXT NOT NULL,
    state            TEXT NOT NULL
        CHECK (state IN ('held', 'sending', 'queued', 'running', 'collecting', 'ended')),
    server_end       TEXT CHECK (server_end IN ('succeeded', 'failed', 'interrupted')),
    outcome          TEXT CHECK (outcome IN ('succeeded', 'failed', 'cancelled', 'lost')),
    on_hold          INTEGER NOT NULL DEFAULT 0,
    cancel_requested INTEGER NOT NULL DEFAULT 0,
    position         REAL NOT NULL,
    wants_server     TEXT,
    server_id        TEXT,
    created_at       INTEGER NOT NULL,
    started_at       INTEGER,
    ended_at         INTEGER,
    workflow         TEXT NOT NULL REFERENCES workflow (hash),
    source           TEXT,
    facts            TEXT NOT NULL,
    node_count       INTEGER NOT NULL,
    trouble          TEXT,
    warnings         TEXT NOT NULL,
    attempt          INTEGER NOT NULL,
    retry_of         TEXT,
    retried_by       TEXT,
    seen             INTEGER NOT NULL DEFAULT 0,
    not_before       INTEGER,
    removed_at       INTEGER,
    -- Whoever says collecting says what of, and whoever says ended says how.
    CHECK ((state = 'collecting') = (server_end IS NOT NULL)),
    CHECK ((state = 'ended') = (outcome IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- The queue, in order.
CREATE INDEX job_open ON job (position) WHERE state <> 'ended' AND removed_at IS NULL;
-- What a server has of ours.
CREATE INDEX job_in_flight ON job (server_id)
    WHERE state IN ('sending', 'queued', 'running', 'collecting');
-- The history, newest first.
CREATE INDEX job_finished ON job (ended_at DESC) WHERE state = 'ended' AND removed_at IS NULL;
CREATE INDEX job_batch ON job (batch_id, batch_index);
CREATE INDEX job_failed ON job (ended_at DESC)
    WHERE outcome IN ('failed', 'lost') AND seen = 0 AND retried_by IS NULL AND removed_at IS NULL;

-- What happened to a job, in words.
CREATE TABLE job_event (
    job_id TEXT NOT NULL REFERENCES job (id),
    at     INTEGER NOT NULL,
    text   TEXT NOT NULL,
    bad    INTEGER NOT NULL
) STRICT;
CREATE INDEX job_event_of ON job_event (job_id);

-- When each node of a job ran. Feeds the timeline and the estimates.
CREATE TABLE node_run (
    job_id     TEXT NOT NULL REFERENCES job (id),
    ordinal    INTEGER NOT NULL,
    node_id    TEXT NOT NULL,
    title      TEXT NOT NULL,
    class      TEXT NOT NULL,
    state      TEXT NOT NULL,
    value      REAL,
    max        REAL,
    started_at INTEGER,
    ended_at   INTEGER,
    made       INTEGER NOT NULL,
    PRIMARY KEY (job_id, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX node_run_class ON node_run (class, ended_at DESC) WHERE state = 'done';

-- An output in the library.
CREATE TABLE asset (
    seq         INTEGER PRIMARY KEY,
    id          TEXT NOT NULL UNIQUE,
    job_id      TEXT NOT NULL REFERENCES job (id),
    node_id     TEXT NOT NULL,
    ordinal     INTEGER NOT NULL,
    title       TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('picture', 'video', 'audio', 'other')),
    path        TEXT NOT NULL,
    width       INTEGER,
    height      INTEGER,
    bytes       INTEGER NOT NULL,
    hash        TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    took_ms     INTEGER,
    practice    INTEGER NOT NULL,
    facts       TEXT NOT NULL,
    server_name TEXT,
    workflow    TEXT NOT NULL,
    library     TEXT NOT NULL,
    UNIQUE (job_id, node_id, ordinal)
) STRICT;
CREATE INDEX asset_newest ON asset (created_at DESC, seq DESC);
CREATE INDEX asset_workflow ON asset (workflow, created_at DESC);

-- Models and LoRAs of an output, for filters and their counts.
CREATE TABLE asset_tag (
    kind TEXT NOT NULL CHECK (kind IN ('model', 'lora')),
    name TEXT NOT NULL,
    seq  INTEGER NOT NULL REFERENCES asset (seq),
    PRIMARY KEY (kind, name, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX asset_tag_of ON asset_tag (seq);

-- Words to find an output by.
CREATE VIRTUAL TABLE asset_words USING fts5 (
    prompt, negative, title, models, loras, file, seed,
    content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2"
);

-- Small durable values of the engine.
CREATE TABLE value (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
