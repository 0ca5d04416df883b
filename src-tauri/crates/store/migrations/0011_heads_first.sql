-- A file is found by its head first, and read whole after that: until then its hash is a stand-in, `~` and
-- its id. No digit of a hash comes behind the letters.
CREATE INDEX asset_unread ON asset (seq) WHERE hash >= '~';

-- Nobody who holds assets in memory wants to know that one was read whole.
DROP TRIGGER asset_changed;
CREATE TRIGGER asset_changed AFTER UPDATE OF kind, width, height, duration_ms, bytes, created_at,
    added_at, took_ms, practice, server, batch, job_id, node_id, ordinal, title, recipe, rating,
    favourite, flag, binned_at, phash ON asset BEGIN
    INSERT INTO asset_change (asset) VALUES (new.seq);
END;
