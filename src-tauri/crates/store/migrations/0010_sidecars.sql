-- XMP sidecars that were read, by the place of the file that they are beside. Size and time tell whether
-- one must be read again; the marks are those that its asset took from it, so that what the artist made
-- of them since is known from what the sidecar says.
CREATE TABLE sidecar (
    folder INTEGER NOT NULL,
    name   BLOB NOT NULL,
    bytes  INTEGER NOT NULL,
    -- Nanoseconds since 1970.
    mtime  INTEGER NOT NULL,
    rating INTEGER NOT NULL,
    flag   INTEGER NOT NULL,
    -- Names as JSON.
    tags   TEXT NOT NULL,
    PRIMARY KEY (folder, name),
    FOREIGN KEY (folder, name) REFERENCES place (folder, name) ON UPDATE CASCADE ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
