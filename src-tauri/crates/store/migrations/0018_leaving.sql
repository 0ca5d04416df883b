-- A folder that is being taken out of the library, part by part. It is in no list, and a start goes
-- on with it.
ALTER TABLE root ADD COLUMN leaving INTEGER NOT NULL DEFAULT 0;
