-- What preview nodes made on the way, beside a run's outputs. It is kept apart from them, and goes to the
-- bin after a while unless the artist marks it.
ALTER TABLE asset ADD COLUMN preview INTEGER NOT NULL DEFAULT 0;
CREATE INDEX asset_preview ON asset (added_at) WHERE preview AND binned_at IS NULL;

DROP TRIGGER asset_changed;
CREATE TRIGGER asset_changed AFTER UPDATE OF kind, width, height, duration_ms, bytes, created_at,
    added_at, took_ms, practice, preview, server, batch, job_id, node_id, ordinal, title, recipe, rating,
    favourite, flag, binned_at, phash ON asset BEGIN
    INSERT INTO asset_change (asset) VALUES (new.seq);
END;
