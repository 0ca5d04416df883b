-- What a server must have to run a job: node classes and model files. Jobs share few of them, so they
-- are kept apart, under a digest. Jobs from before have none, and may go anywhere.
CREATE TABLE need (
    digest TEXT PRIMARY KEY,
    json   TEXT NOT NULL
) STRICT;
ALTER TABLE job ADD COLUMN needs TEXT;
CREATE INDEX job_needs ON job (needs) WHERE state = 'held';

-- What a batch still waits for.
CREATE INDEX job_batch_open ON job (batch_id) WHERE state <> 'ended' AND removed_at IS NULL;
