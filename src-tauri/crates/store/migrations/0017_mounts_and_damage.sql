-- Folders below a root that are mounts of their own. Unplugged, such a folder is empty or gone, which says
-- nothing of the files that were in it.
CREATE TABLE mount (
    root INTEGER NOT NULL REFERENCES root (id) ON DELETE CASCADE,
    path BLOB NOT NULL,
    -- Nothing is mounted there now.
    away INTEGER NOT NULL,
    PRIMARY KEY (root, path)
) STRICT, WITHOUT ROWID;
-- It is one of these that are away, or below one.
ALTER TABLE folder ADD COLUMN away INTEGER NOT NULL DEFAULT 0;
-- What is wrong with a picture although it is in the library, as a sentence: seen when it was read or when its
-- small picture was made.
CREATE TABLE damage (
    asset INTEGER PRIMARY KEY REFERENCES asset (seq) ON DELETE CASCADE,
    text  TEXT NOT NULL
) STRICT;
